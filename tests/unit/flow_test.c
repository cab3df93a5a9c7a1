#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdbool.h>

#include "occupancy/flow.h"

#define SECOND_US INT64_C(1000000)
#define WINDOW_US (10 * SECOND_US)

static bool is_near(double a, double b)
{
    return fabs(a - b) < 1e-9;
}

static void a_counter_that_tells_each_step_gives_the_window_s_mean(void **state)
{
    (void)state;
    struct flow f = {0};
    for (int64_t s = 1; s <= 20; s++)
        flow_add(&f, 2, SECOND_US, WINDOW_US, s * SECOND_US);
    assert_true(is_near(flow_rate(&f, 20 * SECOND_US), 2));
}

/* A minute's people are not taken for one moment's. */
static void a_counter_that_tells_each_minute_gives_the_minute_s_mean(void **state)
{
    (void)state;
    struct flow f = {0};
    flow_add(&f, 90, 60 * SECOND_US, WINDOW_US, 60 * SECOND_US);
    assert_true(is_near(flow_rate(&f, 60 * SECOND_US), 1.5));
    assert_true(is_near(flow_rate(&f, 119 * SECOND_US), 1.5));
    assert_true(is_near(flow_rate(&f, 120 * SECOND_US), 0));
}

static void it_thins_out_by_itself_and_says_when(void **state)
{
    (void)state;
    struct flow f = {0};
    assert_true(flow_next(&f) == INT64_MAX);
    flow_add(&f, 10, SECOND_US, WINDOW_US, 0);
    flow_add(&f, 20, SECOND_US, WINDOW_US, 4 * SECOND_US);
    assert_true(flow_next(&f) == 10 * SECOND_US);
    assert_true(is_near(flow_rate(&f, 10 * SECOND_US), 2));
    assert_true(flow_next(&f) == 14 * SECOND_US);
    assert_true(is_near(flow_rate(&f, 14 * SECOND_US), 0));
}

static void a_rush_of_single_steps_fills_no_memory(void **state)
{
    (void)state;
    struct flow f = {0};
    for (int i = 1; i <= 1000; i++)
        flow_add(&f, 1, SECOND_US / 100, WINDOW_US, i * SECOND_US / 100);
    double rate = flow_rate(&f, 10 * SECOND_US);
    assert_true(rate > 99.9 && rate < 100.1);
    assert_true(is_near(flow_rate(&f, 20 * SECOND_US), 0));
}

/* Both directions of a counter, and those of another that speaks in the same moment. */
static void what_is_told_at_once_is_one_step(void **state)
{
    (void)state;
    struct flow f = {0};
    flow_add(&f, 5, SECOND_US, WINDOW_US, 0);
    flow_add(&f, 3, SECOND_US, WINDOW_US, 0);
    assert_int_equal(f.count, 1);
    assert_float_equal(flow_rate(&f, 1), 0.8, 1e-9);
    flow_add(&f, 60, 60 * SECOND_US, WINDOW_US, 0);
    assert_int_equal(f.count, 2);
    assert_float_equal(flow_rate(&f, 1), 1.8, 1e-9);
}

static void nobody_and_a_clock_set_back_add_nothing(void **state)
{
    (void)state;
    struct flow f = {0};
    flow_add(&f, 0, SECOND_US, WINDOW_US, 0);
    assert_int_equal(f.count, 0);
    flow_add(&f, 10, -50 * SECOND_US, WINDOW_US, 0);
    assert_true(is_near(flow_rate(&f, 0), 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_counter_that_tells_each_step_gives_the_window_s_mean),
        cmocka_unit_test(a_counter_that_tells_each_minute_gives_the_minute_s_mean),
        cmocka_unit_test(it_thins_out_by_itself_and_says_when),
        cmocka_unit_test(a_rush_of_single_steps_fills_no_memory),
        cmocka_unit_test(what_is_told_at_once_is_one_step),
        cmocka_unit_test(nobody_and_a_clock_set_back_add_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
