#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "ingest/batch_split.h"

enum { PARTS = 4 };

static int split(const char *text, struct batch_part parts[PARTS])
{
    return batch_split(text, strlen(text), parts, PARTS);
}

static void assert_part(const struct batch_part *part, const char *expected)
{
    assert_int_equal(part->size, strlen(expected));
    assert_memory_equal(part->text, expected, part->size);
}

static void elements_stay_as_they_came(void **state)
{
    (void)state;
    struct batch_part parts[PARTS];
    assert_int_equal(split(" [ {\"a\": [1, {}]} ,\n{\"b\":1.50}]\n", parts), 2);
    assert_part(&parts[0], "{\"a\": [1, {}]} ");
    assert_part(&parts[1], "{\"b\":1.50}");
}

static void brackets_and_commas_in_strings_divide_nothing(void **state)
{
    (void)state;
    struct batch_part parts[PARTS];
    assert_int_equal(split("[{\"a\":\"],[\"},{\"b\":\"\\\"],\\\\\"},\"]\"]", parts), 3);
    assert_part(&parts[0], "{\"a\":\"],[\"}");
    assert_part(&parts[1], "{\"b\":\"\\\"],\\\\\"}");
    assert_part(&parts[2], "\"]\"");
}

static void an_empty_array_has_none(void **state)
{
    (void)state;
    struct batch_part parts[PARTS];
    assert_int_equal(split("[]", parts), 0);
    assert_int_equal(split(" [ \t] ", parts), 0);
}

static void what_is_no_whole_array_is_refused(void **state)
{
    (void)state;
    static const char *const broken[] = {
        "",       " ",      "{}",      "[",      "[1",   "[1,",    "[1,]",
        "[,1]",   "[1]]",   "[1] x",   "[{]",    "[\"]", "[\"a\\", "x[1]",
        "[1,,2]", "[[1,2]", "[{\"a\"", "[{},{}", "]",    "null",   "[\"\\\"]",
    };
    struct batch_part parts[PARTS];
    for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++)
        assert_int_equal(split(broken[i], parts), -EINVAL);
}

/* Each element is parsed by itself: this one will be a dead letter. */
static void a_broken_element_divides_nothing_else(void **state)
{
    (void)state;
    struct batch_part parts[PARTS];
    assert_int_equal(split("[{\"a\":},{},nonsense]", parts), 3);
    assert_part(&parts[1], "{}");
    assert_part(&parts[2], "nonsense");
}

static void more_than_there_is_room_for_is_refused(void **state)
{
    (void)state;
    struct batch_part parts[PARTS];
    assert_int_equal(split("[1,2,3,4]", parts), 4);
    assert_int_equal(split("[1,2,3,4,5]", parts), -E2BIG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(elements_stay_as_they_came),
        cmocka_unit_test(brackets_and_commas_in_strings_divide_nothing),
        cmocka_unit_test(an_empty_array_has_none),
        cmocka_unit_test(what_is_no_whole_array_is_refused),
        cmocka_unit_test(a_broken_element_divides_nothing_else),
        cmocka_unit_test(more_than_there_is_room_for_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
