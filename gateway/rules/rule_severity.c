/* rule_severity.c - the steps of a rule's severity: read, and taken while an alarm
 * stands.
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "rules/rule_reading.h"

static const char *const severities[] = {"P1", "P2", "P3", "P4", "INF", NULL};
static const struct gw_option severity_option = {
    .name = "severity", .type = GW_OPT_ENUM, .choices = severities};

/* What stands behind one severity, written out. */
struct step_text {
    const char *when;
    struct gw_strings during;
    int64_t around_us;
};

#define STEP(field) offsetof(struct step_text, field)
const struct gw_option rule_step_options[] = {
    {.name = "when",
     .type = GW_OPT_STRING,
     .offset = STEP(when),
     .help =
         "condition over the rule's inputs and parameters; \"P2: CONDITION\" is short "
         "for this"},
    {.name = "during",
     .type = GW_OPT_STRINGS,
     .offset = STEP(during),
     .max = GW_PHASES + 2,
     .help = "phases, or arrival and departure: before the first and after the last "
             "lesson or after-school service of a day"},
    {.name = "around",
     .type = GW_OPT_DURATION,
     .offset = STEP(around_us),
     .min = 60e6,
     .max = 4 * 3600e6,
     .fallback = "40min",
     .help = "how long arrival and departure take"},
    {0},
};

static bool step_phase(const char *name, struct rule_step *ret)
{
    struct rule_step before = *ret;
    ret->is_at_arrival |= strcmp(name, "arrival") == 0;
    ret->is_at_departure |= strcmp(name, "departure") == 0;
    for (int p = 0; p < GW_PHASES; p++)
        if (strcmp(name, gw_phase_name((enum gw_phase_kind)p)) == 0)
            ret->phases |= 1u << p;
    return ret->is_at_arrival != before.is_at_arrival
           || ret->is_at_departure != before.is_at_departure
           || ret->phases != before.phases;
}

static int step_condition(struct rule_reading *rd, const struct config_node *node,
                          const char *text, struct rule_step *ret, bool *ret_is_good)
{
    struct expression_fault fault = {.is_chinese =
                                         config_faults_is_chinese(rd->src->faults)};
    bool is_clear = false;
    *ret_is_good = rule_condition_read(rd, "severity", node, text, &rd->step);
    if (!*ret_is_good)
        return 0;
    int r = expression_new(rd->rules->expressions, &rd->step, NULL, &ret->expression,
                           &fault, &is_clear);
    if (r == -ENOMEM)
        return r;
    if (r < 0)
        *ret_is_good = rule_reading_fault(rd, "severity", "%s (at '%.20s')", fault.text,
                                          text + fault.offset);
    return 0;
}

/* A condition alone, or a mapping. */
static int step_read(struct rule_reading *rd, const struct config_node *node,
                     struct rule_step *ret, bool *ret_is_good)
{
    struct step_text text = {.when = config_scalar(node)};
    *ret_is_good = text.when
                   || config_fill(rd->src, node, rule_reading_path(rd, "severity"),
                                  rule_step_options, &text, NULL);
    if (!*ret_is_good)
        return 0;
    ret->around_us = text.around_us;
    for (size_t i = 0; i < text.during.count && *ret_is_good; i++)
        if (!step_phase(text.during.items[i], ret))
            *ret_is_good = rule_reading_fault(
                rd, "severity",
                "unknown or repeated phase '%s' (allowed: phases as in during, arrival, "
                "departure)",
                text.during.items[i]);
    if (!*ret_is_good || (!text.when && text.during.count > 0))
        return 0;
    if (!text.when)
        *ret_is_good = rule_reading_fault(rd, "severity",
                                          "a step says when it is taken (allowed: P2: "
                                          "CONDITION, P2: {during: [recess]})");
    return *ret_is_good
               ? step_condition(rd,
                                config_scalar(node) ? node : config_child(node, "when"),
                                text.when, ret, ret_is_good)
               : 0;
}

static int step_order(const void *a, const void *b)
{
    const struct rule_step *left = a;
    const struct rule_step *right = b;
    return (int)left->severity - (int)right->severity;
}

static bool read_word(const struct rule_reading *rd, const struct config_node *node,
                      enum gw_severity *ret)
{
    int word = 0;
    bool is_good =
        config_read_option(rd->src, node, rd->layers[0].path, &severity_option, &word);
    *ret = (enum gw_severity)word;
    return is_good;
}

static int step_add(struct rule_reading *rd, const char *key,
                    const struct config_node *node, bool *ret_is_good)
{
    struct rule *rule = rd->rule;
    int severity = GW_P1;
    while (severity < GW_P4 && strcmp(severities[severity], key) != 0)
        severity++;
    bool is_step = strcmp(severities[severity], key) == 0
                   && severity < (int)rule->alarm.severity
                   && rule->alarm.severity != GW_INF;
    if (!is_step) {
        *ret_is_good = rule_reading_fault(
            rd, "severity", "'%s' is no step (allowed: default, and more urgent ones)",
            key);
        return 0;
    }
    struct rule_step *step = &rule->steps[rule->step_count++];
    step->severity = (enum gw_severity)severity;
    int r = step_read(rd, node, step, ret_is_good);
    rule->has_step_phases |= step->phases || step->is_at_arrival || step->is_at_departure;
    return r;
}

int rule_severity_read(struct rule_reading *rd, bool *ret_is_good)
{
    const struct config_node *node = rd->text.severity;
    const struct config_node *first = config_child(node, "default");
    enum gw_severity *base = &rd->rule->alarm.severity;
    int r = 0;
    if (!config_is_map(node)) {
        *ret_is_good = read_word(rd, node, base);
        return 0;
    }
    *ret_is_good = first ? read_word(rd, first, base)
                         : rule_reading_fault(rd, "severity",
                                              "'default' is missing (allowed: {default: "
                                              "P3, P2: CONDITION})");
    for (size_t i = 0; i < config_count(node) && r == 0 && *ret_is_good; i++)
        if (strcmp(config_key(node, i), "default") != 0)
            r = step_add(rd, config_key(node, i), config_value(node, i), ret_is_good);
    qsort(rd->rule->steps, rd->rule->step_count, sizeof(struct rule_step), step_order);
    return r;
}

static bool is_in_phase(const struct rules *r, const struct rule_step *step,
                        const struct rule_instance *in, int64_t time_us)
{
    if (step->phases == 0 && !step->is_at_arrival && !step->is_at_departure)
        return true;
    const char *object = in->phase_object;
    struct gw_phase now = gw_campus_phase(r->campus, object, time_us);
    if (step->phases & (1u << now.kind))
        return true;
    return gw_campus_rush(r->campus, object, time_us,
                          step->is_at_arrival ? step->around_us : 0,
                          step->is_at_departure ? step->around_us : 0);
}

static bool step_is_taken(const struct rules *r, const struct rule_step *step,
                          const struct rule_instance *in, const double *values,
                          int64_t time_us)
{
    enum verdict when = VERDICT_TRUE;
    enum verdict clear = VERDICT_UNKNOWN;
    if (!is_in_phase(r, step, in, time_us))
        return false;
    if (step->expression && !values)
        return false;
    if (step->expression)
        expression_evaluate(step->expression, values, in->rule->input_count, &when,
                            &clear);
    return when == VERDICT_TRUE;
}

static enum gw_severity severity_now(const struct rules *r,
                                     const struct rule_instance *in, const double *values,
                                     int64_t time_us)
{
    const struct rule *rule = in->rule;
    for (size_t i = 0; i < rule->step_count; i++)
        if (step_is_taken(r, &rule->steps[i], in, values, time_us))
            return rule->steps[i].severity;
    return rule->alarm.severity;
}

void rule_severity_begin(const struct rules *r, struct rule_instance *in,
                         const double *values, int64_t time_us)
{
    in->severity = severity_now(r, in, values, time_us);
}

void rule_severity_look(struct rules *r, struct rule_instance *in, const double *values,
                        int64_t time_us)
{
    enum gw_severity severity = severity_now(r, in, values, time_us);
    if (severity >= in->severity)
        return;
    in->severity = severity;
    rule_keep(r, in);
    struct alarm_rule alarm = rule_alarm(in);
    r->ops.worsen(r->ops.ctx, &alarm, in->object, values ? values[0] : (double)NAN,
                  time_us);
}

struct alarm_rule rule_alarm(const struct rule_instance *in)
{
    struct alarm_rule alarm = in->rule->alarm;
    if (in->severity < alarm.severity)
        alarm.severity = in->severity;
    return alarm;
}
