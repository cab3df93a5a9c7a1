#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>

#include "occupancy/minute.h"

#define SECOND_US INT64_C(1000000)
#define MINUTE_US (60 * SECOND_US)

/* A minute from 0 with a new value every @step_us. */
static double median_of(const double *people, size_t count, int64_t step_us, double valid)
{
    struct minute m = {.people = NAN};
    for (size_t i = 0; i < count; i++)
        minute_hold(&m, people[i], (int64_t)i * step_us);
    return minute_end(&m, valid, MINUTE_US, MINUTE_US);
}
#define MEDIAN(step_s, ...)                                           \
    median_of((const double[]){__VA_ARGS__},                          \
              sizeof((const double[]){__VA_ARGS__}) / sizeof(double), \
              step_s * SECOND_US, 0.8)

static void a_steady_pace_gives_the_median_of_its_samples(void **state)
{
    (void)state;
    assert_true(MEDIAN(20, 30, 45, 31) == 31);
    assert_true(MEDIAN(12, 5, 1, 4, 2, 3) == 3);
    assert_true(MEDIAN(60, 17) == 17);
}

/* One who walks through the picture for a second is no one more in the room. */
static void a_value_counts_for_as_long_as_it_stood(void **state)
{
    (void)state;
    struct minute m = {.people = NAN};
    minute_hold(&m, 40, 0);
    minute_hold(&m, 90, 10 * SECOND_US);
    minute_hold(&m, 91, 11 * SECOND_US);
    minute_hold(&m, 92, 12 * SECOND_US);
    minute_hold(&m, 41, 13 * SECOND_US);
    assert_true(minute_end(&m, 0.8, MINUTE_US, MINUTE_US) == 41);
}

static void a_minute_without_news_is_as_the_one_before(void **state)
{
    (void)state;
    struct minute m = {.people = NAN};
    minute_hold(&m, 12, 0);
    assert_true(minute_end(&m, 0.8, MINUTE_US, MINUTE_US) == 12);
    assert_true(minute_end(&m, 0.8, MINUTE_US, 2 * MINUTE_US) == 12);
}

static void a_fifth_of_the_minute_may_be_unknown_and_no_more(void **state)
{
    (void)state;
    assert_true(MEDIAN(12, NAN, 7, 7, 7, 7) == 7);
    assert_true(isnan(MEDIAN(13, NAN, 7, 7, 7, 7)));
    assert_true(isnan(MEDIAN(60, NAN)));
}

static void a_sensor_that_flutters_fills_no_memory(void **state)
{
    (void)state;
    struct minute m = {.people = NAN};
    for (int i = 0; i < 600; i++)
        minute_hold(&m, i % 100, i * SECOND_US / 10);
    double median = minute_end(&m, 0.8, MINUTE_US, MINUTE_US);
    assert_true(median >= 0 && median <= 99);
    assert_int_equal(m.count, 0);
}

static void a_clock_that_goes_back_adds_no_time(void **state)
{
    (void)state;
    struct minute m = {.people = NAN};
    minute_hold(&m, 5, 50 * SECOND_US);
    minute_hold(&m, 6, 10 * SECOND_US);
    assert_true(minute_end(&m, 0.8, MINUTE_US, MINUTE_US) == 6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_steady_pace_gives_the_median_of_its_samples),
        cmocka_unit_test(a_value_counts_for_as_long_as_it_stood),
        cmocka_unit_test(a_minute_without_news_is_as_the_one_before),
        cmocka_unit_test(a_fifth_of_the_minute_may_be_unknown_and_no_more),
        cmocka_unit_test(a_sensor_that_flutters_fills_no_memory),
        cmocka_unit_test(a_clock_that_goes_back_adds_no_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
