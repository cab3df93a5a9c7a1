#include "playback.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "pipeline/replay.h"
#include "refill.h"
#include "settings.h"

struct playback {
    struct settings settings;
    struct store *store;
    struct pipeline *pipeline;
    FILE *out;                          /* NULL: watched */
    const struct playback_watch *watch; /* NULL: printed */
    char folder[64];
    char database[96];
};

/* Its store sees the clock only when it commits, and would take what was stored before a
 * jump for old. */
static void flush(struct playback *p)
{
    if (p->pipeline && eras_have_jumped(pipeline_eras(p->pipeline), clock_school_us()))
        store_clock_was_set(p->store);
    store_flush(p->store);
}

static void emit(void *ctx, const struct gw_record *record)
{
    struct playback *p = ctx;
    if (p->watch)
        p->watch->record(p->watch->ctx, record);
    else
        replay_print(p->out, record,
                     campus_offset_s(p->settings.campus, clock_school_us()));
    store_add(p->store, record);
    if (!store_has_room(p->store))
        flush(p);
}

static void output(void *ctx, const struct output_command *command)
{
    struct playback *p = ctx;
    if (!p->watch)
        replay_print_output(p->out, command,
                            campus_offset_s(p->settings.campus, command->time_us));
}

static void answer(void *ctx, const char *name, const char *json, int64_t time_us)
{
    struct playback *p = ctx;
    if (!p->watch)
        replay_print_answer(p->out, name, json, time_us,
                            campus_offset_s(p->settings.campus, time_us));
}

static void judged(void *ctx, const struct rule_judgement *judgement)
{
    const struct playback *p = ctx;
    p->watch->judged(p->watch->ctx, judgement);
}

static int point_id(void *ctx, const char *name, uint32_t *ret)
{
    struct playback *p = ctx;
    return store_point_id(p->store, name, ret, NULL);
}

/* What the pipeline of a run tells. */
static struct pipeline_ops pipeline_ops_of(struct playback *p)
{
    return (struct pipeline_ops){
        .ctx = p,
        .emit = emit,
        .output = output,
        .point_id = point_id,
        .judged = p->watch && p->watch->judged ? judged : NULL,
    };
}

static void restore_state(void *ctx, const struct gw_state *state)
{
    pipeline_restore(ctx, state);
}

/* Opens the store and builds the pipeline on it: at the start and after a "restart". */
static int build(struct playback *p, struct gw_error *err)
{
    struct settings *s = &p->settings;
    int r = store_open(&s->store, &p->store, err);
    if (r > 0)
        r = -EIO; /* a replay guards nobody: it needs its file */
    if (r < 0)
        return r;
    const struct pipeline_ops ops = pipeline_ops_of(p);
    r = pipeline_new(s->config, s->campus, modules_all(s->modules), &ops, s->faults,
                     &p->pipeline, err);
    if (r < 0)
        return r;
    if (config_faults_errors(s->faults) > 0) {
        config_faults_print(s->faults, stderr);
        return settings_refuse(s, "", err);
    }
    alarms_begin_behind(pipeline_alarms(p->pipeline), store_last_alarm_uid(p->store));
    r = store_each_state(p->store, restore_state, p->pipeline, err);
    if (r < 0)
        return r;
    return store_run(p->store, &(struct store_ops){.ctx = p}, err);
}

static void tear_down(struct playback *p, bool is_killed)
{
    if (p->pipeline && !is_killed)
        pipeline_stop(p->pipeline, clock_school_us());
    if (p->store && p->pipeline)
        flush(p);
    p->pipeline = pipeline_free(p->pipeline);
    p->store = store_close(p->store);
}

static int restart(void *ctx, const struct replay_stop *stop, int64_t time_us,
                   struct pipeline **ret, struct gw_error *err)
{
    struct playback *p = ctx;
    tear_down(p, stop->is_killed);
    int r = build(p, err);
    if (r == 0 && stop->moved_us != 0)
        pipeline_kept_clock_set(p->pipeline, stop->moved_us, time_us);
    if (r == 0)
        r = refill_windows(p->pipeline, p->database, time_us, err);
    if (r < 0)
        return r;
    pipeline_start(p->pipeline, time_us);
    *ret = p->pipeline;
    return 0;
}

static int read_settings(const struct playback *p, const char *folder,
                         struct settings *ret, struct gw_error *err)
{
    return settings_read(folder, p->watch ? p->watch->trial : NULL, false, ret, err);
}

/* The files as they are now; the store stays the one it was. */
static int read_again(struct playback *p, struct settings *ret, struct gw_error *err)
{
    int r = read_settings(p, p->settings.config->folder, ret, err);
    ret->store.path = p->database;
    return r;
}

static int reload(void *ctx, int64_t time_us, struct pipeline **ret, struct gw_error *err)
{
    struct playback *p = ctx;
    struct settings next;
    struct pipeline *pipeline = NULL;
    const struct pipeline_ops ops = pipeline_ops_of(p);
    int r = read_again(p, &next, err);
    if (r == 0)
        r = pipeline_new(next.config, next.campus, modules_all(next.modules), &ops,
                         next.faults, &pipeline, err);
    flush(p);
    if (r == 0)
        r = refill_windows(pipeline, p->database, time_us, err);
    if (r == 0 && pipeline_take_over(pipeline, p->pipeline, time_us) < 0)
        r = gw_fail(err, -ENOMEM, "reload: out of memory");
    if (r < 0) {
        (void)pipeline_free(pipeline);
        settings_free(&next);
        return r;
    }
    (void)pipeline_free(p->pipeline);
    settings_free(&p->settings);
    p->settings = next;
    p->pipeline = pipeline;
    *ret = pipeline;
    return 0;
}

static void refused(void *ctx)
{
    const struct playback *p = ctx;
    p->watch->refused(p->watch->ctx);
}

static int make_folder(struct playback *p, struct gw_error *err)
{
    const char *base = getenv("TMPDIR");
    int n = snprintf(p->folder, sizeof(p->folder), "%s/campus-replay-XXXXXX",
                     base && strlen(base) < 32 ? base : "/tmp");
    if (n < 0 || (size_t)n >= sizeof(p->folder) || !mkdtemp(p->folder)) {
        p->folder[0] = '\0';
        return gw_fail(err, -errno, "replay: no temporary folder: %s", strerror(errno));
    }
    (void)snprintf(p->database, sizeof(p->database), "%s/replay.db", p->folder);
    p->settings.store.path = p->database;
    return 0;
}

static void remove_folder(const struct playback *p)
{
    if (!p->folder[0])
        return;
    (void)unlink(p->database);
    for (size_t i = 0; store_sides[i]; i++) {
        char path[128];
        (void)snprintf(path, sizeof(path), "%s%s", p->database, store_sides[i]);
        (void)unlink(path);
    }
    (void)rmdir(p->folder);
}

static int play(struct playback *p, const char *path, struct gw_error *err)
{
    const bool is_stdin = strcmp(path, "-") == 0;
    FILE *in = is_stdin ? stdin : fopen(path, "re");
    if (!in)
        return gw_fail(err, -errno, "replay '%s': %s", path, strerror(errno));
    const struct replay_ops ops = {
        .ctx = p,
        .restart = restart,
        .reload = reload,
        .answer = answer,
        .refused = p->watch && p->watch->refused ? refused : NULL,
    };
    int r = replay_run(in, is_stdin ? "stdin" : path, p->pipeline, &ops, err);
    if (!is_stdin)
        (void)fclose(in);
    if (r == 0 && p->out && (fflush(p->out) != 0 || ferror(p->out)))
        r = gw_fail(err, -EIO, "replay '%s': its output cannot be written", path);
    return r;
}

static int run(struct playback *p, const char *folder, const char *path,
               struct gw_error *err)
{
    const struct playback_watch *watch = p->watch;
    int r = read_settings(p, folder, &p->settings, err);
    if (r == 0)
        r = make_folder(p, err);
    if (r == 0)
        r = build(p, err);
    if (r == 0 && watch)
        r = watch->begin(watch->ctx, &p->settings, p->pipeline, err);
    if (r == 0)
        r = play(p, path, err);
    if (r == 0 && watch)
        r = watch->end(watch->ctx, &p->settings, err);
    tear_down(p, false);
    remove_folder(p);
    settings_free(&p->settings);
    return r;
}

int playback_run(const char *folder, const char *path, FILE *out, struct gw_error *err)
{
    struct playback p = {.out = out};
    return run(&p, folder, path, err);
}

int playback_watched(const char *folder, const char *path,
                     const struct playback_watch *watch, struct gw_error *err)
{
    struct playback p = {.watch = watch};
    return run(&p, folder, path, err);
}
