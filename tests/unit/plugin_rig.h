/* plugin_rig.h - a plugin host with two probes in place of plugins, and what it handed
 * on. */
#ifndef TESTS_PLUGIN_RIG_H
#define TESTS_PLUGIN_RIG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <math.h>

#include "pipeline/plugin_host.h"
#include "pipeline_rig.h"

/* probe - what a test plugin does in start(), and what it saw. */
struct probe {
    const char *derives[3]; /* metrics of the object "probe" */
    const char *watches[3]; /* points by name */
    bool saves;
    bool derives_late;
    bool is_slow;
    struct gw_host *host;
    uint32_t points[3];
    unsigned starts;
    unsigned stops;
    unsigned readings;
    unsigned minutes;
    unsigned keeps;
    uint32_t follows; /* what its first derived point follows alone */
    int late_error;
    char loaded[8];
    size_t loaded_size;
    struct gw_error err;
};

/* The instance's options, then its probe by the plugin's turn. */
struct instance {
    uint32_t limit;
    struct probe *probe;
};

static struct probe probes[2];
static struct point_table *points;

static inline int start_probe(struct instance *self, struct probe *p,
                              struct gw_host *host, struct gw_error *err)
{
    self->probe = p;
    p->host = host;
    p->starts++;
    for (size_t i = 0; i < 3 && p->derives[i]; i++) {
        int r = gw_derive_from(host, "probe", p->derives[i], i == 0 ? p->follows : 0,
                               &p->points[i], err);
        if (r < 0)
            return r;
    }
    for (size_t i = 0; i < 3 && p->watches[i]; i++) {
        const struct point_entry *entry = point_table_named(points, p->watches[i]);
        int r = gw_watch(host, entry ? entry->id : 9999, err);
        if (r < 0)
            return r;
    }
    return 0;
}

static inline int start_first(void *self, struct gw_host *host, struct gw_error *err)
{
    return start_probe(self, &probes[0], host, err);
}

static inline int start_second(void *self, struct gw_host *host, struct gw_error *err)
{
    return start_probe(self, &probes[1], host, err);
}

static inline void stop(void *self)
{
    ((struct instance *)self)->probe->stops++;
}

static inline void restored(void *self)
{
    struct probe *p = ((struct instance *)self)->probe;
    p->loaded_size = gw_state_load(p->host, "key", p->loaded, sizeof(p->loaded));
}

static inline void on_reading(void *self, const struct gw_reading *reading)
{
    struct probe *p = ((struct instance *)self)->probe;
    p->readings++;
    if (p->saves)
        gw_state_save(p->host, "key", &reading->value, sizeof(reading->value));
    if (p->derives[0])
        gw_publish(p->host, p->points[0], reading->value * 2, GW_GOOD, GW_REASON_NONE,
                   reading->time_us);
    if (p->is_slow)
        clock_set(clock_machine_us() + PLUGIN_SLOW_US + 1, clock_school_us());
}

static inline void keep(void *self)
{
    struct probe *p = ((struct instance *)self)->probe;
    p->keeps++;
    gw_state_save(p->host, "key", "kept", 4);
}

static inline void on_minute(void *self, int64_t time_us)
{
    struct probe *p = ((struct instance *)self)->probe;
    uint32_t ignored = 0;
    (void)time_us;
    p->minutes++;
    if (p->derives_late)
        p->late_error = gw_derive(p->host, "probe", "people", &ignored, &p->err);
}

static const struct gw_option options[] = {
    {.name = "limit",
     .type = GW_OPT_UINT,
     .offset = offsetof(struct instance, limit),
     .fallback = "7",
     .min = 1,
     .max = 100},
    {0},
};

#define PROBE(which, named)                                                             \
    {                                                                                   \
        .struct_size = sizeof(struct gw_plugin), .name = (named), .options = options,   \
        .instance_size = sizeof(struct instance), .start = start_##which, .stop = stop, \
        .restored = restored, .on_reading = on_reading, .on_minute = on_minute,         \
        .keep = keep,                                                                   \
    }
static const struct gw_plugin first = PROBE(first, "first");
static const struct gw_plugin second = PROBE(second, "second");
static const struct gw_plugin *const plugins[] = {&first, &second, NULL};

/* What the host handed on. */
static struct gw_reading published[8];
static size_t published_count;
static size_t facts;

static inline void publish(void *ctx, const struct gw_reading *reading)
{
    (void)ctx;
    assert_true(published_count < 8);
    published[published_count++] = *reading;
}

static inline void emit(void *ctx, const struct gw_record *record)
{
    if (record->kind == GW_RECORD_STATE)
        rig_keep(ctx, &record->state);
    facts += record->kind == GW_RECORD_FACT;
}

struct stage {
    struct rig_folder folder;
    struct rig *rig;
    struct plugin_host *host;
};

#define DEVICES                                                                         \
    "buses: [{name: b, driver: mqtt, broker: \"mqtt://127.0.0.1\"}]\n"                  \
    "devices:\n"                                                                        \
    "  - {name: d, bus: b, place: b1-203, topic: t, points: [{metric: desk_lux, path: " \
    "v}]}\n"

static inline int set_up(void **state)
{
    static struct stage s;
    memset(probes, 0, sizeof(probes));
    published_count = 0;
    facts = 0;
    s.folder = rig_folder_new(DEVICES);
    s.rig = rig_load(s.folder.path, &rig_modules);
    s.host = NULL;
    assert_int_equal(point_table_new(&points), 0);
    const struct config_point *p = &s.rig->config->points[0];
    assert_int_equal(point_table_add(points, &(struct point_entry){.id = 100,
                                                                   .name = p->name,
                                                                   .object = p->place,
                                                                   .metric = p->metric,
                                                                   .device = "d",
                                                                   .config = p}),
                     0);
    s.rig->next_id = 200;
    *state = &s;
    return 0;
}

static inline int tear_down(void **state)
{
    struct stage *s = *state;
    plugin_host_free(s->host);
    points = point_table_free(points);
    rig_free(s->rig);
    rig_folder_remove(&s->folder);
    return 0;
}

/* Starts both probes; returns what --check would print. */
static inline const char *start_host(struct stage *s)
{
    const struct plugin_host_setup setup = {
        .config = s->rig->config,
        .campus = s->rig->campus,
        .plugins = plugins,
        .points = points,
        .ops = {.ctx = s->rig,
                .publish = publish,
                .emit = emit,
                .point_id = rig_point_id},
    };
    assert_int_equal(plugin_host_new(&setup, s->rig->faults, &s->host), 0);
    return rig_faults(s->rig);
}

#define STAGE_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

#endif
