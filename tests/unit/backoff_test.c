#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "field/backoff.h"

enum { MIDDLE = INT32_MAX };

static void delays_double_up_to_the_limit(void **state)
{
    (void)state;
    struct backoff b = {.first_us = 500000, .limit_us = 10000000};
    static const int64_t expected[] = {500000,  1000000,  2000000, 4000000,
                                       8000000, 10000000, 10000000};
    for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
        int64_t delay = backoff_next(&b, MIDDLE);
        assert_in_range(delay, expected[i] - 1, expected[i]);
    }
}

static void jitter_stays_within_a_tenth(void **state)
{
    (void)state;
    struct backoff low = {.first_us = 1000000, .limit_us = 60000000};
    struct backoff high = low;
    assert_int_equal(backoff_next(&low, 0), 900000);
    assert_int_equal(backoff_next(&high, UINT32_MAX), 1100000);
}

static void reset_begins_anew(void **state)
{
    (void)state;
    struct backoff b = {.first_us = 500000, .limit_us = 60000000};
    (void)backoff_next(&b, 0);
    (void)backoff_next(&b, 0);
    backoff_reset(&b);
    assert_int_equal(backoff_next(&b, 0), 450000);
}

static void dice_of_two_seeds_differ(void **state)
{
    (void)state;
    uint64_t a = 1;
    uint64_t b = 2;
    uint64_t again = 1;
    uint32_t first = dice_roll(&a);
    assert_int_equal(first, dice_roll(&again));
    assert_int_not_equal(first, dice_roll(&b));
    assert_int_not_equal(first, dice_roll(&a));
}

static void spans_read_as_a_person_says_them(void **state)
{
    (void)state;
    char text[DURATION_TEXT_MAX];
    assert_string_equal(duration_text(480000, text), "0.5 s");
    assert_string_equal(duration_text(8100000, text), "8 s");
    assert_string_equal(duration_text(185 * INT64_C(1000000), text), "3 min");
    assert_string_equal(duration_text(3 * INT64_C(3600000000), text), "3 h");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(delays_double_up_to_the_limit),
        cmocka_unit_test(jitter_stays_within_a_tenth),
        cmocka_unit_test(reset_begins_anew),
        cmocka_unit_test(dice_of_two_seeds_differ),
        cmocka_unit_test(spans_read_as_a_person_says_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
