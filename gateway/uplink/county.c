#include "uplink/county_parts.h"

#include <errno.h>
#include <mosquitto.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/worker.h"
#include "gw/log.h"
#include "uplink/answer.h"
#include "uplink/contract.h"

enum {
    ROWS_A_TURN = 100, /* then the answers are read */
    FAULT_MAX = sizeof(((struct county_status *)NULL)->fault)
};

#define LATE_US INT64_C(600000000)     /* a resolver that hangs is no hung thread */
#define STALL_US INT64_C(60000000)     /* no PUBACK for so long: the broker is stuck */
#define LAST_WORDS_US INT64_C(1000000) /* for "offline" at the end */

struct gw_subject county_broker(const struct county *c)
{
    return (struct gw_subject){"COUNTY", c->config->broker};
}

bool county_is_online(const struct county *c)
{
    return c->session.state == SESSION_ONLINE;
}

void county_note_way(struct county *c)
{
    pthread_mutex_lock(&c->lock);
    c->status.is_connected =
        county_is_online(c) || (c->is_batching && batcher_is_up(c->batcher));
    c->status.is_contested = session_is_contested(&c->session);
    c->status.way = c->is_batching ? "https" : "mqtt";
    pthread_mutex_unlock(&c->lock);
}

void county_note_fault(struct county *c, const char *text)
{
    county_note_way(c);
    pthread_mutex_lock(&c->lock);
    (void)snprintf(c->status.fault, sizeof(c->status.fault), "%s", text);
    pthread_mutex_unlock(&c->lock);
}

void county_lose(struct county *c, int r, const char *why)
{
    char contest[FAULT_MAX];
    int64_t now_us = clock_machine_us();
    bool is_for_orders = c->link && link_awaits_commands(c->link);
    if (is_for_orders)
        command_desk_cut(c->desk);
    if (c->link && link_is_refused(c->link))
        rotation_refused(&c->rotation);
    c->link = link_close(c->link, false);
    rotation_offline(&c->rotation);
    if (!c->is_batching)
        outgoing_end(c->outgoing);
    bool is_taken = r == -ECONNRESET && !is_for_orders;
    int64_t wait_us = session_lost(&c->session, now_us, is_taken, session_chance());
    if (session_is_contested(&c->session)) {
        link_contest(c->config, sizeof(contest), contest);
        why = contest;
    }
    gw_complain(&c->link_complaint, county_broker(c), "%s; connecting again in %.1f s",
                why, (double)wait_us / 1e6);
    (void)snprintf(c->link_fault, sizeof(c->link_fault), "%s", why);
    county_note_fault(c, why);
}

/* Connected is not enough while the broker takes it away again and again. */
static void tell_connected(struct county *c)
{
    char contest[FAULT_MAX] = "";
    if (session_is_contested(&c->session))
        link_contest(c->config, sizeof(contest), contest);
    else
        gw_relieve(&c->link_complaint, county_broker(c), "connected");
    (void)snprintf(c->link_fault, sizeof(c->link_fault), "%s", contest);
    county_note_fault(c, contest);
}

static void on_ready(void *ctx)
{
    struct county *c = ctx;
    c->became_ready = true;
}

static void on_published(void *ctx, int mid)
{
    struct county *c = ctx;
    bool is_end = c->config->acknowledge == COUNTY_BY_BROKER;
    if (mid == c->offline_mid)
        c->offline_mid = 0;
    bool is_row = outgoing_passed(c->outgoing, mid, is_end) || mid == c->trial_mid;
    if (is_row && is_end)
        fallback_served(&c->fallback, clock_machine_us());
}

static void on_answer(void *ctx, const void *payload, size_t size)
{
    struct county *c = ctx;
    if (outgoing_heard(c->outgoing, payload, size))
        fallback_served(&c->fallback, clock_machine_us());
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
    char ack_topic[CONTRACT_TOPIC_MAX];
    char cmd_topic[CONTRACT_TOPIC_MAX];
    struct letter will = {0};
    bool has_answers = answer_topic(c->config, ack_topic, sizeof(ack_topic));
    bool has_will = presence_tell_will(&c->presence, &will) == 1;
    contract_topic(c->config, "cmd", cmd_topic);
    struct link_setup setup = {
        .config = c->config,
        .will = has_will ? &will : NULL,
        .ack_topic = has_answers ? ack_topic : NULL,
        .cmd_topic = command_desk_may_ask(c->desk) ? cmd_topic : NULL,
        .attempt = c->session.failures,
        .handler = {c, on_ready, on_published, on_answer, on_command, on_commands},
    };
    session_opening(&c->session, clock_machine_us());
    c->became_ready = false;
    struct gw_error err;
    int r = rotation_pick(&c->rotation, &setup.credentials, &err);
    if (r == 0)
        r = link_open(&setup, &c->link, &err);
    if (r < 0)
        county_lose(c, r, err.text);
    letter_done(&will);
}

static int tell_state(struct county *c, bool is_online, struct gw_error *err)
{
    c->state_us = clock_machine_us() + c->config->heartbeat_us;
    return presence_tell_state(&c->presence, c->link, outgoing_outbox(c->outgoing),
                               is_online, is_online ? NULL : &c->offline_mid, err);
}

static int tell_presence(struct county *c, struct gw_error *err)
{
    int r = presence_tell_birth(&c->presence, c->link, err);
    return r == 0 ? tell_state(c, true, err) : r;
}

static int go_online(struct county *c, struct gw_error *err)
{
    c->became_ready = false;
    int r = c->is_batching ? 0 : outgoing_begin(c->outgoing, c->config->window, err);
    if (r < 0)
        return r;
    session_online(&c->session, clock_machine_us());
    rotation_online(&c->rotation, clock_machine_us());
    ways_online(c);
    tell_connected(c);
    return tell_presence(c, err);
}

/* What an obeyed order leaves for this thread to do. */
static int follow(struct county *c, const struct county_order *order,
                  struct gw_error *err)
{
    if (order->what == COUNTY_STATUS && c->is_batching)
        batcher_tell(c->batcher);
    if (order->what == COUNTY_STATUS && county_is_online(c))
        return tell_presence(c, err);
    if (order->what == COUNTY_REPLAY)
        outgoing_recall(c->outgoing, order);
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
    struct letter letter;
    int mid = 0;
    int r = letter_write(c->config, row->kind, row->body, row->size, false, &letter);
    if (r == -ENOMEM)
        return gw_fail(err, r, "out of memory");
    if (r != 1) {
        outgoing_leave_out(c->outgoing, row, r);
        return 0;
    }
    r = link_publish(c->link, &letter, &mid, err);
    letter_done(&letter);
    if (r == 0)
        outgoing_sent(c->outgoing, row, mid);
    return r;
}

static int send_rows(struct county *c, struct gw_error *err)
{
    for (int i = 0; i < ROWS_A_TURN; i++) {
        struct outbox_row row;
        int r = outgoing_next(c->outgoing, &row, err);
        if (r == 1)
            r = publish_row(c, &row, err);
        else
            return r;
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
    if (r < 0 || !county_is_online(c))
        return r;
    if (session_settles(&c->session, now_us))
        tell_connected(c);
    if (!c->is_batching && now_us - outgoing_oldest_open(c->outgoing) > STALL_US)
        return gw_fail(err, -ETIMEDOUT, "the broker acknowledges nothing");
    if (now_us >= c->state_us)
        r = tell_state(c, true, err);
    if (r < 0 || c->is_batching)
        return r;
    r = send_rows(c, err);
    if (r == 0 && outgoing_in_flight(c->outgoing) == 0)
        fallback_served(&c->fallback, now_us);
    return r;
}

static int64_t earliest(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t next_turn(const struct county *c, int64_t link_us)
{
    int64_t next_us = clock_machine_us() + link_us;
    if (c->batcher && !c->is_batching)
        next_us = earliest(next_us, fallback_due_us(&c->fallback));
    if (c->config->broker && !county_is_online(c))
        return earliest(next_us, c->session.deadline_us);
    if (!c->is_batching)
        next_us = earliest(next_us, outgoing_wait(c->outgoing));
    return c->config->broker ? earliest(next_us, c->state_us) : next_us;
}

/* Waits for the broker, a wake-up or the next thing to do, and exchanges. */
static void turn(struct county *c)
{
    struct pollfd fds[3] = {
        {.fd = worker_fd(c->self), .events = POLLIN}, {.fd = -1}, {.fd = -1}};
    int64_t link_us = LINK_TURN_US;
    if (c->link)
        link_us = link_wait(c->link, &fds[1]);
    int64_t next_us = next_turn(c, link_us);
    if (c->is_batching)
        next_us = earliest(next_us, batcher_wait(c->batcher, &fds[2]));
    int64_t wait_us = next_us - clock_machine_us();
    int wait_ms = wait_us > 0 ? (int)((wait_us + 999) / 1000) : 0;
    if (poll(fds, 3, wait_ms) > 0 && fds[0].revents)
        worker_drain(c->self);
    struct gw_error err;
    if (c->link && link_exchange(c->link, fds[1].revents, &err) < 0)
        county_lose(c, err.code, err.text);
    if (c->is_batching)
        ways_exchange(c, fds[2].revents);
}

/* Tells the broker that this is an end in order. */
static void say_goodbye(struct county *c)
{
    struct gw_error err;
    bool has_session = c->link && county_is_online(c);
    int64_t until_us = clock_machine_us() + LAST_WORDS_US;
    ways_say_goodbye(c, until_us);
    int r = has_session ? tell_state(c, false, &err) : -ENOTCONN;
    while (r == 0 && c->offline_mid != 0 && clock_machine_us() < until_us) {
        struct pollfd fd;
        (void)link_wait(c->link, &fd);
        (void)poll(&fd, 1, 50);
        r = link_exchange(c->link, fd.revents, &err);
    }
    c->link = link_close(c->link, has_session);
}

/* Ends the connection in order, to make another with what was renewed. */
static void renew(struct county *c, int64_t now_us)
{
    gw_log(GW_LOG_NOTICE, county_broker(c),
           "connects anew, with the renewed certificate");
    c->link = link_close(c->link, true);
    if (!c->is_batching)
        outgoing_end(c->outgoing);
    rotation_offline(&c->rotation);
    session_renew(&c->session, now_us);
}

/* Files that were renewed: taken by the next connection, which may be due for them. */
static void tend_credentials(struct county *c)
{
    struct county_credentials now;
    int64_t now_us = clock_machine_us();
    if (!rotation_is_awake(&c->rotation, now_us))
        return;
    bool is_new = rotation_look(&c->rotation, now_us);
    if (rotation_is_due(&c->rotation, now_us))
        renew(c, now_us);
    else if (is_new && c->session.state == SESSION_WAITING)
        session_renew(&c->session, now_us);
    rotation_status(&c->rotation, &now);
    pthread_mutex_lock(&c->lock);
    c->status.credentials = now;
    pthread_mutex_unlock(&c->lock);
}

static void run(struct worker *w, void *ctx)
{
    struct county *c = ctx;
    c->self = w;
    while (!worker_should_stop(w)) {
        worker_alive(w);
        struct gw_error err;
        tend_credentials(c);
        if (c->config->broker && session_is_due(&c->session, clock_machine_us()))
            open_link(c);
        if (take_orders(c, &err) < 0 || ways_choose(c, &err) < 0
            || (c->link && serve(c, &err) < 0))
            county_lose(c, err.code, err.text);
        turn(c);
    }
    say_goodbye(c);
}

static struct county *county_free(struct county *c)
{
    command_desk_free(c->desk);
    batcher_free(c->batcher);
    outgoing_free(c->outgoing);
    (void)mosquitto_lib_cleanup();
    rotation_end(&c->rotation);
    (void)pthread_mutex_destroy(&c->lock);
    free(c);
    return NULL;
}

static int set_up(struct county *c, struct gw_error *err)
{
    int r = outgoing_new(&c->setup, &c->outgoing, err);
    if (r < 0)
        return r;
    r = ways_set_up(c, err);
    if (r < 0)
        return r;
    r = command_desk_new(&c->setup, &c->desk);
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
    c->presence.setup = &c->setup;
    rotation_start(&c->rotation, c->config, session_chance());
    c->status.way = c->config->broker ? "mqtt" : "https";
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
    outgoing_appended(c->outgoing);
    worker_wake(c->worker);
}

void county_recalled(struct county *c)
{
    outgoing_recalled(c->outgoing);
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
    outgoing_count(c->outgoing, ret);
}
