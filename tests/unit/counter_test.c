#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "occupancy/counter.h"

/* What went by over @totals, one after the other. */
static double people_over(const double *totals, size_t n, uint32_t width)
{
    struct counter c = {0};
    double people = 0;
    for (size_t i = 0; i < n; i++)
        people += counter_advance(&c, totals[i], width);
    return people;
}
#define PEOPLE(width, ...)                     \
    people_over((const double[]){__VA_ARGS__}, \
                sizeof((const double[]){__VA_ARGS__}) / sizeof(double), width)

static void the_first_total_is_the_base(void **state)
{
    (void)state;
    assert_true(PEOPLE(32, 4711) == 0);
    assert_true(PEOPLE(32, 4711, 4714, 4714, 4720) == 9);
}

static void a_total_rolls_over_at_its_width(void **state)
{
    (void)state;
    assert_true(PEOPLE(16, 65535, 3) == 4);
    assert_true(PEOPLE(16, 65530, 65535, 0, 1) == 7);
    assert_true(PEOPLE(32, 4294967295.0, 3) == 4);
    assert_true(PEOPLE(24, 16777215, 9) == 10);
}

static void a_total_without_width_does_not_roll_over(void **state)
{
    (void)state;
    assert_true(PEOPLE(0, 65535, 3) == 3); /* a reset: three since then */
    assert_true(PEOPLE(0, 65535, 60000) == 0);
}

static void a_reset_counts_what_came_after_it(void **state)
{
    (void)state;
    assert_true(PEOPLE(32, 500, 520, 0, 2, 5) == 25);
    assert_true(PEOPLE(16, 500, 520, 2, 5) == 25);
}

static void a_small_step_back_is_no_reset(void **state)
{
    (void)state;
    assert_true(PEOPLE(32, 100, 98) == 0);   /* an older message */
    assert_true(PEOPLE(32, 5000, 400) == 0); /* restored from elsewhere */
    assert_true(PEOPLE(32, 5000, 400, 402) == 2);
}

static void a_glitch_to_zero_adds_nobody(void **state)
{
    (void)state;
    assert_true(PEOPLE(32, 1200, 0, 1203) == 3);
    assert_true(PEOPLE(0, 1200, 0, 1203, 1204) == 4);
}

static void a_total_that_falls_runs_backwards_until_it_rises(void **state)
{
    struct counter c = {0};
    (void)state;
    (void)counter_advance(&c, 5000, 32);
    assert_false(c.is_backwards);
    (void)counter_advance(&c, 4999, 32);
    assert_true(c.is_backwards);
    (void)counter_advance(&c, 4999, 32);
    assert_true(c.is_backwards);
    (void)counter_advance(&c, 5001, 32);
    assert_false(c.is_backwards);
    (void)counter_advance(&c, 3, 32); /* the device began anew */
    assert_false(c.is_backwards);
}

/* Any sequence of totals, widths and falls: never less than nobody. */
static void nobody_ever_goes_by_negatively(void **state)
{
    (void)state;
    static const uint32_t widths[] = {0, 16, 24, 32};
    uint64_t seed = 7;
    for (size_t w = 0; w < 4; w++) {
        struct counter c = {0};
        for (int i = 0; i < 20000; i++) {
            seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407U;
            double total = (double)((seed >> 40) % (w == 1 ? 65536 : 1000000));
            double people = counter_advance(&c, total, widths[w]);
            assert_true(people >= 0);
        }
    }
}

/* Honest steps up to 200, through many roll-overs, sum up exactly. */
static void honest_steps_sum_up_through_roll_overs(void **state)
{
    (void)state;
    struct counter c = {0};
    uint64_t seed = 11;
    uint64_t total = 65000;
    double expected = 0;
    double people = counter_advance(&c, (double)total, 16);
    for (int i = 0; i < 20000; i++) {
        seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407U;
        uint64_t step = (seed >> 40) % 201;
        total = (total + step) % 65536;
        expected += (double)step;
        people += counter_advance(&c, (double)total, 16);
    }
    assert_true(people == expected);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_total_is_the_base),
        cmocka_unit_test(a_total_rolls_over_at_its_width),
        cmocka_unit_test(a_total_without_width_does_not_roll_over),
        cmocka_unit_test(a_reset_counts_what_came_after_it),
        cmocka_unit_test(a_small_step_back_is_no_reset),
        cmocka_unit_test(a_glitch_to_zero_adds_nobody),
        cmocka_unit_test(a_total_that_falls_runs_backwards_until_it_rises),
        cmocka_unit_test(nobody_ever_goes_by_negatively),
        cmocka_unit_test(honest_steps_sum_up_through_roll_overs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
