/* app_health.c - the daemon's word on itself: the points that the rules SY are about. */
#include <math.h>
#include <sys/statvfs.h>

#include "app.h"
#include "base/time_server.h"
#include "pipeline/pipeline.h"

static double store_state(struct app *app, const struct store_status *store)
{
    enum { GOOD, REPLACED, AWAY };
    if (store->is_away)
        return AWAY;
    if (!store->notice[0])
        return GOOD;
    store_heard(app->store);
    return REPLACED;
}

static double store_writes(struct app *app, const struct store_status *store)
{
    enum { WRITTEN, WAITING };
    static const int64_t patience_us = 10 * INT64_C(1000000);
    (void)app;
    return store->oldest_wait_us > patience_us ? WAITING : WRITTEN;
}

/* Per cent of the file system that the database is on.  The kernel has the numbers in
 * memory: a disk that hangs holds nobody up here. */
static double disk_free(struct app *app, const struct store_status *store)
{
    (void)store;
    struct statvfs disk;
    if (statvfs(app->live.settings->store.path, &disk) < 0 || disk.f_blocks == 0)
        return NAN;
    return 100.0 * (double)disk.f_bavail / (double)disk.f_blocks;
}

static double clock_error(struct app *app, const struct store_status *store)
{
    (void)app;
    (void)store;
    int64_t error_us = time_server_error_us();
    return error_us < 0 ? (double)NAN : (double)error_us / 1e6;
}

static bool read_county(struct app *app, struct county_status *ret)
{
    (void)pthread_mutex_lock(&app->links);
    bool has_county = app->county;
    if (has_county)
        county_status(app->county, ret);
    (void)pthread_mutex_unlock(&app->links);
    return has_county;
}

static double county_link(struct app *app, const struct store_status *store)
{
    (void)store;
    enum { UP, AWAY };
    struct county_status status;
    if (!read_county(app, &status))
        return NAN;
    return status.is_connected ? UP : AWAY;
}

static double county_id(struct app *app, const struct store_status *store)
{
    (void)store;
    enum { OWN, CONTESTED };
    struct county_status status;
    if (!read_county(app, &status))
        return NAN;
    return status.is_contested ? CONTESTED : OWN;
}

static double certificate_days(struct app *app, const struct store_status *store)
{
    (void)store;
    int64_t days;
    struct county_status status;
    bool is_told = read_county(app, &status) && app_days_left(&status.credentials, &days);
    return is_told ? (double)days : (double)NAN;
}

static double output_faults(struct app *app, const struct store_status *store)
{
    (void)store;
    return (double)output_states_failing(app->outputs);
}

/* A gateway that never had a county has no outbox to speak of. */
static bool has_outbox(const struct app *app, const struct store_status *store)
{
    return !store->is_away
           && (county_is_on(&app->live.settings->county) || store->outbox_waiting > 0);
}

static double outbox_rows(struct app *app, const struct store_status *store)
{
    return has_outbox(app, store) ? (double)store->outbox_waiting : (double)NAN;
}

static double outbox_bytes(struct app *app, const struct store_status *store)
{
    return has_outbox(app, store) ? (double)store->outbox_bytes : (double)NAN;
}

static double outbox_age(struct app *app, const struct store_status *store)
{
    return has_outbox(app, store) ? (double)app_outbox_age_s(store) : (double)NAN;
}

/* Rows that the county has give way without harm, and so do not count. */
static double outbox_fill(struct app *app, const struct store_status *store)
{
    if (!has_outbox(app, store) || store->outbox_cap == 0)
        return NAN;
    return 100.0 * (double)store->outbox_waiting / (double)store->outbox_cap;
}

static double outbox_dropped(struct app *app, const struct store_status *store)
{
    return has_outbox(app, store) ? (double)store->outbox_untold : (double)NAN;
}

/* step: a smaller change is not told.  look: NAN = nothing to tell. */
static const struct {
    const char *point;
    double step;
    double (*look)(struct app *app, const struct store_status *store);
} healths[APP_HEALTHS] = {
    {"gateway/store_state", 1, store_state},
    {"gateway/store_writes", 1, store_writes},
    {"gateway/disk_free", 0.1, disk_free},
    {"gateway/clock_error", 0.1, clock_error},
    {"gateway/county_link", 1, county_link},
    {"gateway/county_id", 1, county_id},
    {"gateway/certificate_days", 1, certificate_days},
    {"gateway/output_faults", 1, output_faults},
    {"gateway/outbox_rows", 100, outbox_rows},
    {"gateway/outbox_bytes", 100e3, outbox_bytes},
    {"gateway/outbox_age", 60, outbox_age},
    {"gateway/outbox_fill", 1, outbox_fill},
    {"gateway/outbox_dropped", 1, outbox_dropped},
};

void app_tell_health(struct app *app)
{
    bool is_new = app->told != app->live.pipeline;
    int64_t now_us = app_school_now(app);
    struct store_status store;
    store_status(app->store, &store);
    for (size_t i = 0; i < APP_HEALTHS; i++) {
        double value = healths[i].look(app, &store);
        bool is_same = !is_new && fabs(value - app->health[i]) < healths[i].step;
        if (isnan(value) || is_same)
            continue;
        pipeline_tell(app->live.pipeline, healths[i].point, value, now_us);
        app->health[i] = value;
    }
    app->told = app->live.pipeline;
}
