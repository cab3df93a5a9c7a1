#include "pipeline/pipeline.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/pipeline_parts.h"

#define SECOND_US INT64_C(1000000)
#define DAY_US (INT64_C(86400) * SECOND_US)

/* School time that moves further than this was set, it did not pass. */
#define STEP_FORWARD_US (32 * DAY_US)
#define STEP_BACK_US SECOND_US

static int64_t stale_due(const struct pipeline *p)
{
    return condition_next_due(p->condition);
}

static void tell_bus(struct pipeline *p, size_t bus, int64_t time_us)
{
    struct gw_reading told;
    if (bus_watch_told(p->buses, bus, time_us, &told))
        river_pass(&p->river, &told);
}

static void emit_state(struct pipeline *p, const struct gw_state *state)
{
    p->ops.emit(p->ops.ctx,
                &(struct gw_record){.kind = GW_RECORD_STATE, .state = *state});
}

/* A device's reading, and after it its bus when that changes by it. */
static void pass(struct pipeline *p, const struct gw_reading *reading)
{
    size_t bus = 0;
    river_pass(&p->river, reading);
    if (!bus_watch_reading(p->buses, reading, &bus))
        return;
    const struct gw_state kept = bus_watch_kept(p->buses, bus);
    emit_state(p, &kept);
    tell_bus(p, bus, reading->time_us);
}

static void run_stale(struct pipeline *p, int64_t time_us)
{
    struct gw_reading reading;
    while (condition_expire(p->condition, time_us, &reading))
        pass(p, &reading);
}

static int64_t phase_due(const struct pipeline *p)
{
    return p->ticks.phase_us;
}

static void tell_phase(struct pipeline *p, const char *object, int64_t time_us)
{
    struct gw_phase phase = gw_campus_phase(p->campus, object, time_us);
    if (phase.start_us == time_us)
        plugin_host_phase(p->river.plugins, object, &phase);
}

static void run_phase(struct pipeline *p, int64_t time_us)
{
    size_t count = 0;
    const struct gw_class *classes = gw_campus_classes(p->campus, &count);
    tell_phase(p, NULL, time_us);
    for (size_t i = 0; i < count; i++)
        tell_phase(p, classes[i].id, time_us);
    rules_phase(p->river.rules, time_us);
    school_ticks_next_phase(&p->ticks, time_us);
}

static int64_t plugins_due(const struct pipeline *p)
{
    return plugin_host_next_due(p->river.plugins);
}

static void run_plugins(struct pipeline *p, int64_t time_us)
{
    plugin_host_run(p->river.plugins, time_us);
}

static int64_t rules_due(const struct pipeline *p)
{
    return rules_next_due(p->river.rules);
}

static void run_rules(struct pipeline *p, int64_t time_us)
{
    rules_run(p->river.rules, time_us);
}

static int64_t alarms_due(const struct pipeline *p)
{
    return alarms_next_due(p->alarms);
}

static void run_alarms(struct pipeline *p, int64_t time_us)
{
    alarms_run(p->alarms, time_us);
}

static int64_t outputs_due(const struct pipeline *p)
{
    return outputs_next_due(p->outputs);
}

static void run_outputs(struct pipeline *p, int64_t time_us)
{
    outputs_run(p->outputs, time_us);
}

static int64_t minute_due(const struct pipeline *p)
{
    return p->ticks.minute_us;
}

static void run_minute(struct pipeline *p, int64_t time_us)
{
    summary_minute(p->river.summary, time_us);
    day_entries_measure(p, time_us);
    if (school_ticks_is_minute(&p->ticks, time_us))
        plugin_host_minute(p->river.plugins, time_us);
    facts_minute(p->facts, time_us);
    school_ticks_next_minute(&p->ticks, time_us);
}

static int64_t day_due(const struct pipeline *p)
{
    return p->ticks.midnight_us;
}

static void run_day(struct pipeline *p, int64_t time_us)
{
    if (school_ticks_is_day(&p->ticks))
        plugin_host_day(p->river.plugins, time_us);
    day_entries_forget(p, time_us);
    school_ticks_next_midnight(&p->ticks, time_us);
}

/* Equal times run in this order: what a reading is worth comes before the rules that
 * judge it, and the phase before the holds that it ends. */
static const struct timer {
    int64_t (*due)(const struct pipeline *p);
    void (*run)(struct pipeline *p, int64_t time_us);
} timers[] = {
    {stale_due, run_stale},   {phase_due, run_phase},   {plugins_due, run_plugins},
    {rules_due, run_rules},   {alarms_due, run_alarms}, {outputs_due, run_outputs},
    {minute_due, run_minute}, {day_due, run_day},
};
enum { TIMERS = sizeof(timers) / sizeof(timers[0]) };

static const struct timer *first_timer(const struct pipeline *p, int64_t *ret_due_us)
{
    const struct timer *first = NULL;
    *ret_due_us = INT64_MAX;
    for (size_t i = 0; i < TIMERS; i++) {
        int64_t due_us = timers[i].due(p);
        if (due_us < *ret_due_us) {
            first = &timers[i];
            *ret_due_us = due_us;
        }
    }
    return first;
}

static void run_timers(struct pipeline *p, int64_t time_us)
{
    int64_t due_us = 0;
    for (;;) {
        const struct timer *timer = first_timer(p, &due_us);
        if (!timer || due_us > time_us)
            break;
        p->now_us = due_us > p->now_us ? due_us : p->now_us;
        timer->run(p, p->now_us);
        river_drain(&p->river);
    }
}

static bool is_step(const struct pipeline *p, int64_t time_us)
{
    return time_us < p->now_us - STEP_BACK_US || time_us > p->now_us + STEP_FORWARD_US;
}

/* What was due by the clock as it stood comes first: it was due in real seconds. */
void pipeline_clock_set(struct pipeline *p, int64_t delta_us, int64_t time_us)
{
    run_timers(p, time_us - delta_us);
    p->now_us = time_us;
    pipeline_step(p, delta_us);
}

void pipeline_advance(struct pipeline *p, int64_t time_us)
{
    if (is_step(p, time_us))
        pipeline_clock_set(p, time_us - p->now_us, time_us);
    run_timers(p, time_us);
    p->now_us = time_us > p->now_us ? time_us : p->now_us;
}

int64_t pipeline_next_due(const struct pipeline *p)
{
    int64_t due_us = 0;
    (void)first_timer(p, &due_us);
    return due_us;
}

/* Of the stop before this start only: a later end in disorder must not find it. */
static const struct gw_state silence_kept = {.owner = "condition", .key = "silence"};

static int restore(struct pipeline *p, const struct gw_state *state)
{
    static const char plugin[] = "plugin/";
    if (eras_read(state, &p->eras))
        return 0;
    if (strcmp(state->owner, silence_kept.owner) == 0)
        return condition_restore(p->condition, state->bytes, state->size);
    if (strcmp(state->owner, "alarm") == 0)
        return alarms_restore(p->alarms, state->key, state->bytes, state->size);
    if (strcmp(state->owner, "bus") == 0)
        return bus_watch_restore(p->buses, state->key, state->bytes, state->size);
    if (strcmp(state->owner, "rule") == 0)
        return rules_restore(p->river.rules, state->key, state->bytes, state->size);
    if (strcmp(state->owner, "facts") == 0)
        return facts_restore(p->facts, state->key, state->bytes, state->size);
    if (strncmp(state->owner, plugin, sizeof(plugin) - 1) == 0)
        return plugin_host_restore(p->river.plugins, state->owner + sizeof(plugin) - 1,
                                   state->key, state->bytes, state->size);
    return day_entries_restore(p, state);
}

void pipeline_restore(struct pipeline *p, const struct gw_state *state)
{
    int r = restore(p, state);
    if (r == -ENOENT)
        gw_log(
            GW_LOG_INFO, (struct gw_subject){"STATE", state->owner},
            "'%s' is not configured any more; what was kept of it stays for its return",
            state->key);
    else if (r < 0)
        gw_log(GW_LOG_WARNING, (struct gw_subject){"STATE", state->owner},
               "kept state '%s' of '%s' is of no use (%s), ignoring", state->key,
               state->owner, strerror(-r));
}

void pipeline_state_away(struct pipeline *p)
{
    plugin_host_state_away(p->river.plugins);
}

/* What plugins make of a point alone falls silent with it. */
static void history_followers(struct pipeline *p, const struct gw_reading *stale)
{
    struct gw_reading follower = *stale;
    for (size_t i = 0; i < point_table_count(p->points); i++) {
        const struct point_entry *entry = point_table_entry(p->points, i);
        follower.point = entry->id;
        if (entry->source == stale->point)
            rules_history(p->river.rules, &follower);
    }
}

static void history_silence(struct pipeline *p, int64_t time_us)
{
    struct gw_reading stale;
    while (condition_expire(p->condition, time_us, &stale)) {
        rules_history(p->river.rules, &stale);
        history_followers(p, &stale);
    }
}

struct pipeline_span pipeline_history_span(const struct pipeline *p, int64_t time_us)
{
    return (struct pipeline_span){rules_history_from(p->river.rules, time_us), time_us};
}

void pipeline_history(struct pipeline *p, const struct gw_reading *reading)
{
    if (!rules_uses(p->river.rules, reading->point))
        return;
    struct gw_reading heard = *reading;
    uint32_t source = point_table_find(p->points, reading->point)->source;
    if (source > 0)
        heard.point = source;
    history_silence(p, reading->time_us);
    condition_history(p->condition, &heard);
    rules_history(p->river.rules, reading);
}

void pipeline_tell_buses(struct pipeline *p)
{
    for (size_t i = 0; i < p->config->bus_count; i++)
        tell_bus(p, i, p->now_us);
}

void pipeline_start(struct pipeline *p, int64_t time_us)
{
    p->now_us = time_us;
    p->is_running = true;
    history_silence(p, time_us);
    emit_state(p, &silence_kept);
    school_ticks_start(&p->ticks, time_us);
    pipeline_eras_start(p, time_us);
    condition_start(p->condition, time_us);
    facts_start(p->facts, time_us);
    plugin_host_restored(p->river.plugins);
    if (p->kept_step_us != 0)
        plugin_host_clock_step(p->river.plugins, p->kept_step_us, time_us);
    rules_start(p->river.rules, time_us);
    day_entries_measure(p, time_us);
    alarms_retire(p->alarms, time_us);
    outputs_start(p->outputs, p->alarms, time_us);
    pipeline_tell_buses(p);
    river_drain(&p->river);
}

void pipeline_stop(struct pipeline *p, int64_t time_us)
{
    void *bytes = NULL;
    struct gw_state state = silence_kept;
    if (p->is_running)
        plugin_host_keep(p->river.plugins);
    if (p->is_running
        && condition_keep(p->condition, time_us, &bytes, &state.size) == 0) {
        state.bytes = bytes;
        emit_state(p, &state);
    }
    free(bytes);
    if (p->is_running)
        facts_stop(p->facts);
    p->is_running = false;
}

void pipeline_read_log(struct pipeline *p)
{
    condition_read_log(p->condition);
    plugin_host_rest(p->river.plugins);
}

void pipeline_logged(struct pipeline *p, const struct gw_reading *reading)
{
    if (!rules_reads(p->river.rules, reading->point))
        return;
    pipeline_advance(p, reading->time_us);
    condition_history(p->condition, reading);
    river_pass(&p->river, reading);
}

static void count(struct pipeline *p, uint32_t point)
{
    const struct config_point *config = point_table_find(p->points, point)->config;
    p->counts[p->config->devices[config->device].bus]++;
}

void pipeline_sample(struct pipeline *p, const struct gw_sample *sample, int64_t time_us)
{
    struct gw_reading reading;
    pipeline_advance(p, time_us);
    if (!condition_sample(p->condition, sample, p->now_us, &reading))
        return;
    count(p, reading.point);
    pass(p, &reading);
}

void pipeline_reading(struct pipeline *p, const struct gw_reading *reading)
{
    struct gw_reading judged = *reading;
    pipeline_advance(p, reading->time_us);
    judged.time_us = p->now_us;
    if (!condition_reading(p->condition, &judged, &judged))
        return;
    count(p, judged.point);
    pass(p, &judged);
}

void pipeline_tell(struct pipeline *p, const char *name, double value, int64_t time_us)
{
    const struct point_entry *entry = point_table_named(p->points, name);
    if (!entry)
        return;
    pipeline_advance(p, time_us);
    const struct gw_reading reading = {.point = entry->id,
                                       .flags = GW_DERIVED,
                                       .quality = GW_GOOD,
                                       .value = value,
                                       .time_us = p->now_us,
                                       .source_us = GW_TIME_NONE};
    river_pass(&p->river, &reading);
}

static void hand_on(struct pipeline *p, enum gw_record_kind kind,
                    const struct gw_delivery *delivery)
{
    struct gw_record record; /* as large as a transition: not cleared */
    record.kind = kind;
    record.flags = 0;
    record.delivery = *delivery;
    p->ops.emit(p->ops.ctx, &record);
}

void pipeline_item(struct pipeline *p, const struct queue_item *item, int64_t time_us)
{
    switch (item->kind) {
    case QUEUE_SAMPLE:
        pipeline_sample(p, &item->sample, time_us);
        break;
    case QUEUE_DELIVERY:
        hand_on(p, GW_RECORD_DELIVERY, &item->delivery);
        break;
    case QUEUE_COMMIT:
        hand_on(p, GW_RECORD_COMMIT, &item->delivery);
        break;
    }
}

int pipeline_operate(struct pipeline *p, const struct alarm_command *command,
                     int64_t time_us, struct gw_error *err)
{
    pipeline_advance(p, time_us);
    int r = alarms_operate(p->alarms, command, p->now_us, err);
    river_drain(&p->river);
    return r;
}

int pipeline_command(struct pipeline *p, const struct gw_command *command,
                     int64_t time_us, char **ret_answer, struct gw_error *err)
{
    struct gw_command now = *command;
    pipeline_advance(p, time_us);
    now.time_us = p->now_us;
    int r = plugin_host_command(p->river.plugins, &now, ret_answer, err);
    river_drain(&p->river);
    return r;
}

const struct gw_command_info *const *pipeline_commands(const struct pipeline *p)
{
    return plugin_host_commands(p->river.plugins);
}

int pipeline_set_telemetry(struct pipeline *p, const char *const *globs,
                           size_t globs_count, int64_t every_us)
{
    struct telemetry *telemetry = NULL;
    int r = telemetry_new(p->points, globs, globs_count, every_us, &telemetry);
    if (r < 0)
        return r;
    telemetry_free(p->river.telemetry);
    p->river.telemetry = telemetry;
    return 0;
}

struct point_table *pipeline_points(struct pipeline *p)
{
    return p->points;
}

struct alarms *pipeline_alarms(struct pipeline *p)
{
    return p->alarms;
}

struct rules *pipeline_rules(struct pipeline *p)
{
    return p->river.rules;
}

uint64_t pipeline_count(const struct pipeline *p, const char *driver)
{
    uint64_t total = 0;
    for (size_t i = 0; i < p->config->bus_count; i++)
        if (strcmp(p->config->buses[i].driver->name, driver) == 0)
            total += p->counts[i];
    return total;
}
