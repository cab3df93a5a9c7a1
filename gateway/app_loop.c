/* app_loop.c - main's event loop: samples, timers, operators, signals, watchdog. */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <systemd/sd-daemon.h>

#include "app.h"
#include "base/clock.h"
#include "gw/log.h"
#include "watchdog.h"

enum {
    TAKE = 256,  /* samples a take */
    ROUNDS = 16, /* takes a turn, so that operators and timers keep their turn */
    ACCURACY_US = 500,
    TICK_US = 1000000,
};

static const struct gw_subject about_app = {"APP", "gateway"};

/* --- samples ------------------------------------------------------------ */

static void note_first(struct app *app)
{
    app->has_sample = true;
    gw_log(GW_LOG_NOTICE, about_app, "first sample %lld ms after the start",
           (long long)((clock_machine_us() - app->started_us) / 1000));
}

/* Buses that met a full queue wait until they are told. */
static void give_room(struct app *app)
{
    if (app->field && sample_queue_had_refusal(app->queue))
        field_room(app->field);
}

/* One take; returns how many there were. */
static size_t take(struct app *app)
{
    struct queue_item items[TAKE];
    size_t n = sample_queue_take(app->queue, items, TAKE);
    int64_t now_us = app_school_now(app);
    for (size_t i = 0; i < n; i++) {
        app->sample_us = items[i].kind == QUEUE_SAMPLE ? items[i].sample.mono_us : 0;
        pipeline_item(app->live.pipeline, &items[i], now_us);
    }
    app->sample_us = 0;
    if (n > 0 && !app->has_sample)
        note_first(app);
    return n;
}

/* What buses push meanwhile is not waited for: they may be quicker than this. */
void app_drain(struct app *app)
{
    if (!app->queue || !app->live.pipeline)
        return;
    size_t left = sample_queue_length(app->queue) + SAMPLE_QUEUE_BUSES_MAX;
    size_t n = 1;
    while (n > 0 && (left > 0 || sample_queue_is_inside(app->queue))) {
        n = take(app);
        left -= n < left ? n : left;
    }
    give_room(app);
}

void app_arm(struct app *app)
{
    int64_t now_us = clock_machine_us();
    int64_t seal_us = store_seal(app->store, now_us);
    int64_t wait_us = TICK_US;
    if (seal_us - now_us < wait_us)
        wait_us = seal_us > now_us ? seal_us - now_us : 0;
    int64_t school_us = clock_school_delay(pipeline_next_due(app->live.pipeline));
    if (school_us < wait_us)
        wait_us = school_us;
    (void)sd_event_source_set_time_relative(app->timer, (uint64_t)wait_us);
    (void)sd_event_source_set_enabled(app->timer, SD_EVENT_ONESHOT);
}

static int on_samples(sd_event_source *source, int fd, uint32_t events, void *ctx)
{
    (void)source;
    (void)fd;
    (void)events;
    struct app *app = ctx;
    /* A message of more than TAKE samples is taken whole: arm() may seal the batch. */
    for (int round = 0; round < ROUNDS || sample_queue_is_inside(app->queue); round++)
        if (take(app) < TAKE && !sample_queue_is_inside(app->queue))
            break;
    give_room(app);
    app_arm(app);
    return 0;
}

/* --- time ---------------------------------------------------------------- */

static int on_timer(sd_event_source *source, uint64_t time_us, void *ctx)
{
    (void)source;
    (void)time_us;
    struct app *app = ctx;
    pipeline_advance(app->live.pipeline, app_school_now(app));
    app_arm(app);
    return 0;
}

static int on_tick(sd_event_source *source, uint64_t time_us, void *ctx)
{
    (void)time_us;
    struct app *app = ctx;
    field_watch(app->field);
    watchdog_feed(&app->hung);
    app_settle(app);
    app_clock_tick(app);
    app_tell_health(app);
    app_arm(app);
    app->has_store_come = store_can_open(app->store);
    if (app->has_store_come)
        return sd_event_exit(app->loop, 0);
    app_read_outputs(app);
    output_states_tick(app->outputs, clock_machine_us());
    (void)sd_event_source_set_time_relative(source, TICK_US);
    return sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
}

/* --- people --------------------------------------------------------------- */

static int on_operation(sd_event_source *source, int fd, uint32_t events, void *ctx)
{
    (void)source;
    (void)fd;
    (void)events;
    struct app *app = ctx;
    operations_serve(app->operations);
    app_arm(app);
    app_settle(app);
    return 0;
}

static int on_signal(sd_event_source *source, const struct signalfd_siginfo *info,
                     void *ctx)
{
    (void)ctx;
    gw_log(GW_LOG_NOTICE, about_app, "stopping on signal %s",
           strsignal((int)info->ssi_signo));
    return sd_event_exit(sd_event_source_get_event(source), 0);
}

static int on_hangup(sd_event_source *source, const struct signalfd_siginfo *info,
                     void *ctx)
{
    (void)source;
    (void)info;
    const struct app *app = ctx;
    reload_hangup(app->reload);
    return 0;
}

static int on_reload(sd_event_source *source, int fd, uint32_t events, void *ctx)
{
    (void)source;
    (void)fd;
    (void)events;
    const struct app *app = ctx;
    reload_serve(app->reload);
    return 0;
}

/* --- the loop -------------------------------------------------------------- */

static int add_sources(struct app *app)
{
    sd_event_source *tick = NULL;
    int r = sd_event_add_io(app->loop, &app->queue_source, sample_queue_fd(app->queue),
                            EPOLLIN, on_samples, app);
    if (r >= 0)
        r = sd_event_add_time_relative(app->loop, &app->timer, CLOCK_MONOTONIC, 0,
                                       ACCURACY_US, on_timer, app);
    if (r >= 0)
        r = sd_event_add_time_relative(app->loop, &tick, CLOCK_MONOTONIC, TICK_US, 0,
                                       on_tick, app);
    if (r >= 0)
        r = sd_event_source_set_floating(tick, 1);
    (void)sd_event_source_unref(tick);
    if (r >= 0)
        r = sd_event_add_io(app->loop, NULL, operations_fd(app->operations), EPOLLIN,
                            on_operation, app);
    if (r >= 0)
        r = sd_event_add_io(app->loop, NULL, reload_fd(app->reload), EPOLLIN, on_reload,
                            app);
    if (r >= 0)
        r = sd_event_add_signal(app->loop, NULL, SIGTERM, on_signal, app);
    if (r >= 0)
        r = sd_event_add_signal(app->loop, NULL, SIGINT, on_signal, app);
    if (r >= 0)
        r = sd_event_add_signal(app->loop, NULL, SIGHUP, on_hangup, app);
    return r;
}

int app_loop(struct app *app, struct gw_error *err)
{
    int r = sd_event_new(&app->loop);
    if (r >= 0)
        r = add_sources(app);
    if (r >= 0) {
        gw_log(GW_LOG_NOTICE, about_app, "started with %zu points on %zu buses",
               point_table_count(pipeline_points(app->live.pipeline)),
               app->live.settings->config->bus_count);
        (void)sd_notify(0, "READY=1");
        r = sd_event_loop(app->loop);
        (void)sd_notify(0, "STOPPING=1");
    }
    if (r < 0)
        (void)gw_fail(err, r, "event loop: %s", strerror(-r));
    app->queue_source = sd_event_source_unref(app->queue_source);
    app->timer = sd_event_source_unref(app->timer);
    app->loop = sd_event_unref(app->loop);
    return r < 0 ? r : 0;
}
