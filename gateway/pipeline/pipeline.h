/* pipeline.h - condition → point table → plugins → rules → alarms, summaries.
 *
 * One owner of the stages and of the order in which they see a reading and the time.
 * Takes the time from its arguments only.  Thread: one (main, or replay's).
 */
#ifndef PIPELINE_PIPELINE_H
#define PIPELINE_PIPELINE_H

#include "campus/campus.h"
#include "campus/entry.h"
#include "config/config.h"
#include "gw/plugin.h"
#include "alarms/alarm.h"
#include "notify/outputs.h"
#include "pipeline/eras.h"
#include "points/point_table.h"
#include "rules/rule.h"
#include "points/sample_queue.h"

struct pipeline;

/* pipeline_ops
 * emit       every record, in order: store, local topics and pages hang here
 * output     an output that is to change, before the record of its alarm; may be NULL
 * point_id   the stable id of a point by name (the store's, or a counter in a check) */
struct pipeline_ops {
    void *ctx;
    void (*emit)(void *ctx, const struct gw_record *record);
    void (*output)(void *ctx, const struct output_command *command);
    int (*point_id)(void *ctx, const char *name, uint32_t *ret);
    void (*judged)(void *ctx, const struct rule_judgement *judgement); /* on trial */
};

/* pipeline_new - builds every stage; configuration faults go to @faults.  Assigns
 * config_point.id through ops->point_id.  Owner: caller; pipeline_free() */
int pipeline_new(struct config *config, const struct gw_campus *campus,
                 const struct config_modules *modules, const struct pipeline_ops *ops,
                 struct config_faults *faults, struct pipeline **ret,
                 struct gw_error *err);
struct pipeline *pipeline_free(struct pipeline *p);

/* Owner of the kept states that say what people entered about days. */
#define PIPELINE_DAY_BOOK "day-book"

/* pipeline_restore - one kept state; before pipeline_start().
 * pipeline_state_away - there is more, or may be, which nobody can read. */
void pipeline_restore(struct pipeline *p, const struct gw_state *state);
void pipeline_state_away(struct pipeline *p);

/* pipeline_kept_clock_set - the clock was set by @delta_us since that was kept and is now
 * @time_us: holds, shelvings, windows and the delays of plugins keep their length;
 * between pipeline_restore() and pipeline_history(). */
void pipeline_kept_clock_set(struct pipeline *p, int64_t delta_us, int64_t time_us);

/* pipeline_booted - the machine was started since then, and its clock is another; at
 * @time_us.  As above. */
void pipeline_booted(struct pipeline *p, int64_t time_us);

/* pipeline_eras - of the clock, as far as they were kept; none in one that has not begun.
 */
const struct eras *pipeline_eras(const struct pipeline *p);

/* pipeline_history_span - the readings of the log that are of use at a start at @time_us,
 * by the clock as it is then; empty = none is. */
struct pipeline_span {
    int64_t from_us;
    int64_t until_us;
};
struct pipeline_span pipeline_history_span(const struct pipeline *p, int64_t time_us);

/* pipeline_history - a reading of the log, oldest first, refills the rules' windows; its
 * time is of the clock as it is now;
 * between pipeline_restore() and pipeline_start(). */
void pipeline_history(struct pipeline *p, const struct gw_reading *reading);

/* pipeline_hear - before pipeline_start(): what devices said last to @old, which was
 * stopped, on the same configuration under other ids: as a reload's take-over has it,
 * their state and no news.  What else @old knew stays behind.  returns 0 or -ENOMEM */
int pipeline_hear(struct pipeline *p, const struct pipeline *old);

void pipeline_start(struct pipeline *p, int64_t time_us);

/* pipeline_take_over - instead of pipeline_restore() and pipeline_start(): goes on at
 * @time_us where @old is, which is of no more use but to be read and freed.  Alarms,
 * holds, windows, kept states, summaries and silences run on; a point keeps its latest
 * value while that means the same (config_same_value()).  What is gone ends its alarms,
 * what is new or changed is judged, cause "configuration".
 * returns 0 or -ENOMEM: @old goes on as if nothing had been asked */
int pipeline_take_over(struct pipeline *p, struct pipeline *old, int64_t time_us);

/* pipeline_stop - emits what only a stop in good order can keep; not started: nothing. */
void pipeline_stop(struct pipeline *p, int64_t time_us);

/* pipeline_sample - one raw sample, received at @time_us; runs what is due before. */
void pipeline_sample(struct pipeline *p, const struct gw_sample *sample, int64_t time_us);

/* pipeline_item - what came out of the queue: a sample, a delivery, a commit request. */
void pipeline_item(struct pipeline *p, const struct queue_item *item, int64_t time_us);

/* pipeline_set_telemetry - readings of points that match a glob carry
 * GW_RECORD_TELEMETRY: each (@every_us 0), or one a period.  returns 0 or -ENOMEM */
int pipeline_set_telemetry(struct pipeline *p, const char *const *globs, size_t count,
                           int64_t every_us);

/* pipeline_read_log - before pipeline_start(): what comes are readings of a log, of
 * derived points too, by pipeline_logged(); plugins have made their points and rest. What
 * is of a point that no rule reads is left out. */
void pipeline_read_log(struct pipeline *p);
void pipeline_logged(struct pipeline *p, const struct gw_reading *reading);

/* pipeline_reading - one reading in engineering units (replay). */
void pipeline_reading(struct pipeline *p, const struct gw_reading *reading);

/* pipeline_tell - the daemon's word on itself: a state of the point @name ("gateway/…");
 * nothing where the catalogue lacks it. */
void pipeline_tell(struct pipeline *p, const char *name, double value, int64_t time_us);

/* pipeline_advance - runs every timer due up to @time_us, each at its own time, in order.
 */
void pipeline_advance(struct pipeline *p, int64_t time_us);

/* pipeline_clock_set - the clock was set by @delta_us and is now @time_us; minutes in
 * between never were: no timer of them runs, nobody was silent in them, holds and windows
 * keep their length.  pipeline_advance() sees by itself what went back or further than a
 * month, but not how much of it really passed. */
void pipeline_clock_set(struct pipeline *p, int64_t delta_us, int64_t time_us);

/* pipeline_next_due - school time of the next timer, INT64_MAX = none. */
int64_t pipeline_next_due(const struct pipeline *p);

int pipeline_operate(struct pipeline *p, const struct alarm_command *command,
                     int64_t time_us, struct gw_error *err);

/* pipeline_command - to the plugin that has it; command->time_us is set here.
 * ret_answer  as of plugin_host_command() */
int pipeline_command(struct pipeline *p, const struct gw_command *command,
                     int64_t time_us, char **ret_answer, struct gw_error *err);

/* pipeline_commands - what people may order; NULL-terminated.  Thread: any. */
const struct gw_command_info *const *pipeline_commands(const struct pipeline *p);

/* pipeline_enter - what somebody enters about a day, at @time_us: campus_enter(), and the
 * day is kept.  returns as that */
int pipeline_enter(struct pipeline *p, const struct campus_entry *entry, int64_t time_us,
                   struct gw_error *err);

/* pipeline_enter_list - all of a list or none: campus_enter_list(). */
int pipeline_enter_list(struct pipeline *p, const struct campus_entry_list *list,
                        int64_t time_us, char **ret_answer, struct gw_error *err);

/* pipeline_enter_again, pipeline_enter_list_again - what was entered at @given_us, which
 * is over, judged as then; the pipeline's own time stays. */
int pipeline_enter_again(struct pipeline *p, const struct campus_entry *entry,
                         int64_t given_us, struct gw_error *err);
int pipeline_enter_list_again(struct pipeline *p, const struct campus_entry_list *list,
                              int64_t given_us, char **ret_answer, struct gw_error *err);

struct point_table *pipeline_points(struct pipeline *p);
struct alarms *pipeline_alarms(struct pipeline *p);
struct rules *pipeline_rules(struct pipeline *p);

/* pipeline_count - readings since the start, by driver of their bus.  Thread: any. */
uint64_t pipeline_count(const struct pipeline *p, const char *driver);

#endif
