#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/worker.h"
#include "watchdog.h"

enum { LATE_US = 500 };

/* systemd's end of NOTIFY_SOCKET, and one worker that never says that it is alive. */
struct rig {
    int fd;
    char path[64];
    struct worker *worker;
    struct gw_complaint hung;
};

static void body(struct worker *w, void *ctx)
{
    (void)ctx;
    while (!worker_should_stop(w)) {
        struct pollfd fd = {.fd = worker_fd(w), .events = POLLIN};
        (void)poll(&fd, 1, 5000);
        worker_drain(w);
    }
}

static int set_up(void **state)
{
    static struct rig rig;
    rig =
        (struct rig){.fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
    (void)snprintf(rig.path, sizeof(rig.path), "/tmp/watchdog_test.%d", (int)getpid());
    (void)unlink(rig.path);
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    (void)snprintf(address.sun_path, sizeof(address.sun_path), "%s", rig.path);
    assert_int_equal(bind(rig.fd, (const struct sockaddr *)&address, sizeof(address)), 0);
    (void)setenv("NOTIFY_SOCKET", rig.path, 1);
    clock_set(1000, 0);
    assert_int_equal(worker_start("store", LATE_US, body, NULL, &rig.worker), 0);
    *state = &rig;
    return 0;
}

static int tear_down(void **state)
{
    struct rig *rig = *state;
    worker_stop(rig->worker);
    rig->worker = worker_join(rig->worker);
    (void)unsetenv("NOTIFY_SOCKET");
    (void)unlink(rig->path);
    close(rig->fd);
    clock_release();
    return 0;
}

/* What one feeding at @machine_us tells systemd; "" = nothing. */
static const char *fed(struct rig *rig, int64_t machine_us)
{
    static char text[64];
    clock_set(machine_us, 0);
    watchdog_feed(&rig->hung);
    ssize_t size = recv(rig->fd, text, sizeof(text) - 1, 0);
    text[size > 0 ? size : 0] = '\0';
    return text;
}

static void a_worker_that_is_not_late_is_enough_to_feed(void **state)
{
    assert_string_equal(fed(*state, 1000), "WATCHDOG=1");
    assert_string_equal(fed(*state, 1000 + LATE_US), "WATCHDOG=1");
}

static void the_feeding_ends_with_a_worker_that_hangs(void **state)
{
    struct rig *rig = *state;
    assert_string_equal(fed(rig, 1001 + LATE_US), "");
    assert_true(rig->hung.is_open);
    assert_string_equal(fed(rig, 2000 + LATE_US), "");
    assert_int_equal(rig->hung.suppressed, 1); /* said once, not each second */
}

static void the_feeding_goes_on_when_the_worker_moves_again(void **state)
{
    struct rig *rig = *state;
    assert_string_equal(fed(rig, 1001 + LATE_US), "");
    worker_alive(rig->worker);
    assert_string_equal(fed(rig, 1002 + LATE_US), "WATCHDOG=1");
    assert_false(rig->hung.is_open);
}

#define RIGGED(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIGGED(a_worker_that_is_not_late_is_enough_to_feed),
        RIGGED(the_feeding_ends_with_a_worker_that_hangs),
        RIGGED(the_feeding_goes_on_when_the_worker_moves_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
