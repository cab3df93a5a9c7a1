#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "eye_health/lamp_test.h"

#define MINUTE INT64_C(60000000)

static const struct eye_options options = {
    .warm_up_us = 15 * MINUTE, .measure_us = 5 * MINUTE, .steady = 0.1, .row = 0.3};
static struct lamp_test test;
static int64_t now_us;

static int set_up(void **state)
{
    (void)state;
    test = (struct lamp_test){0};
    now_us = 1000 * MINUTE;
    return 0;
}

static struct lamp_minute dark(void)
{
    return (struct lamp_minute){.is_night = true,
                                .light = LAMP_DARK,
                                .people = LAMP_EMPTY,
                                .ends_dark = true,
                                .brightest = 1,
                                .values = {1, 1},
                                .lights = 2,
                                .count = 2};
}

static struct lamp_minute lit(double first, double second)
{
    return (struct lamp_minute){.is_night = true,
                                .light = LAMP_LIT,
                                .people = LAMP_EMPTY,
                                .values = {first, second},
                                .lights = 2,
                                .count = 2};
}

/* @count minutes like @m; the first end. */
static enum lamp_end pass(struct lamp_minute m, int count)
{
    enum lamp_end end = LAMP_GOES_ON;
    for (int i = 0; i < count && end == LAMP_GOES_ON; i++)
        end = lamp_test_minute(&test, &options, &m, now_us += MINUTE);
    return end;
}

static void warm_lamps_are_measured_for_five_minutes(void **state)
{
    (void)state;
    assert_int_equal(pass(dark(), 3), LAMP_GOES_ON);
    assert_int_equal(pass(lit(300, 400), 19), LAMP_GOES_ON);
    assert_int_equal(pass(lit(300, 400), 1), LAMP_MEASURED);
    assert_true(lamp_test_mean(&test, 0) == 300 && lamp_test_mean(&test, 1) == 400);
    assert_int_equal(test.minutes, 5);
}

static void without_darkness_there_is_no_test(void **state)
{
    (void)state;
    assert_int_equal(pass(lit(300, 400), 60), LAMP_GOES_ON);
    assert_int_equal(test.state, LAMP_WAITING);
}

static void one_test_to_a_darkness(void **state)
{
    (void)state;
    pass(dark(), 1);
    assert_int_equal(pass(lit(300, 400), 20), LAMP_MEASURED);
    assert_int_equal(pass(lit(300, 400), 60), LAMP_GOES_ON);
    pass(dark(), 1);
    assert_int_equal(pass(lit(300, 400), 20), LAMP_MEASURED);
}

/* At any time of it. */
static void a_clock_that_is_set_changes_no_test(void **state)
{
    (void)state;
    for (int before = 1; before < 20; before += 3) {
        set_up(NULL);
        pass(dark(), 1);
        pass(lit(300, 400), before);
        lamp_test_step(&test, INT64_C(-400) * 1440 * MINUTE);
        now_us += INT64_C(-400) * 1440 * MINUTE;
        assert_int_equal(pass(lit(300, 400), 19 - before), LAMP_GOES_ON);
        assert_int_equal(pass(lit(300, 400), 1), LAMP_MEASURED);
    }
}

/* The gateway was off, or the clock was set and nobody said so. */
static void a_minute_that_was_not_seen_interrupts(void **state)
{
    (void)state;
    pass(dark(), 1);
    pass(lit(300, 400), 10);
    now_us += MINUTE;
    assert_int_equal(pass(lit(300, 400), 1), LAMP_INTERRUPTED);
    set_up(NULL);
    pass(dark(), 1);
    pass(lit(300, 400), 10);
    now_us -= 5 * MINUTE;
    assert_int_equal(pass(lit(300, 400), 1), LAMP_INTERRUPTED);
}

static void each_disturbance_has_its_name(void **state)
{
    struct lamp_minute wrong[] = {lit(300, 400), lit(300, 400), lit(300, 400),
                                  lit(300, 400), lit(300, 400)};
    static const enum lamp_end ends[] = {LAMP_DAYLIGHT, LAMP_SENSOR, LAMP_HALF_LIT,
                                         LAMP_OCCUPIED, LAMP_SWITCHED_OFF};
    (void)state;
    wrong[0].is_night = false;
    wrong[1].light = LAMP_UNKNOWN;
    wrong[2].light = LAMP_PART;
    wrong[3].people = LAMP_PEOPLE;
    wrong[4].ends_dark = true;
    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        set_up(NULL);
        pass(dark(), 1);
        pass(lit(300, 400), 17);
        assert_int_equal(pass(wrong[i], 1), ends[i]);
        assert_true(strlen(lamp_end_name(ends[i])) > 0);
    }
}

/* Means that rise as tubes warm up begin the warm-up anew, and end. */
static void lamps_that_warm_up_slowly_are_measured_later(void **state)
{
    (void)state;
    pass(dark(), 1);
    pass(lit(200, 200), 3);
    pass(lit(261, 200), 1);
    assert_int_equal(pass(lit(270, 210), 18), LAMP_GOES_ON);
    assert_int_equal(pass(lit(270, 210), 1), LAMP_MEASURED);
}

static void what_is_not_light_need_not_be_known(void **state)
{
    struct lamp_minute m = lit(300, 400);
    (void)state;
    m.values[2] = NAN;
    m.count = 3;
    pass(dark(), 1);
    assert_int_equal(pass(m, 20), LAMP_MEASURED);
    assert_true(isnan(lamp_test_mean(&test, 2)));
}

static void the_board_is_lit_only_throughout(void **state)
{
    struct lamp_minute m = lit(300, 400);
    (void)state;
    m.is_board_lit = true;
    pass(dark(), 1);
    pass(m, 18);
    m.is_board_lit = false;
    pass(m, 1);
    m.is_board_lit = true;
    assert_int_equal(pass(m, 1), LAMP_MEASURED);
    assert_false(test.is_board_lit);
}

int main(void)
{
#define UNIT(f) cmocka_unit_test_setup(f, set_up)
    const struct CMUnitTest tests[] = {
        UNIT(warm_lamps_are_measured_for_five_minutes),
        UNIT(without_darkness_there_is_no_test),
        UNIT(one_test_to_a_darkness),
        UNIT(a_clock_that_is_set_changes_no_test),
        UNIT(a_minute_that_was_not_seen_interrupts),
        UNIT(each_disturbance_has_its_name),
        UNIT(lamps_that_warm_up_slowly_are_measured_later),
        UNIT(what_is_not_light_need_not_be_known),
        UNIT(the_board_is_lit_only_throughout),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
