#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "eye_health/held.h"

#define SECOND INT64_C(1000000)
/* A full minute. */
#define T0 (INT64_C(1795392000) * SECOND)

static struct held held;

static int set_up(void **state)
{
    (void)state;
    held = held_nothing;
    return 0;
}

static bool take(double value, int64_t time_us)
{
    return held_take(&held, value, time_us / (60 * SECOND) * (60 * SECOND), time_us);
}

static struct held_minute end(int64_t time_us)
{
    return held_end(&held, 0.8, time_us - 60 * SECOND, time_us);
}

static void a_value_that_stands_is_the_minute(void **state)
{
    (void)state;
    assert_true(take(300, T0));
    struct held_minute m = end(T0 + 60 * SECOND);
    assert_true(m.mean == 300 && m.least == 300 && m.most == 300);
    m = end(T0 + 120 * SECOND);
    assert_true(m.mean == 300);
}

static void the_mean_is_over_time(void **state)
{
    (void)state;
    take(100, T0);
    take(400, T0 + 45 * SECOND);
    struct held_minute m = end(T0 + 60 * SECOND);
    assert_true(m.mean == 175 && m.least == 100 && m.most == 400);
}

/* What stood for no time is no part of it. */
static void a_value_at_the_minutes_start_takes_the_whole_minute(void **state)
{
    (void)state;
    take(1, T0 - 60 * SECOND);
    end(T0);
    take(400, T0);
    struct held_minute m = end(T0 + 60 * SECOND);
    assert_true(m.mean == 400 && m.least == 400);
}

static void a_minute_of_which_too_little_is_known_is_unknown(void **state)
{
    (void)state;
    take(300, T0);
    take(NAN, T0 + 48 * SECOND);
    assert_true(end(T0 + 60 * SECOND).mean == 300);
    assert_true(isnan(end(T0 + 120 * SECOND).mean));
    take(300, T0 + 120 * SECOND);
    take(NAN, T0 + 167 * SECOND);
    struct held_minute m = end(T0 + 180 * SECOND);
    assert_true(isnan(m.mean) && isnan(m.least) && isnan(m.most));
}

static void the_same_again_is_no_news(void **state)
{
    (void)state;
    assert_false(take(NAN, T0));
    assert_true(take(1, T0));
    assert_false(take(1, T0 + SECOND));
    assert_true(take(NAN, T0 + 2 * SECOND));
}

/* What is kept of a value that rests does not change from minute to minute. */
static void a_value_at_rest_changes_nothing(void **state)
{
    (void)state;
    take(300, T0 + 7);
    end(T0 + 60 * SECOND);
    struct held before = held;
    end(T0 + 120 * SECOND);
    assert_true(held.value == before.value && held.since_us == before.since_us);
    assert_true(held.sum == before.sum && held.known_us == before.known_us);
}

static void a_clock_set_back_adds_no_time(void **state)
{
    (void)state;
    take(300, T0 + 3600 * SECOND);
    assert_true(isnan(end(T0 + 60 * SECOND).mean));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_value_that_stands_is_the_minute, set_up),
        cmocka_unit_test_setup(the_mean_is_over_time, set_up),
        cmocka_unit_test_setup(a_value_at_the_minutes_start_takes_the_whole_minute,
                               set_up),
        cmocka_unit_test_setup(a_minute_of_which_too_little_is_known_is_unknown, set_up),
        cmocka_unit_test_setup(the_same_again_is_no_news, set_up),
        cmocka_unit_test_setup(a_value_at_rest_changes_nothing, set_up),
        cmocka_unit_test_setup(a_clock_set_back_adds_no_time, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
