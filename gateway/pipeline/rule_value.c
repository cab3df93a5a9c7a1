#include <math.h>

#include "pipeline/rule_model.h"

/* What several points of one input come to. */
struct gathering {
    size_t count;
    size_t unknown;
    size_t faulty;
    size_t on;
    double sum;
    double min;
    double max;
};

/* Silent or failed; a point that only tells of changes may be silent for ever. */
static bool point_is_faulty(const struct rule_point *point)
{
    static const bool is_failure[GW_REASONS] = {
        [GW_REASON_STALE] = true,
        [GW_REASON_DEVICE] = true,
        [GW_REASON_OFFLINE] = true,
        [GW_REASON_REJECTED] = true,
    };
    return point->is_seen && is_failure[point->reason];
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
    if (!feed->window)
        return is_no_news(feed) ? (double)NAN : feed->point->value;
    int64_t from_us =
        input->over_us > 0 ? time_us - input->over_us : feed->instance->phase_start_us;
    return window_value(feed->window, input->function, from_us, time_us, input->valid);
}

static void gather(struct gathering *g, const struct rule_feed *feed,
                   const struct rule_input *input, int64_t time_us)
{
    double value = feed_value(feed, input, time_us);
    g->count++;
    g->faulty += point_is_faulty(feed->point);
    g->unknown += isnan(value);
    g->on += value != 0;
    g->sum += value;
    g->min = fmin(g->min, value);
    g->max = fmax(g->max, value);
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

bool rule_values(struct rule_instance *instance, int64_t time_us, double *ret)
{
    const struct rule *rule = instance->rule;
    bool is_unseen = false;
    size_t f = 0;
    for (size_t i = 0; i < rule->input_count; i++) {
        struct gathering g = {.min = NAN, .max = NAN};
        for (; f < instance->feed_count && instance->feeds[f].input == i; f++) {
            gather(&g, &instance->feeds[f], &rule->inputs[i], time_us);
            is_unseen |= !instance->feeds[f].point->is_seen;
        }
        ret[i] = g.count > 0 ? gathered(&g, &rule->inputs[i]) : instance->fixed[i];
    }
    return is_unseen;
}
