/* mapping_condition.c - {field: value}, {field: [value, …]}: when a template or an answer
 * is meant. */
#include <string.h>

#include "base/arena.h"
#include "uplink/mapping_parts.h"

enum { LIST_MAX = 300 };

/* check - @node's text is a value that the contract knows. */
static void check(struct mapping_reader *r, const struct config_node *node,
                  const char *path, const json_t *field)
{
    const char *text = config_scalar(node);
    char all[LIST_MAX];
    if (!text)
        config_fault(r->src->faults, config_where(node), path,
                     "no single value stands here (allowed: a value, or a list of them)");
    else if (field && !mapping_field_is_value(field, text))
        config_fault(r->src->faults, config_where(node), path,
                     "'%.80s' is never its value (allowed: %s)", text,
                     mapping_field_values(field, all, sizeof(all)));
}

static void read_values(struct mapping_reader *r, const struct config_node *node,
                        const char *path, const json_t *field,
                        struct mapping_condition *ret)
{
    bool is_list = !config_scalar(node) && config_is_list(node);
    size_t count = is_list ? config_count(node) : 1;
    if (count == 0 || count > MAPPING_VALUES_MAX) {
        config_fault(r->src->faults, config_where(node), path,
                     "%zu values stand here (allowed: 1 to %d)", count,
                     MAPPING_VALUES_MAX);
        return;
    }
    ret->values = arena_alloc(r->src->arena, count * sizeof(*ret->values));
    for (size_t i = 0; ret->values && i < count; i++) {
        const struct config_node *value = is_list ? config_item(node, i) : node;
        check(r, value, path, field);
        const char *text = config_scalar(value);
        ret->values[ret->count++] = text ? text : "";
    }
}

static void read_one(struct mapping_reader *r, const struct config_node *node,
                     const char *name, const char *path, struct mapping_condition *ret)
{
    bool is_sure;
    const json_t *field = r->schema ? mapping_field(r->schema, name, &is_sure) : NULL;
    if (r->schema && (!field || !mapping_field_is_plain(field))) {
        mapping_unknown(r, config_where_key(node), path, name, false);
        return;
    }
    (void)mapping_read_path(r, name, &ret->path);
    read_values(r, node, path, field, ret);
}

void mapping_conditions_read(struct mapping_reader *r, const struct config_node *node,
                             const char *path, struct mapping_conditions *ret)
{
    size_t count = config_count(node);
    *ret = (struct mapping_conditions){0};
    if (!node)
        return;
    if (!config_is_map(node) || count == 0 || count > MAPPING_VALUES_MAX) {
        config_fault(r->src->faults, config_where(node), path,
                     "no condition stands here (allowed: {field: value}, {field: [value, "
                     "…]})");
        return;
    }
    ret->items = arena_alloc(r->src->arena, count * sizeof(*ret->items));
    for (size_t i = 0; ret->items && i < count; i++) {
        const char *name = config_key(node, i);
        read_one(r, config_value(node, i), name, mapping_where(r, path, name),
                 &ret->items[ret->count++]);
    }
}

static bool holds(const struct mapping_condition *c, const json_t *body)
{
    char word[MAPPING_WORD_MAX];
    if (!mapping_word(mapping_at(body, NULL, &c->path), word))
        return false;
    for (size_t i = 0; i < c->count; i++)
        if (strcmp(c->values[i], word) == 0)
            return true;
    return false;
}

bool mapping_conditions_hold(const struct mapping_conditions *c, const json_t *body)
{
    for (size_t i = 0; i < c->count; i++)
        if (!holds(&c->items[i], body))
            return false;
    return true;
}
