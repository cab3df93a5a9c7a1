/* outputs.h - sirens, lamps and whatever else a rule's `outputs` switch on.
 *
 * A row of `outputs:` in devices.d gives a word that rules use to points, for some places
 * and severities.  A point is on while an unacknowledged alarm asks for it, at most the
 * row's on_for after the alarm came.  Acknowledging silences it and ends no alarm; an
 * alarm that comes anew switches it on again.  Thread: the pipeline's.
 */
#ifndef NOTIFY_OUTPUTS_H
#define NOTIFY_OUTPUTS_H

#include "campus/campus.h"
#include "config/config.h"
#include "alarms/alarm.h"
#include "points/point_table.h"
#include "rules/rule.h"

struct outputs;

/* output_command - a point that is to change: its row's word, and the value.
 * is_last   no row has the point any more: off, and nobody's concern from now on */
struct output_command {
    const char *name;
    const struct point_entry *point;
    bool is_on;
    bool is_last;
    int64_t time_us; /* school time */
};

/* outputs_setup - what the outputs are made of; all but @faults must live as long.
 * command   called for each change, never blocks */
struct outputs_setup {
    const struct config *config;
    const struct gw_campus *campus;
    const struct point_table *points;
    const struct rules *rules;
    void *ctx;
    void (*command)(void *ctx, const struct output_command *command);
};

/* outputs_load - reads the `outputs:` of every file of devices.d.  A point that nobody
 * may write is a fault; a word that only one side knows is a warning.
 * Owner: caller; outputs_free() */
int outputs_load(const struct outputs_setup *setup, struct config_faults *faults,
                 struct outputs **ret);
struct outputs *outputs_free(struct outputs *o);

/* outputs_start - every point as the alarms that are there want it, also when that is
 * off: what a crash left on is ended. */
void outputs_start(struct outputs *o, struct alarms *alarms, int64_t time_us);

/* outputs_take_over - instead of outputs_start(): what is on stays on, what is not named
 * any more is switched off. */
void outputs_take_over(struct outputs *o, const struct outputs *old,
                       struct alarms *alarms, int64_t time_us);

/* outputs_transition - an alarm's step at @time_us, once started. */
void outputs_transition(struct outputs *o, const struct gw_transition *t,
                        int64_t time_us);

/* outputs_next_due, outputs_run - an on_for that ends.  outputs_clock_step - the clock
 * was set by @delta_us: what is on stays on for its time. */
int64_t outputs_next_due(const struct outputs *o);
void outputs_run(struct outputs *o, int64_t time_us);
void outputs_clock_step(struct outputs *o, int64_t delta_us, int64_t time_us);

void outputs_print_options(FILE *out);

#endif
