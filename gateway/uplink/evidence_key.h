/* evidence_key.h - the gateway's own key, by which its evidence is signed.
 *
 * Made at the first start, kept in the state folder for its owner alone, in no backup and
 * in no message; its public half the county learns by the birth.  Thread: main.
 */
#ifndef UPLINK_EVIDENCE_KEY_H
#define UPLINK_EVIDENCE_KEY_H

#include "base/evidence.h"
#include "gw/error.h"

#define EVIDENCE_KEY_FILE "evidence.key"

struct evidence_key {
    unsigned char secret[EVIDENCE_SECRET];
    unsigned char public_key[EVIDENCE_PUBLIC];
};

/* evidence_key_open - what @folder has, or a new one.
 * returns  EVIDENCE_KEY_KEPT; EVIDENCE_KEY_MADE: there was none; EVIDENCE_KEY_REPLACED:
 *          the file was broken, is kept as evidence.key.broken, and @err says why; or
 *          -errno: it can neither be read nor made */
enum { EVIDENCE_KEY_KEPT, EVIDENCE_KEY_MADE, EVIDENCE_KEY_REPLACED };
int evidence_key_open(const char *folder, struct evidence_key *ret, struct gw_error *err);

#endif
