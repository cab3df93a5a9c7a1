#include "uplink/batcher.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "gw/log.h"
#include "uplink/bundle.h"
#include "uplink/batch_answer.h"
#include "uplink/gzip.h"
#include "uplink/session.h"

enum { STUCK_FAILURES = 5 };

#define GATHER_US INT64_C(1000000)       /* of ordinary rows, for those that follow */
#define RETRY_MAX_US INT64_C(3600000000) /* of what a platform may ask for */

struct batcher {
    struct batcher_setup setup;
    struct bundle *bundle;
    struct post *post;
    struct session pace; /* waiting: the next batch is due at its deadline */
    struct gw_complaint complaint;
    int64_t gather_us; /* ordinary rows not before */
    int64_t state_us;  /* when the state is told again */
    bool has_begun;    /* with the rows, as the outbox could be read */
    bool is_birth_told;
    bool is_presence; /* what is under way */
    bool is_up;
    bool takes_gzip; /* the platform said so in its last answer */
    char *packed;    /* what is under way, when it is packed */
    char fault[POST_WHY_MAX];
};

int batcher_new(const struct batcher_setup *setup, struct batcher **ret,
                struct gw_error *err)
{
    struct batcher *b = calloc(1, sizeof(*b));
    if (!b || bundle_new(&b->bundle) < 0) {
        free(b);
        return gw_fail(err, -ENOMEM, "county.batch: out of memory");
    }
    b->setup = *setup;
    int r = post_new(setup->config, &b->post, err);
    if (r < 0) {
        batcher_free(b);
        return r;
    }
    *ret = b;
    return 0;
}

struct batcher *batcher_free(struct batcher *b)
{
    if (!b)
        return NULL;
    post_free(b->post);
    free(b->packed);
    bundle_free(b->bundle);
    free(b);
    return NULL;
}

static struct gw_subject subject(const struct batcher *b)
{
    return (struct gw_subject){"COUNTY", b->setup.config->batch.url};
}

void batcher_begin(struct batcher *b)
{
    b->pace = (struct session){0};
    b->gather_us = 0;
    b->state_us = 0;
    b->has_begun = false;
    b->is_birth_told = false;
    b->is_up = false;
    b->fault[0] = '\0';
}

/* What is under way is forgotten; whether it arrived, nobody knows. */
static void drop(struct batcher *b)
{
    post_abort(b->post);
    bundle_clear(b->bundle);
    outgoing_end(b->setup.outgoing);
}

void batcher_end(struct batcher *b)
{
    drop(b);
    b->is_up = false;
}

/* Everything again, not before the pace allows it. */
static void fail(struct batcher *b, const char *why, int64_t at_least_us)
{
    int64_t now_us = clock_machine_us();
    int64_t wait_us = session_lost(&b->pace, now_us, false, session_chance());
    int64_t asked_us = at_least_us < RETRY_MAX_US ? at_least_us : RETRY_MAX_US;
    if (wait_us < asked_us)
        wait_us = asked_us + wait_us; /* not all at once when the pause is over */
    b->pace.deadline_us = now_us + wait_us;
    b->is_up = false;
    (void)snprintf(b->fault, sizeof(b->fault), "%s", why);
    drop(b);
    gw_complain(&b->complaint, subject(b), "%s; the next batch in %.1f s", why,
                (double)wait_us / 1e6);
}

static int add_text(struct batcher *b, char *text, struct gw_error *err)
{
    int r = text ? bundle_add(b->bundle, text, strlen(text)) : -ENOMEM;
    free(text);
    return r == 0 ? 0 : gw_fail(err, r, "out of memory");
}

static int gather_presence(struct batcher *b, bool is_online, struct gw_error *err)
{
    const struct presence *presence = b->setup.presence;
    char *state = NULL;
    int r = presence_state(presence, outgoing_outbox(b->setup.outgoing), is_online,
                           &state, err);
    if (r == 0 && is_online && !b->is_birth_told)
        r = add_text(b, presence_birth(presence), err);
    if (r < 0)
        free(state);
    else
        r = add_text(b, state, err);
    b->is_presence = true;
    return r;
}

static int gather_row(struct batcher *b, const struct outbox_row *row,
                      struct gw_error *err)
{
    int mid = bundle_add_row(b->bundle, row->body, row->size);
    if (mid < 0)
        return gw_fail(err, mid, "out of memory");
    outgoing_sent(b->setup.outgoing, row, mid);
    if (bundle_rows(b->bundle) == 1)
        b->setup.leaves(b->setup.ctx, row);
    return 0;
}

/* Alarms; and all else, once there is an alarm or its time has come. */
static int gather_rows(struct batcher *b, struct gw_error *err)
{
    struct outgoing *outgoing = b->setup.outgoing;
    bool is_time = clock_machine_us() >= b->gather_us;
    int r = 1;
    b->is_presence = false;
    while (r == 1 && bundle_has_room(b->bundle)) {
        struct outbox_row row;
        bool has_rows = bundle_rows(b->bundle) > 0;
        r = is_time || has_rows ? outgoing_next(outgoing, &row, err)
                                : outgoing_next_alarm(outgoing, &row, err);
        if (r == 1 && gather_row(b, &row, err) < 0)
            return -ENOMEM;
    }
    return r < 0 ? r : 0;
}

static int begin(struct batcher *b, struct gw_error *err)
{
    if (b->has_begun)
        return 0;
    int r = outgoing_begin(b->setup.outgoing, BUNDLE_ROWS_MAX, err);
    b->has_begun = r == 0;
    return r;
}

static int leave(struct batcher *b, struct gw_error *err)
{
    size_t size;
    const char *text = bundle_text(b->bundle, &size);
    if (!text)
        return 0;
    free(b->packed);
    b->packed = NULL;
    if (!b->is_presence) /* from a full one others were left behind */
        b->gather_us = bundle_has_room(b->bundle) ? clock_machine_us() + GATHER_US : 0;
    if (b->takes_gzip && size > GZIP_WORTH_IT
        && gzip_pack(text, size, &b->packed, &size) < 0)
        return gw_fail(err, -ENOMEM, "out of memory");
    return post_begin(b->post, b->packed ? b->packed : text, size, b->packed != NULL,
                      err);
}

void batcher_serve(struct batcher *b)
{
    struct gw_error err;
    int64_t now_us = clock_machine_us();
    if (post_is_busy(b->post) || !session_is_due(&b->pace, now_us))
        return;
    bundle_clear(b->bundle);
    int r = begin(b, &err);
    if (r == 0)
        r = now_us >= b->state_us ? gather_presence(b, true, &err) : gather_rows(b, &err);
    if (r == 0)
        r = leave(b, &err);
    if (r == 0)
        return;
    b->has_begun = false; /* positions among the rows are found anew */
    fail(b, err.text, 0);
}

void batcher_say_offline(struct batcher *b)
{
    struct gw_error err;
    if (post_is_busy(b->post) || !b->is_up)
        return;
    bundle_clear(b->bundle);
    if (gather_presence(b, false, &err) == 0)
        (void)leave(b, &err); /* else the silence says it */
}

void batcher_tell(struct batcher *b)
{
    b->is_birth_told = false;
    b->state_us = 0;
}

static void end_acked(void *ctx, const struct batch_ack *ack)
{
    const struct batcher *b = ctx;
    outgoing_answered(b->setup.outgoing, ack->epoch, ack->ranges, ack->count);
}

/* Rows that the answer leaves out wait for their time, as on a session. */
static void pass_rows(struct batcher *b)
{
    for (size_t i = 0; i < bundle_rows(b->bundle); i++)
        (void)outgoing_passed(b->setup.outgoing, BUNDLE_FIRST_MID + (int)i, false);
}

static void note_told(struct batcher *b)
{
    b->is_birth_told = true;
    b->state_us = clock_machine_us() + b->setup.config->heartbeat_us;
}

static void take(struct batcher *b, const struct post_reply *reply)
{
    (void)batch_read_acks(reply->body, reply->size, end_acked, b);
    pass_rows(b);
    bundle_grow(b->bundle);
    if (b->is_presence)
        note_told(b);
    b->pace = (struct session){0};
    b->is_up = true;
    b->fault[0] = '\0';
    gw_relieve(&b->complaint, subject(b), "batches are taken");
}

/* A single body that is too large must not hold up the others. */
static void divide(struct batcher *b, const char *why)
{
    if (!b->is_presence && bundle_shrink(b->bundle)) {
        b->gather_us = 0;
        drop(b);
        return;
    }
    gw_complain(&b->complaint, subject(b), "%s: a body of %zu bytes is left for later",
                why, bundle_size(b->bundle));
    pass_rows(b);
    bundle_widen(b->bundle);
    if (b->is_presence)
        note_told(b);
}

bool batcher_exchange(struct batcher *b, short revents)
{
    struct post_reply reply;
    char why[POST_WHY_MAX] = "";
    if (!post_is_busy(b->post) || !post_exchange(b->post, revents, &reply))
        return false;
    b->takes_gzip = reply.takes_gzip;
    switch (batch_judge(&reply, why)) {
    case BATCH_TAKEN:
        take(b, &reply);
        break;
    case BATCH_TOO_LARGE:
        divide(b, why);
        break;
    case BATCH_REFUSED:
    default:
        fail(b, why, reply.retry_after_us);
    }
    bundle_clear(b->bundle);
    return true;
}

int64_t batcher_wait(const struct batcher *b, struct pollfd *ret)
{
    int64_t post_us = post_wait(b->post, ret);
    if (post_is_busy(b->post))
        return post_us;
    int64_t rows_us = outgoing_wait(b->setup.outgoing);
    if (b->gather_us > clock_machine_us())
        rows_us = b->gather_us; /* whatever was added meanwhile */
    int64_t next_us = rows_us < b->state_us ? rows_us : b->state_us;
    return b->pace.deadline_us > next_us ? b->pace.deadline_us : next_us;
}

bool batcher_is_busy(const struct batcher *b)
{
    return post_is_busy(b->post);
}

const char *batcher_fault(const struct batcher *b)
{
    return b->fault;
}

bool batcher_is_up(const struct batcher *b)
{
    return b->is_up;
}

bool batcher_is_stuck(const struct batcher *b)
{
    return b->pace.failures >= STUCK_FAILURES;
}
