/* facts.yaml: what is read of it, and what each slip is told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "config_fixture.h"
#include "facts/fact_plan.h"

#define HEAD                       \
    "facts:\n"                     \
    "  - id: attendance\n"         \
    "    title: 出勤\n"          \
    "    from: attendance-class\n" \
    "    basis: plan\n"            \
    "    basis_edition: read\n"

struct plans_case {
    struct fixture fixture;
    struct fact_plans plans;
};

static void load(struct plans_case *c, const char *text)
{
    fixture_open(&c->fixture);
    fixture_put(&c->fixture, "facts.yaml", text);
    fixture_load(&c->fixture);
    assert_int_equal(fact_plans_load(c->fixture.config, c->fixture.faults, &c->plans), 0);
}

static void a_figure_knows_its_values_by_index(void **state)
{
    (void)state;
    struct plans_case c;
    load(&c,
         HEAD "    about: classes\n"
              "    days: lessons\n"
              "    pupils: true\n"
              "    known: present\n"
              "    periods: [day, month]\n"
              "    figures:\n"
              "      - {id: absent, sum: enrolled, less: [present, leave]}\n"
              "      - {id: over, count: present, above: enrolled, by: 3, in: [month]}\n"
              "      - {id: share, sum: present, per: enrolled}\n");
    assert_int_equal(config_faults_errors(c.fixture.faults), 0);
    assert_int_equal(c.plans.count, 1);
    assert_int_equal(c.plans.evening_s, 19 * 3600);
    const struct fact_plan *plan = &c.plans.items[0];
    assert_int_equal(plan->about, FACT_ABOUT_CLASSES);
    assert_int_equal(plan->name_count, 3);
    assert_int_equal(plan->known, fact_plan_name(plan, "present"));
    assert_int_equal(plan->exempt, FACT_NONE);
    assert_int_equal(plan->figures[0].less_count, 2);
    assert_int_equal(plan->figures[0].less[1], fact_plan_name(plan, "leave"));
    assert_int_equal(plan->figures[0].periods,
                     1u << GW_PERIOD_DAY | 1u << GW_PERIOD_MONTH);
    assert_int_equal(plan->figures[1].periods, 1u << GW_PERIOD_MONTH);
    assert_int_equal(plan->figures[1].than, fact_plan_name(plan, "enrolled"));
    assert_float_equal(plan->figures[1].by, 3, 0);
    assert_int_equal(plan->figures[2].per, fact_plan_name(plan, "enrolled"));
    fixture_close(&c.fixture);
}

static void a_word_counts_by_its_place_in_the_list(void **state)
{
    (void)state;
    struct plans_case c;
    load(&c, HEAD "    words: [good, attention]\n"
                  "    periods: [month]\n"
                  "    figures: [{id: days, count: panic, is: attention}]\n");
    assert_int_equal(config_faults_errors(c.fixture.faults), 0);
    assert_float_equal(c.plans.items[0].figures[0].number, 1, 0);
    fixture_close(&c.fixture);
}

static void without_the_file_nothing_is_told(void **state)
{
    (void)state;
    struct plans_case c = {0};
    fixture_open(&c.fixture);
    fixture_load(&c.fixture);
    assert_int_equal(fact_plans_load(c.fixture.config, c.fixture.faults, &c.plans), 0);
    assert_int_equal(c.plans.count, 0);
    assert_int_equal(config_faults_errors(c.fixture.faults), 0);
    fixture_close(&c.fixture);
}

static void each_slip_is_told_with_its_place(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *fault;
    } cases[] = {
        {"facts: {}\n", "facts.yaml:1:8: facts: is not a list"},
        {"evning: \"19:00\"\n", "evning"},
        {"evening: \"25:00\"\n", "evening"},
        {HEAD "    figures: [{id: a, sum: b}]\n", "'periods' is missing"},
        {HEAD "    periods: [year]\n    figures: [{id: a, sum: b}]\n",
         "a period is none (allowed: day, week, month)"},
        {HEAD "    periods: [day]\n", "'figures' is missing"},
        {HEAD "    periods: [day]\n    figures: [{id: a}]\n",
         "8:15: facts.attendance.a: one of sum, mean"},
        {HEAD "    periods: [day]\n    figures: [{id: a, sum: b, mean: c}]\n",
         "one of sum, mean"},
        {HEAD "    periods: [day]\n    figures: [{id: a, count: b}]\n",
         "'count' needs one of above"},
        {HEAD
         "    periods: [day]\n    figures: [{id: a, count: b, above: 1, below: 2}]\n",
         "'count' needs one of above"},
        {HEAD "    periods: [day]\n    figures: [{id: a, sum: b, above: 1}]\n",
         "nothing else has it"},
        {HEAD "    periods: [day]\n    figures: [{id: a, mean: b, per: c}]\n",
         "'per' stands beside 'sum' only"},
        {HEAD "    periods: [day]\n    figures: [{id: a, count: b, is: fine}]\n",
         "not among 'words'"},
        {HEAD "    periods: [day]\n    about: places\n    days: lessons\n"
              "    figures: [{id: a, sum: b}]\n",
         "of the school and of classes"},
        {HEAD
         "    periods: [day]\n    figures: [{id: a, sum: b}]\n"
         "  - id: attendance\n    title: x\n    from: y\n    basis: z\n"
         "    basis_edition: z\n    periods: [day]\n    figures: [{id: a, sum: b}]\n",
         "fact 'attendance' stands here twice"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct plans_case c;
        load(&c, cases[i].text);
        char *faults = fixture_faults(&c.fixture);
        if (!strstr(faults, cases[i].fault))
            fail_msg("case %zu says: %s", i, faults);
        free(faults);
        fixture_close(&c.fixture);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_figure_knows_its_values_by_index),
        cmocka_unit_test(a_word_counts_by_its_place_in_the_list),
        cmocka_unit_test(without_the_file_nothing_is_told),
        cmocka_unit_test(each_slip_is_told_with_its_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
