/* rescue.h - a database whose file has lost its name while it is open: all of it can
 * still be read, as long as it stays open.  Thread: the committer's.
 */
#ifndef STORE_RESCUE_H
#define STORE_RESCUE_H

#include <sqlite3.h>

#include <stdbool.h>

#include "gw/error.h"

/* rescue - writes @db, open and in no transaction, to its path anew, where nothing is
 * now.  @db stays that of the old file, which the caller abandons.
 * returns 0, or -errno: a file is there, no room, or no time; what is there is as before
 */
int rescue(sqlite3 *db, struct gw_error *err);

/* rescue_is_missing - nothing has the name of @db's file. */
bool rescue_is_missing(sqlite3 *db);

#endif
