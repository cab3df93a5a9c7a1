/* evidence.h - the monthly file of evidence: what the gateway and whoever checks it must
 * compute alike.
 *
 * A fact that was told (a day's, week's or month's) counts by the digest of its message's
 * data, and belongs to the last day that it is about.  Thread: any.
 */
#ifndef BASE_EVIDENCE_H
#define BASE_EVIDENCE_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

#include "base/canonical.h"

enum {
    EVIDENCE_KEY_MAX = 256,
    EVIDENCE_TYPE_MAX = 32,
    EVIDENCE_DAY_MAX = 16,
    EVIDENCE_PUBLIC = 32,
    EVIDENCE_SECRET = 64,
    EVIDENCE_FINGERPRINT_MAX = 33,
    EVIDENCE_MARK = 8,       /* digits of a digest that name a fact within its day */
    EVIDENCE_LATE_MAX = 2000 /* of one file; what is beyond it goes with the next */
};

/* evidence_fact - one revision of a told fact.
 * type         of the message, which no digest covers; "" = none
 * month        year * 12 + month - 1
 * day          1..31
 * epoch, seq   of the message it was told by */
struct evidence_fact {
    char key[EVIDENCE_KEY_MAX];
    char type[EVIDENCE_TYPE_MAX];
    uint32_t revision;
    int32_t month;
    int32_t day;
    double completeness;
    uint64_t epoch;
    uint64_t seq;
    unsigned char digest[CANONICAL_DIGEST];
};

/* evidence_month - what goes into the file of @month.
 * facts     of that month; late: of months whose file was made before
 * previous  the file before this one; NULL = this is the first */
struct evidence_file {
    int32_t month;
    unsigned char digest[CANONICAL_DIGEST];
    unsigned char public_key[EVIDENCE_PUBLIC];
};
struct evidence_month {
    int32_t month;
    struct evidence_fact *facts;
    size_t count;
    const struct evidence_fact *late;
    size_t late_count;
    const struct evidence_file *previous;
};

/* evidence_month_text - "2026-11"; evidence_month_read - 0 or -EINVAL */
void evidence_month_text(int32_t month, char ret[EVIDENCE_DAY_MAX]);
int evidence_month_read(const char *text, int32_t *ret);

/* evidence_fact_read - of the body of a told fact's message, and when it was sent as.
 * returns 0, or -EINVAL when it is none */
int evidence_fact_read(const char *body, size_t size, struct evidence_fact *ret);

/* evidence_fold - "days", "facts", "completeness" and "upto" of the file's data, from all
 * facts of one month, which it sorts.  returns 0 or -ENOMEM */
int evidence_fold(struct evidence_fact *facts, size_t count, json_t *data);

/* evidence_late - the file's list of @facts; NULL: out of memory.  Owner: caller */
json_t *evidence_late(const struct evidence_fact *facts, size_t count);

/* evidence_sign - adds "public_key" and "signature" (Ed25519 over the canonical form of
 * all the rest) to @data.  0 or -ENOMEM
 * evidence_check - returns 0 and *ret_public, -EINVAL: it has none that can be read, or
 * -EBADMSG: it is not this data's */
int evidence_sign(json_t *data, const unsigned char secret[EVIDENCE_SECRET]);
int evidence_check(const json_t *data, unsigned char ret_public[EVIDENCE_PUBLIC]);

/* evidence_key_text - base64; evidence_fingerprint - half of the key's SHA-256 in hex,
 * short enough to be read out. */
enum { EVIDENCE_KEY_TEXT_MAX = 45 };
void evidence_key_text(const unsigned char key[EVIDENCE_PUBLIC],
                       char ret[EVIDENCE_KEY_TEXT_MAX]);
void evidence_fingerprint(const unsigned char key[EVIDENCE_PUBLIC],
                          char ret[EVIDENCE_FINGERPRINT_MAX]);

#endif
