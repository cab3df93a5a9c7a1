/* rule_expect_read.c - the keys of `expect`. */
#include <math.h>

#include "config/suggest.h"
#include "rules/rule_reading.h"

struct expect_text {
    const char *event;
    int64_t within_us;
    int64_t not_before_us;
    uint32_t times;
    const char *by;
    double valid;
    struct gw_strings order;
};

#define EXPECT(field) offsetof(struct expect_text, field)
const struct gw_option rule_expect_options[] = {
    {.name = "event",
     .type = GW_OPT_STRING,
     .offset = EXPECT(event),
     .required = true,
     .help = "metric: each event; a state that becomes not 0; a counter that rises; each "
             "reading of a gauge"},
    {.name = "within",
     .type = GW_OPT_DURATION,
     .offset = EXPECT(within_us),
     .min = 1e6,
     .max = 400 * 86400e6,
     .help = "at most so long after the one before, else it is missing"},
    {.name = "not_before",
     .type = GW_OPT_DURATION,
     .offset = EXPECT(not_before_us),
     .min = 1e6,
     .max = 400 * 86400e6,
     .help = "at least so long after it, else it is early"},
    {.name = "times",
     .type = GW_OPT_UINT,
     .offset = EXPECT(times),
     .min = 1,
     .max = 10000,
     .help = "at least so often until `by`, else there are too few"},
    {.name = "by",
     .type = GW_OPT_STRING,
     .offset = EXPECT(by),
     .fallback = "24:00",
     .help = "as at: 24:00, school_day 18:00, sunday 24:00, 1st 00:00"},
    {.name = "valid",
     .type = GW_OPT_SHARE,
     .offset = EXPECT(valid),
     .fallback = "80%",
     .help = "times: share of that time in which it could be heard, below which nothing "
             "is said"},
    {.name = "order",
     .type = GW_OPT_STRINGS,
     .offset = EXPECT(order),
     .min = 2,
     .max = RULE_ORDER_MAX,
     .help = "names of points, or places, in the order of their events"},
    {0},
};

static bool has_question(const struct rule_text *text)
{
    return text->inputs || text->when || text->clear || text->at || text->days
           || text->clear_days || text->hold_us > 0 || text->clear_hold_us > 0;
}

static bool expect_metric(const struct rule_reading *rd, const struct config *config,
                          const char *name)
{
    struct rule_input *input = &rd->rule->inputs[0];
    struct suggest near = {.wanted = name};
    *input = (struct rule_input){
        .name = "event", .metric = config_metric(config, name), .absent = NAN};
    rd->rule->input_count = 1;
    for (size_t i = 0; i < config->metric_count; i++)
        suggest_offer(&near, config->metrics[i].name);
    return input->metric
           || rule_reading_fault(
               rd, "expect", "unknown metric '%s' (%s%s%s)", name,
               config_faults_say(rd->src->faults,
                                 near.best ? "did you mean '"
                                           : "allowed: the names of the metrics"),
               near.best ? near.best : "",
               near.best ? config_faults_say(rd->src->faults, "'?") : "");
}

static bool expect_is_whole(const struct rule_reading *rd, const struct expect_text *text)
{
    if (has_question(&rd->text))
        return rule_reading_fault(
            rd, "expect",
            "stands for inputs, when, clear, for, clear_for, at and "
            "days (allowed: one of the two)");
    if (text->within_us == 0 && text->not_before_us == 0 && text->times == 0
        && text->order.count == 0)
        return rule_reading_fault(rd, "expect",
                                  "expects nothing (allowed: within, not_before, times "
                                  "or order)");
    if (text->within_us > 0 && text->not_before_us >= text->within_us)
        return rule_reading_fault(rd, "expect",
                                  "'not_before' leaves no time before 'within' ends");
    if (text->times > 0 && rd->text.during.count > 0)
        return rule_reading_fault(rd, "expect",
                                  "'times' counts until 'by', not 'during'");
    return true;
}

bool rule_expect_read(struct rule_reading *rd, const struct config *config)
{
    struct expect_text text = {0};
    struct rule *rule = rd->rule;
    if (!config_fill(rd->src, rd->text.expect, rule_reading_path(rd, "expect"),
                     rule_expect_options, &text, NULL)
        || !expect_metric(rd, config, text.event) || !expect_is_whole(rd, &text))
        return false;
    if (text.times > 0 && moment_read(text.by, &rule->at) < 0)
        return rule_reading_fault(rd, "expect",
                                  "'%s' is not a time (allowed: 24:00, school_day 18:00, "
                                  "sunday 24:00, 1st 00:00)",
                                  text.by);
    rule->expect = (struct rule_expect){.is_set = true,
                                        .within_us = text.within_us,
                                        .not_before_us = text.not_before_us,
                                        .times = text.times,
                                        .valid = text.valid,
                                        .order = text.order};
    const char *shown = arena_format(rd->rules->arena, "expect %s", text.event);
    rule->when = shown ? shown : "expect";
    rd->names.inputs = rd->inputs;
    rd->inputs[0] = rule->inputs[0].name;
    rd->names.input_count = 1;
    return true;
}
