/* broker_fixture.h - a real mosquitto on loopback for one test program. */
#ifndef TESTS_BROKER_FIXTURE_H
#define TESTS_BROKER_FIXTURE_H

#include <arpa/inet.h>
#include <assert.h>
#include <fcntl.h>
#include <mosquitto.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct broker {
    pid_t pid;
    uint16_t port;
    char url[64];
};

static inline void broker_pause_ms(long ms)
{
    (void)nanosleep(&(struct timespec){0, ms * 1000000}, NULL);
}

static inline bool broker_port_answers(uint16_t port)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const struct sockaddr_in address = {.sin_family = AF_INET,
                                        .sin_port = htons(port),
                                        .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    bool answers = connect(fd, (const struct sockaddr *)&address, sizeof(address)) == 0;
    close(fd);
    return answers;
}

static inline uint16_t broker_free_port(void)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(address);
    int r = bind(fd, (struct sockaddr *)&address, size);
    r |= getsockname(fd, (struct sockaddr *)&address, &size);
    assert(r == 0);
    (void)r;
    close(fd);
    return ntohs(address.sin_port);
}

/* broker_start - on the port it had, or a free one; waits until it answers. */
static inline void broker_start(struct broker *b)
{
    if (!b->port)
        b->port = broker_free_port();
    (void)snprintf(b->url, sizeof(b->url), "mqtt://127.0.0.1:%u", b->port);
    char port[8];
    (void)snprintf(port, sizeof(port), "%u", b->port);
    b->pid = fork();
    if (b->pid == 0) {
        int null = open("/dev/null", O_RDWR | O_CLOEXEC);
        (void)dup2(null, STDOUT_FILENO);
        (void)dup2(null, STDERR_FILENO);
        (void)execl("/usr/sbin/mosquitto", "mosquitto", "-p", port, (char *)NULL);
        _exit(127);
    }
    for (int i = 0; i < 500 && !broker_port_answers(b->port); i++)
        broker_pause_ms(10);
}

static inline void broker_stop(struct broker *b)
{
    if (b->pid > 0) {
        (void)kill(b->pid, SIGTERM);
        (void)waitpid(b->pid, NULL, 0);
    }
    b->pid = 0;
}

#endif
