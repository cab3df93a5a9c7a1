/* committer.h - the one writing connection and all that writes by it: batches in, one
 * transaction each.  Thread: main until the writer runs, then the writer's.
 */
#ifndef STORE_COMMITTER_H
#define STORE_COMMITTER_H

#include "gw/error.h"
#include "store/batch.h"
#include "store/block_retention.h"
#include "store/delivery.h"
#include "store/fold.h"
#include "store/history.h"
#include "store/outbox_writer.h"
#include "store/place.h"
#include "store/registry.h"
#include "store/retention.h"
#include "store/scrub.h"
#include "store/store.h"
#include "store/undated.h"

/* committer_progress - what must never go back; one row, changed by every commit. */
struct committer_progress {
    uint64_t commits;
    uint64_t alarm_uid;
    uint64_t seq;
};

/* Zero-initialise, with @path (borrowed for life). */
struct committer {
    const char *path;
    const struct store_ops *ops;
    sqlite3 *db;
    sqlite3_stmt *keep_progress;
    struct registry registry;
    struct history history;
    struct fold fold;
    struct deliveries deliveries;
    struct outbox_writer outbox;
    struct undated undated;
    struct retention retention;
    struct block_retention block_retention;
    struct committer_progress progress;
    struct scrub scrub;
    struct place place;
    int wal_frames;   /* since the last checkpoint that moved all of them */
    uint64_t refused; /* records that no table takes; skipped */
    size_t recalls;   /* in the last transaction */
    bool tells;       /* with the next commit, what was dropped (outbox_cap.h) */
    _Atomic uint64_t epoch;
};

/* committer_open - opens or makes the file, brings its schema up to date, loads.
 * returns 0, -EUCLEAN for a broken file, or -errno; half-open is fine to close */
int committer_open(struct committer *l, struct gw_error *err);
void committer_close(struct committer *l);

/* committer_abandon - closes and leaves file and log as they are. */
void committer_abandon(struct committer *l);

/* committer_replace - after -EUCLEAN: the file gives way to a new one with what still
 * reads (broken.h); @ret_told: what became of it, for people.
 * returns 1 when a commit that reported a failure proved to be whole, 0, or -errno */
int committer_replace(struct committer *l, char *ret_told, size_t size,
                      struct gw_error *err);

/* committer_commit - writes @batches and @ranges in one transaction, or nothing of them.
 * returns 0 or -errno: -EIO asks for committer_reopen(), -EUCLEAN for
 *         committer_replace(), -ESTALE for committer_rescue() */
int committer_commit(struct committer *l, const struct batch_list *batches,
                     const struct outbox_range *ranges, size_t range_count,
                     struct gw_error *err);

/* committer_tell - its part of @ret: what stands in the file and waits. */
void committer_tell(const struct committer *l, struct store_status *ret);

/* committer_reopen - after a failure of the disk: closes, opens, and puts what the log
 * holds on the disk for certain.  A commit that reported a failure may be whole in
 * the log all the same.  returns 1 when it was, 0 when it must be written again, or
 * -errno */
int committer_reopen(struct committer *l, struct gw_error *err);

/* committer_rescue - after -ESTALE, where nothing has the file's name any more: what is
 * open is written to it anew and goes on; @ret_told: what became of it, for people.
 * returns 0 or -errno: all is as before, or nothing is open */
int committer_rescue(struct committer *l, char *ret_told, size_t size,
                     struct gw_error *err);

/* committer_has_log - false: its log was deleted or replaced, and what is written now
 * would be gone at the next start. */
bool committer_has_log(const struct committer *l);

/* committer_is_cut - somebody made the file or its log shorter (place.h): broken. */
bool committer_is_cut(struct committer *l);

/* committer_renew_log - after that: what the log holds goes into the file, which goes on
 * with a new log; @ret_told: what became of it, for people.
 * returns 0 or -errno: all is as before, or nothing is open */
int committer_renew_log(struct committer *l, char *ret_told, size_t size,
                        struct gw_error *err);

/* committer_check - the file as a connection of its own reads it, for at most 10 s.
 * returns as database_check() */
int committer_check(struct committer *l, struct gw_error *err);

/* committer_scrub - a slice of the file, for at most 0.1 s.
 * returns 0, -EUCLEAN: a page is broken, or -errno */
int committer_scrub(struct committer *l, struct gw_error *err);

/* committer_checkpoint - moves the log into the file as far as readers allow. */
int committer_checkpoint(struct committer *l, struct gw_error *err);

/* committer_fold - a slice of what is to be made of the log, at school time @now_us or
 * GW_TIME_NONE.  returns 1 when there is more, 0, or -errno */
int committer_fold(struct committer *l, int64_t now_us, struct gw_error *err);

/* committer_trim - deletes one slice of what is older than @keep says at school time
 * @now. returns 1 when there is more, 0, or -errno */
int committer_trim(struct committer *l, const struct store_keep *keep, int64_t now,
                   struct gw_error *err);

#endif
