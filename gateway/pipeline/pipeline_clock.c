/* pipeline_clock.c - what a clock that is set means to the stages, and to a phase or
 * midnight that it jumped over. */
#include "pipeline/pipeline_parts.h"

static bool is_same(const struct gw_phase *was, const struct gw_phase *is,
                    int64_t delta_us)
{
    return was->kind == is->kind
           && (is->start_us == was->start_us || is->start_us == was->start_us + delta_us);
}

static void tell_phase(struct pipeline *p, const char *object, int64_t delta_us)
{
    const struct gw_phase was = gw_campus_phase(p->campus, object, p->now_us - delta_us);
    const struct gw_phase is = gw_campus_phase(p->campus, object, p->now_us);
    if (!is_same(&was, &is, delta_us))
        plugin_host_phase(p->river.plugins, object, &is);
}

/* A bell or midnight that the step passed, told once; plugins know of the step. */
static void tell_passed(struct pipeline *p, int64_t delta_us, int64_t midnight_us)
{
    size_t count = 0;
    const struct gw_class *classes = gw_campus_classes(p->campus, &count);
    tell_phase(p, NULL, delta_us);
    for (size_t i = 0; i < count; i++)
        tell_phase(p, classes[i].id, delta_us);
    if (midnight_us != GW_TIME_NONE)
        plugin_host_day(p->river.plugins, midnight_us);
}

static void keep_eras(struct pipeline *p)
{
    p->ops.emit(p->ops.ctx, &(struct gw_record){.kind = GW_RECORD_STATE,
                                                .state = eras_state(&p->eras)});
}

const struct eras *pipeline_eras(const struct pipeline *p)
{
    return &p->eras;
}

void pipeline_eras_go(struct pipeline *p)
{
    p->river.era = eras_number(&p->eras);
    rules_minute(p->river.rules, p->eras.minute_us);
}

void pipeline_eras_start(struct pipeline *p, int64_t time_us)
{
    if (p->eras.count == 0) {
        eras_begin(&p->eras, time_us);
        keep_eras(p);
    }
    pipeline_eras_go(p);
}

static void step_eras(struct pipeline *p, int64_t delta_us, int64_t time_us)
{
    if (p->eras.count == 0)
        eras_begin(&p->eras, time_us - delta_us);
    eras_step(&p->eras, delta_us, time_us);
    keep_eras(p); /* before the first reading of the new one */
}

void pipeline_kept_clock_set(struct pipeline *p, int64_t delta_us, int64_t time_us)
{
    p->kept_step_us = delta_us; /* plugins have not read theirs yet */
    step_eras(p, delta_us, time_us);
    rules_kept_clock_step(p->river.rules, delta_us, time_us);
    alarms_clock_step(p->alarms, delta_us);
}

void pipeline_booted(struct pipeline *p, int64_t time_us)
{
    if (p->eras.count == 0)
        return; /* the first one begins at the start */
    eras_boot(&p->eras, time_us);
    keep_eras(p);
}

void pipeline_step(struct pipeline *p, int64_t delta_us)
{
    const int64_t time_us = p->now_us;
    step_eras(p, delta_us, time_us);
    pipeline_eras_go(p);
    int64_t midnight_us = school_ticks_step(&p->ticks, time_us - delta_us, time_us);
    condition_clock_step(p->condition, delta_us);
    summary_restart(p->river.summary);
    plugin_host_clock_step(p->river.plugins, delta_us, time_us);
    tell_passed(p, delta_us, midnight_us);
    rules_clock_step(p->river.rules, delta_us, time_us);
    river_drain(&p->river); /* what plugins take back, before it is judged */
    rules_clock_judge(p->river.rules, time_us);
    alarms_clock_step(p->alarms, delta_us);
    outputs_clock_step(p->outputs, delta_us, time_us);
    river_drain(&p->river);
}
