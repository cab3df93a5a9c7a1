#include "pipeline/river.h"

#include <errno.h>
#include <stdlib.h>

enum { FIRST_ROOM = 64 };

static void emit_reading(struct river *r, const struct point_entry *entry,
                         const struct gw_reading *reading)
{
    struct gw_record record; /* its largest kind is ten times a reading: not cleared */
    record.kind = GW_RECORD_READING;
    record.flags = r->era << GW_RECORD_ERA_SHIFT;
    record.reading = *reading;
    if (storage_rule_admits(r->storage, entry, reading, rules_uses(r->rules, entry->id)))
        record.flags |= GW_RECORD_LOG;
    if (telemetry_wants(r->telemetry, reading))
        record.flags |= GW_RECORD_TELEMETRY;
    r->emit(r->ctx, &record);
}

static void pass_one(struct river *r, const struct gw_reading *reading)
{
    const struct point_entry *entry = point_table_find(r->points, reading->point);
    if (!entry)
        return;
    point_table_set(r->points, reading);
    emit_reading(r, entry, reading);
    summary_reading(r->summary, reading);
    plugin_host_reading(r->plugins, reading);
    rules_reading(r->rules, reading);
}

void river_pass(struct river *r, const struct gw_reading *reading)
{
    pass_one(r, reading);
    river_drain(r);
}

static int make_room(struct river *r)
{
    if (r->front_count >= RIVER_FRONT_MAX)
        return -ENOBUFS;
    size_t room = r->front_room ? 2 * r->front_room : FIRST_ROOM;
    struct gw_reading *front = calloc(room, sizeof(*front));
    if (!front)
        return -ENOMEM;
    for (size_t i = 0; i < r->front_count; i++)
        front[i] = r->front[(r->front_first + i) % r->front_room];
    free(r->front);
    r->front = front;
    r->front_first = 0;
    r->front_room = room;
    return 0;
}

int river_publish(struct river *r, const struct gw_reading *reading)
{
    if (r->front_count == r->front_room) {
        int error = make_room(r);
        if (error < 0)
            return error;
    }
    r->front[(r->front_first + r->front_count) % r->front_room] = *reading;
    r->front_count++;
    return 0;
}

void river_drain(struct river *r)
{
    while (r->front_count > 0) {
        struct gw_reading reading = r->front[r->front_first];
        r->front_first = (r->front_first + 1) % r->front_room;
        r->front_count--;
        pass_one(r, &reading);
    }
}

void river_done(struct river *r)
{
    free(r->front);
    r->front = NULL;
    r->front_first = 0;
    r->front_count = 0;
    r->front_room = 0;
}
