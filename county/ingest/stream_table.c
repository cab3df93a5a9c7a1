#include "ingest/stream_table.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ingest/message.h"

enum { NAME_MAX_BYTES = MESSAGE_GATEWAY_MAX + 24, EXPECTED = 64 };

static void name_of(const struct archive_key *key, char ret[NAME_MAX_BYTES])
{
    (void)snprintf(ret, NAME_MAX_BYTES, "%s/%" PRIu64, key->gateway, key->epoch);
}

void stream_table_clear(struct stream_table *t)
{
    for (size_t i = 0; i < t->count; i++) {
        range_set_clear(&t->items[i].ranges);
        free(t->items[i].gateway);
    }
    free(t->items);
    text_map_free(t->places);
    *t = (struct stream_table){0};
}

struct stream *stream_table_find(const struct stream_table *t,
                                 const struct archive_key *key)
{
    char name[NAME_MAX_BYTES];
    if (!t->places)
        return NULL;
    name_of(key, name);
    uint32_t place = text_map_get(t->places, name);
    return place == UINT32_MAX ? NULL : &t->items[place];
}

static int make_room(struct stream_table *t)
{
    if (!t->places && text_map_new(EXPECTED, &t->places) < 0)
        return -ENOMEM;
    if (t->items && t->count < t->room)
        return 0;
    size_t room = t->room ? 2 * t->room : EXPECTED;
    struct stream *items = realloc(t->items, room * sizeof(*items));
    if (!items)
        return -ENOMEM;
    t->items = items;
    t->room = room;
    return 0;
}

struct stream *stream_table_make(struct stream_table *t, const struct archive_key *key)
{
    struct stream *found = stream_table_find(t, key);
    if (found)
        return found;
    char name[NAME_MAX_BYTES];
    char *gateway = strdup(key->gateway);
    name_of(key, name);
    if (!gateway || make_room(t) < 0
        || text_map_put(t->places, name, (uint32_t)t->count) < 0) {
        free(gateway);
        return NULL;
    }
    t->items[t->count] = (struct stream){.gateway = gateway, .epoch = key->epoch};
    return &t->items[t->count++];
}
