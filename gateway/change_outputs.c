/* change_outputs.c - no relay stays on because the configuration lost it. */
#include <pthread.h>
#include <stdlib.h>

#include "base/clock.h"
#include "change.h"
#include "gw/log.h"

static const int64_t patience_us = INT64_C(2) * 1000000;

/* farewell - commands on their way, each told once. */
struct farewell {
    pthread_mutex_t lock;
    pthread_cond_t told;
    size_t waiting;
};

static void told(void *ctx, int result, const char *text)
{
    struct farewell *f = ctx;
    if (result < 0)
        gw_log(GW_LOG_WARNING, (struct gw_subject){"CONFIG", "reload"},
               "an output that leaves was not switched off: %s", text);
    (void)pthread_mutex_lock(&f->lock);
    f->waiting--;
    (void)pthread_cond_signal(&f->told);
    (void)pthread_mutex_unlock(&f->lock);
}

static bool leaves(const struct change *c, const char *name)
{
    return !point_table_named(pipeline_points(c->next.pipeline), name)
           || config_diff_has(c->diff, DIFF_POINT, name);
}

static void switch_off(const struct change *c, uint32_t point, struct farewell *f)
{
    const struct field_command off = {.point = point,
                                      .value = 0,
                                      .deadline_us = clock_machine_us() + patience_us,
                                      .ctx = f,
                                      .done = told};
    (void)pthread_mutex_lock(&f->lock);
    f->waiting++;
    (void)pthread_mutex_unlock(&f->lock);
    struct gw_error err = {0};
    int r = field_write(c->app->field, &off, &err);
    if (r < 0)
        told(f, r, err.text);
}

static const char *bus_of(const struct config *config, const struct point_entry *entry)
{
    return entry && entry->config
               ? config->buses[config->devices[entry->config->device].bus].name
               : NULL;
}

void change_switch_on(struct app *app, const struct config *before)
{
    const struct config *now = app->live.settings->config;
    const struct point_table *points = pipeline_points(app->live.pipeline);
    struct output_row *rows = calloc(OUTPUT_STATES_MAX, sizeof(*rows));
    size_t count = rows ? output_states_rows(app->outputs, rows, OUTPUT_STATES_MAX) : 0;
    for (size_t i = 0; i < count; i++) {
        const char *bus = bus_of(now, point_table_find(points, rows[i].point));
        if (bus && (!before || !config_same_bus(before, now, bus)))
            output_states_again(app->outputs, rows[i].point);
    }
    free(rows);
}

void change_switch_off(const struct change *c)
{
    struct farewell f = {.waiting = 0};
    struct output_row *rows = calloc(OUTPUT_STATES_MAX, sizeof(*rows));
    size_t count =
        rows ? output_states_rows(c->app->outputs, rows, OUTPUT_STATES_MAX) : 0;
    (void)pthread_mutex_init(&f.lock, NULL);
    (void)pthread_cond_init(&f.told, NULL);
    for (size_t i = 0; i < count; i++)
        if (rows[i].is_on && leaves(c, rows[i].name))
            switch_off(c, rows[i].point, &f);
    (void)pthread_mutex_lock(&f.lock);
    while (f.waiting > 0)
        (void)pthread_cond_wait(&f.told, &f.lock);
    (void)pthread_mutex_unlock(&f.lock);
    (void)pthread_cond_destroy(&f.told);
    (void)pthread_mutex_destroy(&f.lock);
    free(rows);
}
