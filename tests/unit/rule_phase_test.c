#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rule_fixture.h"

/* Of two phases that follow each other, and of none beside them. */
#define BUSY                               \
    "rules:\n"                             \
    "  - id: XX-01\n"                      \
    "    title: busy\n"                    \
    "    each: {kind: classroom}\n"        \
    "    inputs: {occ: occupancy}\n"       \
    "    when: occ > 50\n"                 \
    "    for: 10min\n"                     \
    "    during: [lesson_whole, recess]\n" \
    "    severity: P4\n"

static const char occ_204[] = "b1-204/occupancy";

static void check_raised(const struct rule_school *s, int64_t time_us)
{
    assert_int_equal(s->count, 1);
    assert_true(s->happened[0].is_active);
    assert_true(s->happened[0].time_us == time_us);
}

static void hold_runs_on_from_one_named_phase_into_the_next(void **state)
{
    (void)state;
    struct rule_school *s = school_open(BUSY, NULL);
    school_start(s, at_clock(8, 0, 0));
    school_read(s, occ_204, at_clock(8, 55, 0), 51, 0);
    rules_phase(s->rules, at_clock(9, 0, 0));
    rules_phase(s->rules, at_clock(9, 3, 0)); /* a bell of another stage */
    rules_run(s->rules, at_clock(9, 10, 0));
    check_raised(s, at_clock(9, 5, 0));
    school_close(s);
}

/* In recess, with a hold that began in the lesson before it. */
static void hold_of_the_phase_before_survives_a_restart(void **state)
{
    (void)state;
    struct rule_school *s = school_open(BUSY, NULL);
    school_start(s, at_clock(8, 0, 0));
    school_read(s, occ_204, at_clock(8, 55, 0), 51, 0);
    rules_phase(s->rules, at_clock(9, 0, 0));
    school_restart(s, at_clock(9, 2, 0));
    school_read(s, occ_204, at_clock(9, 2, 1), 51, 0);
    rules_run(s->rules, at_clock(9, 10, 0));
    check_raised(s, at_clock(9, 5, 0));
    school_close(s);
}

/* The same recess a week before. */
static void hold_of_the_phase_before_survives_a_clock_that_is_set(void **state)
{
    (void)state;
    int64_t week_us = 7 * 24 * 60 * MINUTE;
    struct rule_school *s = school_open(BUSY, NULL);
    school_start(s, at_clock(8, 0, 0));
    school_read(s, occ_204, at_clock(8, 55, 0), 51, 0);
    rules_phase(s->rules, at_clock(9, 0, 0));
    school_clock_step(s, -week_us, at_clock(9, 2, 0) - week_us);
    rules_run(s->rules, at_clock(9, 10, 0) - week_us);
    check_raised(s, at_clock(9, 5, 0) - week_us);
    school_close(s);
}

/* From the lesson over the bell into the recess: its first minute is the hold's first. */
static void hold_begins_where_its_phases_do_when_the_clock_is_set(void **state)
{
    (void)state;
    struct rule_school *s = school_open(BUSY, NULL);
    school_start(s, at_clock(7, 0, 0));
    school_read(s, occ_204, at_clock(8, 10, 0), 51, 0); /* closed, and it is 8:24 */
    school_clock_step(s, 14 * MINUTE, at_clock(8, 25, 0));
    rules_run(s->rules, at_clock(8, 35, 0));
    check_raised(s, at_clock(8, 35, 0));
    school_close(s);
}

static void hold_begins_anew_behind_a_phase_that_is_not_named(void **state)
{
    (void)state;
    struct rule_school *s = school_open(BUSY, NULL);
    school_start(s, at_clock(8, 0, 0));
    school_read(s, occ_204, at_clock(8, 15, 0), 51, 0); /* closed until 08:20 */
    rules_run(s->rules, at_clock(8, 29, 59));
    assert_int_equal(s->count, 0);
    rules_run(s->rules, at_clock(8, 31, 0));
    check_raised(s, at_clock(8, 30, 0));
    school_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hold_runs_on_from_one_named_phase_into_the_next),
        cmocka_unit_test(hold_of_the_phase_before_survives_a_restart),
        cmocka_unit_test(hold_of_the_phase_before_survives_a_clock_that_is_set),
        cmocka_unit_test(hold_begins_where_its_phases_do_when_the_clock_is_set),
        cmocka_unit_test(hold_begins_anew_behind_a_phase_that_is_not_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
