/* rule_trial.c - what a backtest asks about the rules on trial. */
#include <assert.h>
#include <math.h>

#include "rules/rule_model.h"

#define MINUTE_US (INT64_C(60) * 1000000)
#define DAY_US (1440 * MINUTE_US)

/* A class or place may share a point with another object of the same rule. */
static bool is_told(const struct rule_feed *feed)
{
    for (const struct rule_feed *f = feed->point->feeds; f && f != feed; f = f->next)
        if (f->instance->rule == feed->instance->rule && f->input == feed->input)
            return true;
    return false;
}

static struct rule_source source_of(const struct rule_feed *feed)
{
    const struct rule *rule = feed->instance->rule;
    const struct rule_input *input = &rule->inputs[feed->input];
    return (struct rule_source){
        .rule = rule->alarm.id,
        .input = rule->expect.is_set ? "event" : input->name,
        .point = feed->point->entry,
        .is_latest = !rule->expect.is_set && input->kind == RULE_LATEST,
    };
}

void rules_each_source(const struct rules *r,
                       void (*each)(void *ctx, const struct rule_source *source),
                       void *ctx)
{
    for (size_t i = 0; i < r->instance_count; i++) {
        const struct rule_instance *in = r->instances[i];
        for (size_t f = 0; f < in->feed_count && in->rule->is_tried; f++) {
            struct rule_source source = source_of(&in->feeds[f]);
            if (!is_told(&in->feeds[f]))
                each(ctx, &source);
        }
    }
}

/* A point is in the log at least so often; before that its latest value is not known. */
static int64_t silence_of(const struct rule_feed *feed)
{
    const struct point_entry *entry = feed->point->entry;
    int64_t stale_us = entry->config ? entry->config->stale_us : 0;
    return entry->metric->longest_silence_us + stale_us;
}

/* School days are counted from the calendar, a holiday is none of them. */
static int64_t days_back(const struct rules *r, uint32_t days, int64_t time_us)
{
    enum { FAR = 200 };
    int64_t midnight_us = gw_campus_midnight(r->campus, time_us);
    for (int i = 0; i < FAR && days > 0; i++) {
        midnight_us = gw_campus_midnight(r->campus, midnight_us - 1);
        days -= moment_is_school_day(r->campus, midnight_us);
    }
    return midnight_us;
}

static int64_t rule_memory(const struct rule *rule)
{
    static const int64_t moments[] = {[MOMENT_DAY] = 4 * DAY_US,
                                      [MOMENT_SCHOOL_DAY] = 4 * DAY_US,
                                      [MOMENT_WEEK] = 8 * DAY_US,
                                      [MOMENT_MONTH] = 32 * DAY_US};
    int64_t memory_us = rule->hold_us + rule->clear_hold_us + rule->expect.within_us
                        + rule->expect.not_before_us;
    if (rule->at.each != MOMENT_NEVER)
        memory_us += moments[rule->at.each];
    return memory_us + 10 * MINUTE_US;
}

int64_t rules_trial_from(const struct rules *r, int64_t time_us)
{
    int64_t from_us = time_us;
    for (size_t i = 0; i < r->instance_count; i++) {
        const struct rule_instance *in = r->instances[i];
        int64_t start_us = time_us - rule_memory(in->rule);
        int64_t silence_us = 0;
        if (in->rule->days.of > 0)
            start_us =
                days_back(r, in->rule->days.of + in->rule->clear_days.of, start_us);
        for (size_t f = 0; f < in->feed_count; f++)
            if (silence_of(&in->feeds[f]) > silence_us)
                silence_us = silence_of(&in->feeds[f]);
        from_us = start_us - silence_us < from_us ? start_us - silence_us : from_us;
    }
    int64_t windows_us = rules_history_from(r, from_us);
    return windows_us < from_us ? windows_us : from_us;
}

static_assert((int)RULE_GAPS_MAX >= (int)EXPRESSION_NAMES_MAX, "a gap for each input");

static void find_gaps(const struct rules *r, struct rule_instance *in, int64_t time_us,
                      struct rule_judgement *ret)
{
    struct rule_values values;
    rule_values_read(r, in, time_us, &values);
    for (size_t i = 0; i < in->rule->input_count; i++)
        if (!(values.least[i] == values.most[i])) /* also where they are not known */
            ret->gaps[ret->gap_count++] = (struct rule_gap){
                .input = in->rule->inputs[i].name, .why = rule_gap_of(r, in, i, time_us)};
}

void rule_watch(const struct rules *r, struct rule_instance *in,
                enum rule_standing standing, int64_t time_us)
{
    const struct rule *rule = in->rule;
    bool is_moment = rule->at.each != MOMENT_NEVER && !rule->expect.is_set;
    struct rule_judgement j = {.rule = rule->alarm.id,
                               .object = in->object,
                               .time_us = time_us,
                               .moment_us = is_moment ? in->moment.time_us : GW_TIME_NONE,
                               .is_due = standing != RULE_RESTS,
                               .is_unknown = standing == RULE_IS_UNKNOWN};
    if (!rule->is_tried)
        return;
    if (j.is_unknown && rule->expect.is_set)
        j.gaps[j.gap_count++] = (struct rule_gap){.input = "event", .why = RULE_GAP_BAD};
    else if (j.is_unknown)
        find_gaps(r, in, time_us, &j);
    r->ops.judged(r->ops.ctx, &j);
}
