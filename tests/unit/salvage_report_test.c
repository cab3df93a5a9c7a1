/* What a salvage says of what it kept and lost, beside what is there. */
#include "salvage_rig.h"

/* A copy of @copy with a page of garbage, into an empty database at rig->path. */
static void salvage_without(struct rig *rig, const char *copy, off_t page,
                            struct salvage_report *ret)
{
    struct gw_error err = {0};
    sqlite3 *db = NULL;
    char broken[160];
    char garbage[DATABASE_PAGE_BYTES];
    memset(garbage, 0xA5, sizeof(garbage));
    (void)snprintf(broken, sizeof(broken), "%s.broken", copy);
    copy_file(copy, broken);
    write_at(broken, garbage, sizeof(garbage), page * DATABASE_PAGE_BYTES);
    (void)unlink(rig->path);
    assert_int_equal(database_open(rig->path, &db, &err), 0);
    assert_int_equal(migrate(db, migrations, migration_count, &err), 0);
    *ret = (struct salvage_report){0};
    assert_int_equal(salvage(broken, db, &unlimited, ret, &err), 0);
    database_close(db);
}

/* The first gaps are of messages that are not there, from their first to their last. */
static void check_gaps(struct rig *rig, const struct salvage_report *report)
{
    uint64_t sum = 0;
    char sql[256];
    for (uint64_t i = 0; i < report->gap_count && i < SALVAGE_GAPS_MAX; i++) {
        const struct salvage_gap *gap = &report->gaps[i];
        assert_true(gap->from <= gap->to);
        sum += gap->to - gap->from + 1;
        (void)snprintf(sql, sizeof(sql),
                       "SELECT count(*) FROM outbox JOIN epochs ON number = key >> 48"
                       " WHERE epoch = %llu AND key & (1 << 48) - 1 BETWEEN %llu AND"
                       " %llu",
                       (unsigned long long)gap->epoch, (unsigned long long)gap->from,
                       (unsigned long long)gap->to);
        assert_int_equal(rig_number(rig, sql), 0);
    }
    if (report->gap_count <= SALVAGE_GAPS_MAX)
        assert_true(sum == report->lost_messages);
}

/* Some of the pages that hold numbered rows, from 0. */
static size_t list_numbered(struct rig *rig, off_t *ret, size_t room)
{
    static const char list[] = "SELECT pageno - 1 FROM (SELECT pageno, row_number() OVER"
                               " (PARTITION BY name ORDER BY pageno) AS i FROM dbstat"
                               " WHERE name IN ('transitions', 'outbox', 'summaries',"
                               " 'points')) WHERE i % 8 = 2 LIMIT 1 OFFSET";
    char sql[320];
    size_t count = 0;
    for (; count < room; count++) {
        (void)snprintf(sql, sizeof(sql), "%s %zu", list, count);
        ret[count] = rig_number(rig, sql);
        if (ret[count] < 0)
            break;
    }
    return count;
}

/* What a page held behind the highest number is not known; what is told is lost. */
static void what_is_told_to_be_lost_is_lost(void **state)
{
    enum { TRANSITIONS = 3, SUMMARIES = 4, FACTS = 6, OUTBOX = 10 };
    struct rig *rig = *state;
    struct salvage_report report;
    int64_t before[TABLES];
    int64_t after[TABLES];
    uint32_t points[POINTS];
    uint16_t buses[BUSES];
    char copy[128];
    int told[2] = {0};
    fill(rig, points, buses);
    rig->store = store_close(rig->store);
    count_tables(rig, before);
    (void)snprintf(copy, sizeof(copy), "%s.copy", rig->path);
    copy_file(rig->path, copy);
    off_t pages[32];
    size_t count = list_numbered(rig, pages, 32);
    for (size_t i = 0; i < count; i++) {
        salvage_without(rig, copy, pages[i], &report);
        count_tables(rig, after);
        int64_t evidence =
            before[SUMMARIES] - after[SUMMARIES] + before[FACTS] - after[FACTS];
        int64_t transitions = before[TRANSITIONS] - after[TRANSITIONS];
        assert_true((int64_t)report.lost_transitions <= transitions);
        assert_true((int64_t)report.lost_evidence <= evidence);
        assert_true((int64_t)report.lost_messages <= before[OUTBOX] - after[OUTBOX]);
        check_gaps(rig, &report);
        told[0] += report.lost_transitions > 0;
        told[1] += report.lost_messages > 0;
    }
    assert_true(told[0] > 0 && told[1] > 3);
}

static void a_loss_is_told_in_words(void **state)
{
    (void)state;
    char told[512];
    const struct salvage_report report = {.rows = 5,
                                          .readings = 7,
                                          .lost_transitions = 2,
                                          .lost_messages = 9,
                                          .gap_count = 5,
                                          .gaps = {{71, 5, 9}, {71, 12, 12}, {72, 1, 1}},
                                          .damaged_pages = 3,
                                          .is_whole = true};
    salvage_report_tell(&report, told, sizeof(told));
    assert_string_equal(
        told, "a new one begins with 5 rows and 7 readings of it; lost at least "
              "2 steps of alarms, 9 messages for the county (epoch 71: 5-9, "
              "12-12, epoch 72: 1-1 and 2 more gaps); 3 damaged pages: how many "
              "readings and kept states is unknown");
    salvage_report_tell(&report, told, 30);
    assert_string_equal(told, "a new one begins with 5 rows ");
}

static void a_whole_file_loses_nothing_it_tells(void **state)
{
    struct rig *rig = *state;
    struct salvage_report report = {0};
    struct gw_error err = {0};
    sqlite3 *db = NULL;
    char copy[128];
    char told[512];
    (void)set_aside(rig, copy, &db);
    assert_int_equal(salvage(copy, db, &unlimited, &report, &err), 0);
    database_close(db);
    salvage_report_tell(&report, told, sizeof(told));
    assert_non_null(strstr(told, "no row is known to be lost"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(what_is_told_to_be_lost_is_lost),
        RIG_TEST(a_whole_file_loses_nothing_it_tells),
        cmocka_unit_test(a_loss_is_told_in_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
