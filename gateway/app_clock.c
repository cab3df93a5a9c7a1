/* app_clock.c - where the wall clock stands, whether it can be trusted, and who is told.
 */
#include <stdio.h>
#include <string.h>

#include "app.h"
#include "base/clock.h"
#include "base/time_server.h"
#include "clock_signs.h"
#include "gw/log.h"

static const int64_t keep_every_us = INT64_C(3600) * 1000000;
static const struct gw_subject about_app = {"APP", "gateway"};

static void keep_clock(struct app *app)
{
    if (clock_school_is_known())
        app->clock.known_us = clock_school_us();
    app_emit(app, &(struct gw_record){.kind = GW_RECORD_STATE,
                                      .state = clock_kept_state(&app->clock)});
}

/* Before the first record that bears its time. */
static void tell_clock(struct app *app)
{
    struct gw_record record = {.kind = GW_RECORD_CLOCK,
                               .clock = {.machine_us = clock_machine_us(),
                                         .ahead_us = app->clock.ahead_us,
                                         .is_known = clock_school_is_known()}};
    if (clock_school_is_driven())
        record.clock.ahead_us = clock_school_us() - record.clock.machine_us;
    (void)snprintf(record.clock.boot, sizeof(record.clock.boot), "%s", app->clock.boot);
    app_emit(app, &record);
}

static void set_doubt(struct app *app, bool is_doubted)
{
    app->clock.is_doubted = is_doubted;
    clock_doubt(is_doubted);
}

int64_t app_school_now(struct app *app)
{
    int64_t now_us = clock_school_us();
    int64_t before_us = app->clock.ahead_us;
    if (clock_school_was_set(&app->clock.ahead_us)) {
        gw_log(GW_LOG_NOTICE, about_app, "the clock was set");
        now_us = clock_school_us(); /* it may have been set after the first look */
        set_doubt(app, false);
        tell_clock(app);
        pipeline_clock_set(app->live.pipeline, app->clock.ahead_us - before_us, now_us);
        remembered_clock_set(&app->remembered, app->clock.ahead_us - before_us);
        keep_clock(app);
    }
    return now_us;
}

static void judge_clock(struct app *app, const struct clock_kept *before, bool was_set)
{
    struct clock_signs signs = {.is_new_boot = strcmp(before->boot, app->clock.boot) != 0,
                                .was_doubted = before->is_doubted != 0,
                                .was_set = was_set,
                                .known_us = before->known_us};
    clock_signs_look(&signs);
    const char *why = clock_school_is_driven() ? NULL : clock_signs_doubt(&signs);
    set_doubt(app, why != NULL);
    app->clock.known_us = before->known_us;
    if (why)
        gw_log(GW_LOG_WARNING, about_app,
               "nobody knows whether the clock is right (%s): alarms go out without a "
               "time, and what else the county gets waits until a time server answers or "
               "the clock is set",
               why);
}

void app_clock_start(struct app *app)
{
    const struct clock_kept before = app->clock;
    app->clock = (struct clock_kept){0};
    clock_boot(app->clock.boot);
    (void)clock_school_was_set(&app->clock.ahead_us);
    int64_t moved_us = clock_kept_moved(&before, &app->clock);
    judge_clock(app, &before, moved_us != 0);
    tell_clock(app);
    if (moved_us != 0) {
        gw_log(GW_LOG_NOTICE, about_app, "the clock was set while the gateway was down");
        pipeline_kept_clock_set(app->live.pipeline, moved_us, clock_school_us());
        remembered_clock_set(&app->remembered, moved_us);
    }
    if (moved_us != 0
        || eras_have_jumped(pipeline_eras(app->live.pipeline), clock_school_us()))
        store_clock_was_set(app->store);
    if (strcmp(before.boot, app->clock.boot) != 0)
        pipeline_booted(app->live.pipeline, clock_school_us());
    keep_clock(app);
}

void app_clock_tick(struct app *app)
{
    int64_t now_us = clock_school_us();
    if (app->clock.is_doubted && time_server_is_followed()) {
        gw_log(GW_LOG_NOTICE, about_app, "a time server says that the clock is right");
        set_doubt(app, false);
        tell_clock(app);
        keep_clock(app);
    }
    if (clock_school_is_known() && !clock_school_is_driven()
        && now_us - app->clock.known_us >= keep_every_us)
        keep_clock(app);
}

void app_clock_stop(struct app *app)
{
    keep_clock(app);
}
