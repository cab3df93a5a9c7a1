#include "pipeline/plugin_state.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_ROOM = 8 };

struct plugin_state_item {
    char *key;
    void *bytes;
    size_t size;
};

static struct plugin_state_item *find(const struct plugin_state *s, const char *key)
{
    for (size_t i = 0; i < s->count; i++)
        if (strcmp(s->items[i].key, key) == 0)
            return &s->items[i];
    return NULL;
}

static void item_done(struct plugin_state_item *item)
{
    free(item->key);
    free(item->bytes);
    *item = (struct plugin_state_item){0};
}

static void remove_key(struct plugin_state *s, const char *key)
{
    struct plugin_state_item *item = find(s, key);
    if (!item)
        return;
    item_done(item);
    *item = s->items[--s->count];
}

static int add(struct plugin_state *s, const char *key, struct plugin_state_item **ret)
{
    if (s->count == s->room) {
        size_t room = s->room ? 2 * s->room : FIRST_ROOM;
        struct plugin_state_item *items = reallocarray(s->items, room, sizeof(*s->items));
        if (!items)
            return -ENOMEM;
        s->items = items;
        s->room = room;
    }
    char *copy = strdup(key);
    if (!copy)
        return -ENOMEM;
    *ret = &s->items[s->count++];
    **ret = (struct plugin_state_item){.key = copy};
    return 0;
}

int plugin_state_put(struct plugin_state *s, const char *key, const void *bytes,
                     size_t size)
{
    if (!bytes) {
        remove_key(s, key);
        return 0;
    }
    struct plugin_state_item *item = find(s, key);
    if (!item) {
        int r = add(s, key, &item);
        if (r < 0)
            return r;
    }
    void *copy = realloc(item->bytes, size > 0 ? size : 1);
    if (!copy)
        return -ENOMEM;
    memcpy(copy, bytes, size);
    item->bytes = copy;
    item->size = size;
    return 0;
}

size_t plugin_state_get(const struct plugin_state *s, const char *key, void *ret,
                        size_t size)
{
    const struct plugin_state_item *item = find(s, key);
    if (!item || item->size == 0)
        return 0;
    memcpy(ret, item->bytes, item->size < size ? item->size : size);
    return item->size;
}

void plugin_state_done(struct plugin_state *s)
{
    for (size_t i = 0; i < s->count; i++)
        item_done(&s->items[i]);
    free(s->items);
    *s = (struct plugin_state){0};
}
