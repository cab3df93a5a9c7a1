#include "store_rig.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

static void ids_are_stable_over_a_restart(void **state)
{
    struct rig *rig = *state;
    uint32_t lux = 0;
    uint32_t co2 = 0;
    uint32_t again = 0;
    uint16_t bus = 0;
    uint16_t bus_again = 0;
    rig_open(rig);
    assert_int_equal(store_point_id(rig->store, "b1-203/desk_lux", &lux, NULL), 0);
    assert_int_equal(store_point_id(rig->store, "b1-203/co2", &co2, NULL), 0);
    assert_int_equal(store_bus_id(rig->store, "rs485-1", &bus, NULL), 0);
    assert_true(lux > 0 && co2 > 0 && bus > 0);
    assert_int_not_equal(lux, co2);
    rig_run(rig);
    rig_restart(rig);
    assert_int_equal(store_point_id(rig->store, "b1-203/co2", &again, NULL), 0);
    assert_int_equal(again, co2);
    assert_int_equal(store_bus_id(rig->store, "rs485-1", &bus_again, NULL), 0);
    assert_int_equal(bus_again, bus);
}

static void epoch_and_alarm_uid_survive_a_restart(void **state)
{
    struct rig *rig = *state;
    rig_open(rig);
    uint64_t epoch = store_epoch(rig->store);
    assert_true(epoch > 0 && epoch <= INT64_MAX);
    assert_int_equal(store_last_alarm_uid(rig->store), 0);
    rig_run(rig);
    rig_add(rig, rig_transition(41, "TF-01", "panic-gate", 1000));
    rig_add(rig, rig_transition(40, "EY-01", "b1-203", 1000));
    rig_restart(rig);
    assert_true(store_epoch(rig->store) == epoch);
    assert_int_equal(store_last_alarm_uid(rig->store), 41);
}

static void an_alarm_is_sealed_at_once_and_a_reading_waits(void **state)
{
    struct rig *rig = *state;
    rig_open(rig);
    rig_run(rig);
    clock_set(5000000, 0);
    rig_add(rig, rig_reading(1, 20, 1000));
    assert_int_equal(store_seal(rig->store, 5000000), 6000000);
    rig_add(rig, rig_transition(1, "TF-01", "panic-gate", 1000));
    assert_int_equal(store_seal(rig->store, 5000000), INT64_MAX);
    store_flush(rig->store);
    assert_int_equal(rig_number(rig, "SELECT count(*) FROM readings"), 1);
    assert_int_equal(rig_number(rig, "SELECT count(*) FROM transitions"), 1);
}

static void commit_rules_seal_by_age_rows_and_request(void **state)
{
    struct rig *rig = *state;
    rig->config.commit_rows = 3;
    rig_open(rig);
    rig_run(rig);
    clock_set(0, 0);
    rig_add(rig, rig_reading(1, 1, 1000));
    assert_int_equal(store_seal(rig->store, 999999), 1000000);
    assert_int_equal(store_seal(rig->store, 1000000), INT64_MAX);
    for (int i = 0; i < 2; i++)
        rig_add(rig, rig_reading(1, i, 2000));
    assert_int_equal(store_seal(rig->store, 0), 1000000);
    rig_add(rig, rig_reading(1, 2, 2000));
    assert_int_equal(store_seal(rig->store, 0), INT64_MAX);
    rig_add(rig, rig_delivery(1, 1, 0));
    assert_int_equal(store_seal(rig->store, 0), 1000000);
    rig_add(rig, (struct gw_record){.kind = GW_RECORD_COMMIT,
                                    .delivery = {.bus = 1, .ticket = 1}});
    assert_int_equal(store_seal(rig->store, 0), INT64_MAX);
    assert_true(rig_wait(&rig->committed, 1));
}

static void a_message_stays_whole_until_it_is_sealed(void **state)
{
    struct rig *rig = *state;
    rig->config.commit_rows = 2;
    rig_open(rig);
    rig_run(rig);
    for (uint32_t point = 1; point <= 10; point++)
        rig_add(rig, rig_reading(point, 1, 1000));
    assert_int_equal(rig_number(rig, "SELECT count(*) FROM readings"), 0);
    rig_add(rig, rig_delivery(3, 1, 0));
    (void)store_seal(rig->store, 0);
    assert_true(rig_wait(&rig->committed, 1));
    assert_int_equal(rig_number(rig, "SELECT count(*) FROM readings"), 10);
    struct store_status status;
    store_status(rig->store, &status);
    assert_int_equal(status.commits, 1);
    assert_int_equal(status.rows, 10);
    assert_int_equal(status.waiting, 0);
    assert_true(status.file_bytes > 0);
}

static void nothing_is_acknowledged_before_its_commit(void **state)
{
    struct rig *rig = *state;
    rig_open(rig);
    rig_run(rig);
    rig_add(rig, rig_reading(1, 1, 1000));
    rig_add(rig, rig_delivery(1, 7, 0));
    assert_int_equal(rig->committed, 0);
    store_flush(rig->store);
    assert_true(rig_wait(&rig->committed, 7));
}

static void the_seeded_fault_acknowledges_too_early(void **state)
{
    struct rig *rig = *state;
    rig->ops.acknowledge_before_commit = true;
    rig_open(rig);
    rig_run(rig);
    rig_add(rig, rig_reading(1, 1, 1000));
    rig_add(rig, rig_delivery(1, 7, 0));
    assert_int_equal(rig->committed, 7);
    assert_int_equal(rig_number(rig, "SELECT count(*) FROM readings"), 0);
}

static void count_state(void *ctx, const struct gw_state *kept)
{
    int *sum = ctx;
    assert_string_equal(kept->owner, "plugin/occupancy");
    *sum += kept->size == 2 && memcmp(kept->bytes, "42", 2) == 0 ? 1 : 100;
}

static void states_come_back_and_can_be_removed(void **state)
{
    struct rig *rig = *state;
    int sum = 0;
    struct gw_record record = {.kind = GW_RECORD_STATE,
                               .state = {"plugin/occupancy", "b1-203", "17", 2}};
    rig_open(rig);
    rig_run(rig);
    rig_add(rig, record);
    record.state.bytes = "42";
    rig_add(rig, record);
    record.state.key = "b1-204";
    rig_add(rig, record);
    record.state.bytes = NULL;
    rig_add(rig, record);
    rig_restart(rig);
    assert_int_equal(store_each_state(rig->store, count_state, &sum, NULL), 0);
    assert_int_equal(sum, 1);
}

static void summaries_and_facts_keep_all_their_values(void **state)
{
    struct rig *rig = *state;
    struct gw_summary_item items[] = {{"co2", 400, 500, 600, 550, 1, 15},
                                      {"desk_lux.window", 1, 2, 3, 2, 0.5, 7}};
    struct gw_record summary = {.kind = GW_RECORD_SUMMARY,
                                .summary = {"b1-203", 0, 900000000, items, 2}};
    struct gw_fact_value values[] = {{"people", 47, NULL}, {"note", NAN, "empty"}};
    struct gw_record fact = {.kind = GW_RECORD_FACT,
                             .fact = {.kind = "lesson",
                                      .object = "2024-P-01",
                                      .values = values,
                                      .count = 2,
                                      .completeness = 0.9}};
    rig_open(rig);
    rig_run(rig);
    rig_add(rig, summary);
    rig_add(rig, fact);
    memset(items, 0, sizeof(items));
    memset(values, 0, sizeof(values));
    store_flush(rig->store);
    assert_int_equal(
        rig_number(rig, "SELECT mean FROM summary_items WHERE metric = 'co2'"), 500);
    assert_int_equal(rig_number(rig, "SELECT count(*) FROM summary_items"), 2);
    assert_int_equal(
        rig_number(rig, "SELECT value FROM fact_values WHERE name = 'people'"), 47);
    assert_int_equal(
        rig_number(rig, "SELECT count(*) FROM fact_values WHERE text = 'empty'"), 1);
}

static void a_record_that_fits_no_table_does_not_stop_the_rest(void **state)
{
    struct rig *rig = *state;
    rig_open(rig);
    rig_run(rig);
    rig_add(rig, (struct gw_record){.kind = GW_RECORD_FACT, .fact = {.kind = "lesson"}});
    rig_add(rig, rig_reading(1, 1, 1000));
    store_flush(rig->store);
    assert_int_equal(rig_number(rig, "SELECT count(*) FROM facts"), 0);
    assert_int_equal(rig_number(rig, "SELECT count(*) FROM readings"), 1);
}

/* The name that a moved file got, "" when there is none. */
static void find_broken(struct rig *rig, char *ret, size_t size)
{
    DIR *dir = opendir(rig->folder);
    ret[0] = '\0';
    for (struct dirent *e = readdir(dir); e; e = readdir(dir))
        if (strncmp(e->d_name, "campus.db.broken-", 17) == 0)
            (void)snprintf(ret, size, "%s/%s", rig->folder, e->d_name);
    closedir(dir);
}

/* As one flipped bit in a name of the schema leaves it: every page is sound. */
static void a_file_that_lacks_a_table_is_moved_aside_too(void **state)
{
    struct rig *rig = *state;
    static const char *const tables[] = {
        "points",      "buses",  "epochs",     "progress", "readings",
        "transitions", "states", "deliveries", "outbox",   "acknowledged"};
    for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
        char name[512];
        char sql[64];
        sqlite3 *db = NULL;
        rig_open(rig);
        rig->store = store_close(rig->store);
        (void)snprintf(sql, sizeof(sql), "DROP TABLE %s", tables[i]);
        assert_int_equal(sqlite3_open(rig->path, &db), SQLITE_OK);
        assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
        assert_int_equal(sqlite3_close(db), SQLITE_OK);
        rig_open(rig);
        rig->store = store_close(rig->store);
        find_broken(rig, name, sizeof(name));
        if (!name[0])
            fail_msg("without '%s' the file passes for a sound one", tables[i]);
        assert_int_equal(unlink(name), 0);
    }
}

static void a_broken_file_is_moved_aside_and_a_new_one_begins(void **state)
{
    struct rig *rig = *state;
    char name[512];
    uint32_t id = 0;
    struct store_status status;
    rig_open(rig);
    uint64_t epoch = store_epoch(rig->store);
    rig_run(rig);
    for (int i = 0; i < 1000; i++)
        rig_add(rig, rig_reading(1, i, 1000 * i));
    rig->store = store_close(rig->store);
    int fd = open(rig->path, O_RDWR | O_CLOEXEC);
    char garbage[2048];
    memset(garbage, 0x5A, sizeof(garbage));
    assert_int_equal(pwrite(fd, garbage, sizeof(garbage), 4096), sizeof(garbage));
    close(fd);
    rig_open(rig);
    assert_true(store_epoch(rig->store) != epoch);
    assert_int_equal(store_point_id(rig->store, "b1-203/co2", &id, NULL), 0);
    rig_run(rig);
    store_status(rig->store, &status);
    assert_non_null(strstr(status.fault, "broken"));
    find_broken(rig, name, sizeof(name));
    assert_string_not_equal(name, "");
}

/* The writer reads no page of its log again; both questions wait for its thread. */
static void let_it_look(struct rig *rig)
{
    uint32_t id = 0;
    store_look(rig->store);
    assert_int_equal(store_point_id(rig->store, "b1-203/co2", &id, NULL), 0);
    assert_int_equal(store_point_id(rig->store, "b1-203/noise", &id, NULL), 0);
}

static void what_a_reader_finds_broken_is_looked_at(void **state)
{
    struct rig *rig = *state;
    char garbage[1024];
    uint32_t id = 0;
    struct store_status status = {0};
    rig_open(rig);
    assert_int_equal(store_point_id(rig->store, "b1-203/co2", &id, NULL), 0);
    rig_run(rig);
    for (int i = 0; i < 1000; i++)
        rig_add(rig, rig_reading(id, i, 1000 * i));
    rig_restart(rig);
    rig_run(rig);
    int64_t root =
        rig_number(rig, "SELECT rootpage FROM sqlite_schema WHERE name = 'readings'");
    memset(garbage, 0x5A, sizeof(garbage));
    int fd = open(rig->path, O_RDWR | O_CLOEXEC);
    assert_int_equal(pwrite(fd, garbage, sizeof(garbage), 1024 * (root - 1)), 1024);
    close(fd);
    let_it_look(rig);
    store_status(rig->store, &status);
    assert_non_null(strstr(status.notice, "the database was broken"));
    assert_int_equal(rig_number(rig, "SELECT count(*) FROM readings"), 1000);
}

static void a_sound_file_that_is_looked_at_stays(void **state)
{
    struct rig *rig = *state;
    char name[512];
    rig_open(rig);
    rig_run(rig);
    let_it_look(rig);
    find_broken(rig, name, sizeof(name));
    assert_string_equal(name, "");
}

static void a_wrong_path_is_a_clear_error(void **state)
{
    struct rig *rig = *state;
    struct gw_error err = {0};
    rig->config.path = ":memory:";
    assert_int_equal(store_open(&rig->config, &rig->store, &err), -EINVAL);
    assert_null(rig->store);
    assert_null(store_close(NULL));
}

static void a_database_of_a_newer_version_is_left_alone(void **state)
{
    struct rig *rig = *state;
    struct gw_error err = {0};
    char name[512];
    rig_open(rig);
    rig->store = store_close(rig->store);
    (void)rig_number(rig, "CREATE TABLE of_a_newer_version (id INTEGER)");
    (void)rig_number(rig, "PRAGMA user_version = 99");
    assert_int_equal(store_open(&rig->config, &rig->store, &err), 1);
    assert_non_null(strstr(err.text, "newer version"));
    find_broken(rig, name, sizeof(name));
    assert_string_equal(name, "");
}

/* A newer version has another schema. */
static void a_version_that_its_schema_belies_is_a_broken_file(void **state)
{
    struct rig *rig = *state;
    static const char *const versions[] = {
        "PRAGMA user_version = 0", "PRAGMA user_version = 3", "PRAGMA user_version = 5"};
    char name[512];
    for (int i = 0; i < 3; i++) {
        rig_open(rig);
        rig->store = store_close(rig->store);
        (void)rig_number(rig, versions[i]);
        rig_open(rig);
        rig->store = store_close(rig->store);
        find_broken(rig, name, sizeof(name));
        assert_string_not_equal(name, "");
        assert_int_equal(unlink(name), 0);
    }
}

static void one_file_serves_one_gateway(void **state)
{
    struct rig *rig = *state;
    struct gw_error err = {0};
    struct store *second = NULL;
    rig_open(rig);
    assert_int_equal(store_open(&rig->config, &second, &err), -EADDRINUSE);
    assert_non_null(strstr(err.text, "another gateway"));
    assert_null(second);
    rig_restart(rig);
}

static void a_clean_close_leaves_no_log(void **state)
{
    struct rig *rig = *state;
    char wal[128];
    (void)snprintf(wal, sizeof(wal), "%s-wal", rig->path);
    rig_open(rig);
    rig_run(rig);
    rig_add(rig, rig_reading(1, 1, 1000));
    store_flush(rig->store);
    assert_int_equal(access(wal, F_OK), 0);
    rig->store = store_close(rig->store);
    assert_int_equal(access(wal, F_OK), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(ids_are_stable_over_a_restart),
        RIG_TEST(epoch_and_alarm_uid_survive_a_restart),
        RIG_TEST(an_alarm_is_sealed_at_once_and_a_reading_waits),
        RIG_TEST(commit_rules_seal_by_age_rows_and_request),
        RIG_TEST(a_message_stays_whole_until_it_is_sealed),
        RIG_TEST(nothing_is_acknowledged_before_its_commit),
        RIG_TEST(the_seeded_fault_acknowledges_too_early),
        RIG_TEST(states_come_back_and_can_be_removed),
        RIG_TEST(summaries_and_facts_keep_all_their_values),
        RIG_TEST(a_record_that_fits_no_table_does_not_stop_the_rest),
        RIG_TEST(a_file_that_lacks_a_table_is_moved_aside_too),
        RIG_TEST(a_broken_file_is_moved_aside_and_a_new_one_begins),
        RIG_TEST(what_a_reader_finds_broken_is_looked_at),
        RIG_TEST(a_sound_file_that_is_looked_at_stays),
        RIG_TEST(a_wrong_path_is_a_clear_error),
        RIG_TEST(a_database_of_a_newer_version_is_left_alone),
        RIG_TEST(a_version_that_its_schema_belies_is_a_broken_file),
        RIG_TEST(one_file_serves_one_gateway),
        RIG_TEST(a_clean_close_leaves_no_log),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
