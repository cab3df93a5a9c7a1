/* The small sums of the plugin eye_health: altitude, screens, noise, lessons. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "eye_health/co2.h"
#include "eye_health/lesson_run.h"
#include "eye_health/quiet.h"
#include "eye_health/screen.h"

/* A true 1500 ppm at 835 hPa reads 1236 by the ratio, 1078 at 1.58 % a kPa. */
static void a_sensor_reads_low_where_the_air_is_thin(void **state)
{
    (void)state;
    assert_true(fabs(co2_compensated(CO2_RATIO, 1236.1, 835, 1.58) - 1500) < 0.1);
    assert_true(fabs(co2_compensated(CO2_PCT_PER_KPA, 1077.55, 835, 1.58) - 1500) < 0.1);
    assert_true(co2_compensated(CO2_NONE, 1236, 835, 1.58) == 1236);
    assert_true(co2_compensated(CO2_RATIO, 1236, 1013.25, 1.58) == 1236);
    assert_true(isnan(co2_compensated(CO2_RATIO, 1236, NAN, 1.58)));
    assert_true(isnan(co2_compensated(CO2_PCT_PER_KPA, 1236, NAN, 1.58)));
    assert_true(co2_compensated(CO2_NONE, 1236, NAN, 1.58) == 1236);
}

static void a_screen_stays_what_it_was_between_its_powers(void **state)
{
    (void)state;
    assert_false(screen_is_on(false, 40, 5, 40));
    assert_true(screen_is_on(false, 40.1, 5, 40));
    assert_true(screen_is_on(true, 5, 5, 40));
    assert_false(screen_is_on(true, 4.9, 5, 40));
}

static void levels_are_added_as_energy(void **state)
{
    struct quiet q = {0};
    (void)state;
    assert_true(isnan(quiet_minute(&q, quiet_energy(40), 2)));
    /* 40 dB and 50 dB are 47.4 dB */
    assert_true(fabs(quiet_minute(&q, quiet_energy(50), 2) - 47.404) < 0.001);
    assert_true(fabs(quiet_minute(&q, quiet_energy(50), 2) - 50) < 1e-9);
}

static void one_loud_minute_begins_anew(void **state)
{
    struct quiet q = {0};
    (void)state;
    quiet_minute(&q, quiet_energy(40), 2);
    assert_true(isnan(quiet_minute(&q, NAN, 2)));
    assert_true(isnan(quiet_minute(&q, quiet_energy(40), 2)));
    assert_true(fabs(quiet_minute(&q, quiet_energy(40), 2) - 40) < 1e-9);
}

static void more_minutes_than_are_kept_push_the_oldest_out(void **state)
{
    struct quiet q = {0};
    double level = NAN;
    (void)state;
    for (int i = 0; i < 3 * QUIET_MINUTES_MAX; i++)
        level = quiet_minute(&q, quiet_energy(i < QUIET_MINUTES_MAX ? 90 : 40),
                             QUIET_MINUTES_MAX);
    assert_true(fabs(level - 40) < 1e-9);
}

static const struct eye_options options = {.desk_least = 300,
                                           .co2_most = 1500,
                                           .temperature_least = 16,
                                           .temperature_most = 30,
                                           .valid = 0.8,
                                           .lesson_share = 0.8};

static struct lesson_minute minute_of(double lux, double ppm, double celsius)
{
    return (struct lesson_minute){
        .is_in_use = true, .values = {lux, ppm, celsius}, .has = {true, true, true}};
}

static void add(struct lesson_run *run, struct lesson_minute minute, int count)
{
    for (int i = 0; i < count; i++)
        lesson_run_add(run, &options, &minute);
}

static void a_minute_complies_at_its_limits(void **state)
{
    struct lesson_run run = {0};
    (void)state;
    add(&run, minute_of(300, 1500, 16), 1);
    add(&run, minute_of(299.9, 1500.1, 15.9), 1);
    add(&run, minute_of(NAN, NAN, 30), 1);
    add(&run, minute_of(NAN, NAN, 30.1), 1);
    assert_int_equal(run.compliant[LESSON_LIGHT], 1);
    assert_int_equal(run.compliant[LESSON_CO2], 1);
    assert_int_equal(run.compliant[LESSON_TEMPERATURE], 2);
    assert_int_equal(run.known[LESSON_LIGHT], 2);
    assert_int_equal(run.known[LESSON_TEMPERATURE], 4);
}

static void an_empty_room_is_not_asked(void **state)
{
    struct lesson_run run = {0};
    struct lesson_tally day = {0};
    struct lesson_minute empty = minute_of(0, 400, 10);
    (void)state;
    empty.is_in_use = false;
    add(&run, empty, 30);
    lesson_run_count(&run, &options, 30, &day);
    assert_int_equal(day.lessons, 0);
    assert_true(isnan(lesson_tally_share(&day, LESSON_LIGHT)));
}

static void a_lesson_under_a_panel_is_known_and_not_judged(void **state)
{
    struct lesson_run run = {0};
    struct lesson_tally day = {0};
    struct lesson_minute dim = minute_of(80, 800, 20);
    (void)state;
    dim.is_projecting = true;
    add(&run, dim, 30);
    lesson_run_count(&run, &options, 30, &day);
    assert_true(lesson_run_completeness(&run, 30) == 1);
    assert_int_equal(day.judged[LESSON_LIGHT], 0);
    assert_int_equal(day.compliant[LESSON_CO2], 1);
}

/* Of 30 minutes 24 must be known, and of those four fifths comply. */
static void a_lesson_needs_its_shares(void **state)
{
    struct lesson_run enough = {0};
    struct lesson_run little = {0};
    struct lesson_tally day = {0};
    (void)state;
    add(&enough, minute_of(300, NAN, NAN), 20);
    add(&enough, minute_of(200, NAN, NAN), 5);
    add(&enough, minute_of(NAN, NAN, NAN), 5);
    lesson_run_count(&enough, &options, 30, &day);
    assert_int_equal(day.judged[LESSON_LIGHT], 1);
    assert_int_equal(day.compliant[LESSON_LIGHT], 1);
    add(&little, minute_of(300, NAN, NAN), 19);
    add(&little, minute_of(200, NAN, NAN), 5);
    add(&little, minute_of(NAN, NAN, NAN), 6);
    lesson_run_count(&little, &options, 30, &day);
    assert_int_equal(day.judged[LESSON_LIGHT], 2);
    assert_int_equal(day.compliant[LESSON_LIGHT], 1);
    assert_int_equal(day.judged[LESSON_CO2], 0);
    assert_true(lesson_tally_share(&day, LESSON_LIGHT) == 0.5);
}

static void minutes_that_nobody_saw_are_missing(void **state)
{
    struct lesson_run run = {0};
    (void)state;
    add(&run, minute_of(300, 800, 20), 15);
    assert_int_equal(lesson_run_due(&run, 30), 30);
    assert_true(lesson_run_completeness(&run, 30) == 0.5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sensor_reads_low_where_the_air_is_thin),
        cmocka_unit_test(a_screen_stays_what_it_was_between_its_powers),
        cmocka_unit_test(levels_are_added_as_energy),
        cmocka_unit_test(one_loud_minute_begins_anew),
        cmocka_unit_test(more_minutes_than_are_kept_push_the_oldest_out),
        cmocka_unit_test(a_minute_complies_at_its_limits),
        cmocka_unit_test(an_empty_room_is_not_asked),
        cmocka_unit_test(a_lesson_under_a_panel_is_known_and_not_judged),
        cmocka_unit_test(a_lesson_needs_its_shares),
        cmocka_unit_test(minutes_that_nobody_saw_are_missing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
