#include "backup_job.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/worker.h"
#include "gw/log.h"
#include "gw/types.h"
#include "store/backup.h"

struct backup_job {
    pthread_mutex_t lock; /* of the next three */
    bool is_open;
    bool is_running;
    struct worker *worker;
    atomic_bool should_stop;

    /* The thread's own until it is joined. */
    struct store *store;
    struct outcome_to to;
    char file[BACKUP_PATH_MAX];
    char actor[GW_ACTOR_MAX];
    struct backup_report report;
};

struct backup_job *backup_job_new(void)
{
    struct backup_job *job = calloc(1, sizeof(*job));
    if (job)
        (void)pthread_mutex_init(&job->lock, NULL);
    return job;
}

struct backup_job *backup_job_free(struct backup_job *job)
{
    if (job)
        (void)pthread_mutex_destroy(&job->lock);
    free(job);
    return NULL;
}

char *backup_json(const struct backup_report *report)
{
    json_t *json = json_pack("{s:s, s:I, s:I, s:I}", "file", report->file, "bytes",
                             (json_int_t)report->bytes, "rows", (json_int_t)report->rows,
                             "took_ms", (json_int_t)(report->took_us / 1000));
    char *text = json ? json_dumps(json, JSON_COMPACT) : NULL;
    json_decref(json);
    return text;
}

static void tell(struct backup_job *job, struct outcome *outcome)
{
    const struct gw_subject about = {"BACKUP", job->report.file};
    if (outcome->result < 0)
        gw_log(GW_LOG_WARNING, (struct gw_subject){0}, "backup for %s: %s", job->actor,
               outcome->err.text);
    else
        gw_log(GW_LOG_NOTICE, about,
               "backup for %s: %" PRIu64 " bytes, %" PRIu64 " rows, in %.1f s",
               job->actor, job->report.bytes, job->report.rows,
               (double)job->report.took_us / 1e6);
    job->to.told(job->to.ctx, outcome);
}

static void body(struct worker *worker, void *ctx)
{
    struct backup_job *job = ctx;
    struct outcome outcome = {0};
    const struct backup_order order = {.database = store_path(job->store),
                                       .file = job->file,
                                       .is_gentle = true,
                                       .should_stop = &job->should_stop};
    (void)worker; /* stopped by should_stop, which the copying looks at */
    outcome.result = backup_make(&order, &job->report, &outcome.err);
    if (outcome.result == -EUCLEAN)
        store_look(job->store);
    if (outcome.result == 0)
        outcome.answer = backup_json(&job->report);
    (void)pthread_mutex_lock(&job->lock);
    job->is_running = false; /* before it is told: who hears it may want the next */
    (void)pthread_mutex_unlock(&job->lock);
    tell(job, &outcome);
}

static int check(const struct backup_job *job, struct gw_error *err)
{
    if (!job->is_open)
        return gw_fail(err, -ESHUTDOWN, "the gateway is stopping");
    if (job->is_running)
        return gw_fail(err, -EBUSY, "a backup is being made already");
    if (store_is_away(job->store))
        return gw_fail(err, -EAGAIN, "the store is away: there is nothing to copy");
    return 0;
}

static int start(struct backup_job *job, struct gw_error *err)
{
    job->report = (struct backup_report){0};
    job->is_running = true;
    int r = worker_start("backup", 0, body, job, &job->worker);
    if (r == 0)
        return 0;
    job->is_running = false;
    return gw_fail(err, r, "cannot start a thread: %s", strerror(-r));
}

int backup_job_start(struct backup_job *job, const char *file, const char *actor,
                     const struct outcome_to *to, struct gw_error *err)
{
    (void)pthread_mutex_lock(&job->lock);
    int r = check(job, err);
    if (r == 0) {
        job->worker = worker_join(job->worker); /* of the last one, which is over */
        job->to = *to;
        text_copy(job->file, sizeof(job->file), file);
        text_copy(job->actor, sizeof(job->actor), actor);
        r = start(job, err);
    }
    (void)pthread_mutex_unlock(&job->lock);
    return r;
}

void backup_job_begin(struct backup_job *job, struct store *store)
{
    (void)pthread_mutex_lock(&job->lock);
    job->store = store;
    job->should_stop = false;
    job->is_open = true;
    (void)pthread_mutex_unlock(&job->lock);
}

void backup_job_end(struct backup_job *job)
{
    (void)pthread_mutex_lock(&job->lock);
    job->is_open = false;
    job->should_stop = true;
    (void)pthread_mutex_unlock(&job->lock);
    job->worker = worker_join(job->worker); /* nobody starts one any more */
}
