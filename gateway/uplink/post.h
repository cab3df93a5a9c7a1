/* post.h - one POST at a time to the county's platform: libcurl, from the caller's loop.
 *
 * Neither the look-up of the name nor the handshake nor a slow answer blocks: libcurl's
 * resolver has a thread, all else is done in post_exchange().  Only the county's own CA
 * is trusted, no redirect is followed, no proxy of the environment is used. Thread: one
 * owner.
 */
#ifndef UPLINK_POST_H
#define UPLINK_POST_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gw/error.h"
#include "uplink/county.h"

struct post;

enum { POST_ANSWER_MAX = 256 * 1024, POST_WHY_MAX = 256 };

/* post_reply - how it ended.
 * status          of HTTP; 0: there was none, and why says it
 * retry_after_us  what the platform asked for, 0 = nothing
 * takes_gzip      it says so
 * body            valid until the next POST */
struct post_reply {
    long status;
    int64_t retry_after_us;
    bool takes_gzip;
    const char *body;
    size_t size;
    char why[POST_WHY_MAX];
};

/* post_new - to @config's batch.url; borrowed for life.  Owner: caller; post_free() */
int post_new(const struct county_config *config, struct post **ret, struct gw_error *err);
struct post *post_free(struct post *p);

/* post_begin - @body is borrowed until it ended or post_abort().
 * is_gzip  it has gzip's form
 * returns  0 or gw_fail() */
int post_begin(struct post *p, const char *body, size_t size, bool is_gzip,
               struct gw_error *err);
bool post_is_busy(const struct post *p);

/* post_wait - what to poll for, and the time of the machine by which to exchange.
 * post_exchange - after it.  returns true when it ended: *ret */
int64_t post_wait(const struct post *p, struct pollfd *ret);
bool post_exchange(struct post *p, short revents, struct post_reply *ret);

/* post_abort - whether it arrived nobody knows. */
void post_abort(struct post *p);

#endif
