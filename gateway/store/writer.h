/* writer.h - the store's thread: sealed batches to commits, again until they succeed.
 *
 * All batches that wait go into one commit, so that a slow disk takes more at once.
 * A failure keeps them and tries again after 0.2 s doubling to 2 s; nothing is
 * acknowledged before.  The log is checkpointed and old rows go between commits.
 */
#ifndef STORE_WRITER_H
#define STORE_WRITER_H

#include "gw/error.h"
#include "store/batch.h"
#include "store/committer.h"
#include "store/store.h"

struct writer;

/* writer_start - the committer belongs to the thread until writer_stop(); of @config only
 * what writer_set_pace() takes.
 * returns 0 or -errno.  Owner: caller */
int writer_start(struct committer *committer, const struct store_ops *ops,
                 const struct store_config *config, struct writer **ret,
                 struct gw_error *err);

/* writer_stop - a last commit, joins, frees; what could not be written is told in the
 * log.  returns NULL; NULL is a no-op */
struct writer *writer_stop(struct writer *w);

/* writer_give - takes @b over.  writer_acknowledge - a range for the next commit.
 * Never block.  Thread: any. */
void writer_give(struct writer *w, struct batch *b);
void writer_acknowledge(struct writer *w, const struct outbox_range *range);

/* writer_given - how many batches there were.  writer_progress - how many of them are on
 * the disk, and what is in the way of the rest.  Thread: any. */
uint64_t writer_given(struct writer *w);
void writer_progress(struct writer *w, struct store_progress *ret);

/* writer_flush - waits until all that was given is committed, or a commit failed. */
void writer_flush(struct writer *w);

/* writer_ask - runs @ask on the store's thread between two commits and waits for it, at
 * most 10 s.  returns its answer, or -ETIMEDOUT: the disk does not let it, it never ran.
 * Thread: any, one at a time. */
int writer_ask(struct writer *w,
               int (*ask)(struct committer *committer, void *ctx, struct gw_error *err),
               void *ctx, struct gw_error *err);

/* writer_settle - writer_flush() again and again until all that was given is committed,
 * at most 10 s.  returns 0 or -ETIMEDOUT */
int writer_settle(struct writer *w);

/* writer_set_pace - how long ranges wait for company, how long rows are kept, and how
 * many rows the outbox may have from the next commit on.  Thread: any. */
void writer_set_pace(struct writer *w, const struct store_config *config);

/* writer_tell_dropped - as store_tell_dropped().  Thread: any. */
void writer_tell_dropped(struct writer *w);

/* writer_clock_was_set - as store_clock_was_set().  Thread: any. */
void writer_clock_was_set(struct writer *w);

/* writer_look - as store_look().  Thread: any. */
void writer_look(struct writer *w);

/* writer_backlog - what was given and is not committed yet. */
struct writer_backlog {
    size_t batches;
    size_t rows;
    size_t bytes;
};
struct writer_backlog writer_backlog(struct writer *w);

/* writer_status - all but the file's size. */
void writer_status(struct writer *w, struct store_status *ret);

#endif
