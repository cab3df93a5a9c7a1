/* rule_never.c - names the rules that can never fire, whatever is read. */
#include "rules/rule_model.h"

/* A phase that the school has not is mostly one that it calls otherwise. */
static void tell_unrung(const struct rules *r, const struct rule *rule,
                        struct config_faults *faults)
{
    if (!rule->is_own || rule->phases == 0
        || (rule->phases & campus_phases_rung(r->campus)) != 0)
        return;
    const char *path = arena_format(r->arena, "rules.%s.during", rule->alarm.id);
    config_warning(faults, rule->mark, path ? path : "rules",
                   "no bells have any of these phases: the rule never watches (wanted: "
                   "phases of bells in campus.yaml, or no during)");
}

/* What must last longer than any of its phases never has lasted long enough. */
static void tell_outlasted(const struct rules *r, const struct rule *rule,
                           struct config_faults *faults)
{
    static const int64_t second_us = 1000000;
    static const int64_t minute_us = 60 * second_us;
    int64_t longest_us = campus_longest_s(r->campus, rule->phases) * second_us;
    if (rule->phases == 1u << GW_PHASE_LESSON)
        longest_us -= rule->slice_start_us + rule->slice_end_us;
    if (rule->phases == 0 || rule->hold_us <= longest_us || longest_us <= 0)
        return;
    const char *path = arena_format(r->arena, "rules.%s.for", rule->alarm.id);
    config_warning(
        faults, rule->mark, path ? path : "rules",
        "lasts longer than the longest of its phases, %lld min: the rule never "
        "fires (wanted: less)",
        (long long)(longest_us / minute_us));
}

static bool has_event_of(const struct rules *r, const struct rule *rule, const char *name)
{
    for (size_t i = 0; i < r->instance_count; i++) {
        const struct rule_instance *in = r->instances[i];
        for (size_t f = 0; in->rule == rule && f < in->feed_count; f++)
            if (rule_expect_is_named(in->feeds[f].point->entry, name))
                return true;
    }
    return false;
}

/* What the order names and no event is called would be passed over. */
static void tell_unordered(const struct rules *r, const struct rule *rule,
                           struct config_faults *faults)
{
    const struct gw_strings *order = &rule->expect.order;
    const char *path = arena_format(r->arena, "rules.%s.expect", rule->alarm.id);
    for (size_t i = 0; rule->instances > 0 && i < order->count; i++)
        if (!has_event_of(r, rule, order->items[i]))
            config_warning(faults, rule->mark, path ? path : "rules",
                           "order: no event is called '%s' (wanted: names of points, or "
                           "places, that the rule hears)",
                           order->items[i]);
}

void rules_tell_never(const struct rules *r, struct config_faults *faults)
{
    for (size_t i = 0; i < r->rule_count; i++) {
        tell_unrung(r, r->rules[i], faults);
        tell_outlasted(r, r->rules[i], faults);
        tell_unordered(r, r->rules[i], faults);
    }
}
