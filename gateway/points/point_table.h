/* point_table.h - the latest reading of every point, and the catalogue of points.
 *
 * Written by the pipeline; snapshots are copied under one leaf lock, so that the
 * pages never hold it while they format.
 */
#ifndef POINTS_POINT_TABLE_H
#define POINTS_POINT_TABLE_H

#include "config/config.h"
#include "gw/plugin.h"
#include "gw/types.h"

struct point_table;

/* point_entry - what is fixed about a point; strings live as long as the table. */
struct point_entry {
    uint32_t id;
    const char *name;   /* "b1-203/desk_lux.window" */
    const char *object; /* "b1-203" */
    const struct config_metric *metric;
    const char *device;                /* NULL when derived */
    const struct config_point *config; /* NULL when derived */
    uint32_t source;                   /* of derived ones: the point they follow, or 0 */
};

int point_table_new(struct point_table **ret);
struct point_table *point_table_free(struct point_table *t);

/* point_table_add - @entry's strings are borrowed for the table's life.
 * returns 0, -EEXIST (name or id taken), -ENOMEM */
int point_table_add(struct point_table *t, const struct point_entry *entry);

size_t point_table_count(const struct point_table *t);
const struct point_entry *point_table_entry(const struct point_table *t, size_t index);
const struct point_entry *point_table_find(const struct point_table *t, uint32_t id);
const struct point_entry *point_table_named(const struct point_table *t,
                                            const char *name);

/* point_table_index - the entry's place, for arrays beside the table; POINT_NOWHERE. */
#define POINT_NOWHERE SIZE_MAX
size_t point_table_index(const struct point_table *t, uint32_t id);

/* point_table_set, _get - the latest reading, BAD UNSEEN before the first; @reading's
 * point must be in the table; _get of an unknown one is NULL.  Thread: pipeline. */
void point_table_set(struct point_table *t, const struct gw_reading *reading);
const struct gw_reading *point_table_get(const struct point_table *t, uint32_t id);

/* point_table_snapshot - readings of the entries @first.., in entry order; @max.
 * returns how many were copied.  Thread: any. */
size_t point_table_snapshot(struct point_table *t, size_t first, struct gw_reading *ret,
                            size_t max);

#endif
