#include "uplink/ranges.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct range {
    uint64_t epoch;
    uint64_t from;
    uint64_t to;
    uint64_t order; /* of the last addition */
};

/* items are sorted by (epoch, from) and neither overlap nor touch. */
struct ranges {
    struct range items[RANGES_MAX];
    size_t count;
    uint64_t order;
};

int ranges_new(struct ranges **ret)
{
    *ret = calloc(1, sizeof(**ret));
    return *ret ? 0 : -ENOMEM;
}

struct ranges *ranges_free(struct ranges *r)
{
    free(r);
    return NULL;
}

size_t ranges_count(const struct ranges *r)
{
    return r->count;
}

/* The first range that ends at or after @seq of @epoch; count when there is none. */
static size_t find(const struct ranges *r, uint64_t epoch, uint64_t seq)
{
    size_t low = 0;
    size_t high = r->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        const struct range *item = &r->items[middle];
        bool is_before = item->epoch != epoch ? item->epoch < epoch : item->to < seq;
        if (is_before)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool ranges_holds(const struct ranges *r, uint64_t epoch, uint64_t seq)
{
    size_t i = find(r, epoch, seq);
    return i < r->count && r->items[i].epoch == epoch && r->items[i].from <= seq;
}

static void remove_items(struct ranges *r, size_t first, size_t n)
{
    memmove(&r->items[first], &r->items[first + n],
            (r->count - first - n) * sizeof(r->items[0]));
    r->count -= n;
}

static void forget_oldest(struct ranges *r)
{
    size_t oldest = 0;
    for (size_t i = 1; i < r->count; i++)
        if (r->items[i].order < r->items[oldest].order)
            oldest = i;
    remove_items(r, oldest, 1);
}

void ranges_add(struct ranges *r, uint64_t epoch, uint64_t from, uint64_t to,
                void (*each)(void *ctx, uint64_t epoch, uint64_t from, uint64_t to),
                void *ctx)
{
    if (r->count == RANGES_MAX)
        forget_oldest(r);
    struct range joined = {epoch, from, to, ++r->order};
    size_t first = find(r, epoch, from > 1 ? from - 1 : 1); /* one that touches counts */
    size_t last = first;
    uint64_t next = from;
    for (; last < r->count; last++) {
        const struct range *item = &r->items[last];
        if (item->epoch != epoch || item->from > to + 1)
            break;
        if (each && next < item->from && next <= to)
            each(ctx, epoch, next, item->from - 1 < to ? item->from - 1 : to);
        if (item->to + 1 > next)
            next = item->to + 1;
        if (item->from < joined.from)
            joined.from = item->from;
        if (item->to > joined.to)
            joined.to = item->to;
    }
    if (each && next <= to)
        each(ctx, epoch, next, to);

    if (last > first) {
        remove_items(r, first + 1, last - first - 1);
    } else {
        memmove(&r->items[first + 1], &r->items[first],
                (r->count - first) * sizeof(r->items[0]));
        r->count++;
    }
    r->items[first] = joined;
}

/* Where there is no place for it, it gives way. */
static void insert(struct ranges *r, size_t at, uint64_t from, uint64_t to,
                   const struct range *of)
{
    if (from > to || r->count == RANGES_MAX)
        return;
    memmove(&r->items[at + 1], &r->items[at], (r->count - at) * sizeof(r->items[0]));
    r->items[at] = (struct range){of->epoch, from, to, of->order};
    r->count++;
}

void ranges_remove(struct ranges *r, uint64_t epoch, uint64_t from, uint64_t to)
{
    size_t i = find(r, epoch, from);
    while (i < r->count && r->items[i].epoch == epoch && r->items[i].from <= to) {
        const struct range was = r->items[i];
        remove_items(r, i, 1);
        if (was.to > to)
            insert(r, i, to + 1, was.to, &was);
        if (was.from < from)
            insert(r, i++, was.from, from - 1, &was);
    }
}
