/* rule_expect.c - events that are to come: missing, early, out of order, too few. */
#include <math.h>
#include <stdatomic.h>
#include <string.h>

#include "rules/rule_model.h"

static const char *const causes[RULE_FAULTS] = {[RULE_MISSING] = "missing",
                                                [RULE_EARLY] = "early",
                                                [RULE_OUT_OF_ORDER] = "out-of-order",
                                                [RULE_SHORT] = "too-few"};

static const double minute_us = 60e6;

bool rule_expect_is_event(const struct rule_point *point,
                          const struct gw_reading *reading)
{
    enum { NO_NEWS = GW_RETAINED | GW_RESUMED | GW_REPEAT | GW_STARTUP };
    if (reading->quality != GW_GOOD || (reading->flags & NO_NEWS))
        return false;
    switch (point->entry->metric->kind) {
    case METRIC_STATE:
        return reading->value != 0 && point->value == 0;
    case METRIC_COUNTER:
        return reading->value > point->value; /* also not after it was unknown */
    default:
        return true;
    }
}

static void fault_set(struct rules *r, struct rule_instance *in, enum rule_fault fault,
                      double value, int64_t time_us)
{
    double values[EXPRESSION_NAMES_MAX] = {value};
    if (in->expected.faults & (1u << fault))
        return;
    in->expected.faults |= 1u << fault;
    if (!in->is_asserted)
        rule_turn(r, in, values, causes[fault], time_us);
    else
        rule_keep(r, in);
}

static void fault_clear(struct rules *r, struct rule_instance *in, enum rule_fault fault,
                        const char *cause, int64_t time_us)
{
    if (!(in->expected.faults & (1u << fault)))
        return;
    in->expected.faults &= ~(1u << fault);
    if (in->is_asserted && in->expected.faults == 0)
        rule_turn(r, in, NULL, cause, time_us);
    else
        rule_keep(r, in);
}

bool rule_expect_is_named(const struct point_entry *entry, const char *name)
{
    const char *part = strchr(entry->name, '.');
    return strcmp(entry->object, name) == 0 || (part && strcmp(part + 1, name) == 0);
}

static void order_look(struct rules *r, struct rule_instance *in,
                       const struct point_entry *entry, int64_t time_us)
{
    const struct gw_strings *order = &in->rule->expect.order;
    uint32_t index = 0;
    if (in->expected.next >= order->count) /* kept of a longer one */
        in->expected.next = 0;
    while (index < order->count && !rule_expect_is_named(entry, order->items[index]))
        index++;
    uint32_t after = index + 1 < order->count ? index + 1 : 0;
    bool is_again = in->expected.next == after && in->expected.has_event;
    if (index == order->count || is_again)
        return;
    bool is_wrong = index != in->expected.next;
    in->expected.next = after;
    if (is_wrong)
        fault_set(r, in, RULE_OUT_OF_ORDER, index + 1, time_us);
    else
        fault_clear(r, in, RULE_OUT_OF_ORDER, "rule", time_us);
}

/* Before the day of its moment begins an event belongs to no day. */
static bool is_counted(const struct rule_instance *in, int64_t time_us)
{
    enum moment_each each = in->rule->at.each;
    bool is_of_day = each == MOMENT_DAY || each == MOMENT_SCHOOL_DAY;
    return !is_of_day || time_us >= in->moment.day_us;
}

/* A heartbeat is not written each time: a start may believe it a little older. */
static bool is_worth_keeping(const struct rule_instance *in, int64_t time_us)
{
    const struct rule_expect *expect = &in->rule->expect;
    bool is_gauge = in->rule->inputs[0].metric->kind == METRIC_GAUGE;
    return !is_gauge || expect->within_us == 0 || expect->times > 0
           || time_us - in->expected.kept_us > expect->within_us / 10;
}

void rule_expect_event(struct rules *r, const struct rule_feed *feed, int64_t time_us)
{
    struct rule_instance *in = feed->instance;
    const struct rule_expect *expect = &in->rule->expect;
    int64_t elapsed_us = rule_hold_elapsed(&in->hold, time_us);
    if (!in->is_during)
        return;
    atomic_fetch_add_explicit(&in->rule->evaluations, 1, memory_order_relaxed);
    fault_clear(r, in, RULE_MISSING, "rule", time_us);
    if (in->expected.has_event && elapsed_us < expect->not_before_us)
        fault_set(r, in, RULE_EARLY, (double)elapsed_us / minute_us, time_us);
    if (expect->order.count > 0)
        order_look(r, in, feed->point->entry, time_us);
    in->expected.count += is_counted(in, time_us);
    if (expect->times > 0 && in->expected.count >= expect->times)
        fault_clear(r, in, RULE_SHORT, "rule", time_us);
    in->expected.has_event = true;
    rule_hold_begin_anew(&in->hold);
    rule_hold_run(&in->hold, time_us);
    if (!is_worth_keeping(in, time_us))
        return;
    in->expected.kept_us = time_us;
    rule_keep(r, in);
}

/* A point that is bad would not tell. */
static bool is_blind(const struct rule_instance *in)
{
    for (size_t i = 0; i < in->feed_count; i++) {
        const struct rule_point *point = in->feeds[i].point;
        bool is_told = point->is_seen && point->reason != GW_REASON_RETAINED
                       && point->reason != GW_REASON_UNSEEN;
        if (is_told && isnan(point->value))
            return true;
    }
    return false;
}

static void watch(struct rules *r, struct rule_instance *in, int64_t time_us)
{
    bool was_blind = in->expected.blind.since_us != GW_TIME_NONE;
    bool was_running = in->hold.since_us != GW_TIME_NONE;
    bool blind = is_blind(in);
    if (blind) {
        rule_hold_stop(&in->hold, time_us);
        rule_hold_run(&in->expected.blind, time_us);
    } else {
        rule_hold_run(&in->hold, time_us);
        rule_hold_stop(&in->expected.blind, time_us);
    }
    if (blind != was_blind || blind == was_running)
        rule_keep(r, in);
}

static void period_end(struct rules *r, struct rule_instance *in, int64_t time_us)
{
    const struct rule_expect *expect = &in->rule->expect;
    struct rule_expected *e = &in->expected;
    bool is_first = in->judged_us == GW_TIME_NONE;
    enum moment_each each = in->rule->at.each;
    bool is_of_day = each == MOMENT_DAY || each == MOMENT_SCHOOL_DAY;
    int64_t start_us = is_of_day ? in->moment.day_us : in->judged_us;
    double heard_us = is_first ? 0 : (double)(in->moment.time_us - start_us);
    double blind_us = (double)rule_hold_elapsed(&e->blind, time_us);
    bool is_known = !is_first && blind_us <= (1 - expect->valid) * heard_us;
    uint32_t count = e->count;
    e->count = 0;
    e->blind.held_us = 0;
    if (e->blind.since_us != GW_TIME_NONE)
        e->blind.since_us = time_us;
    in->judged_us = in->moment.time_us;
    in->moment = moment_next(&in->rule->at, r->campus, time_us);
    if (is_known && count < expect->times)
        fault_set(r, in, RULE_SHORT, count, time_us);
    rule_keep(r, in);
}

/* The moment may lie far back where the gateway was off: then nobody counted. */
static void period_look(struct rules *r, struct rule_instance *in, int64_t time_us)
{
    if (in->moment.time_us == GW_TIME_NONE || time_us < in->moment.time_us)
        return;
    if (time_us - in->moment.time_us > RULE_SETTLING_US)
        in->judged_us = GW_TIME_NONE;
    period_end(r, in, time_us);
}

static void rest(struct rules *r, struct rule_instance *in, int64_t time_us)
{
    bool had_hold = in->hold.since_us != GW_TIME_NONE || in->hold.held_us > 0;
    rule_hold_begin_anew(&in->hold);
    in->expected.next = 0;
    in->expected.has_event = false;
    for (int fault = 0; fault < RULE_FAULTS && !in->rule->alarm.is_latching; fault++)
        fault_clear(r, in, (enum rule_fault)fault, "phase-end", time_us);
    if (had_hold)
        rule_keep(r, in);
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* When @span_us since the last event will be over. */
static int64_t span_end(const struct rule_instance *in, int64_t span_us)
{
    if (in->hold.since_us == GW_TIME_NONE)
        return DEADLINE_NEVER;
    return in->hold.since_us + span_us - in->hold.held_us;
}

/* After a start what waited at the broker comes first. */
static int64_t missing_look(struct rules *r, struct rule_instance *in, int64_t time_us)
{
    int64_t within_us = in->rule->expect.within_us;
    if (within_us == 0 || (in->expected.faults & (1u << RULE_MISSING)))
        return DEADLINE_NEVER;
    int64_t elapsed_us = rule_hold_elapsed(&in->hold, time_us);
    if (elapsed_us < within_us)
        return span_end(in, within_us);
    if (time_us < r->settled_us)
        return r->settled_us;
    fault_set(r, in, RULE_MISSING, (double)elapsed_us / minute_us, time_us);
    return DEADLINE_NEVER;
}

int64_t rule_expect_judge(struct rules *r, struct rule_instance *in, int64_t time_us)
{
    int64_t not_before_us = in->rule->expect.not_before_us;
    int64_t due_us = in->until_us;
    if (r->ops.judged)
        rule_watch(r, in,
                   !in->is_during ? RULE_RESTS
                   : is_blind(in) ? RULE_IS_UNKNOWN
                                  : RULE_IS_KNOWN,
                   time_us);
    if (!in->is_during) {
        rest(r, in, time_us);
        return due_us;
    }
    watch(r, in, time_us);
    due_us = earlier(due_us, missing_look(r, in, time_us));
    if (in->expected.faults & (1u << RULE_EARLY)) {
        if (rule_hold_elapsed(&in->hold, time_us) >= not_before_us)
            fault_clear(r, in, RULE_EARLY, "rule", time_us);
        else
            due_us = earlier(due_us, span_end(in, not_before_us));
    }
    period_look(r, in, time_us);
    if (in->moment.time_us != GW_TIME_NONE)
        due_us = earlier(due_us, in->moment.time_us);
    return due_us;
}
