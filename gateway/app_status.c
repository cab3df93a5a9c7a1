/* app_status.c - what the API says of the whole: counted under leaf locks, formatted
 * here; its buses in app_field.c. */
#include <jansson.h>
#include <math.h>
#include <stdlib.h>

#include "app.h"
#include "base/clock.h"
#include "base/heap.h"
#include "base/time_server.h"
#include "base/wear.h"

char *app_text(json_t *document)
{
    char *text = document ? json_dumps(document, JSON_COMPACT) : NULL;
    json_decref(document);
    return text;
}

static json_t *points_json(struct app *app)
{
    const struct live live = live_now(app);
    struct point_table *points = pipeline_points(live.pipeline);
    size_t total = point_table_count(points);
    size_t by_quality[3] = {0};
    struct gw_reading *readings = calloc(total + 1, sizeof(*readings));
    size_t count = readings ? point_table_snapshot(points, 0, readings, total) : 0;
    for (size_t i = 0; i < count; i++)
        by_quality[readings[i].quality]++;
    free(readings);
    return json_pack("{s:I, s:I, s:I, s:I}", "total", (json_int_t)total, "good",
                     (json_int_t)by_quality[GW_GOOD], "uncertain",
                     (json_int_t)by_quality[GW_UNCERTAIN], "bad",
                     (json_int_t)by_quality[GW_BAD]);
}

static bool waits_for_people(enum gw_alarm_state state)
{
    return state == GW_ALARM_UNACKNOWLEDGED || state == GW_ALARM_RETURNED
           || state == GW_ALARM_LATCHED;
}

static json_t *alarms_json(struct app *app)
{
    const struct live live = live_now(app);
    struct arena *arena = NULL;
    struct alarm_row *rows = NULL;
    size_t active = 0;
    size_t unacknowledged = 0;
    size_t by_severity[GW_INF + 1] = {0};
    size_t count = 0;
    if (arena_new(&arena) == 0)
        count = alarms_snapshot(pipeline_alarms(live.pipeline), false, arena, &rows);
    for (size_t i = 0; i < count; i++) {
        active += rows[i].is_active;
        unacknowledged += waits_for_people(rows[i].state);
        by_severity[rows[i].severity]++;
    }
    arena = arena_free(arena);
    json_t *document = json_pack("{s:I, s:I}", "active", (json_int_t)active,
                                 "unacknowledged", (json_int_t)unacknowledged);
    for (enum gw_severity s = GW_P1; s <= GW_P4; s++)
        (void)json_object_set_new(document, gw_severity_name(s),
                                  json_integer((json_int_t)by_severity[s]));
    return document;
}

static json_t *readings_json(struct app *app)
{
    const struct live live = live_now(app);
    json_t *document = json_object();
    for (const struct gw_driver *const *d = modules_all(live.settings->modules)->drivers;
         *d; d++)
        (void)json_object_set_new(
            document, (*d)->name,
            json_integer((json_int_t)pipeline_count(live.pipeline, (*d)->name)));
    return document;
}

/* How long rows stay, in days. */
static json_t *keep_json(struct app *app)
{
    static const int64_t day_us = INT64_C(86400) * 1000000;
    const struct live live = live_now(app);
    const struct store_keep *keep = &live.settings->store.keep;
    return json_pack("{s:I, s:I, s:I, s:I, s:I}", "readings",
                     (json_int_t)(keep->log_us / day_us), "minutes",
                     (json_int_t)(keep->minutes_us / day_us), "summaries",
                     (json_int_t)(keep->summaries_us / day_us), "days",
                     (json_int_t)(keep->days_us / day_us), "evidence",
                     (json_int_t)(keep->evidence_us / day_us));
}

static json_t *store_json(struct app *app, struct store_status *status)
{
    store_status(app->store, status);
    return json_pack(
        "{s:b, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:{s:I, s:I}, s:I, s:s, s:s, s:o}",
        "away", status->is_away, "commits", (json_int_t)status->commits, "rows",
        (json_int_t)status->rows, "failures", (json_int_t)status->failures, "waiting",
        (json_int_t)status->waiting, "undated", (json_int_t)status->undated,
        "undated_given_way", (json_int_t)status->undated_given_way, "unlogged",
        (json_int_t)app->unlogged, "given_up", "evidence",
        (json_int_t)status->given_up_evidence, "transitions",
        (json_int_t)status->given_up_transitions, "file_bytes",
        (json_int_t)status->file_bytes, "notice", status->notice, "fault", status->fault,
        "keep_days", keep_json(app));
}

static json_t *count_or_null(int64_t count)
{
    return count < 0 ? json_null() : json_integer((json_int_t)count);
}

/* What the card's life goes by. */
static json_t *disk_json(struct app *app)
{
    const struct live live = live_now(app);
    int64_t bytes = wear_bytes();
    int64_t per_day = wear_per_day(bytes, clock_machine_us() - app->started_us);
    double years = wear_years(live.settings->store.endurance_tb, per_day);
    return json_pack("{s:o, s:o, s:o}", "written_bytes", count_or_null(bytes),
                     "bytes_per_day", count_or_null(per_day), "card_years",
                     isnan(years) ? json_null() : json_real(years));
}

static json_t *memory_json(const struct store_status *store)
{
    return json_pack("{s:I, s:I}", "heap_bytes", (json_int_t)heap_bytes(), "sqlite_bytes",
                     (json_int_t)store->sqlite_bytes);
}

int64_t app_outbox_age_s(const struct store_status *store)
{
    int64_t age_s =
        store->outbox_oldest_s ? clock_school_us() / 1000000 - store->outbox_oldest_s : 0;
    return age_s > 0 ? age_s : 0; /* made by a clock that was ahead */
}

static json_t *outbox_json(const struct store_status *store)
{
    return json_pack(
        "{s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "waiting",
        (json_int_t)store->outbox_waiting, "oldest_s",
        (json_int_t)app_outbox_age_s(store), "rows", (json_int_t)store->outbox_rows,
        "bytes", (json_int_t)store->outbox_bytes, "cap", (json_int_t)store->outbox_cap,
        "dropped", (json_int_t)store->outbox_dropped, "untold",
        (json_int_t)store->outbox_untold);
}

bool app_days_left(const struct county_credentials *credentials, int64_t *ret)
{
    static const int64_t day_us = INT64_C(86400) * 1000000;
    if (!credentials->end_us || !clock_school_is_known())
        return false;
    *ret = (int64_t)floor((double)(credentials->end_us - clock_school_us())
                          / (double)day_us);
    return true;
}

static json_t *credentials_json(const struct county_credentials *credentials)
{
    int64_t days;
    char end[CLOCK_TEXT_MAX];
    bool is_known = app_days_left(credentials, &days);
    clock_format(credentials->end_us, 0, end);
    return json_pack("{s:o, s:o, s:s, s:s}", "end",
                     credentials->end_us ? json_string(end) : json_null(), "days",
                     is_known ? json_integer((json_int_t)days) : json_null(), "file",
                     credentials->file, "fault", credentials->fault);
}

static json_t *county_json(struct app *app, const struct store_status *store)
{
    const struct live live = live_now(app);
    struct county_status status = {0};
    char fingerprint[EVIDENCE_FINGERPRINT_MAX] = "";
    (void)pthread_mutex_lock(&app->links);
    if (app->county)
        county_status(app->county, &status);
    (void)pthread_mutex_unlock(&app->links);
    if (app_key(app))
        evidence_fingerprint(app_key(app)->public_key, fingerprint);
    return json_pack(
        "{s:b, s:b, s:b, s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:o, s:s, s:s, "
        "s:o}",
        "enabled", county_is_on(&live.settings->county), "connected", status.is_connected,
        "contested", status.is_contested, "way", status.way ? status.way : "", "sent",
        (json_int_t)status.sent, "resent", (json_int_t)status.resent, "acknowledged",
        (json_int_t)status.acknowledged, "in_flight", (json_int_t)status.in_flight,
        "left_out", (json_int_t)status.left_out, "refused", (json_int_t)status.refused,
        "messages", (json_int_t)store->outbox_total, "outbox_acknowledged",
        (json_int_t)store->outbox_acknowledged, "outbox", outbox_json(store), "fault",
        status.fault, "fingerprint", fingerprint, "credentials",
        credentials_json(&status.credentials));
}

static json_t *local_json(struct app *app)
{
    struct notify_status status = {0};
    (void)pthread_mutex_lock(&app->links);
    const bool is_enabled = app->notify != NULL;
    if (is_enabled)
        notify_status(app->notify, &status);
    (void)pthread_mutex_unlock(&app->links);
    return json_pack("{s:b, s:b, s:I, s:I, s:s}", "enabled", is_enabled, "connected",
                     status.is_connected, "published", (json_int_t)status.published,
                     "waiting", (json_int_t)status.waiting, "fault", status.fault);
}

static json_t *span_json(struct latency *latency)
{
    uint64_t count;
    const uint32_t p50_us = latency_quantile(latency, 0.5, &count);
    const uint32_t p99_us = latency_quantile(latency, 0.99, &count);
    return json_pack("{s:I, s:I, s:I}", "count", (json_int_t)count, "p50_us",
                     (json_int_t)p50_us, "p99_us", (json_int_t)p99_us);
}

/* From the sample taken on. */
static json_t *latency_json(struct app *app)
{
    return json_pack("{s:o, s:o}", "alarm_given", span_json(&app->latency),
                     "output_given", span_json(&app->given));
}

/* As the rule SY-01-clock has it; "uncertain" from its first moment. */
static const char *time_quality(int64_t error_us)
{
    static const int64_t most_us = INT64_C(2) * 1000000;
    if (!clock_school_is_known())
        return "unknown";
    return error_us > most_us ? "uncertain" : "good";
}

char *app_status(void *ctx)
{
    struct app *app = ctx;
    const struct live live = live_now(app);
    char now[CLOCK_TEXT_MAX];
    int64_t school_us = clock_school_us();
    int64_t error_us = time_server_error_us();
    clock_format(school_us, campus_offset_s(live.settings->campus, school_us), now);

    struct store_status store;
    json_t *store_part = store_json(app, &store);
    const struct gw_phase phase = gw_campus_phase(live.settings->campus, NULL, school_us);
    json_t *document = json_pack(
        "{s:s, s:s, s:s, s:s, s:o, s:s, s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, "
        "s:o, s:o, s:o, s:o}",
        "gateway", live.settings->county.gateway, "version", GW_VERSION, "school_time",
        now, "time_quality", time_quality(error_us), "clock_error_s",
        error_us < 0 ? json_null() : json_real((double)error_us / 1e6), "phase",
        gw_phase_name(phase.kind), "uptime_s",
        (json_int_t)((clock_machine_us() - app->started_us) / 1000000), "readings",
        readings_json(app), "points", points_json(app), "alarms", alarms_json(app),
        "buses", app_bus_rows(app), "store", store_part, "disk", disk_json(app), "memory",
        memory_json(&store), "county", county_json(app, &store), "outputs",
        app_outputs(app), "local", local_json(app), "latency", latency_json(app),
        "config", reload_json(app->reload, live.settings->config->hash));
    return app_text(document);
}

char *app_outbox(void *ctx)
{
    struct app *app = ctx;
    struct store_status status;
    char epoch[24];
    store_status(app->store, &status);
    (void)snprintf(epoch, sizeof(epoch), "%llu",
                   (unsigned long long)store_epoch(app->store));
    json_t *document = outbox_json(&status);
    json_t *more =
        json_pack("{s:I, s:I, s:s}", "total", (json_int_t)status.outbox_total,
                  "acknowledged", (json_int_t)status.outbox_acknowledged, "epoch", epoch);
    (void)json_object_update_missing(document, more);
    json_decref(more);
    return app_text(document);
}
