/* Files that lose their names while the store has them open. */
#include "store_rig.h"

/* What is written to a file without a name is gone at the next start. */
static void a_file_that_was_taken_away_acknowledges_nothing(void **state)
{
    struct rig *rig = *state;
    char aside[4096];
    (void)snprintf(aside, sizeof(aside), "%s-aside", rig->path);
    rig_open(rig);
    rig_run(rig);
    rig_add_message(rig, 1);
    store_flush(rig->store);
    assert_true(rig_wait(&rig->committed, 1));
    assert_int_equal(rename(rig->path, aside), 0);
    rig_add_message(rig, 2);
    store_flush(rig->store);
    assert_true(rig_wait_for_fault(rig, true));
    assert_int_equal(rig->committed, 1);
    struct store_status status;
    store_status(rig->store, &status);
    assert_non_null(strstr(status.fault, "was deleted or replaced"));
    assert_int_equal(rename(aside, rig->path), 0);
    assert_true(rig_wait(&rig->committed, 2));
    rig_restart(rig);
    rig_check_once(rig, 2);
}

static void unlink_all(const struct rig *rig, bool has_log)
{
    static const char *const parts[] = {"-wal", "-shm", ".reserve"};
    char name[4096];
    assert_int_equal(unlink(rig->path), 0);
    for (size_t i = 0; !has_log && i < sizeof(parts) / sizeof(parts[0]); i++) {
        (void)snprintf(name, sizeof(name), "%s%s", rig->path, parts[i]);
        assert_int_equal(unlink(name), 0);
    }
}

/* All of it can be read as long as it is open: also the log, which may be gone too. */
static void a_file_that_was_deleted_is_written_anew(struct rig *rig, bool has_log)
{
    rig_open(rig);
    rig_run(rig);
    uint64_t epoch = store_epoch(rig->store);
    rig_add_message(rig, 1);
    store_flush(rig->store);
    assert_true(rig_wait(&rig->committed, 1));
    unlink_all(rig, has_log);
    rig_add_message(rig, 2);
    store_flush(rig->store);
    assert_true(rig_wait_for_fault(rig, true));
    (void)poll(NULL, 0, 250); /* a retry has seen that it is missing */
    clock_set(clock_machine_us() + 11000000, clock_school_us());
    assert_true(rig_wait(&rig->committed, 2));
    rig_check_once(rig, 2);
    struct store_status status;
    store_status(rig->store, &status);
    assert_non_null(strstr(status.notice, "nothing is lost"));
    assert_non_null(strstr(status.fault, "deleted or moved away"));
    rig_add_message(rig, 3);
    store_flush(rig->store);
    assert_true(rig_wait(&rig->committed, 3));
    rig_restart(rig);
    assert_true(store_epoch(rig->store) == epoch);
    rig_check_once(rig, 3);
}

static void a_deleted_file_is_written_anew(void **state)
{
    a_file_that_was_deleted_is_written_anew(*state, true);
}

static void a_file_that_was_deleted_with_its_log_is_written_anew(void **state)
{
    a_file_that_was_deleted_is_written_anew(*state, false);
}

static void name_part(const struct rig *rig, const char *part, char ret[4096])
{
    (void)snprintf(ret, 4096, "%s%s", rig->path, part);
}

static void copy_file(const char *from, const char *to)
{
    char command[9000];
    (void)snprintf(command, sizeof(command), "cp '%s' '%s'", from, to);
    assert_int_equal(system(command), 0);
}

/* What a kill at this moment would leave: file and log by their names, read elsewhere. */
static void check_names(struct rig *rig, int64_t messages)
{
    struct rig other = {.store = NULL}; /* of which a path is asked alone */
    char log[4096];
    char copy[4096];
    (void)snprintf(other.path, sizeof(other.path), "%s/killed.db", rig->folder);
    name_part(rig, "-wal", log);
    name_part(&other, "-wal", copy);
    copy_file(rig->path, other.path);
    copy_file(log, copy);
    rig_check_once(&other, messages);
}

static void commit_message(struct rig *rig, uint64_t ticket)
{
    rig_add_message(rig, ticket);
    store_flush(rig->store);
    assert_true(rig_wait(&rig->committed, ticket));
}

/* @take does something to the log, which is open. */
static void a_log_is_made_anew(struct rig *rig,
                               void (*take)(const char *log, const char *older))
{
    char log[4096];
    char older[4096];
    struct store_status status;
    name_part(rig, "-wal", log);
    name_part(rig, "-older", older);
    rig_open(rig);
    rig_run(rig);
    uint64_t epoch = store_epoch(rig->store);
    commit_message(rig, 1);
    copy_file(log, older);
    commit_message(rig, 2);
    take(log, older);
    commit_message(rig, 3);
    check_names(rig, 3);
    commit_message(rig, 4);
    check_names(rig, 4);
    store_status(rig->store, &status);
    assert_non_null(strstr(status.notice, "nothing is lost"));
    assert_int_equal(status.failures, 0);
    rig_restart(rig);
    assert_true(store_epoch(rig->store) == epoch);
    rig_check_once(rig, 4);
}

static void delete_log(const char *log, const char *older)
{
    (void)older;
    assert_int_equal(unlink(log), 0);
}

static void replace_log(const char *log, const char *older)
{
    assert_int_equal(rename(older, log), 0);
}

static void a_deleted_log_is_made_anew(void **state)
{
    a_log_is_made_anew(*state, delete_log);
}

static void a_log_that_another_one_replaced_is_made_anew(void **state)
{
    a_log_is_made_anew(*state, replace_log);
}

/* Nothing is to be written; whoever reads by the old log goes on by the new one. */
static void a_log_is_made_anew_though_nothing_is_written(void **state)
{
    struct rig *rig = *state;
    char log[4096];
    struct outbox *o = NULL;
    struct outbox_row row = {0};
    name_part(rig, "-wal", log);
    rig_open(rig);
    rig_run(rig);
    commit_message(rig, 1);
    assert_int_equal(outbox_open(rig->path, &o, NULL), 0);
    assert_int_equal(outbox_next(o, -1, 0, 0, &row, NULL), 1);
    assert_int_equal(unlink(log), 0);
    store_acknowledge(rig->store, 1, 1, 1); /* of no epoch: wakes the thread alone */
    struct store_status status = {0};
    for (int i = 0; i < 5000 && !status.notice[0]; i++) {
        (void)poll(NULL, 0, 1);
        store_status(rig->store, &status);
    }
    check_names(rig, 1);
    commit_message(rig, 2);
    if (outbox_next(o, -1, row.epoch, 1, &row, NULL) < 0)
        assert_int_equal(outbox_next(o, -1, row.epoch, 1, &row, NULL), 1);
    assert_int_equal(row.seq, 2);
    outbox_close(o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(a_file_that_was_taken_away_acknowledges_nothing),
        RIG_TEST(a_deleted_file_is_written_anew),
        RIG_TEST(a_file_that_was_deleted_with_its_log_is_written_anew),
        RIG_TEST(a_deleted_log_is_made_anew),
        RIG_TEST(a_log_that_another_one_replaced_is_made_anew),
        RIG_TEST(a_log_is_made_anew_though_nothing_is_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
