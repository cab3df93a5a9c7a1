#include "ingest/batches.h"

#include <errno.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/loopback.h"
#include "base/strbuf.h"
#include "gw/log.h"
#include "ingest/batch_request.h"
#include "ingest/batch_split.h"

enum {
    CONNECTIONS_MAX = 800,
    CONNECTION_TIMEOUT_S = 30,
    RUNS_MAX = 64,                /* of one turn: TLS wants several */
    HELD_MAX = 256 * 1024 * 1024, /* of bodies that are coming in */
    PEM_MAX = 64 * 1024,
};

static const char retry_after_s[] = "5";
static const char priorities[] = "NORMAL:-VERS-TLS1.0:-VERS-TLS1.1";

struct batches {
    struct batches_setup setup;
    struct intake *intake;
    struct MHD_Daemon *daemon;
    struct gw_complaint refusal; /* of whichever gateway: another's success ends it not */
    struct gw_complaint archive;
    int fd;
    size_t held; /* bytes of bodies */
    char *certificate;
    char *key;
    char *ca;
    struct batch_part parts[BATCH_ELEMENTS_MAX];
};

/* --- one batch --------------------------------------------------------------------- */

/* By its type, as it came without a topic.  What has none goes on as "unknown", and is a
 * dead letter as any other that breaks the contract. */
static void name_topic(const struct batch_request *q, const struct batch_part *part,
                       char *ret, size_t room)
{
    json_t *body = json_loadb(part->text, part->size, JSON_REJECT_DUPLICATES, NULL);
    const char *type = json_string_value(json_object_get(body, "type"));
    const char *topic = type ? schema_set_topic(type) : NULL;
    (void)snprintf(ret, room, "campus/v1/%s/%s", q->gateway, topic ? topic : "unknown");
    json_decref(body);
}

static int add_all(struct batches *b, const struct batch_request *q, size_t count)
{
    int r = 0;
    for (size_t i = 0; r == 0 && i < count; i++) {
        char topic[MESSAGE_GATEWAY_MAX + 32];
        name_topic(q, &b->parts[i], topic, sizeof(topic));
        r = intake_add(b->intake, topic, b->parts[i].text, b->parts[i].size);
    }
    if (r < 0)
        intake_drop(b->intake);
    return r;
}

static int add_ack(void *ctx, const char *gateway, const char *body, struct gw_error *err)
{
    (void)gateway, (void)err; /* all of them are of the one that asks */
    struct strbuf *acks = ctx;
    if (acks->used > 0)
        strbuf_add(acks, ",");
    strbuf_add(acks, body);
    return 0;
}

static void archive_fault(struct batches *b, struct batch_request *q, const char *why)
{
    batch_request_refuse(q, MHD_HTTP_SERVICE_UNAVAILABLE, "the archive took nothing");
    gw_complain(&b->archive, (struct gw_subject){"ARCHIVE", "county"},
                "%s: the batch is given back to its gateway", why);
}

static void store(struct batches *b, struct batch_request *q, size_t count,
                  struct strbuf *acks)
{
    struct gw_error err;
    int r = intake_count(b->intake) > 0 ? -EAGAIN : add_all(b, q, count);
    if (r < 0) {
        batch_request_refuse(q, MHD_HTTP_SERVICE_UNAVAILABLE, "no room for it now");
        return;
    }
    if (count > 0)
        r = intake_store(b->intake, &err);
    if (r == 0 && count > 0)
        r = intake_answer(b->intake, add_ack, acks, &err);
    if (r < 0)
        archive_fault(b, q, err.text);
    else
        gw_relieve(&b->archive, (struct gw_subject){"ARCHIVE", "county"},
                   "written again");
}

/* returns the answer's body; NULL: out of memory, or it was refused */
static char *take(struct batches *b, struct batch_request *q)
{
    struct strbuf acks = {0};
    struct strbuf answer = {0};
    const char *text = q->body.text ? q->body.text : "";
    int count = batch_split(text, q->body.used, b->parts, BATCH_ELEMENTS_MAX);
    if (count == -E2BIG)
        batch_request_refuse(q, MHD_HTTP_CONTENT_TOO_LARGE, "more than 500 events");
    else if (count < 0)
        batch_request_refuse(q, MHD_HTTP_BAD_REQUEST, "the body is no JSON array");
    else
        store(b, q, (size_t)count, &acks);
    strbuf_format(&answer, "{\"acks\":[%s]}", acks.used > 0 ? acks.text : "");
    answer.has_failed |= acks.has_failed;
    strbuf_free(&acks);
    if (q->status == 0)
        return strbuf_take(&answer);
    strbuf_free(&answer);
    return NULL;
}

/* --- HTTP -------------------------------------------------------------------------- */

static enum MHD_Result reply(struct MHD_Connection *connection, unsigned status,
                             const char *type, char *text)
{
    struct MHD_Response *response =
        text ? MHD_create_response_from_buffer(strlen(text), text, MHD_RESPMEM_MUST_FREE)
             : NULL;
    if (!response) {
        free(text);
        return MHD_NO; /* the connection ends, and the gateway comes again */
    }
    (void)MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
    (void)MHD_add_response_header(response, MHD_HTTP_HEADER_ACCEPT_ENCODING, "gzip");
    if (status == MHD_HTTP_SERVICE_UNAVAILABLE)
        (void)MHD_add_response_header(response, MHD_HTTP_HEADER_RETRY_AFTER,
                                      retry_after_s);
    enum MHD_Result result = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result refuse(struct batches *b, const struct batch_request *q,
                              struct MHD_Connection *connection)
{
    struct strbuf text = {0};
    gw_complain(&b->refusal,
                (struct gw_subject){"GATEWAY", q->gateway[0] ? q->gateway : "unknown"},
                "a batch is refused: %s", q->why);
    strbuf_format(&text, "{\"status\":%u,\"title\":\"%s\"}", q->status, q->why);
    return reply(connection, q->status, "application/problem+json", strbuf_take(&text));
}

static enum MHD_Result finish(struct batches *b, struct batch_request *q,
                              struct MHD_Connection *connection)
{
    batch_request_unpack(q);
    char *answer = q->status == 0 ? take(b, q) : NULL;
    if (q->status != 0)
        return refuse(b, q, connection);
    return reply(connection, MHD_HTTP_OK, "application/json", answer);
}

static enum MHD_Result serve(void *ctx, struct MHD_Connection *connection,
                             const char *url, const char *method, const char *version,
                             const char *body, size_t *body_size, void **request)
{
    (void)version;
    struct batches *b = ctx;
    struct batch_request *q = *request;
    if (!q) {
        *request = batch_request_head(&b->setup, connection, url, method);
        return *request ? MHD_YES : MHD_NO;
    }
    size_t before = q->body.used;
    if (*body_size == 0) {
        enum MHD_Result result = finish(b, q, connection);
        b->held = b->held - before + q->body.used;
        return result;
    }
    if (b->held + *body_size > HELD_MAX)
        batch_request_refuse(q, MHD_HTTP_SERVICE_UNAVAILABLE, "no room for it now");
    batch_request_add(q, body, *body_size);
    b->held = b->held - before + q->body.used;
    *body_size = 0;
    return MHD_YES;
}

static void end(void *ctx, struct MHD_Connection *connection, void **request,
                enum MHD_RequestTerminationCode why)
{
    (void)connection, (void)why;
    struct batches *b = ctx;
    struct batch_request *q = *request;
    if (q)
        b->held -= q->body.used;
    *request = batch_request_free(q);
}

/* --- life -------------------------------------------------------------------------- */

static int read_pem(const char *option, const char *path, char **ret,
                    struct gw_error *err)
{
    FILE *file = fopen(path, "re");
    char *text = file ? calloc(1, PEM_MAX) : NULL;
    int r = file ? 0 : -errno;
    size_t size = text ? fread(text, 1, PEM_MAX - 1, file) : 0;
    if (file)
        (void)fclose(file);
    if (r == 0 && size > 0) {
        *ret = text;
        return 0;
    }
    free(text);
    return gw_fail(err, -EINVAL, "%s '%s': %s", option, path,
                   r < 0 ? strerror(-r) : "there is nothing in it");
}

static int check_setup(const struct batches_setup *s, struct gw_error *err)
{
    bool has_tls = s->certificate && s->key && s->ca;
    bool has_part = s->certificate || s->key || s->ca;
    if (has_part && !has_tls)
        return gw_fail(
            err, -EINVAL,
            "http: certificate, key and ca belong together (give all three, or "
            "none behind a proxy)");
    if (has_tls == (s->name_header != NULL))
        return gw_fail(err, -EINVAL,
                       "http: who asks must be known, by its certificate (give "
                       "certificate, key and ca) or by a proxy's header (give its name)");
    return 0;
}

static int read_files(struct batches *b, struct gw_error *err)
{
    if (!b->setup.certificate)
        return 0;
    int r = read_pem("http certificate", b->setup.certificate, &b->certificate, err);
    if (r == 0)
        r = read_pem("http key", b->setup.key, &b->key, err);
    return r == 0 ? read_pem("http ca", b->setup.ca, &b->ca, err) : r;
}

static int start(struct batches *b, int socket, struct gw_error *err)
{
    const struct MHD_OptionItem tls[] = {
        {MHD_OPTION_HTTPS_MEM_CERT, 0, b->certificate},
        {MHD_OPTION_HTTPS_MEM_KEY, 0, b->key},
        {MHD_OPTION_HTTPS_MEM_TRUST, 0, b->ca},
        {MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)(uintptr_t)priorities},
        {MHD_OPTION_END, 0, NULL},
    };
    unsigned flags = MHD_USE_EPOLL | (b->certificate ? MHD_USE_TLS : 0U);
    b->daemon = MHD_start_daemon(
        flags, 0, NULL, NULL, serve, b, MHD_OPTION_LISTEN_SOCKET, socket,
        MHD_OPTION_NOTIFY_COMPLETED, end, b, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)CONNECTIONS_MAX, MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)CONNECTION_TIMEOUT_S, MHD_OPTION_ARRAY,
        b->certificate ? tls : &tls[sizeof(tls) / sizeof(tls[0]) - 1], MHD_OPTION_END);
    if (!b->daemon)
        return gw_fail(err, -EIO,
                       "http '%s': the server did not start (are certificate and key a "
                       "pair?)",
                       b->setup.address);
    b->fd = MHD_get_daemon_info(b->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
    return 0;
}

/* Listens, and hands the descriptor to the server. */
static int listen_and_start(struct batches *b, struct gw_error *err)
{
    char url[LOOPBACK_TEXT_MAX];
    const char *address = b->setup.address;
    int socket = b->setup.certificate ? wide_listen("http", address, url, err)
                                      : loopback_listen("http", address, url, err);
    if (socket < 0)
        return socket;
    int r = start(b, socket, err);
    if (r < 0)
        (void)close(socket);
    else
        gw_log(GW_LOG_INFO, (struct gw_subject){0}, "batches at %s",
               strstr(url, "//") + 2);
    return r;
}

int batches_open(const struct batches_setup *setup, struct intake *intake,
                 struct batches **ret, struct gw_error *err)
{
    int r = check_setup(setup, err);
    if (r < 0)
        return r;
    struct batches *b = calloc(1, sizeof(*b));
    if (!b)
        return gw_fail(err, -ENOMEM, "http: out of memory");
    b->setup = *setup;
    b->intake = intake;
    r = read_files(b, err);
    if (r == 0)
        r = listen_and_start(b, err);
    if (r < 0) {
        batches_close(b);
        return r;
    }
    *ret = b;
    return 0;
}

struct batches *batches_close(struct batches *b)
{
    if (!b)
        return NULL;
    if (b->daemon)
        MHD_stop_daemon(b->daemon);
    if (b->key)
        explicit_bzero(b->key, strlen(b->key));
    free(b->certificate);
    free(b->key);
    free(b->ca);
    free(b);
    return NULL;
}

int batches_fd(const struct batches *b)
{
    return b->fd;
}

int batches_wait(const struct batches *b, int most_ms)
{
    MHD_UNSIGNED_LONG_LONG wait_ms = 0;
    if (MHD_get_timeout(b->daemon, &wait_ms) != MHD_YES)
        return most_ms;
    return wait_ms < (MHD_UNSIGNED_LONG_LONG)most_ms ? (int)wait_ms : most_ms;
}

void batches_turn(struct batches *b)
{
    for (int i = 0; i < RUNS_MAX; i++) {
        (void)MHD_run(b->daemon);
        if (batches_wait(b, 1) > 0)
            break;
    }
}
