/* evidence_rows.h - what the archive has of a gateway's told facts and of its files of
 * evidence.  Thread: one owner. */
#ifndef INGEST_EVIDENCE_ROWS_H
#define INGEST_EVIDENCE_ROWS_H

#include "ingest/archive.h"
#include "ingest/evidence_document.h"

/* evidence_rows - zero-initialise.
 * unreadable  rows of such a type that nothing can be read of, or whose key is of another
 * key         of the birth; "" = it tells none
 * epoch       the birth's; 0 = none */
struct evidence_rows {
    struct evidence_fact *facts;
    size_t fact_count;
    struct evidence_document *files;
    size_t file_count;
    size_t unreadable;
    char key[EVIDENCE_KEY_TEXT_MAX];
    uint64_t epoch;
};

/* evidence_rows_read - all that the file @document may be about.
 * returns  0, -ENOMEM or the archive's
 * Owner:   caller; evidence_rows_clear(), also after a failure */
int evidence_rows_read(struct archive *archive, const struct evidence_document *document,
                       struct evidence_rows *ret, struct gw_error *err);
void evidence_rows_clear(struct evidence_rows *rows);

/* evidence_rows_file - the file of @month, the one with @digest (NULL: any) if there are
 * several; NULL = none. */
const struct evidence_document *evidence_rows_file(const struct evidence_rows *rows,
                                                   int32_t month,
                                                   const unsigned char *digest);

#endif
