/* rule_days.c - verdicts of moments and of whole days: `at` and `days`. */
#include <math.h>

#include "base/clock.h"
#include "rules/rule_model.h"

static const int64_t day_us = INT64_C(86400) * 1000000;

static bool is_reached(const struct rule_days *days, uint32_t bits, uint32_t count)
{
    uint32_t seen = count < days->of ? count : days->of;
    uint32_t last = (uint32_t)((UINT64_C(1) << seen) - 1);
    return (uint32_t)__builtin_popcount(bits & last) >= days->need;
}

/* A day has one verdict.  After a turn the days before it are used up: those that raised
 * the alarm do not raise it again once it is clear. */
static void day_add(struct rules *r, struct rule_instance *in, bool is_true,
                    bool is_clear, const struct rule_verdicts *v, int64_t time_us)
{
    const struct rule *rule = in->rule;
    struct rule_day *day = &in->day;
    if (day->last_us != GW_TIME_NONE && day->start_us <= day->last_us)
        return;
    day->last_us = day->start_us;
    day->true_bits = day->true_bits << 1 | is_true;
    day->clear_bits = day->clear_bits << 1 | is_clear;
    day->count += day->count < RULE_DAYS_MAX;
    bool is_turned = in->is_asserted
                         ? is_reached(&rule->clear_days, day->clear_bits, day->count)
                         : is_reached(&rule->days, day->true_bits, day->count);
    if (is_turned) {
        day->count = 0;
        rule_turn(r, in, v ? v->values : NULL, "rule", time_us);
    } else {
        rule_keep(r, in);
    }
}

/* Times of a clock that was far ahead would silence the rule until they come. */
static void forget_future(struct rule_instance *in, int64_t time_us)
{
    if (!clock_is_plausible(time_us))
        return; /* a board that waits for its time: what it kept is right */
    if (in->day.last_us > time_us + day_us)
        in->day.last_us = GW_TIME_NONE;
    if (in->judged_us > time_us + day_us)
        in->judged_us = GW_TIME_NONE;
}

static void day_begin(struct rules *r, struct rule_instance *in, int64_t time_us)
{
    struct rule_day *day = &in->day;
    int64_t start_us = gw_campus_midnight(r->campus, time_us);
    forget_future(in, time_us);
    if (day->start_us != GW_TIME_NONE && day->start_us < start_us && day->is_known)
        day_add(r, in, false, true, NULL, time_us);
    if (day->start_us != start_us)
        day->is_known = false;
    day->start_us = start_us;
    day->end_us = moment_next_midnight(r->campus, time_us);
    day->is_open = day->last_us < start_us && moment_is_school_day(r->campus, time_us);
}

bool rule_day_is_open(struct rules *r, struct rule_instance *in, int64_t time_us)
{
    if (time_us >= in->day.end_us)
        day_begin(r, in, time_us);
    return in->day.is_open;
}

void rule_day_verdict(struct rules *r, struct rule_instance *in,
                      const struct rule_verdicts *v, bool is_held, int64_t time_us)
{
    struct rule_day *day = &in->day;
    if (is_held) {
        day->is_open = false;
        rule_hold_begin_anew(&in->hold);
        day_add(r, in, true, false, v, time_us);
    } else if (v->when == VERDICT_FALSE && !day->is_known) {
        day->is_known = true;
        rule_keep(r, in);
    }
}

/* A moment that passed while nobody judged: of a day it counts until the day ends, of a
 * week or month until the next one. */
static bool is_missed(const struct rules *r, const struct rule_instance *in,
                      const struct moment_time *last, int64_t time_us)
{
    enum moment_each each = in->rule->at.each;
    bool is_of_day = each == MOMENT_DAY || each == MOMENT_SCHOOL_DAY;
    if (last->time_us == GW_TIME_NONE)
        return false;
    if (is_of_day)
        return last->time_us > in->judged_us
               && last->day_us == gw_campus_midnight(r->campus, time_us);
    return in->judged_us != GW_TIME_NONE && last->time_us > in->judged_us;
}

void rule_moment_begin(const struct rules *r, struct rule_instance *in, int64_t time_us)
{
    const struct moment *at = &in->rule->at;
    forget_future(in, time_us);
    if (in->rule->expect.is_set && in->judged_us != GW_TIME_NONE) {
        in->moment = moment_next(at, r->campus, in->judged_us); /* also one long over */
        return;
    }
    struct moment_time last = moment_last(at, r->campus, time_us);
    int64_t after_us = in->judged_us > time_us ? in->judged_us : time_us;
    in->moment =
        is_missed(r, in, &last, time_us) ? last : moment_next(at, r->campus, after_us);
}

static void moment_take(struct rules *r, struct rule_instance *in,
                        const struct rule_verdicts *v, int64_t time_us)
{
    enum verdict verdict = in->is_asserted ? v->clear : v->when;
    bool is_known = verdict != VERDICT_UNKNOWN;
    if (in->rule->days.of > 0) {
        in->day.start_us = in->moment.day_us;
        if (is_known)
            day_add(r, in, v->when == VERDICT_TRUE, v->clear == VERDICT_TRUE, v, time_us);
    } else if (in->rule->alarm.severity == GW_INF) {
        if (v->when == VERDICT_TRUE)
            rule_fact(r, in, v->values, time_us);
    } else if (verdict == VERDICT_TRUE) {
        rule_turn(r, in, v->values, "rule", time_us);
    }
}

int64_t rule_moment_judge(struct rules *r, struct rule_instance *in, int64_t time_us)
{
    if (in->moment.time_us == GW_TIME_NONE)
        return DEADLINE_NEVER;
    if (time_us < in->moment.time_us)
        return in->moment.time_us;
    struct rule_verdicts v;
    rule_verdicts_read(r, in, time_us, &v);
    enum verdict verdict = in->is_asserted ? v.clear : v.when;
    bool is_unheard = verdict == VERDICT_UNKNOWN && v.is_unheard;
    if (r->ops.judged)
        rule_watch(r, in, verdict == VERDICT_UNKNOWN ? RULE_IS_UNKNOWN : RULE_IS_KNOWN,
                   time_us);
    if (is_unheard && time_us < r->settled_us)
        return r->settled_us;
    if (is_unheard && v.is_due)
        return DEADLINE_NEVER; /* its report judges, or its silence does */
    in->judged_us = in->moment.time_us;
    if (in->is_asserted && in->rule->step_count > 0)
        rule_severity_look(r, in, v.values, time_us);
    moment_take(r, in, &v, time_us);
    in->moment = moment_next(&in->rule->at, r->campus, time_us);
    rule_keep(r, in);
    return in->moment.time_us == GW_TIME_NONE ? DEADLINE_NEVER : in->moment.time_us;
}
