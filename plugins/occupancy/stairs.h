/* stairs.h - how densely people flow over a staircase: persons a metre of its width and
 * second, both directions together.  Thread: the pipeline's. */
#ifndef OCCUPANCY_STAIRS_H
#define OCCUPANCY_STAIRS_H

#include "gw/plugin.h"
#include "options.h"

struct stairs;

/* stairs_new - every place of @kind that has counters and whose width the options tell.
 * returns 0 or gw_fail(), also for a width of what is no such place.
 * Owner: caller; stairs_free() */
int stairs_new(struct gw_host *host, const struct occupancy_options *options,
               const char *kind, struct stairs **ret, struct gw_error *err);
struct stairs *stairs_free(struct stairs *st);

/* stairs_load - totals and flows as they were kept with each reading. */
void stairs_load(struct stairs *st);

/* stairs_reading - false: not of a staircase. */
bool stairs_reading(struct stairs *st, const struct gw_reading *reading);

/* stairs_clock_step - the clock was set by @delta_us: what flows, flows as long as it
 * would have. */
void stairs_clock_step(struct stairs *st, int64_t delta_us);

/* stairs_due - a flow thins out without a reading; asks to be woken for the next. */
void stairs_due(struct stairs *st, int64_t time_us);

#endif
