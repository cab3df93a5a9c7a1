/* evidence_added.h - facts of an archive that no file attests.  Thread: any. */
#ifndef INGEST_EVIDENCE_ADDED_H
#define INGEST_EVIDENCE_ADDED_H

#include "ingest/evidence_check.h"
#include "ingest/evidence_rows.h"

/* evidence_added_judge - whether @fact may stand beside the file @d.
 * rows     judged by evidence_chain_judge()
 * end      evidence_chain_end() of @d
 * ret_why  with EVIDENCE_FAULT: what ends the sentence "the fact …"
 * returns  EVIDENCE_HOLDS: it is of another month, @d covers it, or an own file attests
 *          it; EVIDENCE_OPEN: the next file may; EVIDENCE_FAULT: none will */
enum evidence_verdict evidence_added_judge(const struct evidence_rows *rows,
                                           const struct evidence_document *d,
                                           const struct evidence_document *end,
                                           const struct evidence_fact *fact,
                                           const char **ret_why);

#endif
