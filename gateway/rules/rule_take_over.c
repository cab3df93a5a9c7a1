/* rule_take_over.c - the rules of a new configuration go on where the old ones were. */
#include <math.h>
#include <string.h>

#include "rules/rule_model.h"

static const int64_t day_us = INT64_C(86400) * 1000000;

static bool is_same_instance(const struct rule_instance *a, const struct rule_instance *b)
{
    return strcmp(a->object, b->object) == 0
           && strcmp(a->rule->alarm.id, b->rule->alarm.id) == 0;
}

/* The instance of @r with @like's rule and object, or NULL.  Both lists have much the
 * same order: @hint, where the last one was, is near. */
static struct rule_instance *twin(const struct rules *r, const struct rule_instance *like,
                                  size_t *hint)
{
    for (size_t i = 0; i < r->instance_count; i++) {
        size_t at = (*hint + i) % r->instance_count;
        if (is_same_instance(r->instances[at], like)) {
            *hint = at + 1;
            return r->instances[at];
        }
    }
    return NULL;
}

static const struct rule_input *input_of(const struct rule_feed *feed)
{
    return &feed->instance->rule->inputs[feed->input];
}

/* A window of the same point over the same time holds the same readings. */
static void take_window(const struct rules *r, struct rule_feed *feed,
                        struct rule_instance *old, const struct rules *before,
                        const size_t *from)
{
    size_t index = from[point_table_index(r->table, feed->point->entry->id)];
    for (size_t i = 0; i < old->feed_count && index != POINT_NOWHERE; i++) {
        struct rule_feed *other = &old->feeds[i];
        if (!other->window
            || point_table_index(before->table, other->point->entry->id) != index
            || input_of(other)->over_us != input_of(feed)->over_us
            || input_of(other)->is_indicative != input_of(feed)->is_indicative)
            continue;
        struct window *refilled = feed->window;
        feed->window = other->window;
        other->window = refilled; /* freed with the old rules */
        return;
    }
}

/* What was refilled from the log may end before the value that holds now. */
static void top_up(const struct rules *r, struct rule_feed *feed, int64_t time_us)
{
    const struct gw_reading *now = point_table_get(r->table, feed->point->entry->id);
    int64_t over_us = input_of(feed)->over_us > 0 ? input_of(feed)->over_us : day_us;
    if (!now || now->reason == GW_REASON_UNSEEN)
        return;
    bool is_empty = window_length(feed->window) == 0;
    double last = window_value(feed->window, WINDOW_LAST, time_us - over_us, time_us, 0,
                               (double)NAN);
    double value = rule_reading_value(now, input_of(feed)->is_indicative);
    if (isnan(value))
        (void)window_push(feed->window, time_us, value);
    else if (is_empty || last != value)
        (void)window_push(feed->window, is_empty ? now->time_us : time_us, value);
}

static void take_windows(const struct rules *r, struct rule_instance *in,
                         struct rule_instance *old, const struct rules *before,
                         const size_t *from, int64_t time_us)
{
    for (size_t i = 0; i < in->feed_count; i++) {
        struct rule_feed *feed = &in->feeds[i];
        const struct window *own = feed->window;
        if (!own)
            continue;
        if (old)
            take_window(r, feed, old, before, from);
        if (feed->window == own)
            top_up(r, feed, time_us);
    }
}

static void take_verdict(struct rules *r, struct rule_instance *in,
                         const struct rule_instance *old, int64_t time_us)
{
    bool had_hold = old->hold.held_us > 0 || old->hold.since_us != GW_TIME_NONE;
    in->is_asserted = old->is_asserted;
    in->has_turned = old->has_turned;
    in->severity = old->severity;
    in->judged_us = old->judged_us;
    if (in->rule->meaning != old->rule->meaning) {
        if (had_hold)
            rule_keep(r, in);
        return;
    }
    in->was_judged = old->was_judged;
    in->hold = old->hold;
    in->day = old->day;
    in->expected = old->expected;
    in->day.end_us = time_us; /* looks again */
    in->is_during = old->is_during;
    in->during_since_us = old->during_since_us;
    in->phase_start_us = old->phase_start_us;
    in->until_us = old->until_us == INT64_MAX ? INT64_MAX : time_us; /* looks again */
}

static void take_counts(struct rules *r, const struct rules *old)
{
    for (size_t i = 0; i < r->rule_count; i++)
        for (size_t k = 0; k < old->rule_count; k++)
            if (strcmp(r->rules[i]->alarm.id, old->rules[k]->alarm.id) == 0)
                r->rules[i]->evaluations = old->rules[k]->evaluations;
}

static bool has_new_point(const struct rules *r, const size_t *from)
{
    for (size_t i = 0; i < point_table_count(r->table); i++)
        if (r->points[i] && from[i] == POINT_NOWHERE)
            return true;
    return false;
}

/* A rule that comes back some day begins anew: nobody watched it in between. */
static void forget_gone(struct rules *r, const struct rules *old)
{
    size_t hint = 0;
    for (size_t i = 0; i < old->instance_count; i++)
        if (!twin(r, old->instances[i], &hint))
            rule_forget(r, old->instances[i]);
}

void rules_take_over(struct rules *r, struct rules *old, const size_t *from,
                     int64_t time_us)
{
    size_t hint = 0;
    for (size_t i = 0; i < r->instance_count; i++) {
        struct rule_instance *in = r->instances[i];
        struct rule_instance *was = twin(old, in, &hint);
        if (was)
            take_verdict(r, in, was, time_us);
        take_windows(r, in, was, old, from, time_us);
    }
    forget_gone(r, old);
    take_counts(r, old);
    r->settled_us = has_new_point(r, from) ? time_us + RULE_SETTLING_US : old->settled_us;
    rules_begin(r, "configuration", time_us);
}
