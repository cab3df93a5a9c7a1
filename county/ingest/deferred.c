#include "ingest/deferred.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static void free_values(char *const *values, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free(values[i]);
}

static bool make_room(struct deferred *d)
{
    if (d->count < d->room)
        return true;
    size_t room = d->room ? 2 * d->room : 16;
    struct deferred_item *items = realloc(d->items, room * sizeof(*items));
    if (!items)
        return false;
    d->items = items;
    d->room = room;
    return true;
}

int deferred_add(struct deferred *d, const char *sql, char *const *values, size_t count)
{
    bool is_whole = make_room(d);
    for (size_t i = 0; i < count; i++)
        is_whole = is_whole && values[i];
    if (!is_whole) {
        free_values(values, count);
        return -ENOMEM;
    }
    struct deferred_item *item = &d->items[d->count++];
    *item = (struct deferred_item){.sql = sql, .count = count};
    memcpy(item->values, values, count * sizeof(*values));
    return 0;
}

int deferred_run(const struct deferred *d, struct postgres *p, struct gw_error *err)
{
    int r = 0;
    for (size_t i = 0; r == 0 && i < d->count; i++)
        r = postgres_do(p, d->items[i].sql, (const char *const *)d->items[i].values,
                        d->items[i].count, err);
    return r;
}

void deferred_clear(struct deferred *d)
{
    for (size_t i = 0; i < d->count; i++)
        free_values(d->items[i].values, d->items[i].count);
    free(d->items);
    *d = (struct deferred){0};
}
