#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kept.h"

/* state   the daemon's folder; files: the administrator's, with one in a folder */
struct place {
    char root[64];
    char state[80];
    char files[80];
    struct kept kept;
};

static void put(const struct place *p, const char *name, const char *text)
{
    char path[256];
    (void)snprintf(path, sizeof(path), "%s/%s", p->root, name);
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    assert_true(fputs(text, out) >= 0);
    assert_int_equal(fclose(out), 0);
}

static bool holds(const struct place *p, uint64_t hash, const char *name,
                  const char *text)
{
    char path[KEPT_PATH_MAX + 64];
    char copy[KEPT_PATH_MAX];
    char read[128] = "";
    kept_path(&p->kept, hash, copy);
    (void)snprintf(path, sizeof(path), "%s/%s", copy, name);
    FILE *in = fopen(path, "r");
    if (!in)
        return false;
    read[fread(read, 1, sizeof(read) - 1, in)] = '\0';
    (void)fclose(in);
    return strcmp(read, text) == 0;
}

static int setup(void **state)
{
    struct place *p = calloc(1, sizeof(*p));
    assert_non_null(p);
    (void)snprintf(p->root, sizeof(p->root), "/tmp/kept-test-XXXXXX");
    assert_non_null(mkdtemp(p->root));
    (void)snprintf(p->state, sizeof(p->state), "%s/state", p->root);
    (void)snprintf(p->files, sizeof(p->files), "%s/files", p->root);
    char rules[96];
    (void)snprintf(rules, sizeof(rules), "%s/rules", p->files);
    assert_int_equal(mkdir(p->state, 0700), 0);
    assert_int_equal(mkdir(p->files, 0700), 0);
    assert_int_equal(mkdir(rules, 0700), 0);
    put(p, "files/gateway.yaml", "gateway: {id: a}\n");
    put(p, "files/rules/own.yaml", "rules: []\n");
    kept_open(&p->kept, p->state);
    *state = p;
    return 0;
}

static int teardown(void **state)
{
    struct place *p = *state;
    char command[128];
    (void)snprintf(command, sizeof(command), "rm -r '%s'", p->root);
    assert_int_equal(system(command), 0);
    free(p);
    return 0;
}

/* The daemon is killed and starts again: only what is on the disk counts. */
static void restart(struct place *p)
{
    kept_open(&p->kept, p->state);
}

static void confirm(struct place *p, uint64_t hash)
{
    assert_int_equal(kept_copy(&p->kept, p->files, hash, NULL), 0);
    p->kept.confirmed = hash;
    assert_int_equal(kept_write(&p->kept, NULL), 0);
}

static void try_out(struct place *p, uint64_t hash, int64_t window_us)
{
    kept_try(&p->kept, hash, window_us);
    assert_int_equal(kept_write(&p->kept, NULL), 0);
}

static void nothing_kept_is_confirmed_without_a_copy(void **state)
{
    struct place *p = *state;
    assert_int_equal(p->kept.standing, KEPT_CONFIRMED);
    assert_true(p->kept.confirmed == 0);
    assert_false(kept_choose(&p->kept, 5, true));
}

static void copy_has_every_file_and_nothing_else(void **state)
{
    struct place *p = *state;
    put(p, "files/.hidden.yaml", "a");
    put(p, "files/notes.txt", "a");
    confirm(p, 0xabc);
    assert_true(holds(p, 0xabc, "gateway.yaml", "gateway: {id: a}\n"));
    assert_true(holds(p, 0xabc, "rules/own.yaml", "rules: []\n"));
    assert_false(holds(p, 0xabc, ".hidden.yaml", "a"));
    assert_false(holds(p, 0xabc, "notes.txt", "a"));
}

static void copy_of_a_table_has_no_remarks(void **state)
{
    struct place *p = *state;
    put(p, "files/classes.csv",
        "# by Li\n班级,#班主任\n一班,Wang\n,Zhao\n# Sun\n二班,Qian\n");
    put(p, "files/names.csv", "Wu\n");
    put(p, "files/rules/rooms.csv", "Wu\n");
    confirm(p, 0xabc);
    assert_true(
        holds(p, 0xabc, "classes.csv", "\n\"班级\",\"#\"\n\"一班\",\n\n\n\"二班\",\n"));
    assert_false(holds(p, 0xabc, "names.csv", "Wu\n"));
    assert_false(holds(p, 0xabc, "rules/rooms.csv", "Wu\n"));
}

static void half_a_copy_of_a_kill_is_made_anew(void **state)
{
    struct place *p = *state;
    char draft[KEPT_PATH_MAX + 8];
    char path[KEPT_PATH_MAX];
    confirm(p, 1);
    kept_path(&p->kept, 2, path);
    (void)snprintf(draft, sizeof(draft), "%s.new", path);
    assert_int_equal(mkdir(draft, 0700), 0);
    put(p, "state/kept/0000000000000002.new/gone.yaml", "half");
    confirm(p, 2);
    assert_false(holds(p, 2, "gone.yaml", "half"));
    assert_true(holds(p, 2, "rules/own.yaml", "rules: []\n"));
    kept_clear(&p->kept);
    assert_false(holds(p, 1, "gateway.yaml", "gateway: {id: a}\n"));
    assert_true(holds(p, 2, "gateway.yaml", "gateway: {id: a}\n"));
}

static void everything_comes_back_after_a_kill(void **state)
{
    struct place *p = *state;
    confirm(p, UINT64_MAX);
    try_out(p, 7, INT64_C(3600) * 1000000);
    const struct kept before = p->kept;
    restart(p);
    assert_int_equal(p->kept.standing, KEPT_PENDING);
    assert_true(p->kept.confirmed == UINT64_MAX && p->kept.other == 7);
    assert_true(p->kept.until_us == before.until_us);
    assert_string_equal(p->kept.boot, before.boot);
}

static void another_boot_has_the_whole_time_again(void **state)
{
    struct place *p = *state;
    confirm(p, 1);
    kept_try(&p->kept, 7, INT64_C(3600) * 1000000);
    p->kept.until_us = 1; /* of a boot that ran much longer, or less */
    (void)snprintf(p->kept.boot, sizeof(p->kept.boot), "another");
    assert_int_equal(kept_write(&p->kept, NULL), 0);
    restart(p);
    assert_true(kept_left_us(&p->kept) > INT64_C(3590) * 1000000);
    assert_false(kept_choose(&p->kept, 7, false));
}

static void state_that_is_torn_is_confirmed_without_a_copy(void **state)
{
    static const char *const torn[] = {"",
                                       "{",
                                       "[]",
                                       "{\"confirmed\": 7}",
                                       "{\"standing\": \"pending\"}",
                                       "{\"standing\": 1, \"until_us\": \"x\"}"};
    struct place *p = *state;
    confirm(p, 1);
    for (size_t i = 0; i < sizeof(torn) / sizeof(torn[0]); i++) {
        put(p, "state/kept/state.json", torn[i]);
        restart(p);
        assert_true(p->kept.confirmed == 0);
        assert_false(kept_choose(&p->kept, 5, false));
    }
}

static void copy_that_is_gone_is_nothing_to_go_back_to(void **state)
{
    struct place *p = *state;
    confirm(p, 1);
    try_out(p, 7, 1000000);
    kept_remove(&p->kept, 1);
    restart(p);
    assert_int_equal(p->kept.standing, KEPT_CONFIRMED);
    assert_false(kept_choose(&p->kept, 7, true));
}

static void daemon_that_did_not_come_up_goes_back(void **state)
{
    struct place *p = *state;
    confirm(p, 1);
    try_out(p, 7, INT64_C(3600) * 1000000);
    restart(p);
    assert_false(kept_choose(&p->kept, 7, false));
    assert_int_equal(kept_write(&p->kept, NULL), 0);
    restart(p); /* killed before it was up */
    assert_true(kept_choose(&p->kept, 7, false));
    assert_int_equal(p->kept.standing, KEPT_RETURNED);
    assert_int_equal(kept_write(&p->kept, NULL), 0);
    restart(p);
    assert_true(kept_choose(&p->kept, 7, false));
    assert_false(kept_choose(&p->kept, 8, false)); /* somebody wrote other files */
    assert_int_equal(p->kept.standing, KEPT_CONFIRMED);
}

static void time_that_ended_while_it_was_down_goes_back(void **state)
{
    struct place *p = *state;
    confirm(p, 1);
    try_out(p, 7, 0);
    restart(p);
    assert_true(kept_choose(&p->kept, 7, false));
}

/* Files written while others are tried are tried as well, and left with them. */
static void files_of_the_last_start_are_the_ones_that_are_left(void **state)
{
    struct place *p = *state;
    confirm(p, 1);
    try_out(p, 7, INT64_C(3600) * 1000000);
    restart(p);
    assert_false(kept_choose(&p->kept, 8, false));
    p->kept.standing = KEPT_RETURNED; /* its time is over */
    assert_int_equal(kept_write(&p->kept, NULL), 0);
    restart(p);
    assert_true(kept_choose(&p->kept, 8, false));
}

#define KEPT_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        KEPT_TEST(nothing_kept_is_confirmed_without_a_copy),
        KEPT_TEST(copy_has_every_file_and_nothing_else),
        KEPT_TEST(copy_of_a_table_has_no_remarks),
        KEPT_TEST(half_a_copy_of_a_kill_is_made_anew),
        KEPT_TEST(everything_comes_back_after_a_kill),
        KEPT_TEST(another_boot_has_the_whole_time_again),
        KEPT_TEST(state_that_is_torn_is_confirmed_without_a_copy),
        KEPT_TEST(copy_that_is_gone_is_nothing_to_go_back_to),
        KEPT_TEST(daemon_that_did_not_come_up_goes_back),
        KEPT_TEST(time_that_ended_while_it_was_down_goes_back),
        KEPT_TEST(files_of_the_last_start_are_the_ones_that_are_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
