/* change_outputs.c - no relay stays on because the configuration lost it. */
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "change.h"
#include "gw/log.h"

static const int64_t patience_us = INT64_C(2) * 1000000;

enum { BUS_PATIENCE_S = 5 }; /* a bus that hangs tells nobody */

/* farewell - commands on their way, each told once.
 * held  by each of them and by who waits for them; the last one frees it */
struct farewell {
    pthread_mutex_t lock;
    pthread_cond_t told;
    int held;
};

static struct farewell *farewell_new(void)
{
    struct farewell *f = calloc(1, sizeof(*f));
    pthread_condattr_t steady;
    if (!f)
        return NULL;
    f->held = 1;
    (void)pthread_condattr_init(&steady);
    (void)pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
    (void)pthread_cond_init(&f->told, &steady);
    (void)pthread_condattr_destroy(&steady);
    (void)pthread_mutex_init(&f->lock, NULL);
    return f;
}

/* By who holds it, too. */
static void farewell_count(struct farewell *f, int more)
{
    (void)pthread_mutex_lock(&f->lock);
    f->held += more;
    (void)pthread_mutex_unlock(&f->lock);
}

static void farewell_let_go(struct farewell *f)
{
    (void)pthread_mutex_lock(&f->lock);
    bool is_last = --f->held == 0;
    (void)pthread_cond_signal(&f->told);
    (void)pthread_mutex_unlock(&f->lock);
    if (!is_last)
        return;
    (void)pthread_cond_destroy(&f->told);
    (void)pthread_mutex_destroy(&f->lock);
    free(f);
}

static void farewell_wait(struct farewell *f)
{
    struct timespec until;
    (void)clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += BUS_PATIENCE_S;
    int r = 0;
    (void)pthread_mutex_lock(&f->lock);
    while (f->held > 1 && r == 0)
        r = pthread_cond_timedwait(&f->told, &f->lock, &until);
    (void)pthread_mutex_unlock(&f->lock);
}

static void warn(const char *text)
{
    gw_log(GW_LOG_WARNING, (struct gw_subject){"CONFIG", "reload"},
           "an output that leaves was not switched off: %s", text);
}

static void told(void *ctx, int result, const char *text)
{
    if (result < 0)
        warn(text);
    farewell_let_go(ctx);
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
    struct gw_error err = {0};
    farewell_count(f, 1);
    if (field_write(c->app->field, &off, &err) == 0)
        return;
    warn(err.text);
    farewell_count(f, -1);
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
    struct farewell *f = farewell_new();
    struct output_row *rows = calloc(OUTPUT_STATES_MAX, sizeof(*rows));
    size_t count =
        rows && f ? output_states_rows(c->app->outputs, rows, OUTPUT_STATES_MAX) : 0;
    for (size_t i = 0; i < count; i++)
        if (rows[i].is_on && leaves(c, rows[i].name))
            switch_off(c, rows[i].point, f);
    if (f) {
        farewell_wait(f);
        farewell_let_go(f);
    }
    free(rows);
}
