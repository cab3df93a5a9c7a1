#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "uplink/ranges.h"

static int set_up(void **state)
{
    return ranges_new((struct ranges **)state);
}

static int tear_down(void **state)
{
    *state = ranges_free(*state);
    return 0;
}

static void note_piece(void *ctx, uint64_t epoch, uint64_t from, uint64_t to)
{
    char *text = ctx;
    size_t used = strlen(text);
    (void)snprintf(text + used, 200 - used, "%" PRIu64 ":%" PRIu64 "-%" PRIu64 " ", epoch,
                   from, to);
}

/* What was new of [from, to] of epoch 7. */
static const char *added(struct ranges *r, uint64_t from, uint64_t to)
{
    static char text[200];
    text[0] = '\0';
    ranges_add(r, 7, from, to, note_piece, text);
    return text;
}

static void only_what_was_not_there_is_told(void **state)
{
    struct ranges *r = *state;
    assert_string_equal(added(r, 3, 5), "7:3-5 ");
    assert_string_equal(added(r, 3, 5), "");
    assert_string_equal(added(r, 9, 9), "7:9-9 ");
    assert_string_equal(added(r, 1, 12), "7:1-2 7:6-8 7:10-12 ");
    assert_string_equal(added(r, 4, 20), "7:13-20 ");
    assert_int_equal(ranges_count(r), 1);
}

static void ranges_that_touch_are_one(void **state)
{
    struct ranges *r = *state;
    (void)added(r, 1, 3);
    (void)added(r, 7, 9);
    assert_int_equal(ranges_count(r), 2);
    assert_string_equal(added(r, 4, 6), "7:4-6 ");
    assert_int_equal(ranges_count(r), 1);
    assert_true(ranges_holds(r, 7, 9));
    assert_false(ranges_holds(r, 7, 10));
}

static void epochs_are_kept_apart(void **state)
{
    struct ranges *r = *state;
    (void)added(r, 1, 3);
    char text[200] = "";
    ranges_add(r, 6, 2, 4, note_piece, text);
    ranges_add(r, 8, 2, 4, note_piece, text);
    assert_string_equal(text, "6:2-4 8:2-4 ");
    assert_false(ranges_holds(r, 7, 4));
    assert_true(ranges_holds(r, 6, 4));
    assert_int_equal(ranges_count(r), 3);
}

static void full_set_forgets_what_was_added_first(void **state)
{
    struct ranges *r = *state;
    for (uint64_t i = 1; i <= RANGES_MAX + 1; i++)
        (void)added(r, 10 * i, 10 * i);
    assert_int_equal(ranges_count(r), RANGES_MAX);
    assert_false(ranges_holds(r, 7, 10));
    assert_true(ranges_holds(r, 7, 20));
    assert_true(ranges_holds(r, 7, 10 * (RANGES_MAX + 1)));
}

/* The set against a plain table of seqs, over every order of a small pseudo-random
 * walk. */
static void set_agrees_with_a_plain_table(void **state)
{
    struct ranges *r = *state;
    bool table[101] = {false};
    uint32_t step = 1;
    for (int i = 0; i < 300; i++) {
        step = step * 1103515245u + 12345u;
        uint64_t from = 1 + (step >> 16) % 90;
        uint64_t to = from + (step >> 8) % 10;
        ranges_add(r, 7, from, to, NULL, NULL);
        for (uint64_t seq = from; seq <= to; seq++)
            table[seq] = true;
        for (uint64_t seq = 1; seq <= 100; seq++)
            assert_int_equal(ranges_holds(r, 7, seq), table[seq]);
    }
}

static void what_is_removed_is_not_there(void **state)
{
    struct ranges *r = *state;
    (void)added(r, 1, 20);
    ranges_add(r, 8, 1, 20, NULL, NULL);
    ranges_remove(r, 7, 5, 6);
    ranges_remove(r, 7, 10, 10);
    ranges_remove(r, 7, 18, 90);
    ranges_remove(r, 7, 30, 31);
    assert_int_equal(ranges_count(r), 4);
    assert_string_equal(added(r, 1, 25), "7:5-6 7:10-10 7:18-25 ");
    ranges_remove(r, 7, 1, 100);
    assert_false(ranges_holds(r, 7, 3));
    assert_true(ranges_holds(r, 8, 3));
    assert_int_equal(ranges_count(r), 1);
}

/* Half of one that is cut in two gives way. */
static void a_full_set_stays_in_its_bounds_when_it_is_cut(void **state)
{
    struct ranges *r = *state;
    for (uint64_t seq = 1; ranges_count(r) < RANGES_MAX; seq += 10)
        (void)added(r, seq, seq + 2);
    ranges_remove(r, 7, 2, 2);
    assert_int_equal(ranges_count(r), RANGES_MAX);
    assert_false(ranges_holds(r, 7, 2));
}

int main(void)
{
#define WITH_RANGES(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        WITH_RANGES(only_what_was_not_there_is_told),
        WITH_RANGES(ranges_that_touch_are_one),
        WITH_RANGES(epochs_are_kept_apart),
        WITH_RANGES(full_set_forgets_what_was_added_first),
        WITH_RANGES(set_agrees_with_a_plain_table),
        WITH_RANGES(what_is_removed_is_not_there),
        WITH_RANGES(a_full_set_stays_in_its_bounds_when_it_is_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
