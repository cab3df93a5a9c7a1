#include "holder_client.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "gw/driver.h"

int holder_open(struct holder_client *c, const char *path, struct gw_error *err)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    size_t length = strlen(path);
    if (length >= sizeof(address.sun_path))
        return gw_fail(err, -ENAMETOOLONG, "%s: longer than a socket's path may be",
                       path);
    memcpy(address.sun_path, path, length);
    int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return gw_fail(err, -errno, "%s: %s", path, strerror(errno));
    if (connect(fd, (const struct sockaddr *)&address, sizeof(address)) < 0) {
        int code = -errno;
        (void)close(fd);
        return gw_fail(err, code, "campus-gpio-holder does not answer on %s: %s", path,
                       strerror(-code));
    }
    *c = (struct holder_client){.is_open = true, .fd = fd};
    return 0;
}

void holder_close(struct holder_client *c)
{
    if (c->is_open)
        (void)close(c->fd);
    c->is_open = false;
    c->has_news = 0;
}

static int broken(struct holder_client *c, int code, struct gw_error *err)
{
    holder_close(c);
    return gw_fail(err, code, "campus-gpio-holder: %s",
                   code == -ECONNRESET ? "it has closed the connection"
                   : code == -EBADMSG  ? "an answer that is none of its protocol"
                                       : strerror(-code));
}

/* The next message.  returns 1, 0 = none is there, -errno */
static int take(struct holder_client *c, struct holder_message *ret)
{
    uint8_t bytes[HOLDER_BYTES + 1]; /* one more: a longer packet is seen as such */
    ssize_t n = recv(c->fd, bytes, sizeof(bytes), MSG_DONTWAIT);
    if (n < 0)
        return errno == EAGAIN || errno == EINTR ? 0 : -errno;
    if (n == 0)
        return -ECONNRESET;
    int r = holder_message_read(bytes, (size_t)n, ret);
    return r < 0 ? r : 1;
}

static void keep_news(struct holder_client *c, const struct holder_message *m)
{
    bool is_news = m->kind == HOLDER_STATE || m->kind == HOLDER_REFUSED;
    if (!is_news || m->sequence != 0)
        return; /* the answer to a call that nobody waits for any more */
    c->news[m->line] = *m;
    c->has_news |= UINT64_C(1) << m->line;
}

static int send_message(const struct holder_client *c, const struct holder_message *m)
{
    uint8_t bytes[HOLDER_BYTES];
    holder_message_write(m, bytes);
    return send(c->fd, bytes, sizeof(bytes), MSG_NOSIGNAL) < 0 ? -errno : 0;
}

int holder_call(struct holder_client *c, struct holder_message *ask,
                struct holder_message *ret, struct gw_error *err)
{
    if (!c->is_open)
        return gw_fail(err, -ENOTCONN, "campus-gpio-holder is not connected");
    c->sequence += c->sequence == UINT32_MAX ? 2 : 1; /* 0 is for news */
    ask->sequence = c->sequence;
    int r = send_message(c, ask);
    int64_t end_us = gw_machine_us() + HOLDER_PATIENCE_MS * INT64_C(1000);
    while (r >= 0) {
        r = take(c, ret);
        if (r > 0 && ret->sequence == ask->sequence)
            break;
        if (r > 0) {
            keep_news(c, ret);
            continue;
        }
        int64_t left_us = end_us - gw_machine_us();
        if (r == 0 && left_us <= 0)
            r = -ETIMEDOUT;
        struct pollfd readable = {.fd = c->fd, .events = POLLIN};
        if (r == 0 && poll(&readable, 1, (int)(left_us / 1000) + 1) < 0 && errno != EINTR)
            r = -errno;
    }
    if (r < 0)
        return broken(c, r, err);
    return ret->kind == HOLDER_REFUSED ? gw_fail(err, -EREMOTEIO, "%s", ret->text) : 0;
}

int holder_news(struct holder_client *c, struct holder_message *ret, struct gw_error *err)
{
    int r = c->is_open ? 1 : 0;
    while (r > 0) {
        struct holder_message m = {0};
        r = take(c, &m);
        if (r > 0)
            keep_news(c, &m);
    }
    if (r < 0)
        return broken(c, r, err);
    for (unsigned i = 0; i < HOLDER_LINES_MAX; i++) {
        if (!(c->has_news >> i & 1))
            continue;
        c->has_news &= ~(UINT64_C(1) << i);
        *ret = c->news[i];
        return 1;
    }
    return 0;
}
