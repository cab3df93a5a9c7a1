#include "points/bus_watch.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "points/condition.h"

const char bus_watch_metric[] = "bus_state";

/* watched - one bus of the configuration.
 * point   its own, 0 = the catalogue lacks the metric
 * state   enum bus_state, one byte: as it is kept */
struct watched {
    uint32_t point;
    uint32_t points;
    uint32_t failed;
    uint8_t state;
};

/* has_failed  by index of the table */
struct bus_watch {
    const struct config *config;
    const struct point_table *points;
    struct watched *buses;
    bool *has_failed;
};

static uint32_t own_point(const struct point_table *points, const char *bus)
{
    char name[GW_NAME_MAX];
    (void)snprintf(name, sizeof(name), "%s/%s", bus, bus_watch_metric);
    const struct point_entry *entry = point_table_named(points, name);
    return entry && !entry->config ? entry->id : 0;
}

/* The bus of the point at @index of the table; NULL = no device feeds it. */
static struct watched *bus_of(const struct bus_watch *w, size_t index)
{
    const struct point_entry *entry = point_table_entry(w->points, index);
    return entry && entry->config
               ? &w->buses[w->config->devices[entry->config->device].bus]
               : NULL;
}

/* Counts the point at @index anew; true when its bus changes by that. */
static bool count(struct bus_watch *w, size_t index, const struct gw_reading *reading)
{
    struct watched *bus = bus_of(w, index);
    bool has_failed = condition_is_failure((enum gw_reason)reading->reason);
    if (!bus)
        return false;
    bus->failed += (uint32_t)has_failed - (uint32_t)w->has_failed[index];
    w->has_failed[index] = has_failed;
    bool was_silent = bus->state == BUS_SILENT;
    bool is_silent = has_failed && (was_silent || bus->failed == bus->points);
    bus->state = is_silent ? BUS_SILENT : BUS_HEARD;
    return is_silent != was_silent;
}

static void count_all(struct bus_watch *w)
{
    for (size_t i = 0; i < point_table_count(w->points); i++) {
        uint32_t id = point_table_entry(w->points, i)->id;
        const struct gw_reading *latest = point_table_get(w->points, id);
        if (latest->reason != GW_REASON_UNSEEN)
            (void)count(w, i, latest);
    }
}

int bus_watch_new(const struct config *config, const struct point_table *points,
                  struct bus_watch **ret)
{
    struct bus_watch *w = calloc(1, sizeof(*w));
    if (!w)
        return -ENOMEM;
    w->config = config;
    w->points = points;
    w->buses = calloc(config->bus_count + 1, sizeof(*w->buses));
    w->has_failed = calloc(point_table_count(points) + 1, sizeof(*w->has_failed));
    if (!w->buses || !w->has_failed) {
        bus_watch_free(w);
        return -ENOMEM;
    }
    for (size_t i = 0; i < config->bus_count; i++)
        w->buses[i].point = own_point(points, config->buses[i].name);
    for (size_t i = 0; i < point_table_count(points); i++) {
        struct watched *bus = bus_of(w, i);
        if (bus)
            bus->points++;
    }
    *ret = w;
    return 0;
}

struct bus_watch *bus_watch_free(struct bus_watch *w)
{
    if (!w)
        return NULL;
    free(w->buses);
    free(w->has_failed);
    free(w);
    return NULL;
}

static struct watched *bus_named(const struct bus_watch *w, const char *name)
{
    for (size_t i = 0; i < w->config->bus_count; i++)
        if (strcmp(w->config->buses[i].name, name) == 0)
            return &w->buses[i];
    return NULL;
}

int bus_watch_restore(struct bus_watch *w, const char *name, const void *bytes,
                      size_t size)
{
    struct watched *bus = bus_named(w, name);
    uint8_t state = BUS_HEARD;
    if (!bus)
        return -ENOENT;
    if (size != sizeof(state))
        return -EINVAL;
    memcpy(&state, bytes, sizeof(state));
    if (state > BUS_SILENT)
        return -EINVAL;
    bus->state = state;
    return 0;
}

void bus_watch_take_over(struct bus_watch *w, const struct bus_watch *old)
{
    for (size_t i = 0; i < w->config->bus_count; i++) {
        const struct watched *before = bus_named(old, w->config->buses[i].name);
        if (before)
            w->buses[i].state = before->state;
    }
    count_all(w);
}

bool bus_watch_reading(struct bus_watch *w, const struct gw_reading *reading,
                       size_t *ret_bus)
{
    size_t index = point_table_index(w->points, reading->point);
    if (index == POINT_NOWHERE || !count(w, index, reading))
        return false;
    *ret_bus = (size_t)(bus_of(w, index) - w->buses);
    return true;
}

bool bus_watch_told(const struct bus_watch *w, size_t bus, int64_t time_us,
                    struct gw_reading *ret)
{
    if (w->buses[bus].point == 0)
        return false;
    *ret = (struct gw_reading){.point = w->buses[bus].point,
                               .flags = GW_DERIVED,
                               .quality = GW_GOOD,
                               .value = w->buses[bus].state,
                               .time_us = time_us,
                               .source_us = GW_TIME_NONE};
    return true;
}

struct gw_state bus_watch_kept(const struct bus_watch *w, size_t bus)
{
    return (struct gw_state){.owner = "bus",
                             .key = w->config->buses[bus].name,
                             .bytes = &w->buses[bus].state,
                             .size = sizeof(w->buses[bus].state)};
}
