#include "store_rig.h"

#include "store/committer.h"

/* What goes of the store's rows and what stays, by the order of writing and the stamps.
 */

static const int64_t second_us = 1000000;
static const int64_t day_us = INT64_C(86400) * 1000000;
static const int64_t begin_us = INT64_C(1790812800) * 1000000; /* 2026-10-01, UTC */
static const struct store_keep keep = {
    .summaries_us = INT64_C(400) * 86400 * 1000000,
    .evidence_us = INT64_C(1096) * 86400 * 1000000,
};

static void add_summary(struct rig *rig, int64_t start_us)
{
    struct gw_summary_item items[2] = {
        {.metric = "co2",
         .min = 1,
         .mean = 2,
         .max = 3,
         .last = 3,
         .valid = 1,
         .count = 9},
        {.metric = "noise", .min = 1, .mean = 1, .max = 1, .last = 1, .valid = 1}};
    struct gw_record record = {
        .kind = GW_RECORD_SUMMARY,
        .summary = {
            .object = "b1-203", .start_us = start_us, .items = items, .count = 2}};
    rig_add(rig, record);
}

static void add_fact(struct rig *rig, int64_t time_us)
{
    struct gw_fact_value value = {"present", 41, NULL};
    struct gw_record record = {.kind = GW_RECORD_FACT,
                               .fact = {.kind = "lesson",
                                        .object = "2024-P-01",
                                        .start_us = time_us - day_us,
                                        .end_us = time_us,
                                        .time_us = time_us,
                                        .completeness = 1,
                                        .values = &value,
                                        .count = 1}};
    rig_add(rig, record);
}

static void add_transition(struct rig *rig, uint64_t uid, int64_t time_us, int quality)
{
    struct gw_record record = rig_transition(uid, "TF-01", "panic-gate", time_us);
    record.transition.time_quality = (uint8_t)quality;
    rig_add(rig, record);
}

/* All slices at school time @now_us, by a connection of its own.  returns how many */
static int trim(struct rig *rig, int64_t now_us)
{
    sqlite3 *db = NULL;
    struct retention r = {{0}};
    bool is_more = true;
    int slices = 0;
    assert_int_equal(sqlite3_open(rig->path, &db), SQLITE_OK);
    for (; is_more; slices++) {
        is_more = false;
        assert_int_equal(retention_slice(&r, db, &keep, now_us, &is_more), SQLITE_OK);
    }
    sqlite3_close(db);
    return slices;
}

static void written(struct rig *rig)
{
    store_flush(rig->store);
    rig->store = store_close(rig->store);
}

static void start(struct rig *rig)
{
    rig_open(rig);
    rig_run(rig);
}

static int64_t of(struct rig *rig, const char *table)
{
    char sql[64];
    (void)snprintf(sql, sizeof(sql), "SELECT count(*) FROM %s", table);
    return rig_number(rig, sql);
}

static void each_table_keeps_its_time(void **state)
{
    struct rig *rig = *state;
    start(rig);
    for (int day = 0; day < 10; day++) {
        add_summary(rig, begin_us + day * day_us);
        add_fact(rig, begin_us + day * day_us);
        add_transition(rig, (uint64_t)day + 1, begin_us + day * day_us, GW_TIME_GOOD);
    }
    written(rig);
    trim(rig, begin_us + 404 * day_us); /* days 0 to 3 are over 400 days old */
    assert_int_equal(of(rig, "summaries"), 6);
    assert_int_equal(of(rig, "summary_items"), 12);
    assert_int_equal(of(rig, "facts"), 10);
    assert_int_equal(of(rig, "transitions"), 10);
    trim(rig, begin_us + 1099 * day_us);
    assert_int_equal(of(rig, "summaries"), 0);
    assert_int_equal(of(rig, "summary_items"), 0);
    assert_int_equal(of(rig, "facts"), 7);
    assert_int_equal(of(rig, "fact_values"), 7);
    assert_int_equal(rig_number(rig, "SELECT min(uid) FROM transitions"), 4);
}

static void what_is_just_old_enough_stays(void **state)
{
    struct rig *rig = *state;
    start(rig);
    add_summary(rig, begin_us);
    written(rig);
    trim(rig, begin_us + 400 * day_us);
    assert_int_equal(of(rig, "summaries"), 1);
    trim(rig, begin_us + 400 * day_us + 1);
    assert_int_equal(of(rig, "summaries"), 0);
}

static void much_goes_in_slices(void **state)
{
    struct rig *rig = *state;
    start(rig);
    for (int i = 0; i < 1000; i++)
        add_summary(rig, begin_us + i * second_us);
    written(rig);
    assert_int_equal(trim(rig, begin_us + 500 * day_us), 6);
    assert_int_equal(of(rig, "summaries"), 0);
}

static void a_clock_of_last_year_takes_nothing_with_it(void **state)
{
    struct rig *rig = *state;
    start(rig);
    add_summary(rig, begin_us);
    for (int i = 0; i < 500; i++) /* hours of it, more than a slice */
        add_summary(rig, begin_us - 380 * day_us + i * second_us);
    add_summary(rig, begin_us + day_us);
    written(rig);
    trim(rig, begin_us + 30 * day_us);
    assert_int_equal(of(rig, "summaries"), 502);
    trim(rig, begin_us + 400 * day_us + 1); /* nobody knows whether they are as old */
    assert_int_equal(of(rig, "summaries"), 501);
    trim(rig, begin_us + 401 * day_us + 1);
    assert_int_equal(of(rig, "summaries"), 0);
}

static void a_stamp_of_the_future_goes_with_its_neighbours(void **state)
{
    struct rig *rig = *state;
    start(rig);
    add_summary(rig, begin_us);
    add_summary(rig, begin_us + 4000 * day_us);
    add_summary(rig, begin_us + day_us);
    written(rig);
    trim(rig, begin_us + 400 * day_us + 1);
    assert_int_equal(of(rig, "summaries"), 2);
    trim(rig, begin_us + 401 * day_us + 1);
    assert_int_equal(of(rig, "summaries"), 0);
}

static void an_alarm_of_unknown_time_goes_with_its_neighbours(void **state)
{
    struct rig *rig = *state;
    start(rig);
    add_transition(rig, 1, 5 * second_us, GW_TIME_UNKNOWN); /* of 1970 */
    add_transition(rig, 2, begin_us, GW_TIME_GOOD);
    add_transition(rig, 3, begin_us + 2 * day_us, GW_TIME_GOOD);
    written(rig);
    trim(rig, begin_us + 1000 * day_us);
    assert_int_equal(of(rig, "transitions"), 3);
    trim(rig, begin_us + 1097 * day_us);
    assert_int_equal(rig_number(rig, "SELECT min(uid) FROM transitions"), 3);
}

/* The writer does it by itself, and rows of before go while new ones come. */
static void a_running_store_lets_old_rows_go(void **state)
{
    struct rig *rig = *state;
    rig->config.keep = keep;
    clock_set(1, begin_us);
    start(rig);
    add_summary(rig, begin_us);
    store_flush(rig->store);
    for (int64_t day = 200; day <= 402; day++) { /* a day of school time in a day */
        clock_set(day * day_us, begin_us + day * day_us);
        add_summary(rig, begin_us + day * day_us);
        store_flush(rig->store);
    }
    written(rig);
    assert_int_equal(rig_number(rig, "SELECT count(*) FROM summaries"), 203);
    assert_int_equal(rig_number(rig, "SELECT count(DISTINCT summary) FROM summary_items"),
                     203);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        RIG_TEST(each_table_keeps_its_time),
        RIG_TEST(what_is_just_old_enough_stays),
        RIG_TEST(much_goes_in_slices),
        RIG_TEST(a_clock_of_last_year_takes_nothing_with_it),
        RIG_TEST(a_stamp_of_the_future_goes_with_its_neighbours),
        RIG_TEST(an_alarm_of_unknown_time_goes_with_its_neighbours),
        RIG_TEST(a_running_store_lets_old_rows_go),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
