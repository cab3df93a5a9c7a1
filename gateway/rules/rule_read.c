#include "rules/rule_read.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/strbuf.h"
#include "rules/rule_reading.h"

/* The last layer that says @key, the first one when none does. */
static size_t layer_of(const struct rule_reading *rd, const char *key)
{
    size_t i = rd->layer_count - 1;
    while (i > 0 && !config_child(rd->layers[i].node, key))
        i--;
    return i;
}

/* The node of @key where it was last said. */
const struct config_node *rule_reading_node(const struct rule_reading *rd,
                                            const char *key)
{
    const struct config_node *layer = rd->layers[layer_of(rd, key)].node;
    const struct config_node *node = config_child(layer, key);
    return node ? node : layer;
}

/* Of two keys that do not go together the one that was said later: the other stood there
 * before, and was right. */
static const char *later_of(const struct rule_reading *rd, const char *key,
                            const char *other)
{
    return layer_of(rd, other) > layer_of(rd, key) ? other : key;
}

const char *rule_reading_path(const struct rule_reading *rd, const char *key)
{
    const char *path = arena_format(rd->src->arena, "%s.%s", rd->layers[0].path, key);
    return path ? path : key;
}

bool rule_reading_fault(const struct rule_reading *rd, const char *key,
                        const char *format, ...)
{
    va_list args;
    va_start(args, format);
    config_vfault(rd->src->faults, config_where(rule_reading_node(rd, key)),
                  rule_reading_path(rd, key), false, format, args);
    va_end(args);
    return false;
}

static bool phase_fault(const struct rule_reading *rd, const char *name)
{
    char names[200] = "lesson_whole";
    for (int p = 0; p < GW_PHASES; p++) {
        size_t used = strlen(names);
        (void)snprintf(names + used, sizeof(names) - used, ", %s",
                       gw_phase_name((enum gw_phase_kind)p)); /* a cut list still helps */
    }
    return rule_reading_fault(
        rd, "during", "unknown or repeated phase '%s' (allowed: %s)", name, names);
}

/* "lesson" is the slice; every other word the whole phase. */
static bool read_during(struct rule_reading *rd)
{
    struct rule *rule = rd->rule;
    for (size_t i = 0; i < rd->text.during.count; i++) {
        const char *name = rd->text.during.items[i];
        uint32_t before = rule->phases;
        if (strcmp(name, "lesson_whole") == 0)
            rule->phases |= 1u << GW_PHASE_LESSON;
        for (int p = 0; p < GW_PHASES; p++)
            if (strcmp(name, gw_phase_name((enum gw_phase_kind)p)) == 0) {
                rule->phases |= 1u << p;
                rule->is_slice |= p == GW_PHASE_LESSON;
            }
        if (rule->phases == before)
            return phase_fault(rd, name);
    }
    rule->slice_start_us = rule->is_slice ? rd->text.slice_start_us : 0;
    rule->slice_end_us = rule->is_slice ? rd->text.slice_end_us : 0;
    return true;
}

/* `at` says when: nothing else may say it too. */
static bool read_at(struct rule_reading *rd)
{
    const struct rule_text *text = &rd->text;
    if (!text->at)
        return true;
    if (moment_read(text->at, &rd->rule->at) < 0)
        return rule_reading_fault(rd, "at",
                                  "'%s' is not a time (allowed: 08:00, school_day 18:30, "
                                  "monday 06:00, 1st 06:00)",
                                  text->at);
    const char *other = text->hold_us > 0         ? "for"
                        : text->clear_hold_us > 0 ? "clear_for"
                        : text->during.count > 0  ? "during"
                                                  : NULL;
    if (other)
        return rule_reading_fault(
            rd, later_of(rd, "at", other),
            "a rule that is judged once has no 'for', 'clear_for' or "
            "'during' (allowed: windows of its inputs)");
    return true;
}

/* "3 of 5" */
static bool days_are_good(const char *text, struct rule_days *ret)
{
    static const char between[] = " of ";
    char *end = NULL;
    unsigned long need = isdigit((unsigned char)*text) ? strtoul(text, &end, 10) : 0;
    if (!end || strncmp(end, between, sizeof(between) - 1) != 0)
        return false;
    const char *second = end + sizeof(between) - 1;
    unsigned long of = isdigit((unsigned char)*second) ? strtoul(second, &end, 10) : 0;
    *ret = (struct rule_days){(uint32_t)need, (uint32_t)of};
    return *end == '\0' && need >= 1 && need <= of && of <= RULE_DAYS_MAX;
}

static bool read_share_of_days(struct rule_reading *rd, const char *key, const char *text,
                               struct rule_days *ret)
{
    return days_are_good(text, ret)
           || rule_reading_fault(rd, key,
                                 "'%s' is not so many days (allowed: 3 of 5, up to %d)",
                                 text, RULE_DAYS_MAX);
}

/* With `days` a day without school has no verdict; `at` may be any day's, no week's. */
static bool read_days(struct rule_reading *rd)
{
    const struct rule_text *text = &rd->text;
    struct rule *rule = rd->rule;
    if (!text->days)
        return !text->clear_days
               || rule_reading_fault(rd, "clear_days", "needs 'days' (allowed: 3 of 5)");
    if (!read_share_of_days(rd, "days", text->days, &rule->days))
        return false;
    rule->clear_days =
        (struct rule_days){rule->days.of - rule->days.need + 1, rule->days.of};
    if (text->clear_days
        && !read_share_of_days(rd, "clear_days", text->clear_days, &rule->clear_days))
        return false;
    if (rule->at.each == MOMENT_WEEK || rule->at.each == MOMENT_MONTH)
        return rule_reading_fault(rd, later_of(rd, "days", "at"),
                                  "needs an 'at' of each day (allowed: 18:30)");
    if (rule->at.each == MOMENT_DAY)
        rule->at.each = MOMENT_SCHOOL_DAY;
    if (!text->at && (text->clear || text->clear_hold_us > 0))
        return rule_reading_fault(rd, "clear",
                                  "a day is over when when was not true in it (allowed: "
                                  "clear_days; clear together with at)");
    return true;
}

static void read_alarm(struct rule_reading *rd)
{
    const struct rule_text *text = &rd->text;
    rd->rule->alarm = (struct alarm_rule){
        .id = text->id,
        .title = text->title,
        .action = text->action,
        .basis = text->basis ? text->basis : "",
        .is_latching = text->latched,
    };
    rd->rule->basis_edition = text->basis_edition ? text->basis_edition : "";
    rd->rule->when = text->when;
    rd->rule->exempt = text->exempt > 0 ? 1u << (text->exempt - 1) : 0;
    rd->rule->outputs = text->outputs;
    rd->rule->hold_us = text->hold_us;
    rd->rule->clear_hold_us = text->clear_hold_us;
    rd->rule->mark = config_where(rd->layers[rd->layer_count - 1].node);
}

/* Of everything that is asked at the verdict, and nothing of what is only shown. */
static uint64_t meaning_of(const struct rule_reading *rd)
{
    const struct rule *rule = rd->rule;
    struct strbuf b = {0};
    strbuf_format(&b, "%s|%s|%u %d %lld %lld|%d %d %d %u %u", rule->when,
                  rd->text.clear ? rd->text.clear : "", rule->phases, rule->is_slice,
                  (long long)rule->slice_start_us, (long long)rule->slice_end_us,
                  rule->at.each, rule->at.day, rule->at.clock_s, rule->days.need,
                  rule->days.of);
    const struct rule_expect *expect = &rule->expect;
    strbuf_format(&b, "|%lld %lld %u %a", (long long)expect->within_us,
                  (long long)expect->not_before_us, expect->times, expect->valid);
    for (size_t i = 0; i < expect->order.count; i++)
        strbuf_format(&b, " %s", expect->order.items[i]);
    for (size_t i = 0; i < rd->names.parameter_count; i++)
        strbuf_format(&b, "|%s %a", rd->parameters[i], rd->values[i]);
    for (size_t i = 0; i < rule->input_count; i++) {
        const struct rule_input *in = &rule->inputs[i];
        strbuf_format(&b, "|%s %d %s %d %a %d %lld %a %a %d", in->name, in->kind,
                      in->metric ? in->metric->name : "*", in->of, in->absent,
                      in->function, (long long)in->over_us, in->valid, in->above,
                      in->attribute);
        if (in->is_indicative)
            strbuf_format(&b, " indicative");
    }
    uint64_t meaning = hash_bytes(b.text ? b.text : "", b.used);
    strbuf_free(&b);
    return meaning;
}

/* What stands there misspelt is told as that alone. */
static bool is_missing(const struct rule_reading *rd, const char *key,
                       const char *allowed)
{
    const struct layer *last = &rd->layers[rd->layer_count - 1];
    if (!layers_mean(rd->layers, rd->layer_count, rule_options, key)
        && !layers_mean(rd->layers, rd->layer_count, rule_options, "expect"))
        config_fault(rd->src->faults, config_where(last->node), last->path,
                     "'%s' is missing (allowed: %s; or expect)", key, allowed);
    return true;
}

/* A rule asks something of its inputs, or expects something. */
static bool is_asked(const struct rule_reading *rd)
{
    if (rd->text.expect)
        return true;
    bool lacks_inputs = !rd->text.inputs && is_missing(rd, "inputs", "NAME: METRIC");
    bool lacks_when = !rd->text.when && is_missing(rd, "when", "a condition");
    return !lacks_inputs && !lacks_when;
}

/* Everything that the verdict is made of. */
static int read_question(struct rule_reading *rd, const struct config *config,
                         bool *ret_is_good)
{
    bool has_severity = false;
    bool has_inputs = rule_inputs_read(rd->src, config, rd->text.inputs,
                                       rule_reading_path(rd, "inputs"), rd->rule)
                      && rule_names_read(rd);
    *ret_is_good = has_inputs;
    if (!has_inputs)
        return 0;
    if (rd->rule->input_count > 0)
        rd->rule->alarm.unit = rule_input_unit(&rd->rule->inputs[0]);
    int r = rule_severity_read(rd, &has_severity);
    if (r == 0)
        r = rule_expression_read(rd, ret_is_good);
    *ret_is_good = *ret_is_good && has_severity;
    return r;
}

static int reading_run(struct rule_reading *rd, const struct config *config,
                       bool *ret_is_good)
{
    *ret_is_good =
        layers_fill(rd->src, rd->layers, rd->layer_count, rule_options, &rd->text, true);
    *ret_is_good &= is_asked(rd);
    if (!*ret_is_good)
        return 0;
    read_alarm(rd);
    bool is_good = rule_objects_read(rd->src, config, rd->text.each,
                                     rule_reading_path(rd, "each"), &rd->rule->objects);
    is_good &= read_during(rd);
    is_good &= read_at(rd) && read_days(rd);
    int r = 0;
    if (!rd->text.expect)
        r = read_question(rd, config, ret_is_good);
    else if (rule_expect_read(rd, config))
        r = rule_severity_read(rd, ret_is_good);
    else
        *ret_is_good = false;
    rd->rule->meaning = meaning_of(rd);
    *ret_is_good = *ret_is_good && is_good;
    return r;
}

void rule_expressions_free(struct rule *rule)
{
    rule->expression = expression_free(rule->expression);
    for (size_t i = 0; i < rule->step_count; i++)
        rule->steps[i].expression = expression_free(rule->steps[i].expression);
}

int rule_read(struct rules *r, struct config_source *src, const struct config *config,
              const struct layer *layers, size_t count, struct rule **ret)
{
    struct rule_reading *rd = calloc(1, sizeof(*rd));
    struct rule *rule = arena_alloc(r->arena, sizeof(*rule));
    bool is_good = false;
    if (!rd || !rule) {
        free(rd);
        return -ENOMEM;
    }
    rd->rules = r;
    rd->src = src;
    rd->layers = layers;
    rd->layer_count = count;
    rd->rule = rule;
    int e = reading_run(rd, config, &is_good);
    if (e == 0 && is_good && rd->text.enabled)
        *ret = rule;
    else
        rule_expressions_free(rule);
    free(rd);
    return e;
}
