#include "store/earlier.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

/* doubt - its acknowledgement may not have arrived. */
struct doubt {
    uint64_t hash;
    uint16_t message_id;
    bool is_again;
};

/* Both by rising hash. */
struct earlier_bus {
    struct doubt *doubts;
    size_t doubt_count;
    uint64_t *own_ids;
    size_t own_id_count;
    bool is_over; /* nothing in doubt comes any more */
};

struct earlier {
    size_t count;
    struct earlier_bus buses[];
};

int earlier_new(size_t buses, struct earlier **ret)
{
    struct earlier *e = calloc(1, sizeof(*e) + buses * sizeof(e->buses[0]));
    if (!e)
        return -ENOMEM;
    e->count = buses;
    *ret = e;
    return 0;
}

struct earlier *earlier_free(struct earlier *e)
{
    for (size_t i = 0; e && i < e->count; i++) {
        free(e->buses[i].doubts);
        free(e->buses[i].own_ids);
    }
    free(e);
    return NULL;
}

static int compare_hashes(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a;
    uint64_t y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static int compare_doubts(const void *a, const void *b)
{
    const struct doubt *x = a;
    const struct doubt *y = b;
    int order = compare_hashes(&x->hash, &y->hash);
    return order ? order : x->message_id - y->message_id;
}

int earlier_add(struct earlier *e, size_t bus, const struct gw_delivered *delivered,
                const struct gw_own_ids *own_ids)
{
    struct earlier_bus *to = &e->buses[bus];
    to->doubts = calloc(delivered->count + 1, sizeof(*to->doubts));
    to->own_ids = calloc(own_ids->count + 1, sizeof(*to->own_ids));
    if (!to->doubts || !to->own_ids)
        return -ENOMEM;
    for (size_t i = 0; i < delivered->count; i++)
        to->doubts[i] = (struct doubt){.hash = delivered->items[i].hash,
                                       .message_id = delivered->items[i].message_id};
    for (size_t i = 0; i < own_ids->count; i++)
        to->own_ids[i] = own_ids->hashes[i];
    to->doubt_count = delivered->count;
    to->own_id_count = own_ids->count;
    qsort(to->doubts, to->doubt_count, sizeof(*to->doubts), compare_doubts);
    qsort(to->own_ids, to->own_id_count, sizeof(*to->own_ids), compare_hashes);
    return 0;
}

/* Two alike are the same message: no two under way share a packet id. */
static bool take_doubt(struct earlier_bus *bus, const struct gw_delivery *delivery)
{
    const struct doubt key = {.hash = delivery->hash, .message_id = delivery->message_id};
    struct doubt *found = bsearch(&key, bus->doubts, bus->doubt_count,
                                  sizeof(*bus->doubts), compare_doubts);
    if (!found || found->is_again)
        return false;
    found->is_again = true;
    return true;
}

bool earlier_had(struct earlier *e, size_t bus, const struct gw_delivery *delivery)
{
    struct earlier_bus *of = &e->buses[bus];
    of->is_over = of->is_over || delivery->forget > 0;
    if (!delivery->may_be_again)
        return false;
    if (!delivery->message_id)
        return bsearch(&delivery->hash, of->own_ids, of->own_id_count,
                       sizeof(*of->own_ids), compare_hashes);
    return !of->is_over && take_doubt(of, delivery);
}
