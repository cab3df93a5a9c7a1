#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "uplink/batch_answer.h"

/* What a status, and a body, are taken for. */
static enum batch_verdict judge(long status, const char *body, char why[POST_WHY_MAX])
{
    const struct post_reply reply = {
        .status = status, .body = body, .size = strlen(body), .why = "no route"};
    return batch_judge(&reply, why);
}

struct heard {
    size_t acks;
    uint64_t epoch;
    uint64_t rows;
};

static void hear(void *ctx, const struct batch_ack *ack)
{
    struct heard *heard = ctx;
    heard->acks++;
    heard->epoch = ack->epoch;
    for (size_t i = 0; i < ack->count; i++)
        heard->rows += ack->ranges[i].to - ack->ranges[i].from + 1;
}

static int read_acks(const char *body, struct heard *ret)
{
    *ret = (struct heard){0};
    return batch_read_acks(body, strlen(body), hear, ret);
}

static void acks_of_several_epochs_are_handed_out(void **state)
{
    (void)state;
    struct heard heard;
    assert_int_equal(read_acks("{\"acks\":[{\"epoch\":\"7\",\"ranges\":[[1,3],[5,5]]},"
                               "{\"epoch\":\"9\",\"ranges\":[[1,10]]}]}",
                               &heard),
                     2);
    assert_int_equal(heard.acks, 2);
    assert_int_equal(heard.rows, 14);
    assert_int_equal(heard.epoch, 9);
}

static void no_acks_are_an_answer_too(void **state)
{
    (void)state;
    struct heard heard;
    assert_int_equal(read_acks("{\"acks\":[]}", &heard), 0);
    assert_int_equal(heard.acks, 0);
}

static void one_broken_ack_ends_no_row_of_the_others(void **state)
{
    (void)state;
    static const char *const broken[] = {
        "",
        "{",
        "[]",
        "{}",
        "{\"acks\":{}}",
        "{\"acks\":[7]}",
        "{\"acks\":[{\"epoch\":\"7\",\"ranges\":[[1,1]]},{\"epoch\":\"7\"}]}",
        ("{\"acks\":[{\"epoch\":\"7\",\"ranges\":[[1,1]]},"
         "{\"epoch\":\"7\",\"ranges\":[[2,1]]}]}"),
        "{\"acks\":[{\"epoch\":7,\"ranges\":[[1,1]]}]}",
    };
    struct heard heard;
    for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
        assert_int_equal(read_acks(broken[i], &heard), -EINVAL);
        assert_int_equal(heard.acks, 0);
    }
}

static void only_200_with_acks_is_taken(void **state)
{
    (void)state;
    static const char acks[] = "{\"acks\":[{\"epoch\":\"7\",\"ranges\":[[1,1]]}]}";
    static const long others[] = {0,   100, 201, 202, 204, 301, 307, 400,
                                  401, 403, 404, 429, 500, 503, 599};
    char why[POST_WHY_MAX] = "";
    assert_int_equal(judge(200, acks, why), BATCH_TAKEN);
    assert_int_equal(judge(413, acks, why), BATCH_TOO_LARGE);
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        why[0] = '\0';
        assert_int_equal(judge(others[i], acks, why), BATCH_REFUSED);
        assert_true(strlen(why) > 0);
    }
}

static void what_went_wrong_is_said(void **state)
{
    (void)state;
    char why[POST_WHY_MAX] = "";
    (void)judge(0, "", why);
    assert_string_equal(why, "no route");
    (void)judge(302, "", why);
    assert_string_equal(why, "HTTP 302: the platform is somewhere else, and no redirect "
                             "is followed");
    (void)judge(200, "<html>", why);
    assert_string_equal(why, "the answer breaks the contract: ignored");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(acks_of_several_epochs_are_handed_out),
        cmocka_unit_test(no_acks_are_an_answer_too),
        cmocka_unit_test(one_broken_ack_ends_no_row_of_the_others),
        cmocka_unit_test(only_200_with_acks_is_taken),
        cmocka_unit_test(what_went_wrong_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
