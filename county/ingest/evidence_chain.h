/* evidence_chain.h - which files of an archive are the gateway's own, and which follow
 * which.  Thread: any. */
#ifndef INGEST_EVIDENCE_CHAIN_H
#define INGEST_EVIDENCE_CHAIN_H

#include <stdbool.h>

#include "ingest/evidence_rows.h"

/* evidence_chain_judge - sets is_own of each file: signed by the birth's key, or named by
 * an own file as the one before, with its key or one that file says to have changed. */
void evidence_chain_judge(struct evidence_rows *rows);

/* evidence_chain_knows - the key of @d is one that an own file has or leaves behind;
 * @rows are judged.  The signature of @d itself is not looked at. */
bool evidence_chain_knows(const struct evidence_rows *rows,
                          const struct evidence_document *d);

/* evidence_chain_leads - from the own file @from back to @to, or @from is @to. */
bool evidence_chain_leads(const struct evidence_rows *rows,
                          const struct evidence_document *from,
                          const struct evidence_document *to);

/* evidence_chain_end - the newest own file that leads back to @d; @d = none follows. */
const struct evidence_document *evidence_chain_end(const struct evidence_rows *rows,
                                                   const struct evidence_document *d);

/* evidence_chain_change - the first behind @d that says that the key changed; NULL. */
const struct evidence_document *evidence_chain_change(const struct evidence_rows *rows,
                                                      const struct evidence_document *d);

#endif
