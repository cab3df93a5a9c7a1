/* signer.h - the county's secret key, and commands signed with it (Ed25519).
 *
 * The file holds the key's 32 bytes as base64url on its first line; the key's name is
 * made of its public half, so that two keys never share one.  Thread: immutable.
 */
#ifndef INGEST_SIGNER_H
#define INGEST_SIGNER_H

#include "gw/error.h"
#include "ingest/range_set.h"

struct signer;

enum {
    SIGNER_NAME_MAX = 24,
    SIGNER_PUBLIC_MAX = 45, /* 32 bytes as base64 */
};

/* signer_new - reads @path, which others may not read.
 * Owner:  caller; signer_free(), which wipes it */
int signer_new(const char *path, struct signer **ret, struct gw_error *err);
struct signer *signer_free(struct signer *s);

/* signer_make - draws a key and writes it into @path, mode 0600.
 * returns 0, or gw_fail(): also when there is such a file */
int signer_make(const char *path, struct gw_error *err);

/* signer_name, signer_public - what a gateway has to know of it. */
const char *signer_name(const struct signer *s);
const char *signer_public(const struct signer *s);

/* signer_sign - the envelope of the command that @payload says.  NULL = out of memory
 * Owner:  caller; free() */
char *signer_sign(const struct signer *s, const char *payload);

/* signer_replay - the command to send rows again, signed.
 * gateway     as in the topic: "<division>/<school>/<gateway>"
 * seq         above that of every earlier command of the key
 * expires_us  the gateway does not obey from then on
 * ranges      1 to ASKING_RANGES_MAX
 * returns     NULL = out of memory
 * Owner:      caller; free() */
struct signer_replay {
    const char *gateway;
    uint64_t seq;
    int64_t expires_us;
    uint64_t epoch;
    const struct range_set *ranges;
};

char *signer_replay(const struct signer *s, const struct signer_replay *order);

#endif
