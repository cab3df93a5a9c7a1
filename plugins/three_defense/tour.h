/* tour.h - one patrol: checkpoints, and the rounds that their reads make. */
#ifndef TOUR_H
#define TOUR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TOUR_POINTS_MAX = 32 };

/* tour - rounds since the day began.
 * read_us      of each point since the last round, GW_TIME_NONE = not yet
 * last_us      end of the last round, GW_TIME_NONE = none ever
 * is_broken    a read of the round under way went stale: told once
 * broken       rounds begun and not finished in time
 * disordered   rounds whose points came in another order
 * is_ordered   such a round is none */
struct tour {
    size_t point_count;
    int64_t within_us;
    int64_t read_us[TOUR_POINTS_MAX];
    int64_t last_us;
    bool is_broken;
    bool is_ordered;
    unsigned rounds;
    unsigned broken;
    unsigned disordered;
};

void tour_begin(struct tour *t, size_t point_count, int64_t within_us);

/* tour_read - point @index was read at @time_us.  true: that ended a round; exactly
 * within_us from the first point to the last is in time. */
bool tour_read(struct tour *t, size_t index, int64_t time_us);

/* tour_expire - forgets reads that no round can use any more.  true: a round broke. */
bool tour_expire(struct tour *t, int64_t time_us);

/* tour_step - the clock was set: the round under way keeps its length. */
void tour_step(struct tour *t, int64_t delta_us);

#endif
