#include "listening.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PATIENCE_MS = 1000, PORT_TEXT = 6 };

static bool is_connected(int fd)
{
    struct pollfd ready = {.fd = fd, .events = POLLOUT};
    int failed = 0;
    socklen_t size = sizeof(failed);
    return poll(&ready, 1, PATIENCE_MS) == 1
           && getsockopt(fd, SOL_SOCKET, SO_ERROR, &failed, &size) == 0 && failed == 0;
}

static bool takes_connection(const struct addrinfo *address)
{
    int fd = socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return false;
    int r = connect(fd, address->ai_addr, address->ai_addrlen);
    bool is_taken = r == 0 || (errno == EINPROGRESS && is_connected(fd));
    (void)close(fd);
    return is_taken;
}

bool mqtt_is_listening(const struct gw_broker *broker, unsigned attempt)
{
    char numeric[GW_BROKER_NUMERIC_MAX];
    char port[PORT_TEXT];
    struct gw_error err = {0};
    const struct addrinfo wanted = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV,
                                    .ai_socktype = SOCK_STREAM};
    struct addrinfo *address = NULL;
    if (gw_broker_resolve(broker, attempt, numeric, &err) < 0)
        return false;
    (void)snprintf(port, sizeof(port), "%u", broker->port);
    if (getaddrinfo(numeric, port, &wanted, &address) != 0)
        return false;
    bool is_taken = takes_connection(address);
    freeaddrinfo(address);
    return is_taken;
}
