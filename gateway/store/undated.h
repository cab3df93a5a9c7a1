/* undated.h - what has no time yet: it waits on the disk until its boot knows the time.
 *
 * While nobody knows the time (gw_clock), summaries, facts and readings for the county
 * stand here and nowhere else.  Once somebody does, they get the time at which they
 * happened and go the way of all records, a slice with each commit.  Those of a boot that
 * ended before go to the county with its machine time, and with the moment before which
 * it must have been.  Thread: the writer's. */
#ifndef STORE_UNDATED_H
#define STORE_UNDATED_H

#include <sqlite3.h>

#include <stdbool.h>
#include <stdint.h>

#include "gw/record.h"

/* Rows that wait at most: two weeks of a big school's summaries.  Then the oldest goes.
 */
enum { UNDATED_MAX = 100000, UNDATED_STATEMENTS = 14 };

/* undated_now - what a rolled back transaction must put back.
 * told       of the records that come; its boot is empty before the first
 * clock      its row while nobody knows the time, 0 = not looked up
 * rows       that wait
 * given_way  rows that found no room, since the start
 * is_due     some of those that wait have got their time */
struct undated_now {
    struct gw_clock told;
    int64_t clock;
    uint64_t rows;
    uint64_t given_way;
    bool is_due;
};

/* Zero-initialise. */
struct undated {
    sqlite3 *db;
    sqlite3_stmt *statements[UNDATED_STATEMENTS];
    struct undated_now now;
};

/* undated_write - takes a record; SQLITE_OK or SQLite's code. */
typedef int undated_write(void *ctx, const struct gw_record *record);

/* All return SQLITE_OK or SQLite's code.  undated_open - what was told last stands,
 * should another file have been open before. */
int undated_open(struct undated *u, sqlite3 *db);
void undated_close(struct undated *u);

/* undated_clock - records from here on are of @clock.  When it is known, @write gets a
 * time correction for each boot that waited for that; transitions are dated, too. */
int undated_clock(struct undated *u, const struct gw_clock *clock, undated_write *write,
                  void *ctx);

/* undated_waits - @record is one to be held now.  undated_hold - keeps it. */
bool undated_waits(const struct undated *u, const struct gw_record *record);
int undated_hold(struct undated *u, const struct gw_record *record);

/* undated_slice - at most so many of those that have got their time, the oldest first,
 * to @write; they wait no more. */
int undated_slice(struct undated *u, undated_write *write, void *ctx);

#endif
