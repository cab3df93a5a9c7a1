/* holder.c - campus-gpio-holder: holds the output lines of the gateway.
 *
 * The kernel lets a line go when the program that asked for it ends, and what its level
 * is then depends on the chip.  So the gateway, which is large, does not hold the siren:
 * this program does, which is small.  It speaks holder_protocol.h; the gateway's death or
 * silence puts every line to its safe state after HOLDER_SILENCE_MS, and a longest time
 * on holds also while the gateway hangs.
 */
#include <errno.h>
#include <getopt.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include "gw/driver.h"
#include "holder_table.h"

enum { CLIENTS_MAX = 8, BACKLOG = 8 };

static const int64_t alive_us = INT64_C(2) * 1000000;

/* holder - fds of clients, -1 = a free place. */
struct holder {
    int listening;
    int signals;
    int clients[CLIENTS_MAX];
    struct holder_table table;
};

static void tell(struct holder *h, int client, const struct holder_message *m)
{
    uint8_t bytes[HOLDER_BYTES];
    holder_message_write(m, bytes);
    /* One that does not read loses news; it gets the state with its next claim. */
    (void)send(h->clients[client], bytes, sizeof(bytes), MSG_DONTWAIT | MSG_NOSIGNAL);
}

static struct holder_message state_of(const struct held_line *line, uint32_t sequence)
{
    return (struct holder_message){.kind = HOLDER_STATE,
                                   .cause = line->cause,
                                   .line = line->number,
                                   .is_on = line->is_on,
                                   .sequence = sequence};
}

/* --- clients ------------------------------------------------------------------------ */

/* The gateway's own group, root, or whoever runs this program. */
static bool is_welcome(int fd)
{
    struct ucred peer = {0};
    socklen_t size = sizeof(peer);
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) < 0)
        return false;
    return peer.uid == 0 || peer.uid == geteuid() || peer.gid == getegid();
}

static void let_in(struct holder *h)
{
    int fd = accept4(h->listening, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd < 0)
        return;
    int place = 0;
    while (place < CLIENTS_MAX && h->clients[place] >= 0)
        place++;
    if (place == CLIENTS_MAX || !is_welcome(fd)) {
        (void)fprintf(stderr, SD_WARNING "a client was sent away: %s\n",
                      place == CLIENTS_MAX ? "there are too many"
                                           : "not of this program's group");
        (void)close(fd);
        return;
    }
    h->clients[place] = fd;
}

static void let_go(struct holder *h, int client)
{
    table_lost(&h->table, client);
    (void)close(h->clients[client]);
    h->clients[client] = -1;
}

static void refuse(struct holder *h, int client, const struct holder_message *ask,
                   const struct gw_error *err)
{
    struct holder_message m = {
        .kind = HOLDER_REFUSED, .line = ask->line, .sequence = ask->sequence};
    (void)snprintf(m.text, sizeof(m.text), "%.*s", HOLDER_TEXT_MAX - 1, err->text);
    tell(h, client, &m); /* the daemon reports it */
}

static void answer(struct holder *h, int client, const struct holder_message *ask)
{
    struct gw_error err = {0};
    struct held_line *line = NULL;
    int64_t now_us = gw_machine_us();
    int r = 0;
    table_heard(&h->table, client, now_us);
    switch (ask->kind) {
    case HOLDER_CLAIM:
        r = table_claim(&h->table, client, ask, now_us, &line, &err);
        break;
    case HOLDER_SET:
        r = table_set(&h->table, client, ask->line, ask->is_on, now_us, &line, &err);
        break;
    case HOLDER_LEAVE:
        table_leave(&h->table, client, now_us);
        break;
    case HOLDER_BEAT:
        break;
    case HOLDER_STATE:
    case HOLDER_REFUSED:
        r = gw_fail(&err, -EBADMSG, "a client sent what only the holder says");
    }
    struct holder_message m = {.kind = ask->kind, .sequence = ask->sequence};
    if (line)
        m = state_of(line, ask->sequence);
    if (r < 0)
        refuse(h, client, ask, &err);
    else
        tell(h, client, &m);
}

static void listen_to(struct holder *h, int client)
{
    uint8_t bytes[HOLDER_BYTES + 1];
    struct holder_message ask;
    ssize_t n = recv(h->clients[client], bytes, sizeof(bytes), MSG_DONTWAIT);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (n > 0 && holder_message_read(bytes, (size_t)n, &ask) == 0) {
        answer(h, client, &ask);
        return;
    }
    if (n > 0)
        (void)fprintf(stderr, SD_WARNING "a client does not speak the protocol\n");
    let_go(h, client);
}

/* --- the loop ----------------------------------------------------------------------- */

static const char *why(const struct held_line *line)
{
    static const char *const causes[HOLDER_CAUSES] = {
        [HOLDER_ASKED] = "it is held again, as it was asked for",
        [HOLDER_MAX_ON] = "it was on for its longest time",
        [HOLDER_SAFE] = "its safe state, without a word of the gateway",
    };
    return causes[line->cause];
}

static struct holder_message news_of(const struct held_line *line)
{
    if (line->request)
        return state_of(line, 0);
    struct holder_message m = {.kind = HOLDER_REFUSED, .line = line->number};
    memcpy(m.text, line->fault, sizeof(m.text));
    return m;
}

static void do_what_is_due(struct holder *h, int64_t now_us)
{
    for (struct held_line *line = table_time(&h->table, now_us); line;
         line = table_time(&h->table, now_us)) {
        if (line->request)
            (void)fprintf(stderr, SD_NOTICE "line '%s' of '%s' is %s: %s\n", line->name,
                          line->chip, line->is_on ? "on" : "off", why(line));
        else
            (void)fprintf(stderr, SD_WARNING "%s; it is tried again\n", line->fault);
        const struct holder_message m = news_of(line);
        if (line->client != TABLE_NOBODY)
            tell(h, line->client, &m);
    }
}

static int wait_ms(const struct holder *h)
{
    int64_t left_us = table_due(&h->table) - gw_machine_us();
    left_us = left_us < alive_us ? left_us : alive_us;
    return left_us > 0 ? (int)(left_us / 1000) + 1 : 0;
}

/* Until a signal.  returns 0 or -errno */
static int run(struct holder *h)
{
    for (;;) {
        struct pollfd fds[CLIENTS_MAX + 2] = {{.fd = h->signals, .events = POLLIN},
                                              {.fd = h->listening, .events = POLLIN}};
        for (int i = 0; i < CLIENTS_MAX; i++) /* poll() skips a negative one */
            fds[i + 2] = (struct pollfd){.fd = h->clients[i], .events = POLLIN};
        if (poll(fds, CLIENTS_MAX + 2, wait_ms(h)) < 0 && errno != EINTR)
            return -errno;
        if (fds[0].revents)
            return 0;
        for (int i = 0; i < CLIENTS_MAX; i++)
            if (fds[i + 2].revents)
                listen_to(h, i);
        if (fds[1].revents)
            let_in(h);
        do_what_is_due(h, gw_machine_us());
        (void)sd_notify(0, "WATCHDOG=1");
    }
}

/* The socket that systemd hands over, or one at @path.  returns it or -errno */
static int listen_at(const char *path)
{
    int given = sd_listen_fds(1);
    if (given == 1 && sd_is_socket(SD_LISTEN_FDS_START, AF_UNIX, SOCK_SEQPACKET, 1) > 0)
        return SD_LISTEN_FDS_START;
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (!path || strlen(path) >= sizeof(address.sun_path))
        return -EDESTADDRREQ;
    memcpy(address.sun_path, path, strlen(path));
    int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -errno;
    (void)unlink(path);
    if (bind(fd, (const struct sockaddr *)&address, sizeof(address)) < 0
        || listen(fd, BACKLOG) < 0) {
        int code = -errno;
        (void)close(fd);
        return code;
    }
    return fd;
}

static int catch_signals(void)
{
    sigset_t set;
    (void)sigemptyset(&set);
    (void)sigaddset(&set, SIGTERM);
    (void)sigaddset(&set, SIGINT);
    if (sigprocmask(SIG_BLOCK, &set, NULL) < 0)
        return -errno;
    int fd = signalfd(-1, &set, SFD_CLOEXEC);
    return fd < 0 ? -errno : fd;
}

static const char usage[] =
    "usage: campus-gpio-holder [--socket PATH]\n"
    "Holds the output lines of campus-gatewayd; started by systemd, or on PATH.\n";

int main(int argc, char **argv)
{
    static const struct option options[] = {{"socket", required_argument, NULL, 's'},
                                            {"help", no_argument, NULL, 'h'},
                                            {"version", no_argument, NULL, 'v'},
                                            {0}};
    const char *path = NULL;
    for (int c = getopt_long(argc, argv, "", options, NULL); c != -1;
         c = getopt_long(argc, argv, "", options, NULL)) {
        if (c == 's') {
            path = optarg;
            continue;
        }
        (void)fputs(c == 'v' ? "campus-gpio-holder " GW_VERSION "\n" : usage,
                    c == '?' ? stderr : stdout);
        return c == '?' ? 2 : 0;
    }
    struct holder h = {.listening = listen_at(path), .signals = catch_signals()};
    if (h.listening < 0 || h.signals < 0) {
        (void)fprintf(stderr, SD_ERR "campus-gpio-holder: %s: %s\n",
                      path ? path : "no socket from systemd and no --socket",
                      strerror(h.listening < 0 ? -h.listening : -h.signals));
        return 1;
    }
    for (int i = 0; i < CLIENTS_MAX; i++)
        h.clients[i] = -1;
    (void)sd_notify(0, "READY=1");
    int r = run(&h);
    table_close(&h.table);
    if (r < 0)
        (void)fprintf(stderr, SD_ERR "campus-gpio-holder: %s\n", strerror(-r));
    return r < 0;
}
