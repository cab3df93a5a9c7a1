#include <math.h>
#include <stdatomic.h>
#include <string.h>

#include "rules/rule_model.h"

static const int64_t minute_us = INT64_C(60) * 1000000;

static int64_t hold_needed(const struct rule_instance *in)
{
    bool is_clearing = in->is_asserted && in->rule->days.of == 0;
    return is_clearing ? in->rule->clear_hold_us : in->rule->hold_us;
}

static bool is_named(const struct rule *rule, const struct gw_phase *phase)
{
    return rule->phases == 0 || (rule->phases & (1u << phase->kind));
}

static bool is_cut(const struct rule *rule, const struct gw_phase *phase)
{
    return rule->is_slice && phase->kind == GW_PHASE_LESSON;
}

/* Since when the rule's phases have followed each other without a break, as far back as
 * its hold asks: after a start, or a clock that was set, nobody watched them begin. */
static int64_t during_began(const struct rules *r, const struct rule_instance *in,
                            int64_t start_us)
{
    enum { PHASES_BACK = 64 };
    const struct rule *rule = in->rule;
    bool is_whole = in->hold.since_us != GW_TIME_NONE;
    for (int i = 0; i < PHASES_BACK && is_whole && in->hold.since_us < start_us; i++) {
        struct gw_phase before =
            gw_campus_phase(r->campus, in->phase_object, start_us - 1);
        if (!is_named(rule, &before) || (is_cut(rule, &before) && rule->slice_end_us > 0))
            break;
        is_whole = !is_cut(rule, &before) || rule->slice_start_us == 0;
        start_us = before.start_us + (is_whole ? 0 : rule->slice_start_us);
    }
    return start_us;
}

/* Which phase it is now, and until when that answer is good. */
static void phase_look(const struct rules *r, struct rule_instance *in, int64_t time_us)
{
    const struct rule *rule = in->rule;
    if (rule->phases == 0 && !rule->has_phase_windows && !rule->has_step_phases) {
        in->is_during = true;
        in->until_us = INT64_MAX;
        return;
    }
    struct gw_phase phase = gw_campus_phase(r->campus, in->phase_object, time_us);
    bool cut = is_cut(rule, &phase);
    bool named = is_named(rule, &phase);
    int64_t start_us = phase.start_us + (cut ? rule->slice_start_us : 0);
    int64_t end_us = phase.end_us - (cut ? rule->slice_end_us : 0);
    bool goes_on = in->is_during
                   && (in->until_us == start_us || in->phase_start_us == phase.start_us);
    if (!goes_on)
        in->during_since_us =
            cut && rule->slice_start_us > 0 ? start_us : during_began(r, in, start_us);
    in->phase_start_us = phase.start_us;
    in->is_during = named && start_us <= time_us && time_us < end_us;
    in->until_us = phase.end_us;
    if (named && time_us < start_us && start_us < phase.end_us)
        in->until_us = start_us;
    else if (in->is_during)
        in->until_us = end_us;
    bool is_older =
        in->hold.since_us != GW_TIME_NONE && in->hold.since_us < in->during_since_us;
    if (rule->phases != 0 && is_older)
        rule_hold_begin_anew(&in->hold);
}

/* A rule that names who is told, and not the county, is the school's own affair. */
static bool stays_in_school(const struct rule *rule)
{
    for (size_t i = 0; i < rule->outputs.count; i++)
        if (strcmp(rule->outputs.items[i], "county") == 0)
            return false;
    return rule->outputs.count > 0;
}

void rule_fact(struct rules *r, const struct rule_instance *in, const double *values,
               int64_t time_us)
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
        .start_us = time_us - rule_hold_elapsed(&in->hold, time_us),
        .end_us = time_us,
        .time_us = time_us,
        .values = told,
        .count = rule->input_count,
        .completeness = 1,
        .stays = stays_in_school(rule),
    };
    r->ops.fact(r->ops.ctx, &fact);
}

void rule_turn(struct rules *r, struct rule_instance *in, const double *values,
               const char *cause, int64_t time_us)
{
    bool is_fact = in->rule->alarm.severity == GW_INF;
    in->is_asserted = !in->is_asserted;
    if (in->is_asserted)
        rule_severity_begin(r, in, values, time_us);
    in->has_turned = true;
    if (is_fact && in->is_asserted)
        rule_fact(r, in, values, time_us);
    if (!in->rule->expect.is_set) /* there it is the time since the event */
        rule_hold_begin_anew(&in->hold);
    rule_keep(r, in);
    struct alarm_rule alarm = rule_alarm(in);
    if (!is_fact)
        r->ops.condition(r->ops.ctx, &alarm, in->object, in->is_asserted,
                         values ? values[0] : NAN, cause, time_us);
    if (in->rule->exempt && r->ops.exempt)
        r->ops.exempt(r->ops.ctx, time_us);
}

/* Outside its phases a rule is not judged; what is latched waits for people, what days
 * raised for days. */
static void instance_rest(struct rules *r, struct rule_instance *in, int64_t time_us)
{
    bool had_hold = rule_hold_elapsed(&in->hold, time_us) > 0;
    if (r->ops.judged)
        rule_watch(r, in, RULE_RESTS, time_us);
    rule_hold_begin_anew(&in->hold);
    bool ends = !in->rule->alarm.is_latching && in->rule->days.of == 0;
    if (in->is_asserted && ends)
        rule_turn(r, in, NULL, "phase-end", time_us);
    else if (had_hold)
        rule_keep(r, in);
}

/* Known only when the least and the most that may have failed say the same. */
static enum verdict agreed(enum verdict least, enum verdict most)
{
    return least == most ? least : VERDICT_UNKNOWN;
}

/* Nobody has said yet what it is: null is no answer before all has settled. */
static bool is_too_early(const struct rules *r, const struct rule *rule,
                         const struct rule_values *values, int64_t time_us)
{
    return values->is_unheard && time_us < r->settled_us
           && expression_asks_null(rule->expression);
}

/* A condition that stands is never cleared. */
void rule_verdicts_read(const struct rules *r, struct rule_instance *in, int64_t time_us,
                        struct rule_verdicts *ret)
{
    struct rule *rule = in->rule;
    struct rule_values values;
    rule_values_read(r, in, time_us, &values);
    expression_evaluate(rule->expression, values.least, rule->input_count, &ret->when,
                        &ret->clear);
    atomic_fetch_add_explicit(&rule->evaluations, 1, memory_order_relaxed);
    if (ret->when == VERDICT_TRUE)
        ret->clear = VERDICT_FALSE;
    if (values.is_open) {
        enum verdict when = VERDICT_UNKNOWN;
        enum verdict clear = VERDICT_UNKNOWN;
        expression_evaluate(rule->expression, values.most, rule->input_count, &when,
                            &clear);
        ret->when = agreed(ret->when, when);
        ret->clear = agreed(ret->clear, when == VERDICT_TRUE ? VERDICT_FALSE : clear);
    }
    if (is_too_early(r, rule, &values, time_us)) {
        ret->when = VERDICT_UNKNOWN;
        ret->clear = VERDICT_UNKNOWN;
    }
    ret->is_unheard = values.is_unheard;
    ret->is_due = values.is_due;
    memcpy(ret->values, values.least, sizeof(ret->values));
}

static void instance_hold(struct rule_instance *in, enum verdict verdict, int64_t time_us)
{
    if (verdict == VERDICT_TRUE)
        rule_hold_run(&in->hold, time_us);
    else if (verdict == VERDICT_FALSE)
        rule_hold_begin_anew(&in->hold);
    else
        rule_hold_stop(&in->hold, time_us);
}

/* Judges whole days by `when` alone, else by what counts in the state it is in. */
static void instance_step(struct rules *r, struct rule_instance *in, int64_t time_us,
                          bool *ret_is_waiting)
{
    struct rule_verdicts v;
    bool is_of_days = in->rule->days.of > 0;
    rule_verdicts_read(r, in, time_us, &v);
    enum verdict verdict = in->is_asserted && !is_of_days ? v.clear : v.when;
    if (r->ops.judged)
        rule_watch(r, in, verdict == VERDICT_UNKNOWN ? RULE_IS_UNKNOWN : RULE_IS_KNOWN,
                   time_us);
    *ret_is_waiting =
        verdict == VERDICT_UNKNOWN && v.is_unheard && time_us < r->settled_us;
    if (*ret_is_waiting)
        return;
    struct rule_hold before = in->hold;
    instance_hold(in, verdict, time_us);
    bool is_held = verdict == VERDICT_TRUE
                   && rule_hold_elapsed(&in->hold, time_us) >= hold_needed(in);
    if (in->is_asserted && in->rule->step_count > 0)
        rule_severity_look(r, in, v.values, time_us);
    if (is_held && !is_of_days)
        rule_turn(r, in, v.values, "rule", time_us);
    else if (hold_needed(in) > 0 && !rule_hold_is_same(&before, &in->hold))
        rule_keep(r, in);
    if (is_of_days)
        rule_day_verdict(r, in, &v, is_held, time_us);
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static int64_t next_minute(int64_t time_us)
{
    return (time_us / minute_us + 1) * minute_us;
}

static int64_t instance_due(const struct rules *r, const struct rule_instance *in,
                            int64_t time_us, bool is_waiting)
{
    int64_t due_us = in->until_us;
    if (in->is_during && in->rule->has_windows)
        due_us = earlier(due_us, next_minute(time_us - r->minute_us) + r->minute_us);
    if (in->is_during && in->is_asserted && in->rule->has_step_phases)
        due_us = earlier(due_us, next_minute(time_us));
    if (is_waiting)
        return earlier(due_us, r->settled_us);
    if (in->hold.since_us != GW_TIME_NONE)
        due_us = earlier(due_us, in->hold.since_us + hold_needed(in) - in->hold.held_us);
    return due_us;
}

/* Days end outside the phases too. */
static bool is_day_over(struct rules *r, struct rule_instance *in, int64_t time_us)
{
    return in->rule->days.of > 0 && !rule_day_is_open(r, in, time_us);
}

static void instance_judge(struct rules *r, struct rule_instance *in, int64_t time_us)
{
    bool is_waiting = false;
    int64_t due_us = INT64_MAX;
    if (is_day_over(r, in, time_us)) {
        if (r->ops.judged)
            rule_watch(r, in, RULE_RESTS, time_us);
        rule_hold_begin_anew(&in->hold);
    } else {
        if (in->is_during)
            instance_step(r, in, time_us, &is_waiting);
        else
            instance_rest(r, in, time_us);
        due_us = instance_due(r, in, time_us, is_waiting);
    }
    if (in->rule->days.of > 0)
        due_us = in->day.is_open ? earlier(due_us, in->day.end_us) : in->day.end_us;
    deadlines_set(r->due, in->index, due_us);
}

void rule_resume(struct rules *r, struct rule_instance *in, int64_t time_us)
{
    if (time_us >= in->until_us)
        phase_look(r, in, time_us);
    if (in->was_judged && in->is_during && in->rule->has_windows
        && in->rule->at.each == MOMENT_NEVER && in->rule->days.of == 0)
        deadlines_set(r->due, in->index,
                      later(instance_due(r, in, time_us, false), time_us));
    else
        rule_judge(r, in, time_us);
}

void rule_judge(struct rules *r, struct rule_instance *in, int64_t time_us)
{
    if (time_us >= in->until_us)
        phase_look(r, in, time_us);
    in->was_judged = true;
    if (in->rule->expect.is_set)
        deadlines_set(r->due, in->index, rule_expect_judge(r, in, time_us));
    else if (in->rule->at.each != MOMENT_NEVER)
        deadlines_set(r->due, in->index, rule_moment_judge(r, in, time_us));
    else
        instance_judge(r, in, time_us);
}
