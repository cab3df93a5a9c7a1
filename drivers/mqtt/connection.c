#include "connection.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "gw/driver.h"

enum {
    BATCH = 50,          /* filters in one SUBSCRIBE */
    BARRIERS = 8,        /* questions open at once */
    ANSWER_US = 10000000 /* CONNACK and SUBACK must be there by then */
};

/* An UNSUBSCRIBE from what nobody has subscribed to is answered by UNSUBACK (MQTT 3.1.1,
 * 3.10.4), and in order: a ping of our own, since libmosquitto lends us none. */
static const char barrier_filter[] = "campus-gateway/barrier";

struct barrier {
    int mid;
    uint64_t ticket;
};

struct mqtt_connection {
    const struct mqtt_connection_config *config;
    struct mqtt_connection_events events;
    struct mosquitto *client;
    enum mqtt_connection_phase phase;
    int64_t since_us;   /* waits for an answer since then */
    int64_t written_us; /* the last word was out */
    bool is_half_out;   /* a packet is, as far as the socket took it */
    int *batch_mids;    /* of each SUBSCRIBE; 0 = answered */
    size_t batch_count;
    size_t batches_open;
    struct barrier barriers[BARRIERS];
    size_t barrier_count;
    int refusal;      /* CONNACK's code */
    int subscribe_rc; /* why a SUBSCRIBE could not be queued */
    bool has_protocol_fault;
    bool is_accepted;
    bool has_session;
    bool took_packet; /* one of the callbacks ran */
    bool is_logging;  /* what comes again may still come */
    bool is_dup;      /* of the message whose callback is next */
};

static size_t batch_size(const struct mqtt_connection *c, size_t batch)
{
    size_t left = c->config->filter_count - batch * BATCH;
    return left < BATCH ? left : BATCH;
}

static void subscribe(struct mqtt_connection *c)
{
    for (size_t batch = 0; batch < c->batch_count; batch++) {
        /* The parameter lacks a const; the strings are only read. */
        char *const *filters = c->config->filters + batch * BATCH;
        int r =
            mosquitto_subscribe_multiple(c->client, &c->batch_mids[batch],
                                         (int)batch_size(c, batch), filters, 1, 0, NULL);
        if (r != MOSQ_ERR_SUCCESS)
            c->subscribe_rc = r;
    }
    c->batches_open = c->batch_count;
}

static void on_connect(struct mosquitto *client, void *ctx, int code, int flags)
{
    (void)client;
    struct mqtt_connection *c = ctx;
    c->took_packet = true;
    c->refusal = code;
    c->is_accepted = code == 0;
    c->has_session = flags & 1;
}

/* One line with the DUP flag comes right before each message (MQTT 3.1.1, 3.3.1.1). */
static void on_log(struct mosquitto *client, void *ctx, int level, const char *line)
{
    (void)client;
    (void)level;
    struct mqtt_connection *c = ctx;
    static const char words[] = " received PUBLISH (d";
    const char *found = strstr(line, words);
    if (found)
        c->is_dup = found[sizeof(words) - 1] == '1';
}

/* What comes again comes first: no line is written for all that follows. */
static bool take_dup(struct mqtt_connection *c, const struct mosquitto_message *message)
{
    bool is_dup = c->is_dup;
    c->is_dup = false;
    if (c->is_logging && message->qos && !is_dup) {
        mosquitto_log_callback_set(c->client, NULL);
        c->is_logging = false;
    }
    return is_dup;
}

static void on_message(struct mosquitto *client, void *ctx,
                       const struct mosquitto_message *message)
{
    (void)client;
    struct mqtt_connection *c = ctx;
    c->took_packet = true;
    bool is_dup = take_dup(c, message);
    /* Its PUBACK is queued already and would leave with the SUBSCRIBE. */
    if (c->phase != CONNECTION_READY)
        c->has_protocol_fault = true;
    else
        c->events.message(c->events.ctx, message, is_dup);
}

static void on_subscribe(struct mosquitto *client, void *ctx, int mid, int count,
                         const int *granted)
{
    (void)client;
    struct mqtt_connection *c = ctx;
    c->took_packet = true;
    for (size_t batch = 0; batch < c->batch_count; batch++) {
        if (c->batch_mids[batch] != mid)
            continue;
        c->batch_mids[batch] = 0;
        c->batches_open--;
        for (size_t i = 0; i < (size_t)count && i < batch_size(c, batch); i++)
            if (granted[i] > 2)
                c->events.refused(c->events.ctx, batch * BATCH + i);
    }
}

static void on_unsubscribe(struct mosquitto *client, void *ctx, int mid)
{
    (void)client;
    struct mqtt_connection *c = ctx;
    c->took_packet = true;
    for (size_t i = 0; i < c->barrier_count; i++) {
        if (c->barriers[i].mid != mid)
            continue;
        uint64_t ticket = c->barriers[i].ticket;
        c->barrier_count -= i + 1;
        memmove(c->barriers, c->barriers + i + 1,
                c->barrier_count * sizeof(*c->barriers));
        c->events.settled(c->events.ctx, ticket);
        return;
    }
}

void mqtt_connection_barrier(struct mqtt_connection *c, uint64_t ticket)
{
    int mid;
    if (c->barrier_count < BARRIERS
        && mosquitto_unsubscribe(c->client, &mid, barrier_filter) == MOSQ_ERR_SUCCESS)
        c->barriers[c->barrier_count++] = (struct barrier){mid, ticket};
}

/* Silent for a keep-alive, it was asked; silent for another, it is given up. */
static int fail_silent(const struct mqtt_connection *c, struct gw_error *err)
{
    const struct gw_broker *b = &c->config->broker;
    return gw_fail(err, -ETIMEDOUT, "broker %s:%u: does not answer, silent for %u s",
                   b->host, b->port, 2 * c->config->keepalive_s);
}

static int fail_rc(const struct mqtt_connection *c, int rc, struct gw_error *err)
{
    const struct gw_broker *b = &c->config->broker;
    if (rc == MOSQ_ERR_KEEPALIVE)
        return fail_silent(c, err);
    const char *cause = rc == MOSQ_ERR_ERRNO ? strerror(errno) : mosquitto_strerror(rc);
    const int length = (int)strcspn(cause, "."); /* the sentence goes on after it */
    const int code = rc == MOSQ_ERR_CONN_LOST ? -ECONNRESET : -EIO;
    return gw_fail(err, code, "broker %s:%u: %.*s", b->host, b->port, length, cause);
}

static int configure(struct mqtt_connection *c, struct gw_error *err)
{
    const struct mqtt_connection_config *config = c->config;
    char password[GW_BROKER_PASSWORD_MAX];
    int r = config->password_file
                ? gw_broker_password(config->password_file, password, err)
                : 0;
    if (r < 0)
        return r;
    int rc = mosquitto_threaded_set(c->client, true);
    if (rc == MOSQ_ERR_SUCCESS && config->user)
        rc = mosquitto_username_pw_set(c->client, config->user,
                                       config->password_file ? password : NULL);
    explicit_bzero(password, sizeof(password));
    if (rc == MOSQ_ERR_SUCCESS)
        rc = mosquitto_int_option(c->client, MOSQ_OPT_PROTOCOL_VERSION,
                                  MQTT_PROTOCOL_V311);
    if (rc == MOSQ_ERR_SUCCESS)
        rc = mosquitto_int_option(c->client, MOSQ_OPT_TCP_NODELAY, 1);
    mosquitto_connect_with_flags_callback_set(c->client, on_connect);
    mosquitto_log_callback_set(c->client, on_log);
    mosquitto_message_callback_set(c->client, on_message);
    mosquitto_subscribe_callback_set(c->client, on_subscribe);
    mosquitto_unsubscribe_callback_set(c->client, on_unsubscribe);
    return rc == MOSQ_ERR_SUCCESS ? 0 : fail_rc(c, rc, err);
}

static int start(struct mqtt_connection *c, struct gw_error *err)
{
    char numeric[GW_BROKER_NUMERIC_MAX];
    const struct mqtt_connection_config *config = c->config;
    int r = gw_broker_resolve(&config->broker, config->attempt, numeric, err);
    if (r < 0)
        return r;
    int rc = mosquitto_connect_async(c->client, numeric, config->broker.port,
                                     (int)config->keepalive_s);
    if (rc != MOSQ_ERR_SUCCESS)
        return fail_rc(c, rc, err);
    /* A cable that was pulled must not cost the whole retransmission time. */
    unsigned timeout_ms = ANSWER_US / 1000;
    (void)setsockopt(mosquitto_socket(c->client), IPPROTO_TCP, TCP_USER_TIMEOUT,
                     &timeout_ms, sizeof(timeout_ms));
    c->since_us = gw_machine_us();
    return 0;
}

static void init_library(void)
{
    (void)mosquitto_lib_init(); /* cannot fail on Linux */
}

int mqtt_connection_new(const struct mqtt_connection_config *config,
                        const struct mqtt_connection_events *events,
                        struct mqtt_connection **ret, struct gw_error *err)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    (void)pthread_once(&once, init_library);

    size_t batches = (config->filter_count + BATCH - 1) / BATCH;
    struct mqtt_connection *c = calloc(1, sizeof(*c));
    int *mids = calloc(batches + 1, sizeof(*mids));
    struct mosquitto *client =
        c && mids ? mosquitto_new(config->client_id, config->is_clean, c) : NULL;
    if (!client) {
        free(c);
        free(mids);
        return gw_fail(err, -ENOMEM, "broker %s: out of memory", config->broker.host);
    }
    *c = (struct mqtt_connection){.config = config,
                                  .events = *events,
                                  .client = client,
                                  .batch_mids = mids,
                                  .is_logging = true,
                                  .batch_count = batches};
    int r = configure(c, err);
    if (r == 0)
        r = start(c, err);
    if (r < 0) {
        mqtt_connection_free(c, false);
        return r;
    }
    *ret = c;
    return 0;
}

struct mqtt_connection *mqtt_connection_free(struct mqtt_connection *c, bool is_settled)
{
    if (!c)
        return NULL;
    if (is_settled && c->phase == CONNECTION_READY) {
        (void)mosquitto_disconnect(c->client); /* a courtesy: the broker logs no fault */
        (void)mosquitto_loop_write(c->client, 1);
    }
    mosquitto_destroy(c->client);
    free(c->batch_mids);
    free(c);
    return NULL;
}

enum mqtt_connection_phase mqtt_connection_phase(const struct mqtt_connection *c)
{
    return c->phase;
}

int mqtt_connection_fd(const struct mqtt_connection *c)
{
    return mosquitto_socket(c->client);
}

static int lost(struct mqtt_connection *c, int rc, struct gw_error *err)
{
    c->phase = CONNECTION_LOST;
    const struct gw_broker *b = &c->config->broker;
    if (c->refusal)
        return gw_fail(err, -EACCES, "broker %s:%u: %s", b->host, b->port,
                       mosquitto_connack_string(c->refusal));
    if (c->has_protocol_fault)
        return gw_fail(err, -EPROTO, "broker %s:%u: message before our subscription",
                       b->host, b->port);
    return fail_rc(c, rc, err);
}

int mqtt_connection_read(struct mqtt_connection *c, struct gw_error *err)
{
    /* libmosquitto reads at most one packet a call while no QoS 2 message is open, and
     * leaves EAGAIN in errno when there was none; but so does its own wake-up pipe, which
     * nobody empties here, when it queues a PUBACK. */
    c->took_packet = false;
    errno = 0;
    int rc = mosquitto_loop_read(c->client, 1);
    bool is_empty = !c->took_packet && (errno == EAGAIN || errno == EWOULDBLOCK);
    if (rc != MOSQ_ERR_SUCCESS || c->refusal || c->has_protocol_fault)
        return lost(c, rc, err);
    if (c->is_accepted && c->phase == CONNECTION_CONNECTING) {
        c->phase = CONNECTION_SUBSCRIBING;
        c->events.connected(c->events.ctx, c->has_session);
        subscribe(c);
    }
    if (c->subscribe_rc != MOSQ_ERR_SUCCESS)
        return lost(c, c->subscribe_rc, err);
    if (!is_empty && c->batches_open)
        c->since_us = gw_machine_us(); /* a backlog comes before SUBACK */
    return !is_empty;
}

int mqtt_connection_write(struct mqtt_connection *c, struct gw_error *err)
{
    int rc = mosquitto_loop_write(c->client, 1);
    if (rc != MOSQ_ERR_SUCCESS)
        return lost(c, rc, err);
    c->is_half_out = mosquitto_want_write(c->client);
    if (c->is_half_out)
        return 0;
    c->written_us = gw_machine_us();
    if (c->phase == CONNECTION_SUBSCRIBING)
        c->phase = CONNECTION_READY;
    return 1;
}

bool mqtt_connection_has_output(const struct mqtt_connection *c)
{
    return mosquitto_want_write(c->client);
}

/* While messages wait for their commit, libmosquitto's own PINGREQ waits behind their
 * PUBACKs: one goes past them, where no packet is half out.  A broker ends a connection
 * after one and a half keep-alives without a word (MQTT 3.1.1, 3.1.2.10 and 3.12). */
static int ping(struct mqtt_connection *c, int64_t now_us, struct gw_error *err)
{
    static const unsigned char request[2] = {0xc0, 0};
    const int64_t every_us = c->config->keepalive_s * INT64_C(500000);
    if (c->phase != CONNECTION_READY || c->is_half_out
        || now_us - c->written_us < every_us || !mosquitto_want_write(c->client))
        return 0;
    ssize_t size = send(mosquitto_socket(c->client), request, sizeof(request),
                        MSG_DONTWAIT | MSG_NOSIGNAL);
    if (size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
        return 0;
    if (size != sizeof(request))
        return lost(c, size < 0 ? MOSQ_ERR_ERRNO : MOSQ_ERR_CONN_LOST, err);
    c->written_us = now_us;
    return 0;
}

int mqtt_connection_tick(struct mqtt_connection *c, int64_t now_us, bool is_paused,
                         struct gw_error *err)
{
    /* Nobody reads the answer to its PINGREQ then. */
    int rc = is_paused ? MOSQ_ERR_SUCCESS : mosquitto_loop_misc(c->client);
    if (rc != MOSQ_ERR_SUCCESS)
        return lost(c, rc, err);
    int r = ping(c, now_us, err);
    if (r < 0)
        return r;
    if (is_paused)
        c->since_us = now_us;
    bool is_waiting = c->phase != CONNECTION_READY || c->batches_open;
    if (is_waiting && now_us - c->since_us > ANSWER_US) {
        c->phase = CONNECTION_LOST;
        return gw_fail(err, -ETIMEDOUT, "broker %s:%u: no answer to %s within %d s",
                       c->config->broker.host, c->config->broker.port,
                       c->batches_open ? "SUBSCRIBE" : "CONNECT", ANSWER_US / 1000000);
    }
    return 0;
}
