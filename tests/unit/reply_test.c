#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "http/reply.h"

static json_t *problem(struct reply *reply)
{
    assert_string_equal(reply->type, "application/problem+json");
    json_t *document = json_loadb(reply->text, reply->size, 0, NULL);
    assert_non_null(document);
    assert_string_equal(json_string_value(json_object_get(document, "type")),
                        "about:blank");
    assert_int_equal(json_integer_value(json_object_get(document, "status")),
                     reply->status);
    return document;
}

static void a_problem_tells_type_title_status_detail_and_what_is_allowed(void **state)
{
    (void)state;
    static const char *const allowed[] = {"by", "comment", NULL};
    struct reply reply = {0};
    reply_problem(&reply, 404, allowed, "there is no '%s'", "/x");

    json_t *document = problem(&reply);
    assert_int_equal(reply.status, 404);
    assert_string_equal(json_string_value(json_object_get(document, "title")),
                        "Not Found");
    assert_string_equal(json_string_value(json_object_get(document, "detail")),
                        "there is no '/x'");
    const json_t *words = json_object_get(document, "allowed");
    assert_int_equal(json_array_size(words), 2);
    assert_string_equal(json_string_value(json_array_get(words, 1)), "comment");
    json_decref(document);
    reply_done(&reply);
}

static void a_problem_replaces_a_half_made_answer(void **state)
{
    (void)state;
    struct reply reply = {0};
    reply_json(&reply, json_pack("{s:i}", "points", 3));
    assert_int_equal(reply.status, 200);
    reply_problem(&reply, 503, NULL, "busy");
    json_decref(problem(&reply));
    reply_done(&reply);
    assert_null(reply.text);
}

static void a_detail_that_quotes_broken_utf_8_is_left_out(void **state)
{
    (void)state;
    struct reply reply = {0};
    reply_problem(&reply, 400, NULL, "key '%s'", "\xff\xfe");
    json_t *document = problem(&reply);
    assert_null(json_object_get(document, "detail"));
    json_decref(document);
    reply_done(&reply);
}

static void what_could_not_be_made_is_a_500(void **state)
{
    (void)state;
    struct reply reply = {0};
    reply_json(&reply, NULL);
    assert_int_equal(reply.status, 500);
    json_decref(problem(&reply));
    reply_done(&reply);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_problem_tells_type_title_status_detail_and_what_is_allowed),
        cmocka_unit_test(a_problem_replaces_a_half_made_answer),
        cmocka_unit_test(a_detail_that_quotes_broken_utf_8_is_left_out),
        cmocka_unit_test(what_could_not_be_made_is_a_500),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
