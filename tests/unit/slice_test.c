#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>

#include "occupancy/slice.h"

static struct slice slice_of(const double *people, size_t count)
{
    struct slice s = {0};
    for (size_t i = 0; i < count; i++)
        slice_add(&s, people[i]);
    return s;
}
#define SLICE(...)                          \
    slice_of((const double[]){__VA_ARGS__}, \
             sizeof((const double[]){__VA_ARGS__}) / sizeof(double))

static void the_median_is_the_middle_or_the_mean_of_two(void **state)
{
    (void)state;
    struct slice odd = SLICE(46, 2, 45);
    struct slice even = SLICE(46, 45, 2, 90);
    struct slice none = {0};
    assert_true(slice_median(&odd) == 45);
    assert_true(slice_median(&even) == 45.5);
    assert_true(isnan(slice_median(&none)));
}

static void minutes_are_counted_at_their_bound(void **state)
{
    (void)state;
    struct slice s = SLICE(9, 27, 26, 8, 27);
    assert_int_equal(slice_at_least(&s, 27), 2);
    assert_int_equal(slice_at_least(&s, 26.5), 2);
    assert_int_equal(slice_at_most(&s, 9), 2);
    assert_int_equal(slice_at_most(&s, 8.9), 1);
}

static void a_lesson_that_never_ends_fills_no_memory(void **state)
{
    (void)state;
    struct slice s = {0};
    for (int i = 0; i < 10 * SLICE_MINUTES_MAX; i++)
        slice_add(&s, 30);
    assert_int_equal(s.count, SLICE_MINUTES_MAX);
    assert_true(slice_median(&s) == 30);
}

static void numbers_out_of_bounds_are_cut(void **state)
{
    (void)state;
    struct slice s = SLICE(-4, 1e9);
    assert_int_equal(s.people[0], 0);
    assert_int_equal(s.people[1], UINT16_MAX);
}

/* "Released below 0.3 in half of the recesses" is "the half's greatest is below 0.3". */
static void a_quantile_is_the_one_that_so_many_do_not_exceed(void **state)
{
    (void)state;
    double four[] = {0.9, 0.29, 0.1, 0.8};
    double five[] = {0.9, 0.29, 0.1, 0.8, 0.7};
    assert_true(quantile_of(four, 4, 0.5) == 0.29);
    assert_true(quantile_of(five, 5, 0.5) == 0.7);
    assert_true(quantile_of(five, 5, 0.4) == 0.29);
    assert_true(quantile_of(five, 5, 1) == 0.9);
    assert_true(quantile_of(five, 5, 0) == 0.1);
    assert_true(isnan(quantile_of(five, 0, 0.5)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_median_is_the_middle_or_the_mean_of_two),
        cmocka_unit_test(minutes_are_counted_at_their_bound),
        cmocka_unit_test(a_lesson_that_never_ends_fills_no_memory),
        cmocka_unit_test(numbers_out_of_bounds_are_cut),
        cmocka_unit_test(a_quantile_is_the_one_that_so_many_do_not_exceed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
