/* retention.h - summaries, facts and transitions that are older than they are kept go,
 * the oldest first, a slice at a time.
 *
 * Rows are numbered in the order in which they were written, and only as a row of that
 * order a stamp counts: one that a wrong clock set back is as old as the newest before
 * it.  So a night with the clock of last year's image takes nothing with it, and a row
 * whose time is unknown goes with its neighbours.  Thread: the writer's.
 */
#ifndef STORE_RETENTION_H
#define STORE_RETENTION_H

#include <sqlite3.h>

#include <stdbool.h>
#include <stdint.h>

#include "store/store.h"

enum { RETENTION_TABLES = 3 };

/* retention - zero-initialise; the newest stamp of what went, by table. */
struct retention {
    int64_t newest_us[RETENTION_TABLES];
};

/* retention_slice - of each table, within the caller's transaction, at school time
 * @now_us; *ret_more: there may be more to delete now.
 * returns SQLITE_OK or SQLite's code */
int retention_slice(struct retention *r, sqlite3 *db, const struct store_keep *keep,
                    int64_t now_us, bool *ret_more);

#endif
