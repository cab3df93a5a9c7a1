/* batcher.h - a way to the county without a broker: batches by HTTPS, one at a time.
 *
 * An alarm leaves at once, whatever else waits with it or within a second.  What was not
 * taken stays and goes again, after a time that doubles.  Birth and state go in a batch
 * of their own, before the rows.  Thread: the uplink's.
 */
#ifndef UPLINK_BATCHER_H
#define UPLINK_BATCHER_H

#include "uplink/outgoing.h"
#include "uplink/post.h"
#include "uplink/presence.h"

struct batcher;

/* batcher_setup - all borrowed for life.
 * leaves  the first row of a batch, before it leaves */
struct batcher_setup {
    const struct county_config *config;
    const struct presence *presence;
    struct outgoing *outgoing;
    void *ctx;
    void (*leaves)(void *ctx, const struct outbox_row *row);
};

/* batcher_new - Owner: caller; batcher_free() */
int batcher_new(const struct batcher_setup *setup, struct batcher **ret,
                struct gw_error *err);
struct batcher *batcher_free(struct batcher *b);

/* batcher_begin - from now on it carries the rows.
 * batcher_end - it does not: a batch that is under way is given up, and its rows are due
 * again at once. */
void batcher_begin(struct batcher *b);
void batcher_end(struct batcher *b);

/* batcher_serve - has what is due leave; before the wait.
 * batcher_wait - what to poll for, and by when to exchange or serve.
 * batcher_exchange - after it.  returns true when a batch ended, taken or not */
void batcher_serve(struct batcher *b);
int64_t batcher_wait(const struct batcher *b, struct pollfd *ret);
bool batcher_exchange(struct batcher *b, short revents);

bool batcher_is_busy(const struct batcher *b);

/* batcher_tell - birth and state again.
 * batcher_say_offline - the last words, when nothing is under way. */
void batcher_tell(struct batcher *b);
void batcher_say_offline(struct batcher *b);

/* batcher_fault - "" when the last batch was taken, or none has ended; else why not.
 * batcher_is_up - the last batch was taken.  batcher_is_stuck - none of the last five. */
const char *batcher_fault(const struct batcher *b);
bool batcher_is_up(const struct batcher *b);
bool batcher_is_stuck(const struct batcher *b);

#endif
