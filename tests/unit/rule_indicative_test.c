/* Values of sensors without a valid calibration count where a rule says so. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "rule_fixture.h"

#define LATEST(more)                                                  \
    "rules: [{id: EY-01, title: t, each: {kind: classroom},\n"        \
    "  inputs: {lux: {metric: desk_lux" more "}}, when: lux < 300,\n" \
    "  severity: P3, basis: b, action: a}]\n"
#define WINDOW(more)                                                            \
    "rules: [{id: EY-01, title: t, each: {kind: classroom},\n"                  \
    "  inputs: {lux: {mean: desk_lux, over: 5min" more "}}, when: lux < 300,\n" \
    "  severity: P3, basis: b, action: a}]\n"

/* How often 100 lx of @reason for ten minutes raise the rule of @pack. */
static size_t raised(const char *pack, enum gw_reason reason)
{
    struct rule_school *s = school_open(pack, NULL);
    school_start(s, at_clock(8, 0, 0));
    for (int minute = 0; minute < 10; minute++) {
        struct gw_reading reading = {
            .point = point_table_named(s->points, "b1-204/desk_lux")->id,
            .value = 100,
            .quality = GW_UNCERTAIN,
            .reason = (uint8_t)reason,
            .time_us = at_clock(8, minute, 0)};
        rules_run(s->rules, reading.time_us);
        rules_reading(s->rules, &reading);
    }
    size_t count = s->count;
    school_close(s);
    return count;
}

static void an_indication_counts_where_the_rule_says_so(void **state)
{
    (void)state;
    assert_int_equal(raised(LATEST(", indicative: true"), GW_REASON_CALIBRATION), 1);
    assert_int_equal(raised(WINDOW(", indicative: true"), GW_REASON_CALIBRATION), 1);
}

static void an_indication_counts_nowhere_else(void **state)
{
    (void)state;
    assert_int_equal(raised(LATEST(""), GW_REASON_CALIBRATION), 0);
    assert_int_equal(raised(WINDOW(""), GW_REASON_CALIBRATION), 0);
}

static void another_doubt_is_no_indication(void **state)
{
    (void)state;
    assert_int_equal(raised(LATEST(", indicative: true"), GW_REASON_RETAINED), 0);
    assert_int_equal(raised(WINDOW(", indicative: true"), GW_REASON_INPUT), 0);
}

/* A record that is entered makes the value good: it counts for every rule. */
static void a_calibration_that_is_entered_is_news(void **state)
{
    struct rule_school *s = school_open(LATEST(""), NULL);
    struct gw_reading reading = {.point =
                                     point_table_named(s->points, "b1-204/desk_lux")->id,
                                 .value = 100,
                                 .quality = GW_UNCERTAIN,
                                 .reason = GW_REASON_CALIBRATION,
                                 .time_us = at_clock(8, 1, 0)};
    (void)state;
    school_start(s, at_clock(8, 0, 0));
    rules_reading(s->rules, &reading);
    assert_int_equal(s->count, 0);
    reading.quality = GW_GOOD;
    reading.reason = GW_REASON_NONE;
    rules_reading(s->rules, &reading);
    assert_int_equal(s->count, 1);
    school_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_indication_counts_where_the_rule_says_so),
        cmocka_unit_test(an_indication_counts_nowhere_else),
        cmocka_unit_test(another_doubt_is_no_indication),
        cmocka_unit_test(a_calibration_that_is_entered_is_news),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
