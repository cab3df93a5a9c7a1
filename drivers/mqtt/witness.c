#include "witness.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PATIENCE_MS = 1000 };

void mqtt_witness_call(struct mqtt_witness *w, int beside)
{
    struct sockaddr_storage peer = {0};
    socklen_t size = sizeof(peer);
    mqtt_witness_dismiss(w);
    if (getpeername(beside, (struct sockaddr *)&peer, &size) < 0)
        return;
    int fd = socket(peer.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return;
    *w = (struct mqtt_witness){.fd = fd, .is_called = true};
    if (connect(fd, (const struct sockaddr *)&peer, size) < 0 && errno != EINPROGRESS)
        mqtt_witness_dismiss(w);
}

bool mqtt_witness_stays(const struct mqtt_witness *w)
{
    struct pollfd end = {.fd = w->fd, .events = POLLIN};
    struct sockaddr_storage peer = {0};
    socklen_t size = sizeof(peer);
    return w->is_called && poll(&end, 1, PATIENCE_MS) == 0
           && getpeername(w->fd, (struct sockaddr *)&peer, &size) == 0;
}

void mqtt_witness_dismiss(struct mqtt_witness *w)
{
    if (w->is_called)
        (void)close(w->fd);
    w->is_called = false;
}
