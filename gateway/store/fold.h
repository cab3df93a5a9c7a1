/* fold.h - the log becomes blocks of minutes, quarters of an hour and days.
 *
 * It follows the log as a reader of it, on the writing connection and between commits, so
 * a commit that fails, a kill or a restart need nothing of it: the running hour is read
 * again.  Which hours and days are not folded stands in the database, marked in the
 * transaction that wrote their readings.  A reading of an hour that was folded before (a
 * clock was set back) marks it again: it is made anew from the log, and a minute whose
 * readings the log has no more stays as it was.
 * Thread: the writer's.
 */
#ifndef STORE_FOLD_H
#define STORE_FOLD_H

#include <sqlite3.h>

#include "store/history.h"
#include "store/minutes.h"

enum fold_level { FOLD_HOUR, FOLD_PACK, FOLD_DAYS };
enum { FOLD_STATEMENTS = 15, FOLD_DAYS_OF_BLOCK = 32 };
#define FOLD_NO_HOUR HISTORY_NO_HOUR

/* Zero-initialise.
 * minutes    what is read of hour; the caller's, for life
 * cursor     the log's key up to which it is read
 * is_ended   all of it is, and its blocks are being written: next is the next
 * is_written they are
 * is_again   it was written before
 * offset_ms  of the school's zone, for its days */
struct fold {
    sqlite3 *db;
    struct history *history;
    struct minutes *minutes;
    sqlite3_stmt *statements[FOLD_STATEMENTS];
    int64_t cursor;
    int64_t hour;
    size_t next;
    bool is_ended;
    bool is_written;
    bool is_again;
    int64_t offset_ms;
};

/* fold_open - minutes are there; after a failure fold_close() is still fine.
 * returns SQLITE_OK or SQLite's code */
int fold_open(struct fold *f, sqlite3 *db, struct history *history);
void fold_close(struct fold *f);

/* fold_step - a slice of what is to be done, some 20 ms; @now_ms: school time, or
 * INT64_MIN = not known.  *ret_more: there is more to do at once */
int fold_step(struct fold *f, int64_t now_ms, bool *ret_more);

/* fold_salvaged - marks what is not folded for certain, and drops what comes back from
 * before.  returns SQLITE_OK or SQLite's code */
int fold_salvaged(sqlite3 *db);

/* The key of an hour's block, and of the other tables' rows. */
static inline int64_t fold_hour_key(int64_t hour, uint32_t point)
{
    return hour * (INT64_C(1) << 32) + point;
}

static inline int64_t fold_key(uint32_t point, int64_t period)
{
    return (int64_t)point * (1 << 24) + period;
}

#endif
