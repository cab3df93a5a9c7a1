#include "http/http.h"

#include <errno.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "gw/log.h"
#include "http/listen.h"
#include "http/request.h"
#include "http/server.h"

/* One wall of screens and some phones; a thread a listener waits for all of them. */
enum {
    CONNECTIONS_MAX = 256,
    CONNECTIONS_PER_ADDRESS = 160,
    CONNECTION_TIMEOUT_S = 15,
    CONNECTION_MEMORY = 16 * 1024,
    FINISH_STEP_NS = 10 * 1000 * 1000,
    FINISH_STEPS_MAX = 100, /* a second, for a client that does not read */
    SOCKET_PATH_MAX = sizeof(((struct sockaddr_un *)NULL)->sun_path) - 1,
};

static const char listen_key[] = "http: listen";

#define HTTP(field) offsetof(struct http_config, field)
const struct gw_option http_options[] = {
    {"socket", GW_OPT_PATH, HTTP(socket), false, 1, SOCKET_PATH_MAX, NULL,
     "/run/campus-gateway/api.sock", "Unix socket of campusctl"},
    {"listen", GW_OPT_STRINGS, HTTP(listen), false, 0, HTTP_LISTEN_MAX, NULL, NULL,
     "loopback addresses such as 127.0.0.1:8080 or [::1]:8080; port 0 = any free one"},
    {0},
};

static void http_complain(void *ctx, const char *format, va_list arguments)
{
    (void)ctx;
    char text[256];
    (void)vsnprintf(text, sizeof(text), format, arguments);
    text[strcspn(text, "\r\n")] = '\0';
    gw_log(GW_LOG_DEBUG, (struct gw_subject){0}, "http: %s", text);
}

int http_check(const struct http_config *config, struct gw_error *err)
{
    struct sockaddr_storage address;
    socklen_t size;
    int r = 0;
    for (size_t i = 0; r == 0 && i < config->listen.count; i++)
        r = loopback_parse(listen_key, config->listen.items[i], &address, &size, err);
    return r;
}

int http_try(const struct http_config *config, struct gw_error *err)
{
    char address[LOOPBACK_TEXT_MAX];
    if (config->socket && *config->socket) {
        int fd = listen_unix(config->socket, err);
        if (fd < 0)
            return fd;
        (void)unlink(config->socket);
        (void)close(fd);
    }
    for (size_t i = 0; i < config->listen.count; i++) {
        int fd = loopback_listen(listen_key, config->listen.items[i], address, err);
        if (fd < 0)
            return fd;
        (void)close(fd);
    }
    return 0;
}

/* http_serve - a daemon on the listening @fd, which it closes at the end. */
static int http_serve(struct http *h, int fd, const char *name, struct gw_error *err)
{
    struct MHD_OptionItem strict[] = {
#if MHD_VERSION >= 0x00097701
        {MHD_OPTION_CLIENT_DISCIPLINE_LVL, 1, NULL},
#else
        {MHD_OPTION_STRICT_FOR_CLIENT, 1, NULL},
#endif
        {MHD_OPTION_END, 0, NULL},
    };
    struct MHD_Daemon *daemon = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG, 0,
        NULL, NULL, request_serve, h, MHD_OPTION_EXTERNAL_LOGGER, http_complain, NULL,
        MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_NOTIFY_COMPLETED, request_end, NULL,
        MHD_OPTION_UNESCAPE_CALLBACK, request_unescape, NULL, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)CONNECTIONS_MAX, MHD_OPTION_PER_IP_CONNECTION_LIMIT,
        (unsigned)CONNECTIONS_PER_ADDRESS, MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)CONNECTION_TIMEOUT_S, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        (size_t)CONNECTION_MEMORY, MHD_OPTION_ARRAY, strict, MHD_OPTION_END);
    if (!daemon)
        return gw_fail(err, -EIO, "http: '%s': the server did not start", name);
    h->daemons[h->daemon_count++] = daemon;
    return 0;
}

static int http_listen(struct http *h, const struct http_config *config,
                       struct gw_error *err)
{
    if (config->listen.count > HTTP_LISTEN_MAX)
        return gw_fail(err, -E2BIG, "http: listen: %zu addresses (at most %d)",
                       config->listen.count, HTTP_LISTEN_MAX);
    int r = 0;
    if (config->socket && *config->socket) {
        int fd = listen_unix(config->socket, err);
        if (fd < 0)
            return fd;
        (void)snprintf(h->socket, sizeof(h->socket), "%s", config->socket);
        r = http_serve(h, fd, config->socket, err);
    }
    for (size_t i = 0; r == 0 && i < config->listen.count; i++) {
        char address[LOOPBACK_TEXT_MAX];
        int fd = loopback_listen(listen_key, config->listen.items[i], address, err);
        if (fd < 0)
            return fd;
        if (!*h->address)
            memcpy(h->address, address, sizeof(address));
        r = http_serve(h, fd, config->listen.items[i], err);
    }
    return r;
}

int http_start(const struct http_config *config, const struct http_sources *sources,
               const struct http_ops *ops, struct http **ret, struct gw_error *err)
{
    struct http *h = calloc(1, sizeof(*h));
    if (!h)
        return gw_fail(err, -ENOMEM, "http: out of memory");
    h->ops = *ops;
    sources_start(&h->sources, sources);

    int r = events_new(&h->events);
    if (r == 0)
        r = lane_new(&h->lane);
    if (r < 0)
        (void)gw_fail(err, r, "http: %s", strerror(-r));
    else
        r = http_listen(h, config, err);
    if (r < 0) {
        (void)http_stop(h);
        return r;
    }
    *ret = h;
    return 0;
}

/* http_finish - takes no more connections and lets the answers that wait to be sent reach
 * their clients: the daemon's end cuts off what it has not sent. */
static void http_finish(struct http *h)
{
    for (size_t i = 0; i < h->daemon_count; i++) {
        int fd = MHD_quiesce_daemon(h->daemons[i]);
        if (fd >= 0)
            (void)close(fd);
    }
    const struct timespec step = {.tv_nsec = FINISH_STEP_NS};
    for (int i = 0; i < FINISH_STEPS_MAX && atomic_load(&h->requests) > 0; i++)
        (void)nanosleep(&step, NULL);
}

struct http *http_stop(struct http *h)
{
    if (!h)
        return NULL;
    /* MHD must not be stopped while a connection is suspended */
    if (h->events)
        events_close(h->events);
    if (h->lane)
        lane_close(h->lane);
    http_finish(h);
    for (size_t i = 0; i < h->daemon_count; i++)
        MHD_stop_daemon(h->daemons[i]);
    if (*h->socket)
        (void)unlink(h->socket);
    h->lane = lane_free(h->lane);
    h->events = events_free(h->events);
    sources_end(&h->sources);
    free(h);
    return NULL;
}

void http_put(struct http *h, const struct http_sources *sources)
{
    sources_put(&h->sources, sources);
}

void http_settle(struct http *h)
{
    sources_settle(&h->sources);
}

const char *http_address(const struct http *h)
{
    return h->address;
}

void http_event(struct http *h, const char *type, const char *json)
{
    events_add(h->events, type, json);
}
