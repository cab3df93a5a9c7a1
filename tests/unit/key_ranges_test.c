#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/key_ranges.h"

enum { KEYS = 40, STEPS = 2000 };

struct rig {
    sqlite3 *db;
    struct key_ranges ranges;
};

static int set_up(void **state)
{
    struct rig *rig = calloc(1, sizeof(*rig));
    *state = rig;
    bool is_ready = rig && sqlite3_open(":memory:", &rig->db) == SQLITE_OK
                    && sqlite3_exec(rig->db,
                                    "CREATE TABLE keys (first INTEGER PRIMARY KEY,"
                                    " last INTEGER NOT NULL) STRICT",
                                    NULL, NULL, NULL)
                           == SQLITE_OK
                    && key_ranges_open(&rig->ranges, rig->db, "keys") == SQLITE_OK;
    return is_ready ? 0 : -1;
}

static int tear_down(void **state)
{
    struct rig *rig = *state;
    key_ranges_close(&rig->ranges);
    int rc = sqlite3_close(rig->db);
    free(rig);
    return rc;
}

static uint64_t add(struct rig *rig, int64_t first, int64_t last)
{
    uint64_t added = 0;
    assert_int_equal(key_ranges_add(&rig->ranges, &first, &last, &added), SQLITE_OK);
    return added;
}

static uint64_t take_away(struct rig *rig, int64_t first, int64_t last)
{
    uint64_t removed = 0;
    assert_int_equal(key_ranges_remove(&rig->ranges, first, last, &removed), SQLITE_OK);
    return removed;
}

/* As "1-3,7-7". */
static const char *ranges_of(struct rig *rig)
{
    static char text[1024];
    sqlite3_stmt *st = NULL;
    assert_int_equal(sqlite3_prepare_v2(rig->db,
                                        "SELECT group_concat(first || '-' || last) FROM"
                                        " (SELECT first, last FROM keys ORDER BY first)",
                                        -1, &st, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_step(st), SQLITE_ROW);
    const unsigned char *found = sqlite3_column_text(st, 0);
    (void)snprintf(text, sizeof(text), "%s", found ? (const char *)found : "");
    (void)sqlite3_finalize(st);
    return text;
}

static void ranges_that_touch_or_overlap_are_one(void **state)
{
    assert_int_equal(add(*state, 5, 6), 2);
    assert_int_equal(add(*state, 1, 2), 2);
    assert_string_equal(ranges_of(*state), "1-2,5-6");
    assert_int_equal(add(*state, 3, 3), 1);
    assert_string_equal(ranges_of(*state), "1-3,5-6");
    assert_int_equal(add(*state, 2, 9), 4);
    assert_string_equal(ranges_of(*state), "1-9");
    assert_int_equal(add(*state, 4, 5), 0);
}

static void what_is_added_says_of_which_range_it_is_now(void **state)
{
    struct rig *rig = *state;
    int64_t first = 4;
    int64_t last = 4;
    uint64_t added = 0;
    (void)add(rig, 1, 3);
    (void)add(rig, 5, 8);
    assert_int_equal(key_ranges_add(&rig->ranges, &first, &last, &added), SQLITE_OK);
    assert_true(first == 1 && last == 8 && added == 1);
}

static void what_is_removed_leaves_both_sides(void **state)
{
    (void)add(*state, 1, 9);
    assert_int_equal(take_away(*state, 4, 5), 2);
    assert_string_equal(ranges_of(*state), "1-3,6-9");
    assert_int_equal(take_away(*state, 3, 6), 2);
    assert_string_equal(ranges_of(*state), "1-2,7-9");
    assert_int_equal(take_away(*state, 0, 99), 5);
    assert_string_equal(ranges_of(*state), "");
    assert_int_equal(take_away(*state, 0, 99), 0);
}

/* The ranges that a row of flags makes. */
static const char *ranges_in(const bool *has)
{
    static char text[1024];
    size_t used = 0;
    text[0] = '\0';
    for (int i = 0; i < KEYS; i++) {
        int first = i;
        while (i < KEYS && has[i])
            i++;
        if (i > first)
            used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%d-%d",
                                     used ? "," : "", first, i - 1);
    }
    return text;
}

/* Each step beside a plain row of flags. */
static void any_order_of_steps_leaves_the_same_keys(void **state)
{
    bool has[KEYS] = {false};
    uint32_t chance = 1;
    for (int step = 0; step < STEPS; step++) {
        chance = chance * 1664525u + 1013904223u;
        bool adds = chance >> 31;
        int first = (int)((chance >> 8) % KEYS);
        int last = first + (int)((chance >> 16) % 6);
        last = last < KEYS ? last : KEYS - 1;
        uint64_t changed = 0;
        for (int i = first; i <= last; i++) {
            changed += has[i] != adds;
            has[i] = adds;
        }
        assert_int_equal(adds ? add(*state, first, last) : take_away(*state, first, last),
                         changed);
        assert_string_equal(ranges_of(*state), ranges_in(has));
    }
}

#define RANGES_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        RANGES_TEST(ranges_that_touch_or_overlap_are_one),
        RANGES_TEST(what_is_added_says_of_which_range_it_is_now),
        RANGES_TEST(what_is_removed_leaves_both_sides),
        RANGES_TEST(any_order_of_steps_leaves_the_same_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
