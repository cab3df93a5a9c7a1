/* value.h - one option's value from one node.  Thread: main. */
#ifndef CONFIG_VALUE_H
#define CONFIG_VALUE_H

#include "base/strbuf.h"
#include "config/schema.h"

/* value_read - reads @node into @field, the C type behind @option->type.
 * @path: of the mapping that holds the option.  returns false and a fault */
bool value_read(struct config_source *src, const struct config_node *node,
                const char *path, const struct gw_option *option, void *field);

/* value_default - the option's fallback; without one, zero. */
void value_default(struct config_source *src, const struct gw_option *option,
                   void *field);

/* value_allowed - what may stand there: "a whole number, 1..247", "none, even, odd";
 * value_allowed_brief - likewise for the manual: "whole, 1..247". */
void value_allowed(const struct config_faults *faults, const struct gw_option *option,
                   char *ret, size_t size);
void value_allowed_brief(const struct gw_option *option, char *ret, size_t size);

/* value_print - @field as it would be written in YAML; "nothing" for an absent text.
 * value_equals - whether two fields of one option say the same; mappings by key. */
void value_print(struct strbuf *out, const struct gw_option *option, const void *field);
bool value_equals(const struct gw_option *option, const void *a, const void *b);

/* The same of a subtree that no table describes; NULL is not there. */
void node_print(struct strbuf *out, const struct config_node *node);
bool node_equals(const struct config_node *a, const struct config_node *b);

#endif
