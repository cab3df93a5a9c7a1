/* A database broken in every way that a disk knows, and what comes back of it. */
#include "salvage_rig.h"

/* The new file is sound, all old rows keep their epoch, and the store takes an alarm. */
static void check_service(struct rig *rig, uint64_t old_epoch)
{
    rig_run(rig);
    uint64_t epoch = store_epoch(rig->store);
    assert_true(epoch != old_epoch && epoch != 0);
    assert_true(store_last_alarm_uid(rig->store) <= 10 * (uint64_t)ALARMS);
    rig_add(rig, rig_transition(store_last_alarm_uid(rig->store) + 1, "TF-01",
                                "panic-gate", 1000));
    store_flush(rig->store);
    assert_int_equal(
        rig_number(rig, "SELECT count(*) FROM transitions WHERE rule = 'TF-01'"), 1);
    assert_int_equal(
        rig_number(rig, "SELECT count(*) FROM pragma_quick_check WHERE quick_check ="
                        " 'ok'"),
        1);
    assert_int_equal(rig_number(rig, "SELECT count(*) FROM outbox WHERE key >> 48 NOT IN"
                                     " (SELECT number FROM epochs)"),
                     0);
    assert_int_equal(
        rig_number(rig, "SELECT count(*) FROM outbox o JOIN epochs e ON e.number = o.key"
                        " >> 48 WHERE json_extract(o.body, '$.epoch') <> cast(e.epoch AS"
                        " TEXT)"),
        0);
}

static void check_names(struct rig *rig, const uint32_t points[POINTS],
                        const uint16_t buses[BUSES])
{
    uint32_t points_now[POINTS];
    uint16_t buses_now[BUSES];
    ask_names(rig, points_now, buses_now);
    assert_memory_equal(points_now, points, sizeof(points_now));
    assert_memory_equal(buses_now, buses, sizeof(buses_now));
}

/* Opens what is broken; returns how much is missing of each table. */
static void open_broken(struct rig *rig, const int64_t before[TABLES],
                        int64_t ret_missing[TABLES])
{
    char name[512];
    rig_open(rig);
    assert_int_equal(count_broken(rig, name, sizeof(name)), 1);
    count_tables(rig, ret_missing);
    for (int i = 0; i < TABLES; i++)
        ret_missing[i] = before[i] - ret_missing[i];
}

static void a_file_without_its_header_loses_nothing_else(void **state)
{
    struct rig *rig = *state;
    static const char zeros[100];
    uint32_t points[POINTS];
    uint16_t buses[BUSES];
    int64_t before[TABLES];
    int64_t missing[TABLES];
    fill(rig, points, buses);
    uint64_t epoch = store_epoch(rig->store);
    rig->store = store_close(rig->store);
    count_tables(rig, before);
    write_at(rig->path, zeros, sizeof(zeros), 0);
    open_broken(rig, before, missing);
    for (int i = 0; i < TABLES; i++)
        if (missing[i])
            fail_msg("%s: %lld rows are missing", tables[i], (long long)missing[i]);
    check_names(rig, points, buses);
    assert_int_equal(store_last_alarm_uid(rig->store), ALARMS);
    check_service(rig, epoch);
}

static void what_the_county_has_is_not_sent_again(void **state)
{
    struct rig *rig = *state;
    static const char zeros[100];
    uint32_t points[POINTS];
    uint16_t buses[BUSES];
    struct outbox *outbox = NULL;
    struct outbox_row row;
    struct gw_error err = {0};
    fill(rig, points, buses);
    uint64_t epoch = store_epoch(rig->store);
    rig->store = store_close(rig->store);
    write_at(rig->path, zeros, sizeof(zeros), 0);
    rig_open(rig);
    struct store_status status;
    store_status(rig->store, &status);
    assert_int_equal(status.outbox_total, ALARMS + 24);
    assert_int_equal(status.outbox_acknowledged, ACKNOWLEDGED);
    assert_int_equal(status.outbox_rows, rig_number(rig, "SELECT count(*) FROM outbox"));
    assert_int_equal(status.outbox_bytes,
                     rig_number(rig, "SELECT sum(length(body)) FROM outbox"));
    assert_int_equal(outbox_open(rig->path, &outbox, &err), 0);
    assert_int_equal(outbox_next(outbox, -1, 0, 0, &row, &err), 1);
    assert_true(row.epoch == epoch);
    assert_int_equal(row.seq, ACKNOWLEDGED + 1);
    outbox_close(outbox);
}

static void a_truncated_file_gives_what_is_left(void **state)
{
    struct rig *rig = *state;
    uint32_t points[POINTS];
    uint16_t buses[BUSES];
    int64_t before[TABLES];
    int64_t missing[TABLES];
    fill(rig, points, buses);
    uint64_t epoch = store_epoch(rig->store);
    rig->store = store_close(rig->store);
    count_tables(rig, before);
    assert_int_equal(truncate(rig->path, size_of(rig->path) / 2 / 1024 * 1024 + 300), 0);
    open_broken(rig, before, missing);
    int64_t rows = 0;
    int64_t lost = 0;
    for (int i = 0; i < TABLES; i++) {
        rows += before[i];
        lost += missing[i];
    }
    assert_true(lost > 0 && lost < rows * 3 / 4);
    check_names(rig, points, buses);
    check_service(rig, epoch);
}

/* Names stand twice, in a table and in its index: no single page holds all of one. */
static void any_page_of_garbage_costs_its_own_rows_only(void **state)
{
    struct rig *rig = *state;
    char copy[128];
    char garbage[DATABASE_PAGE_BYTES];
    uint32_t points[POINTS];
    uint16_t buses[BUSES];
    int64_t before[TABLES];
    int64_t missing[TABLES];
    char name[512];
    for (size_t i = 0; i < sizeof(garbage); i++)
        garbage[i] = (char)(i * 131 + 7);
    fill(rig, points, buses);
    uint64_t epoch = store_epoch(rig->store);
    rig->store = store_close(rig->store);
    count_tables(rig, before);
    (void)snprintf(copy, sizeof(copy), "%s.sound", rig->path);
    copy_file(rig->path, copy);
    off_t pages = size_of(rig->path) / DATABASE_PAGE_BYTES;
    assert_true(pages > 200);
    for (off_t page = 0; page < pages; page += page < 40 ? 1 : 29) {
        copy_file(copy, rig->path);
        write_at(rig->path, garbage, sizeof(garbage), page * DATABASE_PAGE_BYTES);
        open_broken(rig, before, missing);
        for (int i = 0; i < TABLES; i++)
            assert_in_range(missing[i], 0, 120);
        check_names(rig, points, buses);
        check_service(rig, epoch);
        rig->store = store_close(rig->store);
        assert_int_equal(count_broken(rig, name, sizeof(name)), 1);
        assert_int_equal(unlink(name), 0);
    }
}

/* A flipped byte may also pass unseen, in a value; then the file is as good as it was. */
static void any_flipped_byte_leaves_a_service(void **state)
{
    struct rig *rig = *state;
    char copy[128];
    uint32_t points[POINTS];
    uint16_t buses[BUSES];
    char name[512];
    fill(rig, points, buses);
    rig->store = store_close(rig->store);
    (void)snprintf(copy, sizeof(copy), "%s.sound", rig->path);
    copy_file(rig->path, copy);
    off_t size = size_of(rig->path);
    int moved = 0;
    for (off_t at = 0; at < size; at += at < 112 ? 5 : 6151) {
        unsigned char byte = 0;
        copy_file(copy, rig->path);
        int fd = open(rig->path, O_RDWR | O_CLOEXEC);
        assert_int_equal(pread(fd, &byte, 1, at), 1);
        byte ^= (unsigned char)(1u << (at % 8)) | 0x80u;
        assert_int_equal(pwrite(fd, &byte, 1, at), 1);
        close(fd);
        rig_open(rig);
        rig_run(rig);
        rig_add(rig, rig_transition(1000, "TF-01", "panic-gate", 1000));
        store_flush(rig->store);
        store_flush(rig->store);
        assert_int_equal(
            rig_number(rig, "SELECT count(*) FROM transitions WHERE uid = 1000"), 1);
        rig->store = store_close(rig->store);
        while (count_broken(rig, name, sizeof(name)) > 0) {
            moved++;
            assert_int_equal(unlink(name), 0);
        }
    }
    assert_true(moved > 10);
}

/* Frames that were committed count, without their file and without SQLite. */
static void what_only_the_log_holds_comes_back_too(void **state)
{
    struct rig *rig = *state;
    struct salvage_report report = {0};
    struct gw_error err = {0};
    sqlite3 *db = NULL;
    char copy[128];
    char wal[128];
    char copy_wal[160];
    uint32_t points[POINTS];
    uint16_t buses[BUSES];
    int64_t before[TABLES];
    int64_t after[TABLES];
    fill(rig, points, buses);
    store_flush(rig->store);
    count_tables(rig, before);
    (void)snprintf(wal, sizeof(wal), "%s-wal", rig->path);
    (void)snprintf(copy, sizeof(copy), "%s.copy", rig->path);
    (void)snprintf(copy_wal, sizeof(copy_wal), "%s-wal", copy);
    copy_file(rig->path, copy);
    copy_file(wal, copy_wal);
    assert_int_equal(truncate(copy, 0), 0);
    rig->store = store_close(rig->store);
    assert_int_equal(unlink(rig->path), 0);
    assert_int_equal(database_open(rig->path, &db, &err), 0);
    assert_int_equal(migrate(db, migrations, migration_count, &err), 0);
    assert_int_equal(salvage(copy, db, &unlimited, &report, &err), 0);
    database_close(db);
    count_tables(rig, after);
    assert_memory_equal(after, before, sizeof(after));
    assert_int_equal(report.readings, READINGS);
    assert_int_equal(report.lost_messages, 0);
    assert_true(report.is_whole);
}

static void a_long_log_is_cut_at_its_oldest_end(void **state)
{
    struct rig *rig = *state;
    struct salvage_report report = {0};
    struct salvage_limits limits = {.pages_us = INT64_MAX, .log_us = INT64_MIN};
    struct gw_error err = {0};
    sqlite3 *db = NULL;
    char copy[128];
    (void)set_aside(rig, copy, &db);
    assert_int_equal(salvage(copy, db, &limits, &report, &err), 0);
    database_close(db);
    assert_int_equal(report.readings, 0);
    assert_int_equal(report.unread_pages, 0);
    assert_false(report.is_whole);
    assert_int_equal(rig_number(rig, "SELECT count(*) FROM transitions"), ALARMS);
}

/* A card that takes seconds for a page must not hold up the store's thread. */
static void a_disk_too_slow_for_all_pages_is_left_in_time(void **state)
{
    struct rig *rig = *state;
    struct salvage_report report = {0};
    struct salvage_limits limits = {.pages_us = INT64_MIN, .log_us = INT64_MAX};
    struct gw_error err = {0};
    sqlite3 *db = NULL;
    char copy[128];
    off_t pages = set_aside(rig, copy, &db);
    assert_int_equal(salvage(copy, db, &limits, &report, &err), 0);
    database_close(db);
    assert_int_equal(report.unread_pages, pages);
    assert_int_equal(report.rows, 0);
    assert_false(report.is_whole);
    rig_open(rig);
    check_service(rig, 0);
}

/* Deleting what is old reads pages that no commit has touched for days. */
static void a_file_that_breaks_while_it_is_open_is_replaced(void **state)
{
    struct rig *rig = *state;
    uint32_t points[POINTS];
    uint16_t buses[BUSES];
    struct store_status status = {0};
    char name[512];
    fill(rig, points, buses);
    for (int i = 0; i < 50; i++) { /* more than the page cache holds */
        for (int k = 0; k < 4000; k++)
            rig_add(rig, rig_reading(points[0], k, INT64_C(4000000) * (i + 1) + k));
        store_flush(rig->store);
    }
    uint64_t epoch = store_epoch(rig->store);
    rig->store = store_close(rig->store);
    rig_open(rig);
    ask_names(rig, points, buses);
    rig_run(rig);
    size_t size = (size_t)size_of(rig->path) / 2;
    char *garbage = malloc(size);
    memset(garbage, 0x5A, size);
    write_at(rig->path, garbage, size, 64 * 1024);
    free(garbage);
    for (uint64_t i = 1; i <= 20 && !status.notice[0]; i++) {
        clock_set((int64_t)i * 100000000, 100 * INT64_C(86400000000));
        rig_add(rig, rig_transition(2000 + i, "TF-01", "panic-gate", 1000));
        store_flush(rig->store);
        store_status(rig->store, &status);
    }
    assert_non_null(strstr(status.notice, "the database was broken"));
    assert_int_equal(count_broken(rig, name, sizeof(name)), 1);
    assert_true(store_epoch(rig->store) != epoch);
    store_flush(rig->store);
    assert_int_equal(rig_number(rig, "SELECT count(*) FROM transitions WHERE uid > 2000"),
                     rig_number(rig, "SELECT max(uid) - 2000 FROM transitions"));
    rig->store = store_close(rig->store);
    rig_open(rig);
    check_names(rig, points, buses);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(a_file_without_its_header_loses_nothing_else),
        RIG_TEST(what_the_county_has_is_not_sent_again),
        RIG_TEST(a_truncated_file_gives_what_is_left),
        RIG_TEST(any_page_of_garbage_costs_its_own_rows_only),
        RIG_TEST(any_flipped_byte_leaves_a_service),
        RIG_TEST(what_only_the_log_holds_comes_back_too),
        RIG_TEST(a_long_log_is_cut_at_its_oldest_end),
        RIG_TEST(a_disk_too_slow_for_all_pages_is_left_in_time),
        RIG_TEST(a_file_that_breaks_while_it_is_open_is_replaced),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
