/* app_emit.c - one record fans out: first to people, then to the disk. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "base/clock.h"

static void send_event(struct app *app, const struct gw_transition *t)
{
    const int offset_s = campus_offset_s(app->live.settings->campus, t->time_us);
    char *text = http_alarm_event(t, offset_s);
    if (text)
        http_event(app->http, "alarm", text);
    free(text);
}

/* To the journal too: who asks what happened reads it there without the page. */
static void log_transition(const struct gw_transition *t)
{
    char id[2 * GW_ID_MAX];
    (void)snprintf(id, sizeof(id), "%s@%s", t->rule, t->object);
    gw_log(GW_LOG_NOTICE, (struct gw_subject){"ALARM", id}, "%s: %s, before %s (%s%s%s)",
           gw_severity_name(t->severity), gw_alarm_state_name(t->to),
           gw_alarm_state_name(t->from), t->cause, t->actor[0] ? " by " : "", t->actor);
}

static void emit_transition(struct app *app, const struct gw_transition *t)
{
    const struct gw_text title = rules_title(pipeline_rules(app->live.pipeline), t->rule);
    if (app->notify)
        notify_alarm(app->notify, t, &title);
    if (t->to == GW_ALARM_UNACKNOWLEDGED && app->sample_us > 0)
        latency_add(&app->latency, clock_machine_us() - app->sample_us);
    if (app->http)
        send_event(app, t);
    log_transition(t);
}

static void emit_reading(struct app *app, const struct gw_reading *reading)
{
    if (!app->notify || !app->live.settings->local.values)
        return;
    const struct point_entry *entry =
        point_table_find(pipeline_points(app->live.pipeline), reading->point);
    if (entry)
        notify_reading(app->notify, entry, reading);
}

static bool is_polled(const struct app *app, uint32_t point)
{
    const struct point_entry *entry =
        point_table_find(pipeline_points(app->live.pipeline), point);
    if (!entry || !entry->config)
        return true; /* derived: comes again from its inputs */
    const struct config *config = app->live.settings->config;
    return config->buses[config->devices[entry->config->device].bus].driver->poll != NULL;
}

/* What plugins keep and the day book began without what the disk has of them: they go on
 * from the disk, and what people ordered meanwhile is done again there. */
static bool begins_anew(const char *owner)
{
    static const char plugin[] = "plugin/";
    return strncmp(owner, plugin, sizeof(plugin) - 1) == 0
           || strcmp(owner, PIPELINE_DAY_BOOK) == 0;
}

/* Without a store everything waits in memory; when its room is full, messages give way
 * whole: their brokers deliver them again to the store that comes.  Alarms never do. */
static bool gives_way_away(struct app *app, const struct gw_record *record)
{
    switch (record->kind) {
    case GW_RECORD_READING:
        return is_polled(app, record->reading.point) ? !store_has_room(app->store)
                                                     : app->messages_give_way;
    case GW_RECORD_DELIVERY:
    case GW_RECORD_COMMIT:
        return app->messages_give_way;
    case GW_RECORD_STATE:
        return begins_anew(record->state.owner);
    case GW_RECORD_TRANSITION:
    case GW_RECORD_SUMMARY:
    case GW_RECORD_FACT:
    case GW_RECORD_CLOCK:
    case GW_RECORD_TIME_CORRECTION:
    case GW_RECORD_RECALL:
    case GW_RECORD_UNAVAILABLE:
    case GW_RECORD_MONTH_END:
    default:
        return false;
    }
}

/* While the disk takes nothing, a polled reading gives way: its next one comes by itself.
 * Messages stay, and so do alarms; nobody acknowledges them until they are written. */
static bool gives_way(struct app *app, const struct gw_record *record)
{
    static const struct gw_subject about = {"STORE", "log"};
    if (store_is_away(app->store))
        return gives_way_away(app, record);
    if (store_has_room(app->store)) {
        gw_relieve(&app->disk, about, "readings are kept again");
        return false;
    }
    gw_complain(&app->disk, about,
                "the disk takes nothing: polled readings are judged and not kept");
    return record->kind == GW_RECORD_READING && is_polled(app, record->reading.point);
}

void app_emit(void *ctx, const struct gw_record *record)
{
    struct app *app = ctx;
    if (record->kind == GW_RECORD_TRANSITION)
        emit_transition(app, &record->transition);
    else if (record->kind == GW_RECORD_READING)
        emit_reading(app, &record->reading);
    if (!gives_way(app, record))
        store_add(app->store, record);
    else if (record->kind == GW_RECORD_READING)
        app->unlogged++;
    if (record->kind == GW_RECORD_DELIVERY) /* between messages only */
        app->messages_give_way = store_is_away(app->store) && !store_has_room(app->store);
}
