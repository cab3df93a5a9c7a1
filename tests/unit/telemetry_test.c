#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "points/telemetry.h"

#define MIN_US INT64_C(60000000)

static const struct config_metric co2 = {.name = "co2"};

static int set_up(void **state)
{
    struct point_table *table = NULL;
    static const char *const names[] = {"b1-203/co2", "b1-204/co2", "gate/co2"};
    assert_int_equal(point_table_new(&table), 0);
    for (uint32_t i = 0; i < 3; i++)
        assert_int_equal(point_table_add(table, &(struct point_entry){.id = i + 1,
                                                                      .name = names[i],
                                                                      .object = "x",
                                                                      .metric = &co2}),
                         0);
    *state = table;
    return 0;
}

static int tear_down(void **state)
{
    point_table_free(*state);
    return 0;
}

static bool wants(struct telemetry *t, uint32_t point, int64_t time_us)
{
    return telemetry_wants(t, &(struct gw_reading){.point = point, .time_us = time_us});
}

static void an_event_given_back_is_not_told_again(void **state)
{
    const char *const globs[] = {"*"};
    struct telemetry *t = NULL;
    assert_int_equal(telemetry_new(*state, globs, 1, 0, &t), 0);
    assert_true(wants(t, 1, 0));
    assert_false(
        telemetry_wants(t, &(struct gw_reading){.point = 1, .flags = GW_RESUMED}));
    telemetry_free(t);
}

static void globs_choose_the_points(void **state)
{
    static const char *const globs[] = {"b1-203/*", "gate/co2"};
    struct telemetry *t = NULL;
    assert_int_equal(telemetry_new(*state, globs, 2, 0, &t), 0);
    assert_true(wants(t, 1, 5));
    assert_false(wants(t, 2, 5));
    assert_true(wants(t, 3, 5));
    assert_false(wants(t, 9, 5));
    assert_null(telemetry_free(t));
}

static void every_reading_means_each_one(void **state)
{
    static const char *const globs[] = {"*"};
    struct telemetry *t = NULL;
    assert_int_equal(telemetry_new(*state, globs, 1, 0, &t), 0);
    assert_true(wants(t, 1, 5));
    assert_true(wants(t, 1, 5));
    telemetry_free(t);
}

static void a_period_is_told_once_a_point(void **state)
{
    static const char *const globs[] = {"*"};
    struct telemetry *t = NULL;
    assert_int_equal(telemetry_new(*state, globs, 1, MIN_US, &t), 0);
    assert_true(wants(t, 1, 10 * MIN_US + 5));
    assert_false(wants(t, 1, 11 * MIN_US - 1));
    assert_true(wants(t, 2, 11 * MIN_US - 1));
    assert_true(wants(t, 1, 11 * MIN_US));
    assert_false(wants(t, 1, 11 * MIN_US + 1));
    telemetry_free(t);
}

static void without_telemetry_nothing_is_wanted(void **state)
{
    (void)state;
    assert_false(wants(NULL, 1, 5));
}

int main(void)
{
#define STAGE_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        STAGE_TEST(an_event_given_back_is_not_told_again),
        STAGE_TEST(globs_choose_the_points),
        STAGE_TEST(every_reading_means_each_one),
        STAGE_TEST(a_period_is_told_once_a_point),
        STAGE_TEST(without_telemetry_nothing_is_wanted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
