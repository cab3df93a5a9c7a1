#include "points/deadlines.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

/* place[item] is its index in heap[], or SIZE_MAX. */
struct deadlines {
    size_t *heap;
    size_t *place;
    int64_t *time_us;
    size_t length;
};

int deadlines_new(size_t count, struct deadlines **ret)
{
    struct deadlines *d = calloc(1, sizeof(*d));
    if (!d)
        return -ENOMEM;
    size_t n = count > 0 ? count : 1;
    d->heap = calloc(n, sizeof(*d->heap));
    d->place = calloc(n, sizeof(*d->place));
    d->time_us = calloc(n, sizeof(*d->time_us));
    if (!d->heap || !d->place || !d->time_us) {
        deadlines_free(d);
        return -ENOMEM;
    }
    for (size_t i = 0; i < n; i++)
        d->place[i] = SIZE_MAX;
    *ret = d;
    return 0;
}

struct deadlines *deadlines_free(struct deadlines *d)
{
    if (!d)
        return NULL;
    free(d->heap);
    free(d->place);
    free(d->time_us);
    free(d);
    return NULL;
}

static bool is_before(const struct deadlines *d, size_t a, size_t b)
{
    if (d->time_us[a] != d->time_us[b])
        return d->time_us[a] < d->time_us[b];
    return a < b;
}

static void put(struct deadlines *d, size_t at, size_t item)
{
    d->heap[at] = item;
    d->place[item] = at;
}

static void sift_up(struct deadlines *d, size_t at)
{
    size_t item = d->heap[at];
    while (at > 0 && is_before(d, item, d->heap[(at - 1) / 2])) {
        put(d, at, d->heap[(at - 1) / 2]);
        at = (at - 1) / 2;
    }
    put(d, at, item);
}

static void sift_down(struct deadlines *d, size_t at)
{
    size_t item = d->heap[at];
    for (;;) {
        size_t child = 2 * at + 1;
        if (child >= d->length)
            break;
        if (child + 1 < d->length && is_before(d, d->heap[child + 1], d->heap[child]))
            child++;
        if (!is_before(d, d->heap[child], item))
            break;
        put(d, at, d->heap[child]);
        at = child;
    }
    put(d, at, item);
}

static void take_away(struct deadlines *d, size_t at)
{
    d->place[d->heap[at]] = SIZE_MAX;
    size_t last = d->heap[--d->length];
    if (at == d->length)
        return;
    put(d, at, last);
    sift_up(d, at);
    sift_down(d, d->place[last]);
}

void deadlines_set(struct deadlines *d, size_t item, int64_t time_us)
{
    if (time_us == DEADLINE_NEVER) {
        if (d->place[item] != SIZE_MAX)
            take_away(d, d->place[item]);
        return;
    }
    bool is_in = d->place[item] != SIZE_MAX;
    if (is_in && d->time_us[item] == time_us)
        return;
    d->time_us[item] = time_us;
    if (!is_in)
        put(d, d->length++, item);
    sift_up(d, d->place[item]);
    sift_down(d, d->place[item]);
}

/* All by the same: the heap keeps its order. */
void deadlines_shift(struct deadlines *d, int64_t delta_us)
{
    for (size_t i = 0; i < d->length; i++)
        d->time_us[d->heap[i]] += delta_us;
}

int64_t deadlines_get(const struct deadlines *d, size_t item)
{
    return d->place[item] == SIZE_MAX ? DEADLINE_NEVER : d->time_us[item];
}

int64_t deadlines_first(const struct deadlines *d)
{
    return d->length > 0 ? d->time_us[d->heap[0]] : DEADLINE_NEVER;
}

size_t deadlines_pop(struct deadlines *d)
{
    if (d->length == 0)
        return SIZE_MAX;
    size_t item = d->heap[0];
    take_away(d, 0);
    return item;
}
