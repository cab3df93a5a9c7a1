#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "mqtt/json_path.h"

static double number_at(const char *document, const char *text)
{
    struct json_path *path = NULL;
    assert_int_equal(json_path_new(text, &path, NULL), 0);
    json_t *root = json_loads(document, JSON_DECODE_ANY, NULL);
    assert_non_null(root);
    const json_t *value = json_path_find(path, root);
    double number = value ? json_number_value(value) : -1;
    json_decref(root);
    json_path_free(path);
    return number;
}

static void keys_and_indexes_lead_to_a_value(void **state)
{
    (void)state;
    const char *vs135 =
        "{\"line_total_data\":[{\"line\":1,\"total\":{\"in_counted\":7}}]}";
    assert_true(number_at(vs135, "line_total_data[0].total.in_counted") == 7);
    assert_true(number_at(vs135, "line_total_data[0].line") == 1);
    assert_true(number_at("{\"switch:0\":{\"apower\":8.5}}", "switch:0.apower") == 8.5);
    assert_true(number_at("[[1,2],[3,4]]", "[1][0]") == 3);
    assert_true(number_at("12.5", ".") == 12.5);
}

static void a_selector_takes_the_first_object_that_says_so(void **state)
{
    (void)state;
    const char *axis = "{\"items\":[{\"direction\":\"in\",\"count\":1},"
                       "{\"direction\":\"out\",\"count\":2}]}";
    assert_true(number_at(axis, "items[direction=out].count") == 2);
    const char *lines = "{\"l\":[{\"line\":1,\"n\":5},{\"line\":2,\"n\":6}]}";
    assert_true(number_at(lines, "l[line=2].n") == 6);
}

static void what_is_not_there_is_null(void **state)
{
    (void)state;
    assert_true(number_at("{\"a\":1}", "b") == -1);
    assert_true(number_at("{\"a\":1}", "a.b") == -1);
    assert_true(number_at("{\"a\":[1]}", "a[1]") == -1);
    assert_true(number_at("{\"a\":[{\"k\":\"x\"}]}", "a[k=y].v") == -1);
    assert_true(number_at("3", "a") == -1);
}

static void a_path_with_a_fault_is_named(void **state)
{
    (void)state;
    const char *const bad[] = {"",
                               "a.",
                               ".a",
                               "a..b",
                               "a[",
                               "a[]",
                               "a[x]",
                               "a[0]b",
                               "a]",
                               "a[=1]",
                               "a[k=]",
                               "a[12345]",
                               "1.2.3.4.5.6.7.8.9.10.11.12.13.14.15.16.17"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        struct gw_error err = {0};
        struct json_path *path;
        assert_int_equal(json_path_new(bad[i], &path, &err), -EINVAL);
        assert_non_null(strstr(err.text, "is not like"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_and_indexes_lead_to_a_value),
        cmocka_unit_test(a_selector_takes_the_first_object_that_says_so),
        cmocka_unit_test(what_is_not_there_is_null),
        cmocka_unit_test(a_path_with_a_fault_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
