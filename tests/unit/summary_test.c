#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "points/summary.h"

#define MIN_US INT64_C(60000000)
/* 2026-11-23T00:15:00Z, the start of a quarter. */
#define T0 (INT64_C(1795392900) * 1000000)

#define LONG_NAME "desk_lux.second-row-from-the-window-beside-the-table-of-the-teacher"

enum { CO2_A = 1, CO2_B, LUX_A, DOOR_A, LUX_FAR };

static const struct config_metric co2 = {.name = "co2", .kind = METRIC_GAUGE};
static const struct config_metric lux = {.name = "desk_lux", .kind = METRIC_GAUGE};
static const struct config_metric door = {.name = "door", .kind = METRIC_STATE};

static const struct point_entry entries[] = {
    {.id = CO2_A, .name = "a/co2", .object = "a", .metric = &co2},
    {.id = CO2_B, .name = "b/co2", .object = "b", .metric = &co2},
    {.id = DOOR_A, .name = "a/door", .object = "a", .metric = &door},
    {.id = LUX_A, .name = "a/desk_lux.window", .object = "a", .metric = &lux},
    {.id = LUX_FAR, .name = "a/" LONG_NAME, .object = "a", .metric = &lux},
};

/* What was emitted; items are copied, they live for the call only. */
struct told {
    struct gw_summary summary;
    struct gw_summary_item items[4];
};

struct stage {
    struct point_table *table;
    struct summary *summary;
    struct told told[8];
    size_t told_count;
};

static void keep(void *ctx, const struct gw_record *record)
{
    struct stage *s = ctx;
    assert_int_equal(record->kind, GW_RECORD_SUMMARY);
    assert_true(s->told_count < 8 && record->summary.count <= 4);
    struct told *told = &s->told[s->told_count++];
    told->summary = record->summary;
    memcpy(told->items, record->summary.items,
           record->summary.count * sizeof(told->items[0]));
}

static int set_up(void **state)
{
    static struct stage s;
    memset(&s, 0, sizeof(s));
    assert_int_equal(point_table_new(&s.table), 0);
    for (size_t i = 0; i < sizeof(entries) / sizeof(entries[0]); i++)
        assert_int_equal(point_table_add(s.table, &entries[i]), 0);
    assert_int_equal(summary_new(s.table, keep, &s, &s.summary), 0);
    *state = &s;
    return 0;
}

static int tear_down(void **state)
{
    struct stage *s = *state;
    summary_free(s->summary);
    point_table_free(s->table);
    return 0;
}

static void read_point(struct stage *s, uint32_t point, double value)
{
    summary_reading(s->summary, &(struct gw_reading){.point = point, .value = value});
}

static void read_bad(struct stage *s, uint32_t point)
{
    summary_reading(s->summary, &(struct gw_reading){.point = point,
                                                     .quality = GW_BAD,
                                                     .reason = GW_REASON_STALE,
                                                     .value = NAN});
}

static void end_minutes(struct stage *s, int from, int to)
{
    for (int i = from; i <= to; i++)
        summary_minute(s->summary, T0 + i * MIN_US);
}

/* Minute 1: 400 and 600 (mean 500); 2: 800; 3-5: 800 holds; bad from minute 6 on.
 * Mean of five minutes: (500 + 800 * 4) / 5 = 740; valid 5 / 15. */
static void a_quarter_is_the_mean_of_its_minutes(void **state)
{
    struct stage *s = *state;
    read_point(s, CO2_A, 400);
    read_point(s, CO2_A, 600);
    end_minutes(s, 1, 1);
    read_point(s, CO2_A, 800);
    end_minutes(s, 2, 5);
    read_bad(s, CO2_A);
    end_minutes(s, 6, 14);
    assert_int_equal(s->told_count, 0);
    end_minutes(s, 15, 15);

    assert_int_equal(s->told_count, 1);
    const struct told *told = &s->told[0];
    assert_string_equal(told->summary.object, "a");
    assert_true(told->summary.start_us == T0);
    assert_true(told->summary.period_us == 15 * MIN_US);
    assert_int_equal(told->summary.count, 1);
    assert_string_equal(told->items[0].metric, "co2");
    assert_true(told->items[0].min == 400 && told->items[0].max == 800);
    assert_true(told->items[0].mean == 740);
    assert_true(told->items[0].last == 800);
    assert_true(told->items[0].valid == 5.0 / 15);
    assert_int_equal(told->items[0].count, 3);
}

static void objects_and_metrics_come_in_table_order(void **state)
{
    struct stage *s = *state;
    read_point(s, LUX_A, 300);
    read_point(s, CO2_B, 500);
    read_point(s, CO2_A, 400);
    read_point(s, DOOR_A, 1); /* a state has no mean */
    end_minutes(s, 1, 15);

    assert_int_equal(s->told_count, 2);
    assert_string_equal(s->told[0].summary.object, "a");
    assert_int_equal(s->told[0].summary.count, 2);
    assert_string_equal(s->told[0].items[0].metric, "co2");
    assert_string_equal(s->told[0].items[1].metric, "desk_lux.window");
    assert_string_equal(s->told[1].summary.object, "b");
}

static void metric_with_a_long_name_is_told_whole(void **state)
{
    struct stage *s = *state;
    read_point(s, LUX_FAR, 300);
    end_minutes(s, 1, 15);
    assert_string_equal(s->told[0].items[0].metric, LONG_NAME);
}

static void a_value_that_holds_fills_the_next_quarter(void **state)
{
    struct stage *s = *state;
    read_point(s, CO2_A, 400);
    end_minutes(s, 1, 30);

    assert_int_equal(s->told_count, 2);
    assert_true(s->told[1].summary.start_us == T0 + 15 * MIN_US);
    assert_true(s->told[1].items[0].min == 400 && s->told[1].items[0].mean == 400);
    assert_true(s->told[1].items[0].valid == 1);
    assert_int_equal(s->told[1].items[0].count, 0);
}

static void without_a_valid_minute_nothing_is_told(void **state)
{
    struct stage *s = *state;
    read_bad(s, CO2_A);
    summary_reading(s->summary, &(struct gw_reading){.point = CO2_B,
                                                     .quality = GW_UNCERTAIN,
                                                     .reason = GW_REASON_RETAINED,
                                                     .value = 400});
    end_minutes(s, 1, 15);
    assert_int_equal(s->told_count, 0);
}

static void after_a_restart_the_valid_share_is_lower(void **state)
{
    struct stage *s = *state;
    read_point(s, CO2_A, 400);
    end_minutes(s, 1, 9);
    summary_restart(s->summary);
    read_point(s, CO2_A, 700);
    end_minutes(s, 10, 15);
    assert_int_equal(s->told_count, 1);
    assert_true(s->told[0].items[0].valid == 6.0 / 15);
    assert_true(s->told[0].items[0].mean == 700);
}

/* Whatever comes: min <= mean <= max, valid within 0..1. */
static void a_summary_is_always_in_order(void **state)
{
    struct stage *s = *state;
    uint64_t seed = 3;
    for (int minute = 1; minute <= 15 * 200; minute++) {
        for (int i = 0; i < 4; i++) {
            seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407U;
            if ((seed >> 35) % 3 == 0)
                read_bad(s, CO2_A);
            else
                read_point(s, CO2_A, (double)((seed >> 40) % 5000) - 1000);
        }
        end_minutes(s, minute, minute);
        for (size_t i = 0; i < s->told_count; i++) {
            const struct gw_summary_item *item = &s->told[i].items[0];
            assert_true(item->min <= item->mean && item->mean <= item->max);
            assert_true(item->min <= item->last && item->last <= item->max);
            assert_true(item->valid > 0 && item->valid <= 1);
        }
        s->told_count = 0;
    }
}

int main(void)
{
#define STAGE_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        STAGE_TEST(a_quarter_is_the_mean_of_its_minutes),
        STAGE_TEST(objects_and_metrics_come_in_table_order),
        STAGE_TEST(metric_with_a_long_name_is_told_whole),
        STAGE_TEST(a_value_that_holds_fills_the_next_quarter),
        STAGE_TEST(without_a_valid_minute_nothing_is_told),
        STAGE_TEST(after_a_restart_the_valid_share_is_lower),
        STAGE_TEST(a_summary_is_always_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
