#include "notify/notify_client.h"

#include <errno.h>
#include <mosquitto.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

enum {
    KEEPALIVE_S = 30,
    IN_FLIGHT = 20,    /* QoS 1 messages without PUBACK */
    READS_A_TURN = 64, /* packets */
};

static const int64_t answer_us = 10000000; /* CONNACK must be there by then */

struct notify_client {
    const struct notify_client_config *config;
    struct notify_client_events events;
    struct mosquitto *client;
    int64_t since_us;
    int in_flight;
    int refusal;      /* CONNACK's code */
    bool is_accepted; /* CONNACK came */
    bool is_connected;
};

static void on_connect(struct mosquitto *client, void *ctx, int code)
{
    (void)client;
    struct notify_client *c = ctx;
    c->refusal = code;
    c->is_accepted = code == 0;
}

static void on_publish(struct mosquitto *client, void *ctx, int mid)
{
    (void)client;
    (void)mid;
    struct notify_client *c = ctx;
    c->in_flight -= c->in_flight > 0;
}

/* A retained command would be carried out again at each connection. */
static void on_message(struct mosquitto *client, void *ctx,
                       const struct mosquitto_message *m)
{
    (void)client;
    struct notify_client *c = ctx;
    if (!m->retain)
        c->events.message(c->events.ctx, m->topic, m->payload, (size_t)m->payloadlen);
}

static int fail_rc(const struct notify_client *c, int rc, struct gw_error *err)
{
    const struct gw_broker *b = &c->config->broker;
    /* libmosquitto 2.0.11 has no words for a broker that is silent. */
    const char *cause = c->refusal                 ? mosquitto_connack_string(c->refusal)
                        : rc == MOSQ_ERR_KEEPALIVE ? "does not answer"
                        : rc == MOSQ_ERR_ERRNO     ? strerror(errno)
                                                   : mosquitto_strerror(rc);
    const int length = (int)strcspn(cause, "."); /* the sentence goes on after it */
    return gw_fail(err, -EIO, "broker %s:%u: %.*s", b->host, b->port, length, cause);
}

static int configure(struct notify_client *c, struct gw_error *err)
{
    const struct notify_client_config *config = c->config;
    char password[GW_BROKER_PASSWORD_MAX];
    int r = config->password_file
                ? gw_broker_password(config->password_file, password, err)
                : 0;
    if (r < 0)
        return r;
    int rc = mosquitto_int_option(c->client, MOSQ_OPT_TCP_NODELAY, 1);
    if (rc == MOSQ_ERR_SUCCESS && config->user)
        rc = mosquitto_username_pw_set(c->client, config->user,
                                       config->password_file ? password : NULL);
    explicit_bzero(password, sizeof(password));
    if (rc == MOSQ_ERR_SUCCESS)
        rc = mosquitto_will_set(c->client, config->will_topic, (int)strlen(config->will),
                                config->will, 1, true);
    mosquitto_connect_callback_set(c->client, on_connect);
    mosquitto_publish_callback_set(c->client, on_publish);
    mosquitto_message_callback_set(c->client, on_message);
    return rc == MOSQ_ERR_SUCCESS ? 0 : fail_rc(c, rc, err);
}

static int start(struct notify_client *c, struct gw_error *err)
{
    char numeric[GW_BROKER_NUMERIC_MAX];
    int r = gw_broker_resolve(&c->config->broker, c->config->attempt, numeric, err);
    if (r < 0)
        return r;
    int rc =
        mosquitto_connect_async(c->client, numeric, c->config->broker.port, KEEPALIVE_S);
    c->since_us = clock_machine_us();
    return rc == MOSQ_ERR_SUCCESS ? 0 : fail_rc(c, rc, err);
}

int notify_client_open(const struct notify_client_config *config,
                       const struct notify_client_events *events,
                       struct notify_client **ret, struct gw_error *err)
{
    struct notify_client *c = calloc(1, sizeof(*c));
    /* A clean session: commands that waited while we were away are not carried out. */
    struct mosquitto *client = c ? mosquitto_new(config->client_id, true, c) : NULL;
    if (!client) {
        free(c);
        return gw_fail(err, -ENOMEM, "broker %s: out of memory", config->broker.host);
    }
    *c = (struct notify_client){.config = config, .events = *events, .client = client};
    int r = configure(c, err);
    if (r == 0)
        r = start(c, err);
    if (r < 0) {
        notify_client_close(c, false);
        return r;
    }
    *ret = c;
    return 0;
}

struct notify_client *notify_client_close(struct notify_client *c, bool is_orderly)
{
    if (!c)
        return NULL;
    if (is_orderly && c->is_connected)
        (void)mosquitto_disconnect(c->client);
    mosquitto_destroy(c->client);
    free(c);
    return NULL;
}

int notify_client_fd(const struct notify_client *c)
{
    return mosquitto_socket(c->client);
}

bool notify_client_wants_write(const struct notify_client *c)
{
    return mosquitto_want_write(c->client);
}

bool notify_client_is_connected(const struct notify_client *c)
{
    return c->is_connected;
}

bool notify_client_can_take(const struct notify_client *c)
{
    return c->is_connected && c->in_flight < IN_FLIGHT && !notify_client_wants_write(c);
}

int notify_client_publish(struct notify_client *c, const char *topic, const char *payload,
                          int qos, struct gw_error *err)
{
    c->in_flight++; /* on_publish() of QoS 0 comes from within the call */
    int rc = mosquitto_publish(c->client, NULL, topic, (int)strlen(payload), payload, qos,
                               true);
    return rc == MOSQ_ERR_SUCCESS ? 0 : fail_rc(c, rc, err);
}

int notify_client_turn(struct notify_client *c, bool can_read, struct gw_error *err)
{
    int rc = MOSQ_ERR_SUCCESS;
    errno = 0;
    for (int i = 0;
         can_read && i < READS_A_TURN && rc == MOSQ_ERR_SUCCESS && errno != EAGAIN; i++) {
        errno = 0;
        rc = mosquitto_loop_read(c->client, 1);
    }
    if (rc == MOSQ_ERR_SUCCESS && c->is_accepted && !c->is_connected) {
        c->is_connected = true;
        rc = mosquitto_subscribe(c->client, NULL, c->config->subscribe, 1);
        c->events.connected(c->events.ctx);
    }
    if (rc == MOSQ_ERR_SUCCESS && notify_client_wants_write(c))
        rc = mosquitto_loop_write(c->client, 1);
    if (rc == MOSQ_ERR_SUCCESS)
        rc = mosquitto_loop_misc(c->client);
    if (rc != MOSQ_ERR_SUCCESS || c->refusal) {
        c->is_connected = false;
        return fail_rc(c, rc, err);
    }
    if (!c->is_connected && clock_machine_us() - c->since_us > answer_us)
        return gw_fail(err, -ETIMEDOUT, "broker %s:%u: no answer to CONNECT",
                       c->config->broker.host, c->config->broker.port);
    return 0;
}
