#include "alarms/alarm_list.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

struct alarm_list {
    pthread_mutex_t lock;
    struct alarm **items;
    size_t count;
    size_t room;
    struct text_map *index; /* pipeline thread only */
};

int alarm_list_new(struct alarm_list **ret)
{
    struct alarm_list *list = calloc(1, sizeof(*list));
    if (!list)
        return -ENOMEM;
    pthread_mutex_init(&list->lock, NULL);
    int r = text_map_new(64, &list->index);
    if (r < 0) {
        alarm_list_free(list);
        return r;
    }
    *ret = list;
    return 0;
}

struct alarm_list *alarm_list_free(struct alarm_list *list)
{
    if (!list)
        return NULL;
    for (size_t i = 0; i < list->count; i++)
        free(list->items[i]);
    free(list->items);
    text_map_free(list->index);
    pthread_mutex_destroy(&list->lock);
    free(list);
    return NULL;
}

size_t alarm_list_count(const struct alarm_list *list)
{
    return list->count;
}

const struct alarm *alarm_list_at(const struct alarm_list *list, size_t index)
{
    return list->items[index];
}

const struct alarm *alarm_list_find(const struct alarm_list *list, const char *id)
{
    uint32_t index = text_map_get(list->index, id);
    return index == UINT32_MAX ? NULL : list->items[index];
}

/* Makes room for one more; the old array is freed outside the lock. */
static int list_grow(struct alarm_list *list)
{
    if (list->count < list->room)
        return 0;
    size_t room = list->room > 0 ? 2 * list->room : 64;
    struct alarm **items = calloc(room, sizeof(struct alarm *));
    if (!items)
        return -ENOMEM;
    if (list->count > 0)
        memcpy(items, list->items, list->count * sizeof(struct alarm *));
    struct alarm **old = list->items;
    pthread_mutex_lock(&list->lock);
    list->items = items;
    list->room = room;
    pthread_mutex_unlock(&list->lock);
    free(old);
    return 0;
}

static int list_add(struct alarm_list *list, const struct alarm *alarm)
{
    int r = list_grow(list);
    if (r < 0)
        return r;
    struct alarm *item = malloc(sizeof(*item));
    if (!item)
        return -ENOMEM;
    *item = *alarm;
    r = text_map_put(list->index, alarm->row.id, (uint32_t)list->count);
    if (r < 0) {
        free(item);
        return r;
    }
    pthread_mutex_lock(&list->lock);
    list->items[list->count++] = item;
    pthread_mutex_unlock(&list->lock);
    return 0;
}

int alarm_list_set(struct alarm_list *list, const struct alarm *alarm)
{
    uint32_t index = text_map_get(list->index, alarm->row.id);
    if (index == UINT32_MAX)
        return list_add(list, alarm);
    pthread_mutex_lock(&list->lock);
    *list->items[index] = *alarm;
    pthread_mutex_unlock(&list->lock);
    return 0;
}

/* The order in which a guard wants to see them: what waits for somebody comes first,
 * the gravest at the top, whether its cause still stands or not. */
static const int state_rank[GW_ALARM_STATES] = {
    [GW_ALARM_UNACKNOWLEDGED] = 0,
    [GW_ALARM_RETURNED] = 0,
    [GW_ALARM_LATCHED] = 0,
    [GW_ALARM_ACKNOWLEDGED] = 1,
    [GW_ALARM_LATCHED_ACKNOWLEDGED] = 1,
    [GW_ALARM_SHELVED] = 2,
    [GW_ALARM_SUPPRESSED] = 2,
    [GW_ALARM_OUT_OF_SERVICE] = 2,
    [GW_ALARM_NORMAL] = 3,
};

static int row_compare(const void *left, const void *right)
{
    const struct alarm_row *a = left;
    const struct alarm_row *b = right;
    if (state_rank[a->state] != state_rank[b->state])
        return state_rank[a->state] - state_rank[b->state];
    if (a->state != GW_ALARM_NORMAL && a->severity != b->severity)
        return (int)a->severity - (int)b->severity;
    if (a->changed_us != b->changed_us)
        return a->changed_us > b->changed_us ? -1 : 1;
    return a->uid > b->uid ? -1 : a->uid < b->uid;
}

static size_t list_length(struct alarm_list *list)
{
    pthread_mutex_lock(&list->lock);
    size_t count = list->count;
    pthread_mutex_unlock(&list->lock);
    return count;
}

size_t alarm_list_snapshot(struct alarm_list *list, bool all, struct arena *arena,
                           struct alarm_row **ret)
{
    size_t room = list_length(list);
    struct alarm_row *rows = arena_alloc(arena, (room + 1) * sizeof(*rows));
    *ret = rows;
    if (!rows)
        return 0;

    size_t n = 0;
    pthread_mutex_lock(&list->lock);
    for (size_t i = 0; i < room; i++) {
        const struct alarm *alarm = list->items[i];
        if (all || alarm->row.state != GW_ALARM_NORMAL)
            rows[n++] = alarm->row;
    }
    pthread_mutex_unlock(&list->lock);
    qsort(rows, n, sizeof(*rows), row_compare);
    return n;
}
