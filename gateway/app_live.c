/* app_live.c - a configuration and all that is built on it; and the county, which may
 * outlive it. */
#include <errno.h>
#include <stdlib.h>

#include "app.h"
#include "base/hash.h"
#include "gw/log.h"
#include "refill.h"

static int point_id(void *ctx, const char *name, uint32_t *ret)
{
    struct app *app = ctx;
    struct gw_error err = {0};
    *ret = app->ids ? text_map_get(app->ids, name) : UINT32_MAX;
    if (*ret != UINT32_MAX)
        return 0;
    int r = store_point_id(app->store, name, ret, &err);
    if (r < 0)
        gw_log(GW_LOG_ERROR, (struct gw_subject){"POINT", name}, "%s", err.text);
    return r;
}

/* All of the devices' points in one question to the store. */
static int look_up_points(struct app *app, const struct config *config,
                          struct gw_error *err)
{
    size_t count = config->point_count;
    const char **names = calloc(count + 1, sizeof(*names));
    uint32_t *ids = calloc(count + 1, sizeof(*ids));
    int r = names && ids ? text_map_new(count + 1, &app->ids) : -ENOMEM;
    if (r < 0)
        (void)gw_fail(err, r, "points: out of memory");
    for (size_t i = 0; r == 0 && i < count; i++)
        names[i] = config->points[i].name;
    if (r == 0)
        r = store_point_ids(app->store, names, count, ids, err);
    for (size_t i = 0; r == 0 && i < count; i++)
        r = text_map_put(app->ids, names[i], ids[i]);
    free(names);
    free(ids);
    return r;
}

static int look_up_buses(struct app *app, struct config *config, struct gw_error *err)
{
    int r = 0;
    for (size_t i = 0; r == 0 && i < config->bus_count; i++) {
        uint16_t id = 0;
        r = store_bus_id(app->store, config->buses[i].name, &id, err);
        if (r == 0)
            config_set_bus_id(config, i, id);
    }
    return r;
}

static int build_pipeline(struct app *app, struct settings *s, struct pipeline **ret,
                          struct gw_error *err)
{
    const struct pipeline_ops ops = {
        .ctx = app, .emit = app_emit, .output = app_output, .point_id = point_id};
    int r = pipeline_new(s->config, s->campus, modules_all(s->modules), &ops, s->faults,
                         ret, err);
    const struct county_telemetry *telemetry = &s->county.telemetry;
    if (r == 0 && telemetry->is_on
        && pipeline_set_telemetry(*ret, telemetry->points.items, telemetry->points.count,
                                  telemetry->every_us)
               < 0)
        r = gw_fail(err, -ENOMEM, "county: telemetry: out of memory");
    return r;
}

static int name_points(struct county_encoder *encoder, struct pipeline *pipeline)
{
    const struct point_table *points = pipeline_points(pipeline);
    int r = 0;
    for (size_t i = 0; r == 0 && i < point_table_count(points); i++) {
        const struct point_entry *entry = point_table_entry(points, i);
        r = county_encoder_point(encoder, entry->id, entry->name,
                                 entry->metric ? entry->metric->unit : "");
    }
    return r;
}

/* What waits for its commit may speak of points that are gone: first the old names. */
static int build_encoder(const struct app *app, struct live *live, struct gw_error *err)
{
    const struct settings *s = live->settings;
    int r = county_encoder_new(&s->county, s->config, s->campus, &live->encoder);
    if (r == 0 && app->live.pipeline)
        r = name_points(live->encoder, app->live.pipeline);
    if (r == 0)
        r = name_points(live->encoder, live->pipeline);
    if (r < 0)
        return gw_fail(err, r, "county: out of memory");
    county_encoder_key(live->encoder, app_key(app));
    return 0;
}

int live_build(struct app *app, struct settings *settings, struct live *ret,
               struct gw_error *err)
{
    struct live live = {.settings = settings};
    int r = look_up_buses(app, settings->config, err);
    if (r == 0)
        r = look_up_points(app, settings->config, err);
    if (r == 0)
        r = build_pipeline(app, settings, &live.pipeline, err);
    if (r == 0 && county_is_on(&settings->county))
        r = build_encoder(app, &live, err);
    app->ids = text_map_free(app->ids);
    if (r < 0) {
        (void)county_encoder_free(live.encoder);
        (void)pipeline_free(live.pipeline);
    } else {
        *ret = live;
    }
    return r;
}

void app_refill(struct app *app, const struct live *live, int64_t now_us)
{
    struct gw_error err = {0};
    int r = refill_windows(live->pipeline, live->settings->store.path, now_us, &err);
    if (r == -EUCLEAN)
        store_look(app->store);
    if (r < 0)
        gw_log(GW_LOG_WARNING, (struct gw_subject){"APP", "gateway"},
               "windows of rules begin empty: %s", err.text);
}

void live_clear(struct live *live)
{
    live->encoder = county_encoder_free(live->encoder);
    live->pipeline = pipeline_free(live->pipeline);
}

void live_free(struct app *app, struct live *live)
{
    (void)pthread_mutex_lock(&app->links);
    while (app->is_encoding)
        (void)pthread_cond_wait(&app->encoded, &app->links);
    (void)pthread_mutex_unlock(&app->links);
    (void)county_encoder_free(live->encoder);
    (void)pipeline_free(live->pipeline);
    if (live->settings)
        settings_free(live->settings);
    free(live->settings);
    *live = (struct live){0};
}

struct live live_now(struct app *app)
{
    (void)pthread_mutex_lock(&app->links);
    struct live live = app->live;
    (void)pthread_mutex_unlock(&app->links);
    return live;
}

/* --- the county -------------------------------------------------------------------- */

int app_county_start(struct app *app, struct gw_error *err)
{
    const struct live live = live_now(app);
    struct settings *s = live.settings;
    if (!county_is_on(&s->county) || store_is_away(app->store))
        return 0; /* what it sends stands in the store */
    app->county_config = s->county;
    app->county_tree = config_hold(s->config);
    app->birth = county_birth(&app->county_config, s->config, app_key(app));
    if (!app->birth)
        return gw_fail(err, -ENOMEM, "county: out of memory");
    struct county *county = NULL;
    const struct county_setup setup = {
        .config = &app->county_config,
        .store_path = s->store.path,
        .store = app->store,
        .birth = app->birth,
        .ctx = app,
        .order = app_order,
    };
    int r = county_start(&setup, &county, err);
    (void)pthread_mutex_lock(&app->links);
    app->county = county;
    (void)pthread_mutex_unlock(&app->links);
    return r;
}

void app_county_stop(struct app *app)
{
    (void)pthread_mutex_lock(&app->links);
    struct county *county = app->county;
    app->county = NULL;
    (void)pthread_mutex_unlock(&app->links);
    (void)county_stop(county);
    free(app->birth);
    app->birth = NULL;
    app->county_tree = config_free(app->county_tree);
}
