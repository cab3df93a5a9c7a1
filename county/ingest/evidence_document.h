/* evidence_document.h - a monthly file of evidence, as somebody hands it over.
 * Thread: any. */
#ifndef INGEST_EVIDENCE_DOCUMENT_H
#define INGEST_EVIDENCE_DOCUMENT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/evidence.h"
#include "gw/error.h"
#include "ingest/message.h"

/* evidence_document - everything that is looked at has the contract's form.
 * gateway   "<division>/<school>/<gateway>": whose it says that it is
 * epoch, seq  of the message; 0 = it is the data alone
 * is_own    of an archive's file: evidence_chain_judge() has found it to be that one's */
struct evidence_document {
    json_t *data;
    int32_t month;
    uint64_t epoch;
    uint64_t seq;
    bool is_own;
    char gateway[MESSAGE_GATEWAY_MAX];
    unsigned char digest[CANONICAL_DIGEST];
};

/* evidence_document_read - a message's body, or its data alone.
 * returns 0, or -EINVAL and what is wrong with it
 * Owner:  caller; evidence_document_clear() */
int evidence_document_read(const char *bytes, size_t size, struct evidence_document *ret,
                           struct gw_error *err);
void evidence_document_clear(struct evidence_document *d);

/* evidence_document_text - a member of the data; evidence_document_day - of days; both
 * NULL where there is none. */
const char *evidence_document_text(const struct evidence_document *d, const char *name);
const json_t *evidence_document_day(const struct evidence_document *d, const char *day);

/* evidence_document_upto - the last seq of @epoch in it; 0 = none.
 * evidence_document_covers - by month and seq, @fact was told before @d was made. */
uint64_t evidence_document_upto(const struct evidence_document *d, uint64_t epoch);
bool evidence_document_covers(const struct evidence_document *d,
                              const struct evidence_fact *fact);

/* evidence_document_has_mark - @marks of a day have that of the digest @hex. */
bool evidence_document_has_mark(const char *marks, const char *hex);

#endif
