/* origin.h - whose database it is, by what it has made for the county.  Thread: whose
 * connection it is.
 */
#ifndef STORE_ORIGIN_H
#define STORE_ORIGIN_H

#include <sqlite3.h>

#include "gw/error.h"

/* origin_check - the newest message of @db, a copy of @file, bears the id @gateway.
 * returns 0, also where there is no message and it cannot be told; -EXDEV: it bears
 *         another; or -errno */
int origin_check(sqlite3 *db, const char *file, const char *gateway,
                 struct gw_error *err);

#endif
