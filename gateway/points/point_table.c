#include "points/point_table.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/hash.h"

enum { FIRST_CAPACITY = 64, NAMES_EXPECTED = 1024 };

/* ids     open addressing: index + 1, 0 = free; twice the capacity or more
 * lock    leaf: guards readings[], the entries are fixed once the threads run */
struct point_table {
    struct arena *arena;
    struct text_map *names;
    struct point_entry **entries;
    struct gw_reading *readings;
    uint32_t *ids;
    size_t count;
    size_t capacity;
    pthread_mutex_t lock;
};

int point_table_new(struct point_table **ret)
{
    struct point_table *t = calloc(1, sizeof(*t));
    if (!t)
        return -ENOMEM;
    int r = pthread_mutex_init(&t->lock, NULL);
    if (r != 0) {
        free(t);
        return -r;
    }
    r = arena_new(&t->arena);
    if (r == 0)
        r = text_map_new(NAMES_EXPECTED, &t->names);
    if (r < 0) {
        point_table_free(t);
        return r;
    }
    *ret = t;
    return 0;
}

struct point_table *point_table_free(struct point_table *t)
{
    if (!t)
        return NULL;
    (void)pthread_mutex_destroy(&t->lock);
    text_map_free(t->names);
    arena_free(t->arena);
    free(t->entries);
    free(t->readings);
    free(t->ids);
    free(t);
    return NULL;
}

/* The place of @id in ids[], taken or free.  Fibonacci hashing spreads dense ids. */
static size_t id_place(const struct point_table *t, uint32_t id)
{
    size_t mask = 2 * t->capacity - 1;
    uint32_t spread = id * UINT32_C(2654435769);
    size_t at = spread & mask;
    while (t->ids[at] != 0 && t->entries[t->ids[at] - 1]->id != id)
        at = (at + 1) & mask;
    return at;
}

/* calloc and copy instead of realloc: a failure leaves the table as it was. */
static int grow(struct point_table *t)
{
    size_t capacity = t->capacity ? 2 * t->capacity : FIRST_CAPACITY;
    struct point_entry **entries = calloc(capacity, sizeof(struct point_entry *));
    struct gw_reading *readings = calloc(capacity, sizeof(*readings));
    uint32_t *ids = calloc(2 * capacity, sizeof(*ids));
    if (!entries || !readings || !ids) {
        free(entries);
        free(readings);
        free(ids);
        return -ENOMEM;
    }
    if (t->count > 0) {
        memcpy(entries, t->entries, t->count * sizeof(struct point_entry *));
        memcpy(readings, t->readings, t->count * sizeof(*readings));
    }
    free(t->entries);
    free(t->readings);
    free(t->ids);
    t->entries = entries;
    t->readings = readings;
    t->ids = ids;
    t->capacity = capacity;
    for (size_t i = 0; i < t->count; i++)
        t->ids[id_place(t, entries[i]->id)] = (uint32_t)i + 1;
    return 0;
}

int point_table_add(struct point_table *t, const struct point_entry *entry)
{
    if (point_table_find(t, entry->id) || point_table_named(t, entry->name))
        return -EEXIST;
    if (t->count == t->capacity) {
        int r = grow(t);
        if (r < 0)
            return r;
    }
    struct point_entry *copy = arena_copy(t->arena, entry, sizeof(*entry));
    if (!copy)
        return -ENOMEM;
    int r = text_map_put(t->names, entry->name, (uint32_t)t->count);
    if (r < 0)
        return r;

    t->entries[t->count] = copy;
    t->readings[t->count] = (struct gw_reading){.point = entry->id,
                                                .quality = GW_BAD,
                                                .reason = GW_REASON_UNSEEN,
                                                .value = NAN,
                                                .time_us = GW_TIME_NONE,
                                                .source_us = GW_TIME_NONE};
    t->ids[id_place(t, entry->id)] = (uint32_t)t->count + 1;
    t->count++;
    return 0;
}

size_t point_table_count(const struct point_table *t)
{
    return t->count;
}

const struct point_entry *point_table_entry(const struct point_table *t, size_t index)
{
    return index < t->count ? t->entries[index] : NULL;
}

size_t point_table_index(const struct point_table *t, uint32_t id)
{
    if (t->count == 0)
        return POINT_NOWHERE;
    uint32_t place = t->ids[id_place(t, id)];
    return place == 0 ? POINT_NOWHERE : place - 1;
}

const struct point_entry *point_table_find(const struct point_table *t, uint32_t id)
{
    return point_table_entry(t, point_table_index(t, id));
}

const struct point_entry *point_table_named(const struct point_table *t, const char *name)
{
    return point_table_entry(t, text_map_get(t->names, name));
}

void point_table_set(struct point_table *t, const struct gw_reading *reading)
{
    size_t index = point_table_index(t, reading->point);
    assert(index != POINT_NOWHERE);
    (void)pthread_mutex_lock(&t->lock);
    t->readings[index] = *reading;
    (void)pthread_mutex_unlock(&t->lock);
}

/* Only the pipeline's thread writes, so that it reads without the lock. */
const struct gw_reading *point_table_get(const struct point_table *t, uint32_t id)
{
    size_t index = point_table_index(t, id);
    return index == POINT_NOWHERE ? NULL : &t->readings[index];
}

size_t point_table_snapshot(struct point_table *t, size_t first, struct gw_reading *ret,
                            size_t max)
{
    if (first >= t->count)
        return 0;
    size_t n = t->count - first < max ? t->count - first : max;
    (void)pthread_mutex_lock(&t->lock);
    memcpy(ret, &t->readings[first], n * sizeof(*ret));
    (void)pthread_mutex_unlock(&t->lock);
    return n;
}
