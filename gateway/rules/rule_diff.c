#include "rules/rule_diff.h"

#include <errno.h>

#include "base/hash.h"
#include "config/diff_pen.h"
#include "config/layers.h"
#include "config/node.h"
#include "rules/rule_options.h"

/* The pack's entry and the school's own, which goes over it. */
enum { LAYERS = 2 };

/* comparing - of one run of rules_diff(). */
struct comparing {
    const struct config *before;
    const struct config *after;
    struct config_diff *diff;
    struct config_source src;
    struct text_map *seen;
};

static size_t layers_of(const struct config *c, const char *id, struct layer ret[LAYERS])
{
    size_t count = 0;
    for (size_t f = 0; f < c->rule_files && count < LAYERS; f++) {
        const struct config_node *node =
            diff_item(config_child(c->rules[f], "rules"), id);
        if (node)
            ret[count++] = (struct layer){.node = node, .path = ""};
    }
    return count;
}

/* Parameters are overridden one by one; every other key as a whole.  NULL = out of
 * memory */
static const struct config_node *map_over(struct arena *arena,
                                          const struct config_node *under,
                                          const struct config_node *over)
{
    size_t room = (size_t)under->count + over->count;
    struct config_node *map = arena_alloc(arena, sizeof(*map));
    struct config_node **items = arena_alloc(arena, (room + 1) * sizeof(*items));
    if (!map || !items)
        return NULL;
    *map = (struct config_node){.kind = NODE_MAP, .mark = over->mark, .items = items};
    for (size_t i = 0; i < under->count; i++)
        if (!config_child(over, under->items[i]->key))
            items[map->count++] = under->items[i];
    for (size_t i = 0; i < over->count; i++)
        items[map->count++] = over->items[i];
    return map;
}

static int text_resolve(struct comparing *c, const struct layer *layers, size_t count,
                        struct rule_text *ret)
{
    (void)layers_fill(&c->src, layers, count, rule_options, ret, false);
    const struct config_node *under = config_child(layers[0].node, "parameters");
    if (count < LAYERS || !under)
        return 0;
    const struct config_node *over = config_child(layers[1].node, "parameters");
    ret->parameters = over ? map_over(c->src.arena, under, over) : under;
    return ret->parameters ? 0 : -ENOMEM;
}

static int compare(struct comparing *c, const char *id)
{
    struct layer old[LAYERS];
    struct layer new[LAYERS];
    size_t old_count = layers_of(c->before, id, old);
    size_t new_count = layers_of(c->after, id, new);
    if (old_count == 0 || new_count == 0) {
        (void)diff_row_add(c->diff, DIFF_RULE, old_count ? DIFF_REMOVED : DIFF_ADDED, id);
        return 0;
    }
    struct rule_text a = {0};
    struct rule_text b = {0};
    struct pen pen = {.diff = c->diff, .kind = DIFF_RULE, .name = id};
    int r = text_resolve(c, old, old_count, &a);
    if (r == 0)
        r = text_resolve(c, new, new_count, &b);
    if (r == 0)
        pen_options(&pen, rule_options, &a, &b);
    return r;
}

/* Every id of a tree that was not met yet. */
static int compare_ids(struct comparing *c, const struct config *config)
{
    int r = 0;
    for (size_t f = 0; r == 0 && f < config->rule_files; f++) {
        const struct config_node *list = config_child(config->rules[f], "rules");
        for (size_t i = 0; r == 0 && i < config_count(list); i++) {
            const char *id = config_scalar(config_child(config_item(list, i), "id"));
            if (!id || text_map_get(c->seen, id) != UINT32_MAX)
                continue;
            r = text_map_put(c->seen, id, 0);
            if (r == 0)
                r = compare(c, id);
        }
    }
    return r;
}

int rules_diff(const struct config *before, const struct config *after,
               struct config_diff *diff)
{
    struct comparing c = {
        .before = before, .after = after, .diff = diff, .src = {.arena = diff->arena}};
    int r = config_faults_new(&c.src.faults);
    if (r == 0)
        r = text_map_new(128, &c.seen);
    if (r == 0)
        r = compare_ids(&c, after);
    if (r == 0)
        r = compare_ids(&c, before);
    text_map_free(c.seen);
    config_faults_free(c.src.faults);
    return r;
}
