#include "store_rig.h"

#include <errno.h>
#include <sys/stat.h>

#include "store/backup.h"
#include "store/database.h"
#include "store/restore.h"
#include "store/restored.h"

static char copy[128];

static int make(struct rig *rig, const char *file, struct gw_error *err)
{
    struct backup_report report = {0};
    const struct backup_order order = {.database = rig->path, .file = file};
    return backup_make(&order, &report, err);
}

static int restore(struct rig *rig, struct restore_report *ret, struct gw_error *err)
{
    const struct restore_order order = {.file = copy, .path = rig->path};
    return restore_database(&order, ret, err);
}

/* A database with @rows messages for the county, closed. */
static void fill(struct rig *rig, int rows)
{
    rig_open(rig);
    rig_run(rig);
    for (int i = 0; i < rows; i++)
        rig_add(rig, rig_telemetry(1, i));
    store_flush(rig->store);
    rig->store = store_close(rig->store);
    (void)snprintf(copy, sizeof(copy), "%s/copy.db", rig->folder);
}

static void room_is_asked_for_with_some_to_spare(void **state)
{
    struct rig *rig = *state;
    struct gw_error err = {0};
    assert_int_equal(backup_room(rig->path, 1, &err), 0);
    assert_int_equal(backup_room(rig->path, INT64_MAX / 2, &err), -ENOSPC);
    assert_non_null(strstr(err.text, "too little room"));
    assert_int_equal(backup_room("/nowhere/campus.db", 1, &err), -ENOENT);
}

static void a_stop_leaves_nothing(void **state)
{
    struct rig *rig = *state;
    struct gw_error err = {0};
    struct stat st;
    const atomic_bool stop = true;
    struct backup_report report;
    fill(rig, 3);
    const struct backup_order order = {
        .database = rig->path, .file = copy, .should_stop = &stop};
    assert_int_equal(backup_make(&order, &report, &err), -ECANCELED);
    assert_int_equal(stat(copy, &st), -1);
}

static void a_restore_begins_a_new_epoch_and_keeps_what_waits(void **state)
{
    struct rig *rig = *state;
    struct gw_error err = {0};
    struct restore_report report;
    fill(rig, 3);
    rig_open(rig);
    uint64_t epoch = store_epoch(rig->store);
    rig->store = store_close(rig->store);
    assert_int_equal(make(rig, copy, &err), 0);
    assert_int_equal(restore(rig, &report, &err), 0);
    assert_int_equal(report.rows, 3);
    assert_non_null(strstr(report.aside, ".before-restore-"));

    rig_open(rig);
    assert_int_not_equal(store_epoch(rig->store), epoch);
    struct store_status status;
    store_status(rig->store, &status);
    assert_int_equal(status.outbox_total, 3);
    assert_int_equal(status.outbox_acknowledged, 0);
    assert_string_equal(status.notice, "");
    assert_int_equal(rig_number(rig, "SELECT seq FROM progress"), 0);
    assert_int_equal(rig_number(rig, "SELECT last_seq FROM epochs WHERE number = 1"), 3);
}

static void alarms_are_numbered_elsewhere_after_a_restore(void **state)
{
    struct rig *rig = *state;
    struct gw_error err = {0};
    struct restore_report report;
    fill(rig, 1);
    rig_open(rig);
    uint64_t before = store_last_alarm_uid(rig->store);
    rig->store = store_close(rig->store);
    assert_int_equal(make(rig, copy, &err), 0);
    assert_int_equal(restore(rig, &report, &err), 0);
    rig_open(rig);
    uint64_t after = store_last_alarm_uid(rig->store);
    assert_true(after >= before + (1 << 20) && after < GW_ALARM_UID_PROVISIONAL);
}

/* As a restore does it. */
static void mark(const char *file)
{
    sqlite3 *db = NULL;
    assert_int_equal(database_reopen_alone(file, &db, NULL), 0);
    assert_int_equal(restored_mark(db, file, NULL), 0);
    database_close(db);
}

/* A whole copy that a cut left, and the log of what was moved away already. */
static void a_start_finishes_what_a_cut_left(void **state)
{
    struct rig *rig = *state;
    struct gw_error err = {0};
    char name[160];
    struct stat st;
    fill(rig, 2);
    assert_int_equal(make(rig, copy, &err), 0);
    (void)snprintf(name, sizeof(name), "%s.restored", rig->path);
    mark(copy);
    assert_int_equal(rename(copy, name), 0);
    (void)snprintf(name, sizeof(name), "%s.before-restore-19700101T000000Z", rig->path);
    assert_int_equal(rename(rig->path, name), 0);
    (void)snprintf(name, sizeof(name), "%s-wal", rig->path);
    FILE *log = fopen(name, "we");
    assert_int_equal(fclose(log), 0);
    rig_open(rig);
    (void)snprintf(name, sizeof(name), "%s.before-restore-19700101T000000Z-wal",
                   rig->path);
    assert_int_equal(stat(name, &st), 0);
    (void)snprintf(name, sizeof(name), "%s.restored", rig->path);
    assert_int_equal(stat(name, &st), -1);
    assert_int_equal(rig_number(rig, "SELECT count(*) FROM outbox"), 2);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, rig_setup, rig_teardown)
    const struct CMUnitTest tests[] = {
        TEST(room_is_asked_for_with_some_to_spare),
        TEST(a_stop_leaves_nothing),
        TEST(a_restore_begins_a_new_epoch_and_keeps_what_waits),
        TEST(alarms_are_numbered_elsewhere_after_a_restore),
        TEST(a_start_finishes_what_a_cut_left),
    };
#undef TEST
    return cmocka_run_group_tests(tests, NULL, NULL);
}
