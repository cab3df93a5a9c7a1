/* restore.h - a backup in place of the database, which is kept.
 *
 * The copy is made whole beside it first and then gets the name that says so: from there
 * on whoever opens the database finishes what a cut has left (restore_finish()).  A cut
 * before leaves the one that was, a cut behind it the other.
 *
 * The epoch of the copy ends with the last number that the copy knows: whoever went on
 * counting in it after the backup was made is not repeated.  The next start draws a new
 * one; rows that the county does not have keep their epoch and number.  Thread: main.
 */
#ifndef STORE_RESTORE_H
#define STORE_RESTORE_H

#include <stdint.h>

#include "gw/error.h"
#include "store/aside.h"

/* restore_report
 * aside  where what was there is now; "" = nothing was there
 * rows   as in backup.h */
struct restore_report {
    char aside[ASIDE_PATH_MAX];
    uint64_t rows;
};

/* restore_order - @file becomes the database @path, whose lock the caller holds.
 * gateway  whose messages it may hold; NULL = anybody's */
struct restore_order {
    const char *file;
    const char *path;
    const char *gateway;
};

/* restore_database - returns 0; -EINVAL, -EUCLEAN, -EPROTO: the file is none of a
 * gateway, broken, or of a newer version; -EXDEV: another gateway's; -EEXIST: at the path
 * is another program's; -ENOSPC; or -errno: all is as before */
int restore_database(const struct restore_order *order, struct restore_report *ret,
                     struct gw_error *err);

/* restore_finish - one that was cut after its copy was whole; else nothing.  A file of
 * its name that no restore has marked is moved aside.  Before the database is opened.
 * @ret_aside (may be NULL): where what was there is now, "" = nowhere
 */
int restore_finish(const char *path, char ret_aside[ASIDE_PATH_MAX],
                   struct gw_error *err);

#endif
