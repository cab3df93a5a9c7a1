/* pipeline_rig.h - a real configuration, campus and pipeline on a folder of files; keeps
 * what is emitted, and what must come back after a restart. */
#ifndef PIPELINE_RIG_H
#define PIPELINE_RIG_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/hash.h"
#include "eye_health/eye_health.h"
#include "mqtt/mqtt.h"
#include "occupancy/occupancy.h"
#include "pipeline/pipeline.h"
#include "pipeline/replay.h"

#define RIG_CAMPUS GW_SOURCE_DIR "/tests/replay/campus"

enum { RIG_STATES_MAX = 64, RIG_STATE_BYTES = 2048, RIG_READINGS_MAX = 4096 };

struct rig_state {
    char owner[GW_NAME_MAX];
    char key[GW_NAME_MAX];
    unsigned char bytes[RIG_STATE_BYTES];
    size_t size;
};

/* out: transitions, facts and outputs as replay prints them */
struct rig {
    const struct config_modules *modules;
    struct config_faults *faults;
    struct config *config;
    struct gw_campus *campus;
    struct pipeline *pipeline;
    struct text_map *ids;
    uint32_t next_id;
    struct rig_state states[RIG_STATES_MAX];
    size_t state_count;
    struct gw_record readings[RIG_READINGS_MAX];
    size_t reading_count;
    size_t deliveries;
    size_t commits;
    size_t summaries;
    FILE *out;
    char *text;
    size_t text_size;
};

static inline struct rig_state *rig_state_of(struct rig *rig, const struct gw_state *s)
{
    for (size_t i = 0; i < rig->state_count; i++)
        if (strcmp(rig->states[i].owner, s->owner) == 0
            && strcmp(rig->states[i].key, s->key) == 0)
            return &rig->states[i];
    assert_true(rig->state_count < RIG_STATES_MAX);
    struct rig_state *kept = &rig->states[rig->state_count++];
    (void)snprintf(kept->owner, sizeof(kept->owner), "%s", s->owner);
    (void)snprintf(kept->key, sizeof(kept->key), "%s", s->key);
    return kept;
}

static inline void rig_keep(struct rig *rig, const struct gw_state *s)
{
    struct rig_state *kept = rig_state_of(rig, s);
    assert_true(s->size <= sizeof(kept->bytes));
    kept->size = s->bytes ? s->size : 0;
    if (s->bytes)
        memcpy(kept->bytes, s->bytes, s->size);
}

/* The pipeline's word on its buses, at each start: bus_watch_test.c. */
static inline bool rig_is_bus(const struct rig *rig, uint32_t point)
{
    const struct point_entry *entry =
        point_table_find(pipeline_points(rig->pipeline), point);
    return entry && strcmp(entry->metric->name, "bus_state") == 0;
}

static inline void rig_emit(void *ctx, const struct gw_record *record)
{
    struct rig *rig = ctx;
    replay_print(rig->out, record, 8 * 3600);
    rig->deliveries += record->kind == GW_RECORD_DELIVERY;
    rig->commits += record->kind == GW_RECORD_COMMIT;
    rig->summaries += record->kind == GW_RECORD_SUMMARY;
    if (record->kind == GW_RECORD_STATE)
        rig_keep(rig, &record->state);
    if (record->kind == GW_RECORD_READING && !rig_is_bus(rig, record->reading.point)
        && rig->reading_count < RIG_READINGS_MAX)
        rig->readings[rig->reading_count++] = *record;
}

static inline void rig_output(void *ctx, const struct output_command *command)
{
    struct rig *rig = ctx;
    replay_print_output(rig->out, command, 8 * 3600);
}

static inline int rig_point_id(void *ctx, const char *name, uint32_t *ret)
{
    struct rig *rig = ctx;
    *ret = text_map_get(rig->ids, name);
    if (*ret != UINT32_MAX)
        return 0;
    *ret = rig->next_id++;
    return text_map_put(rig->ids, name, *ret);
}

static const struct gw_driver *const rig_drivers[] = {&mqtt_driver, NULL};
static const struct gw_plugin *const rig_plugins[] = {&occupancy_plugin,
                                                      &eye_health_plugin, NULL};
static const struct config_modules rig_modules = {rig_drivers, rig_plugins};

/* Everything built on what was kept; not started. */
static inline void rig_build(struct rig *rig)
{
    const struct pipeline_ops ops = {
        .ctx = rig, .emit = rig_emit, .output = rig_output, .point_id = rig_point_id};
    struct gw_error err = {0};
    if (pipeline_new(rig->config, rig->campus, rig->modules, &ops, rig->faults,
                     &rig->pipeline, &err)
        < 0)
        fail_msg("%s", err.text);
    for (size_t i = 0; i < rig->state_count; i++) {
        const struct rig_state *s = &rig->states[i];
        if (s->size > 0)
            pipeline_restore(rig->pipeline, &(struct gw_state){.owner = s->owner,
                                                               .key = s->key,
                                                               .bytes = s->bytes,
                                                               .size = s->size});
    }
}

/* Everything up to the pipeline. */
static inline struct rig *rig_load(const char *folder,
                                   const struct config_modules *modules)
{
    struct rig *rig = calloc(1, sizeof(*rig));
    struct gw_error err = {0};
    assert_non_null(rig);
    rig->next_id = 1;
    rig->modules = modules;
    rig->out = open_memstream(&rig->text, &rig->text_size);
    assert_non_null(rig->out);
    assert_int_equal(text_map_new(16, &rig->ids), 0);
    assert_int_equal(config_faults_new(&rig->faults), 0);
    if (config_load(folder, modules, rig->faults, &rig->config, &err) < 0)
        fail_msg("%s", err.text);
    assert_int_equal(campus_load(rig->config, rig->faults, &rig->campus), 0);
    return rig;
}

/* What was printed so far. */
static inline const char *rig_text(struct rig *rig)
{
    (void)fflush(rig->out);
    return rig->text;
}

/* The faults, as --check prints them. */
static inline const char *rig_faults(struct rig *rig)
{
    config_faults_print(rig->faults, rig->out);
    return rig_text(rig);
}

static inline struct rig *rig_new(const char *folder)
{
    struct rig *rig = rig_load(folder, &rig_modules);
    rig_build(rig);
    if (config_faults_errors(rig->faults) > 0)
        fail_msg("%s", rig_faults(rig));
    return rig;
}

/* What replay's "restart" does. */
static inline int rig_restart(void *ctx, const struct replay_stop *stop, int64_t time_us,
                              struct pipeline **ret, struct gw_error *err)
{
    struct rig *rig = ctx;
    (void)err;
    if (!stop->is_killed)
        pipeline_stop(rig->pipeline, time_us - stop->moved_us);
    pipeline_free(rig->pipeline);
    rig_build(rig);
    if (stop->moved_us != 0)
        pipeline_kept_clock_set(rig->pipeline, stop->moved_us, time_us);
    pipeline_start(rig->pipeline, time_us);
    *ret = rig->pipeline;
    return 0;
}

static inline void rig_free(struct rig *rig)
{
    pipeline_free(rig->pipeline);
    campus_free(rig->campus);
    config_free(rig->config);
    config_faults_free(rig->faults);
    text_map_free(rig->ids);
    (void)fclose(rig->out);
    free(rig->text);
    free(rig);
    clock_release();
}

/* Replays @lines on @rig; 0 or the error in @err. */
static inline int rig_replay(struct rig *rig, const char *lines, struct gw_error *err)
{
    const struct replay_ops ops = {.ctx = rig, .restart = rig_restart};
    FILE *in = fmemopen((void *)lines, strlen(lines), "r");
    assert_non_null(in);
    int r = replay_run(in, "lines", rig->pipeline, &ops, err);
    (void)fclose(in);
    (void)fflush(rig->out);
    return r;
}

/* A folder of its own: @devices is devices.d/day.yaml, the rest is the campus's. */
struct rig_folder {
    char path[64];
};

static inline void rig_put_file(const struct rig_folder *f, const char *name,
                                const char *text)
{
    char path[160];
    (void)snprintf(path, sizeof(path), "%s/%s", f->path, name);
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    (void)fputs(text, out);
    assert_int_equal(fclose(out), 0);
}

static inline void rig_link_file(const struct rig_folder *f, const char *name)
{
    char path[160];
    char target[512];
    (void)snprintf(path, sizeof(path), "%s/%s", f->path, name);
    (void)snprintf(target, sizeof(target), "%s/%s", RIG_CAMPUS, name);
    assert_int_equal(symlink(target, path), 0);
}

static inline struct rig_folder rig_folder_new(const char *devices)
{
    struct rig_folder f = {.path = "/tmp/pipeline-XXXXXX"};
    char path[96];
    assert_non_null(mkdtemp(f.path));
    (void)snprintf(path, sizeof(path), "%s/devices.d", f.path);
    assert_int_equal(mkdir(path, 0700), 0);
    rig_link_file(&f, "gateway.yaml");
    rig_link_file(&f, "campus.yaml");
    rig_link_file(&f, "metrics.yaml");
    rig_put_file(&f, "devices.d/day.yaml", devices);
    return f;
}

static inline void rig_folder_remove(const struct rig_folder *f)
{
    static const char *const names[] = {"gateway.yaml", "campus.yaml", "metrics.yaml",
                                        "devices.d/day.yaml"};
    char path[160];
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        (void)snprintf(path, sizeof(path), "%s/%s", f->path, names[i]);
        assert_int_equal(unlink(path), 0);
    }
    (void)snprintf(path, sizeof(path), "%s/devices.d", f->path);
    assert_int_equal(rmdir(path), 0);
    assert_int_equal(rmdir(f->path), 0);
}

#endif
