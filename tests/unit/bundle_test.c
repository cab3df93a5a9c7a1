#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "uplink/bundle.h"

static int setup(void **state)
{
    return bundle_new((struct bundle **)state);
}

static int teardown(void **state)
{
    bundle_free(*state);
    return 0;
}

static void add_rows(struct bundle *b, size_t count)
{
    for (size_t i = 0; i < count; i++)
        assert_true(bundle_add_row(b, "{}", 2) >= BUNDLE_FIRST_MID);
}

static void bodies_stand_in_an_array_as_they_are(void **state)
{
    struct bundle *b = *state;
    size_t size = 0;
    assert_int_equal(bundle_add(b, "{\"a\": 1}", 8), 0);
    assert_int_equal(bundle_add_row(b, "{ }", 3), BUNDLE_FIRST_MID);
    assert_int_equal(bundle_add_row(b, "[\"]\"]", 5), BUNDLE_FIRST_MID + 1);
    assert_int_equal(bundle_rows(b), 2);
    assert_string_equal(bundle_text(b, &size), "[{\"a\": 1},{ },[\"]\"]]");
    assert_int_equal(size, 20);
}

static void an_empty_one_has_no_text(void **state)
{
    size_t size = 7;
    assert_null(bundle_text(*state, &size));
    assert_int_equal(bundle_add(*state, "{}", 2), 0);
    bundle_clear(*state);
    assert_null(bundle_text(*state, &size));
    assert_int_equal(size, 7);
}

static void rows_are_bounded_by_number(void **state)
{
    struct bundle *b = *state;
    add_rows(b, BUNDLE_ROWS_MAX - 1);
    assert_true(bundle_has_room(b));
    add_rows(b, 1);
    assert_false(bundle_has_room(b));
}

/* The last body may go over the limit, by no more than a body can have. */
static void rows_are_bounded_by_bytes(void **state)
{
    struct bundle *b = *state;
    size_t size = BUNDLE_BYTES_MAX / 2;
    char *body = malloc(size);
    assert_non_null(body);
    memset(body, ' ', size);
    assert_true(bundle_add_row(b, body, size) > 0);
    assert_true(bundle_has_room(b));
    assert_true(bundle_add_row(b, body, size) > 0);
    assert_false(bundle_has_room(b));
    free(body);
}

static void too_large_is_halved_down_to_one_row(void **state)
{
    struct bundle *b = *state;
    size_t rows = 100;
    for (size_t expected = 50; expected > 1; expected /= 2) {
        add_rows(b, rows);
        assert_true(bundle_shrink(b));
        bundle_clear(b);
        for (rows = 0; bundle_has_room(b); rows++)
            add_rows(b, 1);
        assert_int_equal(rows, expected);
        bundle_clear(b);
    }
    add_rows(b, 1);
    assert_false(bundle_shrink(b));
}

static void limits_come_back_slowly_or_at_once(void **state)
{
    struct bundle *b = *state;
    add_rows(b, 16);
    assert_true(bundle_shrink(b));
    bundle_clear(b);
    bundle_grow(b);
    add_rows(b, 9);
    assert_true(bundle_has_room(b));
    add_rows(b, 1);
    assert_false(bundle_has_room(b));
    bundle_widen(b);
    add_rows(b, BUNDLE_ROWS_MAX - 11);
    assert_true(bundle_has_room(b));
}

#define BUNDLE_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        BUNDLE_TEST(bodies_stand_in_an_array_as_they_are),
        BUNDLE_TEST(an_empty_one_has_no_text),
        BUNDLE_TEST(rows_are_bounded_by_number),
        BUNDLE_TEST(rows_are_bounded_by_bytes),
        BUNDLE_TEST(too_large_is_halved_down_to_one_row),
        BUNDLE_TEST(limits_come_back_slowly_or_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
