#include "faulty_slave.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <pty.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

enum { INPUT = 600, PENDING = 4 * MIX_PIECES, CHECKSUM = 2 };

static const int idle_ms = 50;

struct faulty_slave {
    struct slave_setup setup;
    struct fault_mix mix;
    char port[64];
    int fd;        /* the pty's master or the connection, -1 = none */
    bool is_stuck; /* of this connection nothing more is heard */
    int listener;
    int terminal;
    pthread_t thread;
    atomic_bool must_stop;
    _Atomic uint64_t requests;
    _Atomic uint64_t faults[FAULT_KINDS];
    struct mix_piece pending[PENDING];
    size_t pending_count;
    uint8_t input[INPUT];
    size_t have;
};

static int64_t now_us(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* --- sending, now and later --- */

/* A client that hangs up or does not read loses it, as on a wire. */
static void put(struct faulty_slave *s, const struct mix_piece *p)
{
    ssize_t n = s->fd < 0 || s->is_stuck ? 0 : write(s->fd, p->bytes, p->size);
    (void)n;
}

/* A TCP server may answer in any order, but never with one frame inside another: only on
 * a serial line do two who talk at once spoil each other's. */
static bool must_wait(const struct faulty_slave *s, size_t before,
                      const struct mix_piece *p)
{
    size_t count = p->is_part ? before : s->pending_count;
    for (size_t i = 0; i < count && s->setup.is_tcp; i++)
        if (s->pending[i].is_part && s->pending[i].asked_us != p->asked_us)
            return true;
    return false;
}

static void put_all(struct faulty_slave *s, const struct mix_piece *pieces, size_t count)
{
    int64_t t = now_us();
    for (size_t i = 0; i < count; i++)
        if (pieces[i].due_us <= t && !must_wait(s, s->pending_count, &pieces[i]))
            put(s, &pieces[i]);
        else if (s->pending_count < PENDING)
            s->pending[s->pending_count++] = pieces[i];
}

/* Sends what is due; what this machine has made later than the promise is dropped.
 * returns how long until the next piece, in milliseconds */
static int put_due(struct faulty_slave *s)
{
    int64_t next_us = idle_ms * INT64_C(1000);
    for (size_t i = 0; i < s->pending_count;) {
        struct mix_piece *p = &s->pending[i];
        int64_t t = now_us();
        if (p->due_us > t || must_wait(s, i, p)) {
            int64_t left_us = p->due_us > t ? p->due_us - t : 1000;
            next_us = left_us < next_us ? left_us : next_us;
            i++;
            continue;
        }
        if (s->setup.is_tcp || t - p->asked_us < s->setup.late_after_us)
            put(s, p);
        s->pending_count--;
        memmove(p, p + 1, (s->pending_count - i) * sizeof(*p));
    }
    return (int)((next_us + 999) / 1000);
}

static void hang_up(struct faulty_slave *s)
{
    (void)close(s->fd);
    s->fd = -1;
    s->is_stuck = false;
    s->have = 0;
    s->pending_count = 0;
}

/* --- requests --- */

static enum fault_kind choose(struct faulty_slave *s)
{
    if (s->setup.lies && mix_roll(&s->mix, 1000) == 0)
        return FAULT_LIE;
    return mix_roll(&s->mix, 100) < s->setup.faulty ? mix_choose(&s->mix) : FAULT_NONE;
}

static void serve_request(struct faulty_slave *s, const struct mix_request *q)
{
    struct mix_piece pieces[MIX_PIECES];
    enum fault_kind kind = choose(s);
    atomic_fetch_add(&s->requests, 1);
    if (kind != FAULT_NONE)
        atomic_fetch_add(&s->faults[kind], 1);
    put_all(s, pieces, mix_answer(&s->mix, q, kind, pieces));
    if (kind == FAULT_HANG_UP)
        hang_up(s);
    s->is_stuck = s->is_stuck || (kind == FAULT_TRUNCATED && s->setup.is_tcp);
}

static bool is_sound(const struct faulty_slave *s)
{
    uint8_t sealed[MIX_REQUEST + CHECKSUM];
    memcpy(sealed, s->input, MIX_REQUEST);
    mix_seal(sealed, MIX_REQUEST);
    return s->setup.is_tcp || memcmp(sealed, s->input, sizeof(sealed)) == 0;
}

/* Only reads of registers are asked here: of one size on each transport. */
static void take_requests(struct faulty_slave *s)
{
    const size_t header = s->setup.is_tcp ? MIX_HEADER : 0;
    const size_t size = header + MIX_REQUEST + (s->setup.is_tcp ? 0 : CHECKSUM);
    while (s->fd >= 0 && s->have >= size) {
        struct mix_request q = {.asked_us = now_us()};
        if (!is_sound(s)) {
            s->have = 0;
            return;
        }
        memcpy(q.header, s->input, header);
        memcpy(q.bytes, s->input + header, MIX_REQUEST);
        s->have -= size;
        memmove(s->input, s->input + size, s->have);
        serve_request(s, &q);
    }
}

static void read_input(struct faulty_slave *s)
{
    ssize_t n = read(s->fd, s->input + s->have, sizeof(s->input) - s->have);
    if (n > 0) {
        s->have += (size_t)n;
        take_requests(s);
    } else if (s->setup.is_tcp && (n == 0 || errno != EAGAIN)) {
        hang_up(s);
    }
}

/* The newest connection is the one: a client that comes again has given up the other. */
static void accept_client(struct faulty_slave *s)
{
    int on = 1;
    if (s->fd >= 0)
        hang_up(s);
    s->fd = accept4(s->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (s->fd >= 0)
        (void)setsockopt(s->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
}

static void *serve(void *ctx)
{
    struct faulty_slave *s = ctx;
    while (!atomic_load(&s->must_stop)) {
        int wait_ms = put_due(s);
        struct pollfd fds[2] = {{.fd = s->fd, .events = POLLIN},
                                {.fd = s->listener, .events = POLLIN}};
        if (poll(fds, 2, wait_ms) <= 0)
            continue;
        if (fds[0].revents)
            read_input(s);
        if (fds[1].revents)
            accept_client(s);
    }
    return NULL;
}

/* --- life --- */

static int open_line(struct faulty_slave *s)
{
    struct termios raw = {0};
    cfmakeraw(&raw);
    raw.c_cflag |= CS8 | CREAD | CLOCAL;
    if (openpty(&s->fd, &s->terminal, s->port, &raw, NULL) < 0)
        return -1;
    return fcntl(s->fd, F_SETFL, O_NONBLOCK);
}

static int open_port(struct faulty_slave *s)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(address);
    s->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(s->listener, (struct sockaddr *)&address, size) < 0
        || listen(s->listener, 8) < 0
        || getsockname(s->listener, (struct sockaddr *)&address, &size) < 0)
        return -1;
    (void)snprintf(s->port, sizeof(s->port), "%u", ntohs(address.sin_port));
    return 0;
}

int slave_start(const struct slave_setup *setup, struct faulty_slave **ret)
{
    struct faulty_slave *s = calloc(1, sizeof(*s));
    if (!s)
        return -1;
    s->setup = *setup;
    s->mix = (struct fault_mix){.is_tcp = setup->is_tcp,
                                .timeout_us = setup->timeout_us,
                                .late_after_us = setup->late_after_us,
                                .dice = setup->seed};
    s->fd = s->listener = s->terminal = -1;
    if ((setup->is_tcp ? open_port(s) : open_line(s)) < 0
        || pthread_create(&s->thread, NULL, serve, s) != 0)
        return -1;
    *ret = s;
    return 0;
}

struct faulty_slave *slave_stop(struct faulty_slave *s)
{
    atomic_store(&s->must_stop, true);
    (void)pthread_join(s->thread, NULL);
    const int fds[] = {s->fd, s->listener, s->terminal};
    for (size_t i = 0; i < sizeof(fds) / sizeof(fds[0]); i++)
        if (fds[i] >= 0)
            (void)close(fds[i]);
    free(s);
    return NULL;
}

const char *slave_port(const struct faulty_slave *s)
{
    return s->port;
}

uint64_t slave_requests(struct faulty_slave *s)
{
    return atomic_load(&s->requests);
}

uint64_t slave_faults(struct faulty_slave *s, enum fault_kind kind)
{
    return atomic_load(&s->faults[kind]);
}
