#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rule_fixture.h"

/* One rule on people; @each and @inputs as given. */
static struct rule_school *people_rule(const char *each, const char *inputs,
                                       const char *more)
{
    char pack[1000];
    (void)snprintf(pack, sizeof(pack),
                   "rules:\n  - {id: R-1, title: x, severity: P3, each: %s,\n"
                   "     inputs: {%s}%s%s}\n",
                   each, inputs, *more ? ", " : "", more);
    return school_open(pack, NULL);
}

static size_t instances_of(struct rule_school *s)
{
    struct rule_row row = {.instances = SIZE_MAX};
    assert_int_equal(config_faults_errors(s->files.faults), 0);
    assert_int_equal(rules_rows(s->rules, &row, 1), 1);
    return row.instances;
}

static void objects_are_found_by_kind_glob_metric_class_and_school(void **state)
{
    (void)state;
    static const struct {
        const char *each;
        size_t instances;
    } cases[] = {
        {"{kind: classroom}", 2},
        {"{kind: gate}", 0}, /* nobody counts people there */
        {"{places: [b1-204, gate-*]}", 1},
        {"{places: '*'}", 2},
        {"{devices: desk_lux}", 2},
        {"{devices: '*'}", 2},
        {"{classes: '*'}", 1}, /* by the room it is at home in */
        {"{buses: 'broker-*'}", 1},
        {"{buses: rs485-*}", 0},
        {"school", 1},
        {"{tag: none}", 0},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct rule_school *s = people_rule(cases[i].each, "n: occupancy", "when: n > 1");
        size_t n = instances_of(s);
        if (n != cases[i].instances)
            fail_msg("%s: %zu", cases[i].each, n);
        school_close(s);
    }
}

static void attributes_come_from_place_and_class(void **state)
{
    (void)state;
    static const struct {
        const char *when;
        bool is_true;
    } cases[] = {
        {"c = 50 and e = 47 and l = 45 and s = 1", true},
        {"c = 50 and e = 46 and l = 45 and s = 1", false},
    };
    for (size_t i = 0; i < 2; i++) {
        char when[100];
        (void)snprintf(when, sizeof(when), "when: %s", cases[i].when);
        struct rule_school *s = people_rule(
            "{classes: 2024-P-01}",
            "c: {attribute: capacity}, e: {attribute: enrolled}, l: {attribute: limit}, "
            "s: {attribute: staff}",
            when);
        school_start(s, at_clock(7, 0, 0));
        assert_int_equal(s->count, cases[i].is_true);
        school_close(s);
    }
}

static void object_without_its_class_is_left_out(void **state)
{
    (void)state;
    struct rule_school *s = people_rule(
        "{kind: classroom}", "n: occupancy, e: {attribute: enrolled}", "when: n > e");
    assert_int_equal(instances_of(s), 1); /* b1-204 has no class */
    school_close(s);
}

static double value_of(const char *of, const char *metric, double a, double b)
{
    char inputs[100];
    (void)snprintf(inputs, sizeof(inputs), "n: {metric: %s, of: %s}", metric, of);
    struct rule_school *s = people_rule("school", inputs, "when: n >= -1000");
    school_start(s, at_clock(7, 0, 0));
    school_read(s, "b1-203/occupancy", at_clock(7, 0, 1), a, 0);
    assert_int_equal(s->count, 0); /* until all of them are good */
    school_read(s, "b1-204/occupancy", at_clock(7, 0, 2), b, 0);
    assert_int_equal(s->count, 1);
    double value = s->happened[0].value;
    school_close(s);
    return value;
}

static void several_points_make_one_value(void **state)
{
    (void)state;
    assert_true(value_of("default", "occupancy", 10, 20) == 15);
    assert_true(value_of("mean", "occupancy", 10, 20) == 15);
    assert_true(value_of("min", "occupancy", 10, 20) == 10);
    assert_true(value_of("max", "occupancy", 10, 20) == 20);
    assert_true(value_of("sum", "occupancy", 10, 20) == 30);
    assert_true(value_of("any", "occupancy", 0, 20) == 1);
    assert_true(value_of("all", "occupancy", 0, 20) == 0);
}

static void device_sees_its_own_points_only(void **state)
{
    (void)state;
    struct rule_school *s =
        people_rule("{devices: panic}", "p: panic, d: door", "when: p and d");
    assert_int_equal(instances_of(s), 1);
    school_close(s);
    s = people_rule("{devices: panic}", "p: panic, n: occupancy", "when: p and n > 0");
    assert_int_equal(instances_of(s), 0);
    school_close(s);
}

static void device_has_what_is_derived_for_it_too(void **state)
{
    (void)state;
    struct rule_school *s =
        people_rule("{devices: occupancy}", "n: occupancy, open: door", "when: n > open");
    assert_int_equal(instances_of(s), 1);
    school_start(s, at_clock(8, 0, 0));
    school_read(s, "b1-204/occupancy", at_clock(8, 0, 0), 1, 0);
    assert_int_equal(s->count, 0);
    school_read(s, "lux-204/door", at_clock(8, 1, 0), 0, GW_DERIVED);
    assert_int_equal(s->count, 1);
    assert_string_equal(s->happened[0].object, "lux-204");
    school_close(s);
}

static void bus_counts_the_silent_of_all_its_devices(void **state)
{
    (void)state;
    struct rule_school *s =
        people_rule("{buses: '*'}", "silent: {faulty: '*'}", "when: silent >= 2");
    school_start(s, at_clock(8, 0, 0));
    for (size_t i = 0; i < point_table_count(s->points) - 1; i++)
        school_read(s, point_table_entry(s->points, i)->name, at_clock(8, 1, 0), 0, 0);
    school_read(s, "b1-203/occupancy", at_clock(8, 5, 0), NAN, 0);
    assert_int_equal(s->count, 0);
    school_read(s, "b1-204/occupancy", at_clock(8, 6, 0), NAN, 0);
    assert_int_equal(s->count, 1);
    assert_string_equal(s->happened[0].object, "broker-1");
    school_close(s);
}

static void window_over_the_phase_begins_with_it(void **state)
{
    (void)state;
    struct rule_school *s = people_rule(
        "{kind: classroom}", "on: {share: projecting, over: phase, valid: 80%}",
        "during: lesson_whole, when: on > 0.3");
    school_start(s, at_clock(8, 0, 0));
    school_read(s, "b1-204/projecting", at_clock(8, 0, 0), 1, 0); /* before the bell */
    school_read(s, "b1-204/projecting", at_clock(8, 21, 0), 0, 0);
    assert_int_equal(s->count, 1); /* 1 of 1 minute */
    school_read(s, "b1-204/projecting", at_clock(8, 23, 0), 0, 0);
    assert_int_equal(s->count, 1);
    rules_run(s->rules, at_clock(8, 24, 0)); /* 1 of 4 minutes */
    assert_int_equal(s->count, 2);
    assert_false(s->happened[1].is_active);
    assert_true(s->happened[1].value == 0.25);
    school_close(s);
}

static void latched_alarm_outlives_its_phase(void **state)
{
    (void)state;
    struct rule_school *s = people_rule("{kind: classroom}", "n: occupancy",
                                        "during: lesson, latched: true, when: n > 1");
    school_start(s, at_clock(8, 30, 0));
    school_read(s, "b1-204/occupancy", at_clock(8, 30, 0), 2, 0);
    rules_run(s->rules, at_clock(9, 10, 0));
    assert_int_equal(s->count, 1);
    school_close(s);
}

static void uncertain_reading_is_not_good_enough(void **state)
{
    (void)state;
    struct rule_school *s =
        people_rule("{kind: classroom}", "n: occupancy", "when: n > 1");
    school_start(s, at_clock(8, 0, 0));
    struct gw_reading reading = {.point =
                                     point_table_named(s->points, "b1-204/occupancy")->id,
                                 .quality = GW_UNCERTAIN,
                                 .reason = GW_REASON_DRIFT,
                                 .value = 5,
                                 .time_us = at_clock(8, 0, 1)};
    rules_reading(s->rules, &reading);
    assert_int_equal(s->count, 0);
    school_close(s);
}

static void kept_states_of_other_rules_and_forms_are_refused(void **state)
{
    (void)state;
    struct rule_school *s =
        people_rule("{kind: classroom}", "n: occupancy", "for: 1min, when: n > 1");
    school_start(s, at_clock(8, 0, 0));
    school_read(s, "b1-204/occupancy", at_clock(8, 0, 0), 2, 0);
    assert_int_equal(s->kept_count, 1);
    struct kept_state kept = s->kept[0];
    assert_string_equal(kept.key, "R-1@b1-204");
    assert_int_equal(rules_restore(s->rules, kept.key, kept.bytes, kept.size), 0);
    assert_int_equal(rules_restore(s->rules, "R-1@b1-9", kept.bytes, kept.size), -ENOENT);
    assert_int_equal(rules_restore(s->rules, kept.key, kept.bytes, kept.size - 1),
                     -EINVAL);
    kept.bytes[0] = 77;
    assert_int_equal(rules_restore(s->rules, kept.key, kept.bytes, kept.size), -EINVAL);
    school_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(objects_are_found_by_kind_glob_metric_class_and_school),
        cmocka_unit_test(attributes_come_from_place_and_class),
        cmocka_unit_test(object_without_its_class_is_left_out),
        cmocka_unit_test(several_points_make_one_value),
        cmocka_unit_test(device_sees_its_own_points_only),
        cmocka_unit_test(device_has_what_is_derived_for_it_too),
        cmocka_unit_test(bus_counts_the_silent_of_all_its_devices),
        cmocka_unit_test(window_over_the_phase_begins_with_it),
        cmocka_unit_test(latched_alarm_outlives_its_phase),
        cmocka_unit_test(uncertain_reading_is_not_good_enough),
        cmocka_unit_test(kept_states_of_other_rules_and_forms_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
