#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rule_fixture.h"

#define RULE(severity)                                                \
    "rules:\n"                                                        \
    "  - id: XX-01\n"                                                 \
    "    title: full\n"                                               \
    "    each: {kind: classroom}\n"                                   \
    "    inputs: {occ: occupancy, capacity: {attribute: capacity}}\n" \
    "    parameters: {share: 1.2}\n"                                  \
    "    when: occ > capacity\n"                                      \
    "    severity: " severity "\n"

#define STEPS RULE("{default: P3, P2: occ > capacity * share, P1: occ >= 100}")
#define PHASES                                                                    \
    RULE("{default: P3, P2: {when: occ < 200 * share, during: [lesson, arrival, " \
         "departure]}}")

static const char occ_204[] = "b1-204/occupancy";

static void check(const struct rule_school *s, size_t count, const char *cause,
                  enum gw_severity severity)
{
    assert_int_equal(s->count, count);
    assert_string_equal(s->happened[count - 1].cause, cause);
    assert_int_equal(s->happened[count - 1].severity, severity);
}

static void tell(struct rule_school *s, int minute, double people)
{
    school_read(s, occ_204, at_clock(8, minute, 0), people, 0);
}

static void alarm_begins_at_the_step_that_is_true(void **state)
{
    (void)state;
    struct rule_school *s = school_open(STEPS, NULL);
    school_start(s, at_clock(8, 0, 0));
    tell(s, 0, 60);
    check(s, 1, "rule", GW_P3);
    tell(s, 1, 50);
    tell(s, 2, 61);
    check(s, 3, "rule", GW_P2);
    tell(s, 3, 50);
    check(s, 4, "rule", GW_P2); /* as it was when it ended */
    tell(s, 4, 100);
    check(s, 5, "rule", GW_P1);
    school_close(s);
}

static void alarm_that_stands_rises_and_never_falls(void **state)
{
    (void)state;
    struct rule_school *s = school_open(STEPS, NULL);
    school_start(s, at_clock(8, 0, 0));
    tell(s, 0, 51);
    tell(s, 1, 61);
    check(s, 2, "severity", GW_P2);
    assert_true(s->happened[1].value == 61);
    tell(s, 2, 51);
    tell(s, 3, 61);
    tell(s, 4, NAN);
    assert_int_equal(s->count, 2);
    tell(s, 5, 100);
    check(s, 3, "severity", GW_P1);
    school_close(s);
}

static void step_that_was_taken_survives_a_restart(void **state)
{
    (void)state;
    struct rule_school *s = school_open(STEPS, NULL);
    school_start(s, at_clock(8, 0, 0));
    tell(s, 0, 61);
    school_restart(s, at_clock(8, 1, 0));
    tell(s, 2, 51);
    tell(s, 3, 61);
    assert_int_equal(s->count, 1);
    tell(s, 4, 50);
    check(s, 2, "rule", GW_P2);
    school_close(s);
}

/* Lessons 08:20 to 09:00 and 09:15 to 09:55: arrival from 07:40, departure to 10:35. */
static void urgent_phases_begin_at_their_minute(void **state)
{
    (void)state;
    static const struct {
        int hour;
        int minute;
        enum gw_severity severity;
    } cases[] = {{7, 39, GW_P3}, {7, 40, GW_P2}, {8, 19, GW_P2},  {9, 0, GW_P3},
                 {9, 15, GW_P2}, {9, 55, GW_P2}, {10, 34, GW_P2}, {10, 35, GW_P3}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct rule_school *s = school_open(PHASES, NULL);
        school_start(s, at_clock(7, 0, 0));
        school_read(s, occ_204, at_clock(cases[i].hour, cases[i].minute, 0), 51, 0);
        check(s, 1, "rule", cases[i].severity);
        school_close(s);
    }
}

static void alarm_rises_when_its_phase_comes(void **state)
{
    (void)state;
    struct rule_school *s = school_open(PHASES, NULL);
    school_start(s, at_clock(7, 0, 0));
    school_read(s, occ_204, at_clock(7, 10, 0), 51, 0);
    rules_run(s->rules, at_clock(7, 39, 59));
    check(s, 1, "rule", GW_P3);
    rules_run(s->rules, at_clock(12, 0, 0));
    check(s, 2, "severity", GW_P2);
    assert_true(s->happened[1].time_us == at_clock(7, 40, 0));
    school_close(s);
}

static void slips_in_steps_are_said(void **state)
{
    (void)state;
    static const struct {
        const char *pack;
        const char *says;
    } cases[] = {
        {RULE("P5"), "severity"},
        {RULE("{P2: occ > capacity * share}"), "'default' is missing"},
        {RULE("{default: P3, P4: occ > capacity * share}"), "'P4' is no step"},
        {RULE("{default: P3, P3: occ > capacity * share}"), "'P3' is no step"},
        {RULE("{default: INF, P2: occ > capacity * share}"), "'P2' is no step"},
        {RULE("{default: P3, P2: occc > share}"), "did you mean 'occ'"},
        {RULE("{default: P3, P2: {during: [braek]}}"),
         "unknown or repeated phase 'braek'"},
        {RULE("{default: P3, P2: {around: 30min}}"), "a step says when it is taken"},
        {RULE("{default: P3, P2: {until: recess}}"), "until"},
        {RULE("{default: P3, P2: occ > capacity}"), "parameter 'share' is never used"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct rule_school *s = school_open(cases[i].pack, NULL);
        char *text = fixture_faults(&s->files);
        bool is_said = config_faults_errors(s->files.faults) >= 1
                       && strstr(text, cases[i].says) != NULL;
        if (!is_said)
            print_error("%s: %s\n", cases[i].says, text);
        free(text);
        school_close(s);
        assert_true(is_said);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(alarm_begins_at_the_step_that_is_true),
        cmocka_unit_test(alarm_that_stands_rises_and_never_falls),
        cmocka_unit_test(step_that_was_taken_survives_a_restart),
        cmocka_unit_test(urgent_phases_begin_at_their_minute),
        cmocka_unit_test(alarm_rises_when_its_phase_comes),
        cmocka_unit_test(slips_in_steps_are_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
