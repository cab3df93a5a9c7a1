/* app_health.c - the daemon's word on itself: the points that the rules SY are about. */
#include <math.h>
#include <sys/statvfs.h>

#include "app.h"
#include "base/time_server.h"
#include "pipeline/pipeline.h"

static double store_state(struct app *app)
{
    enum { GOOD, REPLACED, AWAY };
    struct store_status status;
    store_status(app->store, &status);
    if (status.is_away)
        return AWAY;
    if (!status.notice[0])
        return GOOD;
    store_heard(app->store);
    return REPLACED;
}

static double store_writes(struct app *app)
{
    enum { WRITTEN, WAITING };
    static const int64_t patience_us = 10 * INT64_C(1000000);
    struct store_status status;
    store_status(app->store, &status);
    return status.oldest_wait_us > patience_us ? WAITING : WRITTEN;
}

/* Per cent of the file system that the database is on.  The kernel has the numbers in
 * memory: a disk that hangs holds nobody up here. */
static double disk_free(struct app *app)
{
    struct statvfs disk;
    if (statvfs(app->live.settings->store.path, &disk) < 0 || disk.f_blocks == 0)
        return NAN;
    return 100.0 * (double)disk.f_bavail / (double)disk.f_blocks;
}

static double clock_error(struct app *app)
{
    (void)app;
    int64_t error_us = time_server_error_us();
    return error_us < 0 ? (double)NAN : (double)error_us / 1e6;
}

static double county_link(struct app *app)
{
    enum { UP, AWAY };
    struct county_status status = {0};
    (void)pthread_mutex_lock(&app->links);
    bool has_county = app->county;
    if (has_county)
        county_status(app->county, &status);
    (void)pthread_mutex_unlock(&app->links);
    if (!has_county)
        return NAN;
    return status.is_connected ? UP : AWAY;
}

static double output_faults(struct app *app)
{
    return (double)output_states_failing(app->outputs);
}

/* step: a smaller change is not told.  look: NAN = nothing to tell. */
static const struct {
    const char *point;
    double step;
    double (*look)(struct app *app);
} healths[APP_HEALTHS] = {
    {"gateway/store_state", 1, store_state}, {"gateway/store_writes", 1, store_writes},
    {"gateway/disk_free", 0.1, disk_free},   {"gateway/clock_error", 0.1, clock_error},
    {"gateway/county_link", 1, county_link}, {"gateway/output_faults", 1, output_faults},
};

void app_tell_health(struct app *app)
{
    bool is_new = app->told != app->live.pipeline;
    int64_t now_us = app_school_now(app);
    for (size_t i = 0; i < APP_HEALTHS; i++) {
        double value = healths[i].look(app);
        bool is_same = !is_new && fabs(value - app->health[i]) < healths[i].step;
        if (isnan(value) || is_same)
            continue;
        pipeline_tell(app->live.pipeline, healths[i].point, value, now_us);
        app->health[i] = value;
    }
    app->told = app->live.pipeline;
}
