/* rule_reading.h - a rule on its way from the file: what its readers share.
 * Thread: main. */
#ifndef RULES_RULE_READING_H
#define RULES_RULE_READING_H

#include "config/layers.h"
#include "rules/rule_model.h"
#include "rules/rule_options.h"

/* rule_reading - one rule on its way; a fault leaves it out and the others go on.
 * used_…   bits of the names that some condition has
 * told_parameters  bits of those that are out of what may be read */
struct rule_reading {
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
    uint32_t used_inputs;
    uint32_t used_parameters;
    uint32_t told_parameters;
    struct expression_sql when;
    struct expression_sql clear;
    struct expression_sql step; /* of a severity */
};

/* rule_reading_node - the node of @key where it was last said; rule_reading_path - how
 * faults name it. */
const struct config_node *rule_reading_node(const struct rule_reading *rd,
                                            const char *key);
const char *rule_reading_path(const struct rule_reading *rd, const char *key);

/* rule_reading_fault - returns false. */
bool rule_reading_fault(const struct rule_reading *rd, const char *key,
                        const char *format, ...) __attribute__((format(printf, 3, 4)));

/* rule_names_read - inputs and parameters, after the inputs. */
bool rule_names_read(struct rule_reading *rd);

/* rule_condition_read - @text of @key translated; its fault is pointed into @node. */
bool rule_condition_read(struct rule_reading *rd, const char *key,
                         const struct config_node *node, const char *text,
                         struct expression_sql *ret);

/* rule_range_check - warns of a comparison in @text, the condition at @node, that nothing
 * that can be read changes, and of two that leave everything or nothing. */
void rule_range_check(struct rule_reading *rd, const char *key,
                      const struct config_node *node, const char *text);

/* rule_range_clear - warns of a `clear` at @node that is so where `when` still is, or
 * on its side alone. */
void rule_range_clear(const struct rule_reading *rd, const struct config_node *node);

/* rule_expression_read - when and clear compiled, after everything else that may use a
 * name.  returns 0 or -ENOMEM; *ret_is_good false: faults were added */
int rule_expression_read(struct rule_reading *rd, bool *ret_is_good);

/* rule_expect_read - `expect`, in the place of inputs and when. */
bool rule_expect_read(struct rule_reading *rd, const struct config *config);

/* rule_severity_read - one severity, or steps of them.  As rule_expression_read(). */
int rule_severity_read(struct rule_reading *rd, bool *ret_is_good);

#endif
