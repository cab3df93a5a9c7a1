/* copy.h - an open database, page by page, as one file of its own.  Thread: the caller's,
 * who alone uses the connection. */
#ifndef STORE_COPY_H
#define STORE_COPY_H

#include <sqlite3.h>

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "gw/error.h"

/* copy_pace
 * until_us     machine time; INT64_MAX = it takes what it takes
 * is_gentle    each step is written out, and rested after as long as it took:
 * somebody else's commits never wait for more than one should_stop  NULL = nobody stops
 * it */
struct copy_pace {
    int64_t until_us;
    bool is_gentle;
    const atomic_bool *should_stop;
};

/* copy_database - what @from reads now (in a transaction: what it began with) to @path,
 * which is made, or an empty file that was.  Not synced at the end; half a copy stays.
 * returns 0, -ETIME, -ECANCELED, or -errno */
int copy_database(sqlite3 *from, const char *path, const struct copy_pace *pace,
                  struct gw_error *err);

/* copy_sync - the file @path is on the disk, not yet its name.  returns 0 or -errno */
int copy_sync(const char *path);

#endif
