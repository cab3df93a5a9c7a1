#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rule_fixture.h"

#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

#define RULE(each, expect)  \
    "rules:\n"              \
    "  - id: XX-01\n"       \
    "    title: expected\n" \
    "    each: " each "\n"  \
    "    severity: P3\n"    \
    "    expect: {" expect "}\n"

#define BUTTON RULE("{devices: button}", "event: button, within: 5h, not_before: 10min")
#define ROUNDS RULE("{devices: button}", "event: button, times: 3")
#define TEST RULE("{devices: panic}", "event: panic, within: 31d")
#define LIGHT RULE("{kind: classroom}", "event: desk_lux, order: [window, wall]")

static const char button[] = "gate-south/button";
static const char panic[] = "gate-south/panic";

static void press(struct rule_school *s, int64_t time_us)
{
    school_read(s, button, time_us, 1, GW_EVENT);
}

static void check(const struct rule_school *s, size_t count, bool is_active,
                  const char *cause, int64_t time_us)
{
    assert_int_equal(s->count, count);
    const struct happened *last = &s->happened[count - 1];
    assert_int_equal(last->is_active, is_active);
    assert_string_equal(last->cause, cause);
    assert_true(last->time_us == time_us);
}

static struct rule_school *begin(const char *rules, int64_t time_us)
{
    struct rule_school *s = school_open(rules, NULL);
    school_start(s, time_us);
    return s;
}

static void event_that_does_not_come_is_missing_until_it_comes(void **state)
{
    (void)state;
    struct rule_school *s = begin(BUTTON, at_clock(8, 0, 0));
    press(s, at_clock(9, 0, 0));
    press(s, at_clock(13, 59, 59));
    rules_run(s->rules, at_clock(18, 59, 58));
    assert_int_equal(s->count, 0);
    rules_run(s->rules, at_clock(20, 0, 0));
    check(s, 1, true, "missing", at_clock(18, 59, 59));
    assert_true(s->happened[0].value == 300);
    press(s, at_clock(20, 30, 0));
    check(s, 2, false, "rule", at_clock(20, 30, 0));
    school_close(s);
}

static void event_that_comes_too_soon_is_early(void **state)
{
    (void)state;
    struct rule_school *s = begin(BUTTON, at_clock(8, 0, 0));
    press(s, at_clock(8, 1, 0)); /* the first one cannot be */
    press(s, at_clock(8, 11, 0));
    assert_int_equal(s->count, 0);
    press(s, at_clock(8, 20, 59));
    check(s, 1, true, "early", at_clock(8, 20, 59));
    rules_run(s->rules, at_clock(9, 0, 0));
    check(s, 2, false, "rule", at_clock(8, 30, 59));
    school_close(s);
}

static void what_cannot_be_heard_is_not_missing(void **state)
{
    (void)state;
    struct rule_school *s = begin(BUTTON, at_clock(8, 0, 0));
    press(s, at_clock(9, 0, 0));
    school_read(s, button, at_clock(10, 0, 0), NAN, 0);
    rules_run(s->rules, at_clock(20, 0, 0));
    assert_int_equal(s->count, 0);
    school_read(s, button, at_clock(20, 0, 0), 1, GW_EVENT | GW_RESUMED); /* no news */
    rules_run(s->rules, at_clock(23, 59, 59));
    assert_int_equal(s->count, 0);
    rules_run(s->rules, at_clock(24, 0, 0)); /* one hour before, four after */
    check(s, 1, true, "missing", at_clock(24, 0, 0));
    school_close(s);
}

static void restarts_and_clock_steps_change_no_time(void **state)
{
    (void)state;
    struct rule_school *s = begin(BUTTON, at_clock(8, 0, 0));
    press(s, at_clock(9, 0, 0));
    school_restart(s, at_clock(11, 0, 0));
    school_clock_step(s, HOUR, at_clock(13, 0, 0)); /* it is 12 */
    rules_run(s->rules, at_clock(14, 59, 59));
    assert_int_equal(s->count, 0);
    school_restart(s, at_clock(14, 30, 0));
    rules_run(s->rules, at_clock(16, 0, 0));
    check(s, 1, true, "missing", at_clock(15, 0, 0));
    school_restart(s, at_clock(17, 0, 0));
    rules_run(s->rules, at_clock(18, 0, 0));
    assert_int_equal(s->count, 1);
    press(s, at_clock(19, 0, 0));
    check(s, 2, false, "rule", at_clock(19, 0, 0));
    school_close(s);
}

/* What waited at the broker comes before anything is called missing. */
static void start_hears_first(void **state)
{
    (void)state;
    struct rule_school *s = begin(BUTTON, at_clock(8, 0, 0));
    press(s, at_clock(9, 0, 0));
    school_restart(s, at_clock(15, 0, 0));
    press(s, at_clock(15, 0, 2));
    rules_run(s->rules, at_clock(20, 0, 0));
    assert_int_equal(s->count, 0);
    school_close(s);
}

static void too_few_in_a_day_are_told_at_its_end(void **state)
{
    (void)state;
    int64_t monday_us = at_clock(0, 0, 0);
    struct rule_school *s = begin(ROUNDS, monday_us + 20 * HOUR);
    press(s, monday_us + 21 * HOUR); /* a first day that began in the evening */
    for (int round = 0; round < 3; round++)
        press(s, monday_us + DAY + (7 + round) * HOUR);
    press(s, monday_us + 2 * DAY + 8 * HOUR);
    school_restart(s, monday_us + 2 * DAY + 9 * HOUR);
    press(s, monday_us + 2 * DAY + 10 * HOUR);
    rules_run(s->rules, monday_us + 3 * DAY - 1);
    assert_int_equal(s->count, 0);
    rules_run(s->rules, monday_us + 3 * DAY);
    check(s, 1, true, "too-few", monday_us + 3 * DAY);
    assert_true(s->happened[0].value == 2);
    for (int round = 0; round < 3; round++)
        press(s, monday_us + 3 * DAY + (7 + round) * HOUR);
    check(s, 2, false, "rule", monday_us + 3 * DAY + 9 * HOUR);
    school_close(s);
}

/* Two rounds of Tuesday were noted on Monday: the clock was four hours slow. */
static void day_that_a_clock_step_made_shorter_has_no_verdict(void **state)
{
    (void)state;
    int64_t monday_us = at_clock(0, 0, 0);
    struct rule_school *s = begin(ROUNDS, monday_us - DAY);
    for (int round = 0; round < 5; round++)
        press(s, monday_us + (10 + 3 * round) * HOUR);
    school_clock_step(s, 4 * HOUR, monday_us + DAY + 8 * HOUR);
    press(s, monday_us + DAY + 10 * HOUR);
    rules_run(s->rules, monday_us + 2 * DAY);
    assert_int_equal(s->count, 0);
    rules_run(s->rules, monday_us + 3 * DAY); /* the next is whole, and has none */
    check(s, 1, true, "too-few", monday_us + 3 * DAY);
    school_close(s);
}

/* A week back and half of a day on: what came since is kept, and is believed. */
static void heartbeat_after_a_clock_step_survives_a_restart(void **state)
{
    (void)state;
    struct rule_school *s = begin(
        RULE("{kind: classroom}", "event: desk_lux, within: 2h"), at_clock(8, 0, 0));
    school_read(s, "b1-204/desk_lux", at_clock(9, 0, 0), 400, 0);
    school_clock_step(s, -7 * DAY, at_clock(9, 1, 0) - 7 * DAY);
    for (int hour = 10; hour <= 20; hour++)
        school_read(s, "b1-204/desk_lux", at_clock(hour, 0, 0) - 7 * DAY, 400, 0);
    size_t before = s->count;
    school_restart(s, at_clock(20, 30, 0) - 7 * DAY);
    rules_run(s->rules, at_clock(21, 0, 0) - 7 * DAY);
    for (size_t i = before; i < s->count; i++)
        assert_string_not_equal(s->happened[i].object, "b1-204");
    school_close(s);
}

static void day_that_could_not_be_heard_has_no_verdict(void **state)
{
    (void)state;
    int64_t monday_us = at_clock(0, 0, 0);
    struct rule_school *s = begin(ROUNDS, monday_us);
    rules_run(s->rules, monday_us + DAY);
    school_read(s, button, monday_us + DAY + 8 * HOUR, NAN, 0);
    school_read(s, button, monday_us + DAY + 14 * HOUR, 1, GW_EVENT | GW_RESUMED);
    rules_run(s->rules, monday_us + 3 * DAY - 1); /* 6 h of 24 are more than a fifth */
    assert_int_equal(s->count, 0);
    rules_run(s->rules, monday_us + 3 * DAY);
    check(s, 1, true, "too-few", monday_us + 3 * DAY);
    school_close(s);
}

static void test_of_a_panic_button_is_due_every_31_days(void **state)
{
    (void)state;
    int64_t start_us = at_clock(8, 0, 0);
    struct rule_school *s = begin(TEST, start_us);
    school_read(s, panic, start_us, 0, 0);
    school_read(s, panic, start_us + HOUR, 1, 0);
    school_read(s, panic, start_us + 2 * HOUR, 1, 0); /* still pressed */
    school_read(s, panic, start_us + 3 * HOUR, 0, 0);
    rules_run(s->rules, start_us + 31 * DAY + HOUR - 1);
    assert_int_equal(s->count, 0);
    rules_run(s->rules, start_us + 31 * DAY + HOUR);
    check(s, 1, true, "missing", start_us + 31 * DAY + HOUR);
    school_read(s, panic, start_us + 32 * DAY, 1, GW_RETAINED);
    assert_int_equal(s->count, 1);
    school_close(s);
}

static void events_have_their_order(void **state)
{
    (void)state;
    static const char window[] = "b1-203/desk_lux.window";
    static const char wall[] = "b1-203/desk_lux.wall";
    struct rule_school *s = begin(LIGHT, at_clock(8, 0, 0));
    school_read(s, window, at_clock(8, 1, 0), 1, 0);
    school_read(s, window, at_clock(8, 2, 0), 1, 0); /* once more is no other */
    school_read(s, wall, at_clock(8, 3, 0), 1, 0);
    school_read(s, window, at_clock(8, 4, 0), 2, 0);
    school_restart(s, at_clock(8, 5, 0));
    school_read(s, wall, at_clock(8, 6, 0), 2, 0);
    assert_int_equal(s->count, 0);
    school_read(s, wall, at_clock(8, 7, 0), 3, 0);
    school_read(s, window, at_clock(8, 8, 0), 3, 0);
    assert_int_equal(s->count, 0);
    school_close(s);
    s = begin(LIGHT, at_clock(8, 0, 0));
    school_read(s, wall, at_clock(8, 1, 0), 1, 0);
    check(s, 1, true, "out-of-order", at_clock(8, 1, 0));
    school_read(s, window, at_clock(8, 2, 0), 1, 0);
    check(s, 2, false, "rule", at_clock(8, 2, 0));
    school_close(s);
}

static void slips_are_said(void **state)
{
    (void)state;
    static const struct {
        const char *expect;
        const char *says;
    } cases[] = {
        {"expect: {within: 5h}", "'event' is missing"},
        {"expect: {event: button}", "expects nothing"},
        {"expect: {event: buton, within: 5h}", "did you mean 'button'"},
        {"expect: {event: button, within: 5}", "within"},
        {"expect: {event: button, within: 5h, not_before: 5h}", "leaves no time"},
        {"expect: {event: button, times: 5, by: 25:00}", "'25:00' is not a time"},
        {"expect: {event: button, order: [a]}", "order"},
        {"expect: {event: button, times: 5}, during: lesson", "counts until 'by'"},
        {"expect: {event: button, within: 5h}, when: x > 1", "stands for inputs, when"},
        {"expect: {event: button, within: 5h}, at: 08:00", "stands for inputs, when"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char pack[500];
        (void)snprintf(pack, sizeof(pack),
                       "rules: [{id: XX-01, title: t, each: {devices: button}, severity: "
                       "P3, %s}]\n",
                       cases[i].expect);
        struct rule_school *s = school_open(pack, NULL);
        char *text = fixture_faults(&s->files);
        bool is_said = config_faults_errors(s->files.faults) == 1
                       && strstr(text, cases[i].says) != NULL;
        if (!is_said)
            print_error("%s: %s\n", cases[i].expect, text);
        free(text);
        school_close(s);
        assert_true(is_said);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(event_that_does_not_come_is_missing_until_it_comes),
        cmocka_unit_test(event_that_comes_too_soon_is_early),
        cmocka_unit_test(what_cannot_be_heard_is_not_missing),
        cmocka_unit_test(restarts_and_clock_steps_change_no_time),
        cmocka_unit_test(start_hears_first),
        cmocka_unit_test(too_few_in_a_day_are_told_at_its_end),
        cmocka_unit_test(day_that_a_clock_step_made_shorter_has_no_verdict),
        cmocka_unit_test(heartbeat_after_a_clock_step_survives_a_restart),
        cmocka_unit_test(day_that_could_not_be_heard_has_no_verdict),
        cmocka_unit_test(test_of_a_panic_button_is_due_every_31_days),
        cmocka_unit_test(events_have_their_order),
        cmocka_unit_test(slips_are_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
