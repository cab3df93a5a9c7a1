#include <math.h>

#include "points/condition.h"
#include "rules/rule_model.h"

/* What several points of one input come to. */
struct gathering {
    size_t count;
    size_t unknown;
    size_t faulty;
    size_t doubtful;
    size_t open; /* so much or more */
    size_t on;
    double sum;
    double min;
    double max;
};

/* Silent or failed; a point that only tells of changes may be silent for ever. */
static bool point_is_faulty(const struct rule_point *point)
{
    return point->is_seen && condition_is_failure((enum gw_reason)point->reason);
}

/* What a broker kept without its time is no sign of life. */
static bool point_is_heard(const struct rule_point *point)
{
    return point->is_seen && point->reason != GW_REASON_RETAINED;
}

static bool point_is_supervised(const struct rule_point *point)
{
    const struct config_point *config = point->entry->config;
    return config && config->stale_us > 0;
}

/* Not heard since the start it may have failed before: its silence will tell, and of one
 * that only tells of changes its bus will, by the time all has settled. */
static bool feed_is_in_doubt(const struct rules *r, const struct rule_feed *feed,
                             int64_t time_us)
{
    return !point_is_heard(feed->point) && !feed->instance->has_turned
           && (point_is_supervised(feed->point) || time_us < r->settled_us);
}

static bool is_no_news(const struct rule_feed *feed)
{
    bool needs_news = feed->instance->rule->alarm.is_latching
                      || feed->point->entry->metric->kind == METRIC_EVENT;
    return needs_news && feed->point->is_old;
}

static double feed_value(const struct rule_feed *feed, const struct rule_input *input,
                         int64_t time_us)
{
    double latest = input->is_indicative ? feed->point->indication : feed->point->value;
    if (!feed->window)
        return is_no_news(feed) ? (double)NAN : latest;
    int64_t from_us =
        input->over_us > 0 ? time_us - input->over_us : feed->instance->phase_start_us;
    return window_value(feed->window, input->function, from_us, time_us, input->valid,
                        input->above);
}

/* returns whether nobody has said since the start what it is; a window that was filled
 * from the log may know all the same */
static bool gather(struct gathering *g, const struct rule_feed *feed,
                   const struct rule_input *input, int64_t time_us)
{
    bool is_open = !feed->window && !isnan(feed->point->least);
    double value = is_open ? feed->point->least : feed_value(feed, input, time_us);
    g->count++;
    g->open += is_open;
    g->faulty += point_is_faulty(feed->point);
    g->unknown += isnan(value);
    g->on += value != 0;
    g->sum += value;
    g->min = fmin(g->min, value);
    g->max = fmax(g->max, value);
    return !point_is_heard(feed->point) && (!feed->window || isnan(value));
}

static enum rule_of input_of(const struct rule_input *input)
{
    if (input->of != RULE_OF_DEFAULT)
        return input->of;
    bool is_state =
        input->metric->kind == METRIC_STATE || input->metric->kind == METRIC_EVENT;
    return is_state && input->kind == RULE_LATEST ? RULE_OF_ANY : RULE_OF_MEAN;
}

static double gathered(const struct gathering *g, const struct rule_input *input)
{
    if (input->kind == RULE_FAULTY)
        return (double)g->faulty;
    if (g->unknown > 0 || g->count == 0)
        return NAN;
    const double answers[] = {
        [RULE_OF_MEAN] = g->sum / (double)g->count,
        [RULE_OF_MIN] = g->min,
        [RULE_OF_MAX] = g->max,
        [RULE_OF_SUM] = g->sum,
        [RULE_OF_ANY] = g->on > 0,
        [RULE_OF_ALL] = g->on == g->count,
    };
    return answers[input_of(input)];
}

void rule_values_read(const struct rules *r, struct rule_instance *instance,
                      int64_t time_us, struct rule_values *ret)
{
    const struct rule *rule = instance->rule;
    size_t f = 0;
    *ret = (struct rule_values){0};
    for (size_t i = 0; i < rule->input_count; i++) {
        const struct rule_input *input = &rule->inputs[i];
        struct gathering g = {.min = NAN, .max = NAN};
        for (; f < instance->feed_count && instance->feeds[f].input == i; f++) {
            const struct rule_feed *feed = &instance->feeds[f];
            bool is_unheard = gather(&g, feed, input, time_us);
            g.doubtful +=
                input->kind == RULE_FAULTY && feed_is_in_doubt(r, feed, time_us);
            ret->is_unheard |= is_unheard;
            ret->is_due |= is_unheard && point_is_supervised(feed->point);
        }
        ret->least[i] = g.count > 0 ? gathered(&g, input) : instance->fixed[i];
        ret->most[i] = g.open > 0 ? (double)INFINITY : ret->least[i] + (double)g.doubtful;
        ret->is_open |= g.doubtful > 0 || g.open > 0;
    }
}

enum rule_gap_why rule_gap_of(const struct rules *r, const struct rule_instance *in,
                              size_t input, int64_t time_us)
{
    const struct rule_input *asked = &in->rule->inputs[input];
    for (size_t f = 0; f < in->feed_count; f++) {
        const struct rule_feed *feed = &in->feeds[f];
        if (feed->input != input)
            continue;
        if (asked->kind == RULE_FAULTY && feed_is_in_doubt(r, feed, time_us))
            return RULE_GAP_UNHEARD;
        if (asked->kind == RULE_FAULTY || !isnan(feed_value(feed, asked, time_us)))
            continue;
        if (!point_is_heard(feed->point))
            return RULE_GAP_UNHEARD;
        if (isnan(asked->is_indicative ? feed->point->indication : feed->point->value))
            return RULE_GAP_BAD;
        return feed->window ? RULE_GAP_THIN : RULE_GAP_UNHEARD;
    }
    return RULE_GAP_SET;
}
