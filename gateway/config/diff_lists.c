#include <string.h>

#include "config/diff_pen.h"
#include "config/node.h"
#include "config/value.h"

/* items - of all lists of one tree, NULL where the other tree has it too. */
struct items {
    const struct config_node **nodes;
    size_t count;
};

static struct items collect(struct config_diff *d, const char *key,
                            const struct diff_files *files)
{
    struct items found = {0};
    size_t room = 0;
    for (size_t i = 0; i < files->count; i++)
        room += config_count(config_child(files->roots[i], key));
    found.nodes = arena_alloc(d->arena, (room + 1) * sizeof(struct config_node *));
    if (!found.nodes) {
        d->has_failed = true;
        return found;
    }
    for (size_t i = 0; i < files->count; i++) {
        const struct config_node *list = config_child(files->roots[i], key);
        for (size_t k = 0; config_is_list(list) && k < config_count(list); k++)
            found.nodes[found.count++] = config_item(list, k);
    }
    return found;
}

static const char *name_of(const struct config_node *node)
{
    return config_is_map(node) ? config_scalar(config_child(node, "name")) : NULL;
}

static bool is_of_name(const struct config_node *a, const struct config_node *b)
{
    const char *x = name_of(a);
    const char *y = name_of(b);
    return x && y && strcmp(x, y) == 0;
}

/* The first that is left of @items and that @is_such @node. */
static const struct config_node **
find(const struct items *items, const struct config_node *node,
     bool (*is_such)(const struct config_node *a, const struct config_node *b))
{
    for (size_t i = 0; i < items->count; i++)
        if (items->nodes[i] && is_such(items->nodes[i], node))
            return &items->nodes[i];
    return NULL;
}

static void pass_over_same(const struct items *before, const struct items *after)
{
    for (size_t i = 0; i < before->count; i++) {
        const struct config_node **same = find(after, before->nodes[i], node_equals);
        if (!same)
            continue;
        *same = NULL;
        before->nodes[i] = NULL;
    }
}

static const char *key_of(const struct pen *pen, const struct config_node *node)
{
    const char *name = name_of(node);
    return name ? name : pen->name;
}

void diff_lists(struct config_diff *d, const char *key, const struct diff_files *before,
                const struct diff_files *after)
{
    struct pen pen = {.diff = d, .kind = DIFF_SECTION, .name = key};
    const struct items old = collect(d, key, before);
    const struct items new = collect(d, key, after);
    pass_over_same(&old, &new);
    for (size_t i = 0; i < old.count; i++) {
        const struct config_node *node = old.nodes[i];
        const struct config_node **changed = node ? find(&new, node, is_of_name) : NULL;
        if (node)
            pen_nodes(&pen, key_of(&pen, node), node, changed ? *changed : NULL);
        if (changed)
            *changed = NULL;
    }
    for (size_t i = 0; i < new.count; i++)
        if (new.nodes[i])
            pen_nodes(&pen, key_of(&pen, new.nodes[i]), NULL, new.nodes[i]);
}
