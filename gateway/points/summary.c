#include "points/summary.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

#define PERIOD_MINUTES 15
#define NO_TALLY UINT32_MAX

/* tally - one gauge: the running minute, then the running quarter.
 * held        the good value that stands, NAN when there is none */
struct tally {
    const struct point_entry *entry;
    double held;
    double minute_sum;
    uint32_t minute_count;
    uint32_t count;
    uint32_t minutes;
    double sum; /* of the minutes' values */
    double min;
    double max;
    double last;
};

/* tallies   grouped by object
 * tally_of  by index of the point table
 * items     room for the object with the most gauges */
struct summary {
    const struct point_table *points;
    void (*emit)(void *ctx, const struct gw_record *record);
    void *ctx;
    struct tally *tallies;
    size_t tally_count;
    uint32_t *tally_of;
    struct gw_summary_item *items;
};

static bool is_gauge(const struct point_entry *entry)
{
    return entry->metric->kind == METRIC_GAUGE;
}

/* Numbers the objects by first appearance: @object_of by index of the point table,
 * @sizes by object.  returns how many objects, or -ENOMEM */
static int number_objects(const struct summary *s, uint32_t *object_of, size_t *sizes)
{
    struct text_map *objects = NULL;
    int r = text_map_new(0, &objects);
    uint32_t count = 0;
    for (size_t i = 0; r == 0 && i < point_table_count(s->points); i++) {
        const struct point_entry *entry = point_table_entry(s->points, i);
        if (!is_gauge(entry))
            continue;
        object_of[i] = text_map_get(objects, entry->object);
        if (object_of[i] == UINT32_MAX) {
            object_of[i] = count;
            r = text_map_put(objects, entry->object, count++);
        }
        sizes[object_of[i]]++;
    }
    text_map_free(objects);
    return r < 0 ? r : (int)count;
}

/* Counting sort: object by object, each in table order.  @next: by object. */
static void place_tallies(struct summary *s, const uint32_t *object_of, size_t *next)
{
    for (size_t i = 0; i < point_table_count(s->points); i++) {
        const struct point_entry *entry = point_table_entry(s->points, i);
        s->tally_of[i] = NO_TALLY;
        if (!is_gauge(entry))
            continue;
        s->tally_of[i] = (uint32_t)next[object_of[i]]++;
        s->tallies[s->tally_of[i]].entry = entry;
    }
}

static int group(struct summary *s, uint32_t *object_of, size_t *sizes)
{
    int objects = number_objects(s, object_of, sizes);
    if (objects < 0)
        return objects;
    size_t largest = 0;
    for (int i = 0; i < objects; i++) {
        size_t size = sizes[i];
        sizes[i] = s->tally_count; /* from here on: the object's first tally */
        s->tally_count += size;
        largest = size > largest ? size : largest;
    }
    s->tallies = calloc(s->tally_count + 1, sizeof(*s->tallies));
    s->items = calloc(largest + 1, sizeof(*s->items));
    if (!s->tallies || !s->items)
        return -ENOMEM;
    place_tallies(s, object_of, sizes);
    summary_restart(s);
    return 0;
}

int summary_new(const struct point_table *points,
                void (*emit)(void *ctx, const struct gw_record *record), void *ctx,
                struct summary **ret)
{
    size_t n = point_table_count(points) + 1;
    struct summary *s = calloc(1, sizeof(*s));
    uint32_t *object_of = calloc(n, sizeof(*object_of));
    size_t *sizes = calloc(n, sizeof(*sizes));
    int r = -ENOMEM;
    if (s && object_of && sizes) {
        *s = (struct summary){.points = points, .emit = emit, .ctx = ctx};
        s->tally_of = calloc(n, sizeof(*s->tally_of));
        if (s->tally_of)
            r = group(s, object_of, sizes);
    }
    free(object_of);
    free(sizes);
    if (r < 0)
        (void)summary_free(s);
    else
        *ret = s;
    return r;
}

struct summary *summary_free(struct summary *s)
{
    if (!s)
        return NULL;
    free(s->tallies);
    free(s->tally_of);
    free(s->items);
    free(s);
    return NULL;
}

static void begin_quarter(struct tally *t)
{
    t->count = 0;
    t->minutes = 0;
    t->sum = 0;
    t->min = INFINITY;
    t->max = -INFINITY;
    t->last = NAN;
}

void summary_restart(struct summary *s)
{
    for (size_t i = 0; i < s->tally_count; i++) {
        s->tallies[i] = (struct tally){.entry = s->tallies[i].entry, .held = NAN};
        begin_quarter(&s->tallies[i]);
    }
}

void summary_take_over(struct summary *s, const struct summary *old, const size_t *from)
{
    for (size_t i = 0; i < point_table_count(s->points); i++) {
        if (s->tally_of[i] == NO_TALLY || from[i] == POINT_NOWHERE
            || old->tally_of[from[i]] == NO_TALLY)
            continue;
        struct tally *t = &s->tallies[s->tally_of[i]];
        const struct point_entry *entry = t->entry;
        *t = old->tallies[old->tally_of[from[i]]];
        t->entry = entry;
    }
}

static void take_value(struct tally *t, double value)
{
    t->min = value < t->min ? value : t->min;
    t->max = value > t->max ? value : t->max;
    t->last = value;
}

void summary_reading(struct summary *s, const struct gw_reading *reading)
{
    size_t index = point_table_index(s->points, reading->point);
    if (index == POINT_NOWHERE || s->tally_of[index] == NO_TALLY)
        return;
    struct tally *t = &s->tallies[s->tally_of[index]];
    if (reading->quality != GW_GOOD) {
        t->held = NAN;
        return;
    }
    t->held = reading->value;
    t->minute_sum += reading->value;
    t->minute_count++;
    t->count++;
    take_value(t, reading->value);
}

static void end_minute(struct tally *t)
{
    if (t->minute_count > 0) {
        t->sum += t->minute_sum / t->minute_count;
        t->minutes++;
    } else if (!isnan(t->held)) {
        take_value(t, t->held);
        t->sum += t->held;
        t->minutes++;
    }
    t->minute_sum = 0;
    t->minute_count = 0;
}

static void fill_item(struct gw_summary_item *item, const struct tally *t)
{
    const char *metric = t->entry->name + strlen(t->entry->object) + 1;
    *item = (struct gw_summary_item){
        .min = t->min,
        .mean = t->sum / t->minutes,
        .max = t->max,
        .last = t->last,
        .valid = (double)t->minutes / PERIOD_MINUTES,
        .count = t->count,
    };
    (void)snprintf(item->metric, sizeof(item->metric), "%s", metric);
}

/* Emits the object whose tallies begin at @first; returns where the next one's do. */
static size_t end_object(struct summary *s, size_t first, int64_t time_us)
{
    const char *object = s->tallies[first].entry->object;
    size_t count = 0;
    size_t at = first;
    for (; at < s->tally_count; at++) {
        struct tally *t = &s->tallies[at];
        if (strcmp(t->entry->object, object) != 0)
            break;
        if (t->minutes > 0)
            fill_item(&s->items[count++], t);
        begin_quarter(t);
    }
    struct gw_record record = {.kind = GW_RECORD_SUMMARY,
                               .summary = {.start_us = time_us - SUMMARY_PERIOD_US,
                                           .period_us = SUMMARY_PERIOD_US,
                                           .items = s->items,
                                           .count = count}};
    (void)snprintf(record.summary.object, sizeof(record.summary.object), "%s", object);
    if (count > 0)
        s->emit(s->ctx, &record);
    return at;
}

void summary_minute(struct summary *s, int64_t time_us)
{
    for (size_t i = 0; i < s->tally_count; i++)
        end_minute(&s->tallies[i]);
    if (time_us % SUMMARY_PERIOD_US != 0)
        return;
    for (size_t at = 0; at < s->tally_count;)
        at = end_object(s, at, time_us);
}
