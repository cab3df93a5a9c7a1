#include "store/writer.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "store/reserve.h"
#include "store/writer_parts.h"

static const int64_t idle_us = INT64_C(10) * 1000000;
static const int64_t late_us = INT64_C(60) * 1000000;
enum { LAST_TRIES = 3, ASK_S = 10, HUNG_S = 3 };

static struct gw_subject subject(const struct writer *w)
{
    return (struct gw_subject){"STORE", w->committer->path};
}

/* Most ranges continue the one before.  false: there is no place for it. */
static bool add_range(struct range_list *list, const struct outbox_range *range)
{
    struct outbox_range *last = list->count ? &list->items[list->count - 1] : NULL;
    if (last && last->epoch == range->epoch && range->from >= last->from
        && range->from <= last->to + 1) {
        if (range->to > last->to)
            last->to = range->to;
        return true;
    }
    if (list->count == RANGES_MAX)
        return false;
    list->items[list->count++] = *range;
    return true;
}

/* All that there is place for: what was acknowledged before a batch was given is in its
 * commit.  They wait for company as long as the first of them. */
static void take_ranges(struct writer *w, int64_t now_us)
{
    struct range_list *given = &w->shared.ranges;
    size_t taken = 0;
    if (w->ranges.count == 0)
        w->ranges_since_us = now_us;
    while (taken < given->count && add_range(&w->ranges, &given->items[taken]))
        taken++;
    given->count -= taken;
    memmove(given->items, given->items + taken, given->count * sizeof(given->items[0]));
}

/* Takes over what was given since the last turn.  A commit that failed is tried again as
 * it was: it may prove to be whole in the log, and then no more than it is done.  One
 * that found no room was not. */
static void collect(struct writer *w)
{
    if (w->retry_at_us && !w->is_full)
        return;
    int64_t now = clock_machine_us();
    pthread_mutex_lock(&w->lock);
    batch_list_move(&w->shared.given, &w->pending);
    w->pending_batches = w->shared.backlog.batches;
    w->pending_rows = w->shared.backlog.rows;
    w->pending_bytes = w->shared.backlog.bytes;
    take_ranges(w, now);
    w->committer->tells = w->committer->tells || w->shared.should_tell;
    w->shared.should_tell = false;
    pthread_mutex_unlock(&w->lock);
    w->committer->outbox.cap = w->outbox_rows;
}

static void answer(struct writer *w)
{
    pthread_mutex_lock(&w->lock);
    struct question *q = w->shared.question;
    if (w->needs_reopen || w->needs_replace || !w->committer->db)
        q = NULL; /* waits for the disk */
    if (q)
        q->is_begun = true;
    pthread_mutex_unlock(&w->lock);
    if (!q)
        return;
    int r = q->ask(w->committer, q->ctx, q->err);
    pthread_mutex_lock(&w->lock);
    q->answer = r;
    q->is_answered = true;
    w->shared.question = NULL;
    pthread_cond_broadcast(&w->changed);
    pthread_mutex_unlock(&w->lock);
}

/* A transition came while readings wait for room: what the reserve left may be enough. */
static bool may_find_room(const struct writer *w)
{
    return w->is_full && writer_has_alarm(w)
           && (!w->was_alarm_tried || reserve_is_kept(w->committer->path));
}

bool writer_is_due(const struct writer *w, int64_t now_us)
{
    if (w->retry_at_us)
        return now_us >= w->retry_at_us || may_find_room(w);
    return w->pending.first || w->committer->tells || writer_needs_repair(w)
           || (w->ranges.count && now_us - w->ranges_since_us >= w->commit_interval_us);
}

static void wait_for_work(struct writer *w, struct worker *worker)
{
    int64_t now = clock_machine_us();
    int64_t wait_us = idle_us;
    if (w->retry_at_us)
        wait_us = w->retry_at_us - now;
    else if (w->ranges.count)
        wait_us = w->ranges_since_us + w->commit_interval_us - now;
    if (wait_us > idle_us)
        wait_us = idle_us;
    struct pollfd fd = {.fd = worker_fd(worker), .events = POLLIN};
    int timeout_ms = wait_us > 0 ? (int)((wait_us + 999) / 1000) : 0;
    /* By the kernel's time too, so that a hand of the clock that stands holds nothing. */
    if (poll(&fd, 1, timeout_ms) == 0 && w->retry_at_us)
        w->retry_at_us = clock_machine_us();
    worker_drain(worker);
}

static bool has_rows(const struct writer *w)
{
    return w->pending.first || w->ranges.count || w->committer->tells;
}

/* A repair that failed is tried again until a commit says that all is well. */
static bool has_work(const struct writer *w)
{
    return has_rows(w) || w->retry_at_us || writer_needs_repair(w);
}

/* Everything that was given before the stop, if the disk takes it. */
static void commit_last(struct writer *w)
{
    for (int i = 0; i < LAST_TRIES; i++) {
        collect(w);
        if (has_rows(w) || writer_needs_repair(w))
            writer_try_commit(w);
    }
    size_t rows = w->shared.backlog.rows; /* nobody gives any more */
    if (rows > 0)
        gw_log(GW_LOG_ERROR, subject(w),
               "stopped with %zu rows that could not be written; messages that were not "
               "acknowledged come again",
               rows);
    batch_list_free(&w->pending);
}

static void body(struct worker *worker, void *ctx)
{
    struct writer *w = ctx;
    while (!worker_should_stop(worker)) {
        worker_alive(worker);
        collect(w);
        answer(w);
        writer_check(w);
        if (has_work(w) && writer_is_due(w, clock_machine_us())) {
            writer_try_commit(w);
            if (!w->retry_at_us)
                writer_keep_up(w);
        } else if (!writer_fold(w)) {
            writer_scrub(w);
            wait_for_work(w, worker);
        }
    }
    commit_last(w);
}

static struct writer *writer_free(struct writer *w)
{
    batch_list_free(&w->shared.given);
    pthread_cond_destroy(&w->changed);
    pthread_mutex_destroy(&w->lock);
    free(w);
    return NULL;
}

int writer_start(struct committer *committer, const struct store_ops *ops,
                 const struct store_config *config, struct writer **ret,
                 struct gw_error *err)
{
    struct writer *w = calloc(1, sizeof(*w));
    if (!w)
        return gw_fail(err, -ENOMEM, "store: out of memory");
    pthread_mutex_init(&w->lock, NULL);
    pthread_condattr_t by_machine;
    pthread_condattr_init(&by_machine);
    pthread_condattr_setclock(&by_machine, CLOCK_MONOTONIC);
    pthread_cond_init(&w->changed, &by_machine);
    pthread_condattr_destroy(&by_machine);
    w->committer = committer;
    w->ops = ops;
    w->ahead_us = clock_school_us() - clock_machine_us();
    writer_set_pace(w, config);
    committer->outbox.cap = config->outbox_rows;
    committer_tell(committer, &w->shared.status);
    int r = worker_start("store", late_us, body, w, &w->worker);
    if (r < 0) {
        writer_free(w);
        return gw_fail(err, r, "store: cannot start its thread: %s", strerror(-r));
    }
    *ret = w;
    return 0;
}

struct writer *writer_stop(struct writer *w)
{
    if (!w)
        return NULL;
    worker_stop(w->worker);
    w->worker = worker_join(w->worker);
    return writer_free(w);
}

void writer_give(struct writer *w, struct batch *b)
{
    pthread_mutex_lock(&w->lock);
    struct shared *s = &w->shared;
    batch_list_add(&s->given, b);
    s->backlog.batches++;
    s->backlog.rows += batch_rows(b);
    s->backlog.bytes += batch_bytes(b);
    s->given_batches++;
    if (!s->waiting_since_us)
        s->waiting_since_us = clock_machine_us();
    pthread_mutex_unlock(&w->lock);
    worker_wake(w->worker);
}

void writer_acknowledge(struct writer *w, const struct outbox_range *range)
{
    if (range->from > range->to)
        return;
    pthread_mutex_lock(&w->lock);
    (void)add_range(&w->shared.ranges, range); /* full: as said of RANGES_MAX */
    pthread_mutex_unlock(&w->lock);
    worker_wake(w->worker);
}

uint64_t writer_given(struct writer *w)
{
    pthread_mutex_lock(&w->lock);
    uint64_t given = w->shared.given_batches;
    pthread_mutex_unlock(&w->lock);
    return given;
}

void writer_progress(struct writer *w, struct store_progress *ret)
{
    int64_t now = clock_machine_us();
    *ret = (struct store_progress){0};
    pthread_mutex_lock(&w->lock);
    const struct shared *s = &w->shared;
    ret->kept = s->done_batches;
    text_copy(ret->fault, sizeof(ret->fault), s->status.fault);
    int64_t since_us = s->waiting_since_us;
    pthread_mutex_unlock(&w->lock);
    if (!ret->fault[0] && since_us && now - since_us > HUNG_S * INT64_C(1000000))
        (void)snprintf(ret->fault, sizeof(ret->fault),
                       "store '%s': the disk has not answered for %d s",
                       w->committer->path, HUNG_S);
}

void writer_flush(struct writer *w)
{
    worker_wake(w->worker);
    pthread_mutex_lock(&w->lock);
    uint64_t target = w->shared.given_batches;
    uint64_t failures = w->shared.status.failures;
    while (w->shared.done_batches < target && w->shared.status.failures == failures)
        pthread_cond_wait(&w->changed, &w->lock);
    pthread_mutex_unlock(&w->lock);
}

void writer_clock_was_set(struct writer *w)
{
    w->was_clock_set = true;
}

void writer_look(struct writer *w)
{
    w->should_check = true;
    worker_wake(w->worker);
}

void writer_set_pace(struct writer *w, const struct store_config *config)
{
    w->commit_interval_us = config->commit_interval_us;
    w->outbox_rows = config->outbox_rows;
    pthread_mutex_lock(&w->lock);
    w->shared.keep = config->keep;
    pthread_mutex_unlock(&w->lock);
}

void writer_tell_dropped(struct writer *w)
{
    pthread_mutex_lock(&w->lock);
    w->shared.should_tell = true;
    pthread_mutex_unlock(&w->lock);
    worker_wake(w->worker);
}

static struct timespec patience(void)
{
    struct timespec until;
    (void)clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += ASK_S;
    return until;
}

/* Once begun it is waited for: the asker's memory is in use. */
int writer_ask(struct writer *w,
               int (*ask)(struct committer *committer, void *ctx, struct gw_error *err),
               void *ctx, struct gw_error *err)
{
    struct question q = {.ask = ask, .ctx = ctx, .err = err};
    struct timespec until = patience();
    pthread_mutex_lock(&w->lock);
    w->shared.question = &q;
    pthread_mutex_unlock(&w->lock);
    worker_wake(w->worker);
    pthread_mutex_lock(&w->lock);
    while (!q.is_answered)
        if (q.is_begun)
            pthread_cond_wait(&w->changed, &w->lock);
        else if (pthread_cond_timedwait(&w->changed, &w->lock, &until) == ETIMEDOUT
                 && !q.is_begun)
            break;
    w->shared.question = NULL;
    pthread_mutex_unlock(&w->lock);
    if (q.is_answered)
        return q.answer;
    return gw_fail(err, -ETIMEDOUT, "store '%s': the disk did not answer within %d s",
                   w->committer->path, ASK_S);
}

int writer_settle(struct writer *w)
{
    struct timespec until = patience();
    int r = 0;
    worker_wake(w->worker);
    pthread_mutex_lock(&w->lock);
    uint64_t target = w->shared.given_batches;
    while (r == 0 && w->shared.done_batches < target)
        r = pthread_cond_timedwait(&w->changed, &w->lock, &until);
    pthread_mutex_unlock(&w->lock);
    return -r;
}

struct writer_backlog writer_backlog(struct writer *w)
{
    pthread_mutex_lock(&w->lock);
    struct writer_backlog backlog = w->shared.backlog;
    pthread_mutex_unlock(&w->lock);
    return backlog;
}

void writer_status(struct writer *w, struct store_status *ret)
{
    pthread_mutex_lock(&w->lock);
    *ret = w->shared.status;
    ret->waiting = w->shared.backlog.batches;
    ret->oldest_wait_us =
        w->shared.waiting_since_us ? clock_machine_us() - w->shared.waiting_since_us : 0;
    pthread_mutex_unlock(&w->lock);
}
