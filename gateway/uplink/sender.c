#include "uplink/sender.h"

#include <errno.h>
#include <stdlib.h>

#include "store/store.h"
#include "uplink/inflight.h"
#include "uplink/ranges.h"

enum { ALARM = STORE_ALARM, ORDINARY }; /* ORDINARY: all others */

/* Silent for so many first waits: the platform was away. */
enum { SILENCE_RESENDS = 2 };

enum lane_id { NEW_ALARMS, OLD_ALARMS, NEW_ROWS, OLD_ROWS, LANES };

/* lane - a walk through the rows of one priority.
 * epoch, seq  the last row that was looked at
 * is_dry      nothing follows, until sender_appended() or the next connection */
struct lane {
    uint64_t epoch;
    uint64_t seq;
    bool is_dry;
};

static const struct {
    int priority;
    bool is_backlog;
} lane_kinds[LANES] = {
    [NEW_ALARMS] = {ALARM, false},
    [OLD_ALARMS] = {ALARM, true},
    [NEW_ROWS] = {ORDINARY, false},
    [OLD_ROWS] = {ORDINARY, true},
};

/* split: rows of epoch above it are new. */
struct sender {
    struct outbox *outbox;
    struct inflight *inflight;
    struct ranges *answered;
    struct lane lanes[LANES];
    uint64_t epoch;
    uint64_t split;
    double rate; /* of ordinary backlog, rows a microsecond */
    double tokens;
    int64_t filled_us;
    int64_t resend_us;
    int64_t heard_us; /* the platform's last answer */
};

int sender_new(const struct sender_config *config, struct outbox *outbox,
               struct sender **ret)
{
    struct sender *s = calloc(1, sizeof(*s));
    if (!s)
        return -ENOMEM;
    s->outbox = outbox;
    s->rate = config->backlog_rate / 1e6;
    s->resend_us = config->resend_us;
    int r = inflight_new(config->window, config->resend_us, &s->inflight);
    if (r == 0)
        r = ranges_new(&s->answered);
    if (r < 0) {
        sender_free(s);
        return r;
    }
    *ret = s;
    return 0;
}

struct sender *sender_free(struct sender *s)
{
    if (!s)
        return NULL;
    inflight_free(s->inflight);
    ranges_free(s->answered);
    free(s);
    return NULL;
}

void sender_set_window(struct sender *s, uint32_t window)
{
    inflight_set_window(s->inflight, window);
}

int sender_connected(struct sender *s, int64_t now_us, struct gw_error *err)
{
    uint64_t epoch;
    uint64_t seq;
    int r = outbox_last(s->outbox, &epoch, &seq, err);
    if (r < 0)
        return r;
    /* The backlog starts over: rows that wait for their answer are skipped, and so are
     * those whose answer the store has not committed yet. */
    s->epoch = epoch;
    s->split = seq;
    for (int i = 0; i < LANES; i++)
        s->lanes[i] = lane_kinds[i].is_backlog ? (struct lane){0}
                                               : (struct lane){epoch, seq, false};
    s->tokens = 1;
    s->filled_us = now_us;
    return 0;
}

void sender_recall(struct sender *s, uint64_t epoch, uint64_t from, uint64_t to,
                   int64_t now_us)
{
    ranges_remove(s->answered, epoch, from, to);
    inflight_recall(s->inflight, epoch, from, to, now_us);
}

/* They may lie before any lane: looked for as after a connection. */
int sender_recalled(struct sender *s, int64_t now_us, struct gw_error *err)
{
    return sender_connected(s, now_us, err);
}

void sender_disconnected(struct sender *s, int64_t now_us)
{
    inflight_disconnected(s->inflight, now_us);
}

void sender_anew(struct sender *s, int64_t now_us)
{
    inflight_anew(s->inflight, now_us);
}

void sender_appended(struct sender *s)
{
    s->lanes[NEW_ALARMS].is_dry = false;
    s->lanes[NEW_ROWS].is_dry = false;
}

static void refill(struct sender *s, int64_t now_us)
{
    double most = s->rate * 1e6; /* a second's worth */
    s->tokens += (double)(now_us - s->filled_us) * s->rate;
    if (s->tokens > most)
        s->tokens = most > 1 ? most : 1;
    s->filled_us = now_us;
}

/* Rows come in the order of their making, so the first new one ends the backlog.  An
 * outbox that was empty (epoch 0) has none. */
static bool is_beyond(const struct sender *s, int lane, const struct outbox_row *row)
{
    bool is_new = s->epoch == 0 || (row->epoch == s->epoch && row->seq > s->split);
    return lane_kinds[lane].is_backlog && is_new;
}

/* One step along a lane.  returns 1 with a row to send, 0 when the lane is dry, -EAGAIN
 * after a row that is on its way or answered, or another -errno. */
static int lane_step(struct sender *s, int i, struct outbox_row *ret,
                     struct gw_error *err)
{
    struct lane *lane = &s->lanes[i];
    int r =
        outbox_next(s->outbox, lane_kinds[i].priority, lane->epoch, lane->seq, ret, err);
    if (r < 0)
        return r;
    if (r == 0 || is_beyond(s, i, ret)) {
        lane->is_dry = true;
        return 0;
    }
    lane->epoch = ret->epoch;
    lane->seq = ret->seq;
    struct inflight_key key = {ret->epoch, ret->seq};
    bool is_known = inflight_holds(s->inflight, &key)
                    || ranges_holds(s->answered, ret->epoch, ret->seq);
    return is_known ? -EAGAIN : 1;
}

static int lane_next(struct sender *s, int i, struct outbox_row *ret,
                     struct gw_error *err)
{
    bool is_paced = i == OLD_ROWS;
    if (s->lanes[i].is_dry || !inflight_has_place(s->inflight, lane_kinds[i].priority)
        || (is_paced && s->tokens < 1))
        return 0;
    int r = -EAGAIN;
    while (r == -EAGAIN)
        r = lane_step(s, i, ret, err);
    if (r == 1 && is_paced)
        s->tokens -= 1;
    return r;
}

static int next_due(struct sender *s, int priority, int64_t now_us,
                    struct outbox_row *ret, struct gw_error *err)
{
    struct inflight_key key;
    while (inflight_due(s->inflight, priority, now_us, &key)) {
        int r = outbox_get(s->outbox, key.epoch, key.seq, ret, err);
        if (r != 0)
            return r;
        (void)inflight_end(s->inflight, key.epoch, key.seq, key.seq, NULL,
                           NULL); /* it has gone */
    }
    return 0;
}

static int next_of(struct sender *s, int priority, int64_t now_us, struct outbox_row *ret,
                   struct gw_error *err)
{
    int r = next_due(s, priority, now_us, ret, err);
    for (int i = 0; r == 0 && i < LANES; i++)
        if (lane_kinds[i].priority == priority)
            r = lane_next(s, i, ret, err);
    return r;
}

int sender_next_alarm(struct sender *s, int64_t now_us, struct outbox_row *ret,
                      struct gw_error *err)
{
    return inflight_has_window(s->inflight) ? next_of(s, ALARM, now_us, ret, err) : 0;
}

int sender_next(struct sender *s, int64_t now_us, struct outbox_row *ret,
                struct gw_error *err)
{
    int r = sender_next_alarm(s, now_us, ret, err);
    if (r != 0 || !inflight_has_window(s->inflight))
        return r;
    refill(s, now_us);
    return next_of(s, ORDINARY, now_us, ret, err);
}

bool sender_sent(struct sender *s, const struct outbox_row *row, int mid, int64_t now_us)
{
    struct inflight_key key = {row->epoch, row->seq};
    return inflight_sent(s->inflight, &key, row->priority == ALARM ? ALARM : ORDINARY,
                         mid, now_us);
}

bool sender_puback(struct sender *s, int mid, uint64_t *ret_epoch, uint64_t *ret_seq)
{
    struct inflight_key key;
    if (!inflight_puback(s->inflight, mid, &key))
        return false;
    *ret_epoch = key.epoch;
    *ret_seq = key.seq;
    return true;
}

/* Who is told of an answer. */
struct answer {
    struct ranges *answered;
    void (*each)(void *ctx, uint64_t epoch, uint64_t from, uint64_t to);
    void *ctx;
};

static void note_answered(void *ctx, uint64_t epoch, uint64_t from, uint64_t to)
{
    const struct answer *answer = ctx;
    ranges_add(answer->answered, epoch, from, to, answer->each, answer->ctx);
}

void sender_answer(struct sender *s, uint64_t epoch, uint64_t from, uint64_t to,
                   void (*each)(void *ctx, uint64_t epoch, uint64_t from, uint64_t to),
                   void *ctx)
{
    struct answer answer = {s->answered, each, ctx};
    (void)inflight_end(s->inflight, epoch, from, to, note_answered, &answer);
}

bool sender_find(const struct sender *s,
                 bool (*is_it)(void *ctx, uint64_t epoch, uint64_t seq), void *ctx,
                 uint64_t *ret_epoch, uint64_t *ret_seq)
{
    struct inflight_key key;
    if (!inflight_find(s->inflight, is_it, ctx, &key))
        return false;
    *ret_epoch = key.epoch;
    *ret_seq = key.seq;
    return true;
}

void sender_leave_out(struct sender *s, const struct outbox_row *row,
                      void (*each)(void *ctx, uint64_t epoch, uint64_t from, uint64_t to),
                      void *ctx)
{
    (void)inflight_end(s->inflight, row->epoch, row->seq, row->seq, NULL, NULL);
    ranges_add(s->answered, row->epoch, row->seq, row->seq, each, ctx);
}

void sender_heard(struct sender *s, int64_t now_us)
{
    if (now_us - s->heard_us > SILENCE_RESENDS * s->resend_us)
        inflight_hasten(s->inflight, now_us);
    s->heard_us = now_us;
}

int64_t sender_wait(const struct sender *s, int64_t now_us)
{
    if (!inflight_has_window(s->inflight))
        return INT64_MAX;
    int64_t wait_us = inflight_next_due(s->inflight);
    bool has_backlog =
        !s->lanes[OLD_ROWS].is_dry && inflight_has_place(s->inflight, ORDINARY);
    int64_t token_us = now_us + (int64_t)((1 - s->tokens) / s->rate) + 1;
    return has_backlog && token_us < wait_us ? token_us : wait_us;
}

int64_t sender_oldest_open(const struct sender *s)
{
    return inflight_oldest_open(s->inflight);
}

size_t sender_in_flight(const struct sender *s)
{
    return inflight_count(s->inflight);
}
