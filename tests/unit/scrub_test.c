/* Damage that nobody meets: found by reading all of the file, and only damage. */
#include "salvage_rig.h"

#include "store/committer.h"
#include "store/scrub.h"

enum { SLICE_US = 100000 };

static void add_alarm(struct rig *rig, uint64_t uid)
{
    char object[32];
    static const char bytes[700] = "kept";
    (void)snprintf(object, sizeof(object), "b1-%03d", (int)uid);
    rig_add(rig, rig_transition(uid, "EY-01", object, 1000 * (int64_t)uid));
    rig_add(rig, (struct gw_record){.kind = GW_RECORD_STATE,
                                    .state = {"alarm", object, bytes, sizeof(bytes)}});
}

/* Trees of several levels, rows that go on in other pages; closed. */
static void make_file(struct rig *rig)
{
    uint32_t points[POINTS];
    uint16_t buses[BUSES];
    fill(rig, points, buses);
    rig->store = store_close(rig->store);
}

/* A whole round of the file: the page that does not look sound, 0 = none. */
static uint32_t scrub_round(const char *path)
{
    struct scrub scrub = {0};
    uint32_t page = 0;
    int r = 0;
    do
        r = scrub_slice(&scrub, path, clock_machine_us() + SLICE_US, &page);
    while (r == 0 && scrub.done < pages_count(scrub.pages));
    assert_in_range(r, 0, 1);
    if (r == 1)
        assert_true(scrub_is_broken(&scrub, page));
    scrub_done(&scrub);
    return r == 1 ? page : 0;
}

static void a_sound_file_is_passed_at_every_age(void **state)
{
    struct rig *rig = *state;
    make_file(rig);
    assert_int_equal(scrub_round(rig->path), 0);
    rig_open(rig);
    rig_run(rig);
    for (uint64_t i = 1; i <= 20; i++) { /* days in which all readings go, and come */
        clock_set((int64_t)i * INT64_C(61000000), (int64_t)i * INT64_C(3600000000));
        for (int k = 0; k < 300; k++)
            rig_add(rig, rig_reading(1, k, (int64_t)i * INT64_C(3600000000) + k * 1000));
        add_alarm(rig, ALARMS + i);
        store_acknowledge(rig->store, store_epoch(rig->store), i, i + 3);
        store_flush(rig->store);
        rig->store = store_close(rig->store);
        assert_int_equal(scrub_round(rig->path), 0);
        rig_open(rig);
        rig_run(rig);
    }
}

/* Of a tree, and with rows: what stands on an empty one matters to nobody. */
static bool is_node(const char *path, off_t page)
{
    unsigned char header[5] = {0};
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    assert_int_equal(pread(fd, header, 5, page * DATABASE_PAGE_BYTES), 5);
    close(fd);
    bool is_one = header[0] == 2 || header[0] == 5 || header[0] == 10 || header[0] == 13;
    return is_one && (header[3] || header[4]);
}

/* What a card gives for a page that it has lost. */
static void any_lost_page_of_a_tree_is_found(void **state)
{
    struct rig *rig = *state;
    char copy[128];
    char lost[3][DATABASE_PAGE_BYTES] = {{0}};
    unsigned nodes = 0;
    make_file(rig);
    for (size_t i = 0; i < DATABASE_PAGE_BYTES; i++)
        lost[1][i] = (char)(i * 131 + 7);
    memset(lost[2], 0xFF, DATABASE_PAGE_BYTES);
    (void)snprintf(copy, sizeof(copy), "%s.copy", rig->path);
    off_t pages = size_of(rig->path) / DATABASE_PAGE_BYTES;
    for (off_t page = 1; page < pages; page += page < 40 ? 1 : 7) {
        if (!is_node(rig->path, page))
            continue;
        copy_file(rig->path, copy);
        write_at(copy, lost[nodes++ % 3], DATABASE_PAGE_BYTES,
                 page * DATABASE_PAGE_BYTES);
        if (scrub_round(copy) == 0)
            fail_msg("page %d is broken, and passed", (int)page + 1);
    }
    assert_true(nodes > 40);
}

/* What is lost within one long text has no form that could be wrong. */
static void a_lost_sector_within_a_page_of_a_tree_is_found(void **state)
{
    struct rig *rig = *state;
    char copy[128];
    char sector[512];
    unsigned nodes = 0;
    unsigned found = 0;
    memset(sector, 0xA5, sizeof(sector));
    make_file(rig);
    (void)snprintf(copy, sizeof(copy), "%s.copy", rig->path);
    off_t pages = size_of(rig->path) / DATABASE_PAGE_BYTES;
    for (off_t page = 1; page < pages; page += page < 40 ? 1 : 7) {
        if (!is_node(rig->path, page))
            continue;
        copy_file(rig->path, copy);
        write_at(copy, sector, sizeof(sector), page * DATABASE_PAGE_BYTES + 512);
        nodes++;
        found += scrub_round(copy) > 0;
    }
    assert_true(nodes > 40 && found > nodes * 9 / 10);
}

/* A version in the log counts, until it is in the file. */
static void a_page_that_the_log_replaces_is_not_broken(void **state)
{
    struct rig *rig = *state;
    struct committer committer = {0};
    struct store_ops ops = {0};
    struct gw_error err = {0};
    static const char zeros[DATABASE_PAGE_BYTES];
    make_file(rig);
    committer.path = rig->path;
    committer.ops = &ops;
    assert_int_equal(committer_open(&committer, &err), 0);
    assert_int_equal(
        database_execute(committer.db, "UPDATE readings SET value = -1", &err), 0);
    off_t last = size_of(rig->path) - DATABASE_PAGE_BYTES;
    for (off_t at = DATABASE_PAGE_BYTES; at <= last; at += DATABASE_PAGE_BYTES) {
        int64_t is_leaf = 0;
        char sql[128];
        (void)snprintf(sql, sizeof(sql),
                       "SELECT count(*) FROM dbstat WHERE pageno = %d AND name ="
                       " 'readings' AND pagetype = 'leaf'",
                       (int)(at / DATABASE_PAGE_BYTES) + 1);
        assert_int_equal(database_number(committer.db, sql, &is_leaf, &err), 0);
        if (is_leaf)
            write_at(rig->path, zeros, sizeof(zeros), at);
    }
    for (int i = 0; i < 10; i++)
        assert_int_equal(committer_scrub(&committer, &err), 0);
    committer_close(&committer);
    scrub_done(&committer.scrub);
}

/* Nobody reads: the store's own reading of the file finds it, and what follows is as when
 * somebody had met it. */
static void a_running_store_finds_what_nobody_meets(void **state)
{
    struct rig *rig = *state;
    struct store_status status = {0};
    static const char zeros[8 * DATABASE_PAGE_BYTES];
    char name[512];
    make_file(rig);
    rig_open(rig);
    rig_run(rig);
    write_at(rig->path, zeros, sizeof(zeros), size_of(rig->path) / 2);
    for (int64_t i = 1; i <= 100 && !status.notice[0]; i++) {
        clock_set(i * 61000000, 0);
        add_alarm(rig, 1000 + (uint64_t)i); /* turns the store's thread */
        store_flush(rig->store);
        (void)poll(NULL, 0, 5);
        store_status(rig->store, &status);
    }
    assert_non_null(strstr(status.notice, "the database was broken"));
    assert_int_equal(count_broken(rig, name, sizeof(name)), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(a_sound_file_is_passed_at_every_age),
        RIG_TEST(any_lost_page_of_a_tree_is_found),
        RIG_TEST(a_lost_sector_within_a_page_of_a_tree_is_found),
        RIG_TEST(a_page_that_the_log_replaces_is_not_broken),
        RIG_TEST(a_running_store_finds_what_nobody_meets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
