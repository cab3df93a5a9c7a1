/* What the county may order, and what is refused with which reason. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "county_order_rig.h"

static const int64_t now_us = INT64_C(1795393200000000); /* 2026-11-23T08:20:00+08:00 */

#define HEAD "{\"gateway\":\"gw-01\",\"seq\":7,\"expires\":\"2026-11-23T09:00:00+08:00\","
#define ACKNOWLEDGE "\"do\":\"acknowledge\",\"alarm\":\"TF-01@panic-gate\""
#define REPLAY "\"do\":\"replay\",\"epoch\":\"4611686018427387905\","

static struct county_order order;
static struct gw_error err;

static enum order_refusal read_at(const char *message, int64_t at_us)
{
    const struct signer s = signer_of("county-1", 1);
    const struct county_keys keys = {&s.key, 1};
    err = (struct gw_error){0};
    return county_order_read(message, strlen(message), &keys, "gw-01", at_us, &order,
                             &err);
}

static enum order_refusal read_signed(const char *payload, int64_t at_us)
{
    const struct signer s = signer_of("county-1", 1);
    char *message = signer_message(&s, payload);
    enum order_refusal why = read_at(message, at_us);
    free(message);
    return why;
}

static void a_replay_names_epoch_and_ranges(void **state)
{
    (void)state;
    assert_int_equal(read_signed(HEAD REPLAY "\"ranges\":[[2,3],[7,7]]}", now_us),
                     ORDER_OBEYED);
    assert_int_equal(order.what, COUNTY_REPLAY);
    assert_string_equal(order.key_name, "county-1");
    assert_int_equal(order.seq, 7);
    assert_int_equal(order.expires_us, now_us + INT64_C(2400000000));
    assert_true(order.epoch == UINT64_C(4611686018427387905));
    assert_int_equal(order.range_count, 2);
    assert_int_equal(order.ranges[0].to, 3);
    assert_int_equal(order.ranges[1].from, 7);
}

static void an_alarm_is_acknowledged_by_a_role(void **state)
{
    (void)state;
    assert_int_equal(read_signed(HEAD ACKNOWLEDGE ",\"by\":\"duty\"}", now_us),
                     ORDER_OBEYED);
    assert_int_equal(order.what, COUNTY_ACKNOWLEDGE);
    assert_string_equal(order.alarm, "TF-01@panic-gate");
    assert_string_equal(order.by, "duty");
    assert_int_equal(read_signed(HEAD ACKNOWLEDGE "}", now_us), ORDER_OBEYED);
    assert_string_equal(order.by, "");
}

static void a_drill_is_announced_and_ended(void **state)
{
    (void)state;
    assert_int_equal(read_signed(HEAD
                                 "\"do\":\"drill\",\"target\":\"school\",\"minutes\":20,"
                                 "\"comment\":\"消防演练\",\"by\":\"county\"}",
                                 now_us),
                     ORDER_OBEYED);
    assert_string_equal(order.target, "school");
    assert_string_equal(order.comment, "消防演练");
    assert_int_equal(order.length_us, INT64_C(1200000000));
    assert_int_equal(
        read_signed(HEAD "\"do\":\"drill\",\"target\":\"school\",\"value\":\"off\"}",
                    now_us),
        ORDER_OBEYED);
    assert_int_equal(order.length_us, 0);
}

static void the_example_of_the_contract_is_read(void **state)
{
    (void)state;
    assert_int_equal(read_signed("{\"gateway\": \"gw-01\", \"seq\": 44, \"expires\": "
                                 "\"2026-11-24T08:20:00+08:00\", \"do\": \"status\"}",
                                 now_us),
                     ORDER_OBEYED);
    assert_int_equal(order.what, COUNTY_STATUS);
    assert_string_equal(county_do_name(order.what), "status");
}

static void what_is_signed_and_wrong_is_malformed(void **state)
{
    (void)state;
    static const char *const payloads[] = {
        "",
        "{",
        "[]",
        "{}",
        "\"x\"",
        "{\"gateway\":\"gw-01\"}",
        "{\"gateway\":\"gw-01\",\"gateway\":\"gw-01\"}",
        "{\"gateway\":\"gw-01\",\"seq\":0,\"expires\":\"2026-11-23T09:00:00Z\"}",
        "{\"gateway\":\"gw-01\",\"seq\":\"7\",\"expires\":\"2026-11-23T09:00:00Z\"}",
        "{\"gateway\":\"gw-01\",\"seq\":7.0,\"expires\":\"2026-11-23T09:00:00Z\"}",
        "{\"gateway\":\"gw-01\",\"seq\":9007199254740992,\"expires\":\"2026-11-"
        "23T09:00:00Z\"}",
        "{\"gateway\":\"gw-01\",\"seq\":7,\"expires\":\"2026-11-23T09:00:00\"}",
        "{\"gateway\":\"gw-01\",\"seq\":7,\"expires\":1795393200}",
        HEAD "\"do\":7}",
        HEAD "\"pupil\":\"x\"," ACKNOWLEDGE "}",
        HEAD "\"do\":\"status\",\"by\":\"county\"}",
        HEAD "\"do\":\"acknowledge\"}",
        HEAD "\"do\":\"acknowledge\",\"alarm\":\"TF-01\"}",
        HEAD "\"do\":\"acknowledge\",\"alarm\":\"TF-01@a@b\"}",
        HEAD "\"do\":\"acknowledge\",\"alarm\":\"@panic-gate\"}",
        HEAD ACKNOWLEDGE ",\"by\":\"王老师\"}",
        HEAD ACKNOWLEDGE ",\"by\":7}",
        HEAD "\"do\":\"replay\",\"epoch\":7,\"ranges\":[[1,2]]}",
        HEAD "\"do\":\"replay\",\"epoch\":\"-1\",\"ranges\":[[1,2]]}",
        HEAD REPLAY "\"ranges\":[]}",
        HEAD REPLAY "\"ranges\":[[0,2]]}",
        HEAD REPLAY "\"ranges\":[[3,2]]}",
        HEAD REPLAY "\"ranges\":[[1,2,3]]}",
        HEAD REPLAY "\"ranges\":[[1,9007199254740992]]}",
        HEAD REPLAY "\"ranges\":7}",
        HEAD "\"do\":\"drill\",\"target\":\"school\",\"minutes\":31,\"comment\":\"x\"}",
        HEAD "\"do\":\"drill\",\"target\":\"school\",\"minutes\":0,\"comment\":\"x\"}",
        HEAD "\"do\":\"drill\",\"target\":\"school\",\"minutes\":20}",
        HEAD "\"do\":\"drill\",\"minutes\":20,\"comment\":\"x\"}",
        HEAD "\"do\":\"drill\",\"target\":\"school\",\"minutes\":20,\"comment\":\"\"}",
        HEAD
        "\"do\":\"drill\",\"target\":\"school\",\"minutes\":20,\"comment\":\"a\\nb\"}",
        HEAD "\"do\":\"drill\",\"target\":\"school\",\"minutes\":20,\"comment\":"
             "\"123456789 123456789 123456789 123456789 123456789 123456789 1\"}",
        HEAD "\"do\":\"drill\",\"target\":\"school\",\"value\":\"on\"}",
        HEAD "\"do\":\"drill\",\"target\":\"school\",\"value\":\"off\",\"minutes\":5}",
    };
    for (size_t i = 0; i < sizeof(payloads) / sizeof(payloads[0]); i++) {
        if (read_signed(payloads[i], now_us) != ORDER_MALFORMED)
            fail_msg("'%s' is not malformed", payloads[i]);
        assert_int_equal(strncmp(err.text, "malformed: ", 11), 0);
    }
}

static void an_envelope_that_is_none_is_malformed(void **state)
{
    (void)state;
    static const char *const messages[] = {
        "",
        "{",
        "[]",
        "{}",
        "{\"payload\":\"e30\",\"key\":\"county-1\"}",
        "{\"payload\":\"e30\",\"key\":\"a b\",\"signature\":\"\"}",
        "{\"payload\":7,\"key\":\"county-1\",\"signature\":\"AA\"}",
        "{\"payload\":\"e30=\",\"key\":\"county-1\",\"signature\":\"AA\"}",
        "{\"payload\":\"e30\",\"key\":\"county-1\",\"signature\":\"AA\"}",
        "{\"payload\":\"e30\",\"key\":\"county-1\",\"signature\":\"AA\",\"x\":1}",
    };
    for (size_t i = 0; i < sizeof(messages) / sizeof(messages[0]); i++)
        if (read_at(messages[i], now_us) != ORDER_MALFORMED)
            fail_msg("'%s' is not malformed", messages[i]);
    static char large[COUNTY_ORDER_SIZE_MAX + 2];
    memset(large, ' ', sizeof(large) - 1);
    assert_int_equal(read_at(large, now_us), ORDER_MALFORMED);
}

static void only_a_known_key_may_order(void **state)
{
    (void)state;
    const struct signer other = signer_of("county-2", 2);
    char *message = signer_message(&other, HEAD ACKNOWLEDGE "}");
    assert_int_equal(read_at(message, now_us), ORDER_OF_UNKNOWN_KEY);
    assert_non_null(strstr(err.text, "county-2"));
    free(message);
    const struct signer thief = signer_of("county-1", 2);
    message = signer_message(&thief, HEAD ACKNOWLEDGE "}");
    assert_int_equal(read_at(message, now_us), ORDER_BADLY_SIGNED);
    free(message);
}

static void a_payload_that_was_changed_is_refused(void **state)
{
    (void)state;
    const struct signer s = signer_of("county-1", 1);
    char *message = signer_message(&s, HEAD ACKNOWLEDGE "}");
    for (size_t i = strlen("{\"payload\":\""); message[i] != '"'; i++) {
        char was = message[i];
        message[i] = was == 'A' ? 'B' : 'A';
        enum order_refusal why = read_at(message, now_us);
        if (why != ORDER_BADLY_SIGNED && why != ORDER_MALFORMED)
            fail_msg("letter %zu may be another", i);
        message[i] = was;
    }
    assert_int_equal(read_at(message, now_us), ORDER_OBEYED);
    free(message);
}

static void an_order_ends(void **state)
{
    (void)state;
    const int64_t end_us = now_us + INT64_C(2400000000);
    const char *payload = HEAD ACKNOWLEDGE "}";
    assert_int_equal(read_signed(payload, end_us - 1), ORDER_OBEYED);
    assert_int_equal(read_signed(payload, end_us), ORDER_EXPIRED);
    assert_int_equal(read_signed(payload, end_us - COUNTY_ORDER_AHEAD_US), ORDER_OBEYED);
    assert_int_equal(read_signed(payload, end_us - COUNTY_ORDER_AHEAD_US - 1),
                     ORDER_TOO_FAR_AHEAD);
    assert_int_equal(read_signed(payload, GW_TIME_NONE), ORDER_WITHOUT_CLOCK);
}

static void an_order_to_another_or_for_nothing_known_is_refused(void **state)
{
    (void)state;
    assert_int_equal(read_signed("{\"gateway\":\"gw-02\",\"seq\":7,\"expires\":"
                                 "\"2026-11-23T09:00:00+08:00\"," ACKNOWLEDGE "}",
                                 now_us),
                     ORDER_TO_ANOTHER);
    assert_int_equal(read_signed(HEAD "\"do\":\"unlock\",\"door\":\"b1\"}", now_us),
                     ORDER_UNKNOWN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_replay_names_epoch_and_ranges),
        cmocka_unit_test(an_alarm_is_acknowledged_by_a_role),
        cmocka_unit_test(a_drill_is_announced_and_ended),
        cmocka_unit_test(the_example_of_the_contract_is_read),
        cmocka_unit_test(what_is_signed_and_wrong_is_malformed),
        cmocka_unit_test(an_envelope_that_is_none_is_malformed),
        cmocka_unit_test(only_a_known_key_may_order),
        cmocka_unit_test(a_payload_that_was_changed_is_refused),
        cmocka_unit_test(an_order_ends),
        cmocka_unit_test(an_order_to_another_or_for_nothing_known_is_refused),
    };
    return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
