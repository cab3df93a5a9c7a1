#include "ingest/subscriber.h"

#include <errno.h>
#include <mosquitto.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "gw/broker.h"
#include "gw/log.h"
#include "ingest/contract_topics.h"
#include "ingest/message.h"

enum {
    ANSWERS_MAX = 65535, /* on their way to as many gateways */
    KEEPALIVE_S = 30,
    HANDSHAKE_TURN_MS = 20,
    BRIEF_US = 10 * 1000 * 1000, /* a session that somebody else may have taken over */
    BRIEF_MAX = 5,
    QOS = 1,
};

struct subscriber {
    struct feed feed;
    const struct feed_source *source;
    struct gw_broker broker;
    struct intake *intake;
    struct mosquitto *client;
    struct gw_complaint link_complaint;
    struct gw_complaint archive_complaint;
    bool has_failed;   /* the batch cannot be stored */
    bool is_accepted;  /* CONNACK came: time to subscribe */
    unsigned attempts; /* go round the addresses of the broker's name */
    int64_t since_us;  /* of the session; 0 = none */
    unsigned brief;    /* sessions one after the other */
    struct gw_complaint twin_complaint;
    struct backoff backoff;
};

static struct subscriber *own(struct feed *feed)
{
    return (struct subscriber *)feed;
}

static struct gw_subject broker_of(const struct subscriber *s)
{
    return (struct gw_subject){"BROKER", s->broker.host};
}

static void batch_fault(struct subscriber *s, const char *why)
{
    s->has_failed = true;
    gw_complain(&s->archive_complaint, (struct gw_subject){"ARCHIVE", "county"},
                "%s: the batch is given back to the broker", why);
}

/* How many messages one read brings is for libmosquitto to say: a full batch is stored at
 * once, and answered with the next one. */
static void make_room(struct subscriber *s)
{
    struct gw_error err;
    if (!s->has_failed && intake_is_full(s->intake) && intake_store(s->intake, &err) < 0)
        batch_fault(s, err.text);
}

static void on_message(struct mosquitto *client, void *ctx,
                       const struct mosquitto_message *message)
{
    (void)client;
    struct subscriber *s = ctx;
    make_room(s);
    if (!s->has_failed
        && intake_add(s->intake, message->topic, message->payload,
                      (size_t)message->payloadlen)
               < 0)
        batch_fault(s, "out of memory");
}

static void on_connect(struct mosquitto *client, void *ctx, int code)
{
    (void)client;
    struct subscriber *s = ctx;
    s->is_accepted = code == 0;
    if (code != 0)
        gw_complain(&s->link_complaint, broker_of(s), "refused: %s",
                    mosquitto_connack_string(code));
}

static int subscribe(struct subscriber *s)
{
    int r = MOSQ_ERR_SUCCESS;
    for (size_t i = 0; r == MOSQ_ERR_SUCCESS && i < CONTRACT_TOPICS; i++) {
        char topic[40];
        (void)snprintf(topic, sizeof(topic), "campus/v1/+/+/+/%s", contract_topics[i]);
        r = mosquitto_subscribe(s->client, NULL, topic, QOS);
    }
    s->is_accepted = false;
    s->since_us = clock_machine_us();
    backoff_begin(&s->backoff);
    gw_relieve(&s->link_complaint, broker_of(s), "connected");
    return r;
}

static void on_subscribe(struct mosquitto *client, void *ctx, int mid, int count,
                         const int *granted)
{
    (void)client;
    (void)mid;
    struct subscriber *s = ctx;
    for (int i = 0; i < count; i++)
        if (granted[i] != QOS)
            gw_log(GW_LOG_ERROR, broker_of(s),
                   "a subscription was refused: give '%s' the right to read campus/v1/#",
                   s->source->name);
}

static void subscriber_free(struct feed *feed)
{
    struct subscriber *s = own(feed);
    if (s->client) {
        (void)mosquitto_disconnect(s->client);
        mosquitto_destroy(s->client);
    }
    (void)mosquitto_lib_cleanup();
    free(s);
}

static void drop_batch(struct subscriber *s)
{
    intake_drop(s->intake);
    s->has_failed = false;
}

/* While TLS shakes hands, libmosquitto always wants to write but must not: it is asked
 * every 20 ms instead of for as long as the socket could be written. */
static bool is_shaking_hands(const struct subscriber *s)
{
    return s->broker.is_tls && s->since_us == 0;
}

/* A broker closes one session for another of the same client id without a word. */
static void judge_session(struct subscriber *s)
{
    bool is_brief = s->since_us > 0 && clock_machine_us() - s->since_us < BRIEF_US;
    if (!is_brief && s->since_us > 0)
        gw_relieve(&s->twin_complaint, broker_of(s), "the session lasts");
    s->brief = is_brief ? s->brief + 1 : 0;
    s->since_us = 0;
    if (s->brief >= BRIEF_MAX)
        gw_complain(&s->twin_complaint, broker_of(s),
                    "%u sessions ended within seconds, as when '%s' is in use twice: "
                    "give each running receiver a --client-id of its own",
                    s->brief, s->source->name);
}

/* Whatever was read and not committed comes again with the next session. */
static void lose_link(struct subscriber *s, const char *why)
{
    drop_batch(s);
    judge_session(s);
    s->is_accepted = false;
    gw_complain(&s->link_complaint, broker_of(s), "%s: connecting again in %.1f s", why,
                backoff_fail(&s->backoff));
}

static int set_login(struct subscriber *s, struct gw_error *err)
{
    char password[GW_BROKER_PASSWORD_MAX];
    if (!s->source->user)
        return 0;
    int r = feed_password(s->source, password, err);
    if (r == 0
        && mosquitto_username_pw_set(s->client, s->source->user, password)
               != MOSQ_ERR_SUCCESS)
        r = gw_fail(err, -EINVAL, "user: not UTF-8");
    explicit_bzero(password, sizeof(password));
    return r;
}

static void connect_when_due(struct subscriber *s)
{
    if (mosquitto_socket(s->client) >= 0 || !backoff_is_due(&s->backoff))
        return;
    struct gw_error err;
    char numeric[GW_BROKER_NUMERIC_MAX];
    if (set_login(s, &err) < 0
        || gw_broker_resolve(&s->broker, s->attempts++, numeric, &err) < 0) {
        lose_link(s, err.text);
        return;
    }
    /* TLS must be given the name, and from an IPv4 address only such are reached. */
    const char *from = s->attempts % 2 == 0 ? "0.0.0.0" : NULL;
    int r =
        s->broker.is_tls
            ? mosquitto_connect_bind_async(s->client, s->broker.host, s->broker.port,
                                           KEEPALIVE_S, from)
            : mosquitto_connect_async(s->client, numeric, s->broker.port, KEEPALIVE_S);
    if (r != MOSQ_ERR_SUCCESS)
        lose_link(s, mosquitto_strerror(r));
}

static int subscriber_publish(struct feed *feed, const char *gateway, const char *topic,
                              const char *body, struct gw_error *err)
{
    struct subscriber *s = own(feed);
    char name[MESSAGE_GATEWAY_MAX + 20];
    (void)snprintf(name, sizeof(name), "campus/v1/%s/%s", gateway, topic);
    int r = mosquitto_publish(s->client, NULL, name, (int)strlen(body), body, QOS, false);
    return r == MOSQ_ERR_SUCCESS
               ? 0
               : gw_fail(err, -EIO, "%s: %s", name, mosquitto_strerror(r));
}

static int publish_answer(void *ctx, const char *gateway, const char *body,
                          struct gw_error *err)
{
    return subscriber_publish(ctx, gateway, "ack", body, err);
}

/* Closes the socket so that none of the waiting PUBACKs is written (a DISCONNECT would
 * take them along) and the broker delivers the batch again. */
static int hang_up(struct subscriber *s)
{
    s->since_us = 0; /* nobody else's doing */
    (void)shutdown(mosquitto_socket(s->client), SHUT_RDWR);
    int r = MOSQ_ERR_SUCCESS;
    while (r == MOSQ_ERR_SUCCESS)
        r = mosquitto_loop_read(s->client, 1);
    return r;
}

/* Stores, answers, and gives the PUBACKs free. */
static int finish_batch(struct subscriber *s)
{
    struct gw_error err;
    if (!s->has_failed && intake_store(s->intake, &err) < 0)
        batch_fault(s, err.text);
    if (s->has_failed)
        return hang_up(s);
    gw_relieve(&s->archive_complaint, (struct gw_subject){"ARCHIVE", "county"},
               "written again");
    if (intake_answer(s->intake, publish_answer, &s->feed, &err) < 0)
        gw_log(GW_LOG_WARNING, broker_of(s), "%s: the gateway will send again", err.text);
    return MOSQ_ERR_SUCCESS;
}

static bool is_readable(int fd)
{
    struct pollfd one = {.fd = fd, .events = POLLIN};
    return fd >= 0 && poll(&one, 1, 0) == 1 && one.revents != 0;
}

/* Reads until the broker is quiet or the batch is full. */
static int read_batch(struct subscriber *s)
{
    int r = MOSQ_ERR_SUCCESS;
    while (r == MOSQ_ERR_SUCCESS && !intake_is_full(s->intake)
           && is_readable(mosquitto_socket(s->client)))
        r = mosquitto_loop_read(s->client, 1);
    return r;
}

static int exchange(struct subscriber *s)
{
    int r = read_batch(s);
    if (r == MOSQ_ERR_SUCCESS && s->is_accepted)
        r = subscribe(s);
    if (r == MOSQ_ERR_SUCCESS && (s->has_failed || intake_count(s->intake) > 0))
        r = finish_batch(s);
    if (r == MOSQ_ERR_SUCCESS && mosquitto_socket(s->client) >= 0
        && (is_shaking_hands(s) || mosquitto_want_write(s->client)))
        r = mosquitto_loop_write(s->client, 1);
    if (r == MOSQ_ERR_SUCCESS)
        r = mosquitto_loop_misc(s->client);
    return r;
}

static int subscriber_turn(struct feed *feed, int wake_fd, int timeout_ms,
                           struct gw_error *err)
{
    struct subscriber *s = own(feed);
    connect_when_due(s);
    int fd = mosquitto_socket(s->client);
    struct pollfd fds[2] = {{.fd = wake_fd, .events = POLLIN},
                            {.fd = fd, .events = POLLIN}};
    if (fd >= 0 && is_shaking_hands(s))
        timeout_ms = HANDSHAKE_TURN_MS;
    else if (fd >= 0 && mosquitto_want_write(s->client))
        fds[1].events |= POLLOUT;
    if (fd < 0 && timeout_ms > 100)
        timeout_ms = 100; /* soon enough for the shortest wait before a reconnect */
    if (poll(fds, 2, timeout_ms) < 0 && errno != EINTR)
        return gw_fail(err, -errno, "poll: %s", strerror(errno));
    if (fd < 0)
        return 0;
    int r = exchange(s);
    if (r == MOSQ_ERR_NOMEM)
        return gw_fail(err, -ENOMEM, "subscriber: out of memory");
    if (r != MOSQ_ERR_SUCCESS)
        lose_link(s, mosquitto_strerror(r));
    return 0;
}

static bool subscriber_is_up(const struct feed *feed)
{
    return ((const struct subscriber *)feed)->since_us > 0;
}

static const struct feed_kind subscriber_kind = {
    .is_up = subscriber_is_up,
    .publish = subscriber_publish,
    .turn = subscriber_turn,
    .free = subscriber_free,
};

static int make_client(struct subscriber *s, struct gw_error *err)
{
    struct mosquitto *client = mosquitto_new(s->source->name, false, s);
    s->client = client;
    if (!client)
        return gw_fail(err, -ENOMEM, "subscriber: out of memory");
    /* In the library's threaded mode nothing is written outside mosquitto_loop_write(),
     * and so no PUBACK leaves before the commit. */
    (void)mosquitto_threaded_set(client, true);
    (void)mosquitto_int_option(client, MOSQ_OPT_TCP_NODELAY, 1);
    (void)mosquitto_int_option(client, MOSQ_OPT_SEND_MAXIMUM, ANSWERS_MAX);
    mosquitto_connect_callback_set(client, on_connect);
    mosquitto_subscribe_callback_set(client, on_subscribe);
    mosquitto_message_callback_set(client, on_message);
    int r = s->broker.is_tls ? mosquitto_tls_set(
                client, s->source->ca, NULL, s->source->certificate, s->source->key, NULL)
                             : MOSQ_ERR_SUCCESS;
    return r == MOSQ_ERR_SUCCESS
               ? 0
               : gw_fail(err, -EINVAL, "ca, certificate or key cannot be read: %s",
                         mosquitto_strerror(r));
}

int subscriber_new(const struct feed_source *source, struct intake *intake,
                   struct feed **ret, struct gw_error *err)
{
    struct gw_broker broker;
    int r = gw_broker_read(source->url, GW_BROKER_ANY, &broker, err);
    if (r < 0)
        return r;
    struct subscriber *s = calloc(1, sizeof(*s));
    if (!s)
        return gw_fail(err, -ENOMEM, "subscriber: out of memory");
    (void)mosquitto_lib_init();
    s->feed.kind = &subscriber_kind;
    s->broker = broker;
    s->source = source;
    s->intake = intake;
    backoff_begin(&s->backoff);
    r = make_client(s, err);
    if (r < 0) {
        subscriber_free(&s->feed);
        return r;
    }
    *ret = &s->feed;
    return 0;
}
