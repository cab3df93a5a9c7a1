/* tcp.c - the connection: made with a deadline, never used again after a doubt.
 *
 * Source: MODBUS Messaging on TCP/IP Implementation Guide V1.0b, section 3.1.3 (header).
 */
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "options.h"

enum { HEADER = 6, PATIENCE_TIMEOUTS = 2 };
enum { KEEPALIVE_IDLE_S = 15, KEEPALIVE_INTERVAL_S = 5 };

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
 * patience (a quarter of an hour) says; an idle one is asked whether it still is. */
static int set_options(int fd, int64_t timeout_us)
{
    const struct option {
        int level;
        int name;
        int value;
    } options[] = {
        {IPPROTO_TCP, TCP_NODELAY, 1},
        {IPPROTO_TCP, TCP_USER_TIMEOUT, (int)(PATIENCE_TIMEOUTS * timeout_us / 1000)},
        {SOL_SOCKET, SO_KEEPALIVE, 1},
        {IPPROTO_TCP, TCP_KEEPIDLE, KEEPALIVE_IDLE_S},
        {IPPROTO_TCP, TCP_KEEPINTVL, KEEPALIVE_INTERVAL_S},
    };
    for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
        if (setsockopt(fd, options[i].level, options[i].name, &options[i].value,
                       sizeof(options[i].value))
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
    int r = set_options(fd, timeout_us);
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
        return gw_fail(err, fd, "%s: %s", l->name, strerror(-fd));
    l->fd = fd;
    l->sent = 0;
    l->timeouts = 0;
    return 0;
}

/* Between requests an answer may come that is too late, but not the end. */
static bool is_alive(int fd)
{
    uint8_t byte;
    ssize_t n = recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return n > 0 || (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK));
}

static enum gw_fault tcp_prepare(struct line *l, const struct gw_sink *sink,
                                 struct gw_error *err)
{
    if (l->fd >= 0 && is_alive(l->fd))
        return GW_FAULT_NONE;
    line_close(l);
    line_count(sink, GW_COUNT_RECONNECT);
    return tcp_connect(l, err) < 0 ? GW_FAULT_OFFLINE : GW_FAULT_NONE;
}

static enum verdict lost(struct line *l, int error)
{
    l->error = error;
    return ANSWER_LOST;
}

static enum verdict send_request(struct line *l, const struct frame_query *q)
{
    uint8_t request[HEADER + FRAME_SIZE_MAX] = {0};
    size_t size = frame_build(q, request + HEADER);
    l->transaction++;
    if (l->sent < UINT16_MAX)
        l->sent++;
    request[0] = (uint8_t)(l->transaction >> 8);
    request[1] = (uint8_t)l->transaction;
    request[4] = (uint8_t)(size >> 8);
    request[5] = (uint8_t)size;
    ssize_t n = send(l->fd, request, HEADER + size, MSG_NOSIGNAL);
    return n == (ssize_t)(HEADER + size) ? ANSWER_MORE : lost(l, n < 0 ? errno : EPIPE);
}

static unsigned word_at(const uint8_t *at)
{
    return (unsigned)(at[0] << 8 | at[1]);
}

/* The announced size of the first frame in the buffer, with its header.
 * returns 0 while that is not known, -1 when it is none */
static int frame_size(const struct line *l)
{
    if (l->have < HEADER)
        return 0;
    unsigned size = word_at(l->buffer + 4);
    bool is_frame = word_at(l->buffer + 2) == 0 && size >= 2 && size <= FRAME_SIZE_MAX;
    return is_frame ? (int)(HEADER + size) : -1;
}

/* Waits until a whole frame lies at the buffer's start.  MORE: it does, of @ret_size */
static enum verdict receive(struct line *l, int64_t deadline_us, size_t *ret_size)
{
    for (;;) {
        int size = frame_size(l);
        if (size < 0)
            return ANSWER_HEADER;
        if (size > 0 && (size_t)size <= l->have) {
            *ret_size = (size_t)size;
            return ANSWER_MORE;
        }
        int r = line_wait(l, deadline_us);
        if (r == 0)
            return ANSWER_TIMEOUT;
        ssize_t n = recv(l->fd, l->buffer + l->have, sizeof(l->buffer) - l->have, 0);
        if (n <= 0)
            return lost(l, n < 0 ? errno : ECONNRESET);
        l->have += (size_t)n;
    }
}

/* Takes the frame of @size out of the buffer; l->frame is it without its header. */
static void shift(struct line *l, size_t size)
{
    memcpy(l->frame, l->buffer + HEADER, size - HEADER);
    l->have -= size;
    memmove(l->buffer, l->buffer + size, l->have);
}

static enum verdict judge(const struct line *l, const struct frame_query *q, size_t size)
{
    size_t want = 0;
    enum verdict verdict = frame_judge(q, l->frame, size, &want);
    if (verdict == ANSWER_MORE || (verdict < ANSWER_MORE && size != want))
        return ANSWER_LENGTH;
    return verdict;
}

/* An answer whose number this connection has used before came too late, or twice: it is
 * dropped.  A number never used means that the two sides do not understand each other. */
static enum verdict tcp_transfer(struct line *l, const struct frame_query *q,
                                 int64_t deadline_us)
{
    enum verdict verdict = send_request(l, q);
    while (verdict == ANSWER_MORE) {
        size_t size = 0;
        verdict = receive(l, deadline_us, &size);
        if (verdict != ANSWER_MORE)
            break;
        uint16_t age = (uint16_t)(l->transaction - word_at(l->buffer));
        shift(l, size);
        if (age == 0)
            return judge(l, q, size - HEADER);
        if (age >= l->sent)
            return ANSWER_HEADER;
    }
    return verdict;
}

/* Silence of one unit behind a gateway is no reason to cut off the others: only silence
 * twice in a row is the connection's, or an answer that stopped halfway. */
static void tcp_settle(struct line *l, enum verdict verdict)
{
    bool is_silence = verdict == ANSWER_TIMEOUT;
    bool is_doubtful = verdict > ANSWER_MORE && (!is_silence || l->have > 0);
    l->timeouts = is_silence ? l->timeouts + 1 : 0;
    if (is_doubtful || l->timeouts >= PATIENCE_TIMEOUTS)
        line_close(l);
}

static const struct line_kind tcp_kind = {
    .prepare = tcp_prepare,
    .transfer = tcp_transfer,
    .settle = tcp_settle,
};

void tcp_server(const void *bus, char ret[GW_NAME_MAX])
{
    const struct modbus_bus *b = bus;
    (void)snprintf(ret, GW_NAME_MAX, "%s:%u", b->host, b->port);
}

int tcp_open(void *bus, const struct gw_bus_setup *setup, struct gw_error *err)
{
    struct modbus_bus *b = bus;
    b->setup = setup;
    line_open(&b->line, &tcp_kind, b);
    (void)snprintf(b->line.name, sizeof(b->line.name), "%s:%u", b->host, b->port);
    return tcp_connect(&b->line, err);
}
