#include "points/storage_rule.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

/* What was logged last of a point. */
struct logged {
    double value;
    int64_t time_us;
    uint8_t quality;
    uint8_t reason;
    bool is_any;
};

struct storage_rule {
    const struct point_table *points;
    struct logged *logged; /* by index of the point table */
};

int storage_rule_new(const struct point_table *points, struct storage_rule **ret)
{
    struct storage_rule *s = calloc(1, sizeof(*s));
    if (!s)
        return -ENOMEM;
    s->points = points;
    s->logged = calloc(point_table_count(points) + 1, sizeof(*s->logged));
    if (!s->logged) {
        free(s);
        return -ENOMEM;
    }
    *ret = s;
    return 0;
}

struct storage_rule *storage_rule_free(struct storage_rule *s)
{
    if (!s)
        return NULL;
    free(s->logged);
    free(s);
    return NULL;
}

static bool has_new_quality(const struct logged *last, const struct gw_reading *r)
{
    return !last->is_any || last->quality != r->quality || last->reason != r->reason;
}

static bool has_left_dead_band(const struct config_metric *metric,
                               const struct logged *last, const struct gw_reading *r)
{
    double change = fabs(r->value - last->value);
    return metric->dead_band > 0 ? change >= metric->dead_band : change > 0;
}

/* Before the last one: the clock went back, and how long it was silent nobody knows. */
static bool was_silent(const struct config_metric *metric, const struct logged *last,
                       const struct gw_reading *r)
{
    return r->time_us < last->time_us
           || (metric->longest_silence_us > 0
               && r->time_us - last->time_us >= metric->longest_silence_us);
}

bool storage_rule_admits(struct storage_rule *s, const struct point_entry *entry,
                         const struct gw_reading *reading, bool is_whole)
{
    const struct config_metric *metric = entry->metric;
    struct logged *last = &s->logged[point_table_index(s->points, entry->id)];
    bool is_event = (reading->flags & GW_EVENT) || metric->kind == METRIC_EVENT;
    if (!is_whole && !is_event && !has_new_quality(last, reading)
        && !has_left_dead_band(metric, last, reading)
        && !was_silent(metric, last, reading))
        return false;
    *last = (struct logged){.value = reading->value,
                            .time_us = reading->time_us,
                            .quality = reading->quality,
                            .reason = reading->reason,
                            .is_any = true};
    return true;
}

void storage_rule_take_over(struct storage_rule *s, const struct storage_rule *old,
                            const size_t *from)
{
    for (size_t i = 0; i < point_table_count(s->points); i++)
        if (from[i] != POINT_NOWHERE)
            s->logged[i] = old->logged[from[i]];
}
