/* writer_commit.c - one try of a commit, what a failure asks for, and the upkeep. */
#include <errno.h>
#include <stdatomic.h>

#include "base/clock.h"
#include "base/text.h"
#include "base/time_server.h"
#include "store/database.h"
#include "store/rescue.h"
#include "store/reserve.h"
#include "store/writer_parts.h"

static const int64_t second_us = 1000000;
static const int64_t retry_first_us = 200000;
static const int64_t retry_last_us = 2000000;
static const int64_t trim_every_us = INT64_C(60) * 1000000;
/* After a clock that jumped: a whole log is worth more than a disk with room to spare. */
static const int64_t trim_cautious_us = INT64_C(3600) * 1000000;
static const int64_t check_every_us = INT64_C(60) * 1000000;
static const int64_t scrub_every_us = INT64_C(10) * 1000000;
static const int64_t jump_us = INT64_C(24) * 3600 * 1000000;
static const int64_t missing_us = INT64_C(10) * 1000000;
static const int64_t rescue_every_us = INT64_C(600) * 1000000;
enum { WAL_FRAMES_MAX = 4000 }; /* about 4 MiB */

static struct gw_subject subject(const struct writer *w)
{
    return (struct gw_subject){"STORE", w->committer->path};
}

static void call_committed(void *ctx, uint16_t bus, uint64_t ticket)
{
    const struct store_ops *ops = ctx;
    if (ops->committed)
        ops->committed(ops->ctx, bus, ticket);
}

/* To whoever waits for the disk. */
static void tell_settled(const struct writer *w, uint64_t kept, const char *fault)
{
    if (w->ops->settled)
        w->ops->settled(w->ops->ctx, kept, fault);
}

/* Everything pending is on disk: counts, tells, frees. */
static void finish(struct writer *w, uint64_t rows_appended)
{
    pthread_mutex_lock(&w->lock);
    struct shared *s = &w->shared;
    s->status.commits++;
    s->status.rows += w->pending_rows;
    committer_tell(w->committer, &s->status);
    s->status.fault[0] = '\0';
    s->backlog.batches -= w->pending_batches;
    s->backlog.rows -= w->pending_rows;
    s->backlog.bytes -= w->pending_bytes;
    s->done_batches += w->pending_batches;
    uint64_t kept = s->done_batches;
    s->waiting_since_us = s->given.first ? clock_machine_us() : 0;
    pthread_cond_broadcast(&w->changed);
    pthread_mutex_unlock(&w->lock);

    for (const struct batch *b = w->pending.first; b; b = batch_next(b))
        batch_each_ticket(b, call_committed, (void *)w->ops);
    if (rows_appended > 0 && w->ops->appended)
        w->ops->appended(w->ops->ctx);
    if (w->committer->recalls > 0 && w->ops->recalled)
        w->ops->recalled(w->ops->ctx);
    tell_settled(w, kept, "");
    batch_list_free(&w->pending);
    w->ranges.count = 0;
}

static void fail(struct writer *w, const struct gw_error *err)
{
    int64_t delay = w->retry_delay_us ? 2 * w->retry_delay_us : retry_first_us;
    w->retry_delay_us = delay < retry_last_us ? delay : retry_last_us;
    w->retry_at_us = clock_machine_us() + w->retry_delay_us;
    w->is_full = err->code == -ENOSPC;
    w->is_stale = w->is_stale || err->code == -ESTALE;
    w->was_alarm_tried = writer_has_alarm(w);
    w->needs_reopen = w->needs_reopen || err->code == -EIO || !w->committer->db;
    w->needs_replace = w->needs_replace || err->code == -EUCLEAN;
    pthread_mutex_lock(&w->lock);
    w->shared.status.failures++;
    text_copy(w->shared.status.fault, sizeof(w->shared.status.fault), err->text);
    uint64_t kept = w->shared.done_batches;
    pthread_cond_broadcast(&w->changed);
    pthread_mutex_unlock(&w->lock);
    tell_settled(w, kept, err->text);
    gw_complain(&w->disk, subject(w),
                "%s; nothing is acknowledged, %zu rows wait, next try in %.1f s",
                err->text, w->pending_rows,
                (double)w->retry_delay_us / (double)second_us);
}

static void tell_refused(struct writer *w)
{
    if (w->committer->refused > w->refused)
        gw_log(GW_LOG_ERROR, subject(w), "%llu records fit no table and were left out",
               (unsigned long long)(w->committer->refused - w->refused));
    w->refused = w->committer->refused;
}

static void tell_people(struct writer *w, const char *told)
{
    gw_log(GW_LOG_ERROR, subject(w), "%s", told);
    pthread_mutex_lock(&w->lock);
    text_copy(w->shared.status.notice, sizeof(w->shared.status.notice), told);
    pthread_mutex_unlock(&w->lock);
}

/* The file is broken: guarding goes on meanwhile, only the disk waits. */
static int replace_broken(struct writer *w, struct gw_error *err)
{
    char told[sizeof(err->text)];
    int r = committer_replace(w->committer, told, sizeof(told), err);
    if (r < 0)
        return r;
    w->needs_replace = false;
    w->needs_reopen = false;
    tell_people(w, told);
    return r;
}

/* Whoever moved it may put it back at once. */
static bool needs_rescue(struct writer *w)
{
    int64_t now = clock_machine_us();
    if (!w->committer->db || !database_has_moved(w->committer->db)
        || !rescue_is_missing(w->committer->db))
        w->missing_since_us = 0;
    else if (!w->missing_since_us)
        w->missing_since_us = now;
    return w->missing_since_us && now - w->missing_since_us >= missing_us
           && now >= w->rescue_at_us;
}

static int rescue_missing(struct writer *w, struct gw_error *err)
{
    char told[sizeof(err->text)];
    int r = committer_rescue(w->committer, told, sizeof(told), err);
    w->rescue_at_us = r < 0 ? clock_machine_us() + rescue_every_us : 0;
    if (r == 0)
        tell_people(w, told);
    return r;
}

/* Not of a file that has lost its name too: that one is rescued with its log. */
static bool has_lost_log(const struct writer *w)
{
    return w->committer->db && !committer_has_log(w->committer)
           && !database_has_moved(w->committer->db);
}

static bool is_cut(const struct writer *w)
{
    return w->committer->db && committer_is_cut(w->committer)
           && !database_has_moved(w->committer->db);
}

bool writer_needs_repair(const struct writer *w)
{
    return w->needs_replace || has_lost_log(w) || is_cut(w);
}

static int renew_log(struct writer *w, struct gw_error *err)
{
    char told[sizeof(err->text)];
    int r = committer_renew_log(w->committer, told, sizeof(told), err);
    if (r == 0)
        tell_people(w, told);
    return r;
}

/* Makes the connection anew after a failure of the disk or of the file; 1: the failed
 * commit proved to be whole. */
static int repair(struct writer *w, struct gw_error *err)
{
    w->needs_replace = w->needs_replace || is_cut(w);
    if (w->needs_replace)
        return replace_broken(w, err);
    if (w->is_stale && needs_rescue(w))
        return rescue_missing(w, err);
    if (!w->needs_reopen)
        return has_lost_log(w) ? renew_log(w, err) : 0;
    int r = committer_reopen(w->committer, err);
    if (r >= 0)
        w->needs_reopen = false;
    return r;
}

bool writer_has_alarm(const struct writer *w)
{
    bool has = false;
    for (const struct batch *b = w->pending.first; b && !has; b = batch_next(b))
        has = batch_has_alarm(b);
    return has;
}

/* An alarm must not wait for room. */
static bool gives_up_reserve(struct writer *w, int error)
{
    if (error != -ENOSPC || !writer_has_alarm(w))
        return false;
    int64_t bytes = reserve_spend(w->committer->path);
    if (bytes == 0)
        return false;
    w->reserve_spent = bytes;
    gw_log(GW_LOG_WARNING, subject(w),
           "the disk is full; %lld KiB that were kept for alarms are given up",
           (long long)(bytes / 1024));
    return true;
}

/* The room that was given up is for alarms: everything else waits for new room. */
static int check_reserve(struct writer *w, struct gw_error *err)
{
    if (!w->reserve_spent)
        return 0;
    if (reserve_keep(w->committer->path, w->reserve_spent)) {
        w->reserve_spent = 0;
        gw_log(GW_LOG_NOTICE, subject(w), "the disk has room again, also for alarms");
        return 0;
    }
    return writer_has_alarm(w)
               ? 0
               : gw_fail(err, -ENOSPC,
                         "database '%s': the disk is full; what room it has "
                         "is kept for alarms",
                         w->committer->path);
}

static int commit(struct writer *w, struct gw_error *err)
{
    int r = check_reserve(w, err);
    if (r == 0)
        r = committer_commit(w->committer, &w->pending, w->ranges.items, w->ranges.count,
                             err);
    if (r < 0 && gives_up_reserve(w, r))
        r = committer_commit(w->committer, &w->pending, w->ranges.items, w->ranges.count,
                             err);
    return r;
}

/* One try. */
void writer_try_commit(struct writer *w)
{
    struct gw_error err = {0};
    uint64_t seq_before = w->committer->outbox.count.seq;
    int r = repair(w, &err);
    if (r == 0)
        r = commit(w, &err);
    if (r < 0) {
        fail(w, &err);
        return;
    }
    w->retry_at_us = 0;
    w->retry_delay_us = 0;
    w->is_full = false;
    w->is_stale = false;
    w->missing_since_us = 0;
    gw_relieve(&w->disk, subject(w), "commits again, %zu rows caught up",
               w->pending_rows);
    tell_refused(w);
    finish(w, w->committer->outbox.count.seq - seq_before);
}

/* School time that moved a day against machine time was set, be it before the first look;
 * and so it was, or the gateway was off, when the newest reading is a day old then. */
static bool has_clock_jumped(struct writer *w, int64_t now, int64_t school_us)
{
    int64_t ahead = school_us - now;
    int64_t newest = w->committer->history.last_key;
    bool is_old = newest != INT64_MIN && school_us - history_key_time(newest) > jump_us;
    bool has_moved = ahead - w->ahead_us > jump_us || w->ahead_us - ahead > jump_us;
    bool was_told = atomic_exchange(&w->was_clock_set, false);
    bool has_jumped = was_told || has_moved || (!w->has_looked && is_old);
    w->ahead_us = ahead;
    w->has_looked = true;
    return has_jumped;
}

/* What is old goes in slices.  After a clock that jumped nobody knows yet which one is
 * right: nothing goes for an hour, then a slice an hour, for a day and until the kernel's
 * clock follows a time server. */
static int trim(struct writer *w, int64_t now, struct gw_error *err)
{
    int64_t school_us = clock_school_us();
    bool has_jumped = has_clock_jumped(w, now, school_us);
    if (!has_jumped && !clock_school_is_known())
        return 0;     /* looked at all the same: it will jump when it is set */
    if (has_jumped) { /* also when nobody has said yet that it is right */
        w->trusted_at_us = now + jump_us;
        w->trim_at_us = now + trim_cautious_us;
        return 0;
    }
    if (w->trusted_at_us && now >= w->trusted_at_us && time_server_is_followed())
        w->trusted_at_us = 0;
    pthread_mutex_lock(&w->lock);
    struct store_keep keep = w->shared.keep;
    pthread_mutex_unlock(&w->lock);
    int r = committer_trim(w->committer, &keep, school_us, err);
    if (w->trusted_at_us)
        w->trim_at_us = now + trim_cautious_us;
    else
        w->trim_at_us = r == 1 ? now : now + trim_every_us;
    return r;
}

/* A disk that had no room for it at the start, or for all of it, may have some now. */
static void keep_reserve(struct writer *w, int64_t now)
{
    static const int64_t every_us = INT64_C(60) * 1000000;
    if (w->reserve_spent || now < w->reserve_at_us)
        return; /* what was spent is asked for with each commit */
    w->reserve_at_us = now + every_us;
    (void)reserve_keep(w->committer->path, 0);
}

/* A file that is too large to be looked at whole is taken for what the reader says. */
static void look(struct writer *w, const char *who)
{
    struct gw_error err = {0};
    int r = committer_check(w->committer, &err);
    w->checked_at_us = clock_machine_us();
    w->needs_replace = w->needs_replace || r == 1 || r == -EUCLEAN;
    if (r == 0)
        gw_complain(&w->overruled, subject(w),
                    "%s met a broken page, and there is none in the file", who);
    else
        gw_log(GW_LOG_ERROR, subject(w), "%s met a broken page; %s", who,
               r == 1 ? "there was no time to look at all of the file" : err.text);
}

void writer_check(struct writer *w)
{
    int64_t now = clock_machine_us();
    bool is_early = w->checked_at_us && now - w->checked_at_us < check_every_us;
    if (w->retry_at_us || is_early || has_lost_log(w))
        return; /* what another log says of the file proves nothing */
    if (atomic_exchange(&w->should_check, false))
        look(w, "a reader");
    else if (w->has_found)
        look(w, "the reading of the whole file");
    w->has_found = false;
}

void writer_scrub(struct writer *w)
{
    struct gw_error err = {0};
    int64_t now = clock_machine_us();
    if (!w->scrub_at_us)
        w->scrub_at_us = now + scrub_every_us;
    if (now < w->scrub_at_us || w->retry_at_us || w->has_found)
        return;
    w->scrub_at_us = now + scrub_every_us;
    int r = committer_scrub(w->committer, &err);
    w->has_found = r == -EUCLEAN;
    if (r < 0 && !w->has_found)
        gw_complain(&w->upkeep, subject(w), "%s", err.text);
}

/* Nobody waits for it, and it loses nothing. */
static void fail_upkeep(struct writer *w, const struct gw_error *err)
{
    w->needs_reopen = w->needs_reopen || err->code == -EIO;
    w->needs_replace = w->needs_replace || err->code == -EUCLEAN;
    gw_complain(&w->upkeep, subject(w), "%s; tried again after the next commit",
                err->text);
}

static int fold(struct writer *w, struct gw_error *err)
{
    return committer_fold(
        w->committer, clock_school_is_known() ? clock_school_us() : GW_TIME_NONE, err);
}

bool writer_fold(struct writer *w)
{
    struct gw_error err = {0};
    if (w->retry_at_us || !w->committer->db || w->is_upkeep_failing || w->reserve_spent)
        return false;
    int r = fold(w, &err);
    w->is_upkeep_failing = r < 0;
    if (r < 0)
        fail_upkeep(w, &err);
    return r > 0;
}

void writer_keep_up(struct writer *w)
{
    struct gw_error err = {0};
    int64_t now = clock_machine_us();
    int r = 0;
    if (w->committer->wal_frames > WAL_FRAMES_MAX)
        r = committer_checkpoint(w->committer, &err);
    if (r == 0 && now >= w->trim_at_us)
        r = trim(w, now, &err);
    if (r >= 0 && !w->reserve_spent)
        r = fold(w, &err);
    w->is_upkeep_failing = r < 0;
    if (r < 0) {
        fail_upkeep(w, &err);
    } else {
        gw_relieve(&w->upkeep, subject(w), "checkpoints again");
        keep_reserve(w, now);
    }
}
