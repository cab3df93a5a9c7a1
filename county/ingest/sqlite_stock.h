/* sqlite_stock.h - in a file: what counts as received beside what is there.  Each as the
 * archive.h function of its kind.  Thread: one owner.
 */
#ifndef INGEST_SQLITE_STOCK_H
#define INGEST_SQLITE_STOCK_H

#include <sqlite3.h>

#include "ingest/archive.h"

int sqlite_stock_each(sqlite3 *db, const struct archive_stock *stock,
                      struct gw_error *err);
int sqlite_stock_forget(sqlite3 *db, const struct archive_key *key,
                        const struct range_set *rows, struct gw_error *err);

#endif
