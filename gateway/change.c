#include "change.h"

#include <errno.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "gw/log.h"

static const struct gw_subject about = {"CONFIG", "reload"};

/* --- read ------------------------------------------------------------------------ */

static int check(struct change *c, struct settings *settings, struct gw_error *err)
{
    size_t size = 0;
    FILE *out = open_memstream(&c->listing, &size);
    if (!out)
        return gw_fail(err, -ENOMEM, "configuration: out of memory");
    bool is_fine = settings_check(settings, out);
    if (fclose(out) != 0)
        return gw_fail(err, -ENOMEM, "configuration: out of memory");
    c->faults = config_faults_errors(settings->faults);
    if (!is_fine && c->faults == 0)
        return gw_fail(err, -ENOMEM, "%s", c->listing);
    return 0;
}

int change_read(struct change *c, struct gw_error *err)
{
    struct settings *settings = calloc(1, sizeof(*settings));
    c->next.settings = settings;
    if (!settings)
        return gw_fail(err, -ENOMEM, "configuration: out of memory");
    int r = settings_load(c->folder, settings, err);
    if (r == 0)
        r = check(c, settings, err);
    if (r < 0 || c->faults > 0)
        return r;
    r = settings_diff(c->app->live.settings, settings, &c->diff);
    return r < 0 ? gw_fail(err, r, "configuration: out of memory") : 0;
}

void change_fixed(const struct change *c, char *ret, size_t size)
{
    size_t used = 0;
    ret[0] = '\0';
    for (size_t i = 0; i < c->diff->count; i++) {
        const struct diff_row *row = &c->diff->rows[i];
        for (size_t k = 0; k < row->key_count && used < size; k++)
            if (settings_is_fixed(row, row->keys[k].key))
                used +=
                    (size_t)snprintf(ret + used, size - used, "%s%s.%s",
                                     used > 0 ? ", " : "", row->name, row->keys[k].key);
    }
}

static bool has_section(const struct change *c, const char *name)
{
    return config_diff_has(c->diff, DIFF_SECTION, name);
}

/* --- prepare ------------------------------------------------------------------------ */

/* Windows that the old rules have are taken over; for the others, what the log holds. */
static void refill(const struct change *c)
{
    if (c->diff->count > 0)
        app_refill(c->app, &c->next, clock_school_us());
}

/* A broker that is named from now on gets a connection of its own; one that is known
 * lets go of the old settings. */
static int prepare_local(struct change *c, struct gw_error *err)
{
    const struct settings *s = c->next.settings;
    struct notify *running = c->app->notify;
    const struct notify_ops ops = {.ctx = c->app, .command = app_operate_by_topic};
    c->is_local_paused =
        running && (has_section(c, "local") || has_section(c, "gateway"));
    if (c->is_local_paused)
        notify_pause(running);
    if (running || !s->local.broker)
        return 0;
    return notify_start(&s->local, s->county.gateway, &ops, &c->notify, err);
}

static int refuse_parting(int failed, const struct gw_error *why, struct gw_error *err)
{
    return gw_fail(err, failed, "%s; nothing was changed, a restart takes the new files",
                   why->text);
}

int change_may_part(const struct change *c, struct gw_error *err)
{
    const struct settings *s = c->next.settings;
    struct gw_error why = {0};
    int r = field_may_part(c->app->field, s->config, s->store.commit_interval_us, &why);
    return r < 0 ? refuse_parting(r, &why, err) : 0;
}

/* Outputs are switched off while their bus still runs; it is known to move by then. */
static int part_buses(struct change *c, struct gw_error *err)
{
    const struct settings *s = c->next.settings;
    struct gw_error why = {0};
    int r = change_may_part(c, err);
    if (r < 0)
        return r;
    change_switch_off(c);
    r = field_part(c->app->field, s->config, s->store.commit_interval_us, &c->parted,
                   &why);
    return r < 0 ? refuse_parting(r, &why, err) : 0;
}

int change_prepare(struct change *c, struct gw_error *err)
{
    struct settings *s = c->next.settings;
    if (store_is_away(c->app->store))
        return gw_fail(err, -EAGAIN, "the store is away: reload when it is there again");
    int r = live_build(c->app, s, &c->next, err);
    if (r < 0)
        return r;
    refill(c);
    r = prepare_local(c, err);
    return r < 0 ? r : part_buses(c, err);
}

void change_undo(struct change *c)
{
    struct gw_error err = {0};
    const struct settings *s = c->app->live.settings;
    if (c->parted > 0)
        (void)store_settle(c->app->store); /* as in change_finish(), but nobody is told */
    if (field_join(c->app->field, s->config, s->store.commit_interval_us, &err) < 0)
        gw_log(GW_LOG_ERROR, about, "%s", err.text);
    change_switch_on(c->app, NULL);
    c->notify = notify_stop(c->notify);
    if (c->is_local_paused
        && notify_resume(c->app->notify, &s->local, s->county.gateway, &err) < 0)
        gw_log(GW_LOG_ERROR, about, "%s", err.text);
}

/* --- swap: main's step ---------------------------------------------------------------
 */

static void swap_local(struct change *c)
{
    struct app *app = c->app;
    const struct notify_config *local = &app->live.settings->local;
    struct notify *running = app->notify;
    if (!running || !local->broker) {
        app->notify = c->notify;
        c->notify = running;
    } else if (c->is_local_paused) {
        notify_set_topics(running, local);
    }
}

int change_swap(struct change *c)
{
    struct app *app = c->app;
    const int64_t begun_us = clock_machine_us();
    app_drain(app);
    int r = pipeline_take_over(c->next.pipeline, app->live.pipeline, app_school_now(app));
    if (r < 0)
        return r;
    const struct live old = app->live;
    const bool is_new_broker = c->notify != NULL;
    (void)pthread_mutex_lock(&app->links);
    app->live = c->next;
    c->next = old;
    swap_local(c);
    (void)pthread_mutex_unlock(&app->links);

    const struct http_sources sources = app_sources(&app->live);
    http_put(app->http, &sources);
    store_set_pace(app->store, &app->live.settings->store);
    change_tell(app, &old, is_new_broker || has_section(c, "local"));
    /* Sealed now: buses that were stopped start on what they had delivered. */
    app_emit(app, &(struct gw_record){.kind = GW_RECORD_COMMIT});
    app_arm(app);
    c->swap_us = clock_machine_us() - begun_us;
    return 0;
}

/* --- finish ------------------------------------------------------------------------- */

static int finish_county(struct change *c, struct gw_error *err)
{
    struct app *app = c->app;
    const struct settings *s = app->live.settings;
    char *birth = county_is_on(&s->county)
                      ? county_birth(&s->county, s->config, app_key(app))
                      : NULL;
    bool is_same = app->county && !has_section(c, "county") && !has_section(c, "gateway")
                   && !has_section(c, "school") && app->birth && birth
                   && strcmp(app->birth, birth) == 0;
    free(birth);
    if (is_same || (!county_is_on(&s->county) && !app->county))
        return 0;
    app_county_stop(app);
    return app_county_start(app, err);
}

static int finish_local(struct change *c, struct gw_error *err)
{
    const struct settings *s = c->app->live.settings;
    c->notify = notify_stop(c->notify);
    if (!c->is_local_paused || !c->app->notify)
        return 0;
    return notify_resume(c->app->notify, &s->local, s->county.gateway, err);
}

int change_finish(struct change *c, struct gw_error *err)
{
    struct app *app = c->app;
    const struct settings *s = app->live.settings;
    http_settle(app->http);
    if (c->parted > 0 && store_settle(app->store) < 0)
        gw_log(GW_LOG_WARNING, about,
               "the disk takes nothing: what a bus that changed had delivered last may "
               "count twice");
    int r = field_join(app->field, s->config, s->store.commit_interval_us, err);
    change_switch_on(app, c->next.settings->config);
    int failed = finish_local(c, err);
    r = r < 0 ? r : failed;
    failed = finish_county(c, err);
    r = r < 0 ? r : failed;
    live_free(app, &c->next);
    return r;
}

void change_done(struct change *c)
{
    c->notify = notify_stop(c->notify); /* main did not take it any more */
    live_free(c->app, &c->next);
    c->diff = config_diff_free(c->diff);
    free(c->listing);
    c->listing = NULL;
    /* What was read and replaced lay between pieces that stay: its pages go back now, or
     * they would be some megabytes after every reload. */
    (void)malloc_trim(0);
}
