#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/timex.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/time_server.h"

enum { SET_AT_S = 1800000000 };

static char path[] = "/tmp/time-server-test-XXXXXX";

static int touch(void **state)
{
    (void)state;
    int fd = mkstemp(path);
    const struct timespec times[2] = {{.tv_sec = SET_AT_S}, {.tv_sec = SET_AT_S}};
    return fd < 0 || futimens(fd, times) < 0 || close(fd) < 0;
}

static int take_away(void **state)
{
    (void)state;
    clock_release();
    return unlink(path);
}

static int64_t error_after(int64_t seconds)
{
    clock_set(0, (SET_AT_S + seconds) * INT64_C(1000000));
    return time_server_mark_us(path);
}

static void error_grows_until_the_clock_is_set_again(void **state)
{
    (void)state;
    assert_int_equal(error_after(0), 0);
    assert_int_equal(error_after(2048), 1024000);
    assert_int_equal(error_after(31999), 15999500);
}

static void server_is_lost_where_the_kernel_has_lost_it(void **state)
{
    (void)state;
    assert_int_equal(error_after(32000), TIME_SERVER_LOST_US);
    assert_int_equal(error_after(INT64_C(86400) * 400), TIME_SERVER_LOST_US);
}

static void clock_that_was_set_back_follows_no_server(void **state)
{
    (void)state;
    assert_int_equal(error_after(-1), 0);
    assert_int_equal(error_after(-2), TIME_SERVER_LOST_US);
}

static void without_the_file_nobody_tells(void **state)
{
    (void)state;
    assert_int_equal(time_server_mark_us("/nonexistent/synchronized"), -1);
}

static void the_kernel_is_asked_first(void **state)
{
    (void)state;
    clock_release();
    struct timex kernel = {0};
    assert_true(adjtimex(&kernel) >= 0);
    bool is_followed = !(kernel.status & STA_UNSYNC);
    assert_int_equal(time_server_is_followed(), is_followed);
    if (is_followed)
        assert_in_range(time_server_error_us(), 0, TIME_SERVER_LOST_US - 1);
    else
        assert_int_equal(time_server_error_us(), TIME_SERVER_LOST_US);
}

static void driven_clock_is_right(void **state)
{
    (void)state;
    clock_set(1, 1);
    assert_int_equal(time_server_error_us(), 0);
    assert_true(time_server_is_followed());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(error_grows_until_the_clock_is_set_again),
        cmocka_unit_test(server_is_lost_where_the_kernel_has_lost_it),
        cmocka_unit_test(clock_that_was_set_back_follows_no_server),
        cmocka_unit_test(without_the_file_nobody_tells),
        cmocka_unit_test(the_kernel_is_asked_first),
        cmocka_unit_test(driven_clock_is_right),
    };
    return cmocka_run_group_tests(tests, touch, take_away);
}
