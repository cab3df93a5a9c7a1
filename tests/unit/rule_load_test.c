#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/strbuf.h"
#include "rule_fixture.h"

/* A whole rule; each case puts lines in the place of some. */
#define HEAD                                          \
    "rules:\n"                                        \
    "  - id: EY-05\n"                                 \
    "    title: {zh: 桌面过亮, en: Desk glare}\n" \
    "    severity: P4\n"
#define EACH "    each: {kind: classroom}\n"
#define INPUTS "    inputs: {lux: desk_lux, occ: occupancy}\n"
#define WHEN "    when: lux > 2000 and occ >= 5\n"

static void expect_faults(const char *pack, const char *own, const char *expected)
{
    struct rule_school *s = school_open(pack, own);
    char *text = fixture_faults(&s->files);
    bool is_as_expected = strcmp(text, expected) == 0;
    if (!is_as_expected)
        print_error("%s\n----\n%s", text, expected);
    free(text);
    school_close(s);
    assert_true(is_as_expected);
}

static void whole_rule_has_no_fault(void **state)
{
    (void)state;
    expect_faults(HEAD EACH INPUTS WHEN, NULL, "");
}

static void conditions_are_pointed_into(void **state)
{
    (void)state;
    expect_faults(
        HEAD EACH INPUTS "    when: 16 < lux < 30 and occ > 1\n", NULL,
        "rules/pack.yaml:7:20: rules.EY-05.when: a chain of comparisons compares "
        "a truth with a number (allowed: 16 < lux and lux < 30, or parentheses) "
        "(at '< 30 and occ > 1')\n");
    expect_faults(HEAD EACH INPUTS "    when: lux > 1 and occ > '5'\n", NULL,
                  "rules/pack.yaml:7:29: rules.EY-05.when: text in quotes: a condition "
                  "compares numbers (allowed: the number of a state) (at ''5'')\n");
    expect_faults(HEAD EACH INPUTS WHEN "    clear: luxx < 1500\n", NULL,
                  "rules/pack.yaml:8:12: rules.EY-05.clear: 'luxx' is not known (did you "
                  "mean 'lux'?) (at 'luxx < 1500')\n");
    expect_faults(HEAD EACH INPUTS "    when: lux > 1 occ\n", NULL,
                  "rules/pack.yaml:7:19: rules.EY-05.when: near \"?2\": syntax error "
                  "(allowed: a condition such as lux < 300 and occ >= 5) (at 'occ')\n");
}

static void names_without_a_use_are_faults(void **state)
{
    (void)state;
    expect_faults(
        HEAD EACH INPUTS "    when: lux > 2000\n"
                         "    parameters: {bright: 2000}\n",
        NULL,
        "rules/pack.yaml:6:13: rules.EY-05.inputs: input 'occ' is never used in "
        "when or clear\n"
        "rules/pack.yaml:8:17: rules.EY-05.parameters: parameter 'bright' is "
        "never used in when or clear (allowed: a name of 'lux > 2000')\n");
}

static void parameters_are_numbers_with_names_of_their_own(void **state)
{
    (void)state;
    expect_faults(
        HEAD EACH INPUTS WHEN "    parameters: {lux: 1, and: 2, many: x}\n", NULL,
        "rules/pack.yaml:8:17: rules.EY-05.parameters: 'lux' is the name of an "
        "input already\n"
        "rules/pack.yaml:8:31: rules.EY-05.parameters: 'and' is one too many, or "
        "a word of SQL (allowed: 16 parameters)\n"
        "rules/pack.yaml:8:40: rules.EY-05.parameters: many: is not a number "
        "(allowed: many: 300)\n");
}

static void inputs_say_what_is_wrong_with_them(void **state)
{
    (void)state;
    static const struct {
        const char *input;
        const char *says;
    } cases[] = {
        {"desk_lox", "unknown metric 'desk_lox' (did you mean 'desk_lux'?)"},
        {"{mean: desk_lux}", "'over' is missing"},
        {"{mean: desk_lux, over: 10}", "over"},
        {"{mean: desk_lux, over: 10min, valid: 80}", "valid"},
        {"{metric: desk_lux, over: 10min}", "'over' and 'above' need mean, median"},
        {"{metric: desk_lux, mean: desk_lux, over: 1min}", "says what the input is"},
        {"{absent: 0}", "says what the input is"},
        {"{mean: desk_lux, over: 1h, above: 3}", "'above' needs share or duration"},
        {"{metric: desk_lux, above: 3}", "'over' and 'above' need"},
        {"{attribute: size}", "unknown attribute 'size' (allowed: capacity"},
        {"{metric: desk_lux, of: median}", "median"},
        {"{metric: desk_lux, absend: 3}", "did you mean 'absent'"},
        {"{faulty: desk}", "unknown metric 'desk'"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char pack[1000];
        (void)snprintf(pack, sizeof(pack),
                       HEAD EACH "    inputs: {lux: %s}\n    when: lux > 1\n",
                       cases[i].input);
        struct rule_school *s = school_open(pack, NULL);
        char *text = fixture_faults(&s->files);
        bool is_said = config_faults_errors(s->files.faults) == 1
                       && strncmp(text, "rules/pack.yaml:6:", 18) == 0
                       && strstr(text, "rules.EY-05.inputs.lux")
                       && strstr(text, cases[i].says);
        if (!is_said)
            print_error("%s: %s\n", cases[i].input, text);
        free(text);
        school_close(s);
        assert_true(is_said);
    }
}

static void only_what_comes_in_whole_numbers_is_compared_for_equality(void **state)
{
    (void)state;
    static const struct {
        const char *input;
        bool is_measured;
    } cases[] = {
        {"desk_lux", true},
        {"people_in", true},
        {"{last: desk_lux, over: 5min}", true},
        {"{share: projecting, over: 5min}", true},
        {"{duration: projecting, over: 5min}", true},
        {"{mean: projecting, over: 5min}", true},
        {"{metric: projecting, of: mean}", true},
        {"projecting", false},
        {"{metric: projecting, of: sum}", false},
        {"{last: projecting, over: 5min}", false},
        {"{count: desk_lux, over: 5min}", false},
        {"{changes: desk_lux, over: 5min}", false},
        {"{attribute: capacity}", false},
        {"{faulty: \"*\"}", false},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char pack[1000];
        (void)snprintf(pack, sizeof(pack),
                       HEAD EACH "    inputs: {x: %s}\n    when: x != 1\n",
                       cases[i].input);
        struct rule_school *s = school_open(pack, NULL);
        char *text = fixture_faults(&s->files);
        bool is_refused = strstr(text, "rules/pack.yaml:7:13: rules.EY-05.when: what is "
                                       "measured equals a number by luck only")
                          != NULL;
        bool is_right = is_refused == cases[i].is_measured
                        && config_faults_errors(s->files.faults) == is_refused;
        if (!is_right)
            print_error("%s: %s\n", cases[i].input, text);
        free(text);
        school_close(s);
        assert_true(is_right);
    }
}

static void times_and_days_say_what_is_wrong_with_them(void **state)
{
    (void)state;
    static const struct {
        const char *lines;
        const char *says;
    } cases[] = {
        {"    at: moonday 06:00\n", "rules.EY-05.at: 'moonday 06:00' is not a time"},
        {"    at: 24:01\n", "rules.EY-05.at: '24:01' is not a time (allowed: 08:00,"},
        {"    at: 08:00\n    for: 5min\n", "no 'for', 'clear_for' or 'during'"},
        {"    at: 08:00\n    during: lesson\n", "no 'for', 'clear_for' or 'during'"},
        {"    days: 3\n", "rules.EY-05.days: '3' is not so many days (allowed: 3 of 5"},
        {"    days: 6 of 5\n", "'6 of 5' is not so many days"},
        {"    days: 0 of 5\n", "'0 of 5' is not so many days"},
        {"    days: 3 of 32\n", "up to 31"},
        {"    clear_days: 5 of 5\n", "rules.EY-05.clear_days: needs 'days'"},
        {"    days: 3 of 5\n    clear_days: five\n", "clear_days: 'five' is not"},
        {"    days: 3 of 5\n    at: monday 06:00\n", "days: needs an 'at' of each day"},
        {"    days: 3 of 5\n    clear: occ < 2\n", "a day is over when"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char pack[1000];
        (void)snprintf(pack, sizeof(pack), HEAD EACH INPUTS WHEN "%s", cases[i].lines);
        struct rule_school *s = school_open(pack, NULL);
        char *text = fixture_faults(&s->files);
        bool is_said = config_faults_errors(s->files.faults) == 1
                       && strstr(text, cases[i].says) != NULL;
        if (!is_said)
            print_error("%s: %s\n", cases[i].lines, text);
        free(text);
        school_close(s);
        assert_true(is_said);
    }
    expect_faults(HEAD EACH INPUTS WHEN "    at: 08:00\n    clear: lux < 1500\n"
                                        "    days: 3 of 5\n    clear_days: 5 of 5\n",
                  NULL, "");
}

static void objects_and_phases_have_their_words(void **state)
{
    (void)state;
    expect_faults(
        HEAD "    each: classroom\n" INPUTS WHEN "    during: [lesson, braek]\n", NULL,
        "rules/pack.yaml:5:11: rules.EY-05.each: says not what the rule is about "
        "(allowed: school, gateway, or one of {kind: …}, {tag: …}, {places: […]}, "
        "{devices: METRIC}, {classes: […]}, {buses: […]})\n"
        "rules/pack.yaml:8:13: rules.EY-05.during: unknown or repeated phase "
        "'braek' (allowed: lesson_whole, closed, lesson, recess, long_recess, "
        "lunch, after_school, evening_study, boarding_night, holiday)\n");
    expect_faults(
        HEAD "    each: {devices: panik}\n" INPUTS WHEN, NULL,
        "rules/pack.yaml:5:11: rules.EY-05.each: unknown metric 'panik' (did you "
        "mean 'panic'?)\n");
    static const char unfed[] =
        "rules/pack.yaml:2:5: warning: rules: never judged, as no "
        "object has all of their inputs (fine without such "
        "devices): EY-05\n";
    char slip[400];
    assert_true(snprintf(slip, sizeof(slip),
                         "%srules/pack.yaml:5:18: warning: rules.EY-05.each: kind "
                         "'clasroom' is that of no place (did you mean 'classroom'?)\n",
                         unfed)
                > 0);
    expect_faults(HEAD "    each: {kind: clasroom}\n" INPUTS WHEN, NULL, slip);
    expect_faults(HEAD "    each: {kind: canteen}\n" INPUTS WHEN, NULL, unfed);
}

static void every_missing_key_is_told_at_once(void **state)
{
    (void)state;
    struct rule_school *s = school_open("rules: [{id: EY-05}, {title: x}]\n", NULL);
    char *text = fixture_faults(&s->files);
    assert_int_equal(config_faults_errors(s->files.faults), 6);
    assert_non_null(strstr(text, "rules.EY-05: 'each' is missing"));
    assert_non_null(strstr(text, "rules.EY-05: 'inputs' is missing"));
    assert_non_null(strstr(text, "rules.EY-05: 'when' is missing"));
    assert_non_null(strstr(text, "rules.EY-05: 'severity' is missing"));
    assert_non_null(strstr(text, "rules[1]: 'id' is missing"));
    free(text);
    school_close(s);
}

static void school_overrides_thresholds_by_id(void **state)
{
    (void)state;
    struct rule_row row;
    struct rule_school *s =
        school_open(HEAD EACH INPUTS "    parameters: {bright: 2000, people: 5}\n"
                                     "    when: lux > bright and occ >= people\n",
                    "rules: [{id: EY-05, severity: P3, parameters: {bright: 100}}]\n");
    school_start(s, at_clock(8, 0, 0));
    school_read(s, "b1-204/occupancy", at_clock(8, 0, 0), 5, 0);
    school_read(s, "b1-204/desk_lux", at_clock(8, 0, 0), 101, 0);
    assert_int_equal(s->count, 1);
    assert_int_equal(rules_rows(s->rules, &row, 1), 1);
    assert_int_equal(row.severity, GW_P3);
    assert_string_equal(row.title.en, "Desk glare");
    school_close(s);
}

static void school_switches_a_rule_off(void **state)
{
    (void)state;
    struct rule_school *s =
        school_open(HEAD EACH INPUTS WHEN, "rules: [{id: EY-05, enabled: false}]\n");
    assert_int_equal(config_faults_errors(s->files.faults), 0);
    assert_int_equal(rules_rows(s->rules, NULL, 0), 0);
    school_close(s);
}

/* Told apart by where they stand in the configuration, not by where that stands. */
static void configuration_may_stand_below_a_folder_of_that_name(void **state)
{
    (void)state;
    struct rule_school *s = calloc(1, sizeof(*s));
    char plain[sizeof(s->files.folder)];
    fixture_open(&s->files);
    fixture_put(&s->files, "metrics.yaml", rule_metrics);
    fixture_put(&s->files, "devices.d/b1.yaml", rule_devices);
    fixture_put(&s->files, "rules/pack.yaml", HEAD EACH INPUTS WHEN);
    fixture_put(&s->files, "rules.d/own.yaml", "rules: [{id: EY-05, severity: P3}]\n");
    memcpy(plain, s->files.folder, sizeof(plain));
    (void)snprintf(s->files.folder, sizeof(s->files.folder), "%.40s/rules.d/..", plain);
    fixture_load(&s->files);
    school_points(s);
    school_rules(s);
    assert_int_equal(config_faults_errors(s->files.faults), 0);
    memcpy(s->files.folder, plain, sizeof(plain));
    school_close(s);
}

static void override_of_an_unknown_rule_must_be_whole(void **state)
{
    (void)state;
    struct rule_school *s =
        school_open(HEAD EACH INPUTS WHEN, "rules: [{id: OUR-1, enabled: false}]\n");
    char *text = fixture_faults(&s->files);
    assert_non_null(strstr(text, "rules.d/own.yaml:1:9: rules.OUR-1: 'when' is missing"));
    free(text);
    school_close(s);
}

static void override_of_a_misspelt_id_names_the_near_one(void **state)
{
    (void)state;
    struct rule_school *s = school_open(
        HEAD EACH INPUTS WHEN, "rules: [{id: EY-5, parameters: {bright: 100}}]\n");
    char *text = fixture_faults(&s->files);
    assert_string_equal(text,
                        "rules.d/own.yaml:1:9: rules.EY-5: no rule has this id (did "
                        "you mean 'EY-05'?); a rule of your own needs 'when'\n");
    free(text);
    school_close(s);
}

static void own_rule_that_expects_is_no_misspelt_override(void **state)
{
    (void)state;
    struct rule_school *s = school_open(
        HEAD EACH INPUTS WHEN,
        "rules: [{id: EY-06, title: {zh: 巡, en: Round}, each: {kind: classroom}, "
        "severity: P3, expect: {event: co2, within: 12min}}]\n");
    char *text = fixture_faults(&s->files);
    assert_null(strstr(text, "did you mean"));
    free(text);
    school_close(s);
}

static void what_does_not_go_with_the_pack_is_told_where_the_school_says_it(void **state)
{
    (void)state;
    expect_faults(
        HEAD EACH INPUTS WHEN "    at: school_day 18:30\n",
        "rules: [{id: EY-05, for: 1min}]\n",
        "rules.d/own.yaml:1:26: rules.EY-05.for: a rule that is judged once has "
        "no 'for', 'clear_for' or 'during' (allowed: windows of its inputs)\n");
}

static void rule_stands_once_in_each_folder(void **state)
{
    (void)state;
    expect_faults(HEAD EACH INPUTS WHEN "  - {id: EY-05, severity: P1}\n", NULL,
                  "rules/pack.yaml:8:5: rules.EY-05: rule 'EY-05' stands in "
                  "rules/pack.yaml:2 already (allowed: once in rules/ and once in "
                  "rules.d/)\n");
}

#define LAB(id)                                  \
    "  - id: " id "\n"                           \
    "    title: {zh: 桌面过亮, en: Glare}\n" \
    "    severity: P4\n"                         \
    "    each: {tag: lab}\n"

static void rules_of_the_pack_that_nobody_feeds_are_one_warning(void **state)
{
    (void)state;
    expect_faults("rules:\n" LAB("EY-05") INPUTS WHEN LAB("EY-06") INPUTS WHEN, NULL,
                  "rules/pack.yaml:2:5: warning: rules: never judged, as no object has "
                  "all of their inputs (fine without such devices): EY-05, EY-06\n");
}

static void a_rule_of_the_schools_own_that_nobody_feeds_has_its_own_warning(void **state)
{
    (void)state;
    expect_faults(
        "rules:\n" LAB("EY-05") INPUTS WHEN LAB("EY-06") INPUTS WHEN,
        "rules: [{id: EY-06, severity: P3}]\n",
        "rules.d/own.yaml:1:9: warning: rules.EY-06: is never judged: no object "
        "has all of its inputs (allowed: feed their points, give 'absent', or "
        "enabled: false)\n"
        "rules/pack.yaml:2:5: warning: rules: never judged, as no object has "
        "all of their inputs (fine without such devices): EY-05\n");
}

static void a_rule_of_the_schools_own_about_nothing_is_told_so(void **state)
{
    (void)state;
    expect_faults("rules:\n" LAB("EY-05") INPUTS WHEN,
                  "rules:\n  - {id: EY-05, each: {places: [\"x-*\"]}}\n",
                  "rules.d/own.yaml:2:5: warning: rules.EY-05: is never judged: 'each' "
                  "names nothing that this school has (wanted: a kind, tag, place, "
                  "class, device or bus that is there, or enabled: false)\n");
}

static void several_of_the_schools_own_are_one_warning_with_their_places(void **state)
{
    (void)state;
    expect_faults(
        "rules:\n" LAB("EY-05") INPUTS WHEN LAB("EY-06") INPUTS WHEN,
        "rules:\n  - {id: EY-05, severity: P3}\n  - {id: EY-06, severity: P3}\n",
        "rules.d/own.yaml:2:5: warning: rules: never judged, as no object has all of "
        "their inputs (allowed: feed their points, give 'absent', or enabled: false): "
        "EY-05 (rules.d/own.yaml:2), EY-06 (rules.d/own.yaml:3)\n");
}

enum { MANY = 300 };

/* many - a pack of them, and the same rules changed by the school. */
static char *many(bool is_own)
{
    struct strbuf text = {0};
    strbuf_add(&text, "rules:\n");
    for (int i = 100; i < 100 + MANY; i++) {
        strbuf_format(&text, "  - id: EYE-%d\n    severity: P4\n", i);
        if (!is_own)
            strbuf_add(&text, "    title: {zh: 亮, en: Glare}\n"
                              "    each: {tag: lab}\n" INPUTS WHEN);
    }
    return strbuf_take(&text);
}

static void many_rules_of_the_pack_that_nobody_feeds_are_a_number(void **state)
{
    (void)state;
    char *pack = many(false);
    expect_faults(pack, NULL,
                  "rules/pack.yaml:2:5: warning: rules: 300 rules of the pack are never "
                  "judged, as no object has all of their inputs (fine until there are "
                  "such devices: nothing is to be done; campusctl rules shows each)\n");
    free(pack);
}

static void many_rules_of_the_school_that_nobody_feeds_are_counted(void **state)
{
    (void)state;
    char *pack = many(false);
    char *own = many(true);
    struct rule_school *s = school_open(pack, own);
    free(pack);
    free(own);
    assert_int_equal(config_faults_warnings(s->files.faults), 1);
    char *text = fixture_faults(&s->files);
    size_t named = 0;
    for (const char *at = text; (at = strstr(at, "EYE-")); at++)
        named++;
    char end[32];
    (void)snprintf(end, sizeof(end), " and %zu more\n", MANY - named);
    assert_true(named > 10 && named < MANY);
    assert_string_equal(text + strlen(text) - strlen(end), end);
    free(text);
    school_close(s);
}

static void rules_print_their_manual(void **state)
{
    (void)state;
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    rules_print_options(out);
    assert_int_equal(fclose(out), 0);
    assert_non_null(strstr(text, "clear_for"));
    assert_non_null(strstr(text, "slice_start"));
    assert_non_null(strstr(text, "faulty"));
    assert_non_null(strstr(text, "devices"));
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_rule_has_no_fault),
        cmocka_unit_test(conditions_are_pointed_into),
        cmocka_unit_test(names_without_a_use_are_faults),
        cmocka_unit_test(parameters_are_numbers_with_names_of_their_own),
        cmocka_unit_test(inputs_say_what_is_wrong_with_them),
        cmocka_unit_test(only_what_comes_in_whole_numbers_is_compared_for_equality),
        cmocka_unit_test(times_and_days_say_what_is_wrong_with_them),
        cmocka_unit_test(objects_and_phases_have_their_words),
        cmocka_unit_test(every_missing_key_is_told_at_once),
        cmocka_unit_test(school_overrides_thresholds_by_id),
        cmocka_unit_test(school_switches_a_rule_off),
        cmocka_unit_test(configuration_may_stand_below_a_folder_of_that_name),
        cmocka_unit_test(override_of_an_unknown_rule_must_be_whole),
        cmocka_unit_test(override_of_a_misspelt_id_names_the_near_one),
        cmocka_unit_test(own_rule_that_expects_is_no_misspelt_override),
        cmocka_unit_test(what_does_not_go_with_the_pack_is_told_where_the_school_says_it),
        cmocka_unit_test(rule_stands_once_in_each_folder),
        cmocka_unit_test(rules_of_the_pack_that_nobody_feeds_are_one_warning),
        cmocka_unit_test(a_rule_of_the_schools_own_that_nobody_feeds_has_its_own_warning),
        cmocka_unit_test(a_rule_of_the_schools_own_about_nothing_is_told_so),
        cmocka_unit_test(several_of_the_schools_own_are_one_warning_with_their_places),
        cmocka_unit_test(many_rules_of_the_pack_that_nobody_feeds_are_a_number),
        cmocka_unit_test(many_rules_of_the_school_that_nobody_feeds_are_counted),
        cmocka_unit_test(rules_print_their_manual),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
