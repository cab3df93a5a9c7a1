/* pipeline_hear.c - what devices said without a store, to the pipeline on the store that
 * came: one that speaks only when something changes does not say it again. */
#include "pipeline/pipeline_parts.h"

/* Both tables begin with the configuration's points in its order.  An event is over when
 * it was heard; what is derived follows from what is heard. */
static bool is_known(const struct point_entry *entry, const struct pipeline *old,
                     size_t index)
{
    return entry->config && entry->metric->kind != METRIC_EVENT
           && point_table_entry(old->points, index)->config == entry->config;
}

int pipeline_hear(struct pipeline *p, const struct pipeline *old)
{
    size_t before = point_table_count(old->points);
    int r = 0;
    for (size_t i = 0; r == 0 && i < point_table_count(p->points) && i < before; i++) {
        const struct point_entry *entry = point_table_entry(p->points, i);
        if (!is_known(entry, old, i))
            continue;
        struct gw_reading said = *condition_heard(old->condition, i);
        said.point = entry->id;
        if (said.reason != GW_REASON_OFFLINE)
            point_table_set(p->points, &said);
        r = condition_hear(p->condition, old->condition, i, old->now_us);
    }
    return r;
}
