#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "diff_fixture.h"
#include "rules/rule_diff.h"

#define HEAD \
    "title: {zh: 光, en: Light}, each: {kind: classroom}, inputs: {lux: desk_lux}"
static const char pack[] =
    "rules:\n"
    "  - {id: A-1, " HEAD ", when: lux < low, parameters: {low: 300, enough: 330},\n"
    "     for: 1min, severity: P4, outputs: [prompt]}\n"
    "  - {id: A-2, " HEAD ", when: lux < 1, severity: P1}\n";

/* The pack in both folders, and what the school says over it before and after. */
static void expect(const char *before, const char *after, const char *rows)
{
    struct pair p = {0};
    pair_open(&p);
    pair_put(&p, "rules/pack.yaml", pack, pack);
    pair_put(&p, "rules.d/own.yaml", before, after);
    pair_compare(&p);
    assert_int_equal(rules_diff(p.a.config, p.b.config, p.diff), 0);
    assert_string_equal(pair_shown(&p), rows);
    pair_close(&p);
}

static void rules_are_compared_by_id_over_all_files(void **state)
{
    (void)state;
    expect("rules:\n  - {id: O-1, " HEAD ", when: lux > 1, for: 1min, severity: P2}\n"
           "  - {id: O-2, " HEAD ", when: lux > 2, severity: P2}\n",
           "rules:\n  - {id: O-3, " HEAD ", when: lux > 2, severity: P2}\n"
           "  - {id: O-1, " HEAD ", when: lux > 1, for: 2min, severity: P2}\n",
           "rule O-3 added\nrule O-1 changed for: 1min -> 2min\nrule O-2 removed\n");
}

static const char override[] = "rules:\n  - {id: A-1, for: 5s, parameters: {low: 280},\n"
                               "     severity: P3, enabled: false}\n"
                               "  - {id: A-2, for: 5s}\n";

static void a_new_override_is_shown_against_what_it_changes(void **state)
{
    (void)state;
    expect(NULL, override,
           "rule A-1 changed enabled: true -> false parameters.low: 300 -> 280 "
           "for: 1min -> 5s severity: P4 -> P3\n"
           "rule A-2 changed for: 0s -> 5s\n");
}

static void an_override_that_goes_shows_what_is_back(void **state)
{
    (void)state;
    expect(override, "rules: []\n",
           "rule A-1 changed enabled: false -> true parameters.low: 280 -> 300 "
           "for: 5s -> 1min severity: P3 -> P4\n"
           "rule A-2 changed for: 5s -> 0s\n");
}

static void an_override_of_an_override_is_shown_against_it(void **state)
{
    (void)state;
    expect(override,
           "rules:\n  - {id: A-1, for: 10s, parameters: {low: 290, enough: 310},\n"
           "     severity: P3, enabled: false}\n"
           "  - {id: A-2, for: 5000ms}\n",
           "rule A-1 changed parameters.enough: 330 -> 310 parameters.low: 280 -> 290 "
           "for: 5s -> 10s\n");
}

static void what_says_the_same_is_no_change(void **state)
{
    (void)state;
    expect(NULL,
           "rules:\n  - {id: A-1, for: 60s, parameters: {enough: 330}, latched: false,\n"
           "     outputs: prompt}\n",
           "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rules_are_compared_by_id_over_all_files),
        cmocka_unit_test(a_new_override_is_shown_against_what_it_changes),
        cmocka_unit_test(an_override_that_goes_shows_what_is_back),
        cmocka_unit_test(an_override_of_an_override_is_shown_against_it),
        cmocka_unit_test(what_says_the_same_is_no_change),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
