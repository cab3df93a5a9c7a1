/* rule_condition.c - the conditions of a rule, and the names that they may use. */
#include <errno.h>
#include <math.h>
#include <string.h>

#include "config/quantity.h"
#include "config/suggest.h"
#include "rules/rule_reading.h"

/* "110%" as 110. */
static bool percent_read(const char *text, double *ret)
{
    char number[32];
    size_t size = strlen(text);
    if (size < 2 || size > sizeof(number) || text[size - 1] != '%')
        return false;
    memcpy(number, text, size - 1);
    number[size - 1] = '\0';
    return quantity_number(number, ret) == 0;
}

static bool read_parameter(struct rule_reading *rd, const char *name,
                           const struct config_node *node)
{
    struct expression_names *names = &rd->names;
    const char *path = rule_reading_path(rd, "parameters");
    const char *text = config_scalar(node);
    size_t k = 0;
    while (k < names->parameter_count && strcmp(rd->parameters[k], name) != 0)
        k++;
    double value = NAN;
    bool is_good = text && quantity_number(text, &value) == 0;
    double percent = NAN;
    if (!is_good && text && percent_read(text, &percent))
        config_fault(rd->src->faults, config_where(node), path,
                     "%s: '%s' is not a number (did you mean %s: %g?)", name, text, name,
                     percent / 100);
    else if (!is_good)
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

bool rule_names_read(struct rule_reading *rd)
{
    bool is_good = true;
    rd->names = (struct expression_names){.inputs = rd->inputs,
                                          .input_count = rd->rule->input_count,
                                          .parameters = rd->parameters,
                                          .values = rd->values};
    for (size_t i = 0; i < rd->rule->input_count; i++) {
        rd->inputs[i] = rd->rule->inputs[i].name;
        if (rule_input_is_measured(&rd->rule->inputs[i]))
            rd->names.measured |= 1u << i;
    }
    for (size_t i = 0; i < rd->layer_count; i++) {
        const struct config_node *node = config_child(rd->layers[i].node, "parameters");
        for (size_t k = 0; k < config_count(node) && config_is_map(node); k++)
            is_good &= read_parameter(rd, config_key(node, k), config_value(node, k));
    }
    for (size_t i = 0; i < rd->rule->input_count; i++)
        for (size_t k = 0; k < rd->names.parameter_count; k++)
            if (strcmp(rd->inputs[i], rd->parameters[k]) == 0)
                is_good = rule_reading_fault(rd, "parameters",
                                             "'%s' is the name of an input already",
                                             rd->inputs[i]);
    return is_good;
}

/* The fault's place: conditions on one line are pointed into, others named. */
static bool condition_fault(struct rule_reading *rd, const char *key,
                            const struct config_node *node, const char *text,
                            const struct expression_fault *fault)
{
    struct config_mark mark = config_where_text(node);
    if (!strchr(text, '\n'))
        mark.column += (int)fault->offset;
    config_fault(rd->src->faults, mark, rule_reading_path(rd, key), "%s (at '%.20s')",
                 fault->text, text + fault->offset);
    return false;
}

bool rule_condition_read(struct rule_reading *rd, const char *key,
                         const struct config_node *node, const char *text,
                         struct expression_sql *ret)
{
    struct expression_fault fault = {.is_chinese =
                                         config_faults_is_chinese(rd->src->faults)};
    if (expression_translate(text, &rd->names, ret, &fault) < 0)
        return condition_fault(rd, key, node, text, &fault);
    rd->used_inputs |= ret->inputs;
    rd->used_parameters |= ret->parameters;
    rule_range_check(rd, key, node, text);
    return true;
}

static bool parameter_fault(struct rule_reading *rd, const char *unused)
{
    struct suggest near = {.wanted = unused};
    for (size_t i = 0; i < rd->names.parameter_count; i++)
        if (rd->used_parameters & (1u << i))
            suggest_offer(&near, rd->parameters[i]);
    if (near.best)
        return rule_reading_fault(
            rd, "parameters",
            "parameter '%s' is never used in when or clear (did you "
            "mean '%s'?)",
            unused, near.best);
    return rule_reading_fault(rd, "parameters",
                              "parameter '%s' is never used in when or clear (allowed: a "
                              "name of '%s')",
                              unused, rd->text.when);
}

/* Every name has a purpose, or it is a slip. */
static bool check_use(struct rule_reading *rd)
{
    bool is_good = true;
    for (size_t i = 0; i < rd->names.input_count; i++)
        if (!(rd->used_inputs & (1u << i)))
            is_good = rule_reading_fault(
                rd, "inputs", "input '%s' is never used in when or clear", rd->inputs[i]);
    for (size_t i = 0; i < rd->names.parameter_count; i++)
        if (!(rd->used_parameters & (1u << i)))
            is_good = parameter_fault(rd, rd->parameters[i]);
    return is_good;
}

int rule_expression_read(struct rule_reading *rd, bool *ret_is_good)
{
    struct expression_fault fault = {.is_chinese =
                                         config_faults_is_chinese(rd->src->faults)};
    const char *clear = rd->text.clear;
    bool is_good = rule_condition_read(rd, "when", rule_reading_node(rd, "when"),
                                       rd->text.when, &rd->when);
    if (clear)
        is_good &= rule_condition_read(rd, "clear", rule_reading_node(rd, "clear"), clear,
                                       &rd->clear);
    if (clear && is_good)
        rule_range_clear(rd, rule_reading_node(rd, "clear"));
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
    const char *key = is_clear ? "clear" : "when";
    *ret_is_good = condition_fault(rd, key, rule_reading_node(rd, key), text, &fault);
    return 0;
}
