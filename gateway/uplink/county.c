#include "uplink/county.h"

#include <errno.h>
#include <inttypes.h>
#include <mosquitto.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/clock.h"
#include "base/worker.h"
#include "gw/log.h"
#include "uplink/command_desk.h"
#include "uplink/contract.h"
#include "uplink/link.h"
#include "uplink/presence.h"
#include "uplink/sender.h"
#include "uplink/session.h"

enum {
    ACK_RANGES_MAX = 1000,
    ROWS_A_TURN = 100 /* then the answers are read */
};

#define LATE_US INT64_C(600000000)     /* a resolver that hangs is no hung thread */
#define STALL_US INT64_C(60000000)     /* no PUBACK for so long: the broker is stuck */
#define READ_AGAIN_US INT64_C(1000000) /* after the outbox could not be read */
#define LAST_WORDS_US INT64_C(1000000) /* for "offline" at the end */

/* Everything but status, has_appended, has_recalled and worker belongs to the worker's
 * thread. */
struct county {
    const struct county_config *config;
    struct store *store;
    struct county_setup setup;
    struct presence presence;
    struct command_desk *desk;
    struct outbox *outbox;
    struct sender *sender;
    struct worker *worker; /* the owner's */
    struct worker *self;   /* the same, as its thread knows it */
    struct link *link;
    struct session session;
    struct gw_complaint link_complaint;
    struct gw_complaint outbox_complaint;
    struct gw_complaint ack_complaint;
    int64_t state_us;      /* when the state is told again */
    int64_t read_us;       /* not before: the outbox could not be read */
    bool is_outbox_broken; /* it met a broken page when it was read last */
    int offline_mid;
    bool became_ready;
    atomic_bool has_appended;
    atomic_bool has_recalled;
    pthread_mutex_t lock; /* of status: a leaf */
    struct county_status status;
};

static struct gw_subject broker_of(const struct county *c)
{
    return (struct gw_subject){"COUNTY", c->config->broker};
}

static void note_fault(struct county *c, const char *text)
{
    pthread_mutex_lock(&c->lock);
    c->status.is_connected = c->session.state == SESSION_ONLINE;
    (void)snprintf(c->status.fault, sizeof(c->status.fault), "%s", text);
    pthread_mutex_unlock(&c->lock);
}

static void note_sent(struct county *c, bool is_again)
{
    pthread_mutex_lock(&c->lock);
    c->status.sent += !is_again;
    c->status.resent += is_again;
    pthread_mutex_unlock(&c->lock);
}

static void note_in_flight(struct county *c)
{
    pthread_mutex_lock(&c->lock);
    c->status.in_flight = sender_in_flight(c->sender);
    pthread_mutex_unlock(&c->lock);
}

static double chance(void)
{
    uint32_t random = 0;
    if (getrandom(&random, sizeof(random), 0) != sizeof(random))
        random = 0; /* a chance like any other */
    return (double)random / (double)UINT32_MAX;
}

static void lose(struct county *c, const char *why)
{
    int64_t now_us = clock_machine_us();
    if (c->link && link_awaits_commands(c->link))
        command_desk_cut(c->desk);
    c->link = link_close(c->link, false);
    sender_disconnected(c->sender, now_us);
    int64_t wait_us = session_lost(&c->session, now_us, chance());
    if (session_is_contested(&c->session))
        why = "the broker takes every connection away again: is the gateway's id used "
              "twice?";
    gw_complain(&c->link_complaint, broker_of(c), "%s; connecting again in %.1f s", why,
                (double)wait_us / 1e6);
    note_fault(c, why);
}

static void on_ready(void *ctx)
{
    struct county *c = ctx;
    c->became_ready = true;
}

static void end_rows(void *ctx, uint64_t epoch, uint64_t from, uint64_t to)
{
    struct county *c = ctx;
    store_acknowledge(c->store, epoch, from, to);
    pthread_mutex_lock(&c->lock);
    c->status.acknowledged += to - from + 1;
    pthread_mutex_unlock(&c->lock);
}

static void on_published(void *ctx, int mid)
{
    struct county *c = ctx;
    uint64_t epoch;
    uint64_t seq;
    if (mid == c->offline_mid)
        c->offline_mid = 0;
    bool is_row = sender_puback(c->sender, mid, &epoch, &seq);
    if (is_row && c->config->acknowledge == COUNTY_BY_BROKER)
        sender_answer(c->sender, epoch, seq, seq, end_rows, c);
}

static void on_answer(void *ctx, const void *payload, size_t size)
{
    struct county *c = ctx;
    struct gw_range ranges[ACK_RANGES_MAX];
    uint64_t epoch;
    int count = contract_read_ack(payload, size, &epoch, ranges, ACK_RANGES_MAX);
    if (count < 0) {
        gw_complain(&c->ack_complaint, broker_of(c),
                    "an acknowledgement breaks the contract: ignored");
        return;
    }
    gw_relieve(&c->ack_complaint, broker_of(c), "acknowledgements are readable again");
    sender_heard(c->sender, clock_machine_us());
    if (c->config->acknowledge != COUNTY_BY_PLATFORM)
        return;
    for (int i = 0; i < count; i++)
        sender_answer(c->sender, epoch, ranges[i].from, ranges[i].to, end_rows, c);
}

static void on_command(void *ctx, const void *payload, size_t size)
{
    struct county *c = ctx;
    command_desk_message(c->desk, payload, size);
}

static void on_commands(void *ctx, bool is_granted)
{
    struct county *c = ctx;
    command_desk_heard(c->desk, is_granted);
}

static void open_link(struct county *c)
{
    char state_topic[CONTRACT_TOPIC_MAX];
    char ack_topic[CONTRACT_TOPIC_MAX];
    char cmd_topic[CONTRACT_TOPIC_MAX];
    contract_topic(c->config, "state", state_topic);
    contract_topic(c->config, "ack", ack_topic);
    contract_topic(c->config, "cmd", cmd_topic);
    char *body = presence_will(&c->presence);
    struct link_setup setup = {
        .config = c->config,
        .will_topic = state_topic,
        .will = body ? body : "",
        .ack_topic = ack_topic,
        .cmd_topic = command_desk_may_ask(c->desk) ? cmd_topic : NULL,
        .attempt = c->session.failures,
        .handler = {c, on_ready, on_published, on_answer, on_command, on_commands},
    };
    session_opening(&c->session, clock_machine_us());
    c->became_ready = false;
    struct gw_error err;
    if (link_open(&setup, &c->link, &err) < 0)
        lose(c, err.text);
    free(body);
}

static int tell_state(struct county *c, bool is_online, struct gw_error *err)
{
    c->state_us = clock_machine_us() + c->config->heartbeat_us;
    return presence_tell_state(&c->presence, c->link, c->outbox, is_online,
                               is_online ? NULL : &c->offline_mid, err);
}

static int tell_presence(struct county *c, struct gw_error *err)
{
    int r = presence_tell_birth(&c->presence, c->link, err);
    return r == 0 ? tell_state(c, true, err) : r;
}

static int go_online(struct county *c, struct gw_error *err)
{
    int64_t now_us = clock_machine_us();
    c->became_ready = false;
    int r = sender_connected(c->sender, now_us, err);
    if (r < 0)
        return r;
    session_online(&c->session, now_us);
    gw_relieve(&c->link_complaint, broker_of(c), "connected");
    note_fault(c, "");
    return tell_presence(c, err);
}

/* What an obeyed order leaves for this thread to do. */
static int follow(struct county *c, const struct county_order *order,
                  struct gw_error *err)
{
    int64_t now_us = clock_machine_us();
    bool is_online = c->session.state == SESSION_ONLINE;
    if (order->what == COUNTY_STATUS && is_online)
        return tell_presence(c, err);
    if (order->what != COUNTY_REPLAY)
        return 0;
    for (size_t i = 0; i < order->range_count; i++)
        sender_recall(c->sender, order->epoch, order->ranges[i].from, order->ranges[i].to,
                      now_us);
    c->has_recalled = true; /* also when it was committed before: answers counted */
    return 0;
}

static int take_orders(struct county *c, struct gw_error *err)
{
    int r = 0;
    command_desk_tell(c->desk);
    struct county_given *given = command_desk_take(c->desk);
    while (given) {
        if (r == 0 && given->why == ORDER_OBEYED)
            r = follow(c, &given->order, err);
        free(given);
        given = command_desk_take(c->desk);
    }
    return r;
}

static int publish_row(struct county *c, const struct outbox_row *row,
                       struct gw_error *err)
{
    char topic[CONTRACT_TOPIC_MAX];
    contract_topic(c->config, row->kind, topic);
    int mid = 0;
    int r = link_publish(c->link, topic, row->body, row->size, false, &mid, err);
    if (r == 0)
        note_sent(c, sender_sent(c->sender, row, mid, clock_machine_us()));
    return r;
}

static int send_rows(struct county *c, struct gw_error *err)
{
    if (clock_machine_us() < c->read_us)
        return 0;
    if (atomic_exchange(&c->has_appended, false))
        sender_appended(c->sender);
    int r = 0;
    if (atomic_exchange(&c->has_recalled, false))
        r = sender_recalled(c->sender, clock_machine_us(), err);
    if (r < 0)
        return r; /* the next connection looks for all that waits, too */
    for (int i = 0; i < ROWS_A_TURN; i++) {
        struct outbox_row row;
        struct gw_error fault;
        r = sender_next(c->sender, clock_machine_us(), &row, &fault);
        if (r == -ESTALE)
            return gw_fail(err, r, "%s", fault.text); /* a new epoch: begin anew */
        if (r < 0) {
            c->read_us = clock_machine_us() + READ_AGAIN_US;
            if (r == -EUCLEAN && c->is_outbox_broken)
                store_look(c->store);
            c->is_outbox_broken = r == -EUCLEAN;
            gw_complain(&c->outbox_complaint, broker_of(c), "%s; reading again in 1 s",
                        fault.text);
            return 0;
        }
        c->is_outbox_broken = false;
        gw_relieve(&c->outbox_complaint, broker_of(c), "the outbox is readable again");
        if (r == 0)
            return 0;
        r = publish_row(c, &row, err);
        if (r < 0)
            return r;
    }
    worker_wake(c->self); /* more at once, after what came in */
    return 0;
}

/* What an open link needs at this moment, before the wait. */
static int serve(struct county *c, struct gw_error *err)
{
    int64_t now_us = clock_machine_us();
    int r = 0;
    if (session_is_overdue(&c->session, now_us))
        return gw_fail(err, -ETIMEDOUT, "no answer within %d s",
                       (int)(SESSION_OPEN_US / 1000000));
    if (c->became_ready)
        r = go_online(c, err);
    if (r < 0 || c->session.state != SESSION_ONLINE)
        return r;
    if (now_us - sender_oldest_open(c->sender) > STALL_US)
        return gw_fail(err, -ETIMEDOUT, "the broker acknowledges nothing");
    if (now_us >= c->state_us)
        r = tell_state(c, true, err);
    return r == 0 ? send_rows(c, err) : r;
}

static int64_t earliest(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t next_turn(const struct county *c, int64_t link_us)
{
    int64_t now_us = clock_machine_us();
    if (c->session.state != SESSION_ONLINE)
        return earliest(c->session.deadline_us, now_us + link_us);
    int64_t rows_us = sender_wait(c->sender, now_us);
    if (rows_us < c->read_us)
        rows_us = c->read_us;
    return earliest(earliest(rows_us, c->state_us), now_us + link_us);
}

/* Waits for the broker, a wake-up or the next thing to do, and exchanges. */
static void turn(struct county *c)
{
    struct pollfd fds[2] = {{.fd = worker_fd(c->self), .events = POLLIN}};
    nfds_t count = 1;
    int64_t link_us = LINK_TURN_US;
    if (c->link)
        link_us = link_wait(c->link, &fds[count++]);
    int64_t wait_us = next_turn(c, link_us) - clock_machine_us();
    int wait_ms = wait_us > 0 ? (int)((wait_us + 999) / 1000) : 0;
    if (poll(fds, count, wait_ms) > 0 && fds[0].revents)
        worker_drain(c->self);
    struct gw_error err;
    if (c->link && link_exchange(c->link, fds[1].revents, &err) < 0)
        lose(c, err.text);
    note_in_flight(c);
}

/* Tells the broker that this is an end in order. */
static void say_goodbye(struct county *c)
{
    struct gw_error err;
    bool is_online = c->link && c->session.state == SESSION_ONLINE;
    int64_t until_us = clock_machine_us() + LAST_WORDS_US;
    int r = is_online ? tell_state(c, false, &err) : -ENOTCONN;
    while (r == 0 && c->offline_mid != 0 && clock_machine_us() < until_us) {
        struct pollfd fd;
        (void)link_wait(c->link, &fd);
        (void)poll(&fd, 1, 50);
        r = link_exchange(c->link, fd.revents, &err);
    }
    c->link = link_close(c->link, is_online);
}

static void run(struct worker *w, void *ctx)
{
    struct county *c = ctx;
    c->self = w;
    while (!worker_should_stop(w)) {
        worker_alive(w);
        struct gw_error err;
        if (session_is_due(&c->session, clock_machine_us()))
            open_link(c);
        if (take_orders(c, &err) < 0 || (c->link && serve(c, &err) < 0))
            lose(c, err.text);
        turn(c);
    }
    say_goodbye(c);
}

static struct county *county_free(struct county *c)
{
    command_desk_free(c->desk);
    sender_free(c->sender);
    outbox_close(c->outbox);
    (void)mosquitto_lib_cleanup();
    (void)pthread_mutex_destroy(&c->lock);
    free(c);
    return NULL;
}

static int set_up(struct county *c, struct gw_error *err)
{
    struct sender_config sender = {
        .window = c->config->window,
        .resend_us = c->config->resend_us,
        .backlog_rate = c->config->backlog_rate,
    };
    int r = outbox_open(c->setup.store_path, &c->outbox, err);
    if (r < 0)
        return r;
    r = command_desk_new(&c->setup, &c->desk);
    if (r == 0)
        r = sender_new(&sender, c->outbox, &c->sender);
    if (r == 0)
        r = worker_start("uplink", LATE_US, run, c, &c->worker);
    return r == 0 ? 0 : gw_fail(err, r, "county: %s", strerror(-r));
}

int county_start(const struct county_setup *setup, struct county **ret,
                 struct gw_error *err)
{
    struct county *c = calloc(1, sizeof(*c));
    if (!c)
        return gw_fail(err, -ENOMEM, "county: out of memory");
    (void)pthread_mutex_init(&c->lock, NULL);
    (void)mosquitto_lib_init(); /* counted; here, as its count has no lock */
    c->setup = *setup;
    c->config = setup->config;
    c->store = setup->store;
    c->presence.setup = &c->setup;
    c->has_appended = true;
    clock_boot(c->presence.boot);
    int r = set_up(c, err);
    if (r < 0) {
        county_free(c);
        return r;
    }
    *ret = c;
    return 0;
}

struct county *county_stop(struct county *c)
{
    if (!c)
        return NULL;
    worker_stop(c->worker);
    c->worker = worker_join(c->worker);
    return county_free(c);
}

void county_appended(struct county *c)
{
    c->has_appended = true;
    worker_wake(c->worker);
}

void county_recalled(struct county *c)
{
    c->has_recalled = true;
    worker_wake(c->worker);
}

void county_done(struct county *c, struct county_given *given)
{
    command_desk_put(c->desk, given);
    worker_wake(c->worker);
}

void county_status(struct county *c, struct county_status *ret)
{
    pthread_mutex_lock(&c->lock);
    *ret = c->status;
    pthread_mutex_unlock(&c->lock);
}
