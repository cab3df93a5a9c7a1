/* notice.h - what became of a broken database, kept in the one that took its place until
 * people have heard of it.  Thread: whose connection it is.
 */
#ifndef STORE_NOTICE_H
#define STORE_NOTICE_H

#include <sqlite3.h>

#include <stddef.h>

#include "gw/error.h"

/* notice_keep - @text in place of what was there.  0 or -errno */
int notice_keep(sqlite3 *db, const char *text, struct gw_error *err);

/* notice_read - "" when there is none.  0 or -errno */
int notice_read(sqlite3 *db, char *ret, size_t size, struct gw_error *err);

int notice_forget(sqlite3 *db, struct gw_error *err);

#endif
