/* Rules of severity INF: facts of evidence, and who hears of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rule_fixture.h"

static const char occ_204[] = "b1-204/occupancy";

/* 51 people where 45 are the most; @more are further keys.  Owner: caller */
static struct rule_school *crowded(const char *more)
{
    char rules[400];
    (void)snprintf(rules, sizeof(rules),
                   "recipients: [office, county]\n"
                   "rules:\n"
                   "  - id: XX-01\n"
                   "    title: full\n"
                   "    each: {kind: classroom}\n"
                   "    inputs: {occ: occupancy}\n"
                   "    when: occ > 45\n"
                   "    severity: INF\n"
                   "%s",
                   more);
    struct rule_school *s = school_open(rules, NULL);
    school_start(s, at_clock(8, 0, 0));
    school_read(s, occ_204, at_clock(8, 0, 0), 51, 0);
    rules_run(s->rules, at_clock(9, 0, 0));
    return s;
}

static void a_rule_of_inf_makes_a_fact_and_no_alarm(void **state)
{
    (void)state;
    struct rule_school *s = crowded("");
    assert_int_equal(s->count, 0);
    assert_int_equal(s->facts, 1);
    school_close(s);
}

/* Whom a rule names hears its facts; one that names nobody leaves them to the county. */
static void a_fact_stays_in_the_school_unless_the_county_is_named(void **state)
{
    static const struct {
        const char *outputs;
        size_t staying;
    } cases[] = {
        {"", 0}, {"    outputs: [office]\n", 1}, {"    outputs: [office, county]\n", 0}};
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct rule_school *s = crowded(cases[i].outputs);
        assert_int_equal(s->facts, 1);
        assert_int_equal(s->staying, cases[i].staying);
        school_close(s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rule_of_inf_makes_a_fact_and_no_alarm),
        cmocka_unit_test(a_fact_stays_in_the_school_unless_the_county_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
