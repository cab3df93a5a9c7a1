#include <math.h>
#include <stdatomic.h>

#include "pipeline/rule_model.h"

static const int64_t minute_us = INT64_C(60) * 1000000;

static void hold_begin_anew(struct rule_hold *h)
{
    h->held_us = 0;
    h->since_us = GW_TIME_NONE;
}

static void hold_run(struct rule_hold *h, int64_t time_us)
{
    if (h->since_us == GW_TIME_NONE)
        h->since_us = time_us;
}

static void hold_stop(struct rule_hold *h, int64_t time_us)
{
    if (h->since_us != GW_TIME_NONE)
        h->held_us += time_us - h->since_us;
    h->since_us = GW_TIME_NONE;
}

static int64_t hold_elapsed(const struct rule_hold *h, int64_t time_us)
{
    return h->held_us + (h->since_us == GW_TIME_NONE ? 0 : time_us - h->since_us);
}

static bool hold_is_same(const struct rule_hold *a, const struct rule_hold *b)
{
    return a->held_us == b->held_us && a->since_us == b->since_us;
}

static int64_t hold_needed(const struct rule_instance *in)
{
    return in->is_asserted ? in->rule->clear_hold_us : in->rule->hold_us;
}

/* Which phase it is now, and until when that answer is good. */
static void phase_look(const struct rules *r, struct rule_instance *in, int64_t time_us)
{
    const struct rule *rule = in->rule;
    if (rule->phases == 0 && !rule->has_phase_windows) {
        in->is_during = true;
        in->until_us = INT64_MAX;
        return;
    }
    struct gw_phase phase = gw_campus_phase(r->campus, in->phase_object, time_us);
    bool is_cut = rule->is_slice && phase.kind == GW_PHASE_LESSON;
    int64_t start_us = phase.start_us + (is_cut ? rule->slice_start_us : 0);
    int64_t end_us = phase.end_us - (is_cut ? rule->slice_end_us : 0);
    bool is_named = rule->phases == 0 || (rule->phases & (1u << phase.kind));
    bool goes_on = in->is_during
                   && (in->until_us == start_us || in->phase_start_us == phase.start_us);
    if (!goes_on)
        in->during_since_us = start_us;
    in->phase_start_us = phase.start_us;
    in->is_during = is_named && start_us <= time_us && time_us < end_us;
    in->until_us = phase.end_us;
    if (is_named && time_us < start_us && start_us < phase.end_us)
        in->until_us = start_us;
    else if (in->is_during)
        in->until_us = end_us;
    bool is_older =
        in->hold.since_us != GW_TIME_NONE && in->hold.since_us < in->during_since_us;
    if (rule->phases != 0 && is_older)
        hold_begin_anew(&in->hold);
}

static void fact_tell(struct rules *r, const struct rule_instance *in,
                      const double *values, int64_t time_us)
{
    const struct rule *rule = in->rule;
    struct gw_fact_value told[EXPRESSION_NAMES_MAX];
    for (size_t i = 0; i < rule->input_count; i++)
        told[i] =
            (struct gw_fact_value){.name = rule->inputs[i].name, .value = values[i]};
    struct gw_fact fact = {
        .kind = rule->alarm.id,
        .rule = rule->alarm.id,
        .object = in->object,
        .start_us = time_us - hold_elapsed(&in->hold, time_us),
        .end_us = time_us,
        .time_us = time_us,
        .values = told,
        .count = rule->input_count,
        .completeness = 1,
    };
    r->ops.fact(r->ops.ctx, &fact);
}

static void instance_turn(struct rules *r, struct rule_instance *in, const double *values,
                          const char *cause, int64_t time_us)
{
    bool is_fact = in->rule->alarm.severity == GW_INF;
    in->is_asserted = !in->is_asserted;
    in->has_turned = true;
    if (is_fact && in->is_asserted)
        fact_tell(r, in, values, time_us);
    hold_begin_anew(&in->hold);
    rule_keep(r, in);
    if (!is_fact)
        r->ops.condition(r->ops.ctx, &in->rule->alarm, in->object, in->is_asserted,
                         values ? values[0] : NAN, cause, time_us);
}

/* Outside its phases a rule is not judged; what is latched waits for people. */
static void instance_rest(struct rules *r, struct rule_instance *in, int64_t time_us)
{
    bool had_hold = hold_elapsed(&in->hold, time_us) > 0;
    hold_begin_anew(&in->hold);
    if (in->is_asserted && !in->rule->alarm.is_latching)
        instance_turn(r, in, NULL, "phase-end", time_us);
    else if (had_hold)
        rule_keep(r, in);
}

/* What counts for the state it is in; a condition that stands is never cleared. */
static enum verdict verdict_of(const struct rule_instance *in, const double *values)
{
    enum verdict when = VERDICT_UNKNOWN;
    enum verdict clear = VERDICT_UNKNOWN;
    struct rule *rule = in->rule;
    expression_evaluate(rule->expression, values, rule->input_count, &when, &clear);
    if (!in->is_asserted)
        return when;
    return when == VERDICT_TRUE ? VERDICT_FALSE : clear;
}

/* Known only when the least and the most that may have failed say the same. */
static enum verdict instance_verdict(const struct rule_instance *in,
                                     const struct rule_values *values)
{
    enum verdict verdict = verdict_of(in, values->least);
    atomic_fetch_add_explicit(&in->rule->evaluations, 1, memory_order_relaxed);
    if (values->is_open && verdict_of(in, values->most) != verdict)
        return VERDICT_UNKNOWN;
    return verdict;
}

static void instance_hold(struct rule_instance *in, enum verdict verdict, int64_t time_us)
{
    if (verdict == VERDICT_TRUE)
        hold_run(&in->hold, time_us);
    else if (verdict == VERDICT_FALSE)
        hold_begin_anew(&in->hold);
    else
        hold_stop(&in->hold, time_us);
}

static void instance_step(struct rules *r, struct rule_instance *in, int64_t time_us,
                          bool *ret_is_waiting)
{
    struct rule_values values;
    rule_values_read(r, in, time_us, &values);
    enum verdict verdict = instance_verdict(in, &values);
    *ret_is_waiting =
        verdict == VERDICT_UNKNOWN && values.is_unheard && time_us < r->settled_us;
    if (*ret_is_waiting)
        return;
    struct rule_hold before = in->hold;
    instance_hold(in, verdict, time_us);
    if (verdict == VERDICT_TRUE && hold_elapsed(&in->hold, time_us) >= hold_needed(in))
        instance_turn(r, in, values.least, "rule", time_us);
    else if (hold_needed(in) > 0 && !hold_is_same(&before, &in->hold))
        rule_keep(r, in);
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t instance_due(const struct rules *r, const struct rule_instance *in,
                            int64_t time_us, bool is_waiting)
{
    int64_t due_us = in->until_us;
    if (in->is_during && in->rule->has_windows)
        due_us = earlier(due_us, (time_us / minute_us + 1) * minute_us);
    if (is_waiting)
        return earlier(due_us, r->settled_us);
    if (in->hold.since_us != GW_TIME_NONE)
        due_us = earlier(due_us, in->hold.since_us + hold_needed(in) - in->hold.held_us);
    return due_us;
}

void rule_judge(struct rules *r, struct rule_instance *in, int64_t time_us)
{
    bool is_waiting = false;
    if (time_us >= in->until_us)
        phase_look(r, in, time_us);
    if (in->is_during)
        instance_step(r, in, time_us, &is_waiting);
    else
        instance_rest(r, in, time_us);
    deadlines_set(r->due, in->index, instance_due(r, in, time_us, is_waiting));
}
