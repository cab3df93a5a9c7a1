#include "store_rig.h"

#include <errno.h>

#include "store/history.h"

enum { ROWS = 10 };

static struct query *open_query(struct rig *rig)
{
    struct query *q = NULL;
    store_flush(rig->store);
    assert_int_equal(query_open(rig->path, &q, NULL), 0);
    return q;
}

static void start(struct rig *rig)
{
    rig_open(rig);
    rig_run(rig);
}

static void history_gives_one_point_in_time_order(void **state)
{
    struct rig *rig = *state;
    struct gw_reading rows[ROWS];
    size_t count = 0;
    bool has_more = true;
    start(rig);
    for (int i = 0; i < 5; i++) {
        rig_add(rig, rig_reading(7, i, 1000 * (i + 1)));
        rig_add(rig, rig_reading(8, 100, 1000 * (i + 1)));
    }
    struct query *q = open_query(rig);
    assert_int_equal(query_history(q, 7, 2000, 5000, rows, ROWS, &count, &has_more, NULL),
                     0);
    assert_int_equal(count, 3);
    assert_false(has_more);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(rows[i].time_us, 1000 * (i + 2));
        assert_true(rows[i].value == i + 1);
        assert_int_equal(rows[i].point, 7);
    }
    query_close(q);
}

static void only_what_the_storage_rule_lets_through_is_logged(void **state)
{
    struct rig *rig = *state;
    start(rig);
    struct gw_record record = rig_reading(7, 1, 1000);
    record.flags = 0;
    rig_add(rig, record);
    store_flush(rig->store);
    assert_int_equal(rig_number(rig, "SELECT count(*) FROM readings"), 0);
}

static void a_bad_reading_keeps_its_reason_and_no_number(void **state)
{
    struct rig *rig = *state;
    struct gw_reading row;
    size_t count = 0;
    bool has_more = true;
    start(rig);
    struct gw_record record = rig_reading(7, NAN, 1000);
    record.reading.quality = GW_BAD;
    record.reading.reason = GW_REASON_INPUT;
    rig_add(rig, record);
    struct query *q = open_query(rig);
    assert_int_equal(query_history(q, 7, 0, 2000, &row, 1, &count, &has_more, NULL), 0);
    assert_int_equal(count, 1);
    assert_true(isnan(row.value));
    assert_int_equal(row.quality, GW_BAD);
    assert_int_equal(row.reason, GW_REASON_INPUT);
    query_close(q);
}

static void a_clock_that_goes_back_loses_no_reading(void **state)
{
    struct rig *rig = *state;
    struct gw_reading rows[ROWS];
    size_t count = 0;
    bool has_more = true;
    start(rig);
    const int64_t times[] = {5000, 5000,  2000,         2000,
                             5000, -3000, GW_TIME_NONE, INT64_MAX};
    for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++)
        rig_add(rig, rig_reading(7, (double)i, times[i]));
    struct query *q = open_query(rig);
    assert_int_equal(
        query_history(q, 7, -10000, 10000, rows, ROWS, &count, &has_more, NULL), 0);
    assert_int_equal(count, 7);
    const double order[] = {5, 6, 2, 3, 0, 1, 4};
    for (size_t i = 0; i < count; i++)
        assert_true(rows[i].value == order[i]);
    query_close(q);
}

static void a_full_millisecond_runs_into_the_next(void **state)
{
    struct rig *rig = *state;
    start(rig);
    rig_add(rig, rig_reading(7, 1, 900000));
    for (int i = 0; i < 9000; i++)
        rig_add(rig, rig_reading(7, i, 1000));
    store_flush(rig->store);
    assert_int_equal(rig_number(rig, "SELECT count(*) FROM readings"), 9001);
}

static void keys_keep_milliseconds_before_and_after_1970(void **state)
{
    (void)state;
    const int64_t times[] = {0, 1999, -1, -1000, INT64_C(1795395600123456)};
    for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
        int64_t back = history_key_time(history_key(times[i]));
        assert_true(back <= times[i] && times[i] - back < 1000);
        assert_true(history_key_time(history_key(times[i]) + 4095) == back);
    }
}

static void history_says_when_there_is_more(void **state)
{
    struct rig *rig = *state;
    struct gw_reading rows[ROWS];
    size_t count = 0;
    bool has_more = false;
    struct gw_error err = {0};
    start(rig);
    for (int i = 0; i < 5; i++)
        rig_add(rig, rig_reading(7, i, 1000 * i));
    struct query *q = open_query(rig);
    assert_int_equal(query_history(q, 7, 0, 9000, rows, 4, &count, &has_more, NULL), 0);
    assert_int_equal(count, 4);
    assert_true(has_more);
    assert_int_equal(query_history(q, 7, 0, 9000, rows, 5, &count, &has_more, NULL), 0);
    assert_false(has_more);
    assert_int_equal(query_history(q, 7, 0, 9000, rows, 0, &count, &has_more, &err),
                     -EINVAL);
    assert_int_equal(query_history(q, 7, 0, 9000, rows, 10001, &count, &has_more, &err),
                     -EINVAL);
    assert_non_null(strstr(err.text, "1..10000"));
    query_close(q);
}

static void transitions_come_newest_first(void **state)
{
    struct rig *rig = *state;
    struct gw_transition rows[ROWS];
    size_t count = 0;
    start(rig);
    rig_add(rig, rig_transition(1, "TF-01", "panic-gate", 1000));
    rig_add(rig, rig_transition(2, "EY-01", "b1-203", 2000));
    rig_add(rig, rig_transition(3, "TF-01", "panic-gate", 3000));
    struct query *q = open_query(rig);
    assert_int_equal(query_transitions(q, NULL, INT64_MAX, rows, ROWS, &count, NULL), 0);
    assert_int_equal(count, 3);
    assert_int_equal(rows[0].uid, 3);
    assert_int_equal(rows[2].uid, 1);
    assert_string_equal(rows[1].rule, "EY-01");
    assert_string_equal(rows[1].object, "b1-203");
    assert_string_equal(rows[1].cause, "rule");
    assert_int_equal(rows[1].to, GW_ALARM_UNACKNOWLEDGED);
    assert_true(isnan(rows[1].value));
    assert_int_equal(query_transitions(q, NULL, 3000, rows, 1, &count, NULL), 0);
    assert_int_equal(count, 1);
    assert_int_equal(rows[0].uid, 2);
    query_close(q);
}

static void transitions_of_one_alarm_are_its_own(void **state)
{
    struct rig *rig = *state;
    struct gw_transition rows[ROWS];
    size_t count = 0;
    struct gw_error err = {0};
    start(rig);
    rig_add(rig, rig_transition(1, "TF-01", "panic-gate", 1000));
    rig_add(rig, rig_transition(2, "TF-01", "panic-hall", 2000));
    struct query *q = open_query(rig);
    assert_int_equal(
        query_transitions(q, "TF-01@panic-gate", INT64_MAX, rows, ROWS, &count, NULL), 0);
    assert_int_equal(count, 1);
    assert_int_equal(rows[0].uid, 1);
    assert_int_equal(query_transitions(q, "TF-01", INT64_MAX, rows, ROWS, &count, &err),
                     -EINVAL);
    query_close(q);
}

struct rows {
    struct gw_reading items[ROWS];
    size_t count;
};

static void add_row(void *ctx, const struct gw_reading *reading)
{
    struct rows *rows = ctx;
    assert_true(rows->count < ROWS);
    rows->items[rows->count++] = *reading;
}

static void every_reading_of_a_span_comes_in_order_of_time(void **state)
{
    struct rig *rig = *state;
    struct rows rows = {0};
    const struct query_span span = {2000, 5000, QUERY_EVERY_ERA};
    start(rig);
    for (int i = 1; i <= 5; i++)
        rig_add(rig, rig_reading((uint32_t)(10 + i % 2), i, 1000 * i));
    struct query *q = open_query(rig);
    assert_int_equal(query_each_reading(q, &span, add_row, &rows, NULL), 0);
    assert_int_equal(rows.count, 3);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(rows.items[i].time_us, 1000 * (i + 2));
        assert_int_equal(rows.items[i].point, 10 + i % 2);
        assert_true(rows.items[i].value == i + 2);
    }
    query_close(q);
}

static struct gw_record of_era(uint32_t era, double value, int64_t time_us)
{
    struct gw_record record = rig_reading(7, value, time_us);
    record.flags |= era << GW_RECORD_ERA_SHIFT;
    return record;
}

/* The clock went back by 3 ms: each row is of the clock that it was logged by. */
static void readings_of_one_era_are_told_from_those_of_another(void **state)
{
    struct rig *rig = *state;
    start(rig);
    for (int i = 1; i <= 5; i++)
        rig_add(rig, of_era(0, i, INT64_C(1000) * i));
    for (int i = 3; i <= 5; i++)
        rig_add(rig, of_era(1, 10 + i, INT64_C(1000) * i));
    rig_add(rig, of_era(1, 16, 5000));
    struct query *q = open_query(rig);
    const double expected[2][4] = {{2, 3, 4, 5}, {13, 14, 15, 16}};
    for (uint32_t era = 0; era < 2; era++) {
        struct rows rows = {0};
        const struct query_span span = {2000, 6000, UINT32_C(1) << era};
        assert_int_equal(query_each_reading(q, &span, add_row, &rows, NULL), 0);
        assert_int_equal(rows.count, 4);
        for (size_t i = 0; i < rows.count; i++)
            assert_true(rows.items[i].value == expected[era][i]);
    }
    query_close(q);
}

/* Also where the clock stood in that millisecond before. */
static void a_full_millisecond_runs_into_no_other_era(void **state)
{
    struct rig *rig = *state;
    start(rig);
    rig_add(rig, of_era(0, 1, 900000));
    for (int i = 0; i < 1300; i++)
        rig_add(rig, of_era(1, i, 1000));
    rig_add(rig, of_era(2, 1, 1000));
    for (int i = 0; i < 1300; i++)
        rig_add(rig, of_era(7, i, 1000000));
    store_flush(rig->store);
    assert_int_equal(rig_number(rig, "SELECT count(*) FROM readings"), 2602);
    assert_int_equal(
        rig_number(rig, "SELECT count(*) FROM readings WHERE (key >> 9) & 7 = 1"), 1300);
    assert_int_equal(
        rig_number(rig, "SELECT count(*) FROM readings WHERE (key >> 9) & 7 = 7"), 1300);
    assert_int_equal(rig_number(rig, "SELECT max(key) / 4096 FROM readings"), 1002);
}

static void keep_state(void *ctx, const struct gw_state *state)
{
    assert_int_equal(state->size, 3);
    memcpy(ctx, state->bytes, state->size);
}

static void a_state_is_found_by_owner_and_key(void **state)
{
    struct rig *rig = *state;
    char bytes[4] = "";
    start(rig);
    rig_add(rig, (struct gw_record){.kind = GW_RECORD_STATE,
                                    .state = {"eras", "clock", "abc", 3}});
    struct query *q = open_query(rig);
    assert_int_equal(query_state(q, "eras", "none", keep_state, bytes, NULL), 0);
    assert_string_equal(bytes, "");
    assert_int_equal(query_state(q, "eras", "clock", keep_state, bytes, NULL), 0);
    assert_string_equal(bytes, "abc");
    query_close(q);
}

static void a_query_sees_only_what_is_committed(void **state)
{
    struct rig *rig = *state;
    struct gw_reading row;
    size_t count = 0;
    bool has_more = false;
    start(rig);
    struct query *q = open_query(rig);
    rig_add(rig, rig_reading(7, 1, 1000));
    assert_int_equal(query_history(q, 7, 0, 2000, &row, 1, &count, &has_more, NULL), 0);
    assert_int_equal(count, 0);
    store_flush(rig->store);
    assert_int_equal(query_history(q, 7, 0, 2000, &row, 1, &count, &has_more, NULL), 0);
    assert_int_equal(count, 1);
    query_close(q);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(history_gives_one_point_in_time_order),
        RIG_TEST(only_what_the_storage_rule_lets_through_is_logged),
        RIG_TEST(a_bad_reading_keeps_its_reason_and_no_number),
        RIG_TEST(a_clock_that_goes_back_loses_no_reading),
        RIG_TEST(a_full_millisecond_runs_into_the_next),
        RIG_TEST(keys_keep_milliseconds_before_and_after_1970),
        RIG_TEST(history_says_when_there_is_more),
        RIG_TEST(every_reading_of_a_span_comes_in_order_of_time),
        RIG_TEST(readings_of_one_era_are_told_from_those_of_another),
        RIG_TEST(a_full_millisecond_runs_into_no_other_era),
        RIG_TEST(a_state_is_found_by_owner_and_key),
        RIG_TEST(transitions_come_newest_first),
        RIG_TEST(transitions_of_one_alarm_are_its_own),
        RIG_TEST(a_query_sees_only_what_is_committed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
