/* writer_parts.h - what writer.c and writer_commit.c share.  Not for others. */
#ifndef STORE_WRITER_PARTS_H
#define STORE_WRITER_PARTS_H

#include <pthread.h>

#include "base/worker.h"
#include "gw/log.h"
#include "store/writer.h"

/* RANGES_MAX: an acknowledgement that finds no place is asked for again by the next
 * sending of its row. */
enum { RANGES_MAX = 1024 };

struct range_list {
    struct outbox_range items[RANGES_MAX];
    size_t count;
};

/* question - of writer_ask(): waits, is answered on the thread, or is taken back. */
struct question {
    int (*ask)(struct committer *committer, void *ctx, struct gw_error *err);
    void *ctx;
    struct gw_error *err;
    int answer;
    bool is_begun;
    bool is_answered;
};

/* shared: under lock, given by any thread. */
struct shared {
    struct question *question; /* NULL = none waits */
    struct batch_list given;
    struct range_list ranges;
    bool should_tell; /* what was dropped */
    struct writer_backlog backlog;
    uint64_t given_batches;
    uint64_t done_batches;
    int64_t waiting_since_us; /* of the oldest batch; 0 = none waits */
    struct store_status status;
    struct store_keep keep;
};

struct writer {
    struct worker *worker;
    struct committer *committer;
    const struct store_ops *ops;
    _Atomic int64_t commit_interval_us;
    _Atomic uint32_t outbox_rows;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct shared shared;

    /* The thread's own. */
    struct batch_list pending;
    size_t pending_batches;
    size_t pending_rows;
    size_t pending_bytes;
    struct range_list ranges;
    int64_t ranges_since_us;
    int64_t retry_at_us; /* 0 = the last commit succeeded */
    int64_t retry_delay_us;
    int64_t trim_at_us;
    int64_t ahead_us;           /* school time of machine time, at the last look */
    bool has_looked;            /* once, at the newest reading */
    _Atomic bool was_clock_set; /* the last run's readings bear another clock's time */
    int64_t trusted_at_us;      /* the clock jumped: not before; 0 = it did not */
    struct gw_complaint disk;
    struct gw_complaint upkeep;
    bool is_upkeep_failing; /* tried again after the next commit only */
    uint64_t refused;
    _Atomic bool should_check; /* a reader met a broken page */
    bool has_found;            /* the scrubbing did */
    int64_t scrub_at_us;       /* 0 = not known yet */
    struct gw_complaint overruled;
    int64_t checked_at_us; /* 0 = never */
    bool needs_reopen;
    bool needs_replace;
    bool is_stale;            /* a commit found the file without its name */
    int64_t missing_since_us; /* nothing has the file's name; 0 = it has its own */
    int64_t rescue_at_us;     /* not before: the last try failed */
    bool is_full;             /* the last commit found no room: certainly not done */
    bool was_alarm_tried;     /* the last commit that failed had a transition */
    int64_t reserve_spent;    /* bytes; 0 = none was given up that is not kept again */
    int64_t reserve_at_us;    /* when it is looked at next */
};

/* writer_is_due - what is pending may be tried now; a transition that finds the disk full
 * waits for no retry of readings. */
bool writer_is_due(const struct writer *w, int64_t now_us);

/* writer_try_commit - everything pending in one transaction, after what a failure before
 * left to repair; a failure sets when the next try is. */
void writer_try_commit(struct writer *w);

/* writer_needs_repair - although nothing may be pending. */
bool writer_needs_repair(const struct writer *w);

/* writer_keep_up - between commits: checkpoint, away with what is old, and a slice of
 * what is made of the log. */
void writer_keep_up(struct writer *w);

/* writer_fold - such a slice when nothing waits.  true: there is more. */
bool writer_fold(struct writer *w);

/* writer_check - the file, when a reader or the scrubbing asked for it: says whether it
 * must be replaced. */
void writer_check(struct writer *w);

/* writer_scrub - a slice of the file each 10 s; when nothing waits. */
void writer_scrub(struct writer *w);

/* writer_has_alarm - a transition is pending. */
bool writer_has_alarm(const struct writer *w);

#endif
