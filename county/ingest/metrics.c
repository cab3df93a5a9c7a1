#include "ingest/metrics.h"

#include <errno.h>
#include <inttypes.h>
#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/loopback.h"
#include "base/strbuf.h"
#include "gw/log.h"

enum {
    CONNECTIONS_MAX = 8,
    CONNECTION_TIMEOUT_S = 10,
    RUNS_MAX = 16, /* of one turn: a connection wants several */
};

struct metrics {
    const struct intake *intake;
    const struct requester *requester; /* NULL = nothing is asked for */
    struct archive *archive;
    struct MHD_Daemon *daemon;
    int fd;
    bool is_broker_up;
};

struct figure {
    const char *name;
    const char *type;
    const char *help;
    uint64_t value;
};

static void write_figures(struct strbuf *out, const struct figure *figures, size_t count)
{
    for (size_t i = 0; i < count; i++)
        strbuf_format(out, "# HELP %s %s\n# TYPE %s %s\n%s %" PRIu64 "\n",
                      figures[i].name, figures[i].help, figures[i].name, figures[i].type,
                      figures[i].name, figures[i].value);
}

static void write_counts(struct strbuf *out, const struct intake_counts *c)
{
    const struct figure figures[] = {
        {"campus_county_messages_total", "counter", "messages received", c->messages},
        {"campus_county_stored_total", "counter", "rows stored", c->stored},
        {"campus_county_copies_total", "counter", "copies of what was there",
         c->repeated},
        {"campus_county_conflicts_total", "counter", "other bodies under a known key",
         c->conflicts},
        {"campus_county_invalid_total", "counter", "messages against the contract",
         c->invalid},
        {"campus_county_batches_total", "counter", "batches committed", c->batches},
        {"campus_county_batches_returned_total", "counter",
         "batches given back to the broker", c->returned},
    };
    write_figures(out, figures, sizeof(figures) / sizeof(figures[0]));
}

static void write_lag(struct strbuf *out, const struct intake_counts *c)
{
    static const char name[] = "campus_county_lag_seconds";
    uint64_t sum = 0;
    strbuf_format(out,
                  "# HELP %s from the time of an event to its storing\n"
                  "# TYPE %s histogram\n",
                  name, name);
    for (size_t i = 0; i < INTAKE_LAGS; i++) {
        sum += c->lags[i];
        strbuf_format(out, "%s_bucket{le=\"%d\"} %" PRIu64 "\n", name,
                      intake_lag_limits_s[i], sum);
    }
    sum += c->lags[INTAKE_LAGS];
    strbuf_format(out, "%s_bucket{le=\"+Inf\"} %" PRIu64 "\n%s_sum %.3f\n", name, sum,
                  name, c->lag_sum_s);
    strbuf_format(out, "%s_count %" PRIu64 "\n", name, sum);
}

static void write_commands(struct strbuf *out, const struct requester *requester)
{
    const struct figure figure = {"campus_county_commands_total", "counter",
                                  "commands sent to gateways",
                                  requester ? requester_commands(requester) : 0};
    write_figures(out, &figure, 1);
}

static void write_broker(struct strbuf *out, bool is_up)
{
    const struct figure figure = {"campus_county_broker_up", "gauge",
                                  "1 while the broker is connected", is_up};
    write_figures(out, &figure, 1);
}

/* What an archive that is away cannot say is left out. */
static void write_archive(struct strbuf *out, struct archive *archive)
{
    struct archive_counts c = {0};
    bool is_up = archive_count(archive, &c, NULL) == 0;
    const struct figure figures[] = {
        {"campus_county_archive_up", "gauge", "1 while the database answers", is_up},
        {"campus_county_rows", "gauge", "rows in the database", c.rows},
        {"campus_county_dead_letters", "gauge", "dead letters kept", c.dead_letters},
        {"campus_county_gaps", "gauge", "holes in the ranges of all gateways", c.gaps},
        {"campus_county_missing", "gauge", "messages missing in them", c.missing},
        {"campus_county_asked", "gauge", "of these, asked for", c.asked},
        {"campus_county_gone", "gauge", "messages that will never come", c.gone},
    };
    write_figures(out, figures, is_up ? sizeof(figures) / sizeof(figures[0]) : 1);
}

static char *write_text(const struct metrics *m)
{
    struct strbuf out = {0};
    struct intake_counts counts = intake_counts(m->intake);
    write_counts(&out, &counts);
    write_lag(&out, &counts);
    write_commands(&out, m->requester);
    write_broker(&out, m->is_broker_up);
    write_archive(&out, m->archive);
    return strbuf_take(&out);
}

static enum MHD_Result reply(struct MHD_Connection *connection, unsigned status,
                             char *text)
{
    struct MHD_Response *response =
        text ? MHD_create_response_from_buffer(strlen(text), text, MHD_RESPMEM_MUST_FREE)
             : NULL;
    if (!response) {
        free(text);
        return MHD_NO;
    }
    (void)MHD_add_response_header(response, "Content-Type",
                                  "text/plain; version=0.0.4; charset=utf-8");
    enum MHD_Result result = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result serve(void *ctx, struct MHD_Connection *connection,
                             const char *url, const char *method, const char *version,
                             const char *body, size_t *body_size, void **request)
{
    (void)version, (void)body, (void)body_size, (void)request;
    bool is_read = strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0;
    if (!is_read)
        return reply(connection, MHD_HTTP_METHOD_NOT_ALLOWED, strdup("GET only\n"));
    if (strcmp(url, "/metrics") != 0)
        return reply(connection, MHD_HTTP_NOT_FOUND, strdup("/metrics\n"));
    return reply(connection, MHD_HTTP_OK, write_text(ctx));
}

int metrics_open(const char *address, const struct intake *intake,
                 const struct requester *requester, struct archive *archive,
                 struct metrics **ret, struct gw_error *err)
{
    char url[LOOPBACK_TEXT_MAX];
    int socket = loopback_listen("metrics", address, url, err);
    if (socket < 0)
        return socket;
    struct metrics *m = calloc(1, sizeof(*m));
    if (m)
        m->daemon = MHD_start_daemon(
            MHD_USE_EPOLL, 0, NULL, NULL, serve, m, MHD_OPTION_LISTEN_SOCKET, socket,
            MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_MAX,
            MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)CONNECTION_TIMEOUT_S,
            MHD_OPTION_END);
    if (!m || !m->daemon) {
        (void)close(socket);
        free(m);
        return gw_fail(err, -EIO, "metrics '%s': the server did not start", address);
    }
    m->intake = intake;
    m->requester = requester;
    m->archive = archive;
    m->fd = MHD_get_daemon_info(m->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
    *ret = m;
    gw_log(GW_LOG_INFO, (struct gw_subject){0}, "figures at %smetrics", url);
    return 0;
}

struct metrics *metrics_close(struct metrics *m)
{
    if (m)
        MHD_stop_daemon(m->daemon);
    free(m);
    return NULL;
}

int metrics_fd(const struct metrics *m)
{
    return m->fd;
}

void metrics_turn(struct metrics *m, bool is_broker_up)
{
    m->is_broker_up = is_broker_up;
    MHD_UNSIGNED_LONG_LONG wait_ms = 0;
    for (int i = 0; i < RUNS_MAX && wait_ms == 0; i++) {
        (void)MHD_run(m->daemon);
        if (MHD_get_timeout(m->daemon, &wait_ms) != MHD_YES)
            break;
    }
}
