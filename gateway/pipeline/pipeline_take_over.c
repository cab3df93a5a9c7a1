/* pipeline_take_over.c - a new pipeline goes on where another one is: a reload. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "config/diff.h"
#include "pipeline/pipeline_parts.h"

static bool same_value(const struct pipeline *old, const struct point_entry *before,
                       const struct pipeline *p, const struct point_entry *after)
{
    if (before->config && after->config)
        return config_same_value(old->config, before->config, p->config, after->config);
    return !before->config && !after->config;
}

/* By index of the new table: its index in the old one. */
static size_t *match_points(const struct pipeline *p, const struct pipeline *old)
{
    size_t count = point_table_count(p->points);
    size_t *from = calloc(count + 1, sizeof(*from));
    for (size_t i = 0; from && i < count; i++) {
        const struct point_entry *after = point_table_entry(p->points, i);
        const struct point_entry *before = point_table_find(old->points, after->id);
        from[i] = before && same_value(old, before, p, after)
                      ? point_table_index(old->points, after->id)
                      : POINT_NOWHERE;
    }
    return from;
}

static void take_latest(struct pipeline *p, const struct pipeline *old,
                        const size_t *from)
{
    for (size_t i = 0; i < point_table_count(p->points); i++) {
        uint32_t id = point_table_entry(p->points, i)->id;
        if (from[i] != POINT_NOWHERE)
            point_table_set(p->points, point_table_get(old->points, id));
    }
}

/* A counter of a driver never goes back: what a bus that is gone had counted goes to the
 * first one of its driver. */
static void take_counts(struct pipeline *p, const struct pipeline *old)
{
    for (size_t i = 0; i < old->config->bus_count; i++) {
        const struct config_bus *bus = &old->config->buses[i];
        size_t k = 0;
        while (k < p->config->bus_count && p->config->buses[k].driver != bus->driver)
            k++;
        if (k < p->config->bus_count)
            p->counts[k] += old->counts[i];
    }
}

int pipeline_take_over(struct pipeline *p, struct pipeline *old, int64_t time_us)
{
    size_t *from = match_points(p, old);
    if (from)
        pipeline_advance(old, time_us);
    int r = from ? alarms_take_over(p->alarms, old->alarms) : -ENOMEM;
    if (r == 0)
        r = day_book_take_over(campus_book(p->campus), campus_book(old->campus));
    if (r == 0)
        r = facts_take_over(p->facts, old->facts, old->now_us);
    if (r < 0) {
        free(from);
        return r;
    }
    p->now_us = old->now_us;
    p->is_running = true;
    p->flooded = old->flooded;
    take_latest(p, old, from);
    take_counts(p, old);
    school_ticks_start(&p->ticks, p->now_us);
    p->ticks.heard_us = old->ticks.heard_us;
    p->ticks.day_us = old->ticks.day_us;
    p->eras = old->eras;
    pipeline_eras_go(p);
    condition_take_over(p->condition, old->condition, from, p->now_us);
    bus_watch_take_over(p->buses, old->buses);
    storage_rule_take_over(p->river.storage, old->river.storage, from);
    summary_take_over(p->river.summary, old->river.summary, from);
    telemetry_take_over(p->river.telemetry, old->river.telemetry, from);
    plugin_host_take_over(p->river.plugins, old->river.plugins);
    rules_take_over(p->river.rules, old->river.rules, from, p->now_us);
    day_entries_measure(p, p->now_us);
    alarms_retire(p->alarms, p->now_us);
    outputs_take_over(p->outputs, old->outputs, p->alarms, p->now_us);
    pipeline_tell_buses(p);
    river_drain(&p->river);
    old->is_running = false;
    free(from);
    return 0;
}
