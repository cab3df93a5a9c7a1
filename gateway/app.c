#include "app.h"

#include <errno.h>
#include <malloc.h>
#include <mosquitto.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "gw/log.h"
#include "shipped.h"

enum { QUEUE_ITEMS = 16384 };

#ifdef GW_SEED_FAULT
static const bool acknowledge_before_commit = true; /* tests must catch this build */
#else
static const bool acknowledge_before_commit = false;
#endif

static const struct gw_subject about_app = {"APP", "gateway"};

/* --- components, in the order of their start ---------------------------- */

static int load_settings(struct app *app, const char *folder, struct gw_error *err)
{
    live_free(app, &app->live);
    app->live.settings = calloc(1, sizeof(*app->live.settings));
    if (!app->live.settings)
        return gw_fail(err, -ENOMEM, "configuration: out of memory");
    return settings_load(folder, app->live.settings, err);
}

/* systemd names it; else the database's own. */
static void find_state_folder(const struct settings *s, char *ret, size_t size)
{
    const char *named = getenv("STATE_DIRECTORY");
    const char *path = s->store.path ? s->store.path : ".";
    const char *slash = strrchr(path, '/');
    if (named && *named)
        (void)snprintf(ret, size, "%.*s", (int)strcspn(named, ":"), named);
    else
        (void)snprintf(ret, size, "%.*s", slash ? (int)(slash - path) : 1,
                       slash ? path : ".");
}

/* The files as they are, or the copy that is known to be good: see kept.h. */
static int choose_settings(struct app *app, struct gw_error *err)
{
    char copy[KEPT_PATH_MAX];
    struct settings *s = app->live.settings;
    find_state_folder(s, app->state_folder, sizeof(app->state_folder));
    kept_open(&app->kept, app->state_folder);
    bool is_tried = app->kept.standing != KEPT_CONFIRMED;
    bool is_faulty = config_faults_errors(s->faults) > 0;
    bool is_left = kept_choose(&app->kept, s->config->hash, is_faulty);
    if (is_tried && kept_write(&app->kept, err) < 0)
        gw_log(GW_LOG_ERROR, about_app, "%s", err->text);
    if (!is_left)
        return 0;
    kept_path(&app->kept, app->kept.confirmed, copy);
    gw_log(GW_LOG_WARNING, about_app,
           "the files in '%s' were not confirmed: '%s' runs until they are reloaded",
           app->folder, copy);
    int r = load_settings(app, copy, err);
    if (r == 0 && app->live.settings->config->hash == app->kept.confirmed)
        return 0;
    gw_log(GW_LOG_ERROR, about_app,
           "'%s' is not what was confirmed%s%s: the files in '%s' run after all", copy,
           r < 0 ? ": " : "", r < 0 ? err->text : "", app->folder);
    app->kept.standing = KEPT_CONFIRMED;
    app->kept.confirmed = 0;
    return load_settings(app, app->folder, err);
}

static int settings_start(struct app *app, struct gw_error *err)
{
    int r = load_settings(app, app->folder, err);
    if (r == 0)
        r = choose_settings(app, err);
    struct settings *s = app->live.settings;
    if (r < 0 || config_faults_errors(s->faults) == 0)
        return r;
    config_faults_log(s->faults);
    (void)settings_check(s, stderr);
    return settings_refuse(s, "; nothing was started", err);
}

static void settings_stop(struct app *app)
{
    live_free(app, &app->live);
}

static int queues_start(struct app *app, struct gw_error *err)
{
    int r = sample_queue_new(QUEUE_ITEMS, &app->queue);
    if (r == 0)
        r = operations_new(&(struct operations_ops){app, app_serve}, &app->operations);
    if (r == 0) {
        app->backups = backup_job_new();
        r = app->backups ? 0 : -ENOMEM;
    }
    if (r == 0)
        r = output_states_new(app_send_output, app, &app->outputs);
    if (r == 0)
        r = reload_new(app, &app->reload);
    if (r < 0)
        return gw_fail(err, r, "queues: out of memory or descriptors");
    return 0;
}

static void queues_stop(struct app *app)
{
    app->before = pipeline_free(app->before);
    app->queue = sample_queue_free(app->queue);
    app->operations = operations_free(app->operations);
    app->backups = backup_job_free(app->backups);
    app->outputs = output_states_free(app->outputs);
    app->reload = reload_free(app->reload);
    remembered_clear(&app->remembered);
}

static int store_start(struct app *app, struct gw_error *err)
{
    int r = store_open(&app->live.settings->store, &app->store, err);
    return r < 0 ? r : 0;
}

static void store_stop(struct app *app)
{
    app->store = store_close(app->store);
}

static void restore_state(void *ctx, const struct gw_state *state)
{
    struct app *app = ctx;
    struct clock_kept clock;
    if (command_book_restore(&app->book, state))
        return;
    if (!clock_kept_read(state, &clock))
        pipeline_restore(app->live.pipeline, state);
    else if (!app->clock.boot[0]) /* else this run knows better */
        app->clock = clock;
}

/* Builds the stages on stable ids and gives them what was kept. */
static int pipeline_begin(struct app *app, struct gw_error *err)
{
    struct settings *s = app->live.settings;
    app_open_key(app);
    int r = live_build(app, s, &app->live, err);
    if (r < 0)
        return r;
    if (config_faults_errors(s->faults) > 0) {
        config_faults_log(s->faults);
        config_faults_print(s->faults, stderr);
        return settings_refuse(s, "; nothing was started", err);
    }
    struct pipeline *pipeline = app->live.pipeline;
    alarms_begin_behind(pipeline_alarms(pipeline), store_last_alarm_uid(app->store));
    r = store_each_state(app->store, restore_state, app, err);
    if (store_is_away(app->store)) {
        alarms_begin_behind(pipeline_alarms(pipeline),
                            store_carried_alarm_uid(app->store));
        pipeline_state_away(pipeline);
    }
    if (r == 0 && app->has_store_come)
        alarms_keep(pipeline_alarms(pipeline)); /* under their numbers for life */
    return r;
}

static void pipeline_go(struct app *app)
{
    const int64_t now_us = clock_school_us();
    app_clock_start(app);
    if (!store_is_away(app->store))
        app_refill(app, &app->live, now_us);
    if (app->before && pipeline_hear(app->live.pipeline, app->before) < 0)
        gw_log(GW_LOG_ERROR, about_app,
               "out of memory: what devices said without a store waits until they say it "
               "again");
    pipeline_start(app->live.pipeline, now_us);
    app->before = pipeline_free(app->before);
}

/* On the ids of a store that is there or away. */
static int pipeline_build(struct app *app, struct gw_error *err)
{
    const struct store_ops ops = {
        .ctx = app,
        .committed = app_committed,
        .encode = app_encode,
        .encode_dropped = app_encode_dropped,
        .seal = app_seal,
        .appended = app_appended,
        .recalled = app_recalled,
        .settled = app_settled,
        .acknowledge_before_commit = acknowledge_before_commit,
    };
    int r = pipeline_begin(app, err);
    return r == 0 ? store_run(app->store, &ops, err) : r;
}

/* A disk that fails between opening and the first commit is no reason either. */
static int pipeline_component_start(struct app *app, struct gw_error *err)
{
    int r = pipeline_build(app, err);
    if (r < 0 && !store_is_away(app->store)
        && config_faults_errors(app->live.settings->faults) == 0) {
        const struct gw_error why = *err;
        live_clear(&app->live);
        r = store_leave(app->store, &why, err);
        if (r == 0)
            r = pipeline_build(app, err);
    }
    if (r < 0)
        return r;
    pipeline_go(app);
    app_orders_again(app);
    return 0;
}

static void pipeline_component_stop(struct app *app)
{
    if (app->live.pipeline)
        pipeline_stop(app->live.pipeline, clock_school_us());
    if (app->store && app->live.pipeline)
        app_clock_stop(app);
    if (app->store)
        store_flush(app->store);
}

static int notify_component_start(struct app *app, struct gw_error *err)
{
    if (!app->live.settings->local.broker)
        return 0;
    const struct notify_ops ops = {.ctx = app, .command = app_operate_by_topic};
    return notify_start(&app->live.settings->local, app->live.settings->county.gateway,
                        &ops, &app->notify, err);
}

static void notify_component_stop(struct app *app)
{
    app->notify = notify_stop(app->notify);
}

static int http_component_start(struct app *app, struct gw_error *err)
{
    const struct http_sources sources = app_sources(&app->live);
    const struct http_ops ops = {
        .ctx = app,
        .operate = app_operate,
        .command = app_command,
        .enter = app_enter,
        .enter_list = app_enter_list,
        .backup = app_backup,
        .write = app_write,
        .status = app_status,
        .devices = app_devices,
        .buses = app_buses,
        .outbox = app_outbox,
        .broken = app_look,
        .running = app_peek,
        .reload = reload_ask,
    };
    operations_begin(app->operations);
    backup_job_begin(app->backups, app->store);
    int r = http_start(&app->live.settings->http, &sources, &ops, &app->http, err);
    if (r == 0 && http_address(app->http)[0])
        gw_log(GW_LOG_NOTICE, about_app, "alarm page at %s", http_address(app->http));
    return r;
}

static void http_component_stop(struct app *app)
{
    if (app->operations) {
        store_flush(app->store); /* what was ordered last is told as it is */
        operations_end(app->operations);
    }
    if (app->backups)
        backup_job_end(app->backups);
    reload_stop(app->reload); /* nobody of http's waits for it any more */
    app->http = http_stop(app->http);
}

/* What was taken while the store was away is on the disk before a bus asks what it had:
 * else its tickets would be given anew, and be acknowledged with the old ones. */
static void settle_what_was_carried(struct app *app)
{
    if (!app->has_store_come)
        return;
    store_flush(app->store);
    if (store_settle(app->store) < 0)
        gw_log(GW_LOG_ERROR, about_app,
               "the disk does not take what happened while it was away; a message may be "
               "lost or count twice if the gateway ends before it does");
}

static int field_component_start(struct app *app, struct gw_error *err)
{
    settle_what_was_carried(app);
    struct field_ops ops = app_field_ops;
    ops.ctx = app;
    struct settings *s = app->live.settings;
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
    app->left = field_stop(field);
    app_drain(app);
}

static int reload_component_start(struct app *app, struct gw_error *err)
{
    return reload_start(app->reload, err);
}

static void reload_component_stop(struct app *app)
{
    reload_stop(app->reload);
}

/* A gateway that may not be here leaves before it takes a client id from the one that is.
 */
static int addresses_start(struct app *app, struct gw_error *err)
{
    return http_try(&app->live.settings->http, err);
}

static void addresses_stop(struct app *app)
{
    (void)app;
}

static const struct component {
    const char *name;
    int (*start)(struct app *app, struct gw_error *err);
    void (*stop)(struct app *app);
} components[] = {
    {"settings", settings_start, settings_stop},
    {"queues", queues_start, queues_stop},
    {"addresses", addresses_start, addresses_stop},
    {"store", store_start, store_stop},
    {"pipeline", pipeline_component_start, pipeline_component_stop},
    {"county", app_county_start, app_county_stop},
    {"local", notify_component_start, notify_component_stop},
    {"http", http_component_start, http_component_stop},
    {"field", field_component_start, field_component_stop},
    {"reload", reload_component_start, reload_component_stop},
};

enum { COMPONENTS = sizeof(components) / sizeof(components[0]) };

static size_t components_until(int (*start)(struct app *app, struct gw_error *err))
{
    size_t i = 0;
    while (components[i++].start != start) {
    }
    return i;
}

static void stop_components(struct app *app, size_t *running, size_t until)
{
    while (*running > until)
        components[--*running].stop(app);
}

static void begin_anew(struct app *app)
{
    app->has_store_come = true;
    app->before = app->live.pipeline;
    app->live.pipeline = NULL;
    live_clear(&app->live);
    store_come(app->store);
}

/* A signal came while the store was away: what waits in memory is written by one more
 * beginning, of the pipeline alone. */
static void write_what_waits(struct app *app, size_t *running, size_t stay)
{
    struct gw_error err = {0};
    stop_components(app, running, stay);
    if (!store_try_last(app->store))
        return;
    begin_anew(app);
    if (components[(*running)++].start(app, &err) < 0)
        gw_log(GW_LOG_ERROR, about_app, "%s", err.text);
}

/* Until a signal.  When a store comes that was away, everything behind it begins anew, as
 * a restart does, but for what happened meanwhile: that comes along in the store. */
static int run_components(struct app *app, struct gw_error *err)
{
    const size_t stay = components_until(store_start);
    size_t running = 0;
    int r = 0;
    do {
        while (running < COMPONENTS && r == 0)
            r = components[running++].start(app, err);
        app->has_store_come = false;
        if (r == 0)
            r = app_loop(app, err);
        if (app->has_store_come)
            stop_components(app, &running, stay);
        if (app->left)
            break; /* no second thread on its port: systemd starts the gateway anew */
        if (app->has_store_come)
            begin_anew(app);
    } while (r == 0 && app->has_store_come);
    if (r == 0)
        write_what_waits(app, &running, stay);
    stop_components(app, &running, app->left ? components_until(queues_start) : 0);
    return r < 0 || !app->left ? r : APP_LEFT;
}

/* Large pieces, such as an arena's chunks, go back to the kernel when they are freed. The
 * bound is glibc's first one; left alone it rises with each such piece that is freed, and
 * a configuration that was read leaves megabytes behind. */
static void return_large_pieces(void)
{
    (void)mallopt(M_MMAP_THRESHOLD, 128 * 1024);
}

static struct app *app_new(const char *folder)
{
    struct app *app = calloc(1, sizeof(*app));
    if (!app)
        return NULL;
    app->folder = folder;
    app->started_us = clock_machine_us();
    (void)pthread_mutex_init(&app->links, NULL);
    (void)pthread_cond_init(&app->encoded, NULL);
    latency_init(&app->latency);
    latency_init(&app->given);
    return app;
}

static void app_free(struct app *app)
{
    latency_done(&app->latency);
    latency_done(&app->given);
    (void)pthread_cond_destroy(&app->encoded);
    (void)pthread_mutex_destroy(&app->links);
    free(app);
}

/* Before the first thread, so that only the loop sees them. */
static void block_signals(void)
{
    sigset_t signals;
    (void)sigemptyset(&signals);
    (void)sigaddset(&signals, SIGTERM);
    (void)sigaddset(&signals, SIGINT);
    (void)sigaddset(&signals, SIGHUP);
    (void)pthread_sigmask(SIG_BLOCK, &signals, NULL);
}

int app_run(const char *folder, struct gw_error *err)
{
    return_large_pieces();
    struct app *app = app_new(folder);
    if (!app)
        return gw_fail(err, -ENOMEM, "out of memory");
    block_signals();
    (void)mosquitto_lib_init(); /* its count has no lock: before the first thread */

    int r = run_components(app, err);
    if (app->left)
        return r;
    (void)mosquitto_lib_cleanup();
    app_free(app);
    return r;
}
