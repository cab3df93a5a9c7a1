/* app_field.c - what the API says of buses and devices: the field's rows, and which
 * devices the rules miss. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "base/clock.h"
#include "points/condition.h"

static const char *health_name(enum field_health health)
{
    static const char *const names[] = {[FIELD_STARTING] = "starting",
                                        [FIELD_ONLINE] = "online",
                                        [FIELD_OFFLINE] = "offline",
                                        [FIELD_HUNG] = "hung"};
    return names[health];
}

static const char *counter_name(enum gw_counter counter)
{
    static const char *const names[GW_COUNTERS] = {
        [GW_COUNT_MESSAGES] = "messages",   [GW_COUNT_MALFORMED] = "malformed",
        [GW_COUNT_UNKNOWN] = "unknown",     [GW_COUNT_DUPLICATE] = "duplicate",
        [GW_COUNT_TIMEOUT] = "timeout",     [GW_COUNT_CRC] = "crc",
        [GW_COUNT_EXCEPTION] = "exception", [GW_COUNT_RECONNECT] = "reconnect",
        [GW_COUNT_OVERSIZE] = "oversize",   [GW_COUNT_REQUESTS] = "requests",
        [GW_COUNT_LOST] = "lost",           [GW_COUNT_SUPPRESSED] = "suppressed",
    };
    return names[counter];
}

static json_t *counters_json(const uint64_t counts[GW_COUNTERS])
{
    json_t *counters = json_object();
    for (enum gw_counter c = 0; c < GW_COUNTERS; c++)
        (void)json_object_set_new(counters, counter_name(c),
                                  json_integer((json_int_t)counts[c]));
    return counters;
}

/* Before the field runs each bus and device is there, and starting. */
static size_t bus_rows(struct app *app, struct field_bus_status *ret)
{
    const struct live live = live_now(app);
    (void)pthread_mutex_lock(&app->links);
    size_t count =
        app->field ? field_bus_rows(app->field, ret, FIELD_BUSES_MAX)
                   : field_starting_buses(live.settings->config, ret, FIELD_BUSES_MAX);
    (void)pthread_mutex_unlock(&app->links);
    return count;
}

/* By index of the configuration: a point of the device is silent or has failed, which is
 * what a rule's `faulty` counts.  NULL: out of memory. */
static bool *failed_devices(const struct live *live)
{
    struct point_table *points = pipeline_points(live->pipeline);
    const size_t total = point_table_count(points);
    struct gw_reading *readings = calloc(total + 1, sizeof(*readings));
    bool *has_failed =
        calloc(live->settings->config->device_count + 1, sizeof(*has_failed));
    size_t count =
        readings && has_failed ? point_table_snapshot(points, 0, readings, total) : 0;
    for (size_t i = 0; i < count; i++) {
        const struct config_point *point = point_table_entry(points, i)->config;
        if (point && condition_is_failure((enum gw_reason)readings[i].reason))
            has_failed[point->device] = true;
    }
    free(readings);
    return has_failed;
}

static json_t *bus_json(const struct field_bus_status *row, const struct config *config,
                        const bool *has_failed)
{
    json_t *failed = json_array();
    json_int_t devices = 0;
    for (size_t i = 0; i < config->device_count; i++) {
        const struct config_device *device = &config->devices[i];
        if (strcmp(config->buses[device->bus].name, row->name) != 0)
            continue;
        devices++;
        if (has_failed && has_failed[i])
            (void)json_array_append_new(failed, json_string(device->name));
    }
    return json_pack("{s:s, s:s, s:s, s:s, s:I, s:o, s:o, s:I, s:I}", "name", row->name,
                     "driver", row->driver, "health", health_name(row->health), "fault",
                     row->fault, "devices", devices, "failed", failed, "counters",
                     counters_json(row->counters), "samples", (json_int_t)row->samples,
                     "overwritten", (json_int_t)row->overwritten);
}

json_t *app_bus_rows(struct app *app)
{
    const struct live live = live_now(app);
    json_t *list = json_array();
    bool *has_failed = failed_devices(&live);
    struct field_bus_status *rows = calloc(FIELD_BUSES_MAX, sizeof(*rows));
    size_t count = rows ? bus_rows(app, rows) : 0;
    for (size_t i = 0; i < count; i++)
        (void)json_array_append_new(
            list, bus_json(&rows[i], live.settings->config, has_failed));
    free(rows);
    free(has_failed);
    return list;
}

char *app_buses(void *ctx)
{
    return app_text(json_pack("{s:o}", "buses", app_bus_rows(ctx)));
}

/* Milliseconds; null before the first answer, and of devices that nobody asks. */
static json_t *response_json(const struct field_response *r)
{
    if (r->count == 0)
        return json_null();
    return json_pack("{s:f, s:f, s:f}", "min", (double)r->shortest_us / 1000, "mean",
                     (double)r->total_us / (double)r->count / 1000, "max",
                     (double)r->longest_us / 1000);
}

static json_t *device_json(const struct field_device_status *row)
{
    json_t *seen = row->last_seen_us > 0 ? json_integer(
                       (json_int_t)((clock_machine_us() - row->last_seen_us) / 1000000))
                                         : json_null();
    return json_pack("{s:s, s:s, s:s, s:s, s:o, s:I, s:I, s:o, s:o}", "name", row->name,
                     "bus", row->bus, "health", health_name(row->health), "fault",
                     row->fault, "last_seen_s", seen, "polls", (json_int_t)row->polls,
                     "failures", (json_int_t)row->failures, "counters",
                     counters_json(row->counters), "response_ms",
                     response_json(&row->response));
}

static size_t device_rows(struct app *app, struct field_device_status *ret, size_t max)
{
    const struct live live = live_now(app);
    (void)pthread_mutex_lock(&app->links);
    size_t count = app->field ? field_device_rows(app->field, ret, max)
                              : field_starting_devices(live.settings->config, ret, max);
    (void)pthread_mutex_unlock(&app->links);
    return count;
}

char *app_devices(void *ctx)
{
    struct app *app = ctx;
    json_t *list = json_array();
    const size_t max = live_now(app).settings->config->device_count;
    struct field_device_status *rows = calloc(max + 1, sizeof(*rows));
    size_t count = rows ? device_rows(app, rows, max) : 0;
    for (size_t i = 0; i < count; i++)
        (void)json_array_append_new(list, device_json(&rows[i]));
    free(rows);
    return app_text(json_pack("{s:o}", "devices", list));
}
