#include "uplink/outgoing.h"

#include <errno.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "gw/log.h"
#include "uplink/answer.h"

#define READ_AGAIN_US INT64_C(1000000) /* after the outbox could not be read */

struct outgoing {
    const struct county_config *config;
    struct store *store;
    struct outbox *outbox;
    struct sender *sender;
    struct gw_complaint outbox_complaint;
    struct gw_complaint ack_complaint;
    struct gw_complaint refusal_complaint;
    struct gw_complaint letter_complaint;
    int64_t read_us;       /* not before: the outbox could not be read */
    bool is_outbox_broken; /* it met a broken page when it was read last */
    atomic_bool has_appended;
    atomic_bool has_recalled;
    atomic_uint_fast64_t sent;
    atomic_uint_fast64_t resent;
    atomic_uint_fast64_t acknowledged;
    atomic_uint_fast64_t left_out;
    atomic_uint_fast64_t refused;
    atomic_uint_fast64_t in_flight;
};

int outgoing_new(const struct county_setup *setup, struct outgoing **ret,
                 struct gw_error *err)
{
    const struct sender_config sender = {
        .window = setup->config->window,
        .resend_us = setup->config->resend_us,
        .backlog_rate = setup->config->backlog_rate,
    };
    struct outgoing *o = calloc(1, sizeof(*o));
    if (!o)
        return gw_fail(err, -ENOMEM, "county: out of memory");
    o->config = setup->config;
    o->store = setup->store;
    o->has_appended = true;
    int r = outbox_open(setup->store_path, &o->outbox, err);
    if (r == 0) {
        r = sender_new(&sender, o->outbox, &o->sender);
        if (r < 0)
            r = gw_fail(err, r, "county: %s", strerror(-r));
    }
    if (r < 0) {
        outgoing_free(o);
        return r;
    }
    *ret = o;
    return 0;
}

struct outgoing *outgoing_free(struct outgoing *o)
{
    if (!o)
        return NULL;
    sender_free(o->sender);
    outbox_close(o->outbox);
    free(o);
    return NULL;
}

static struct gw_subject subject(const struct outgoing *o)
{
    const struct county_config *config = o->config;
    return (struct gw_subject){"COUNTY",
                               config->broker ? config->broker : config->batch.url};
}

static void note_in_flight(struct outgoing *o)
{
    o->in_flight = sender_in_flight(o->sender);
}

int outgoing_begin(struct outgoing *o, uint32_t window, struct gw_error *err)
{
    sender_set_window(o->sender, window);
    return sender_connected(o->sender, clock_machine_us(), err);
}

void outgoing_end(struct outgoing *o)
{
    sender_disconnected(o->sender, clock_machine_us());
}

void outgoing_anew(struct outgoing *o)
{
    sender_anew(o->sender, clock_machine_us());
}

/* What others have said since. */
static int look(struct outgoing *o, struct gw_error *err)
{
    if (atomic_exchange(&o->has_appended, false))
        sender_appended(o->sender);
    return atomic_exchange(&o->has_recalled, false)
               ? sender_recalled(o->sender, clock_machine_us(), err)
               : 0;
}

static void wait_for_outbox(struct outgoing *o, int fault, const char *why)
{
    o->read_us = clock_machine_us() + READ_AGAIN_US;
    if (fault == -EUCLEAN && o->is_outbox_broken)
        store_look(o->store);
    o->is_outbox_broken = fault == -EUCLEAN;
    gw_complain(&o->outbox_complaint, subject(o), "%s; reading again in 1 s", why);
}

/* One of the sender's two. */
typedef int next_row(struct sender *s, int64_t now_us, struct outbox_row *ret,
                     struct gw_error *err);

static int next_of(struct outgoing *o, next_row *next, struct outbox_row *ret,
                   struct gw_error *err)
{
    struct gw_error fault;
    if (clock_machine_us() < o->read_us)
        return 0;
    int r = look(o, err);
    if (r < 0)
        return r; /* the next carrier looks for all that waits, too */
    r = next(o->sender, clock_machine_us(), ret, &fault);
    if (r == -ESTALE)
        return gw_fail(err, r, "%s", fault.text); /* a new epoch */
    if (r < 0) {
        wait_for_outbox(o, r, fault.text);
        return 0;
    }
    o->is_outbox_broken = false;
    note_in_flight(o); /* those that have gone from the outbox ended, too */
    gw_relieve(&o->outbox_complaint, subject(o), "the outbox is readable again");
    return r;
}

int outgoing_next(struct outgoing *o, struct outbox_row *ret, struct gw_error *err)
{
    return next_of(o, sender_next, ret, err);
}

int outgoing_next_alarm(struct outgoing *o, struct outbox_row *ret, struct gw_error *err)
{
    return next_of(o, sender_next_alarm, ret, err);
}

void outgoing_sent(struct outgoing *o, const struct outbox_row *row, int mid)
{
    bool is_again = sender_sent(o->sender, row, mid, clock_machine_us());
    o->sent += !is_again;
    o->resent += is_again;
    note_in_flight(o);
}

static void end_rows(void *ctx, uint64_t epoch, uint64_t from, uint64_t to)
{
    struct outgoing *o = ctx;
    store_acknowledge(o->store, epoch, from, to);
    o->acknowledged += to - from + 1;
}

static void end_refused(void *ctx, uint64_t epoch, uint64_t from, uint64_t to)
{
    struct outgoing *o = ctx;
    store_acknowledge(o->store, epoch, from, to);
    o->refused += to - from + 1;
}

static void end_left_out(void *ctx, uint64_t epoch, uint64_t from, uint64_t to)
{
    struct outgoing *o = ctx;
    store_acknowledge(o->store, epoch, from, to);
    o->left_out += to - from + 1;
}

void outgoing_leave_out(struct outgoing *o, const struct outbox_row *row, int fault)
{
    if (fault < 0)
        gw_complain(&o->letter_complaint, subject(o),
                    "the mapping makes nothing of message %" PRIu64
                    ": %s; it is left out",
                    row->seq, strerror(-fault));
    sender_leave_out(o->sender, row, end_left_out, o);
    note_in_flight(o);
}

bool outgoing_passed(struct outgoing *o, int mid, bool is_end)
{
    uint64_t epoch;
    uint64_t seq;
    bool is_row = sender_puback(o->sender, mid, &epoch, &seq);
    if (is_row && is_end)
        sender_answer(o->sender, epoch, seq, seq, end_rows, o);
    note_in_flight(o);
    return is_row;
}

void outgoing_answered(struct outgoing *o, uint64_t epoch, const struct gw_range *ranges,
                       size_t count)
{
    sender_heard(o->sender, clock_machine_us());
    for (size_t i = 0; i < count; i++)
        sender_answer(o->sender, epoch, ranges[i].from, ranges[i].to, end_rows, o);
    note_in_flight(o);
}

bool outgoing_heard(struct outgoing *o, const void *payload, size_t size)
{
    const struct answer_ends ends = {o, end_rows, end_refused};
    struct gw_error err;
    int r = answer_take(o->config, o->sender, payload, size, &ends, &err);
    if (r == -EREMOTEIO)
        gw_complain(&o->refusal_complaint, subject(o), "%s", err.text);
    else if (r < 0)
        gw_complain(&o->ack_complaint, subject(o), "%s", err.text);
    else
        gw_relieve(&o->refusal_complaint, subject(o),
                   "the platform takes messages again");
    if (r != -EINVAL)
        gw_relieve(&o->ack_complaint, subject(o), "answers are readable again");
    note_in_flight(o);
    return r == 0;
}

void outgoing_recall(struct outgoing *o, const struct county_order *order)
{
    for (size_t i = 0; i < order->range_count; i++)
        sender_recall(o->sender, order->epoch, order->ranges[i].from, order->ranges[i].to,
                      clock_machine_us());
    o->has_recalled = true; /* also when it was committed before: answers counted */
}

void outgoing_appended(struct outgoing *o)
{
    o->has_appended = true;
}

void outgoing_recalled(struct outgoing *o)
{
    o->has_recalled = true;
}

void outgoing_count(struct outgoing *o, struct county_status *ret)
{
    ret->sent = o->sent;
    ret->resent = o->resent;
    ret->acknowledged = o->acknowledged;
    ret->left_out = o->left_out;
    ret->refused = o->refused;
    ret->in_flight = o->in_flight;
}

size_t outgoing_in_flight(const struct outgoing *o)
{
    return sender_in_flight(o->sender);
}

int64_t outgoing_wait(const struct outgoing *o)
{
    int64_t rows_us = sender_wait(o->sender, clock_machine_us());
    return rows_us < o->read_us ? o->read_us : rows_us;
}

int64_t outgoing_oldest_open(const struct outgoing *o)
{
    return sender_oldest_open(o->sender);
}

struct outbox *outgoing_outbox(struct outgoing *o)
{
    return o->outbox;
}
