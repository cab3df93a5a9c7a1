/* mapping_render.c - a compiled body, filled from one message.  What is absent takes its
 * key with it, and a mapping or list that it leaves empty goes, too. */
#include <errno.h>
#include <string.h>

#include "uplink/mapping_parts.h"

const json_t *mapping_at(const json_t *from, const json_t *item,
                         const struct mapping_path *path)
{
    bool is_item = item && path->count > 0 && strcmp(path->steps[0], "item") == 0;
    const json_t *at = is_item ? item : from;
    for (size_t i = is_item; at && i < path->count; i++)
        at = json_object_get(at, path->steps[i]);
    return at;
}

static json_t *choose(const struct mapping_node *node, struct mapping_scope *scope)
{
    char word[MAPPING_WORD_MAX];
    json_t *value = mapping_text_value(&node->text, scope);
    bool is_word = mapping_word(value, word);
    json_t *ret = node->words ? NULL : json_incref(value);
    for (size_t i = 0; is_word && i < node->count; i++)
        if (strcmp(node->words[i], word) == 0) {
            ret = mapping_body_value(&node->children[i], scope);
            break;
        }
    json_decref(value);
    return ret || !node->other ? ret : mapping_body_value(node->other, scope);
}

/* put - takes @value over; NULL is absent. */
static void put(json_t *into, const struct mapping_node *key, json_t *value,
                struct mapping_scope *scope)
{
    char word[MAPPING_WORD_MAX];
    if (!value)
        return;
    if (json_is_array(into)) {
        if (json_array_append_new(into, value) < 0)
            scope->failed = -ENOMEM;
        return;
    }
    json_t *name = mapping_body_value(key, scope);
    bool is_named = mapping_word(name, word);
    json_decref(name);
    if (!is_named)
        json_decref(value);
    else if (json_object_set_new(into, word, value) < 0)
        scope->failed = -ENOMEM;
}

static void put_item(json_t *into, const struct mapping_node *node,
                     struct mapping_scope *scope, const json_t *item)
{
    scope->item = item;
    put(into, node->each_key, mapping_body_value(node->each_value, scope), scope);
    scope->item = NULL;
}

static void put_each(json_t *into, const struct mapping_node *node,
                     struct mapping_scope *scope)
{
    const json_t *all = mapping_at(scope->body, NULL, node->each);
    const char *key;
    json_t *value;
    size_t i;
    json_array_foreach(all, i, value) put_item(into, node, scope, value);
    json_object_foreach((json_t *)all, key, value)
    {
        json_t *item = json_pack("{s:s, s:O}", "key", key, "value", value);
        if (!item)
            scope->failed = -ENOMEM;
        put_item(into, node, scope, item);
        json_decref(item);
    }
}

static json_t *gather(const struct mapping_node *node, struct mapping_scope *scope)
{
    bool is_object = node->shape == MAPPING_OBJECT;
    json_t *ret = is_object ? json_object() : json_array();
    if (!ret)
        scope->failed = -ENOMEM;
    for (size_t i = 0; ret && !scope->failed && i < node->count; i++) {
        const struct mapping_node *child = &node->children[i];
        put(ret, child->key, mapping_body_value(child, scope), scope);
    }
    if (ret && node->each)
        put_each(ret, node, scope);
    size_t made = is_object ? json_object_size(ret) : json_array_size(ret);
    if (made > 0 || (node->count == 0 && !node->each))
        return ret;
    json_decref(ret);
    return NULL;
}

static json_t *value_of(const struct mapping_node *node, struct mapping_scope *scope)
{
    switch (node->shape) {
    case MAPPING_NULL:
        return json_null();
    case MAPPING_TRUE:
        return json_true();
    case MAPPING_FALSE:
        return json_false();
    case MAPPING_INTEGER:
        return json_integer(node->integer);
    case MAPPING_REAL:
        return json_real(node->real);
    case MAPPING_LEAF:
        return mapping_text_value(&node->text, scope);
    case MAPPING_CHOICE:
        return choose(node, scope);
    case MAPPING_OBJECT:
    case MAPPING_LIST:
    case MAPPING_EACH:
        break;
    }
    return gather(node, scope);
}

json_t *mapping_body_value(const struct mapping_node *node, struct mapping_scope *scope)
{
    if (++scope->made > MAPPING_MADE_MAX)
        scope->failed = -E2BIG;
    if (scope->failed)
        return NULL;
    const json_t *needed =
        node->needs ? mapping_at(scope->body, scope->item, node->needs) : NULL;
    if (node->needs && (!needed || json_is_null(needed)))
        return NULL;
    json_t *ret = value_of(node, scope);
    if (!scope->failed)
        return ret;
    json_decref(ret);
    return NULL;
}
