#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/clock.h"
#include "gw/driver.h"

static int release(void **state)
{
    (void)state;
    clock_release();
    return 0;
}

static void set_hands_stand_still(void **state)
{
    (void)state;
    clock_set(1000, 2000);
    assert_int_equal(clock_machine_us(), 1000);
    assert_int_equal(gw_machine_us(), 1000);
    assert_int_equal(clock_school_us(), 2000);
    assert_true(clock_school_is_known());
}

static void released_machine_time_never_steps_back(void **state)
{
    (void)state;
    clock_set(INT64_MAX / 2, 0);
    clock_release();
    int64_t first = clock_machine_us();
    assert_true(first < INT64_MAX / 2);
    assert_true(clock_machine_us() >= first);
}

static void running_school_time_is_known_and_faster(void **state)
{
    (void)state;
    int64_t start = INT64_C(1000000000);
    clock_run_school(start, 1000);
    int64_t machine = clock_machine_us();
    while (clock_machine_us() - machine < 2000)
        ;
    int64_t gone = clock_school_us() - start;
    assert_true(gone >= 2000 * 1000);
    assert_true(clock_school_is_known());
}

static void kernel_clock_is_seen_to_be_set(void **state)
{
    (void)state;
    int64_t ahead_us = 0;
    assert_false(clock_school_was_set(&ahead_us)); /* the first look knows no other */
    assert_false(clock_school_was_set(&ahead_us));
    ahead_us -= INT64_C(3600) * 1000000;
    assert_true(clock_school_was_set(&ahead_us));
    assert_false(clock_school_was_set(&ahead_us));
    ahead_us += INT64_C(3600) * 1000000;
    assert_true(clock_school_was_set(&ahead_us));
}

static void driven_clock_is_never_seen_to_be_set(void **state)
{
    (void)state;
    int64_t ahead_us = 0;
    assert_false(clock_school_was_set(&ahead_us));
    clock_run_school(0, 60);
    assert_false(clock_school_was_set(&ahead_us));
    clock_set(0, INT64_C(99) * 3600 * 1000000);
    assert_false(clock_school_was_set(&ahead_us));
}

static void delay_is_in_machine_time(void **state)
{
    (void)state;
    clock_set(0, 5000);
    assert_int_equal(clock_school_delay(8000), 3000);
    assert_int_equal(clock_school_delay(5000), 0);
    assert_int_equal(clock_school_delay(1), 0);
    clock_run_school(0, 60);
    int64_t minute = clock_school_delay(INT64_C(3600) * 1000000);
    assert_in_range(minute, 1, INT64_C(60) * 1000000 + 1);
}

static void time_is_written_with_offset_and_milliseconds(void **state)
{
    (void)state;
    char text[CLOCK_TEXT_MAX];
    clock_format(INT64_C(1795395600) * 1000000, 8 * 3600, text);
    assert_string_equal(text, "2026-11-23T09:00:00+08:00");
    clock_format(INT64_C(1795395600) * 1000000 + 7999, 0, text);
    assert_string_equal(text, "2026-11-23T01:00:00.007Z");
    clock_format(-1, -(3 * 3600 + 1800), text);
    assert_string_equal(text, "1969-12-31T20:29:59.999-03:30");
}

static void unwritable_times_are_unknown(void **state)
{
    (void)state;
    char text[CLOCK_TEXT_MAX];
    clock_format(GW_TIME_NONE, 0, text);
    assert_string_equal(text, "unknown");
    clock_format(INT64_MIN + 1, 0, text);
    assert_string_equal(text, "unknown");
    clock_format(INT64_MAX, 0, text);
    assert_string_equal(text, "unknown");
}

static void times_are_read_in_any_offset(void **state)
{
    (void)state;
    int64_t a = 0;
    int64_t b = 0;
    assert_int_equal(clock_parse("2026-11-23T09:00:00+08:00", &a), 0);
    assert_int_equal(a, INT64_C(1795395600) * 1000000);
    assert_int_equal(clock_parse("2026-11-23T01:00:00.0000019Z", &b), 0);
    assert_int_equal(b, a + 1);
    assert_int_equal(clock_parse("2024-02-29T00:00:00.5-01:30", &a), 0);
    assert_int_equal(a, INT64_C(1709170200) * 1000000 + 500000);
}

static void what_is_not_rfc_3339_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "2026-11-23",
        "2026-11-23T09:00:00",
        "2026-11-23 09:00:00Z",
        "2026-02-29T00:00:00Z",
        "2026-13-01T00:00:00Z",
        "2026-11-23T24:00:00Z",
        "2026-11-23T09:00:00.Z",
        "2026-11-23T09:00:00Zx",
        "2026-11-23T09:00:00+8:00",
        "+026-11-23T09:00:00Z",
    };
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        int64_t time = 77;
        assert_int_equal(clock_parse(bad[i], &time), -22);
        assert_int_equal(time, 77);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(set_hands_stand_still, release),
        cmocka_unit_test_teardown(released_machine_time_never_steps_back, release),
        cmocka_unit_test_teardown(running_school_time_is_known_and_faster, release),
        cmocka_unit_test_teardown(kernel_clock_is_seen_to_be_set, release),
        cmocka_unit_test_teardown(driven_clock_is_never_seen_to_be_set, release),
        cmocka_unit_test_teardown(delay_is_in_machine_time, release),
        cmocka_unit_test(time_is_written_with_offset_and_milliseconds),
        cmocka_unit_test(unwritable_times_are_unknown),
        cmocka_unit_test(times_are_read_in_any_offset),
        cmocka_unit_test(what_is_not_rfc_3339_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
