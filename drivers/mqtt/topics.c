#include "topics.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* One level of a topic below its parent.  Node 0 is the root.
 * any, rest   its children "+" and "#", 0 = none */
struct mqtt_topic_node {
    uint32_t parent;
    uint32_t any;
    uint32_t rest;
    char *level;
    struct mqtt_topic_entry *entries;
    size_t count;
    size_t room;
};

struct mqtt_topics {
    struct mqtt_topic_node *nodes;
    size_t count;
    size_t room;
    uint32_t *slots; /* open addressing, node index or 0 = free; twice the nodes */
    size_t slot_count;
};

static uint64_t hash_level(uint32_t parent, const char *level, size_t length)
{
    uint64_t hash = 14695981039346656037u ^ parent; /* FNV-1a */
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)level[i]) * 1099511628211u;
    return hash ^ hash >> 32;
}

/* The slot of this level, or the free one where it belongs. */
static size_t find_slot(const struct mqtt_topics *t, uint32_t parent, const char *level,
                        size_t length)
{
    size_t slot = hash_level(parent, level, length) % t->slot_count;
    while (t->slots[slot]) {
        const struct mqtt_topic_node *node = &t->nodes[t->slots[slot]];
        if (node->parent == parent && !strncmp(node->level, level, length)
            && !node->level[length])
            break;
        slot = (slot + 1) % t->slot_count;
    }
    return slot;
}

static int grow(struct mqtt_topics *t)
{
    size_t room = t->room ? 2 * t->room : 64;
    struct mqtt_topic_node *nodes = realloc(t->nodes, room * sizeof(*nodes));
    if (!nodes)
        return -ENOMEM;
    t->nodes = nodes;
    uint32_t *slots = calloc(2 * room, sizeof(*slots));
    if (!slots)
        return -ENOMEM;
    free(t->slots);
    t->slots = slots;
    t->slot_count = 2 * room;
    t->room = room;
    for (size_t i = 1; i < t->count; i++) {
        const struct mqtt_topic_node *node = &t->nodes[i];
        t->slots[find_slot(t, node->parent, node->level, strlen(node->level))] =
            (uint32_t)i;
    }
    return 0;
}

int mqtt_topics_new(struct mqtt_topics **ret)
{
    struct mqtt_topics *t = calloc(1, sizeof(*t));
    if (!t)
        return -ENOMEM;
    if (grow(t) < 0) {
        mqtt_topics_free(t);
        return -ENOMEM;
    }
    t->nodes[0] = (struct mqtt_topic_node){0};
    t->count = 1;
    *ret = t;
    return 0;
}

struct mqtt_topics *mqtt_topics_free(struct mqtt_topics *t)
{
    if (!t)
        return NULL;
    for (size_t i = 0; i < t->count; i++) {
        free(t->nodes[i].level);
        free(t->nodes[i].entries);
    }
    free(t->nodes);
    free(t->slots);
    free(t);
    return NULL;
}

static int child_add(struct mqtt_topics *t, uint32_t parent, const char *level,
                     size_t length, uint32_t *ret)
{
    size_t slot = find_slot(t, parent, level, length);
    if (t->slots[slot]) {
        *ret = t->slots[slot];
        return 0;
    }
    if (t->count == t->room) {
        if (grow(t) < 0)
            return -ENOMEM;
        slot = find_slot(t, parent, level, length);
    }
    char *copy = strndup(level, length);
    if (!copy)
        return -ENOMEM;
    uint32_t node = (uint32_t)t->count++;
    t->nodes[node] = (struct mqtt_topic_node){.parent = parent, .level = copy};
    t->slots[slot] = node;
    if (strcmp(copy, "+") == 0)
        t->nodes[parent].any = node;
    if (strcmp(copy, "#") == 0)
        t->nodes[parent].rest = node;
    *ret = node;
    return 0;
}

static int entry_add(struct mqtt_topic_node *node, struct mqtt_topic_entry entry)
{
    if (node->count == node->room) {
        size_t room = node->room ? 2 * node->room : 2;
        struct mqtt_topic_entry *entries =
            realloc(node->entries, room * sizeof(*entries));
        if (!entries)
            return -ENOMEM;
        node->entries = entries;
        node->room = room;
    }
    node->entries[node->count++] = entry;
    return 0;
}

int mqtt_topics_add(struct mqtt_topics *t, const char *filter,
                    struct mqtt_topic_entry entry)
{
    uint32_t node = 0;
    for (const char *level = filter;; level++) {
        size_t length = strcspn(level, "/");
        int r = child_add(t, node, level, length, &node);
        if (r < 0)
            return r;
        level += length;
        if (!*level)
            return entry_add(&t->nodes[node], entry);
    }
}

/* One walk down the tree; the depth is bounded by the levels of the longest filter. */
struct match {
    const struct mqtt_topics *topics;
    void (*visit)(void *ctx, const struct mqtt_topic_entry *entries, size_t count);
    void *ctx;
    size_t found;
};

static void match_end(struct match *m, uint32_t node)
{
    const struct mqtt_topic_node *end = &m->topics->nodes[node];
    if (!node || !end->count)
        return;
    m->visit(m->ctx, end->entries, end->count);
    m->found++;
}

static void match_level(struct match *m, uint32_t parent, const char *level)
{
    const struct mqtt_topics *t = m->topics;
    bool takes_wildcards = parent || (level && *level != '$'); /* MQTT 3.1.1, 4.7.2 */
    if (takes_wildcards)
        match_end(m, t->nodes[parent].rest);
    if (!level) {
        match_end(m, parent);
        return;
    }
    size_t length = strcspn(level, "/");
    const char *rest = level[length] ? level + length + 1 : NULL;
    uint32_t next[] = {t->slots[find_slot(t, parent, level, length)],
                       takes_wildcards ? t->nodes[parent].any : 0};
    for (size_t i = 0; i < 2; i++)
        if (next[i])
            match_level(m, next[i], rest);
}

size_t mqtt_topics_match(const struct mqtt_topics *t, const char *topic,
                         void (*visit)(void *ctx, const struct mqtt_topic_entry *entries,
                                       size_t count),
                         void *ctx)
{
    struct match m = {.topics = t, .visit = visit, .ctx = ctx};
    match_level(&m, 0, topic);
    return m.found;
}
