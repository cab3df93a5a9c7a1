/* change_tell.c - what the school's broker has to hear after a change. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "change.h"

/* What it keeps of a point that is gone is no value any more. */
static void tell_gone(struct app *app, const struct live *old)
{
    const struct point_table *before = pipeline_points(old->pipeline);
    const struct point_table *now = pipeline_points(app->live.pipeline);
    for (size_t i = 0; i < point_table_count(before); i++) {
        const struct point_entry *entry = point_table_entry(before, i);
        if (!point_table_find(now, entry->id))
            notify_reading(app->notify, entry,
                           &(struct gw_reading){.point = entry->id,
                                                .quality = GW_BAD,
                                                .reason = GW_REASON_UNSEEN,
                                                .value = NAN,
                                                .time_us = clock_school_us(),
                                                .source_us = GW_TIME_NONE});
    }
}

static void tell_values(struct app *app)
{
    const struct point_table *points = pipeline_points(app->live.pipeline);
    for (size_t i = 0; i < point_table_count(points); i++) {
        const struct point_entry *entry = point_table_entry(points, i);
        const struct gw_reading *now = point_table_get(points, entry->id);
        if (now && now->reason != GW_REASON_UNSEEN)
            notify_reading(app->notify, entry, now);
    }
}

/* As its last step was told, but for where it came from. */
static struct gw_transition standing(const struct alarm_row *row)
{
    struct gw_transition t = {
        .uid = row->uid,
        .seq = row->seq,
        .severity = row->severity,
        .from = row->state,
        .to = row->state,
        .value = row->value,
        .time_us = row->changed_us,
        .time_quality = GW_TIME_GOOD,
        .mono_us = clock_machine_us(),
        .cause = "configuration",
    };
    memcpy(t.rule, row->rule, sizeof(t.rule));
    memcpy(t.object, row->object, sizeof(t.object));
    (void)snprintf(t.actor, sizeof(t.actor), "%s", row->actor);
    (void)snprintf(t.comment, sizeof(t.comment), "%s", row->comment);
    return t;
}

static void tell_alarms(struct app *app)
{
    struct arena *arena = NULL;
    struct alarm_row *rows = NULL;
    size_t count = 0;
    if (arena_new(&arena) == 0)
        count = alarms_snapshot(pipeline_alarms(app->live.pipeline), false, arena, &rows);
    for (size_t i = 0; i < count; i++) {
        const struct gw_transition t = standing(&rows[i]);
        notify_alarm(app->notify, &t, &rows[i].title);
    }
    arena_free(arena);
}

void change_tell(struct app *app, const struct live *old, bool knows_nothing)
{
    if (!app->notify)
        return;
    tell_gone(app, old);
    if (!knows_nothing)
        return;
    tell_values(app);
    tell_alarms(app);
}
