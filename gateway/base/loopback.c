#include "base/loopback.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* split - host and port of "host:port" or "[host]:port". */
static bool split(const char *text, char host[INET6_ADDRSTRLEN], uint16_t *ret)
{
    const char *colon = strrchr(text, ':');
    if (!colon || colon[1] < '0' || colon[1] > '9')
        return false;
    char *end = NULL;
    unsigned long port = strtoul(colon + 1, &end, 10);
    if (*end || port > UINT16_MAX)
        return false;

    bool is_bracketed = text[0] == '[' && colon > text && colon[-1] == ']';
    const char *start = is_bracketed ? text + 1 : text;
    size_t length = (size_t)(colon - start) - (is_bracketed ? 1 : 0);
    if (length == 0 || length >= INET6_ADDRSTRLEN)
        return false;
    if (!is_bracketed && memchr(start, ':', length))
        return false;
    memcpy(host, start, length);
    host[length] = '\0';
    *ret = (uint16_t)port;
    return true;
}

static int parse(const char *key, const char *text, struct sockaddr_storage *ret,
                 socklen_t *ret_size, bool *ret_is_loopback, struct gw_error *err)
{
    char host[INET6_ADDRSTRLEN];
    uint16_t port = 0;
    struct in_addr v4;
    struct in6_addr v6;
    if (!split(text, host, &port))
        goto malformed;

    *ret = (struct sockaddr_storage){0};
    if (inet_pton(AF_INET, host, &v4) == 1) {
        struct sockaddr_in *in = (struct sockaddr_in *)ret;
        *in = (struct sockaddr_in){AF_INET, htons(port), v4, {0}};
        *ret_size = sizeof(*in);
        *ret_is_loopback = ntohl(v4.s_addr) >> 24 == IN_LOOPBACKNET;
    } else if (inet_pton(AF_INET6, host, &v6) == 1) {
        struct sockaddr_in6 *in = (struct sockaddr_in6 *)ret;
        *in = (struct sockaddr_in6){AF_INET6, htons(port), 0, v6, 0};
        *ret_size = sizeof(*in);
        *ret_is_loopback = IN6_IS_ADDR_LOOPBACK(&v6);
    } else {
        goto malformed;
    }
    return 0;

malformed:
    return gw_fail(err, -EINVAL,
                   "%s '%s': not an address and port (127.0.0.1:8080 or [::1]:8080)", key,
                   text);
}

int loopback_parse(const char *key, const char *text, struct sockaddr_storage *ret,
                   socklen_t *ret_size, struct gw_error *err)
{
    bool is_loopback = false;
    int r = parse(key, text, ret, ret_size, &is_loopback, err);
    if (r == 0 && !is_loopback)
        r = gw_fail(err, -EACCES,
                    "%s '%s': not a loopback address; without users only "
                    "127.0.0.0/8 and [::1] are served",
                    key, text);
    return r;
}

bool loopback_is_same(const char *a, const char *b)
{
    struct sockaddr_storage x = {0};
    struct sockaddr_storage y = {0};
    socklen_t size = 0;
    char host[INET6_ADDRSTRLEN];
    uint16_t port = 0; /* 0 is another one each time */
    return split(a, host, &port) && port != 0
           && loopback_parse("", a, &x, &size, NULL) == 0
           && loopback_parse("", b, &y, &size, NULL) == 0
           && memcmp(&x, &y, sizeof(x)) == 0;
}

static int bound_to(int fd, char ret_address[LOOPBACK_TEXT_MAX])
{
    struct sockaddr_storage bound = {0};
    socklen_t size = sizeof(bound);
    char host[INET6_ADDRSTRLEN];
    char port[8];
    if (getsockname(fd, (struct sockaddr *)&bound, &size) < 0)
        return -errno;
    if (getnameinfo((struct sockaddr *)&bound, size, host, sizeof(host), port,
                    sizeof(port), NI_NUMERICHOST | NI_NUMERICSERV)
        != 0)
        return -EAFNOSUPPORT;
    bool is_v6 = bound.ss_family == AF_INET6;
    (void)snprintf(ret_address, LOOPBACK_TEXT_MAX, "http://%s%s%s:%s/", is_v6 ? "[" : "",
                   host, is_v6 ? "]" : "", port);
    return 0;
}

static int listen_at(const char *key, const char *text,
                     const struct sockaddr_storage *address, socklen_t size,
                     char ret_address[LOOPBACK_TEXT_MAX], struct gw_error *err)
{
    int r = 0;
    int fd = socket(address->ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    int on = 1;
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) < 0
        || bind(fd, (const struct sockaddr *)address, size) < 0
        || listen(fd, LOOPBACK_BACKLOG) < 0) {
        r = -errno;
        (void)gw_fail(err, r, "%s '%s': %s", key, text,
                      r == -EADDRINUSE ? "another program has this port" : strerror(-r));
    } else {
        r = bound_to(fd, ret_address);
        if (r < 0)
            r = gw_fail(err, r, "%s '%s': %s", key, text, strerror(-r));
    }
    if (r == 0)
        return fd;
    if (fd >= 0)
        (void)close(fd);
    return r;
}

int loopback_listen(const char *key, const char *text,
                    char ret_address[LOOPBACK_TEXT_MAX], struct gw_error *err)
{
    struct sockaddr_storage address = {0};
    socklen_t size = 0;
    int r = loopback_parse(key, text, &address, &size, err);
    return r < 0 ? r : listen_at(key, text, &address, size, ret_address, err);
}

int wide_listen(const char *key, const char *text, char ret_address[LOOPBACK_TEXT_MAX],
                struct gw_error *err)
{
    struct sockaddr_storage address = {0};
    socklen_t size = 0;
    bool is_loopback = false;
    int r = parse(key, text, &address, &size, &is_loopback, err);
    return r < 0 ? r : listen_at(key, text, &address, size, ret_address, err);
}
