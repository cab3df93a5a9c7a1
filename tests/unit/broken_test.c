/* Broken files beside the new one: how many stay, and a replacement that is cut. */
#include "broken_rig.h"

static void only_the_newest_broken_files_stay(void **state)
{
    struct rig *rig = *state;
    static const char zeros[100];
    char name[512];
    for (int i = 0; i < 6; i++) {
        clock_set(1, INT64_C(1767225600000000) + i * INT64_C(1000000));
        rig_open(rig);
        rig->store = store_close(rig->store);
        write_at(rig->path, zeros, sizeof(zeros), 0);
    }
    rig_open(rig);
    assert_int_equal(count_broken(rig, name, sizeof(name)), 3);
    (void)snprintf(name, sizeof(name), "%s.broken-20260101T000005Z", rig->path);
    assert_int_equal(access(name, F_OK), 0);
}

static void a_replacement_that_was_cut_is_finished(void **state)
{
    struct rig *rig = *state;
    char new_name[128];
    uint32_t id = 0;
    uint32_t again = 0;
    (void)snprintf(new_name, sizeof(new_name), "%s.new", rig->path);
    rig_open(rig);
    assert_int_equal(store_point_id(rig->store, "b1-203/co2", &id, NULL), 0);
    assert_int_equal(store_point_id(rig->store, "b1-203/noise", &id, NULL), 0);
    rig_run(rig);
    rig->store = store_close(rig->store);
    assert_int_equal(rename(rig->path, new_name), 0);
    rig_open(rig);
    assert_int_equal(store_point_id(rig->store, "b1-203/noise", &again, NULL), 0);
    assert_int_equal(again, id);
    rig->store = store_close(rig->store);
    copy_file(rig->path, new_name);
    assert_int_equal(truncate(new_name, 5000), 0);
    rig_open(rig);
    assert_int_equal(access(new_name, F_OK), -1);
}

/* An empty folder again. */
static void start_over(struct rig *rig)
{
    DIR *dir = opendir(rig->folder);
    for (struct dirent *e = readdir(dir); e; e = readdir(dir))
        if (e->d_name[0] != '.')
            (void)unlinkat(dirfd(dir), e->d_name, 0);
    closedir(dir);
}

/* As a kill leaves it: the log beside the file. */
static void die(struct rig *rig)
{
    char copy[128];
    char wal[128];
    char copy_wal[160];
    (void)snprintf(copy, sizeof(copy), "%s.copy", rig->path);
    (void)snprintf(wal, sizeof(wal), "%s-wal", rig->path);
    (void)snprintf(copy_wal, sizeof(copy_wal), "%s-wal", copy);
    copy_file(rig->path, copy);
    copy_file(wal, copy_wal);
    rig->store = store_close(rig->store);
    assert_int_equal(rename(copy, rig->path), 0);
    assert_int_equal(rename(copy_wal, wal), 0);
}

/* What it says is made anew from the log. */
static void write_shm(struct rig *rig)
{
    static const char zeros[32768];
    char shm[128];
    (void)snprintf(shm, sizeof(shm), "%s-shm", rig->path);
    close(open(shm, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
    write_at(shm, zeros, sizeof(zeros), 0);
}

/* Alarms in transactions of their own, and a kill. */
static void raise_and_die(struct rig *rig, uint64_t count)
{
    rig_open(rig);
    rig_run(rig);
    for (uint64_t uid = 1; uid <= count; uid++) {
        rig_add(rig, rig_transition(uid, "TF-01", "panic-gate", 1000));
        store_flush(rig->store);
    }
    die(rig);
}

/* SQLite drops a log from its first bad frame on, and tells nobody. */
static void a_flip_in_the_log_loses_no_alarm_and_is_told(void **state)
{
    enum { ALARMS = 8 };
    struct rig *rig = *state;
    struct store_status status = {0};
    char wal[128];
    char name[512];
    raise_and_die(rig, ALARMS);
    (void)snprintf(wal, sizeof(wal), "%s-wal", rig->path);
    off_t half = size_of(wal) / 2;
    int fd = open(wal, O_RDONLY | O_CLOEXEC);
    unsigned char byte = 0;
    assert_int_equal(pread(fd, &byte, 1, half), 1);
    close(fd);
    byte ^= 0x10;
    write_at(wal, &byte, 1, half);
    rig_open(rig);
    assert_int_equal(count_broken(rig, name, sizeof(name)), 1);
    rig_run(rig);
    assert_int_equal(store_last_alarm_uid(rig->store), ALARMS);
    assert_int_equal(rig_number(rig, "SELECT max(uid) FROM transitions"), ALARMS);
    store_status(rig->store, &status);
    assert_non_null(strstr(status.notice, "kept as"));
}

/* An empty file, and none, where a store has run are no first start: told, and what the
 * log has is taken over. */
static void an_emptied_database_is_no_first_start(void **state)
{
    enum { ALARMS = 4 };
    struct rig *rig = *state;
    struct store_status status = {0};
    char wal[128];
    char name[512];
    (void)snprintf(wal, sizeof(wal), "%s-wal", rig->path);
    for (int i = 0; i < 4; i++) {
        bool has_log = i < 2;
        raise_and_die(rig, ALARMS);
        assert_int_equal(i % 2 ? unlink(rig->path) : truncate(rig->path, 0), 0);
        assert_int_equal(has_log ? 0 : unlink(wal), 0);
        rig_open(rig);
        assert_int_equal(count_broken(rig, name, sizeof(name)), 1);
        assert_int_equal(store_last_alarm_uid(rig->store), has_log ? ALARMS : 0);
        store_status(rig->store, &status);
        assert_non_null(strstr(status.notice, "all else that it held is lost"));
        assert_null(strstr(status.notice, "no row is known to be lost"));
        assert_int_equal(rig_number(rig, "SELECT count(*) FROM transitions"),
                         has_log ? ALARMS : 0);
        rig->store = store_close(rig->store);
        start_over(rig);
    }
}

static bool is_told(struct rig *rig)
{
    struct store_status status = {0};
    store_status(rig->store, &status);
    return strstr(status.notice, "kept as") != NULL;
}

/* Broken, replaced at the start, and alarms since. */
static void break_and_replace(struct rig *rig)
{
    static const char zeros[100];
    raise_and_die(rig, 2);
    rig_open(rig); /* its log goes into the file */
    rig->store = store_close(rig->store);
    write_at(rig->path, zeros, sizeof(zeros), 0);
    rig_open(rig);
    rig_run(rig);
    store_flush(rig->store);
}

/* Who told of it may have been killed before anybody heard. */
static void a_replacement_is_told_again_after_a_kill(void **state)
{
    struct rig *rig = *state;
    break_and_replace(rig);
    assert_true(is_told(rig));
    die(rig);
    rig_open(rig);
    assert_true(is_told(rig));
    rig->store = store_close(rig->store); /* in order, but nobody has heard of it yet */
    rig_open(rig);
    assert_true(is_told(rig));
}

static void a_stop_in_order_ends_what_was_heard(void **state)
{
    struct rig *rig = *state;
    break_and_replace(rig);
    store_heard(rig->store);
    die(rig); /* no stop in order */
    rig_open(rig);
    assert_true(is_told(rig));
    store_heard(rig->store);
    rig->store = store_close(rig->store);
    rig_open(rig);
    assert_false(is_told(rig));
}

static void move(const char *from, const char *to, const char *part)
{
    char source[256];
    char target[256];
    (void)snprintf(source, sizeof(source), "%s%s", from, part);
    (void)snprintf(target, sizeof(target), "%s%s", to, part);
    assert_int_equal(rename(source, target), 0);
}

/* The old file, its log and its shared memory are moved, then the new file: after each
 * the power may go.  The old log is never replayed into the new file. */
static void a_cut_between_any_two_renames_is_finished(void **state)
{
    static const char *const old_parts[] = {"", "-wal", "-shm"};
    enum { ALARMS = 6, MOVES = 4 };
    struct rig *rig = *state;
    char new_name[128];
    char moved[160];
    char moved_wal[176];
    char name[512];
    (void)snprintf(new_name, sizeof(new_name), "%s.new", rig->path);
    (void)snprintf(moved, sizeof(moved), "%s.broken-20260101T000000Z", rig->path);
    (void)snprintf(moved_wal, sizeof(moved_wal), "%s-wal", moved);
    for (int moves = 1; moves <= MOVES; moves++) {
        raise_and_die(rig, 1); /* the new one: closed, without a log */
        rig_open(rig);
        rig->store = store_close(rig->store);
        char kept[128];
        (void)snprintf(kept, sizeof(kept), "%s/kept", rig->folder);
        assert_int_equal(rename(rig->path, kept), 0);
        (void)snprintf(name, sizeof(name), "%s.reserve", rig->path);
        assert_int_equal(unlink(name), 0);
        raise_and_die(rig, ALARMS);
        write_shm(rig);
        assert_int_equal(rename(kept, new_name), 0);
        for (int i = 0; i < moves && i < MOVES - 1; i++)
            move(rig->path, moved, old_parts[i]);
        if (moves == MOVES)
            move(new_name, rig->path, "");
        rig_open(rig);
        assert_int_equal(rig_number(rig, "SELECT count(*) FROM transitions"), 1);
        assert_int_equal(rig_number(rig, "SELECT count(*) FROM pragma_integrity_check"
                                         " WHERE integrity_check = 'ok'"),
                         1);
        assert_int_equal(count_broken(rig, name, sizeof(name)), 1);
        assert_true(size_of(moved_wal) > 0);
        assert_int_equal(access(new_name, F_OK), -1);
        rig->store = store_close(rig->store);
        start_over(rig);
    }
}

static void a_cut_between_the_renames_is_told(void **state)
{
    struct rig *rig = *state;
    char new_name[128];
    (void)snprintf(new_name, sizeof(new_name), "%s.new", rig->path);
    break_and_replace(rig);
    rig->store = store_close(rig->store);
    assert_int_equal(rename(rig->path, new_name), 0);
    rig_open(rig);
    assert_true(is_told(rig));
    assert_int_equal(rig_number(rig, "SELECT count(*) FROM transitions"), 2);
}

/* Whoever began the new file had found the old one broken, be it where no start looks. */
static void a_replacement_that_was_cut_in_the_middle_begins_anew(void **state)
{
    struct rig *rig = *state;
    char new_name[128];
    char name[512];
    (void)snprintf(new_name, sizeof(new_name), "%s.new", rig->path);
    raise_and_die(rig, 2);
    copy_file(rig->path, new_name);
    assert_int_equal(truncate(new_name, 5000), 0);
    rig_open(rig);
    assert_true(is_told(rig));
    assert_int_equal(count_broken(rig, name, sizeof(name)), 1);
    assert_int_equal(access(new_name, F_OK), -1);
    assert_int_equal(rig_number(rig, "SELECT count(*) FROM transitions"), 2);
}

/* A folder without anything of a store is one. */
static void a_first_start_is_told_as_nothing(void **state)
{
    struct rig *rig = *state;
    struct store_status status = {0};
    char name[512];
    for (int is_empty = 0; is_empty < 2; is_empty++) {
        start_over(rig);
        if (is_empty)
            close(open(rig->path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
        rig_open(rig);
        store_status(rig->store, &status);
        assert_string_equal(status.notice, "");
        assert_int_equal(count_broken(rig, name, sizeof(name)), 0);
        rig->store = store_close(rig->store);
    }
}

/* What a kill leaves is whole: nothing is replaced. */
static void a_kill_is_no_damage(void **state)
{
    struct rig *rig = *state;
    char name[512];
    raise_and_die(rig, 8);
    rig_open(rig);
    assert_int_equal(count_broken(rig, name, sizeof(name)), 0);
    assert_int_equal(rig_number(rig, "SELECT count(*) FROM transitions"), 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(only_the_newest_broken_files_stay),
        RIG_TEST(a_replacement_that_was_cut_is_finished),
        RIG_TEST(a_flip_in_the_log_loses_no_alarm_and_is_told),
        RIG_TEST(a_kill_is_no_damage),
        RIG_TEST(an_emptied_database_is_no_first_start),
        RIG_TEST(a_cut_between_any_two_renames_is_finished),
        RIG_TEST(a_first_start_is_told_as_nothing),
        RIG_TEST(a_replacement_is_told_again_after_a_kill),
        RIG_TEST(a_stop_in_order_ends_what_was_heard),
        RIG_TEST(a_cut_between_the_renames_is_told),
        RIG_TEST(a_replacement_that_was_cut_in_the_middle_begins_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
