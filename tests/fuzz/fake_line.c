#include "fake_line.h"

#include <errno.h>
#include <modbus.h>
#include <poll.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <time.h>

#include "base/clock.h"

enum { FAKE_FD = 1 << 20, SAID_MAX = 4096, PIECES_MAX = 64 };

/* What was said at once, and when it arrives. */
struct piece {
    int64_t at_us;
    size_t size;
};

static struct {
    void (*hear)(const uint8_t *request, size_t size);
    int64_t now_us;
    uint8_t said[SAID_MAX];
    size_t size;
    struct piece pieces[PIECES_MAX];
    size_t count;
    bool has_hung_up;
} line;

static void pass_until(int64_t time_us)
{
    if (time_us > line.now_us)
        line.now_us = time_us;
    clock_set(line.now_us, line.now_us);
}

void fake_line_start(void (*hear)(const uint8_t *request, size_t size))
{
    line.hear = hear;
    line.now_us = 0;
    line.size = 0;
    line.count = 0;
    line.has_hung_up = false;
    pass_until(0);
}

void fake_line_say(const uint8_t *bytes, size_t size, int64_t after_us)
{
    if (size == 0 || size > SAID_MAX - line.size || line.count == PIECES_MAX)
        return;
    int64_t at_us = line.now_us + after_us;
    if (line.count > 0 && at_us < line.pieces[line.count - 1].at_us)
        at_us = line.pieces[line.count - 1].at_us;
    memcpy(line.said + line.size, bytes, size);
    line.size += size;
    line.pieces[line.count++] = (struct piece){at_us, size};
}

void fake_line_hang_up(void)
{
    line.has_hung_up = true;
}

static size_t arrived(void)
{
    size_t size = 0;
    for (size_t i = 0; i < line.count && line.pieces[i].at_us <= line.now_us; i++)
        size += line.pieces[i].size;
    return size;
}

static bool is_over(void)
{
    return line.has_hung_up && line.count == 0;
}

static void drop(size_t size)
{
    line.size -= size;
    memmove(line.said, line.said + size, line.size);
    size_t gone = 0;
    for (; size > 0 && size >= line.pieces[gone].size; gone++)
        size -= line.pieces[gone].size;
    if (size > 0)
        line.pieces[gone].size -= size;
    line.count -= gone;
    memmove(line.pieces, line.pieces + gone, line.count * sizeof(line.pieces[0]));
}

static ssize_t take(void *bytes, size_t room, bool is_peek)
{
    size_t size = arrived() < room ? arrived() : room;
    if (size == 0 && is_over())
        return 0;
    if (size == 0) {
        errno = EAGAIN;
        return -1;
    }
    memcpy(bytes, line.said, size);
    if (!is_peek)
        drop(size);
    return (ssize_t)size;
}

/* --- in place of the kernel: the linker's --wrap gives the names -------------------- */

int __real_ppoll(struct pollfd *fds, nfds_t n, const struct timespec *limit,
                 const sigset_t *mask);
int __wrap_ppoll(struct pollfd *fds, nfds_t n, const struct timespec *limit,
                 const sigset_t *mask);
int __wrap_ppoll(struct pollfd *fds, nfds_t n, const struct timespec *limit,
                 const sigset_t *mask)
{
    if (n != 1 || fds->fd != FAKE_FD)
        return __real_ppoll(fds, n, limit, mask);
    int64_t end_us =
        line.now_us + limit->tv_sec * INT64_C(1000000) + limit->tv_nsec / 1000;
    bool comes = line.count > 0 && line.pieces[0].at_us <= end_us;
    bool is_ready = comes || is_over();
    if (!is_over())
        pass_until(comes ? line.pieces[0].at_us : end_us);
    fds->revents = is_ready ? POLLIN : 0;
    return is_ready;
}

int __wrap_clock_nanosleep(clockid_t clock, int flags, const struct timespec *span,
                           struct timespec *left);
int __wrap_clock_nanosleep(clockid_t clock, int flags, const struct timespec *span,
                           struct timespec *left)
{
    (void)clock, (void)flags, (void)left;
    pass_until(line.now_us + span->tv_sec * INT64_C(1000000) + span->tv_nsec / 1000);
    return 0;
}

ssize_t __real_read(int fd, void *bytes, size_t room);
ssize_t __wrap_read(int fd, void *bytes, size_t room);
ssize_t __wrap_read(int fd, void *bytes, size_t room)
{
    return fd == FAKE_FD ? take(bytes, room, false) : __real_read(fd, bytes, room);
}

ssize_t __real_recv(int fd, void *bytes, size_t room, int flags);
ssize_t __wrap_recv(int fd, void *bytes, size_t room, int flags);
ssize_t __wrap_recv(int fd, void *bytes, size_t room, int flags)
{
    return fd == FAKE_FD ? take(bytes, room, flags & MSG_PEEK)
                         : __real_recv(fd, bytes, room, flags);
}

static ssize_t hear(const void *bytes, size_t size)
{
    line.hear(bytes, size);
    return (ssize_t)size;
}

ssize_t __real_write(int fd, const void *bytes, size_t size);
ssize_t __wrap_write(int fd, const void *bytes, size_t size);
ssize_t __wrap_write(int fd, const void *bytes, size_t size)
{
    return fd == FAKE_FD ? hear(bytes, size) : __real_write(fd, bytes, size);
}

ssize_t __real_send(int fd, const void *bytes, size_t size, int flags);
ssize_t __wrap_send(int fd, const void *bytes, size_t size, int flags);
ssize_t __wrap_send(int fd, const void *bytes, size_t size, int flags)
{
    return fd == FAKE_FD ? hear(bytes, size) : __real_send(fd, bytes, size, flags);
}

int __wrap_tcflush(int fd, int queue);
int __wrap_tcflush(int fd, int queue)
{
    (void)fd, (void)queue;
    drop(arrived());
    return 0;
}

int __wrap_socket(int family, int type, int protocol);
int __wrap_socket(int family, int type, int protocol)
{
    (void)family, (void)type, (void)protocol;
    return FAKE_FD;
}

int __wrap_setsockopt(int fd, int level, int name, const void *value, socklen_t size);
int __wrap_setsockopt(int fd, int level, int name, const void *value, socklen_t size)
{
    (void)fd, (void)level, (void)name, (void)value, (void)size;
    return 0;
}

/* A new connection hears nothing of the one before. */
int __wrap_connect(int fd, const struct sockaddr *address, socklen_t size);
int __wrap_connect(int fd, const struct sockaddr *address, socklen_t size)
{
    (void)fd, (void)address, (void)size;
    line.size = 0;
    line.count = 0;
    line.has_hung_up = false;
    return 0;
}

int __real_close(int fd);
int __wrap_close(int fd);
int __wrap_close(int fd)
{
    return fd == FAKE_FD ? 0 : __real_close(fd);
}

int __wrap_modbus_connect(modbus_t *port);
int __wrap_modbus_connect(modbus_t *port)
{
    (void)port;
    return 0;
}

int __wrap_modbus_get_socket(modbus_t *port);
int __wrap_modbus_get_socket(modbus_t *port)
{
    (void)port;
    return FAKE_FD;
}
