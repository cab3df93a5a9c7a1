/* evidence_check.h - a monthly file of evidence against the archive: the signature, the
 * key, the chain, and every digest from the rows that are stored.  Thread: one owner. */
#ifndef INGEST_EVIDENCE_CHECK_H
#define INGEST_EVIDENCE_CHECK_H

#include <stdbool.h>

#include "ingest/archive.h"
#include "ingest/evidence_document.h"

/* evidence_report - what is told of each part.
 * part   "signature", "key", "chain", "archive", "days", "late"
 * holds  false: @text names what does not, the first of it */
struct evidence_report {
    void *ctx;
    void (*tell)(void *ctx, const char *part, bool holds, const char *text);
};

/* evidence_verify - tells of every part; of "days" once for each day that differs.
 * returns  0: all of it holds, 1: something does not, or -errno of the archive */
int evidence_verify(const struct evidence_document *document, struct archive *archive,
                    const struct evidence_report *report, struct gw_error *err);

#endif
