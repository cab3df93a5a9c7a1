#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "rule_fixture.h"

enum { POINTS_MAX = 16 };

#define BRIGHT(limit, title, more)                                             \
    "rules: [{id: EY-01, title: " title ", each: {kind: classroom},\n"         \
    "  inputs: {lux: {mean: desk_lux, over: 10min}}, when: lux > " limit ",\n" \
    "  severity: P3, basis: b, action: a" more "}]\n"

#define HELD(limit, title)                                             \
    "rules: [{id: EY-01, title: " title ", each: {kind: classroom},\n" \
    "  inputs: {lux: desk_lux}, when: lux > " limit ", for: 5min,\n"   \
    "  severity: P3, basis: b, action: a}]\n"

static const char lux_204[] = "b1-204/desk_lux";

/* As the pipeline does it: into the table, then to the rules. */
static void tell(struct rule_school *s, int64_t time_us, double value)
{
    const struct point_entry *entry = point_table_named(s->points, lux_204);
    point_table_set(
        s->points,
        &(struct gw_reading){.point = entry->id, .value = value, .time_us = time_us});
    school_read(s, lux_204, time_us, value, 0);
}

/* The same points in both, so each keeps its place. */
static void take_over(struct rule_school *after, struct rule_school *before,
                      int64_t time_us)
{
    size_t from[POINTS_MAX];
    for (size_t i = 0; i < POINTS_MAX; i++)
        from[i] = i;
    rules_run(before->rules, time_us);
    for (size_t i = 0; i < point_table_count(after->points); i++) {
        uint32_t id = point_table_entry(after->points, i)->id;
        point_table_set(after->points, point_table_get(before->points, id));
    }
    rules_take_over(after->rules, before->rules, from, time_us);
}

/* The first time that the cause came in @s, or 0. */
static int64_t came_us(const struct rule_school *s)
{
    for (size_t i = 0; i < s->count; i++)
        if (s->happened[i].is_active && strcmp(s->happened[i].cause, "rule") == 0)
            return s->happened[i].time_us;
    return 0;
}

/* One reading at 08:00, a change at 08:03, and then nothing but time. */
static int64_t held_until(const char *first, const char *second)
{
    struct rule_school *before = school_open(first, NULL);
    struct rule_school *after = school_open(second, NULL);
    school_start(before, at_clock(7, 0, 0));
    tell(before, at_clock(8, 0, 0), 400);
    take_over(after, before, at_clock(8, 3, 0));
    school_close(before);
    tell(after, at_clock(8, 3, 1), 400);
    rules_run(after->rules, at_clock(9, 0, 0));
    int64_t time_us = came_us(after);
    school_close(after);
    return time_us;
}

static void hold_of_the_same_rule_ends_at_its_time(void **state)
{
    (void)state;
    assert_int_equal(held_until(HELD("300", "t"), HELD("300", "u")), at_clock(8, 5, 0));
}

static void hold_of_a_rule_that_means_something_else_begins_anew(void **state)
{
    (void)state;
    assert_true(held_until(HELD("300", "t"), HELD("301", "t")) >= at_clock(8, 8, 0));
}

/* 100 lx from 08:00 and 700 from 08:10: the mean of ten minutes passes 400 at 08:15. */
static int64_t passed(const char *first, const char *second, bool is_refilled)
{
    struct rule_school *before = school_open(first, NULL);
    struct rule_school *after = school_open(second, NULL);
    struct gw_reading dark = {.point = point_table_named(before->points, lux_204)->id,
                              .value = 100,
                              .time_us = at_clock(8, 0, 0)};
    school_start(before, at_clock(7, 59, 0));
    tell(before, at_clock(8, 0, 0), 100);
    tell(before, at_clock(8, 10, 0), 700);
    if (is_refilled) {
        rules_history(after->rules, &dark);
        dark.time_us = at_clock(8, 10, 0);
        dark.value = 700;
        rules_history(after->rules, &dark);
    }
    take_over(after, before, at_clock(8, 12, 0));
    school_close(before);
    for (int s = 1; s <= 30 * 60; s += 30)
        tell(after, at_clock(8, 12, 0) + s * SECOND, 700);
    int64_t time_us = came_us(after);
    school_close(after);
    return time_us;
}

static bool is_about(int64_t time_us, int minute)
{
    return time_us >= at_clock(8, minute, 0) && time_us <= at_clock(8, minute, 31);
}

static void window_of_the_same_point_and_length_holds_what_it_held(void **state)
{
    (void)state;
    assert_true(
        is_about(passed(BRIGHT("400", "t", ""), BRIGHT("400", "u", ""), false), 15));
}

/* Means something else, and is judged on what was read before it was written. */
static void limit_that_changed_is_judged_on_the_same_window(void **state)
{
    (void)state;
    assert_true(
        is_about(passed(BRIGHT("200", "t", ""), BRIGHT("460", "t", ""), false), 16));
}

#define LONGER                                                           \
    "rules: [{id: EY-01, title: t, each: {kind: classroom},\n"           \
    "  inputs: {lux: {mean: desk_lux, over: 20min}}, when: lux > 400,\n" \
    "  severity: P3, basis: b, action: a}]\n"

/* Of 20 minutes, ten are at 700 at 08:20: half of them, as if it had always been so. */
static void window_that_became_longer_holds_what_the_log_has(void **state)
{
    (void)state;
    assert_true(is_about(passed(BRIGHT("400", "t", ""), LONGER, true), 20));
}

static void what_stands_goes_on_standing(void **state)
{
    (void)state;
    struct rule_school *before = school_open(HELD("300", "t"), NULL);
    struct rule_school *after = school_open(HELD("300", "u"), NULL);
    school_start(before, at_clock(7, 0, 0));
    tell(before, at_clock(8, 0, 0), 400);
    take_over(after, before, at_clock(8, 6, 0));
    assert_true(came_us(before) == at_clock(8, 5, 0));
    bool stands = false;
    for (size_t i = 0; i < after->count; i++) {
        stands |= after->happened[i].is_active;
        assert_string_equal(after->happened[i].cause, "configuration");
    }
    assert_true(stands);
    school_close(before);
    school_close(after);
}

/* It would come back some day with a hold that nobody watched. */
static void state_of_a_rule_that_is_gone_is_forgotten(void **state)
{
    (void)state;
    struct rule_school *before = school_open(HELD("300", "t"), NULL);
    struct rule_school *after = school_open("rules: []\n", NULL);
    school_start(before, at_clock(7, 0, 0));
    tell(before, at_clock(8, 0, 0), 400);
    rules_run(before->rules, at_clock(8, 6, 0));
    assert_true(before->kept_count > 0 && before->kept[0].size > 0);
    take_over(after, before, at_clock(8, 7, 0));
    for (size_t i = 0; i < after->kept_count; i++)
        assert_true(after->kept[i].size == 0);
    assert_true(after->kept_count > 0);
    school_close(before);
    school_close(after);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hold_of_the_same_rule_ends_at_its_time),
        cmocka_unit_test(hold_of_a_rule_that_means_something_else_begins_anew),
        cmocka_unit_test(window_of_the_same_point_and_length_holds_what_it_held),
        cmocka_unit_test(limit_that_changed_is_judged_on_the_same_window),
        cmocka_unit_test(window_that_became_longer_holds_what_the_log_has),
        cmocka_unit_test(what_stands_goes_on_standing),
        cmocka_unit_test(state_of_a_rule_that_is_gone_is_forgotten),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
