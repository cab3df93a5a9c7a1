#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>

#include "points/storage_rule.h"

#define MIN_US INT64_C(60000000)

static const struct config_metric co2 = {
    .name = "co2", .dead_band = 50, .longest_silence_us = 10 * MIN_US};
static const struct config_metric door = {.name = "door", .kind = METRIC_STATE};
static const struct config_metric knock = {.name = "knock", .kind = METRIC_EVENT};

static const struct point_entry entries[] = {
    {.id = 1, .name = "a/co2", .object = "a", .metric = &co2},
    {.id = 2, .name = "a/door", .object = "a", .metric = &door},
    {.id = 3, .name = "a/knock", .object = "a", .metric = &knock},
};

struct stage {
    struct point_table *table;
    struct storage_rule *rule;
};

static int set_up(void **state)
{
    static struct stage s;
    assert_int_equal(point_table_new(&s.table), 0);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(point_table_add(s.table, &entries[i]), 0);
    assert_int_equal(storage_rule_new(s.table, &s.rule), 0);
    *state = &s;
    return 0;
}

static int tear_down(void **state)
{
    struct stage *s = *state;
    storage_rule_free(s->rule);
    point_table_free(s->table);
    return 0;
}

static bool admits(struct stage *s, uint32_t point, double value, int minute)
{
    return storage_rule_admits(
        s->rule, point_table_find(s->table, point),
        &(struct gw_reading){.point = point, .value = value, .time_us = minute * MIN_US},
        false);
}

static void a_small_change_stays_out(void **state)
{
    struct stage *s = *state;
    assert_true(admits(s, 1, 400, 1));
    assert_false(admits(s, 1, 449, 2));
    assert_false(admits(s, 1, 351, 3));
    assert_true(admits(s, 1, 450, 4));
    assert_false(admits(s, 1, 401, 5)); /* measured from what was logged */
}

static void silence_ends_after_its_time(void **state)
{
    struct stage *s = *state;
    assert_true(admits(s, 1, 400, 1));
    assert_false(admits(s, 1, 400, 10));
    assert_true(admits(s, 1, 400, 11));
    assert_false(admits(s, 1, 400, 12));
}

static void clock_that_went_back_holds_nothing_up(void **state)
{
    struct stage *s = *state;
    assert_true(admits(s, 1, 400, 5000));
    assert_true(admits(s, 1, 400, 1));
    assert_false(admits(s, 1, 400, 2));
    assert_true(admits(s, 1, 400, 11));
}

static void without_a_dead_band_every_change_goes_in(void **state)
{
    struct stage *s = *state;
    assert_true(admits(s, 2, 0, 1));
    assert_false(admits(s, 2, 0, 99));
    assert_true(admits(s, 2, 1, 100));
}

static void an_event_always_goes_in(void **state)
{
    struct stage *s = *state;
    assert_true(admits(s, 3, 1, 1));
    assert_true(admits(s, 3, 1, 1));
    struct gw_reading r = {.point = 2, .flags = GW_EVENT};
    assert_true(storage_rule_admits(s->rule, &entries[1], &r, false));
    assert_true(storage_rule_admits(s->rule, &entries[1], &r, false));
}

static void a_change_of_quality_goes_in_once(void **state)
{
    struct stage *s = *state;
    struct gw_reading bad = {
        .point = 1, .quality = GW_BAD, .reason = GW_REASON_STALE, .value = NAN};
    assert_true(admits(s, 1, 400, 0));
    assert_true(storage_rule_admits(s->rule, &entries[0], &bad, false));
    assert_false(storage_rule_admits(s->rule, &entries[0], &bad, false));
    bad.reason = GW_REASON_OFFLINE;
    assert_true(storage_rule_admits(s->rule, &entries[0], &bad, false));
    assert_true(admits(s, 1, 400, 0));
}

static void a_point_of_a_rule_is_logged_whole(void **state)
{
    struct stage *s = *state;
    struct gw_reading r = {.point = 1, .value = 400};
    for (int i = 0; i < 3; i++)
        assert_true(storage_rule_admits(s->rule, &entries[0], &r, true));
}

int main(void)
{
#define STAGE_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        STAGE_TEST(a_small_change_stays_out),
        STAGE_TEST(silence_ends_after_its_time),
        STAGE_TEST(clock_that_went_back_holds_nothing_up),
        STAGE_TEST(without_a_dead_band_every_change_goes_in),
        STAGE_TEST(an_event_always_goes_in),
        STAGE_TEST(a_change_of_quality_goes_in_once),
        STAGE_TEST(a_point_of_a_rule_is_logged_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
