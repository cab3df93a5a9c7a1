#include "pipeline/rule_read.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/strbuf.h"
#include "config/quantity.h"
#include "pipeline/rule_options.h"

/* reading - one rule on its way; a fault leaves it out and the others go on. */
struct reading {
    struct rules *rules;
    struct config_source *src;
    const struct layer *layers;
    size_t layer_count;
    struct rule *rule;
    struct rule_text text;
    const char *inputs[EXPRESSION_NAMES_MAX];
    const char *parameters[EXPRESSION_NAMES_MAX];
    double values[EXPRESSION_NAMES_MAX];
    struct expression_names names;
    struct expression_sql when;
    struct expression_sql clear;
};

/* The node of @key where it was last said. */
static const struct config_node *reading_node(const struct reading *rd, const char *key)
{
    for (size_t i = rd->layer_count; i > 0; i--) {
        const struct config_node *node = config_child(rd->layers[i - 1].node, key);
        if (node)
            return node;
    }
    return rd->layers[0].node;
}

static const char *reading_path(const struct reading *rd, const char *key)
{
    const char *path = arena_format(rd->src->arena, "%s.%s", rd->layers[0].path, key);
    return path ? path : key;
}

static bool reading_fault(const struct reading *rd, const char *key, const char *format,
                          ...) __attribute__((format(printf, 3, 4)));

static bool reading_fault(const struct reading *rd, const char *key, const char *format,
                          ...)
{
    va_list args;
    char text[400];
    va_start(args, format);
    (void)vsnprintf(text, sizeof(text), format, args); /* a cut sentence still helps */
    va_end(args);
    config_fault(rd->src->faults, config_where(reading_node(rd, key)),
                 reading_path(rd, key), "%s", text);
    return false;
}

static bool phase_fault(const struct reading *rd, const char *name)
{
    char names[200] = "lesson_whole";
    for (int p = 0; p < GW_PHASES; p++) {
        size_t used = strlen(names);
        (void)snprintf(names + used, sizeof(names) - used, ", %s",
                       gw_phase_name((enum gw_phase_kind)p)); /* a cut list still helps */
    }
    return reading_fault(rd, "during", "unknown or repeated phase '%s' (allowed: %s)",
                         name, names);
}

/* "lesson" is the slice; every other word the whole phase. */
static bool read_during(struct reading *rd)
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
static bool read_at(struct reading *rd)
{
    const struct rule_text *text = &rd->text;
    if (!text->at)
        return true;
    if (moment_read(text->at, &rd->rule->at) < 0)
        return reading_fault(rd, "at",
                             "'%s' is not a time (allowed: 08:00, school_day 18:30, "
                             "monday 06:00, 1st 06:00)",
                             text->at);
    if (text->hold_us > 0 || text->clear_hold_us > 0 || text->during.count > 0)
        return reading_fault(rd, "at",
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

static bool read_share_of_days(struct reading *rd, const char *key, const char *text,
                               struct rule_days *ret)
{
    return days_are_good(text, ret)
           || reading_fault(rd, key,
                            "'%s' is not so many days (allowed: 3 of 5, up to %d)", text,
                            RULE_DAYS_MAX);
}

/* With `days` a day without school has no verdict; `at` may be any day's, no week's. */
static bool read_days(struct reading *rd)
{
    const struct rule_text *text = &rd->text;
    struct rule *rule = rd->rule;
    if (!text->days)
        return !text->clear_days
               || reading_fault(rd, "clear_days", "needs 'days' (allowed: 3 of 5)");
    if (!read_share_of_days(rd, "days", text->days, &rule->days))
        return false;
    rule->clear_days =
        (struct rule_days){rule->days.of - rule->days.need + 1, rule->days.of};
    if (text->clear_days
        && !read_share_of_days(rd, "clear_days", text->clear_days, &rule->clear_days))
        return false;
    if (rule->at.each == MOMENT_WEEK || rule->at.each == MOMENT_MONTH)
        return reading_fault(rd, "days", "needs an 'at' of each day (allowed: 18:30)");
    if (rule->at.each == MOMENT_DAY)
        rule->at.each = MOMENT_SCHOOL_DAY;
    if (!text->at && (text->clear || text->clear_hold_us > 0))
        return reading_fault(rd, "clear",
                             "a day is over when when was not true in it (allowed: "
                             "clear_days; clear together with at)");
    return true;
}

static bool read_parameter(struct reading *rd, const char *name,
                           const struct config_node *node)
{
    struct expression_names *names = &rd->names;
    const char *path = reading_path(rd, "parameters");
    const char *text = config_scalar(node);
    size_t k = 0;
    while (k < names->parameter_count && strcmp(rd->parameters[k], name) != 0)
        k++;
    double value = NAN;
    bool is_good = text && quantity_number(text, &value) == 0;
    if (!is_good)
        config_fault(rd->src->faults, config_where(node), path,
                     "%s: is not a number (allowed: %s: 300)", name, name);
    if (k == EXPRESSION_NAMES_MAX || expression_is_word(name)) {
        config_fault(rd->src->faults, config_where(node), path,
                     "'%s' is one too many, or a word of SQL (allowed: %d parameters)",
                     name, EXPRESSION_NAMES_MAX);
        return false;
    }
    rd->parameters[k] = name;
    rd->values[k] = value;
    if (k == names->parameter_count)
        names->parameter_count++;
    return is_good;
}

static bool read_names(struct reading *rd)
{
    bool is_good = true;
    rd->names = (struct expression_names){.inputs = rd->inputs,
                                          .input_count = rd->rule->input_count,
                                          .parameters = rd->parameters,
                                          .values = rd->values};
    for (size_t i = 0; i < rd->rule->input_count; i++)
        rd->inputs[i] = rd->rule->inputs[i].name;
    for (size_t i = 0; i < rd->layer_count; i++) {
        const struct config_node *node = config_child(rd->layers[i].node, "parameters");
        for (size_t k = 0; k < config_count(node) && config_is_map(node); k++)
            is_good &= read_parameter(rd, config_key(node, k), config_value(node, k));
    }
    for (size_t i = 0; i < rd->rule->input_count; i++)
        for (size_t k = 0; k < rd->names.parameter_count; k++)
            if (strcmp(rd->inputs[i], rd->parameters[k]) == 0)
                is_good =
                    reading_fault(rd, "parameters",
                                  "'%s' is the name of an input already", rd->inputs[i]);
    return is_good;
}

/* The fault's place: conditions on one line are pointed into, others named. */
static bool condition_fault(struct reading *rd, const char *key, const char *text,
                            const struct expression_fault *fault)
{
    struct config_mark mark = config_where(reading_node(rd, key));
    if (!strchr(text, '\n'))
        mark.column += (int)fault->offset;
    config_fault(rd->src->faults, mark, reading_path(rd, key), "%s (at '%.20s')",
                 fault->text, text + fault->offset);
    return false;
}

static bool read_condition(struct reading *rd, const char *key, const char *text,
                           struct expression_sql *ret)
{
    struct expression_fault fault;
    if (expression_translate(text, &rd->names, ret, &fault) < 0)
        return condition_fault(rd, key, text, &fault);
    return true;
}

/* Every name has a purpose, or it is a slip. */
static bool check_use(struct reading *rd)
{
    uint32_t inputs = rd->when.inputs | rd->clear.inputs;
    uint32_t parameters = rd->when.parameters | rd->clear.parameters;
    bool is_good = true;
    for (size_t i = 0; i < rd->names.input_count; i++)
        if (!(inputs & (1u << i)))
            is_good = reading_fault(
                rd, "inputs", "input '%s' is never used in when or clear", rd->inputs[i]);
    for (size_t i = 0; i < rd->names.parameter_count; i++)
        if (!(parameters & (1u << i)))
            is_good = reading_fault(rd, "parameters",
                                    "parameter '%s' is never used in when or clear "
                                    "(allowed: a name of '%s')",
                                    rd->parameters[i], rd->text.when);
    return is_good;
}

static int read_expression(struct reading *rd, bool *ret_is_good)
{
    struct expression_fault fault = {0};
    const char *clear = rd->text.clear;
    bool is_good = read_condition(rd, "when", rd->text.when, &rd->when);
    if (clear)
        is_good &= read_condition(rd, "clear", clear, &rd->clear);
    is_good = is_good && check_use(rd);
    *ret_is_good = is_good;
    if (!is_good)
        return 0;

    bool is_clear = false;
    int r = expression_new(rd->rules->expressions, &rd->when, clear ? &rd->clear : NULL,
                           &rd->rule->expression, &fault, &is_clear);
    if (r != -EINVAL)
        return r;
    const char *text = is_clear && clear ? clear : rd->text.when;
    *ret_is_good = condition_fault(rd, is_clear ? "clear" : "when", text, &fault);
    return 0;
}

static void read_alarm(struct reading *rd)
{
    const struct rule_text *text = &rd->text;
    rd->rule->alarm = (struct alarm_rule){
        .id = text->id,
        .title = text->title,
        .action = text->action,
        .basis = text->basis ? text->basis : "",
        .severity = (enum gw_severity)text->severity,
        .is_latching = text->latched,
    };
    rd->rule->basis_edition = text->basis_edition ? text->basis_edition : "";
    rd->rule->when = text->when;
    rd->rule->outputs = text->outputs;
    rd->rule->hold_us = text->hold_us;
    rd->rule->clear_hold_us = text->clear_hold_us;
    rd->rule->mark = config_where(rd->layers[rd->layer_count - 1].node);
}

/* Of everything that is asked at the verdict, and nothing of what is only shown. */
static uint64_t meaning_of(const struct reading *rd)
{
    const struct rule *rule = rd->rule;
    struct strbuf b = {0};
    strbuf_format(&b, "%s|%s|%u %d %lld %lld|%d %d %d %u %u", rule->when,
                  rd->text.clear ? rd->text.clear : "", rule->phases, rule->is_slice,
                  (long long)rule->slice_start_us, (long long)rule->slice_end_us,
                  rule->at.each, rule->at.day, rule->at.clock_s, rule->days.need,
                  rule->days.of);
    for (size_t i = 0; i < rd->names.parameter_count; i++)
        strbuf_format(&b, "|%s %a", rd->parameters[i], rd->values[i]);
    for (size_t i = 0; i < rule->input_count; i++) {
        const struct rule_input *in = &rule->inputs[i];
        strbuf_format(&b, "|%s %d %s %d %a %d %lld %a %a %d", in->name, in->kind,
                      in->metric ? in->metric->name : "*", in->of, in->absent,
                      in->function, (long long)in->over_us, in->valid, in->above,
                      in->attribute);
    }
    uint64_t meaning = hash_bytes(b.text ? b.text : "", b.used);
    strbuf_free(&b);
    return meaning;
}

static int reading_run(struct reading *rd, const struct config *config, bool *ret_is_good)
{
    *ret_is_good =
        layers_fill(rd->src, rd->layers, rd->layer_count, rule_options, &rd->text, true);
    if (!*ret_is_good)
        return 0;
    read_alarm(rd);
    bool is_good = rule_objects_read(rd->src, config, rd->text.each,
                                     reading_path(rd, "each"), &rd->rule->objects);
    is_good &= read_during(rd);
    is_good &= read_at(rd) && read_days(rd);
    bool has_inputs = rule_inputs_read(rd->src, config, rd->text.inputs,
                                       reading_path(rd, "inputs"), rd->rule);
    has_inputs = has_inputs && read_names(rd);
    *ret_is_good = is_good && has_inputs;
    if (!has_inputs)
        return 0;
    int r = read_expression(rd, ret_is_good);
    rd->rule->meaning = meaning_of(rd);
    *ret_is_good = *ret_is_good && is_good;
    return r;
}

int rule_read(struct rules *r, struct config_source *src, const struct config *config,
              const struct layer *layers, size_t count, struct rule **ret)
{
    struct reading *rd = calloc(1, sizeof(*rd));
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
        rule->expression = expression_free(rule->expression);
    free(rd);
    return e;
}
