/* sqlite_asking.h - in SQLite: what is missing or gone, how far the asking for it is, and
 * the numbers of commands.  Each as the archive.h function of its kind; asked for now and
 * then, so nothing is kept prepared.  Thread: one owner.
 */
#ifndef INGEST_SQLITE_ASKING_H
#define INGEST_SQLITE_ASKING_H

#include <sqlite3.h>

#include "ingest/asking.h"

int sqlite_asking_load(sqlite3 *db, const char *gateway, struct asking_list *ret,
                       struct gw_error *err);
int sqlite_asking_write(sqlite3 *db, const struct asking *asking, struct gw_error *err);
int sqlite_asking_command(sqlite3 *db, uint64_t *ret, struct gw_error *err);
int sqlite_asking_gone(sqlite3 *db, const struct archive_key *key,
                       const struct range_set *ranges, struct gw_error *err);

/* sqlite_asking_count - sets gaps, missing, asked and gone of @ret. */
int sqlite_asking_count(sqlite3 *db, struct archive_counts *ret, struct gw_error *err);
int sqlite_asking_gaps(sqlite3 *db, archive_gap_each *each, void *ctx,
                       struct archive_counts *ret, struct gw_error *err);

#endif
