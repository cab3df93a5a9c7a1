/* school_ticks.h - the regular moments of school time: minute, midnight, phase.
 * Thread: the pipeline's. */
#ifndef PIPELINE_SCHOOL_TICKS_H
#define PIPELINE_SCHOOL_TICKS_H

#include "gw/campus.h"

/* school_ticks - the next of each, school time.
 * heard_us    the last minute that plugins heard of, or the start
 * day_us      the last midnight that they heard of, or was before the start */
struct school_ticks {
    const struct gw_campus *campus;
    int64_t minute_us;
    int64_t midnight_us;
    int64_t phase_us;
    int64_t heard_us;
    int64_t day_us;
};

/* school_ticks_start - the next moments after @time_us. */
void school_ticks_start(struct school_ticks *t, int64_t time_us);

/* school_ticks_step - the next of each after a clock that showed @before_us was set to
 * @after_us.
 * returns the midnight that plugins have to hear of, GW_TIME_NONE = none: a step over one
 * passes it as time does, once, a few minutes before or after it; a longer one renames
 * the day that runs, and no midnight has passed */
int64_t school_ticks_step(struct school_ticks *t, int64_t before_us, int64_t after_us);

/* school_ticks_is_minute - the minute that ends at @time_us is one for plugins; the first
 * after a step may be too short, and then the next has its seconds, too. */
bool school_ticks_is_minute(struct school_ticks *t, int64_t time_us);

/* school_ticks_is_day - the midnight that is due is new to plugins: they have not heard
 * of it before the clock was set back. */
bool school_ticks_is_day(struct school_ticks *t);

/* Each moves one on after @time_us. */
void school_ticks_next_minute(struct school_ticks *t, int64_t time_us);
void school_ticks_next_midnight(struct school_ticks *t, int64_t time_us);
void school_ticks_next_phase(struct school_ticks *t, int64_t time_us);

#endif
