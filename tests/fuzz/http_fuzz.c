/* http_fuzz.c - what a client sends, through the real listeners, routes and resources.
 *
 * One connection an input: over the Unix socket, or over loopback TCP when it begins
 * with '@'.  The school behind it is that of tests/replay.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/sockios.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "http/http.h"
#include "alarms/alarm.h"
#include "school.h"

#define NOW_US INT64_C(1795393200000000) /* 2026-11-23T08:20:00+08:00 */

enum { ANSWER_MAX = 1 << 20 };

static const struct timeval unix_patience = {.tv_sec = 60};
static const struct timeval tcp_patience = {.tv_usec = 20000};

static struct http *http;
static struct pipeline *pipeline;
static struct sockaddr_un unix_address = {.sun_family = AF_UNIX};
static struct sockaddr_in tcp_address = {.sin_family = AF_INET};

static int operate(void *ctx, const struct alarm_command *command,
                   const struct outcome_to *to, struct gw_error *err)
{
    (void)ctx;
    (void)to;
    fuzz_claim(memchr(command->id, 0, sizeof(command->id))
                   && memchr(command->actor, 0, sizeof(command->actor))
                   && memchr(command->comment, 0, sizeof(command->comment)),
               "an operator's texts end");
    fuzz_claim(command->actor[0] != '\0', "an operator has a name");
    return gw_fail(err, -ENOENT, "no alarm '%s'", command->id);
}

/* A bus that answers at once, in the listener's own thread. */
static int enter(void *ctx, const struct campus_entry *entry, const char *actor,
                 const struct outcome_to *to, struct gw_error *err)
{
    (void)ctx;
    (void)to;
    (void)actor;
    return gw_fail(err, -ENOENT, "there is no class '%s'", entry->class_id);
}

static int enter_list(void *ctx, struct campus_entry_list *list, const char *actor,
                      const struct outcome_to *to, struct gw_error *err)
{
    struct outcome outcome = {
        .answer = strdup("[{\"entry\":0,\"key\":\"count\",\"text\":\"no\"}]")};
    (void)ctx;
    (void)err;
    fuzz_claim(actor[0] != '\0', "who enters a table has a name");
    free(list);
    outcome.result = gw_fail(&outcome.err, -EINVAL, "refused");
    to->told(to->ctx, &outcome);
    return 0;
}

static int write_point(void *ctx, const struct http_write *write, struct gw_error *err)
{
    (void)ctx, (void)err;
    fuzz_claim(isfinite(write->value), "a value to write is a number");
    write->done(write->ctx, 0, "");
    return 0;
}

static char *reload(void *ctx, const struct http_reload *asked, unsigned *ret_status)
{
    (void)ctx;
    fuzz_claim(asked->what <= HTTP_RELOAD_CONFIRM && asked->confirm_us >= 0,
               "a reload is one of three");
    fuzz_claim(memchr(asked->actor, 0, sizeof(asked->actor)), "an actor ends");
    *ret_status = 200;
    return strdup("{}");
}

static char *document(void *ctx)
{
    (void)ctx;
    return strdup("{\"gateway\":\"gw-fuzz\"}");
}

static void stop(void)
{
    http = http_stop(http);
    pipeline = pipeline_free(pipeline);
    settings_free(&school);
}

static void listen_there(void)
{
    const char *const listen[] = {"127.0.0.1:0"};
    const struct http_config config = {.socket = unix_address.sun_path,
                                       .listen = {listen, 1}};
    const struct http_sources sources = {.points = pipeline_points(pipeline),
                                         .alarms = pipeline_alarms(pipeline),
                                         .rules = pipeline_rules(pipeline),
                                         .campus = school.campus,
                                         .store_path = "/nonexistent/campus.db",
                                         .offset_s = 8 * 3600};
    const struct http_ops ops = {.operate = operate,
                                 .enter = enter,
                                 .enter_list = enter_list,
                                 .write = write_point,
                                 .reload = reload,
                                 .status = document,
                                 .devices = document,
                                 .buses = document,
                                 .outbox = document};
    struct gw_error err = {0};
    unsigned port = 0;
    if (http_start(&config, &sources, &ops, &http, &err) < 0)
        fuzz_claim(false, err.text);
    fuzz_claim(sscanf(http_address(http), "http://127.0.0.1:%u", &port) == 1,
               "a port was chosen");
    tcp_address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    tcp_address.sin_port = htons((uint16_t)port);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    static uint32_t last_point;
    const char *base = getenv("TMPDIR");
    fuzz_hush();
    clock_set(NOW_US, NOW_US);
    school_load();
    pipeline = school_pipeline(&last_point);
    pipeline_start(pipeline, NOW_US);
    (void)snprintf(unix_address.sun_path, sizeof(unix_address.sun_path),
                   "%.80s/fuzz-%d.sock", base ? base : "/tmp", (int)getpid());
    listen_there();
    (void)atexit(stop);
    return 0;
}

/* A reset at close leaves no port behind in TIME_WAIT.  libFuzzer's alarm, once in 61 s,
 * interrupts. */
static int connect_to(bool is_tcp)
{
    const struct linger reset = {.l_onoff = 1};
    int fd = -1;
    int r = 0;
    do {
        if (fd >= 0)
            (void)close(fd);
        fd = socket(is_tcp ? AF_INET : AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        r = is_tcp ? connect(fd, (struct sockaddr *)&tcp_address, sizeof(tcp_address))
                   : connect(fd, (struct sockaddr *)&unix_address, sizeof(unix_address));
    } while (r < 0 && errno == EINTR);
    fuzz_claim(r == 0, "the server takes connections");
    if (is_tcp)
        (void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
    return fd;
}

/* libmicrohttpd 0.9.75 sees an end that comes together with the last bytes 15 s later; so
 * it comes apart from them, and over TCP, where nobody can tell, we just hang up. */
static void end_requests(int fd)
{
    struct pollfd answer = {.fd = fd, .events = POLLIN};
    int unread = 0;
    do
        (void)ioctl(fd, SIOCOUTQ, &unread);
    while (unread > 0 && poll(&answer, 1, 1) == 0);
    (void)shutdown(fd, SHUT_WR);
}

/* Until the server closes; a stream of events would go on for ever. */
static size_t read_answer(int fd, bool is_tcp, char *ret, size_t room)
{
    const struct timeval *patience = is_tcp ? &tcp_patience : &unix_patience;
    size_t have = 0;
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, patience, sizeof(*patience));
    while (have < room && !memmem(ret, have, "text/event-stream", 17)) {
        ssize_t n = recv(fd, ret + have, room - have, 0);
        if (n < 0 && errno == EINTR)
            continue;
        fuzz_claim(n >= 0 || is_tcp || errno != EAGAIN, "the server answers or closes");
        if (n <= 0)
            break;
        have += (size_t)n;
    }
    return have;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static char answer[ANSWER_MAX];
    bool is_tcp = size > 0 && bytes[0] == '@';
    int fd = connect_to(is_tcp);
    (void)send(fd, bytes + is_tcp, size - is_tcp, MSG_NOSIGNAL); /* may be cut short */
    if (!is_tcp)
        end_requests(fd);
    size_t got = read_answer(fd, is_tcp, answer, sizeof(answer));
    fuzz_claim(got == 0 || (got > 9 && memcmp(answer, "HTTP/1.", 7) == 0),
               "an answer is one of HTTP");
    (void)close(fd);
    return 0;
}
