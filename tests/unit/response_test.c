#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/response.h"

/* Feeds @text in pieces of @step bytes. */
static int feed(struct response *r, const char *text, size_t step)
{
    size_t size = strlen(text);
    for (size_t at = 0; at < size; at += step) {
        int error = response_feed(r, text + at, size - at < step ? size - at : step);
        if (error < 0)
            return error;
    }
    return 0;
}

static void check_body(const char *text, const char *body)
{
    for (size_t step = 1; step <= strlen(text); step++) {
        struct response r = {0};
        assert_int_equal(feed(&r, text, step), 0);
        assert_true(response_end(&r));
        assert_int_equal(r.status, 200);
        assert_string_equal(r.body.text, body);
        response_free(&r);
    }
}

static void a_body_of_a_told_length_is_read_in_any_pieces(void **state)
{
    (void)state;
    check_body("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "hello");
}

static void chunks_are_joined(void **state)
{
    (void)state;
    check_body("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"
               "3\r\nhel\r\n2;note=x\r\nlo\r\n0\r\nTrailer: x\r\n\r\n",
               "hello");
}

static void without_a_length_the_end_of_the_stream_is_the_end(void **state)
{
    (void)state;
    check_body("HTTP/1.1 200 OK\r\n\r\nhello", "hello");
}

static void an_interim_answer_is_passed_over(void **state)
{
    (void)state;
    check_body("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n"
               "\r\nok",
               "ok");
}

static void an_answer_that_was_cut_is_not_whole(void **state)
{
    (void)state;
    struct response r = {0};
    assert_int_equal(feed(&r, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel", 7), 0);
    assert_false(response_end(&r));
    response_free(&r);
}

static void what_is_no_answer_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "SSH-2.0-OpenSSH\r\n",
        "HTTP/1.1 2x0 OK\r\n",
        "HTTP/1.1 999 OK\r\n",
        "HTTP/1.1 200 OK\r\nno colon\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n",
    };
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct response r = {0};
        assert_int_equal(feed(&r, bad[i], 3), -EBADMSG);
        response_free(&r);
    }
}

static void lengths_beyond_the_limit_are_refused(void **state)
{
    (void)state;
    struct response r = {0};
    assert_int_equal(feed(&r, "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n", 64),
                     -EFBIG);
    response_free(&r);
    assert_int_equal(feed(&r,
                          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                          "ffffffffffffffffff\r\n",
                          64),
                     -EBADMSG);
    response_free(&r);
}

static void a_head_without_an_end_is_refused(void **state)
{
    (void)state;
    struct response r = {0};
    int error = feed(&r, "HTTP/1.1 200 OK\r\n", 64);
    for (int i = 0; i < RESPONSE_HEAD_MAX && error == 0; i++)
        error = feed(&r, "X: y\r\n", 64);
    assert_int_equal(error, -EFBIG);
    response_free(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_body_of_a_told_length_is_read_in_any_pieces),
        cmocka_unit_test(chunks_are_joined),
        cmocka_unit_test(without_a_length_the_end_of_the_stream_is_the_end),
        cmocka_unit_test(an_interim_answer_is_passed_over),
        cmocka_unit_test(an_answer_that_was_cut_is_not_whole),
        cmocka_unit_test(what_is_no_answer_is_refused),
        cmocka_unit_test(lengths_beyond_the_limit_are_refused),
        cmocka_unit_test(a_head_without_an_end_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
