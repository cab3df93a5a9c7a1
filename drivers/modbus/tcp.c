/* tcp.c - the connection: made with a deadline, never used again after a doubt. */
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

#include "options.h"

/* Waits until the connect that is under way has ended.  returns 0 or -errno */
static int finish_connect(int fd, int64_t deadline_us)
{
    struct pollfd wait = {.fd = fd, .events = POLLOUT};
    int64_t left_us = deadline_us - gw_machine_us();
    if (left_us < 0)
        left_us = 0;
    struct timespec left = {left_us / 1000000, left_us % 1000000 * 1000};
    if (ppoll(&wait, 1, &left, NULL) != 1)
        return -ETIMEDOUT;
    int error = 0;
    socklen_t size = sizeof(error);
    if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) < 0)
        return -errno;
    return -error;
}

/* Unanswered bytes end the connection after two timeouts, whatever the kernel's own
 * patience (a quarter of an hour) says. */
static int set_options(int fd, int64_t timeout_us)
{
    int on = 1;
    unsigned patience_ms = (unsigned)(2 * timeout_us / 1000);
    if (setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) < 0
        || setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on)) < 0
        || setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &patience_ms,
                      sizeof(patience_ms))
               < 0)
        return -errno;
    return 0;
}

/* returns the connected socket, or -errno */
static int connect_to(const struct addrinfo *address, int64_t timeout_us,
                      int64_t deadline_us)
{
    int fd = socket(address->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -errno;
    int r = fd < FD_SETSIZE ? set_options(fd, timeout_us) : -EMFILE;
    if (r == 0 && connect(fd, address->ai_addr, address->ai_addrlen) < 0)
        r = errno == EINPROGRESS ? finish_connect(fd, deadline_us) : -errno;
    if (r == 0)
        return fd;
    close(fd);
    return r;
}

static int tcp_connect(struct line *l, struct gw_error *err)
{
    const struct modbus_bus *b = l->bus;
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM,
                                   .ai_flags = AI_NUMERICSERV};
    struct addrinfo *found = NULL;
    char service[8];
    (void)snprintf(service, sizeof(service), "%u", b->port);
    int r = getaddrinfo(b->host, service, &hints, &found);
    if (r != 0)
        return gw_fail(err, -EHOSTUNREACH, "%s: %s", l->name, gai_strerror(r));

    int64_t deadline_us = gw_machine_us() + l->timeout_us;
    int fd = -EHOSTUNREACH;
    for (struct addrinfo *a = found; a && fd < 0; a = a->ai_next)
        fd = connect_to(a, l->timeout_us, deadline_us);
    freeaddrinfo(found);
    if (fd < 0)
        return gw_fail(err, fd, "%s: %s", l->name, modbus_strerror(-fd));
    (void)modbus_set_socket(l->ctx, fd); /* cannot fail with a context */
    return 0;
}

static void tcp_close(struct line *l)
{
    modbus_close(l->ctx); /* closes our socket and forgets it */
    (void)modbus_set_socket(l->ctx, -1);
}

/* Between requests nothing may come: not the end, and no late answer. */
static bool is_clean(int fd)
{
    uint8_t byte;
    return recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0
           && (errno == EAGAIN || errno == EWOULDBLOCK);
}

static int tcp_prepare(struct line *l, const struct gw_sink *sink, struct gw_error *err)
{
    int fd = modbus_get_socket(l->ctx);
    if (fd >= 0 && is_clean(fd))
        return 0;
    tcp_close(l);
    line_count(sink, GW_COUNT_RECONNECT);
    return tcp_connect(l, err);
}

static const struct line_kind tcp_kind = {
    .prepare = tcp_prepare,
    .recover = tcp_close,
};

int tcp_open(void *bus, const struct gw_bus_setup *setup, struct gw_error *err)
{
    struct modbus_bus *b = bus;
    struct line *l = &b->line;
    b->setup = setup;
    l->kind = &tcp_kind;
    l->bus = b;
    l->timeout_us = b->timeout_us;
    l->gap_us = b->gap_us;
    l->earliest_us = 0;
    (void)snprintf(l->name, sizeof(l->name), "%s:%u", b->host, b->port);

    /* The address is never used: the socket is ours. */
    l->ctx = modbus_new_tcp("127.0.0.1", (int)b->port);
    if (!l->ctx)
        return gw_fail(err, -errno, "%s: %s", l->name, modbus_strerror(errno));
    (void)modbus_set_byte_timeout(l->ctx, 0,
                                  0); /* the response timeout is for all of it */
    return tcp_connect(l, err);
}
