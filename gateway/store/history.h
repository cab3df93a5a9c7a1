/* history.h - the log of readings and the journal of transitions, summaries, facts:
 * how they become rows.  Thread: the writer's. */
#ifndef STORE_HISTORY_H
#define STORE_HISTORY_H

#include <sqlite3.h>

#include <stdint.h>

#include "gw/record.h"

enum { HISTORY_STATEMENTS = 9 };

/* Zero-initialise.
 * last_key    the newest key of the log
 * first_key   the least that was written since somebody set it to INT64_MAX
 * hour        of the reading that was written last, in hours since 1970; HISTORY_NO_HOUR
 * noted_hour  the one that is marked as not folded (fold.h); after a rollback none is */
struct history {
    sqlite3 *db;
    sqlite3_stmt *statements[HISTORY_STATEMENTS];
    int64_t last_key;
    int64_t first_key;
    int64_t hour;
    int64_t noted_hour;
};
#define HISTORY_NO_HOUR INT64_MIN

/* history_open - prepares; after a failure history_close() is still fine.
 * All of these return SQLITE_OK or SQLite's code. */
int history_open(struct history *h, sqlite3 *db);
void history_close(struct history *h);

/* history_reading - @era: of the clock, below GW_RECORD_ERAS. */
int history_reading(struct history *h, const struct gw_reading *reading, uint32_t era);
int history_transition(struct history *h, const struct gw_transition *transition);
int history_summary(struct history *h, const struct gw_summary *summary);
int history_fact(struct history *h, const struct gw_fact *fact);

/* history_trim - deletes at most @max readings older than @time_us that are folded.
 * returns SQLITE_OK and how many went */
int history_trim(struct history *h, int64_t time_us, int max, int *ret_deleted);

/* The log's key: milliseconds * 4096 + era * 512 + a counter within the millisecond.  A
 * time that nobody knows counts as 1970.  history_key - the least of @time_us. */
int64_t history_key(int64_t time_us);
int64_t history_key_time(int64_t key);
uint32_t history_key_era(int64_t key);
int64_t history_key_hour(int64_t key);

/* quality + 4 * reason, in one small column. */
int history_pack_quality(const struct gw_reading *reading);
void history_unpack_quality(int packed, struct gw_reading *ret);

#endif
