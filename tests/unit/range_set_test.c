#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>

#include "ingest/range_set.h"

static bool add(struct range_set *s, uint64_t seq)
{
    bool is_new = false;
    assert_int_equal(range_set_add(s, seq, &is_new), 0);
    return is_new;
}

static void assert_is(const struct range_set *s, const char *expected)
{
    struct strbuf text = {0};
    range_set_write(s, &text);
    assert_string_equal(text.text, expected);
    strbuf_free(&text);
}

static void numbers_join_their_neighbours(void **state)
{
    (void)state;
    struct range_set s = {0};
    assert_is(&s, "{}");
    assert_true(add(&s, 5));
    assert_true(add(&s, 3));
    assert_is(&s, "{[3,4),[5,6)}");
    assert_true(add(&s, 4));
    assert_is(&s, "{[3,6)}");
    assert_true(add(&s, 2));
    assert_true(add(&s, 6));
    assert_is(&s, "{[2,7)}");
    assert_false(add(&s, 2));
    assert_false(add(&s, 4));
    assert_false(add(&s, 6));
    assert_is(&s, "{[2,7)}");
    range_set_clear(&s);
}

/* Against a plain list of what was added. */
static void any_order_gives_the_same_set(void **state)
{
    (void)state;
    enum { NUMBERS = 400 };
    bool is_there[NUMBERS + 2] = {false};
    struct range_set s = {0};
    srand(7);
    for (int i = 0; i < 2000; i++) {
        size_t seq = 1 + (size_t)rand() % NUMBERS;
        assert_int_equal(add(&s, seq), !is_there[seq]);
        is_there[seq] = true;
        for (size_t n = 0; i % 97 == 0 && n <= NUMBERS + 1; n++)
            assert_int_equal(range_set_find(&s, n) != NULL, is_there[n]);
        for (size_t n = 1; n < s.count; n++)
            assert_true(s.items[n - 1].to + 1 < s.items[n].from);
    }
    range_set_clear(&s);
}

static void what_is_written_is_read_again(void **state)
{
    (void)state;
    struct range_set s = {0};
    assert_int_equal(range_set_read(&s, "{[1,19),[21,25),[9223372036854775806,"
                                        "9223372036854775807)}"),
                     0);
    assert_int_equal(s.count, 3);
    assert_int_equal(range_set_find(&s, 18)->from, 1);
    assert_null(range_set_find(&s, 19));
    assert_is(&s, "{[1,19),[21,25),[9223372036854775806,9223372036854775807)}");
    range_set_clear(&s);
    assert_int_equal(range_set_read(&s, "{}"), 0);
    assert_int_equal(s.count, 0);
}

static void fill(struct range_set *s, const bool *is_there, size_t count)
{
    for (size_t n = 1; n <= count; n++)
        if (is_there[n])
            (void)add(s, n);
}

/* Against plain lists: what is in one, in both, and in the first alone. */
static void sets_are_joined_cut_and_subtracted(void **state)
{
    (void)state;
    enum { NUMBERS = 60 };
    srand(11);
    for (int round = 0; round < 500; round++) {
        bool x[NUMBERS + 1] = {false}, y[NUMBERS + 1] = {false};
        struct range_set a = {0}, b = {0}, both = {0}, left = {0};
        for (size_t n = 1; n <= NUMBERS; n++) {
            x[n] = rand() % 3 > 0;
            y[n] = rand() % 4 == 0;
        }
        fill(&a, x, NUMBERS);
        fill(&b, y, NUMBERS);
        assert_int_equal(range_set_intersect(&a, &b, &both), 0);
        assert_int_equal(range_set_subtract(&a, &b, &left), 0);
        uint64_t from = 1 + (uint64_t)rand() % NUMBERS;
        uint64_t to = from + (uint64_t)rand() % (NUMBERS + 1 - from);
        assert_int_equal(range_set_join(&a, (struct archive_range){from, to}), 0);
        uint64_t rows = 0;
        for (size_t n = 1; n <= NUMBERS; n++) {
            bool is_joined = x[n] || (n >= from && n <= to);
            rows += is_joined;
            assert_int_equal(range_set_find(&a, n) != NULL, is_joined);
            assert_int_equal(range_set_find(&both, n) != NULL, x[n] && y[n]);
            assert_int_equal(range_set_find(&left, n) != NULL, x[n] && !y[n]);
        }
        assert_int_equal(range_set_rows(&a), rows);
        for (size_t i = 1; i < a.count; i++)
            assert_true(a.items[i].from > a.items[i - 1].to + 1);
        range_set_clear(&a);
        range_set_clear(&b);
        range_set_clear(&both);
        range_set_clear(&left);
    }
}

static void what_is_no_set_is_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {"",
                                        "{",
                                        "{[1,3)",
                                        "{(1,3)}",
                                        "{[3,1)}",
                                        "{[1,)}",
                                        "{[1,3),[3,5)}",
                                        "{[1,3]}",
                                        "{[1,3)} ",
                                        "{[1,3),}",
                                        "{[-1,3)}",
                                        "{[,3)}",
                                        "{[5,7),[1,3)}"};
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        struct range_set s = {0};
        assert_int_equal(range_set_read(&s, wrong[i]), -EINVAL);
        range_set_clear(&s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_join_their_neighbours),
        cmocka_unit_test(any_order_gives_the_same_set),
        cmocka_unit_test(what_is_written_is_read_again),
        cmocka_unit_test(sets_are_joined_cut_and_subtracted),
        cmocka_unit_test(what_is_no_set_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
