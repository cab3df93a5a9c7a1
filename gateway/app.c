#include "app.h"

#include <errno.h>
#include <mosquitto.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "gw/log.h"
#include "refill.h"
#include "shipped.h"

enum { QUEUE_ITEMS = 16384 };

#ifdef GW_SEED_FAULT
static const bool acknowledge_before_commit = true; /* tests must catch this build */
#else
static const bool acknowledge_before_commit = false;
#endif

static const struct gw_subject about_app = {"APP", "gateway"};

/* --- what flows on and back ---------------------------------------------------- */

static void on_committed(void *ctx, uint16_t bus, uint64_t ticket)
{
    struct app *app = ctx;
    uint16_t index = 0;
    while (index < app->settings.config->bus_count && app->bus_ids[index] != bus)
        index++;
    (void)pthread_mutex_lock(&app->links);
    if (app->field && index < app->settings.config->bus_count)
        field_committed(app->field, index, ticket);
    (void)pthread_mutex_unlock(&app->links);
}

static void on_appended(void *ctx)
{
    struct app *app = ctx;
    (void)pthread_mutex_lock(&app->links);
    if (app->county)
        county_appended(app->county);
    (void)pthread_mutex_unlock(&app->links);
}

static char *encode(void *ctx, const struct gw_record *record, uint64_t epoch,
                    uint64_t seq, int *ret_priority)
{
    const struct app *app = ctx;
    return county_encode(app->encoder, record, epoch, seq, ret_priority);
}

/* Buses count from 0 in this configuration; on disk they keep an id for life. */
static bool push(void *ctx, const struct gw_sample *samples, size_t n,
                 const struct gw_delivery *delivery, size_t *ret_overwritten)
{
    struct app *app = ctx;
    if (!delivery)
        return sample_queue_push_over(app->queue, samples, n, NULL, ret_overwritten);
    struct gw_delivery kept = *delivery;
    kept.bus = app->bus_ids[delivery->bus];
    return sample_queue_push_over(app->queue, samples, n, &kept, ret_overwritten);
}

static void push_commit(void *ctx, uint16_t bus, uint64_t ticket)
{
    struct app *app = ctx;
    sample_queue_push_commit(app->queue, app->bus_ids[bus], ticket);
}

static const struct gw_delivery *delivered(void *ctx, const char *bus, size_t *ret_count,
                                           uint64_t *ret_next)
{
    struct app *app = ctx;
    uint16_t index = 0;
    while (strcmp(app->settings.config->buses[index].name, bus) != 0)
        index++;
    return store_delivered(app->store, app->bus_ids[index], ret_count, ret_next);
}

static int operate(void *ctx, const struct alarm_command *command, struct gw_error *err)
{
    struct app *app = ctx;
    return operations_call(app->operations, command, err);
}

static int point_id(void *ctx, const char *name, uint32_t *ret)
{
    struct app *app = ctx;
    struct gw_error err = {0};
    int r = store_point_id(app->store, name, ret, &err);
    if (r < 0)
        gw_log(GW_LOG_ERROR, (struct gw_subject){"POINT", name}, "%s", err.text);
    return r;
}

/* --- components, in the order of their start ---------------------------- */

static int settings_start(struct app *app, struct gw_error *err)
{
    int r = settings_load(app->folder, &app->settings, err);
    if (r < 0)
        return r;
    if (config_faults_errors(app->settings.faults) == 0)
        return 0;
    (void)settings_check(&app->settings, stderr);
    return gw_fail(err, -EINVAL, "configuration '%s' has %zu errors; nothing was started",
                   app->folder, config_faults_errors(app->settings.faults));
}

static void settings_stop(struct app *app)
{
    settings_free(&app->settings);
}

static int queues_start(struct app *app, struct gw_error *err)
{
    int r = sample_queue_new(QUEUE_ITEMS, &app->queue);
    if (r == 0)
        r = operations_new(&app->operations);
    if (r == 0)
        r = output_states_new(app_send_output, app, &app->outputs);
    if (r < 0)
        return gw_fail(err, r, "queues: out of memory or descriptors");
    return 0;
}

static void queues_stop(struct app *app)
{
    app->queue = sample_queue_free(app->queue);
    app->operations = operations_free(app->operations);
    app->outputs = output_states_free(app->outputs);
}

static int store_start(struct app *app, struct gw_error *err)
{
    int r = store_open(&app->settings.store, &app->store, err);
    const struct config *config = app->settings.config;
    if (r == 0)
        app->bus_ids = calloc(config->bus_count + 1, sizeof(*app->bus_ids));
    if (r == 0 && !app->bus_ids)
        return gw_fail(err, -ENOMEM, "store: out of memory");
    for (size_t i = 0; r == 0 && i < config->bus_count; i++)
        r = store_bus_id(app->store, config->buses[i].name, &app->bus_ids[i], err);
    return r;
}

static void store_stop(struct app *app)
{
    app->store = store_close(app->store);
    app->encoder = county_encoder_free(app->encoder);
    free(app->bus_ids);
    app->bus_ids = NULL;
}

static void restore_state(void *ctx, const struct gw_state *state)
{
    pipeline_restore(ctx, state);
}

/* Builds the stages on stable ids; then the store's thread may take what they emit. */
static int pipeline_begin(struct app *app, struct gw_error *err)
{
    struct settings *s = &app->settings;
    const struct pipeline_ops ops = {
        .ctx = app, .emit = app_emit, .output = app_output, .point_id = point_id};
    int r = pipeline_new(s->config, s->campus, &shipped_modules, &ops, s->faults,
                         &app->pipeline, err);
    if (r < 0)
        return r;
    if (config_faults_errors(s->faults) > 0) {
        config_faults_print(s->faults, stderr);
        return gw_fail(err, -EINVAL,
                       "configuration '%s' has %zu errors; nothing was started",
                       app->folder, config_faults_errors(s->faults));
    }
    const struct county_telemetry *telemetry = &s->county.telemetry;
    if (telemetry->is_on) {
        r = pipeline_set_telemetry(app->pipeline, telemetry->points.items,
                                   telemetry->points.count, telemetry->every_us);
        if (r < 0)
            return gw_fail(err, r, "county: telemetry: out of memory");
    }
    alarms_begin_behind(pipeline_alarms(app->pipeline), store_last_alarm_uid(app->store));
    return store_each_state(app->store, restore_state, app->pipeline, err);
}

static int encoder_begin(struct app *app, struct gw_error *err)
{
    const struct settings *s = &app->settings;
    int r = county_encoder_new(&s->county, s->config, s->campus, &app->encoder);
    const struct point_table *points = pipeline_points(app->pipeline);
    for (size_t i = 0; r == 0 && i < point_table_count(points); i++) {
        const struct point_entry *entry = point_table_entry(points, i);
        r = county_encoder_point(app->encoder, entry->id, entry->name,
                                 entry->metric ? entry->metric->unit : "");
    }
    return r < 0 ? gw_fail(err, r, "county: out of memory") : 0;
}

/* Windows that cannot be refilled fill by themselves: no reason not to guard a school. */
static void pipeline_go(struct app *app)
{
    struct gw_error err = {0};
    const int64_t now_us = clock_school_us();
    (void)clock_school_was_set(&app->ahead_us); /* what comes from here on is seen */
    if (refill_windows(app->pipeline, app->settings.store.path, now_us, &err) < 0)
        gw_log(GW_LOG_WARNING, about_app, "windows of rules begin empty: %s", err.text);
    pipeline_start(app->pipeline, now_us);
}

static int pipeline_component_start(struct app *app, struct gw_error *err)
{
    int r = pipeline_begin(app, err);
    if (r == 0)
        r = encoder_begin(app, err);
    if (r < 0)
        return r;
    const struct store_ops ops = {
        .ctx = app,
        .committed = on_committed,
        .encode = app->settings.county.broker ? encode : NULL,
        .appended = on_appended,
        .acknowledge_before_commit = acknowledge_before_commit,
    };
    r = store_run(app->store, &ops, err);
    if (r < 0)
        return r;
    pipeline_go(app);
    return 0;
}

static void pipeline_component_stop(struct app *app)
{
    if (app->pipeline)
        pipeline_stop(app->pipeline, clock_school_us());
    if (app->store)
        store_flush(app->store);
    app->pipeline = pipeline_free(app->pipeline);
}

static int county_component_start(struct app *app, struct gw_error *err)
{
    const struct county_config *config = &app->settings.county;
    if (!config->broker)
        return 0;
    app->birth = county_birth(config, app->settings.config);
    if (!app->birth)
        return gw_fail(err, -ENOMEM, "county: out of memory");
    struct county *county = NULL;
    int r = county_start(config, app->settings.store.path, app->store, app->birth,
                         &county, err);
    (void)pthread_mutex_lock(&app->links);
    app->county = county;
    (void)pthread_mutex_unlock(&app->links);
    return r;
}

static void county_component_stop(struct app *app)
{
    (void)pthread_mutex_lock(&app->links);
    struct county *county = app->county;
    app->county = NULL;
    (void)pthread_mutex_unlock(&app->links);
    (void)county_stop(county);
    free(app->birth);
    app->birth = NULL;
}

static int notify_component_start(struct app *app, struct gw_error *err)
{
    if (!app->settings.local.broker)
        return 0;
    const struct notify_ops ops = {.ctx = app, .command = operate};
    return notify_start(&app->settings.local, app->settings.county.gateway, &ops,
                        &app->notify, err);
}

static void notify_component_stop(struct app *app)
{
    app->notify = notify_stop(app->notify);
}

static int http_component_start(struct app *app, struct gw_error *err)
{
    const struct http_sources sources = {
        .points = pipeline_points(app->pipeline),
        .alarms = pipeline_alarms(app->pipeline),
        .rules = pipeline_rules(app->pipeline),
        .campus = app->settings.campus,
        .store_path = app->settings.store.path,
        .offset_s = campus_offset_s(app->settings.campus, clock_school_us()),
    };
    const struct http_ops ops = {
        .ctx = app,
        .operate = operate,
        .write = app_write,
        .status = app_status,
        .devices = app_devices,
        .buses = app_buses,
        .outbox = app_outbox,
    };
    int r = http_start(&app->settings.http, &sources, &ops, &app->http, err);
    if (r == 0 && http_address(app->http)[0])
        gw_log(GW_LOG_NOTICE, about_app, "alarm page at %s", http_address(app->http));
    return r;
}

static void http_component_stop(struct app *app)
{
    if (app->operations)
        operations_end(app->operations);
    app->http = http_stop(app->http);
}

static int field_component_start(struct app *app, struct gw_error *err)
{
    const struct field_ops ops = {
        .ctx = app, .push = push, .commit = push_commit, .delivered = delivered};
    struct settings *s = &app->settings;
    struct field *field = NULL;
    int r = field_start(s->config, &ops, NULL, s->store.commit_interval_us, &field, err);
    (void)pthread_mutex_lock(&app->links);
    app->field = field;
    (void)pthread_mutex_unlock(&app->links);
    return r;
}

/* What the buses still pushed is taken; the rest the brokers deliver again. */
static void field_component_stop(struct app *app)
{
    (void)pthread_mutex_lock(&app->links);
    struct field *field = app->field;
    app->field = NULL;
    (void)pthread_mutex_unlock(&app->links);
    (void)field_stop(field);
    app_drain(app);
}

static const struct component {
    const char *name;
    int (*start)(struct app *app, struct gw_error *err);
    void (*stop)(struct app *app);
} components[] = {
    {"settings", settings_start, settings_stop},
    {"queues", queues_start, queues_stop},
    {"store", store_start, store_stop},
    {"pipeline", pipeline_component_start, pipeline_component_stop},
    {"county", county_component_start, county_component_stop},
    {"local", notify_component_start, notify_component_stop},
    {"http", http_component_start, http_component_stop},
    {"field", field_component_start, field_component_stop},
};

int app_run(const char *folder, struct gw_error *err)
{
    struct app app = {.folder = folder, .started_us = clock_machine_us()};
    (void)pthread_mutex_init(&app.links, NULL);
    latency_init(&app.latency);
    latency_init(&app.given);

    /* Before the first thread, so that only the loop sees them. */
    sigset_t signals;
    (void)sigemptyset(&signals);
    (void)sigaddset(&signals, SIGTERM);
    (void)sigaddset(&signals, SIGINT);
    (void)sigaddset(&signals, SIGHUP);
    (void)pthread_sigmask(SIG_BLOCK, &signals, NULL);

    (void)mosquitto_lib_init(); /* its count has no lock: before the first thread */

    const size_t count = sizeof(components) / sizeof(components[0]);
    size_t running = 0;
    int r = 0;
    while (running < count && r == 0)
        r = components[running++].start(&app, err);
    if (r == 0)
        r = app_loop(&app, err);
    while (running > 0)
        components[--running].stop(&app);

    (void)mosquitto_lib_cleanup();
    latency_done(&app.latency);
    latency_done(&app.given);
    (void)pthread_mutex_destroy(&app.links);
    return r;
}
