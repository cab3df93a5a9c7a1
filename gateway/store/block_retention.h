/* block_retention.h - minutes, quarters and days of points go when they are old.
 *
 * Their rows stand by point, so a round goes from point to point, some at a time; the
 * next begins when another day is old.  Quarters wait until their days are made.
 * Thread: the writer's.
 */
#ifndef STORE_BLOCK_RETENTION_H
#define STORE_BLOCK_RETENTION_H

#include <sqlite3.h>

#include <stdbool.h>
#include <stdint.h>

#include "store/store.h"

enum { BLOCK_TABLES = 3 };

/* block_retention - zero-initialise; by table: the round's next point, and before which
 * of its rows' periods everything is gone. */
struct block_retention {
    int64_t next[BLOCK_TABLES];
    int64_t done[BLOCK_TABLES];
};

/* block_retention_slice - of each table, within the caller's transaction, at school time
 * @now_us; *ret_more: a round is not at its end.
 * returns SQLITE_OK or SQLite's code */
int block_retention_slice(struct block_retention *b, sqlite3 *db,
                          const struct store_keep *keep, int64_t now_us, bool *ret_more);

#endif
