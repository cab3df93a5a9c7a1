#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rule_fixture.h"

#define LIGHT                                                            \
    "rules:\n"                                                           \
    "  - id: EY-01\n"                                                    \
    "    title: {zh: 课桌面照度不足, en: Desk illuminance low}\n" \
    "    each: {kind: classroom}\n"                                      \
    "    inputs:\n"                                                      \
    "      lux: {mean: desk_lux, over: 10min, valid: 80%}\n"             \
    "      occ: occupancy\n"                                             \
    "      projecting: {metric: projecting, absent: 0}\n"                \
    "    parameters: {low: 300, enough: 330, people: 5}\n"               \
    "    when: lux < low and occ >= people and not projecting\n"         \
    "    clear: lux >= enough\n"                                         \
    "    clear_for: 5min\n"                                              \
    "    during: lesson\n"                                               \
    "    severity: P4\n"

#define CROWD                                                         \
    "rules:\n"                                                        \
    "  - id: CS-04\n"                                                 \
    "    title: full\n"                                               \
    "    each: {kind: classroom}\n"                                   \
    "    inputs: {occ: occupancy, capacity: {attribute: capacity}}\n" \
    "    parameters: {share: 1, again: 0.95}\n"                       \
    "    when: occ > capacity * share\n"                              \
    "    clear: occ <= capacity * again\n"                            \
    "    for: 5min\n"                                                 \
    "    clear_for: 2min\n"                                           \
    "    severity: P2\n"

#define PANIC                        \
    "rules:\n"                       \
    "  - id: TF-01\n"                \
    "    title: panic\n"             \
    "    each: {devices: panic}\n"   \
    "    inputs: {pressed: panic}\n" \
    "    when: pressed\n"            \
    "    latched: true\n"            \
    "    severity: P1\n"

#define SILENT                              \
    "rules:\n"                              \
    "  - id: SY-01\n"                       \
    "    title: silent\n"                   \
    "    each: {devices: projecting}\n"     \
    "    inputs: {silent: {faulty: '*'}}\n" \
    "    when: silent > 0\n"                \
    "    for: 1min\n"                       \
    "    clear_for: 1min\n"                 \
    "    severity: P3\n"

static const char occ_204[] = "b1-204/occupancy";
static const char lux_204[] = "b1-204/desk_lux";
static const char panic[] = "gate-south/panic";

static void check_last(const struct rule_school *s, size_t count, bool is_active,
                       const char *cause, int64_t time_us)
{
    assert_int_equal(s->count, count);
    const struct happened *last = &s->happened[count - 1];
    assert_int_equal(last->is_active, is_active);
    assert_string_equal(last->cause, cause);
    assert_true(last->time_us == time_us);
}

/* A room of ten that reads by 300 lx exactly or 299, over a lesson. */
static size_t alarms_at_lux(double lux)
{
    struct rule_school *s = school_open(LIGHT, NULL);
    school_start(s, at_clock(8, 0, 0));
    for (int minute = 0; minute < 50; minute++) {
        school_read(s, occ_204, at_clock(8, minute, 0), 10, 0);
        school_read(s, "b1-204/projecting", at_clock(8, minute, 0), 0, 0);
        school_read(s, lux_204, at_clock(8, minute, 0), lux, 0);
    }
    size_t count = s->count;
    if (count > 0) { /* the slice begins 5 min into the lesson, the window is full */
        check_last(s, 1, true, "rule", at_clock(8, 25, 0));
        assert_string_equal(s->happened[0].object, "b1-204");
        assert_true(s->happened[0].value == lux);
    }
    school_close(s);
    return count;
}

static void desk_light_of_299_is_low_and_300_is_not(void **state)
{
    (void)state;
    assert_int_equal(alarms_at_lux(299), 1);
    assert_int_equal(alarms_at_lux(300), 0);
}

static void room_of_50_takes_50_and_not_51(void **state)
{
    (void)state;
    struct rule_school *s = school_open(CROWD, NULL);
    school_start(s, at_clock(8, 0, 0));
    school_read(s, occ_204, at_clock(8, 0, 0), 50, 0);
    rules_run(s->rules, at_clock(8, 30, 0));
    assert_int_equal(s->count, 0);
    school_read(s, occ_204, at_clock(8, 30, 0), 51, 0);
    assert_true(rules_next_due(s->rules) == at_clock(8, 35, 0));
    rules_run(s->rules, at_clock(8, 40, 0));
    check_last(s, 1, true, "rule", at_clock(8, 35, 0));
    school_close(s);
}

static void values_are_nothing_to_who_counts_the_silent(void **state)
{
    (void)state;
    struct rule_row row;
    struct rule_school *s = school_open(SILENT, NULL);
    school_start(s, at_clock(8, 0, 0));
    school_read(s, lux_204, at_clock(8, 0, 1), 1, 0);
    assert_int_equal(rules_rows(s->rules, &row, 1), 1);
    uint64_t heard = row.evaluations;
    for (int second = 2; second < 60; second++)
        school_read(s, lux_204, at_clock(8, 0, second), second, 0);
    assert_int_equal(rules_rows(s->rules, &row, 1), 1);
    assert_true(row.evaluations == heard);
    school_read(s, lux_204, at_clock(8, 1, 0), NAN, 0);
    rules_run(s->rules, at_clock(8, 2, 0));
    assert_int_equal(s->count, 1);
    school_close(s);
}

static void hold_begins_anew_when_the_condition_is_interrupted(void **state)
{
    (void)state;
    struct rule_school *s = school_open(CROWD, NULL);
    school_start(s, at_clock(8, 0, 0));
    school_read(s, occ_204, at_clock(8, 0, 0), 51, 0);
    school_read(s, occ_204, at_clock(8, 4, 59), 50, 0);
    school_read(s, occ_204, at_clock(8, 5, 30), 51, 0);
    rules_run(s->rules, at_clock(8, 10, 29));
    assert_int_equal(s->count, 0);
    rules_run(s->rules, at_clock(8, 10, 30));
    check_last(s, 1, true, "rule", at_clock(8, 10, 30));
    school_close(s);
}

static void alarm_stays_until_clear_held_for_its_time(void **state)
{
    (void)state;
    struct rule_school *s = school_open(CROWD, NULL);
    school_start(s, at_clock(8, 0, 0));
    school_read(s, occ_204, at_clock(8, 0, 0), 60, 0);
    school_read(s, occ_204, at_clock(8, 6, 0), 48, 0); /* over 47.5 */
    rules_run(s->rules, at_clock(8, 20, 0));
    assert_int_equal(s->count, 1);
    school_read(s, occ_204, at_clock(8, 20, 0), 47, 0);
    school_read(s, occ_204, at_clock(8, 21, 59), 48, 0);
    school_read(s, occ_204, at_clock(8, 22, 30), 47, 0);
    rules_run(s->rules, at_clock(9, 0, 0));
    check_last(s, 2, false, "rule", at_clock(8, 24, 30));
    school_close(s);
}

static void unknown_stops_a_hold_and_neither_raises_nor_clears(void **state)
{
    (void)state;
    struct rule_school *s = school_open(CROWD, NULL);
    school_start(s, at_clock(8, 0, 0));
    school_read(s, occ_204, at_clock(8, 0, 0), 51, 0);
    school_read(s, occ_204, at_clock(8, 3, 0), NAN, 0);
    rules_run(s->rules, at_clock(8, 30, 0));
    assert_int_equal(s->count, 0);
    school_read(s, occ_204, at_clock(8, 30, 0), 51, 0); /* 3 of 5 min are done */
    rules_run(s->rules, at_clock(8, 40, 0));
    check_last(s, 1, true, "rule", at_clock(8, 32, 0));
    school_read(s, occ_204, at_clock(8, 41, 0), NAN, 0);
    rules_run(s->rules, at_clock(12, 0, 0));
    assert_int_equal(s->count, 1);
    school_close(s);
}

static void all_points_of_a_metric_must_be_good(void **state)
{
    (void)state;
    struct rule_school *s = school_open(LIGHT, NULL);
    school_start(s, at_clock(8, 0, 0));
    school_read(s, "b1-203/occupancy", at_clock(8, 0, 0), 30, 0);
    school_read(s, "b1-203/desk_lux.window", at_clock(8, 0, 0), 300, 0);
    rules_run(s->rules, at_clock(8, 30, 0));
    assert_int_equal(s->count, 0);
    /* "projecting" is absent in b1-203 and taken as 0; mean of 300 and 298 */
    school_read(s, "b1-203/desk_lux.wall", at_clock(8, 30, 0), 298, 0);
    rules_run(s->rules, at_clock(8, 40, 0));
    check_last(s, 1, true, "rule", at_clock(8, 38, 0)); /* 80 % of its window */
    assert_true(s->happened[0].value == 299);
    school_close(s);
}

static void alarm_returns_with_the_end_of_its_phase(void **state)
{
    (void)state;
    struct rule_school *s = school_open(LIGHT, NULL);
    school_start(s, at_clock(8, 10, 0));
    school_read(s, occ_204, at_clock(8, 10, 0), 10, 0);
    school_read(s, "b1-204/projecting", at_clock(8, 10, 0), 0, 0);
    school_read(s, lux_204, at_clock(8, 10, 0), 100, 0);
    rules_run(s->rules, at_clock(9, 10, 0));
    check_last(s, 2, false, "phase-end", at_clock(8, 55, 0));
    assert_true(isnan(s->happened[1].value));
    /* the next lesson's slice finds it dark again */
    rules_run(s->rules, at_clock(9, 30, 0));
    check_last(s, 3, true, "rule", at_clock(9, 20, 0));
    school_close(s);
}

static void panic_is_raised_at_once_about_the_device(void **state)
{
    (void)state;
    struct rule_school *s = school_open(PANIC, NULL);
    school_start(s, at_clock(3, 0, 0));
    school_read(s, panic, at_clock(3, 0, 1), 0, 0);
    school_read(s, panic, at_clock(3, 0, 2), 1, GW_EVENT);
    check_last(s, 1, true, "rule", at_clock(3, 0, 2));
    assert_string_equal(s->happened[0].object, "panic-gate");
    school_close(s);
}

static void retained_panic_is_no_news_and_a_contact_at_start_up_is(void **state)
{
    (void)state;
    struct rule_school *s = school_open(PANIC, NULL);
    school_start(s, at_clock(3, 0, 0));
    school_read(s, panic, at_clock(3, 0, 1), 1, GW_RETAINED);
    assert_int_equal(s->count, 0);
    school_read(s, panic, at_clock(3, 0, 2), 1, 0);
    assert_int_equal(s->count, 1);
    school_restart(s, at_clock(3, 1, 0));
    school_read(s, panic, at_clock(3, 1, 1), 0, GW_RETAINED);
    assert_int_equal(s->count, 1);
    school_close(s);

    s = school_open(PANIC, NULL);
    school_start(s, at_clock(3, 0, 0));
    school_read(s, panic, at_clock(3, 0, 1), 1, GW_STARTUP);
    assert_int_equal(s->count, 1);
    school_close(s);
}

static void restart_in_between_changes_nothing(void **state)
{
    (void)state;
    for (int restarts = 0; restarts < 2; restarts++) {
        struct rule_school *s = school_open(CROWD, NULL);
        school_start(s, at_clock(8, 0, 0));
        school_read(s, occ_204, at_clock(8, 0, 0), 51, 0);
        if (restarts)
            school_restart(s, at_clock(8, 2, 0));
        school_read(s, occ_204, at_clock(8, 2, 10), 52, 0);
        rules_run(s->rules, at_clock(8, 6, 0));
        check_last(s, 1, true, "rule", at_clock(8, 5, 0));
        school_read(s, occ_204, at_clock(8, 10, 0), 40, 0);
        if (restarts)
            school_restart(s, at_clock(8, 11, 0));
        school_read(s, occ_204, at_clock(8, 11, 30), 41, 0);
        rules_run(s->rules, at_clock(8, 20, 0));
        check_last(s, 2, false, "rule", at_clock(8, 12, 0));
        assert_int_equal(s->kept[0].size, 0); /* nothing left to keep */
        school_close(s);
    }
}

static void clock_that_is_set_leaves_holds_and_windows_as_long_as_they_are(void **state)
{
    (void)state;
    static const int64_t steps[] = {-3600 * SECOND, INT64_C(20000) * 86400 * SECOND};
    for (size_t i = 0; i < 2; i++) {
        struct rule_school *s = school_open(CROWD, NULL);
        int64_t old_us = at_clock(8, 0, 0) - steps[i];
        school_start(s, old_us);
        school_read(s, occ_204, old_us, 51, 0);
        rules_run(s->rules, old_us + 2 * MINUTE);
        school_clock_step(s, steps[i], at_clock(8, 2, 0));
        assert_int_equal(s->count, 0);
        rules_run(s->rules, at_clock(8, 10, 0));
        check_last(s, 1, true, "rule", at_clock(8, 5, 0));
        school_close(s);
    }
    struct rule_school *s = school_open(LIGHT, NULL);
    school_start(s, at_clock(3, 20, 0));
    school_read(s, occ_204, at_clock(3, 20, 0), 10, 0);
    school_read(s, "b1-204/projecting", at_clock(3, 20, 0), 0, 0);
    school_read(s, lux_204, at_clock(3, 25, 0), 100, 0);
    school_clock_step(s, 5 * 3600 * SECOND, at_clock(8, 26, 0));
    rules_run(s->rules, at_clock(8, 40, 0));
    check_last(s, 1, true, "rule", at_clock(8, 33, 0)); /* 8 min after 8:25 */
    school_close(s);
}

static void windows_take_history_without_judging(void **state)
{
    (void)state;
    struct rule_school *s = school_open(LIGHT, NULL);
    const struct point_entry *lux = point_table_named(s->points, lux_204);
    rules_history(s->rules, &(struct gw_reading){.point = lux->id,
                                                 .value = 100,
                                                 .time_us = at_clock(8, 20, 0)});
    school_start(s, at_clock(8, 29, 0));
    assert_int_equal(s->count, 0);
    school_read(s, "b1-204/projecting", at_clock(8, 29, 1), 0, 0);
    school_read(s, occ_204, at_clock(8, 29, 2), 10, 0);
    check_last(s, 1, true, "rule", at_clock(8, 29, 2));
    school_close(s);
}

static void rules_are_evaluated_only_on_news(void **state)
{
    (void)state;
    struct rule_row row;
    struct rule_school *s = school_open(PANIC, NULL);
    school_start(s, at_clock(8, 0, 0));
    for (int second = 0; second < 50; second++)
        school_read(s, panic, at_clock(8, 1, second), 0, 0);
    assert_int_equal(rules_rows(s->rules, &row, 1), 1);
    assert_string_equal(row.id, "TF-01");
    assert_string_equal(row.when, "pressed");
    assert_int_equal(row.instances, 1);
    assert_int_equal(row.evaluations, 2); /* at the start, and at the first 0 */
    rules_run(s->rules, at_clock(20, 0, 0));
    rules_rows(s->rules, &row, 1);
    assert_int_equal(row.evaluations, 2);
    assert_true(rules_next_due(s->rules) == INT64_MAX);
    school_close(s);
}

static void windowed_points_are_those_to_log_whole(void **state)
{
    (void)state;
    struct rule_school *s = school_open(LIGHT, NULL);
    assert_true(rules_uses(s->rules, point_table_named(s->points, lux_204)->id));
    assert_false(rules_uses(s->rules, point_table_named(s->points, occ_204)->id));
    assert_false(rules_uses(s->rules, point_table_named(s->points, panic)->id));
    assert_false(rules_uses(s->rules, 999));
    school_close(s);
}

static void faulty_counts_what_is_silent_or_failed(void **state)
{
    (void)state;
    struct rule_school *s = school_open("rules:\n"
                                        "  - id: SY-01\n"
                                        "    title: silent\n"
                                        "    each: {devices: '*'}\n"
                                        "    inputs: {silent: {faulty: '*'}}\n"
                                        "    when: silent > 0\n"
                                        "    severity: P3\n",
                                        NULL);
    school_start(s, at_clock(8, 0, 0));
    rules_run(s->rules, at_clock(9, 0, 0));
    assert_int_equal(s->count, 0);
    school_read(s, lux_204, at_clock(9, 0, 0), NAN, 0);
    check_last(s, 1, true, "rule", at_clock(9, 0, 0));
    assert_string_equal(s->happened[0].object, "lux-204");
    school_read(s, lux_204, at_clock(9, 1, 0), 300, 0);
    check_last(s, 2, false, "rule", at_clock(9, 1, 0));
    school_close(s);
}

/* lux-204 went silent at 9:00, SY-01 came at 9:01, the gateway restarts at 9:10. */
static struct rule_school *restarted_in_silence(bool is_supervised)
{
    struct rule_school *s = school_open(SILENT, NULL);
    for (size_t i = 0; i < s->files.config->point_count && !is_supervised; i++)
        s->files.config->points[i].stale_us = 0;
    school_start(s, at_clock(8, 0, 0));
    school_read(s, lux_204, at_clock(9, 0, 0), NAN, 0);
    rules_run(s->rules, at_clock(9, 10, 0));
    check_last(s, 1, true, "rule", at_clock(9, 1, 0));
    school_restart(s, at_clock(9, 10, 0));
    return s;
}

static void alarm_of_a_silent_device_stays_over_a_restart(void **state)
{
    (void)state;
    struct rule_school *s = restarted_in_silence(true);
    rules_run(s->rules, at_clock(9, 25, 0));
    school_read(s, lux_204, at_clock(9, 25, 0), NAN, 0);
    school_read(s, occ_204, at_clock(9, 26, 0), 10, 0);
    rules_run(s->rules, at_clock(10, 0, 0));
    assert_int_equal(s->count, 1);
    school_read(s, lux_204, at_clock(10, 0, 0), 300, 0);
    rules_run(s->rules, at_clock(10, 10, 0));
    assert_int_equal(s->count, 1); /* the projector may still be what is silent */
    school_read(s, "b1-204/projecting", at_clock(10, 10, 0), 0, 0);
    rules_run(s->rules, at_clock(10, 20, 0));
    check_last(s, 2, false, "rule", at_clock(10, 11, 0));
    school_close(s);
}

static void retained_value_is_no_sign_of_life(void **state)
{
    (void)state;
    static const char *const names[] = {lux_204, occ_204, "b1-204/projecting"};
    struct rule_school *s = restarted_in_silence(true);
    for (size_t i = 0; i < 3; i++)
        rules_reading(s->rules, &(struct gw_reading){
                                    .point = point_table_named(s->points, names[i])->id,
                                    .flags = GW_RETAINED,
                                    .quality = GW_UNCERTAIN,
                                    .reason = GW_REASON_RETAINED,
                                    .value = 1,
                                    .time_us = at_clock(9, 10, 1)});
    rules_run(s->rules, at_clock(9, 24, 0));
    assert_int_equal(s->count, 1);
    school_close(s);
}

/* Nothing will tell of its silence but its bus, and that has spoken by then. */
static void point_without_supervision_is_in_doubt_until_all_has_settled(void **state)
{
    (void)state;
    struct rule_school *s = restarted_in_silence(false);
    rules_run(s->rules, at_clock(9, 30, 0));
    check_last(s, 2, false, "rule", at_clock(9, 14, 0));
    school_close(s);
}

static void history_is_of_use_as_far_as_windows_and_silence_reach(void **state)
{
    (void)state;
    struct rule_school *s = school_open(LIGHT, NULL);
    assert_true(rules_history_from(s->rules, at_clock(8, 30, 0)) == at_clock(8, 5, 0));
    school_close(s);
    s = school_open(CROWD, NULL);
    assert_true(rules_history_from(s->rules, at_clock(8, 30, 0)) == at_clock(8, 30, 0));
    school_close(s);
    s = school_open(LIGHT,
                    "rules: [{id: EY-01, inputs: {lux: {mean: desk_lux, over: phase},"
                    " occ: occupancy, projecting: {metric: projecting, absent: 0}}}]\n");
    assert_true(rules_history_from(s->rules, at_clock(8, 50, 0)) == at_clock(8, 5, 0));
    school_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(desk_light_of_299_is_low_and_300_is_not),
        cmocka_unit_test(room_of_50_takes_50_and_not_51),
        cmocka_unit_test(values_are_nothing_to_who_counts_the_silent),
        cmocka_unit_test(hold_begins_anew_when_the_condition_is_interrupted),
        cmocka_unit_test(alarm_stays_until_clear_held_for_its_time),
        cmocka_unit_test(unknown_stops_a_hold_and_neither_raises_nor_clears),
        cmocka_unit_test(all_points_of_a_metric_must_be_good),
        cmocka_unit_test(alarm_returns_with_the_end_of_its_phase),
        cmocka_unit_test(panic_is_raised_at_once_about_the_device),
        cmocka_unit_test(retained_panic_is_no_news_and_a_contact_at_start_up_is),
        cmocka_unit_test(restart_in_between_changes_nothing),
        cmocka_unit_test(clock_that_is_set_leaves_holds_and_windows_as_long_as_they_are),
        cmocka_unit_test(windows_take_history_without_judging),
        cmocka_unit_test(rules_are_evaluated_only_on_news),
        cmocka_unit_test(windowed_points_are_those_to_log_whole),
        cmocka_unit_test(faulty_counts_what_is_silent_or_failed),
        cmocka_unit_test(alarm_of_a_silent_device_stays_over_a_restart),
        cmocka_unit_test(retained_value_is_no_sign_of_life),
        cmocka_unit_test(point_without_supervision_is_in_doubt_until_all_has_settled),
        cmocka_unit_test(history_is_of_use_as_far_as_windows_and_silence_reach),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
