/* river.h - the way of one reading through the stages, and what plugins add to it.
 *
 * A derived reading waits at the front: it passes all stages before the next sample,
 * after the reading that caused it.  Plugins cannot form loops, so the front empties;
 * RIVER_FRONT_MAX bounds a plugin that publishes without end.  Thread: the pipeline's.
 */
#ifndef PIPELINE_RIVER_H
#define PIPELINE_RIVER_H

#include "gw/record.h"
#include "pipeline/plugin_host.h"
#include "points/point_table.h"
#include "rules/rule.h"
#include "points/storage_rule.h"
#include "points/summary.h"
#include "points/telemetry.h"

enum { RIVER_FRONT_MAX = 65536 };

/* river - the stages in their order; all borrowed.
 * era         of the clock that readings are of
 * front       a ring of derived readings */
struct river {
    struct point_table *points;
    struct storage_rule *storage;
    struct telemetry *telemetry; /* NULL = the county wants none */
    void (*emit)(void *ctx, const struct gw_record *record);
    void *ctx;
    uint32_t era;
    struct summary *summary;
    struct plugin_host *plugins;
    struct rules *rules;
    struct gw_reading *front;
    size_t front_first;
    size_t front_count;
    size_t front_room;
};

/* river_pass - @reading, then everything it made plugins publish. */
void river_pass(struct river *r, const struct gw_reading *reading);

/* river_publish - @reading waits at the front; returns 0, -ENOMEM or -ENOBUFS. */
int river_publish(struct river *r, const struct gw_reading *reading);

/* river_drain - lets what waits at the front pass. */
void river_drain(struct river *r);

/* river_done - frees the front only. */
void river_done(struct river *r);

#endif
