#include "uplink/link.h"

#include <errno.h>
#include <mosquitto.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "gw/broker.h"

#include "uplink/mapping.h"

enum {
    QOS = 1,
    KEEPALIVE_S = 20,
    USER_TIMEOUT_MS = 15000, /* unacknowledged bytes end the TCP connection */
    SPARE_INFLIGHT = 10,     /* birth and state beside the rows */
    CLIENT_ID_MAX = 512,
};

#define HANDSHAKE_TURN_US INT64_C(20000)

struct link {
    struct mosquitto *client;
    struct link_handler handler;
    char ack_topic[256]; /* "" = none */
    char cmd_topic[256]; /* likewise */
    int cmd_mid;         /* of its SUBSCRIBE, until the answer; 0 = none waits */
    char fault[320];     /* said by a callback: the link is lost */
    bool is_tls;
    bool has_answered; /* something came from the broker */
    bool is_connected; /* CONNACK came */
    bool has_subscribed;
    bool has_asked_commands;
    bool is_ready;
};

static int lost(const struct link *l, int code, struct gw_error *err)
{
    if (l->fault[0])
        return gw_fail(err, -ECONNREFUSED, "%s", l->fault);
    const char *why = code == MOSQ_ERR_ERRNO ? strerror(errno) : mosquitto_strerror(code);
    if (code == MOSQ_ERR_KEEPALIVE)
        why = "the broker is silent"; /* libmosquitto 2.0.11 has no words for it */
    /* in TLS a broker may close without saying so */
    bool is_closed = code == MOSQ_ERR_CONN_LOST
                     || (code == MOSQ_ERR_ERRNO && errno == EPROTO && l->is_ready);
    if (is_closed)
        why = "the broker has closed the connection";
    const int length = (int)strcspn(why, "."); /* the sentence goes on after it */
    int r = code == MOSQ_ERR_NOMEM ? -ENOMEM : is_closed ? -ECONNRESET : -ENOTCONN;
    return gw_fail(err, r, "%.*s", length, why);
}

static void become_ready(struct link *l)
{
    l->is_ready = true;
    l->handler.ready(l->handler.ctx);
}

static void on_connect(struct mosquitto *client, void *ctx, int code)
{
    (void)client;
    struct link *l = ctx;
    if (code != 0)
        (void)snprintf(l->fault, sizeof(l->fault), "refused: %s",
                       mosquitto_connack_string(code));
    l->is_connected = code == 0;
    if (l->is_connected && !l->ack_topic[0])
        become_ready(l);
}

static void on_subscribe(struct mosquitto *client, void *ctx, int mid, int count,
                         const int *granted)
{
    (void)client;
    struct link *l = ctx;
    bool is_granted = count > 0 && granted[0] == QOS;
    if (mid == l->cmd_mid) {
        l->cmd_mid = 0;
        l->handler.commands(l->handler.ctx, is_granted);
        return;
    }
    if (!is_granted) {
        (void)snprintf(l->fault, sizeof(l->fault), "may not read %s", l->ack_topic);
        return;
    }
    become_ready(l);
}

static void on_publish(struct mosquitto *client, void *ctx, int mid)
{
    (void)client;
    struct link *l = ctx;
    l->handler.published(l->handler.ctx, mid);
}

static void on_message(struct mosquitto *client, void *ctx,
                       const struct mosquitto_message *in)
{
    (void)client;
    struct link *l = ctx;
    bool is_command = strcmp(in->topic, l->cmd_topic) == 0;
    (is_command ? l->handler.command : l->handler.message)(l->handler.ctx, in->payload,
                                                           (size_t)in->payloadlen);
}

static int set_tls(struct link *l, const struct credentials *c, struct gw_error *err)
{
    int r = mosquitto_tls_set(l->client, credentials_path(c, CREDENTIAL_CA), NULL,
                              credentials_path(c, CREDENTIAL_CERTIFICATE),
                              credentials_path(c, CREDENTIAL_KEY), NULL);
    return r == MOSQ_ERR_SUCCESS
               ? 0
               : gw_fail(err, -EINVAL, "county.ca, certificate or key: %s",
                         mosquitto_strerror(r));
}

static int set_login(struct link *l, const struct county_config *config,
                     struct gw_error *err)
{
    if (!config->user)
        return 0;
    char password[GW_BROKER_PASSWORD_MAX] = "";
    int r = config->password_file
                ? gw_broker_password(config->password_file, password, err)
                : 0;
    if (r < 0)
        return r;
    r = mosquitto_username_pw_set(l->client, config->user, password);
    explicit_bzero(password, sizeof(password));
    return r == MOSQ_ERR_SUCCESS ? 0 : gw_fail(err, -EINVAL, "county.user: not UTF-8");
}

static void name_client(const struct county_config *config, char ret[CLIENT_ID_MAX])
{
    const char *wanted = config->mapping ? mapping_client_id(config->mapping) : NULL;
    if (wanted)
        (void)snprintf(ret, CLIENT_ID_MAX, "%s", wanted);
    else
        (void)snprintf(ret, CLIENT_ID_MAX, "gateway-%s-%s", config->school,
                       config->gateway);
}

void link_contest(const struct county_config *config, size_t size, char ret[])
{
    char id[CLIENT_ID_MAX];
    name_client(config, id);
    (void)snprintf(
        ret, size,
        "the broker closes every connection soon: is the client id '%.80s' used "
        "twice (a copied card, a second gateway with this gateway.id)?",
        id);
}

static int set_up(struct link *l, const struct link_setup *setup, struct gw_error *err)
{
    const struct county_config *config = setup->config;
    char id[CLIENT_ID_MAX];
    name_client(config, id);
    l->client = mosquitto_new(id, true, l);
    if (!l->client)
        return gw_fail(err, -ENOMEM, "out of memory");
    mosquitto_connect_callback_set(l->client, on_connect);
    mosquitto_subscribe_callback_set(l->client, on_subscribe);
    mosquitto_publish_callback_set(l->client, on_publish);
    mosquitto_message_callback_set(l->client, on_message);
    (void)mosquitto_int_option(l->client, MOSQ_OPT_TCP_NODELAY, 1);
    (void)mosquitto_int_option(l->client, MOSQ_OPT_SEND_MAXIMUM,
                               (int)config->window + SPARE_INFLIGHT);
    const struct letter *will = setup->will;
    if (will
        && mosquitto_will_set(l->client, will->topic, (int)will->size, will->body, QOS,
                              will->is_retained)
               != MOSQ_ERR_SUCCESS)
        return gw_fail(err, -EINVAL, "the last will does not fit");
    int r = l->is_tls ? set_tls(l, setup->credentials, err) : 0;
    return r == 0 ? set_login(l, config, err) : r;
}

/* Of a name's addresses libmosquitto takes the first that does not refuse at once, for
 * ever, and TLS must be given the name.  Where IPv6 leads nowhere, every second attempt
 * gets there: what is bound to an IPv4 address connects to such only. */
static int connect_to(struct link *l, const struct gw_broker *broker, unsigned attempt,
                      struct gw_error *err)
{
    const char *from = attempt % 2 ? "0.0.0.0" : NULL;
    int r = mosquitto_connect_bind_async(l->client, broker->host, broker->port,
                                         KEEPALIVE_S, from);
    if (r != MOSQ_ERR_SUCCESS)
        return lost(l, r, err);
    int timeout_ms = USER_TIMEOUT_MS;
    (void)setsockopt(mosquitto_socket(l->client), IPPROTO_TCP, TCP_USER_TIMEOUT,
                     &timeout_ms, sizeof(timeout_ms)); /* else the kernel's default */
    return 0;
}

int link_open(const struct link_setup *setup, struct link **ret, struct gw_error *err)
{
    struct gw_broker broker;
    int r = gw_broker_read(setup->config->broker, GW_BROKER_ANY, &broker, err);
    if (r < 0)
        return r;
    struct link *l = calloc(1, sizeof(*l));
    if (!l)
        return gw_fail(err, -ENOMEM, "out of memory");
    l->handler = setup->handler;
    l->is_tls = broker.is_tls;
    (void)snprintf(l->ack_topic, sizeof(l->ack_topic), "%s",
                   setup->ack_topic ? setup->ack_topic : "");
    (void)snprintf(l->cmd_topic, sizeof(l->cmd_topic), "%s",
                   setup->cmd_topic ? setup->cmd_topic : "");
    r = set_up(l, setup, err);
    if (r == 0)
        r = connect_to(l, &broker, setup->attempt, err);
    if (r < 0) {
        link_close(l, false);
        return r;
    }
    *ret = l;
    return 0;
}

/* While TLS shakes hands, libmosquitto always wants to write but must not: it is asked
 * every 20 ms instead of for as long as the socket could be written. */
static bool is_shaking_hands(const struct link *l)
{
    return l->is_tls && !l->is_connected;
}

int64_t link_wait(const struct link *l, struct pollfd *ret)
{
    *ret = (struct pollfd){.fd = mosquitto_socket(l->client), .events = POLLIN};
    if (is_shaking_hands(l))
        return HANDSHAKE_TURN_US;
    if (mosquitto_want_write(l->client))
        ret->events |= POLLOUT;
    return LINK_TURN_US;
}

/* Acknowledgements first: they do not need orders. */
static int subscribe(struct link *l)
{
    int r = MOSQ_ERR_SUCCESS;
    if (l->is_connected && l->ack_topic[0] && !l->has_subscribed) {
        r = mosquitto_subscribe(l->client, NULL, l->ack_topic, QOS);
        l->has_subscribed = true;
    } else if (l->is_ready && l->cmd_topic[0] && !l->has_asked_commands) {
        r = mosquitto_subscribe(l->client, &l->cmd_mid, l->cmd_topic, QOS);
        l->has_asked_commands = true;
    }
    return r;
}

bool link_awaits_commands(const struct link *l)
{
    return l->cmd_mid != 0;
}

bool link_is_refused(const struct link *l)
{
    return l->has_answered && !l->is_connected;
}

int link_exchange(struct link *l, short revents, struct gw_error *err)
{
    int r = MOSQ_ERR_SUCCESS;
    if (revents & POLLIN && !(revents & POLLERR)) /* both: nobody listens there */
        l->has_answered = true;
    if (revents & (POLLIN | POLLHUP | POLLERR))
        r = mosquitto_loop_read(l->client, 1);
    if (r == MOSQ_ERR_SUCCESS)
        r = subscribe(l);
    if (r == MOSQ_ERR_SUCCESS && (revents & POLLOUT || is_shaking_hands(l)))
        r = mosquitto_loop_write(l->client, 1);
    if (r == MOSQ_ERR_SUCCESS)
        r = mosquitto_loop_misc(l->client);
    return r == MOSQ_ERR_SUCCESS && !l->fault[0] ? 0 : lost(l, r, err);
}

int link_publish(struct link *l, const struct letter *letter, int *ret_mid,
                 struct gw_error *err)
{
    /* Given to libmosquitto while disconnected, a message would be kept and sent later,
     * when the row is sent again anyway. */
    if (!l->is_ready || mosquitto_socket(l->client) < 0)
        return gw_fail(err, -ENOTCONN, "not connected");
    int r = mosquitto_publish(l->client, ret_mid, letter->topic, (int)letter->size,
                              letter->body, QOS, letter->is_retained);
    return r == MOSQ_ERR_SUCCESS ? 0 : lost(l, r, err);
}

struct link *link_close(struct link *l, bool in_order)
{
    if (!l)
        return NULL;
    if (l->client && in_order)
        (void)mosquitto_disconnect(
            l->client); /* the broker's timeout ends it otherwise */
    if (l->client)
        mosquitto_destroy(l->client);
    free(l);
    return NULL;
}
