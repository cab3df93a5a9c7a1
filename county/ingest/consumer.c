#include "ingest/consumer.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

#include "gw/log.h"
#include "ingest/contract_topics.h"
#include "ingest/message.h"
#include "ingest/rabbitmq.h"

enum {
    CHANNEL = 1,
    CONNECT_S = 5,
    HEARTBEAT_S = 30,
    TOPIC_MAX = 256, /* a routing key has at most 255 bytes */
};

static const char exchange[] = "amq.topic";

/* consumer - url is taken apart in url_text, which libraries write into.
 * delivery_tag  of the last message of the batch */
struct consumer {
    struct feed feed;
    struct intake *intake;
    const struct feed_source *source;
    char *url_text;
    struct amqp_connection_info url;
    amqp_connection_state_t connection; /* NULL = none */
    struct gw_complaint link_complaint;
    struct gw_complaint archive_complaint;
    struct backoff backoff;
    uint64_t delivery_tag;
    bool is_behind; /* the last batch was full: TLS may hold more than the socket shows */
};

static struct consumer *own(struct feed *feed)
{
    return (struct consumer *)feed;
}

static struct gw_subject broker_of(const struct consumer *c)
{
    return (struct gw_subject){"BROKER", c->url.host};
}

/* What the server said when it closed the channel or the connection. */
static int closed(const amqp_method_t *method, struct gw_error *err)
{
    amqp_bytes_t text = amqp_cstring_bytes("closed by the server");
    if (method->id == AMQP_CHANNEL_CLOSE_METHOD)
        text = ((const amqp_channel_close_t *)method->decoded)->reply_text;
    else if (method->id == AMQP_CONNECTION_CLOSE_METHOD)
        text = ((const amqp_connection_close_t *)method->decoded)->reply_text;
    return gw_fail(err, -EIO, "%.*s", (int)text.len, (const char *)text.bytes);
}

static int judge(amqp_rpc_reply_t reply, struct gw_error *err)
{
    switch (reply.reply_type) {
    case AMQP_RESPONSE_NORMAL:
        return 0;
    case AMQP_RESPONSE_SERVER_EXCEPTION:
        return closed(&reply.reply, err);
    default:
        return gw_fail(err, -EIO, "%s", amqp_error_string2(reply.library_error));
    }
}

/* Without a word: what was read and not acknowledged goes back into the queue. */
static void hang_up(struct consumer *c)
{
    if (c->connection)
        (void)amqp_destroy_connection(c->connection);
    c->connection = NULL;
    intake_drop(c->intake);
}

static void lose_link(struct consumer *c, const char *why)
{
    hang_up(c);
    gw_complain(&c->link_complaint, broker_of(c), "%s: connecting again in %.1f s", why,
                backoff_fail(&c->backoff));
}

/* The server's certificate and its name are checked, as librabbitmq does unless told
 * else. */
static int make_socket(struct consumer *c, amqp_socket_t **ret, struct gw_error *err)
{
    const struct feed_source *source = c->source;
    c->connection = amqp_new_connection();
    if (!c->connection)
        return gw_fail(err, -ENOMEM, "out of memory");
    amqp_socket_t *socket = c->url.ssl ? amqp_ssl_socket_new(c->connection)
                                       : amqp_tcp_socket_new(c->connection);
    if (!socket)
        return gw_fail(err, -ENOMEM, "out of memory");
    *ret = socket;
    if (!c->url.ssl)
        return 0;
    int r = amqp_ssl_socket_set_ssl_versions(socket, AMQP_TLSv1_2, AMQP_TLSvLATEST);
    if (r == AMQP_STATUS_OK)
        r = amqp_ssl_socket_set_cacert(socket, source->ca);
    if (r == AMQP_STATUS_OK && source->certificate)
        r = amqp_ssl_socket_set_key(socket, source->certificate, source->key);
    return r == AMQP_STATUS_OK
               ? 0
               : gw_fail(err, -EIO, "ca, certificate or key: %s", amqp_error_string2(r));
}

/* present - who it is: of the options, or else of the address. */
static int present(struct consumer *c, struct gw_error *err)
{
    char password[GW_BROKER_PASSWORD_MAX];
    int r = feed_password(c->source, password, err);
    if (r < 0)
        return r;
    const char *user = c->source->user;
    r = judge(amqp_login(c->connection, c->url.vhost, 0, AMQP_DEFAULT_FRAME_SIZE,
                         HEARTBEAT_S, AMQP_SASL_METHOD_PLAIN, user ? user : c->url.user,
                         user ? password : c->url.password),
              err);
    explicit_bzero(password, sizeof(password));
    return r;
}

static int log_in(struct consumer *c, struct gw_error *err)
{
    struct timeval patience = {.tv_sec = CONNECT_S};
    amqp_socket_t *socket = NULL;
    int r = make_socket(c, &socket, err);
    if (r < 0)
        return r;
    r = amqp_socket_open_noblock(socket, c->url.host, c->url.port, &patience);
    if (r != AMQP_STATUS_OK)
        return gw_fail(err, -EIO, "%s", amqp_error_string2(r));
    (void)amqp_set_handshake_timeout(c->connection, &patience);
    (void)amqp_set_rpc_timeout(c->connection, &(struct timeval){.tv_sec = 30});
    return present(c, err);
}

static int last_reply(const struct consumer *c, struct gw_error *err)
{
    return judge(amqp_get_rpc_reply(c->connection), err);
}

static int declare_queue(struct consumer *c, struct gw_error *err)
{
    amqp_table_entry_t entry = {
        .key = amqp_cstring_bytes("x-queue-type"),
        .value = {.kind = AMQP_FIELD_KIND_UTF8,
                  .value.bytes = amqp_cstring_bytes("quorum")},
    };
    amqp_table_t arguments = {.num_entries = 1, .entries = &entry};
    (void)amqp_queue_declare(c->connection, CHANNEL, amqp_cstring_bytes(c->source->name),
                             0, 1, 0, 0, arguments);
    return last_reply(c, err);
}

static int bind_queue(struct consumer *c, struct gw_error *err)
{
    int r = 0;
    for (size_t i = 0; r == 0 && i < CONTRACT_TOPICS; i++) {
        char key[40];
        (void)snprintf(key, sizeof(key), "campus.v1.*.*.#.%s", contract_topics[i]);
        (void)amqp_queue_bind(c->connection, CHANNEL, amqp_cstring_bytes(c->source->name),
                              amqp_cstring_bytes(exchange), amqp_cstring_bytes(key),
                              amqp_empty_table);
        r = last_reply(c, err);
    }
    return r;
}

static int consume(struct consumer *c, struct gw_error *err)
{
    (void)amqp_basic_qos(c->connection, CHANNEL, 0, INTAKE_BATCH_MAX, 0);
    int r = last_reply(c, err);
    if (r < 0)
        return r;
    (void)amqp_basic_consume(c->connection, CHANNEL, amqp_cstring_bytes(c->source->name),
                             amqp_empty_bytes, 0, 0, 0, amqp_empty_table);
    return last_reply(c, err);
}

static int connect_to(struct consumer *c, struct gw_error *err)
{
    int r = log_in(c, err);
    if (r < 0)
        return r;
    (void)amqp_channel_open(c->connection, CHANNEL);
    r = last_reply(c, err);
    if (r == 0)
        r = declare_queue(c, err);
    if (r == 0)
        r = bind_queue(c, err);
    return r == 0 ? consume(c, err) : r;
}

static void connect_when_due(struct consumer *c)
{
    struct gw_error err;
    if (!backoff_is_due(&c->backoff))
        return;
    if (connect_to(c, &err) < 0) {
        lose_link(c, err.text);
        return;
    }
    backoff_begin(&c->backoff);
    gw_relieve(&c->link_complaint, broker_of(c), "connected");
}

/* RabbitMQ's plugin has written '.' for '/'; a '.' of its own can only be in the fifth
 * level, the gateway's id. */
static void topic_of(amqp_bytes_t key, char ret[TOPIC_MAX])
{
    size_t used = key.len < TOPIC_MAX ? key.len : TOPIC_MAX - 1;
    size_t level = 1;
    memcpy(ret, key.bytes, used);
    ret[used] = '\0';
    char *last = strrchr(ret, '.');
    for (char *c = ret; *c; c++)
        if (*c == '.' && (++level <= 5 || c == last))
            *c = '/';
}

static void key_of(const char *topic, char ret[TOPIC_MAX])
{
    (void)snprintf(ret, TOPIC_MAX, "%s", topic);
    for (char *c = ret; *c; c++)
        if (*c == '/')
            *c = '.';
}

static int take(struct consumer *c, const amqp_envelope_t *envelope)
{
    char topic[TOPIC_MAX];
    topic_of(envelope->routing_key, topic);
    c->delivery_tag = envelope->delivery_tag;
    return intake_add(c->intake, topic, envelope->message.body.bytes,
                      envelope->message.body.len);
}

/* Reads until the queue is quiet or the batch is full.
 * returns 0; -ENOMEM; or -EIO when the link is lost */
static int read_batch(struct consumer *c, struct gw_error *err)
{
    while (!intake_is_full(c->intake)) {
        amqp_envelope_t envelope;
        amqp_maybe_release_buffers(c->connection);
        amqp_rpc_reply_t reply =
            amqp_consume_message(c->connection, &envelope, &(struct timeval){0}, 0);
        if (reply.reply_type == AMQP_RESPONSE_LIBRARY_EXCEPTION
            && reply.library_error == AMQP_STATUS_TIMEOUT)
            return 0;
        if (reply.reply_type == AMQP_RESPONSE_LIBRARY_EXCEPTION
            && reply.library_error == AMQP_STATUS_UNEXPECTED_STATE)
            return gw_fail(err, -EIO, "the server ended the channel or the queue");
        int r = judge(reply, err);
        if (r < 0)
            return r;
        r = take(c, &envelope);
        amqp_destroy_envelope(&envelope);
        if (r < 0)
            return gw_fail(err, r, "out of memory");
    }
    return 0;
}

static int consumer_publish(struct feed *feed, const char *gateway, const char *topic,
                            const char *body, struct gw_error *err)
{
    struct consumer *c = own(feed);
    char name[MESSAGE_GATEWAY_MAX + 20];
    char key[TOPIC_MAX];
    (void)snprintf(name, sizeof(name), "campus/v1/%s/%s", gateway, topic);
    if (!c->connection)
        return gw_fail(err, -ENOTCONN, "%s: the broker is away", name);
    key_of(name, key);
    amqp_basic_properties_t properties = {
        ._flags = AMQP_BASIC_DELIVERY_MODE_FLAG,
        .delivery_mode = AMQP_DELIVERY_PERSISTENT,
    };
    int r = amqp_basic_publish(c->connection, CHANNEL, amqp_cstring_bytes(exchange),
                               amqp_cstring_bytes(key), 0, 0, &properties,
                               amqp_cstring_bytes(body));
    return r == AMQP_STATUS_OK
               ? 0
               : gw_fail(err, -EIO, "%s: %s", name, amqp_error_string2(r));
}

static int publish_answer(void *ctx, const char *gateway, const char *body,
                          struct gw_error *err)
{
    return consumer_publish(ctx, gateway, "ack", body, err);
}

/* Stores, answers, and lets the queue forget the batch. */
static int finish_batch(struct consumer *c, struct gw_error *err)
{
    int r = intake_store(c->intake, err);
    if (r < 0) {
        gw_complain(&c->archive_complaint, (struct gw_subject){"ARCHIVE", "county"},
                    "%s: the batch is given back to the broker", err->text);
        return gw_fail(err, -EIO, "the archive took nothing");
    }
    gw_relieve(&c->archive_complaint, (struct gw_subject){"ARCHIVE", "county"},
               "written again");
    r = intake_answer(c->intake, publish_answer, &c->feed, err);
    if (r < 0)
        return r;
    int status = amqp_basic_ack(c->connection, CHANNEL, c->delivery_tag, 1);
    return status == AMQP_STATUS_OK
               ? 0
               : gw_fail(err, -EIO, "%s", amqp_error_string2(status));
}

static bool has_read_ahead(const struct consumer *c)
{
    return c->is_behind || amqp_frames_enqueued(c->connection)
           || amqp_data_in_buffer(c->connection);
}

static int consumer_turn(struct feed *feed, int wake_fd, int timeout_ms,
                         struct gw_error *err)
{
    struct consumer *c = own(feed);
    if (!c->connection)
        connect_when_due(c);
    struct pollfd fds[2] = {
        {.fd = wake_fd, .events = POLLIN},
        {.fd = c->connection ? amqp_get_sockfd(c->connection) : -1, .events = POLLIN}};
    if (c->connection && has_read_ahead(c))
        timeout_ms = 0;
    else if (!c->connection && timeout_ms > 100)
        timeout_ms = 100; /* soon enough for the shortest wait before a reconnect */
    if (poll(fds, 2, timeout_ms) < 0 && errno != EINTR)
        return gw_fail(err, -errno, "poll: %s", strerror(errno));
    if (!c->connection)
        return 0;
    struct gw_error fault;
    int r = read_batch(c, &fault);
    c->is_behind = intake_is_full(c->intake);
    if (r == 0 && intake_count(c->intake) > 0)
        r = finish_batch(c, &fault);
    if (r == -ENOMEM)
        return gw_fail(err, r, "consumer: out of memory");
    if (r < 0)
        lose_link(c, fault.text);
    return 0;
}

static void consumer_free(struct feed *feed)
{
    struct consumer *c = own(feed);
    hang_up(c);
    explicit_bzero(c->url_text, strlen(c->url_text));
    free(c->url_text);
    free(c);
}

static bool consumer_is_up(const struct feed *feed)
{
    return ((const struct consumer *)feed)->connection != NULL;
}

static const struct feed_kind consumer_kind = {
    .is_up = consumer_is_up,
    .publish = consumer_publish,
    .turn = consumer_turn,
    .free = consumer_free,
};

static int read_url(struct consumer *c, const char *url, struct gw_error *err)
{
    c->url_text = strdup(url);
    if (!c->url_text)
        return gw_fail(err, -ENOMEM, "consumer: out of memory");
    amqp_default_connection_info(&c->url);
    int r = amqp_parse_url(c->url_text, &c->url);
    if (r == AMQP_STATUS_OK && c->source->user && strchr(url, '@'))
        return gw_fail(err, -EINVAL,
                       "user: the broker's address has one (allowed: one of the two)");
    if (r == AMQP_STATUS_OK)
        return 0;
    return gw_fail(err, -EINVAL,
                   "broker: must be mqtt://HOST[:PORT] or "
                   "amqp://[USER:PASSWORD@]HOST[:PORT][/VHOST], or mqtts, amqps");
}

int consumer_new(const struct feed_source *source, struct intake *intake,
                 struct feed **ret, struct gw_error *err)
{
    struct consumer *c = calloc(1, sizeof(*c));
    if (!c)
        return gw_fail(err, -ENOMEM, "consumer: out of memory");
    c->feed.kind = &consumer_kind;
    c->intake = intake;
    c->source = source;
    backoff_begin(&c->backoff);
    int r = read_url(c, source->url, err);
    if (r < 0) {
        free(c->url_text);
        free(c);
        return r;
    }
    *ret = &c->feed;
    return 0;
}
