/* evidence_check.h - a monthly file of evidence against the archive: the signature, the
 * key, the chain, and every digest from the rows that are stored.  Thread: one owner. */
#ifndef INGEST_EVIDENCE_CHECK_H
#define INGEST_EVIDENCE_CHECK_H

#include <stdbool.h>

#include "ingest/archive.h"
#include "ingest/evidence_document.h"

/* EVIDENCE_OPEN: neither, as far as the archive tells today. */
enum evidence_verdict { EVIDENCE_HOLDS, EVIDENCE_OPEN, EVIDENCE_FAULT };

/* evidence_report - what is told of each part.
 * part     "signature", "key", "chain", "archive", "days", "late", "added"
 * verdict  EVIDENCE_FAULT: @text names what does not hold, the first of it */
struct evidence_report {
    void *ctx;
    void (*tell)(void *ctx, const char *part, enum evidence_verdict verdict,
                 const char *text);
};

/* evidence_verify - tells of every part; of "days" once for each day that differs, of
 * "added" for each fact.
 * returns  0: all of it holds or is open, 1: something does not, or -errno of the archive
 */
int evidence_verify(const struct evidence_document *document, struct archive *archive,
                    const struct evidence_report *report, struct gw_error *err);

#endif
