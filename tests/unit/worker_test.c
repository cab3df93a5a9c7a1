#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>

#include "base/clock.h"
#include "base/worker.h"

struct seen {
    atomic_int turns;
    atomic_bool holds;
    atomic_bool has_blocked_signals;
    char name[16];
};

static void body(struct worker *w, void *ctx)
{
    struct seen *seen = ctx;
    sigset_t mask;
    pthread_sigmask(SIG_SETMASK, NULL, &mask);
    seen->has_blocked_signals = sigismember(&mask, SIGTERM) == 1;
    pthread_getname_np(pthread_self(), seen->name, sizeof(seen->name));
    while (!worker_should_stop(w)) {
        struct pollfd fd = {.fd = worker_fd(w), .events = POLLIN};
        seen->turns++;
        poll(&fd, 1, 5000);
        worker_drain(w);
    }
}

static void wait_for_turns(struct seen *seen, int turns)
{
    while (seen->turns < turns)
        poll(NULL, 0, 1);
}

static void a_wake_up_turns_the_loop_and_a_stop_ends_it(void **state)
{
    (void)state;
    struct seen seen = {0};
    struct worker *w = NULL;
    assert_int_equal(worker_start("bus:riser-2", 0, body, &seen, &w), 0);
    wait_for_turns(&seen, 1);
    worker_wake(w);
    wait_for_turns(&seen, 2);
    worker_stop(w);
    assert_null(worker_join(w));
    assert_true(seen.has_blocked_signals);
    assert_string_equal(seen.name, "bus:riser-2");
    assert_null(worker_join(NULL));
}

static void a_silent_worker_is_late_until_it_ends(void **state)
{
    (void)state;
    struct seen seen = {0};
    struct seen exempt = {0};
    struct worker *w = NULL;
    struct worker *other = NULL;
    clock_set(1000, 0);
    assert_int_equal(worker_start("store", 500, body, &seen, &w), 0);
    assert_int_equal(worker_start("free", 0, body, &exempt, &other), 0);
    clock_set(1500, 0);
    assert_null(worker_late());
    clock_set(1501, 0);
    assert_string_equal(worker_late(), "store");
    worker_alive(w);
    assert_null(worker_late());
    clock_set(9000, 0);
    worker_stop(w);
    worker_join(w);
    assert_null(worker_late());
    worker_stop(other);
    worker_join(other);
    clock_release();
}

/* Ends when it is told so, but not while it is held. */
static void stubborn_body(struct worker *w, void *ctx)
{
    struct seen *seen = ctx;
    do {
        while (!worker_should_stop(w))
            poll(NULL, 0, 1);
        while (seen->holds)
            poll(NULL, 0, 1);
        seen->turns++;
    } while (!worker_may_end(w));
}

static void a_stop_that_takes_too_long_can_be_taken_back(void **state)
{
    (void)state;
    struct seen seen = {.holds = true};
    struct worker *w = NULL;
    assert_int_equal(worker_start("bus:riser-2", 0, stubborn_body, &seen, &w), 0);
    worker_stop(w);
    assert_false(worker_wait(w, 5000));
    assert_true(worker_go_on(w));
    seen.holds = false;
    assert_false(worker_wait(w, 5000));
    worker_stop(w);
    assert_true(worker_wait(w, 10000000));
    assert_false(worker_go_on(w));
    assert_null(worker_join(w));
}

static void the_time_since_it_moved_is_known(void **state)
{
    (void)state;
    struct seen seen = {0};
    struct worker *w = NULL;
    clock_set(1000, 0);
    assert_int_equal(worker_start("free", 0, body, &seen, &w), 0);
    clock_set(1700, 0);
    assert_int_equal(worker_silent_us(w), 700);
    worker_alive(w);
    assert_int_equal(worker_silent_us(w), 0);
    worker_stop(w);
    worker_join(w);
    clock_release();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_wake_up_turns_the_loop_and_a_stop_ends_it),
        cmocka_unit_test(a_silent_worker_is_late_until_it_ends),
        cmocka_unit_test(a_stop_that_takes_too_long_can_be_taken_back),
        cmocka_unit_test(the_time_since_it_moved_is_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
