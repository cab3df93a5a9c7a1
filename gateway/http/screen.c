#include "http/screen.h"

#include <errno.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "http/peer.h"
#include "http/resource.h"

static const char *const loopback_hosts[] = {"localhost", "127.0.0.1", "[::1]", NULL};
static const char *const content_types[] = {"application/json", NULL};
static const char *const table_types[] = {"text/csv", NULL};

/* screen_headers - what must be seen in all of them, not in the first of a name. */
struct screen_headers {
    unsigned lengths;
    unsigned hosts;
    bool is_chunked;
};

static enum MHD_Result screen_header(void *ctx, enum MHD_ValueKind kind, const char *name,
                                     const char *value)
{
    (void)kind;
    (void)value;
    struct screen_headers *headers = ctx;
    headers->lengths += !strcasecmp(name, "Content-Length");
    headers->hosts += !strcasecmp(name, "Host");
    headers->is_chunked |= !strcasecmp(name, "Transfer-Encoding");
    return MHD_YES;
}

static const char *screen_value(const struct request *request, const char *name)
{
    return MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, name);
}

bool screen_host(const char *host)
{
    for (size_t i = 0; host && loopback_hosts[i]; i++) {
        size_t length = strlen(loopback_hosts[i]);
        if (strncasecmp(host, loopback_hosts[i], length) != 0)
            continue;
        if (host[length] == '\0')
            return true;
        if (host[length] == ':' && strspn(host + length + 1, "0123456789") > 0)
            return host[length + 1 + strspn(host + length + 1, "0123456789")] == '\0';
    }
    return false;
}

bool screen_origin(const char *site, const char *origin, const char *host)
{
    if (site && strcmp(site, "same-origin") != 0 && strcmp(site, "none") != 0)
        return false;
    if (!origin)
        return true;
    static const char scheme[] = "http://";
    return host && !strncmp(origin, scheme, sizeof(scheme) - 1)
           && !strcasecmp(origin + sizeof(scheme) - 1, host);
}

static bool screen_target(struct request *request, const char *method, const char *url)
{
    char path[REQUEST_PATH_MAX];
    const char *allow = NULL;
    struct reply *reply = &request->reply;
    if (!route_decode(url, path, sizeof(path))) {
        reply_problem(reply, 400, NULL,
                      "the path has a broken escape, a control character or more than "
                      "%d bytes",
                      REQUEST_PATH_MAX - 1);
        return false;
    }
    request->route = route_find(method, path, request->item, &allow);
    if (request->route)
        return true;
    if (allow) {
        reply_problem(reply, 405, NULL, "'%s' does not take %s, but %s", path, method,
                      allow);
        reply->allow = allow;
    } else {
        reply_problem(reply, 404, NULL, "there is no '%s'", path);
    }
    return false;
}

static enum MHD_Result screen_parameter(void *ctx, enum MHD_ValueKind kind,
                                        const char *name, const char *value)
{
    (void)kind;
    struct request *request = ctx;
    const char *const *query = request->route->query;
    char decoded[REQUEST_VALUE_MAX];
    size_t i = 0;
    while (query[i] && strcmp(query[i], name) != 0)
        i++;
    if (!query[i])
        reply_problem(&request->reply, 400, query, "unknown parameter '%s'", name);
    else if (value && !route_decode(value, decoded, sizeof(decoded)))
        reply_problem(&request->reply, 400, NULL,
                      "parameter '%s' has a broken escape, a control character or more "
                      "than %d bytes",
                      name, REQUEST_VALUE_MAX - 1);
    return request->reply.status ? MHD_NO : MHD_YES;
}

/* screen_length - a body's length is told once, is small, and belongs to a POST.
 * Source:  RFC 9112, section 6.3 (request smuggling) */
static bool screen_length(struct request *request, const struct screen_headers *headers)
{
    struct reply *reply = &request->reply;
    const char *text = screen_value(request, "Content-Length");
    bool is_post = !strcmp(request->route->method, "POST");
    char *end = NULL;
    errno = 0;
    unsigned long long length = text ? strtoull(text, &end, 10) : 0;

    if (headers->lengths > 1)
        reply_problem(reply, 400, NULL, "Content-Length is given %u times",
                      headers->lengths);
    else if (headers->is_chunked || (is_post && !text))
        reply_problem(reply, 411, NULL,
                      "a body needs a Content-Length, no Transfer-Encoding");
    else if (text && (text[0] < '0' || text[0] > '9' || *end))
        reply_problem(reply, 400, NULL, "Content-Length is not a number");
    else if (errno == ERANGE || length > REQUEST_BODY_MAX)
        reply_problem(reply, 413, NULL, "the body may have at most %d bytes",
                      REQUEST_BODY_MAX);
    else if (length > 0 && !is_post)
        reply_problem(reply, 400, NULL, "GET takes no body");
    request->expected = (size_t)length;
    return !reply->status;
}

/* screen_type - what the route takes, parameters ignored.  Both types also make a browser
 * ask first before another site's page may send one. */
static bool screen_type(struct request *request)
{
    const char *type = screen_value(request, "Content-Type");
    const char *const *wanted = request->route->is_table ? table_types : content_types;
    size_t length = strlen(wanted[0]);
    if (type && !strncasecmp(type, wanted[0], length)
        && (type[length] == '\0' || type[length] == ';' || type[length] == ' '))
        return true;
    reply_problem(&request->reply, 415, wanted, "Content-Type is %s%s%s", type ? "'" : "",
                  type ? type : "missing", type ? "'" : "");
    return false;
}

static bool screen_peer(struct request *request, const struct screen_headers *headers)
{
    struct reply *reply = &request->reply;
    const union MHD_ConnectionInfo *connection =
        MHD_get_connection_info(request->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    if (!connection || peer_identify(connection->connect_fd, &request->peer) < 0) {
        reply_problem(reply, 403, NULL, "the peer cannot be identified");
        return false;
    }
    const char *host = screen_value(request, "Host");
    if (!request->peer.is_local && (headers->hosts != 1 || !screen_host(host)))
        reply_problem(reply, 421, loopback_hosts, "Host '%s' is not served here",
                      host ? host : "");
    return !reply->status;
}

static bool screen_role(struct request *request)
{
    struct reply *reply = &request->reply;
    if (request->peer.role < request->route->role)
        reply_problem(reply, 403, NULL, "%s is %s; this needs %s or more",
                      request->peer.is_local ? request->peer.actor : "who comes by TCP",
                      role_name(request->peer.role), role_name(request->route->role));
    return !reply->status;
}

static bool screen_action(struct request *request)
{
    struct reply *reply = &request->reply;
    if (!request->peer.is_local
        && !screen_origin(screen_value(request, "Sec-Fetch-Site"),
                          screen_value(request, "Origin"), screen_value(request, "Host")))
        reply_problem(reply, 403, NULL, "sent by a page of another site");
    return !reply->status;
}

bool screen_request(struct request *request, const char *method, const char *url)
{
    struct screen_headers headers = {0};
    (void)MHD_get_connection_values(request->connection, MHD_HEADER_KIND, screen_header,
                                    &headers);
    if (!screen_peer(request, &headers) || !screen_target(request, method, url))
        return false;
    (void)MHD_get_connection_values(request->connection, MHD_GET_ARGUMENT_KIND,
                                    screen_parameter, request);
    if (request->reply.status || !screen_length(request, &headers)
        || !screen_role(request))
        return false;
    if (strcmp(request->route->method, "POST") != 0)
        return true;
    return screen_action(request) && screen_type(request);
}
