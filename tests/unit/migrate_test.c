#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "store/database.h"
#include "store/migrate.h"

static const char *const steps[] = {
    "CREATE TABLE rooms (id INTEGER PRIMARY KEY) STRICT; INSERT INTO rooms VALUES (7);",
    "ALTER TABLE rooms ADD COLUMN title TEXT; UPDATE rooms SET title = 'room';",
    "CREATE TABLE half (id INTEGER) STRICT; INSERT INTO nowhere VALUES (1);",
};

static int open_database(void **state)
{
    sqlite3 *db = NULL;
    if (sqlite3_open(":memory:", &db) != SQLITE_OK)
        return -1;
    *state = db;
    return 0;
}

static int close_database(void **state)
{
    return sqlite3_close(*state);
}

static int64_t number(sqlite3 *db, const char *sql)
{
    int64_t value = -1;
    assert_int_equal(database_number(db, sql, &value, NULL), 0);
    return value;
}

static void an_empty_file_gets_every_step(void **state)
{
    assert_int_equal(migrate(*state, steps, 2, NULL), 0);
    assert_int_equal(number(*state, "PRAGMA user_version"), 2);
    assert_int_equal(number(*state, "SELECT count(*) FROM rooms WHERE title = 'room'"),
                     1);
}

static void an_older_file_gets_only_the_missing_steps(void **state)
{
    assert_int_equal(migrate(*state, steps, 1, NULL), 0);
    assert_int_equal(number(*state, "PRAGMA user_version"), 1);
    assert_int_equal(database_execute(*state, "INSERT INTO rooms VALUES (8)", NULL), 0);
    assert_int_equal(migrate(*state, steps, 2, NULL), 0);
    assert_int_equal(number(*state, "PRAGMA user_version"), 2);
    assert_int_equal(number(*state, "SELECT count(*) FROM rooms WHERE title = 'room'"),
                     2);
    assert_int_equal(migrate(*state, steps, 2, NULL), 0);
}

static void a_step_that_fails_leaves_nothing_behind(void **state)
{
    struct gw_error err = {0};
    assert_true(migrate(*state, steps, 3, &err) < 0);
    assert_non_null(strstr(err.text, "nowhere"));
    assert_int_equal(number(*state, "PRAGMA user_version"), 2);
    assert_int_equal(number(*state, "SELECT count(*) FROM sqlite_schema"
                                    " WHERE name = 'half'"),
                     0);
}

static void a_newer_file_is_refused(void **state)
{
    struct gw_error err = {0};
    assert_int_equal(migrate(*state, steps, 2, NULL), 0);
    assert_int_equal(migrate(*state, steps, 1, &err), -EPROTO);
    assert_non_null(strstr(err.text, "newer version"));
}

static void the_shipped_steps_make_strict_tables_only(void **state)
{
    assert_true(migration_count >= 1);
    assert_int_equal(migrate(*state, migrations, migration_count, NULL), 0);
    assert_int_equal(number(*state, "PRAGMA user_version"), (int64_t)migration_count);
    assert_int_equal(number(*state, "SELECT count(*) FROM pragma_table_list"
                                    " WHERE schema = 'main' AND strict = 0"
                                    " AND name NOT LIKE 'sqlite%'"),
                     0);
    assert_true(number(*state, "SELECT count(*) FROM sqlite_schema WHERE type = 'table'")
                >= 10);
}

/* Rows as the first version of the schema had them, of two buses in turn: a message with
 * an id of its own has no message id. */
static void deliveries_of_an_older_file_are_counted_by_bus(void **state)
{
    assert_int_equal(migrate(*state, migrations, 1, NULL), 0);
    assert_int_equal(
        database_execute(*state,
                         "INSERT INTO deliveries (bus, first, last, forget, items) VALUES"
                         " (2, 1, 3, 0, x'0000AAAAAAAAAAAAAAAA0700BBBBBBBBBBBBBBBB"
                         "0000CCCCCCCCCCCCCCCC'),"
                         " (1, 5, 5, 4, x'0000DDDDDDDDDDDDDDDD'),"
                         " (2, 4, 4, 3, x'0000EEEEEEEEEEEEEEEE')",
                         NULL),
        0);
    assert_int_equal(migrate(*state, migrations, migration_count, NULL), 0);
    assert_int_equal(number(*state, "SELECT count(*) FROM deliveries"), 3);
    assert_int_equal(number(*state, "SELECT own FROM deliveries"
                                    " WHERE number = (1 << 48) + 5 AND forget = 4"),
                     1);
    assert_int_equal(number(*state,
                            "SELECT own FROM deliveries"
                            " WHERE number = (2 << 48) + 3 AND length(items) = 30"),
                     2);
    assert_int_equal(number(*state, "SELECT own FROM deliveries"
                                    " WHERE number = (2 << 48) + 4"
                                    " AND items = x'0000EEEEEEEEEEEEEEEE'"),
                     3);
}

static void row_of_version_3(sqlite3 *db, int key, int priority, int kind,
                             const char *type)
{
    char sql[256];
    (void)snprintf(sql, sizeof(sql),
                   "INSERT INTO outbox VALUES (%d, %d, %d, 7,"
                   " '{\"type\":\"campus.%s.v1\",\"title\":\"灯\"}')",
                   key, priority, kind, type);
    assert_int_equal(database_execute(db, sql, NULL), 0);
}

static void rows_of_an_older_outbox_are_counted_and_get_their_priority(void **state)
{
    static const struct {
        const char *type;
        int priority;
        int kind;
        int expected;
    } rows[] = {{"alarm", 0, 0, 0},     {"time-correction", 0, 0, 0},
                {"telemetry", 1, 2, 5}, {"environment", 1, 1, 4},
                {"fact", 1, 1, 3},      {"daily", 1, 1, 2},
                {"weekly", 1, 1, 2},    {"monthly", 1, 1, 2}};
    const int count = (int)(sizeof(rows) / sizeof(rows[0]));
    assert_int_equal(migrate(*state, migrations, 3, NULL), 0);
    for (int i = 0; i < count; i++)
        row_of_version_3(*state, i, rows[i].priority, rows[i].kind, rows[i].type);
    assert_int_equal(migrate(*state, migrations, migration_count, NULL), 0);
    for (int i = 0; i < count; i++) {
        char sql[64];
        (void)snprintf(sql, sizeof(sql), "SELECT priority FROM outbox WHERE key = %d", i);
        assert_int_equal(number(*state, sql), rows[i].expected);
    }
    assert_int_equal(number(*state, "SELECT outbox_rows FROM progress"), count);
    assert_int_equal(number(*state, "SELECT outbox_bytes FROM progress"),
                     number(*state,
                            "SELECT sum(octets) FROM (SELECT"
                            " length(CAST(body AS BLOB)) AS octets FROM outbox)"));
    assert_int_equal(number(*state, "SELECT outbox_dropped FROM progress"), 0);
}

static void hours_of_an_older_log_are_marked_to_be_folded(void **state)
{
    assert_int_equal(migrate(*state, migrations, 5, NULL), 0);
    assert_int_equal(
        database_execute(*state,
                         "INSERT INTO readings VALUES (7, 1, 1.5, 0)," /* of 1970 */
                         " (498721 * 3600000 * 4096, 1, 2.5, 0),"
                         " (498723 * 3600000 * 4096 + 5, 1, NULL, 2)",
                         NULL),
        0);
    assert_int_equal(migrate(*state, migrations, migration_count, NULL), 0);
    assert_int_equal(number(*state, "SELECT count(*) FROM unfolded WHERE level = 0"
                                    " AND period BETWEEN 498721 AND 498723"),
                     3);
    assert_int_equal(number(*state, "SELECT count(*) FROM unfolded"), 3);
}

static void an_older_database_without_a_log_has_nothing_to_fold(void **state)
{
    assert_int_equal(migrate(*state, migrations, 5, NULL), 0);
    assert_int_equal(migrate(*state, migrations, migration_count, NULL), 0);
    assert_int_equal(number(*state, "SELECT count(*) FROM unfolded"), 0);
}

#define DATABASE_TEST(test) \
    cmocka_unit_test_setup_teardown(test, open_database, close_database)

int main(void)
{
    const struct CMUnitTest tests[] = {
        DATABASE_TEST(an_empty_file_gets_every_step),
        DATABASE_TEST(an_older_file_gets_only_the_missing_steps),
        DATABASE_TEST(a_step_that_fails_leaves_nothing_behind),
        DATABASE_TEST(a_newer_file_is_refused),
        DATABASE_TEST(the_shipped_steps_make_strict_tables_only),
        DATABASE_TEST(deliveries_of_an_older_file_are_counted_by_bus),
        DATABASE_TEST(rows_of_an_older_outbox_are_counted_and_get_their_priority),
        DATABASE_TEST(hours_of_an_older_log_are_marked_to_be_folded),
        DATABASE_TEST(an_older_database_without_a_log_has_nothing_to_fold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
