/* school_ticks.h - the regular moments of school time: minute, midnight, phase.
 * Thread: the pipeline's. */
#ifndef PIPELINE_SCHOOL_TICKS_H
#define PIPELINE_SCHOOL_TICKS_H

#include "gw/campus.h"

/* school_ticks - the next of each, school time. */
struct school_ticks {
    const struct gw_campus *campus;
    int64_t minute_us;
    int64_t midnight_us;
    int64_t phase_us;
};

/* school_ticks_start - the next moments after @time_us. */
void school_ticks_start(struct school_ticks *t, int64_t time_us);

/* Each moves one on after @time_us. */
void school_ticks_next_minute(struct school_ticks *t, int64_t time_us);
void school_ticks_next_midnight(struct school_ticks *t, int64_t time_us);
void school_ticks_next_phase(struct school_ticks *t, int64_t time_us);

#endif
