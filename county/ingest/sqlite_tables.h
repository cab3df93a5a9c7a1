/* sqlite_tables.h - the tables of an archive in one file.  Thread: one owner. */
#ifndef INGEST_SQLITE_TABLES_H
#define INGEST_SQLITE_TABLES_H

#include <sqlite3.h>

#include "gw/error.h"

/* sqlite_tables_make - makes the tables of an empty file, or brings those of an earlier
 * version up to date; sets what @db needs of durability. */
int sqlite_tables_make(sqlite3 *db, struct gw_error *err);

/* sqlite_tables_check - refuses a file without them, or of another version; from then on
 * nothing can be written through @db. */
int sqlite_tables_check(sqlite3 *db, struct gw_error *err);

#endif
