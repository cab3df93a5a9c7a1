/* pipeline_parts.h - what pipeline.c and pipeline_build.c share.  Not for others. */
#ifndef PIPELINE_PIPELINE_PARTS_H
#define PIPELINE_PIPELINE_PARTS_H

#include "gw/log.h"
#include "points/bus_watch.h"
#include "points/condition.h"
#include "facts/facts.h"
#include "pipeline/eras.h"
#include "pipeline/pipeline.h"
#include "pipeline/river.h"
#include "pipeline/school_ticks.h"

/* counts      readings by bus of the configuration; read by pages
 * now_us      up to here every timer has run
 * kept_step_us  by which the clock was set while nobody ran */
struct pipeline {
    const struct config *config;
    const struct gw_campus *campus;
    struct pipeline_ops ops;
    struct point_table *points;
    struct condition *condition;
    struct bus_watch *buses;
    struct alarms *alarms;
    struct outputs *outputs;
    struct facts *facts;
    struct river river;
    struct school_ticks ticks;
    struct eras eras;
    struct gw_complaint flooded;
    _Atomic uint64_t *counts;
    int64_t now_us;
    int64_t kept_step_us;
    bool is_running;
};

/* pipeline_tell_buses - which of them are heard, as of now: at a start. */
void pipeline_tell_buses(struct pipeline *p);

/* In pipeline_clock.c.  pipeline_step: the clock was set by @delta_us and is p->now_us
 * now.  pipeline_eras_start: at a start; pipeline_eras_go: what runs by them goes on. */
void pipeline_step(struct pipeline *p, int64_t delta_us);
void pipeline_eras_start(struct pipeline *p, int64_t time_us);
void pipeline_eras_go(struct pipeline *p);

/* In day_entries.c.  day_entries_restore: -ENOENT = the state is another's;
 * day_entries_forget: days that nobody asks for any more. */
int day_entries_restore(struct pipeline *p, const struct gw_state *state);
void day_entries_forget(struct pipeline *p, int64_t time_us);

/* day_entries_measure - what rules exempt from goes into the day book, and is kept; also
 * on a new day, of which the book knows nothing yet. */
void day_entries_measure(struct pipeline *p, int64_t time_us);

#endif
