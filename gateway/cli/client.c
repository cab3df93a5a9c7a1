#include "cli/client.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/language.h"
#include "cli/response.h"

enum { CLIENT_TIMEOUT_S = 20, CLIENT_READ = 16 * 1024 };

/* client_unreachable - what went wrong with connect(), and what to do about it. */
static int client_unreachable(const char *path, int error, struct gw_error *err)
{
    const char *advice =
        error == EACCES
            ? "you may not open it; ask for membership in the gateway's group and in "
              "campus-guard (or another role)"
            : "is the gateway running? systemctl status campus-gateway tells, "
              "systemctl start campus-gateway starts it; --socket names another one";
    return gw_fail(err, -error, "no gateway answers at '%s' (%s): %s", path,
                   strerror(error), advice);
}

/* patience_s  for each piece of an answer; 0 = as long as it takes */
static int client_connect(const char *path, int patience_s, struct gw_error *err)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof(address.sun_path))
        return gw_fail(err, -ENAMETOOLONG, "socket '%s': at most %zu bytes", path,
                       sizeof(address.sun_path) - 1);
    memcpy(address.sun_path, path, strlen(path));
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct timeval timeout = {.tv_sec = patience_s};
    if (fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout)) == 0
        && setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof(timeout)) == 0
        && connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
        return fd;
    int error = errno;
    if (fd >= 0)
        (void)close(fd);
    return client_unreachable(path, error, err);
}

/* content - of a request; type NULL: it has none. */
struct content {
    const char *type;
    const char *bytes;
    size_t size;
    bool takes_long;
};

static const struct content no_content = {NULL, "", 0, false};

static int client_send(int fd, const char *method, const char *target,
                       const struct content *content, struct gw_error *err)
{
    struct strbuf request = {0};
    strbuf_format(&request,
                  "%s %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                  "Accept-Language: %s\r\n",
                  method, target, language_is_chinese() ? "zh" : "en");
    if (content->type)
        strbuf_format(&request, "Content-Type: %s\r\nContent-Length: %zu\r\n",
                      content->type, content->size);
    strbuf_add(&request, "\r\n");
    strbuf_add_bytes(&request, content->bytes, content->size);
    int r = request.has_failed ? gw_fail(err, -ENOMEM, "out of memory") : 0;
    for (size_t sent = 0; r == 0 && sent < request.used;) {
        ssize_t n = send(fd, request.text + sent, request.used - sent, MSG_NOSIGNAL);
        const int code = n < 0 ? errno : 0;
        if (n >= 0)
            sent += (size_t)n;
        else if (code != EINTR)
            r = gw_fail(err, -code, "cannot send to the gateway: %s", strerror(code));
    }
    strbuf_free(&request);
    return r;
}

/* client_receive - the next bytes.  returns 1, 0 at the end, or gw_fail() */
static int client_receive(int fd, struct response *response, struct gw_error *err)
{
    char bytes[CLIENT_READ];
    ssize_t n = recv(fd, bytes, sizeof(bytes), 0);
    if (n < 0 && errno == EINTR)
        return 1;
    if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
        return gw_fail(err, -ETIMEDOUT, "the gateway said nothing for %d s",
                       CLIENT_TIMEOUT_S);
    if (n < 0)
        return gw_fail(err, -errno, "cannot read from the gateway: %s", strerror(errno));
    if (n == 0)
        return 0;
    int r = response_feed(response, bytes, (size_t)n);
    if (r < 0)
        return gw_fail(err, r, "the gateway's answer cannot be read: %s", strerror(-r));
    return response->state == RESPONSE_DONE ? 0 : 1;
}

/* The whole answer into @ret, after @r of receiving; @response is freed. */
static int end(struct response *response, int r, struct client_answer *ret,
               struct gw_error *err)
{
    if (r == 0 && !response_end(response))
        r = gw_fail(err, -EPIPE, "the gateway closed in the middle of its answer");
    if (r == 0) {
        int status = response->status;
        char *text = strbuf_take(&response->body);
        *ret =
            (struct client_answer){status, text, text ? json_loads(text, 0, NULL) : NULL};
        if (!text)
            r = gw_fail(err, -ENOMEM, "out of memory");
    }
    response_free(response);
    return r;
}

static int ask(const char *socket_path, const char *method, const char *target,
               const struct content *content, struct client_answer *ret,
               struct gw_error *err)
{
    struct response response = {0};
    int fd = client_connect(socket_path, content->takes_long ? 0 : CLIENT_TIMEOUT_S, err);
    if (fd < 0)
        return fd;
    int r = client_send(fd, method, target, content, err);
    while (r == 0 && (r = client_receive(fd, &response, err)) > 0)
        r = 0;
    (void)close(fd);
    return end(&response, r, ret, err);
}

int client_ask(const char *socket_path, const char *method, const char *target,
               const char *body, struct client_answer *ret, struct gw_error *err)
{
    const struct content content = {"application/json", body, body ? strlen(body) : 0,
                                    false};
    return ask(socket_path, method, target, body ? &content : &no_content, ret, err);
}

int client_ask_table(const char *socket_path, const char *target, const char *table,
                     size_t size, struct client_answer *ret, struct gw_error *err)
{
    const struct content content = {"text/csv", table, size, false};
    return ask(socket_path, "POST", target, &content, ret, err);
}

int client_ask_long(const char *socket_path, const char *target, const char *body,
                    struct client_answer *ret, struct gw_error *err)
{
    const struct content content = {"application/json", body, strlen(body), true};
    return ask(socket_path, "POST", target, &content, ret, err);
}

/* stream - a GET whose body is taken as it comes.
 * take     1 = go on, 0 = that was enough, -errno and @err
 * returns  0 or -errno.  Owner of @response: caller; response_free() */
static int stream(const char *socket_path, const char *target, struct response *response,
                  int (*take)(void *ctx, struct response *response, struct gw_error *err),
                  void *ctx, struct gw_error *err)
{
    int fd = client_connect(socket_path, CLIENT_TIMEOUT_S, err);
    if (fd < 0)
        return fd;
    int r = client_send(fd, "GET", target, &no_content, err);
    bool goes_on = r == 0;
    while (goes_on) {
        r = client_receive(fd, response, err);
        int taken = r < 0 ? r : take(ctx, response, err);
        goes_on = r > 0 && taken > 0;
        r = taken < 0 ? taken : 0;
    }
    (void)close(fd);
    return r;
}

/* Of a problem nothing is passed on: it stays in the body. */
static int pass_on(void *ctx, struct response *response, struct gw_error *err)
{
    FILE *out = ctx;
    if (response->status != 200 || response->body.used == 0)
        return 1;
    size_t n = fwrite(response->body.text, 1, response->body.used, out);
    bool is_written = n == response->body.used;
    strbuf_clear(&response->body);
    return is_written ? 1 : gw_fail(err, -EIO, "cannot be written: %s", strerror(errno));
}

int client_stream(const char *socket_path, const char *target, FILE *out,
                  struct client_answer *ret, struct gw_error *err)
{
    struct response response = {0};
    int r = stream(socket_path, target, &response, pass_on, out, err);
    return end(&response, r, ret, err);
}

void client_answer_free(struct client_answer *answer)
{
    free(answer->text);
    json_decref(answer->json);
    *answer = (struct client_answer){0};
}

/* client_field - the value of line "name: value" within one event, into @ret. */
static void client_field(const char *event, const char *name, char *ret, size_t size)
{
    size_t length = strlen(name);
    ret[0] = '\0';
    for (const char *line = event; line && *line; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strncmp(line, name, length) != 0)
            continue;
        const char *value = line + length;
        (void)snprintf(ret, size, "%.*s", (int)strcspn(value, "\n"), value);
        return;
    }
}

/* listener - who hears of events. */
struct listener {
    bool (*each)(void *ctx, const char *type, const char *data);
    void *ctx;
};

/* hand_on - every whole event in the body, and drops it from there. */
static int hand_on(void *ctx, struct response *response, struct gw_error *err)
{
    const struct listener *listener = ctx;
    struct strbuf *body = &response->body;
    char type[64];
    char data[CLIENT_READ];
    bool goes_on = true;
    char *end = NULL;
    if (response->status >= 400)
        return gw_fail(err, -EPROTO, "the gateway refuses the stream (status %d)",
                       response->status);
    while (goes_on && body->text && (end = strstr(body->text, "\n\n"))) {
        *end = '\0';
        client_field(body->text, "event: ", type, sizeof(type));
        client_field(body->text, "data: ", data, sizeof(data));
        if (*type)
            goes_on = listener->each(listener->ctx, type, data);
        size_t used = (size_t)(end + 2 - body->text);
        memmove(body->text, end + 2, body->used - used + 1);
        body->used -= used;
    }
    return goes_on;
}

int client_follow(const char *socket_path, const char *target,
                  bool (*each)(void *ctx, const char *type, const char *data), void *ctx,
                  struct gw_error *err)
{
    struct response response = {0};
    struct listener listener = {each, ctx};
    int r = stream(socket_path, target, &response, hand_on, &listener, err);
    response_free(&response);
    return r;
}

int client_escape(const char *text, char *ret, size_t size)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "0123456789-._~@*";
    size_t n = 0;
    for (; *text; text++) {
        bool is_plain = strchr(plain, *text) != NULL;
        if (n + 4 > size)
            return -ENAMETOOLONG;
        if (is_plain)
            ret[n++] = *text;
        else
            n += (size_t)snprintf(ret + n, size - n, "%%%02X", (unsigned char)*text);
    }
    ret[n] = '\0';
    return 0;
}
