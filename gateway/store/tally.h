/* tally.h - the hour of one point while it runs: its logged readings become minutes.
 *
 * A function of the log alone: the same rows in the log's order make the same bytes,
 * whenever they are read.  Thread: one owner; a copy of both parts may be read on.
 */
#ifndef STORE_TALLY_H
#define STORE_TALLY_H

#include "store/block.h"

#define TALLY_HOUR_MS INT64_C(3600000)
enum { TALLY_MINUTE_MS = 60000, TALLY_MINUTES = 60 };

/* tally_row - a row of the log.
 * is_good    its quality; else value says nothing */
struct tally_row {
    int64_t time_ms;
    double value;
    bool is_good;
};

/* tally
 * at_ms      up to here its minutes are counted
 * value      the last good one; NAN = none within AGGREGATE_STANDS_MS before the hour
 * value_ms   when it came
 * stands     nothing came since that is not good
 * minute     the running one; its mean is not made yet: integral is value times ms
 * falls      in this hour
 * pen        of the minutes before it, whose bytes stand apart */
struct tally {
    int64_t at_ms;
    double value;
    int64_t value_ms;
    double integral;
    struct aggregate minute;
    struct block_pen pen;
    uint32_t falls;
    bool stands;
};

/* tally_begin - the hour from @hour_ms on; of a zeroed one, or of the hour before. */
void tally_begin(struct tally *t, int64_t hour_ms);

/* tally_before - a row of the AGGREGATE_STANDS_MS before the hour. */
void tally_before(struct tally *t, const struct tally_row *row);

/* tally_ends_minute - whether time that goes on to @time_ms completes a minute. */
bool tally_ends_minute(const struct tally *t, int64_t time_ms);

/* tally_advance - time goes on to @time_ms, at most the hour's end; minutes that end go
 * into @block, whose pen is the tally's. */
void tally_advance(struct tally *t, struct block *block, int64_t time_ms);

/* tally_add - @row of this hour, after tally_advance() to its time. */
void tally_add(struct tally *t, struct block *block, const struct tally_row *row);

/* tally_peek - the minutes up to @time_ms with the running one, into @block. */
void tally_peek(struct tally t, struct block *block, int64_t time_ms);

#endif
