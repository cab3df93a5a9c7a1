#include "carrier.h"

#include <errno.h>
#include <mosquitto.h>
#include <stdlib.h>
#include <string.h>

#include "chance.h"

enum {
    QOS = 1,
    KEEPALIVE_S = 60,
    TAGS = 16384, /* of messages under way; libmosquitto counts ids up */
    TOPICS_AT_ONCE = 50,
    UNDER_WAY_MAX = 65535,
};

#define AGAIN_MAX_US INT64_C(2000000)

struct carrier {
    struct carrier_setup setup;
    struct mosquitto *client;
    uint64_t chance;
    uint64_t tags[TAGS];
    size_t asked; /* topics that were subscribed to */
    size_t granted;
    int64_t connect_us; /* the next try */
    bool is_accepted;   /* CONNACK came */
    bool is_ready;
};

static void on_connect(struct mosquitto *client, void *ctx, int code)
{
    (void)client;
    struct carrier *c = ctx;
    c->is_accepted = code == 0;
}

static void on_subscribe(struct mosquitto *client, void *ctx, int mid, int count,
                         const int *granted)
{
    (void)client;
    (void)mid;
    struct carrier *c = ctx;
    for (int i = 0; i < count; i++)
        c->granted += granted[i] == QOS;
    if (c->granted < c->setup.topic_count || c->is_ready)
        return;
    c->is_ready = true;
    c->setup.handler.ready(c->setup.handler.ctx);
}

static void on_publish(struct mosquitto *client, void *ctx, int mid)
{
    (void)client;
    struct carrier *c = ctx;
    uint64_t tag = c->tags[mid % TAGS];
    if (tag != 0)
        c->setup.handler.published(c->setup.handler.ctx, tag);
}

static void on_message(struct mosquitto *client, void *ctx,
                       const struct mosquitto_message *in)
{
    (void)client;
    struct carrier *c = ctx;
    c->setup.handler.message(c->setup.handler.ctx, in->topic, in->payload,
                             (size_t)in->payloadlen);
}

/* A client for each connection: what libmosquitto still holds would come beside what the
 * gateways send again themselves. */
static int make_client(struct carrier *c)
{
    c->client = mosquitto_new(c->setup.id, true, c);
    if (!c->client)
        return -ENOMEM;
    mosquitto_connect_callback_set(c->client, on_connect);
    mosquitto_subscribe_callback_set(c->client, on_subscribe);
    mosquitto_publish_callback_set(c->client, on_publish);
    mosquitto_message_callback_set(c->client, on_message);
    (void)mosquitto_int_option(c->client, MOSQ_OPT_TCP_NODELAY, 1);
    (void)mosquitto_int_option(c->client, MOSQ_OPT_SEND_MAXIMUM, UNDER_WAY_MAX);
    return 0;
}

int carrier_new(const struct carrier_setup *setup, struct carrier **ret)
{
    struct carrier *c = calloc(1, sizeof(*c));
    if (!c)
        return -ENOMEM;
    c->setup = *setup;
    c->chance = setup->chance;
    *ret = c;
    return 0;
}

struct carrier *carrier_free(struct carrier *c)
{
    if (c && c->client) {
        (void)mosquitto_disconnect(c->client);
        mosquitto_destroy(c->client);
    }
    free(c);
    return NULL;
}

static void lose(struct carrier *c, int64_t now_us)
{
    bool was_ready = c->is_ready;
    if (c->client)
        mosquitto_destroy(c->client);
    c->client = NULL;
    c->is_accepted = c->is_ready = false;
    c->asked = c->granted = 0;
    memset(c->tags, 0, sizeof(c->tags));
    c->connect_us = now_us + (int64_t)(chance_share(&c->chance) * (double)AGAIN_MAX_US);
    if (was_ready)
        c->setup.handler.lost(c->setup.handler.ctx);
}

void carrier_cut(struct carrier *c, int64_t now_us)
{
    if (c->client)
        lose(c, now_us);
}

void carrier_wait(struct carrier *c, int64_t now_us, struct pollfd *ret)
{
    *ret = (struct pollfd){.fd = -1, .events = POLLIN};
    if (!c->client && now_us >= c->connect_us
        && (make_client(c) < 0
            || mosquitto_connect_async(c->client, c->setup.host, c->setup.port,
                                       KEEPALIVE_S)
                   != MOSQ_ERR_SUCCESS))
        lose(c, now_us);
    if (!c->client)
        return;
    ret->fd = mosquitto_socket(c->client);
    if (mosquitto_want_write(c->client))
        ret->events |= POLLOUT;
}

static int subscribe_more(struct carrier *c)
{
    size_t count = c->setup.topic_count - c->asked;
    if (!c->is_accepted || count == 0)
        return MOSQ_ERR_SUCCESS;
    if (count > TOPICS_AT_ONCE)
        count = TOPICS_AT_ONCE;
    int r = mosquitto_subscribe_multiple(c->client, NULL, (int)count,
                                         c->setup.topics + c->asked, QOS, 0, NULL);
    c->asked += count;
    return r;
}

void carrier_exchange(struct carrier *c, int64_t now_us, short revents)
{
    if (!c->client)
        return;
    int r = MOSQ_ERR_SUCCESS;
    if (revents & (POLLIN | POLLHUP | POLLERR))
        r = mosquitto_loop_read(c->client, 1);
    if (r == MOSQ_ERR_SUCCESS)
        r = subscribe_more(c);
    if (r == MOSQ_ERR_SUCCESS && mosquitto_want_write(c->client))
        r = mosquitto_loop_write(c->client, 1);
    if (r == MOSQ_ERR_SUCCESS)
        r = mosquitto_loop_misc(c->client);
    if (r != MOSQ_ERR_SUCCESS)
        lose(c, now_us);
}

bool carrier_publish(struct carrier *c, const char *topic, const char *body,
                     bool is_retained, uint64_t tag)
{
    int mid = 0;
    if (!c->is_ready
        || mosquitto_publish(c->client, &mid, topic, (int)strlen(body), body, QOS,
                             is_retained)
               != MOSQ_ERR_SUCCESS)
        return false;
    c->tags[mid % TAGS] = tag;
    return true;
}
