/* Files that the store never made: they stay as they are, and the store is away. */
#include "broken_rig.h"

#include "store/foreign.h"

static void write_file(const struct rig *rig, const char *text, size_t size)
{
    int fd = open(rig->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    assert_int_equal(write(fd, text, size), (ssize_t)size);
    close(fd);
}

static void run_sql(const struct rig *rig, const char *sql)
{
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(rig->path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

static void fingerprint(const struct rig *rig, char ret[8192])
{
    memset(ret, 0, 8192);
    int fd = open(rig->path, O_RDONLY | O_CLOEXEC);
    assert_in_range(read(fd, ret, 8192), 1, 8192);
    close(fd);
}

/* The school is guarded, and the file has not been touched. */
static void check_refused(struct rig *rig, const char *cause)
{
    static char before[8192];
    static char after[8192];
    struct store_status status = {0};
    struct gw_error err = {0};
    char name[512];
    fingerprint(rig, before);
    assert_int_equal(store_open(&rig->config, &rig->store, &err), 1);
    assert_non_null(strstr(err.text, cause));
    rig_run(rig);
    rig_add(rig, rig_transition(1, "TF-01", "panic-gate", 1000));
    store_status(rig->store, &status);
    assert_true(status.is_away);
    rig->store = store_close(rig->store);
    fingerprint(rig, after);
    assert_memory_equal(before, after, sizeof(before));
    assert_int_equal(count_broken(rig, name, sizeof(name)), 0);
    (void)snprintf(name, sizeof(name), "%s-wal", rig->path);
    assert_int_equal(access(name, F_OK), -1);
}

static void a_text_is_left_as_it_is(void **state)
{
    static const char text[] = "class,room\nP3-1,b1-203\nP3-2,b1-204\n";
    struct rig *rig = *state;
    write_file(rig, text, sizeof(text) - 1);
    check_refused(rig, "is no database");
    write_file(rig, text, 3);
    check_refused(rig, "is no database");
}

static void another_programs_database_is_left_as_it_is(void **state)
{
    struct rig *rig = *state;
    run_sql(rig, "CREATE TABLE books (id INTEGER, title TEXT);"
                 "INSERT INTO books VALUES (1, 'points')");
    check_refused(rig, "is another program's database");
    run_sql(
        rig,
        "PRAGMA journal_mode = WAL; CREATE TABLE points (x); PRAGMA user_version = 9");
    check_refused(rig, "is another program's database");
}

static void another_programs_database_stays_where_one_of_ours_was(void **state)
{
    struct rig *rig = *state;
    rig_open(rig);
    rig_run(rig);
    rig->store = store_close(rig->store);
    assert_int_equal(unlink(rig->path), 0);
    run_sql(rig, "CREATE TABLE books (id INTEGER, title TEXT)");
    check_refused(rig, "is another program's database");
}

static void the_store_comes_when_the_file_is_gone(void **state)
{
    struct rig *rig = *state;
    write_file(rig, "a note to myself", 16);
    assert_int_equal(store_open(&rig->config, &rig->store, NULL), 1);
    rig_run(rig);
    rig_add(rig, rig_transition(1, "TF-01", "panic-gate", 1000));
    assert_int_equal(unlink(rig->path), 0);
    assert_true(store_try_last(rig->store));
}

/* What may be ours is salvaged, as ever. */
/* What is left where a power cut took the first sector: no word of SQLite's, no log. */
static void sectors_without_a_head_may_be_ours(void **state)
{
    static char junk[2 * 4096];
    struct rig *rig = *state;
    memset(junk, 0x5a, sizeof(junk));
    write_file(rig, junk, sizeof(junk));
    assert_int_equal(foreign_look(rig->path), FOREIGN_OURS);
    write_file(rig, junk, sizeof(junk) - 1);
    assert_int_equal(foreign_look(rig->path), FOREIGN_FILE);
}

static void a_damaged_head_of_ours_is_not_foreign(void **state)
{
    static const char junk[4096] = "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz";
    struct rig *rig = *state;
    assert_int_equal(foreign_look(rig->path), FOREIGN_OURS);
    rig_open(rig);
    rig_run(rig);
    rig->store = store_close(rig->store);
    assert_int_equal(foreign_look(rig->path), FOREIGN_OURS);
    for (off_t i = 0; i < 200; i++) {
        unsigned char byte = 0;
        int fd = open(rig->path, O_RDWR | O_CLOEXEC);
        assert_int_equal(pread(fd, &byte, 1, i), 1);
        unsigned char flipped = byte ^ 0x10;
        assert_int_equal(pwrite(fd, &flipped, 1, i), 1);
        assert_int_equal(foreign_look(rig->path), FOREIGN_OURS);
        assert_int_equal(pwrite(fd, &byte, 1, i), 1);
        close(fd);
    }
    write_at(rig->path, junk, sizeof(junk), 0);
    assert_int_equal(foreign_look(rig->path), FOREIGN_OURS); /* its reserve is there */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(a_text_is_left_as_it_is),
        RIG_TEST(another_programs_database_is_left_as_it_is),
        RIG_TEST(another_programs_database_stays_where_one_of_ours_was),
        RIG_TEST(the_store_comes_when_the_file_is_gone),
        RIG_TEST(sectors_without_a_head_may_be_ours),
        RIG_TEST(a_damaged_head_of_ours_is_not_foreign),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
