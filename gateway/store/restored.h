/* restored.h - the mark by which a copy says that a restore made it, and is not some file
 * of that name.  Kept in the database until its first start has told of it.  Thread:
 * whose connection it is.
 */
#ifndef STORE_RESTORED_H
#define STORE_RESTORED_H

#include <sqlite3.h>

#include <stdint.h>

#include "gw/error.h"

/* restored_mark - @db is a copy of @file.  0 or -errno */
int restored_mark(sqlite3 *db, const char *file, struct gw_error *err);

/* restored_look - the file @path, which nobody has open.
 * returns 1: it bears the mark; 0: it does not, or is no database; or -errno */
int restored_look(const char *path, struct gw_error *err);

/* restored_tell - logs the restore that the present start is the first of, with @epoch,
 * and takes the mark away; without one nothing.  0 or -errno */
int restored_tell(sqlite3 *db, uint64_t epoch, struct gw_error *err);

#endif
