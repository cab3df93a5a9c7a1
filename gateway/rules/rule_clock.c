/* rule_clock.c - what a clock that is set means to a rule.
 *
 * A step corrects a clock that was wrong: the seconds before it and after it are the same
 * real seconds.  Lengths move along with it; the day that runs gets its right name; a
 * moment is judged once for its name and once for its real second.
 */
#include "rules/rule_model.h"

static const int64_t day_us = INT64_C(86400) * 1000000;

/* step - of the clock, and what its two hands showed at that moment. */
struct step {
    int64_t delta_us;
    int64_t before_us;
    int64_t after_us;
};

static struct step step_of(int64_t delta_us, int64_t time_us)
{
    return (struct step){delta_us, time_us - delta_us, time_us};
}

static void shift_lengths(struct rule_instance *in, int64_t delta_us)
{
    for (size_t f = 0; f < in->feed_count; f++)
        if (in->feeds[f].window)
            window_shift(in->feeds[f].window, delta_us);
    rule_hold_shift(&in->hold, delta_us);
    rule_hold_shift(&in->expected.blind, delta_us);
    in->expected.kept_us += delta_us;
}

/* The day that runs is the same day under its right name: what it was found to be, it
 * was.  A day that has its verdict under that name has no second one. */
static void day_rename(const struct rules *r, struct rule_instance *in,
                       const struct step *s)
{
    struct rule_day *day = &in->day;
    int64_t old_us = gw_campus_midnight(r->campus, s->before_us);
    int64_t new_us = gw_campus_midnight(r->campus, s->after_us);
    day->end_us = s->after_us; /* looks again which day it is */
    if (old_us == new_us
        || gw_campus_crosses_midnight(r->campus, s->before_us, s->after_us))
        return;
    if (day->last_us == old_us)
        day->last_us = new_us;
    else if (day->last_us > new_us && day->last_us < old_us)
        day->last_us = gw_campus_midnight(r->campus, new_us - 1);
    if (day->start_us != GW_TIME_NONE)
        day->start_us = new_us;
}

/* Set forward, what was jumped over is missed only where its real second came after the
 * last judgement; a time ahead of the old clock is from before it.  Set back, nothing was
 * jumped over, and what was judged under a name is not judged again under it; by a day or
 * more it is another day's. */
static void moment_move(struct rule_instance *in, const struct step *s)
{
    bool is_known = in->judged_us != GW_TIME_NONE;
    if (s->delta_us > 0 && is_known && in->judged_us <= s->before_us)
        in->judged_us += s->delta_us;
    else if (s->delta_us < 0 && (!is_known || s->delta_us <= -day_us))
        in->judged_us = s->after_us;
}

static int64_t period_start(const struct rules *r, const struct rule_instance *in,
                            int64_t time_us)
{
    const struct moment *at = &in->rule->at;
    bool is_of_day = at->each == MOMENT_DAY || at->each == MOMENT_SCHOOL_DAY;
    return is_of_day ? moment_next(at, r->campus, time_us).day_us
                     : moment_last(at, r->campus, time_us).time_us;
}

/* A period that is longer or shorter by the step than its name says is not whole, and
 * like the first it has no verdict; by whole days it stays what it was. */
static void period_move(const struct rules *r, struct rule_instance *in,
                        const struct step *s)
{
    int64_t step_us = s->delta_us > 0 ? s->delta_us : -s->delta_us;
    if (in->judged_us == GW_TIME_NONE || step_us <= RULE_SETTLING_US
        || in->judged_us > s->before_us)
        return;
    int64_t old_us = period_start(r, in, s->before_us);
    int64_t new_us = period_start(r, in, s->after_us);
    bool is_whole = old_us != GW_TIME_NONE && new_us == old_us + s->delta_us;
    in->judged_us = is_whole ? moment_last(&in->rule->at, r->campus, s->after_us).time_us
                             : GW_TIME_NONE;
}

static void instance_step(struct rules *r, struct rule_instance *in, const struct step *s)
{
    shift_lengths(in, s->delta_us);
    if (in->rule->days.of > 0)
        day_rename(r, in, s);
    if (in->rule->expect.is_set)
        period_move(r, in, s);
    else if (in->rule->at.each != MOMENT_NEVER)
        moment_move(in, s);
    rule_keep(r, in);
}

void rules_kept_clock_step(struct rules *r, int64_t delta_us, int64_t time_us)
{
    const struct step s = step_of(delta_us, time_us);
    for (size_t i = 0; i < r->instance_count; i++)
        instance_step(r, r->instances[i], &s);
}

void rules_clock_step(struct rules *r, int64_t delta_us, int64_t time_us)
{
    r->settled_us += delta_us;
    rules_kept_clock_step(r, delta_us, time_us);
    for (size_t i = 0; i < r->instance_count; i++) {
        if (r->instances[i]->until_us != INT64_MAX)
            r->instances[i]->until_us = time_us;
        rule_moment_begin(r, r->instances[i], time_us);
    }
}

void rules_clock_judge(struct rules *r, int64_t time_us)
{
    for (size_t i = 0; i < r->instance_count; i++)
        rule_resume(r, r->instances[i], time_us);
}
