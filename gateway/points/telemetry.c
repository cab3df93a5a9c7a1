#include "points/telemetry.h"

#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>

/* By index of the point table: the period told last. */
#define NOT_WANTED INT64_MIN
#define NOTHING_TOLD INT64_MAX

struct telemetry {
    const struct point_table *points;
    int64_t every_us;
    int64_t told[];
};

static bool matches(const char *name, const char *const *globs, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (fnmatch(globs[i], name, 0) == 0)
            return true;
    return false;
}

int telemetry_new(const struct point_table *points, const char *const *globs,
                  size_t count, int64_t every_us, struct telemetry **ret)
{
    size_t n = point_table_count(points);
    struct telemetry *t = calloc(1, sizeof(*t) + n * sizeof(t->told[0]));
    if (!t)
        return -ENOMEM;
    t->points = points;
    t->every_us = every_us;
    for (size_t i = 0; i < n; i++)
        t->told[i] = matches(point_table_entry(points, i)->name, globs, count)
                         ? NOTHING_TOLD
                         : NOT_WANTED;
    *ret = t;
    return 0;
}

bool telemetry_is_named(const struct point_table *points, const char *glob)
{
    for (size_t i = 0; i < point_table_count(points); i++)
        if (matches(point_table_entry(points, i)->name, &glob, 1))
            return true;
    return false;
}

struct telemetry *telemetry_free(struct telemetry *t)
{
    free(t);
    return NULL;
}

bool telemetry_wants(struct telemetry *t, const struct gw_reading *reading)
{
    if (!t)
        return false;
    size_t index = point_table_index(t->points, reading->point);
    if (index == POINT_NOWHERE || t->told[index] == NOT_WANTED)
        return false;
    if (reading->flags & GW_RESUMED)
        return false;
    if (t->every_us == 0)
        return true;
    int64_t period = reading->time_us / t->every_us;
    if (t->told[index] == period)
        return false;
    t->told[index] = period;
    return true;
}

void telemetry_take_over(struct telemetry *t, const struct telemetry *old,
                         const size_t *from)
{
    if (!t || !old || t->every_us != old->every_us)
        return;
    for (size_t i = 0; i < point_table_count(t->points); i++)
        if (from[i] != POINT_NOWHERE && t->told[i] != NOT_WANTED
            && old->told[from[i]] != NOT_WANTED)
            t->told[i] = old->told[from[i]];
}
