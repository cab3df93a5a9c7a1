/* mapping_body.c - a body of YAML, compiled: constants, templates, and what $ says. */
#include <string.h>

#include "base/arena.h"
#include "uplink/mapping_parts.h"

enum { LIST_MAX = 500 };

static const char value_word[] = "$value";
static const char map_word[] = "$map";
static const char else_word[] = "$else";
static const char each_word[] = "$each";
static const char key_word[] = "$key";
static const char item_word[] = "$item";
static const char needs_word[] = "$needs";

static bool fault(struct mapping_reader *r, const struct config_node *node,
                  const char *path, const char *what)
{
    config_fault(r->src->faults, config_where(node), path, "%s",
                 config_faults_say(r->src->faults, what));
    return false;
}

static bool no_memory(struct mapping_reader *r, const struct config_node *node,
                      const char *path)
{
    return fault(r, node, path, "out of memory");
}

/* --- single values -------------------------------------------------------------------
 */

/* constant - as JSON reads what is written without quotes; false: it is a text. */
static bool constant(const char *text, struct mapping_node *ret)
{
    json_t *value = json_loads(text, JSON_DECODE_ANY, NULL);
    static const enum mapping_shape shapes[] = {
        [JSON_INTEGER] = MAPPING_INTEGER, [JSON_REAL] = MAPPING_REAL,
        [JSON_TRUE] = MAPPING_TRUE,       [JSON_FALSE] = MAPPING_FALSE,
        [JSON_NULL] = MAPPING_NULL,
    };
    bool is_constant = value && json_typeof(value) >= JSON_INTEGER;
    if (is_constant)
        ret->shape = shapes[json_typeof(value)];
    ret->integer = json_integer_value(value);
    ret->real = json_real_value(value);
    json_decref(value);
    return is_constant;
}

static bool read_leaf(struct mapping_reader *r, const struct config_node *node,
                      const char *path, struct mapping_node *ret)
{
    const char *text = config_scalar(node);
    if (!config_is_quoted(node) && constant(text, ret))
        return true;
    ret->shape = MAPPING_LEAF;
    return mapping_text_read(r, node, text, path, &ret->text);
}

/* node_at - what stands at @key of @map, compiled; NULL = a fault. */
static const struct mapping_node *node_at(struct mapping_reader *r,
                                          const struct config_node *map, const char *key,
                                          const char *path)
{
    struct mapping_node *ret = arena_alloc(r->src->arena, sizeof(*ret));
    const struct config_node *node = config_child(map, key);
    if (!ret)
        return no_memory(r, map, path) ? ret : NULL;
    return mapping_body_read(r, node, mapping_where(r, path, key), ret) ? ret : NULL;
}

/* --- $value, $map, $else -------------------------------------------------------------
 */

static bool read_word(struct mapping_reader *r, const struct config_node *map, size_t i,
                      const char *path, struct mapping_node *ret)
{
    char all[LIST_MAX];
    const char *word = config_key(map, i);
    const struct config_node *value = config_value(map, i);
    const char *where = mapping_where(r, path, word);
    const json_t *field = ret->text.field;
    bool is_good = !field || mapping_field_is_value(field, word);
    if (!is_good)
        config_fault(r->src->faults, config_where_key(value), where,
                     "'%.80s' is never its value (allowed: %s)", word,
                     mapping_field_values(field, all, sizeof(all)));
    ret->words[ret->count] = word;
    return mapping_body_read(r, value, where, &ret->children[ret->count++]) && is_good;
}

static bool read_map(struct mapping_reader *r, const struct config_node *map,
                     const char *path, struct mapping_node *ret)
{
    size_t count = config_count(map);
    bool is_good = true;
    if (!config_is_map(map) || count == 0 || count > MAPPING_VALUES_MAX)
        return fault(r, map, path,
                     "no map stands here (allowed: {value: what it becomes, …})");
    ret->words = arena_alloc(r->src->arena, count * sizeof(*ret->words));
    ret->children = arena_alloc(r->src->arena, count * sizeof(*ret->children));
    if (!ret->words || !ret->children)
        return no_memory(r, map, path);
    for (size_t i = 0; i < count; i++)
        is_good &= read_word(r, map, i, path, ret);
    return is_good;
}

static bool read_choice(struct mapping_reader *r, const struct config_node *node,
                        const char *path, struct mapping_node *ret)
{
    const struct config_node *value = config_child(node, value_word);
    const struct config_node *map = config_child(node, map_word);
    const char *text = config_scalar(value);
    ret->shape = MAPPING_CHOICE;
    if (!text)
        return fault(r, value, mapping_where(r, path, value_word),
                     "no text stands here (allowed: one such as \"{data.severity}\")");
    bool is_good =
        mapping_text_read(r, value, text, mapping_where(r, path, value_word), &ret->text);
    if (is_good && map)
        is_good = read_map(r, map, mapping_where(r, path, map_word), ret);
    if (config_child(node, else_word))
        ret->other = node_at(r, node, else_word, path);
    return is_good && (ret->other || !config_child(node, else_word));
}

/* --- $each ---------------------------------------------------------------------------
 */

/* path_at - the field that @key names; NULL = a fault. */
static const struct mapping_path *path_at(struct mapping_reader *r,
                                          const struct config_node *map, const char *key,
                                          const char *path, const json_t **ret_field)
{
    struct mapping_path *ret = arena_alloc(r->src->arena, sizeof(*ret));
    const struct config_node *node = config_child(map, key);
    const char *name = config_scalar(node);
    bool is_sure;
    *ret_field = name ? mapping_field(r->schema, name, &is_sure) : NULL;
    if (ret && *ret_field && mapping_read_path(r, name, ret))
        return ret;
    mapping_unknown(r, config_where_text(node), mapping_where(r, path, key),
                    name ? name : "", false);
    return NULL;
}

/* read_items - what is made of each: with the item's own fields. */
static bool read_items(struct mapping_reader *r, const struct config_node *node,
                       const char *path, struct mapping_node *ret)
{
    bool is_list = config_child(node, item_word) != NULL;
    if (is_list) {
        ret->shape = MAPPING_EACH;
        ret->each_value = node_at(r, node, item_word, path);
        return ret->each_value;
    }
    if (!config_child(node, key_word) || !config_child(node, value_word))
        return fault(r, node, path,
                     "what $each makes is missing (allowed: $item for a list; $key and "
                     "$value for entries of this mapping)");
    ret->each_key = node_at(r, node, key_word, path);
    ret->each_value = node_at(r, node, value_word, path);
    return ret->each_key && ret->each_value;
}

static bool read_each(struct mapping_reader *r, const struct config_node *node,
                      const char *path, struct mapping_node *ret)
{
    const json_t *outer = r->schema;
    const json_t *field = NULL;
    bool is_sure;
    const char *where = mapping_where(r, path, each_word);
    if (mapping_field(outer, "item", &is_sure))
        return fault(r, config_child(node, each_word), where,
                     "stands within another one (allowed: one)");
    ret->each = path_at(r, node, each_word, path, &field);
    if (!ret->each)
        return false;
    json_t *inner = mapping_field_each(outer, field);
    if (!inner)
        return fault(r, config_child(node, each_word), where,
                     "this field has no items (allowed: a list, or a mapping whose names "
                     "are free)");
    r->schema = inner;
    bool is_good = read_items(r, node, path, ret);
    r->schema = outer;
    json_decref(inner);
    return is_good;
}

/* --- mappings and lists --------------------------------------------------------------
 */

static bool read_child(struct mapping_reader *r, const struct config_node *value,
                       const char *key, const char *path, struct mapping_node *ret)
{
    struct mapping_node *name = arena_alloc(r->src->arena, sizeof(*name));
    const char *where = mapping_where(r, path, key);
    if (!name)
        return no_memory(r, value, where);
    name->shape = MAPPING_LEAF;
    bool is_good = mapping_text_read(r, value, key, where, &name->text);
    is_good &= mapping_body_read(r, value, where, ret);
    ret->key = name;
    return is_good;
}

/* check_words - each $ has its place. */
static bool check_words(struct mapping_reader *r, const struct config_node *node,
                        const char *path)
{
    const bool is_each = config_child(node, each_word) != NULL;
    const bool is_list = is_each && config_child(node, item_word);
    const bool is_choice = !is_each && config_child(node, value_word);
    bool is_good = true;
    for (size_t i = 0; i < config_count(node); i++) {
        const char *key = config_key(node, i);
        bool is_here = is_choice || is_list ? false : *key != '$';
        if (strcmp(key, needs_word) == 0)
            is_here = true;
        else if (is_choice)
            is_here = strcmp(key, value_word) == 0 || strcmp(key, map_word) == 0
                      || strcmp(key, else_word) == 0;
        else if (is_each && *key == '$')
            is_here = strcmp(key, each_word) == 0
                      || strcmp(key, is_list ? item_word : key_word) == 0
                      || (!is_list && strcmp(key, value_word) == 0);
        if (!is_here)
            config_fault(r->src->faults, config_where_key(config_value(node, i)),
                         mapping_where(r, path, key),
                         "does not belong here (allowed: $value with $map and $else; "
                         "$each with $item; fields, with $each, $key and $value beside "
                         "them; $needs with any)");
        is_good &= is_here;
    }
    return is_good;
}

static bool read_object(struct mapping_reader *r, const struct config_node *node,
                        const char *path, struct mapping_node *ret)
{
    size_t count = config_count(node);
    bool is_good = true;
    ret->shape = MAPPING_OBJECT;
    ret->children = arena_alloc(r->src->arena, count * sizeof(*ret->children));
    if (!ret->children)
        return no_memory(r, node, path);
    for (size_t i = 0; i < count; i++) {
        const char *key = config_key(node, i);
        if (*key != '$')
            is_good &= read_child(r, config_value(node, i), key, path,
                                  &ret->children[ret->count++]);
    }
    return (!config_child(node, each_word) || read_each(r, node, path, ret)) && is_good;
}

static bool read_map_of(struct mapping_reader *r, const struct config_node *node,
                        const char *path, struct mapping_node *ret)
{
    const json_t *field = NULL;
    if (!check_words(r, node, path))
        return false;
    if (config_child(node, needs_word)) {
        ret->needs = path_at(r, node, needs_word, path, &field);
        if (!ret->needs)
            return false;
    }
    bool is_choice = !config_child(node, each_word) && config_child(node, value_word);
    return is_choice ? read_choice(r, node, path, ret) : read_object(r, node, path, ret);
}

static bool read_list(struct mapping_reader *r, const struct config_node *node,
                      const char *path, struct mapping_node *ret)
{
    size_t count = config_count(node);
    bool is_good = true;
    ret->shape = MAPPING_LIST;
    ret->children = arena_alloc(r->src->arena, count * sizeof(*ret->children));
    if (!ret->children)
        return no_memory(r, node, path);
    for (size_t i = 0; i < count; i++) {
        const struct config_node *item = config_item(node, i);
        const char *where = config_path_item(r->src, path, item, i);
        is_good &= mapping_body_read(r, item, where, &ret->children[ret->count++]);
    }
    return is_good;
}

bool mapping_body_read(struct mapping_reader *r, const struct config_node *node,
                       const char *path, struct mapping_node *ret)
{
    if (++r->nodes > MAPPING_NODES_MAX)
        return fault(r, node, path, "the bodies of this file are too large");
    if (config_scalar(node))
        return read_leaf(r, node, path, ret);
    ret->shape = MAPPING_NULL;
    if (config_is_map(node) && config_is_list(node))
        return true; /* null, or nothing, which YAML takes for it */
    return config_is_map(node) ? read_map_of(r, node, path, ret)
                               : read_list(r, node, path, ret);
}
