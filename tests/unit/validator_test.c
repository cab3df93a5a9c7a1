#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ingest/validator.h"

/* Compiles @schema through a file, as the receiver does. */
static int compile(const char *schema, struct validator **ret, struct gw_error *err)
{
    char path[] = "/tmp/validator-test-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, schema, strlen(schema)), (ssize_t)strlen(schema));
    close(fd);
    int r = validator_new(path, ret, err);
    unlink(path);
    return r;
}

static bool accepts(const char *schema, const char *document, struct gw_error *err)
{
    struct validator *v;
    assert_int_equal(compile(schema, &v, err), 0);
    json_t *json = json_loads(document, JSON_DECODE_ANY, NULL);
    assert_non_null(json);
    int r = validator_check(v, json, err);
    json_decref(json);
    validator_free(v);
    assert_true(r == 0 || r == -EINVAL);
    return r == 0;
}

struct verdict {
    const char *schema;
    const char *document;
    bool is_valid;
};

static void check_all(const struct verdict *verdicts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct gw_error err;
        if (accepts(verdicts[i].schema, verdicts[i].document, &err)
            != verdicts[i].is_valid)
            fail_msg("%s on %s: expected %s", verdicts[i].document, verdicts[i].schema,
                     verdicts[i].is_valid ? "valid" : "invalid");
    }
}

#define CHECK_ALL(verdicts) check_all(verdicts, sizeof(verdicts) / sizeof(verdicts[0]))

static void types_are_told_apart(void **state)
{
    (void)state;
    static const struct verdict verdicts[] = {
        {"{\"type\":\"integer\"}", "1", true},
        {"{\"type\":\"integer\"}", "1.0", true},
        {"{\"type\":\"integer\"}", "1.5", false},
        {"{\"type\":\"number\"}", "1", true},
        {"{\"type\":\"number\"}", "true", false},
        {"{\"type\":[\"number\",\"null\"]}", "null", true},
        {"{\"type\":[\"number\",\"null\"]}", "\"1\"", false},
        {"{\"type\":\"boolean\"}", "0", false},
        {"{\"type\":\"object\"}", "[]", false},
    };
    CHECK_ALL(verdicts);
}

static void values_are_compared_as_json_schema_says(void **state)
{
    (void)state;
    static const struct verdict verdicts[] = {
        {"{\"const\":1}", "1.0", true},
        {"{\"const\":1}", "true", false},
        {"{\"const\":\"a\"}", "\"b\"", false},
        {"{\"enum\":[\"a\",null]}", "null", true},
        {"{\"enum\":[\"a\",null]}", "0", false},
    };
    CHECK_ALL(verdicts);
}

static void bounds_include_their_ends(void **state)
{
    (void)state;
    static const struct verdict verdicts[] = {
        {"{\"minimum\":0,\"maximum\":1}", "0", true},
        {"{\"minimum\":0,\"maximum\":1}", "1", true},
        {"{\"minimum\":0,\"maximum\":1}", "1.001", false},
        {"{\"minimum\":0}", "\"text\"", true},
        {"{\"maxLength\":2}", "\"学校\"", true},
        {"{\"maxLength\":2}", "\"abc\"", false},
        {"{\"minItems\":1,\"maxItems\":2}", "[]", false},
        {"{\"minItems\":1,\"maxItems\":2}", "[1,2,3]", false},
    };
    CHECK_ALL(verdicts);
}

static void objects_are_open_closed_or_typed(void **state)
{
    (void)state;
    static const struct verdict verdicts[] = {
        {"{\"properties\":{\"a\":{\"type\":\"null\"}}}", "{\"b\":1}", true},
        {"{\"properties\":{\"a\":{}},\"additionalProperties\":false}", "{\"b\":1}",
         false},
        {"{\"additionalProperties\":{\"type\":\"string\"}}", "{\"b\":1}", false},
        {"{\"required\":[\"a\"]}", "{}", false},
        {"{\"required\":[\"a\"]}", "{\"a\":null}", true},
        {"{\"required\":[\"a\"]}", "[]", true},
        {"{\"anyOf\":[{\"const\":1},{\"required\":[\"a\"]}]}", "{\"a\":2}", true},
        {"{\"anyOf\":[{\"const\":1},{\"const\":2}]}", "3", false},
        {"{\"items\":{\"pattern\":\"^[0-9]+$\"}}", "[\"12\",\"x\"]", false},
    };
    CHECK_ALL(verdicts);
}

static void unknown_keyword_is_an_error_when_read(void **state)
{
    (void)state;
    struct validator *v;
    struct gw_error err;
    assert_int_equal(compile("{\"properties\":{\"a\":{\"multipleOf\":2}}}", &v, &err),
                     -EINVAL);
    assert_non_null(strstr(err.text, "/properties/a/multipleOf"));
}

static void broken_schema_says_what_and_where(void **state)
{
    (void)state;
    static const char *const broken[] = {
        "{\"type\":\"text\"}",
        "{\"pattern\":\"[\"}",
        "{\"minimum\":\"1\"}",
        "{\"enum\":[]}",
        "{\"const\":[1]}",
        "{\"required\":\"a\"}",
        "{\"anyOf\":[]}",
        "{\"items\":true}",
        "{\"properties\":[]}",
        "{\"type\":1,\"type\":2}",
        "[]",
        "{\"title\":1}",
    };
    for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
        struct validator *v;
        struct gw_error err = {0};
        assert_int_equal(compile(broken[i], &v, &err), -EINVAL);
        assert_non_null(strstr(err.text, "schema '/tmp/validator-test-"));
    }
}

static void fault_names_its_place_in_the_document(void **state)
{
    (void)state;
    struct gw_error err;
    assert_false(
        accepts("{\"properties\":{\"data\":{\"properties\":{\"items\":{\"items\":"
                "{\"properties\":{\"valid\":{\"maximum\":1}}}}}}}}",
                "{\"data\":{\"items\":[{},{\"valid\":1.5}]}}", &err));
    assert_string_equal(err.text, "data.items[1].valid: 1.5 is above the maximum 1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(types_are_told_apart),
        cmocka_unit_test(values_are_compared_as_json_schema_says),
        cmocka_unit_test(bounds_include_their_ends),
        cmocka_unit_test(objects_are_open_closed_or_typed),
        cmocka_unit_test(unknown_keyword_is_an_error_when_read),
        cmocka_unit_test(broken_schema_says_what_and_where),
        cmocka_unit_test(fault_names_its_place_in_the_document),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
