#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "rules/window.h"

#define MINUTE INT64_C(60000000)
#define START (INT64_C(1795492800) * 1000000)

static struct window *window;

static int set_up(void **state)
{
    (void)state;
    return window_new(10 * MINUTE, &window);
}

static int tear_down(void **state)
{
    (void)state;
    window = window_free(window);
    return 0;
}

static void push(int minute, double value)
{
    assert_int_equal(window_push(window, START + minute * MINUTE, value), 0);
}

static double value_at(enum window_function function, int minute, double valid)
{
    int64_t to_us = START + minute * MINUTE;
    return window_value(window, function, to_us - 10 * MINUTE, to_us, valid, NAN);
}

static void mean_is_weighed_by_time(void **state)
{
    (void)state;
    push(0, 100);
    push(9, 1000);
    /* 9 min at 100 and 1 min at 1000 */
    assert_true(value_at(WINDOW_MEAN, 10, 0.8) == 190);
    /* 4 min at 100, 6 min at 1000 */
    assert_true(value_at(WINDOW_MEAN, 15, 0.8) == 640);
    /* all older than the window, but it still holds */
    assert_true(value_at(WINDOW_MEAN, 60, 0.8) == 1000);
}

static void bad_time_counts_neither_as_zero_nor_as_valid(void **state)
{
    (void)state;
    push(0, 300);
    push(6, NAN);
    push(8, 500);
    /* good: 6 min at 300, 2 min at 500, 2 min bad */
    assert_true(value_at(WINDOW_MEAN, 10, 0.8) == 350);
    assert_true(isnan(value_at(WINDOW_MEAN, 10, 0.81)));
}

static void window_that_is_not_full_is_unknown_until_its_share_is_reached(void **state)
{
    (void)state;
    assert_true(isnan(value_at(WINDOW_MEAN, 0, 0)));
    push(0, 212);
    assert_true(isnan(value_at(WINDOW_MEAN, 7, 0.8)));
    assert_true(value_at(WINDOW_MEAN, 8, 0.8) == 212);
}

static void extremes_take_what_held_at_any_moment(void **state)
{
    (void)state;
    push(0, 900);
    push(5, 100);
    push(6, 400);
    assert_true(value_at(WINDOW_MAX, 10, 0.8) == 900);
    assert_true(value_at(WINDOW_MIN, 10, 0.8) == 100);
    assert_true(value_at(WINDOW_MAX, 15, 0.8) == 400);
    assert_true(value_at(WINDOW_MIN, 16, 0.8) == 400);
}

static void count_last_delta_and_share_are_as_by_hand(void **state)
{
    (void)state;
    push(0, 0);
    push(2, 3);
    push(7, 5);
    push(9, NAN);
    assert_true(value_at(WINDOW_COUNT, 10, 0.8) == 2); /* at 2 and 7; 0 is its edge */
    assert_true(value_at(WINDOW_LAST, 10, 0.8) == 5);
    assert_true(value_at(WINDOW_DELTA, 10, 0.8) == 5);
    /* 9 good minutes, 7 of them not 0 */
    assert_true(fabs(value_at(WINDOW_SHARE, 10, 0.8) - 7.0 / 9) < 1e-12);
    assert_true(isnan(value_at(WINDOW_LAST, 19, 0.8)));
}

static void median_is_weighed_by_time_and_forgets_bad_time(void **state)
{
    (void)state;
    push(0, 40);
    push(4, 47); /* 3 min */
    push(7, NAN);
    push(8, 3); /* 2 min */
    /* good: 4 min at 40, 3 at 47, 2 at 3: the middle of 9 min is at 40 */
    assert_true(value_at(WINDOW_MEDIAN, 10, 0.8) == 40);
    assert_true(isnan(value_at(WINDOW_MEDIAN, 10, 0.95)));
    /* 2 min at 40, 3 at 47, 4 at 3: the middle of 9 min is 30 s into 40 */
    assert_true(value_at(WINDOW_MEDIAN, 12, 0.8) == 40);
    push(13, 50);
    /* 3 min at 47, 5 at 3, 1 at 50 */
    assert_true(value_at(WINDOW_MEDIAN, 14, 0.8) == 3);
}

static void changes_are_counted_between_good_values(void **state)
{
    (void)state;
    push(0, 1);
    push(2, 1);
    push(3, 0);
    push(4, NAN);
    push(5, 0); /* as before it went bad */
    push(6, 1);
    assert_true(value_at(WINDOW_CHANGES, 10, 0.8) == 2);
    /* from 3:00 on: 0, then 1 */
    assert_true(value_at(WINDOW_CHANGES, 13, 0.8) == 1);
}

static void share_and_duration_take_a_threshold(void **state)
{
    (void)state;
    int64_t to_us = START + 10 * MINUTE;
    push(0, 4);   /* stand-by */
    push(2, 120); /* 5 min */
    push(7, 40);
    double above =
        window_value(window, WINDOW_DURATION, to_us - 10 * MINUTE, to_us, 0.8, 40);
    assert_true(above == 5);
    assert_true(value_at(WINDOW_DURATION, 10, 0.8) == 10);
    above = window_value(window, WINDOW_SHARE, to_us - 10 * MINUTE, to_us, 0.8, 39);
    assert_true(above == 0.8);
}

static void clock_set_back_begins_anew(void **state)
{
    (void)state;
    push(5, 100);
    push(3, 200);
    assert_int_equal(window_length(window), 1);
    assert_true(value_at(WINDOW_MEAN, 11, 0.8) == 200);
}

static void old_readings_are_forgotten(void **state)
{
    (void)state;
    for (int minute = 0; minute < 100; minute++)
        push(minute, minute);
    assert_true(window_length(window) <= 11);
    /* minutes 89 .. 98 held one minute each */
    assert_true(value_at(WINDOW_MEAN, 99, 1) == 93.5);
}

static void flood_of_readings_stays_bounded_and_becomes_unknown(void **state)
{
    (void)state;
    for (int64_t i = 0; i < 2 * WINDOW_READINGS_MAX; i++)
        assert_int_equal(window_push(window, START + i * 10000, 1), 0);
    assert_int_equal(window_length(window), WINDOW_READINGS_MAX);
    assert_true(isnan(value_at(WINDOW_MEAN, 2, 0.8)));
}

static void window_of_a_phase_keeps_all_since_its_start(void **state)
{
    (void)state;
    struct window *phase;
    assert_int_equal(window_new(0, &phase), 0);
    for (int minute = 0; minute < 40; minute++)
        assert_int_equal(window_push(phase, START + minute * MINUTE, minute < 20), 0);
    int64_t to_us = START + 40 * MINUTE;
    assert_true(window_value(phase, WINDOW_SHARE, START, to_us, 0.8, NAN) == 0.5);
    assert_true(window_value(phase, WINDOW_SHARE, START + 20 * MINUTE, to_us, 0.8, NAN)
                == 0);
    assert_int_equal(window_length(phase), 20);
    window_free(phase);
}

#define UNIT(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(mean_is_weighed_by_time),
        UNIT(bad_time_counts_neither_as_zero_nor_as_valid),
        UNIT(window_that_is_not_full_is_unknown_until_its_share_is_reached),
        UNIT(extremes_take_what_held_at_any_moment),
        UNIT(count_last_delta_and_share_are_as_by_hand),
        UNIT(median_is_weighed_by_time_and_forgets_bad_time),
        UNIT(changes_are_counted_between_good_values),
        UNIT(share_and_duration_take_a_threshold),
        UNIT(clock_set_back_begins_anew),
        UNIT(old_readings_are_forgotten),
        UNIT(flood_of_readings_stays_bounded_and_becomes_unknown),
        UNIT(window_of_a_phase_keeps_all_since_its_start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
