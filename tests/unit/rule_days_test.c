#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rule_fixture.h"

#define DAY (24 * 60 * MINUTE)

#define RULE(each, more)             \
    "rules:\n"                       \
    "  - id: XX-01\n"                \
    "    title: full\n"              \
    "    each: {kind: classroom}\n"  \
    "    inputs: {occ: occupancy}\n" \
    "    when: occ > 45\n"           \
    "    severity: " each "\n" more

#define AT RULE("P3", "    clear: occ <= 43\n    at: 18:30\n")
#define AT_DAYS                                                          \
    RULE("P3", "    clear: occ <= 43\n    at: 18:30\n    days: 3 of 5\n" \
               "    clear_days: 2 of 2\n")
#define DAYS RULE("P3", "    for: 10min\n    days: 2 of 3\n    clear_days: 2 of 2\n")
#define FACT RULE("INF", "    at: school_day 10:00\n")

static const char occ_204[] = "b1-204/occupancy";

/* @day of the school year: 0 = Monday 2026-11-23. */
static int64_t day_at(int day, int hour, int minute)
{
    return at_clock(hour, minute, 0) + day * DAY;
}

static void tell(struct rule_school *s, int day, int hour, double people)
{
    school_read(s, occ_204, day_at(day, hour, 0), people, 0);
}

static void check(const struct rule_school *s, size_t count, bool is_active,
                  int64_t time_us)
{
    assert_int_equal(s->count, count);
    assert_int_equal(s->happened[count - 1].is_active, is_active);
    assert_string_equal(s->happened[count - 1].object, "b1-204");
    assert_true(s->happened[count - 1].time_us == time_us);
}

static struct rule_school *begin(const char *rules)
{
    struct rule_school *s = school_open(rules, NULL);
    school_start(s, day_at(0, 7, 0));
    s->count = 0;
    return s;
}

static void only_the_moment_counts(void **state)
{
    (void)state;
    struct rule_school *s = begin(AT);
    tell(s, 0, 8, 46);
    tell(s, 0, 18, 45);
    rules_run(s->rules, day_at(1, 0, 0));
    assert_int_equal(s->count, 0);
    tell(s, 1, 18, 46);
    tell(s, 1, 19, 40);
    check(s, 1, true, day_at(1, 18, 30));
    tell(s, 2, 18, 44); /* neither: it stays */
    tell(s, 3, 18, 43);
    rules_run(s->rules, day_at(4, 0, 0));
    check(s, 2, false, day_at(3, 18, 30));
    school_close(s);
}

static void rest_of_the_day_evaluates_nothing(void **state)
{
    (void)state;
    struct rule_school *s = begin(AT);
    for (int hour = 8; hour < 18; hour++)
        tell(s, 0, hour, hour);
    struct rule_row row;
    assert_int_equal(rules_rows(s->rules, &row, 1), 1);
    assert_int_equal(row.evaluations, 0);
    tell(s, 0, 20, 1);
    assert_int_equal(rules_rows(s->rules, &row, 1), 1);
    assert_int_equal(row.evaluations, 2); /* one a room */
    school_close(s);
}

/* Switched off over night: judged at the start, once, while it is still that day. */
static void moment_that_was_missed_is_judged_the_same_day_once(void **state)
{
    (void)state;
    struct rule_school *s = begin(AT);
    tell(s, 0, 12, 46);
    school_restart(s, day_at(0, 19, 0));
    tell(s, 0, 19, 46);
    check(s, 1, true, day_at(0, 19, 0));
    school_restart(s, day_at(0, 21, 0));
    tell(s, 0, 21, 40);
    rules_run(s->rules, day_at(1, 18, 29));
    assert_int_equal(s->count, 1);
    school_restart(s, day_at(2, 0, 0)); /* Tuesday's 18:30 is over */
    tell(s, 2, 0, 40);
    assert_int_equal(s->count, 1);
    school_close(s);
}

/* Of a sensor that is supervised its next report is due: it decides, late but once. */
static void moment_waits_for_points_after_a_start(void **state)
{
    (void)state;
    struct rule_school *s = begin(AT);
    tell(s, 0, 12, 46);
    school_restart(s, day_at(0, 18, 29));
    school_read(s, occ_204, day_at(0, 18, 40), 46, 0);
    check(s, 1, true, day_at(0, 18, 40));
    school_read(s, occ_204, day_at(0, 18, 41), 40, 0);
    assert_int_equal(s->count, 1);
    school_close(s);
}

static void unknown_moment_says_nothing(void **state)
{
    (void)state;
    struct rule_school *s = begin(AT);
    tell(s, 0, 18, NAN);
    tell(s, 0, 19, 46);
    assert_int_equal(s->count, 0);
    tell(s, 1, 18, 46);
    tell(s, 1, 19, 46);
    check(s, 1, true, day_at(1, 18, 30));
    tell(s, 2, 18, NAN);
    tell(s, 2, 19, 0);
    assert_int_equal(s->count, 1);
    school_close(s);
}

static void clock_that_jumps_judges_a_moment_once(void **state)
{
    (void)state;
    struct rule_school *s = begin(AT);
    tell(s, 0, 18, 46);
    school_clock_step(s, 60 * MINUTE, day_at(0, 19, 0)); /* over it */
    check(s, 1, true, day_at(0, 19, 0));
    tell(s, 0, 20, 40);
    school_clock_step(s, -120 * MINUTE, day_at(0, 18, 0)); /* back before it */
    rules_run(s->rules, day_at(0, 23, 0));
    assert_int_equal(s->count, 1);
    rules_run(s->rules, day_at(1, 18, 30));
    check(s, 2, false, day_at(1, 18, 30));
    school_close(s);
}

static void days_before_the_last_five_school_days_do_not_count(void **state)
{
    (void)state;
    static const int people[] = {46, 40, 46, 44, 44, 99, 99, 46, 40, 44, 43, 43};
    struct rule_school *s = begin(AT_DAYS);
    for (int day = 0; day < 12; day++) {
        tell(s, day, 18, people[day]);
        if (day == 8) /* Monday 0, Wednesday 2; the weekend 5, 6 is no school */
            assert_int_equal(s->count, 0);
    }
    /* of 2, 3, 4, 7, 8: two; so far none of three */
    rules_run(s->rules, day_at(12, 0, 0));
    assert_int_equal(s->count, 0);
    school_close(s);
}

static void day_verdicts_survive_restarts_and_bad_days(void **state)
{
    (void)state;
    static const double people[] = {46, NAN, 46, 44, 46, 0, 0, 44, 43, 44, 43, 43};
    struct rule_school *s = begin(AT_DAYS);
    for (int day = 0; day < 12; day++) {
        tell(s, day, 18, people[day]);
        rules_run(s->rules, day_at(day, 18, 30));
        if (day == 3)
            assert_int_equal(s->count, 0);
        school_restart(s, day_at(day, 22, 0));
        if (day == 4) /* Monday, Wednesday, Friday: Tuesday was no day */
            check(s, 1, true, day_at(4, 18, 30));
    }
    check(s, 2, false, day_at(11, 18, 30)); /* 10 and 11; 8 stood alone */
    school_close(s);
}

static void day_is_true_once_its_hold_is_over(void **state)
{
    (void)state;
    struct rule_school *s = begin(DAYS);
    tell(s, 0, 8, 46); /* from 8:10 on Monday is true */
    tell(s, 0, 9, 40);
    school_restart(s, day_at(0, 10, 0));
    tell(s, 0, 11, 46); /* and stays one day */
    tell(s, 0, 12, 40);
    tell(s, 1, 8, 40);
    school_read(s, occ_204, day_at(1, 9, 0), 46, 0);
    school_read(s, occ_204, day_at(1, 9, 9), 40, 0);
    rules_run(s->rules, day_at(2, 7, 0));
    assert_int_equal(s->count, 0);
    tell(s, 2, 8, 46);
    rules_run(s->rules, day_at(2, 9, 0));
    check(s, 1, true, day_at(2, 8, 10));
    school_close(s);
}

static void day_ends_at_midnight_and_clears_when_it_was_never_true(void **state)
{
    (void)state;
    struct rule_school *s = begin(DAYS);
    tell(s, 0, 8, 46);
    tell(s, 0, 9, 40);
    tell(s, 1, 8, 46);
    tell(s, 1, 9, 40);
    check(s, 1, true, day_at(1, 8, 10));
    tell(s, 2, 8, 40);
    school_restart(s, day_at(2, 12, 0)); /* that it was known to be false is kept */
    tell(s, 2, 13, NAN);
    tell(s, 3, 8, 40);
    rules_run(s->rules, day_at(3, 23, 59));
    assert_int_equal(s->count, 1);
    rules_run(s->rules, day_at(4, 0, 0));
    check(s, 2, false, day_at(4, 0, 0));
    school_close(s);
}

static void fact_of_a_moment_is_told_each_time(void **state)
{
    (void)state;
    struct rule_school *s = begin(FACT);
    for (int day = 0; day < 7; day++)
        tell(s, day, 9, day == 2 ? 45 : 46);
    rules_run(s->rules, day_at(7, 0, 0));
    assert_int_equal(s->facts, 4); /* Monday, Tuesday, Thursday, Friday */
    school_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_the_moment_counts),
        cmocka_unit_test(rest_of_the_day_evaluates_nothing),
        cmocka_unit_test(moment_that_was_missed_is_judged_the_same_day_once),
        cmocka_unit_test(moment_waits_for_points_after_a_start),
        cmocka_unit_test(unknown_moment_says_nothing),
        cmocka_unit_test(clock_that_jumps_judges_a_moment_once),
        cmocka_unit_test(days_before_the_last_five_school_days_do_not_count),
        cmocka_unit_test(day_verdicts_survive_restarts_and_bad_days),
        cmocka_unit_test(day_is_true_once_its_hold_is_over),
        cmocka_unit_test(day_ends_at_midnight_and_clears_when_it_was_never_true),
        cmocka_unit_test(fact_of_a_moment_is_told_each_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
