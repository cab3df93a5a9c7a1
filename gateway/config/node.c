#include "config/node.h"

#include <string.h>

#include "base/arena.h"

const struct config_node *config_child(const struct config_node *map, const char *key)
{
    if (!map || map->kind != NODE_MAP)
        return NULL;
    for (size_t i = 0; i < map->count; i++)
        if (strcmp(map->items[i]->key, key) == 0)
            return map->items[i];
    return NULL;
}

const struct config_node *config_item(const struct config_node *list, size_t index)
{
    if (!config_is_list(list) || index >= list->count)
        return NULL;
    return list->items[index];
}

size_t config_count(const struct config_node *list_or_map)
{
    return list_or_map ? list_or_map->count : 0;
}

const char *config_key(const struct config_node *map, size_t index)
{
    if (!config_is_map(map) || index >= map->count)
        return NULL;
    return map->items[index]->key;
}

const struct config_node *config_value(const struct config_node *map, size_t index)
{
    if (!config_is_map(map) || index >= map->count)
        return NULL;
    return map->items[index];
}

const char *config_scalar(const struct config_node *node)
{
    return node && node->kind == NODE_SCALAR ? node->text : NULL;
}

bool config_is_list(const struct config_node *node)
{
    return node && (node->kind == NODE_LIST || node->kind == NODE_EMPTY);
}

bool config_is_map(const struct config_node *node)
{
    return node && (node->kind == NODE_MAP || node->kind == NODE_EMPTY);
}

bool config_is_quoted(const struct config_node *node)
{
    return node && node->kind == NODE_SCALAR && node->is_quoted;
}

struct config_mark config_where(const struct config_node *node)
{
    return node ? node->mark : (struct config_mark){0};
}

struct config_mark config_where_text(const struct config_node *node)
{
    struct config_mark mark = config_where(node);
    mark.column += node && node->is_quoted;
    return mark;
}

struct config_mark config_where_key(const struct config_node *node)
{
    struct config_mark mark = config_where(node);
    if (node && node->key) {
        mark.line = node->key_line;
        mark.column = node->key_column;
    }
    return mark;
}

void node_set_key(struct config_node *node, const char *key, struct config_mark mark)
{
    node->key = key;
    node->key_line = mark.line;
    node->key_column = mark.column;
}

const char *config_path_item(struct config_source *src, const char *path,
                             const struct config_node *item, size_t index)
{
    static const char *const keys[] = {"name", "id", NULL};
    const char *ret = NULL;

    for (size_t i = 0; keys[i] && !ret; i++) {
        const char *name = config_scalar(config_child(item, keys[i]));
        if (name && *name)
            ret = arena_format(node_passing(src), "%s.%s", path, name);
    }
    if (!ret)
        ret = arena_format(node_passing(src), "%s[%zu]", path, index);
    return ret ? ret : path;
}

struct arena *node_passing(const struct config_source *src)
{
    return src->passing ? src->passing : src->arena;
}

static struct config_node *copy_node(struct arena *arena, const struct config_node *node)
{
    struct config_node *copy = arena_copy(arena, node, sizeof(*node));
    if (!copy)
        return NULL;
    copy->next = NULL;
    copy->key = node->key ? arena_string(arena, node->key) : NULL;
    if (!copy->key != !node->key)
        return NULL;
    if (node->count > 0)
        copy->items = arena_alloc(arena, node->count * sizeof(struct config_node *));
    if (node->count > 0 && !copy->items)
        return NULL;
    for (size_t i = 0; i < node->count; i++) {
        copy->items[i] = copy_node(arena, node->items[i]);
        if (!copy->items[i])
            return NULL;
    }
    return copy;
}

const struct config_node *node_keep(struct arena *arena, const struct config_node *root,
                                    const char *key)
{
    struct config_node *child = (struct config_node *)config_child(root, key);
    struct config_node alone = *root;
    alone.items = &child;
    alone.count = child ? 1 : 0;
    return copy_node(arena, &alone);
}

const char *node_kind_name(const struct config_node *node)
{
    static const char *const names[] = {
        [NODE_EMPTY] = "nothing",
        [NODE_SCALAR] = "a single value",
        [NODE_LIST] = "a list",
        [NODE_MAP] = "a mapping",
    };
    return names[node->kind];
}
