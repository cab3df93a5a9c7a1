/* pipeline_notes.h - a pipeline on the rig's campus, and a plugin that only writes down
 * what it is told. */
#ifndef TESTS_PIPELINE_NOTES_H
#define TESTS_PIPELINE_NOTES_H

#include "pipeline_rig.h"

#define MIN_US INT64_C(60000000)
#define HOUR_US (60 * MIN_US)
/* Monday 2026-11-23, 08:00 in the school. */
#define T0 (INT64_C(1795392000) * 1000000)

/* watch - the plugin. */
enum { NOTES_MAX = 64 };
struct note {
    char what;
    int64_t time_us;
    char object[GW_ID_MAX];
};
static struct note notes[NOTES_MAX];
static size_t note_count;

static inline void note(char what, int64_t time_us, const char *object)
{
    if (note_count == NOTES_MAX)
        return;
    struct note *n = &notes[note_count++];
    *n = (struct note){.what = what, .time_us = time_us};
    (void)snprintf(n->object, sizeof(n->object), "%s", object ? object : "school");
}

static inline int watch_start(void *self, struct gw_host *host, struct gw_error *err)
{
    (void)self;
    (void)host;
    (void)err;
    return 0;
}

static inline void watch_phase(void *self, const char *object,
                               const struct gw_phase *phase)
{
    (void)self;
    note('p', phase->start_us, object);
}

static inline void watch_minute(void *self, int64_t time_us)
{
    (void)self;
    note('m', time_us, NULL);
}

static inline void watch_day(void *self, int64_t midnight_us)
{
    (void)self;
    note('d', midnight_us, NULL);
}

static inline void watch_alarm(void *self, const struct gw_transition *transition)
{
    (void)self;
    if (transition->severity == GW_P1) /* silent devices alarm too, but lower */
        note('a', transition->time_us, transition->object);
}

static const struct gw_plugin watch_plugin = {
    .struct_size = sizeof(struct gw_plugin),
    .name = "watch",
    .start = watch_start,
    .on_phase = watch_phase,
    .on_minute = watch_minute,
    .on_day = watch_day,
    .on_alarm = watch_alarm,
};
static const struct gw_plugin *const plugins[] = {&occupancy_plugin, &eye_health_plugin,
                                                  &watch_plugin, NULL};
static const struct config_modules modules = {rig_drivers, plugins};

static inline int set_up(void **state)
{
    struct rig *rig = rig_load(RIG_CAMPUS, &modules);
    rig_build(rig);
    note_count = 0;
    pipeline_start(rig->pipeline, T0);
    *state = rig;
    return 0;
}

static inline int tear_down(void **state)
{
    rig_free(*state);
    return 0;
}

static inline uint32_t id_of(struct rig *rig, const char *point)
{
    const struct point_entry *entry =
        point_table_named(pipeline_points(rig->pipeline), point);
    assert_non_null(entry);
    return entry->id;
}

static inline void tell(struct rig *rig, const char *point, double raw, int64_t time_us)
{
    struct gw_sample sample = {
        .point = id_of(rig, point), .raw = raw, .source_us = GW_TIME_NONE};
    pipeline_sample(rig->pipeline, &sample, time_us);
}

static inline size_t count_of(char what)
{
    size_t count = 0;
    for (size_t i = 0; i < note_count; i++)
        count += notes[i].what == what;
    return count;
}

#define RIG_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

#endif
