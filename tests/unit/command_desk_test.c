/* Orders in, and back; every one in the journal, and none can fill it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>

#include "base/clock.h"
#include "county_order_rig.h"
#include "log_capture.h"
#include "uplink/command_desk.h"

static const int64_t now_us = INT64_C(1795393200000000); /* 2026-11-23T08:20:00+08:00 */
static const int64_t second_us = 1000000;

static struct signer signer;
static struct county_config config;
static struct county_setup setup;
static struct command_desk *desk;
static struct county_given *given; /* the last order that was handed on */
static int answer;
static struct capture log_lines;

static int take(void *ctx, struct county_given *order, struct gw_error *err)
{
    (void)ctx;
    if (answer < 0)
        return gw_fail(err, answer, "64 actions wait already");
    given = order;
    return 0;
}

static int set_up(void **state)
{
    (void)state;
    signer = signer_of("county-1", 1);
    config = (struct county_config){.broker = "mqtt://county.example",
                                    .gateway = "gw-01",
                                    .command_keys = {&signer.key, 1}};
    setup = (struct county_setup){.config = &config, .order = take};
    answer = 0;
    given = NULL;
    clock_set(second_us, now_us);
    capture_open(&log_lines);
    return command_desk_new(&setup, &desk);
}

static int tear_down(void **state)
{
    (void)state;
    desk = command_desk_free(desk);
    capture_close(&log_lines);
    clock_release();
    return 0;
}

static void order(uint64_t seq)
{
    char payload[300];
    (void)snprintf(
        payload, sizeof(payload),
        "{\"gateway\":\"gw-01\",\"seq\":%llu,\"expires\":\"2026-11-23T09:00:00"
        "+08:00\",\"do\":\"acknowledge\",\"alarm\":\"TF-01@a\",\"by\":\"duty\"}",
        (unsigned long long)seq);
    char *message = signer_message(&signer, payload);
    command_desk_message(desk, message, strlen(message));
    free(message);
}

static void garbage(void)
{
    command_desk_message(desk, "{", 1);
}

static void advance(int64_t us)
{
    clock_set(clock_machine_us() + us, clock_school_us() + us);
}

/* As whoever did it. */
static void hand_back(enum order_refusal why, const char *text)
{
    given->why = why;
    (void)snprintf(given->err.text, sizeof(given->err.text), "%s", text);
    command_desk_put(desk, given);
    given = command_desk_take(desk);
}

static void an_obeyed_order_is_journalled(void **state)
{
    (void)state;
    order(7);
    assert_non_null(given);
    assert_string_equal(captured(&log_lines), "");
    hand_back(ORDER_OBEYED, "");
    assert_int_equal(given->order.seq, 7);
    free(given);
    assert_null(command_desk_take(desk));
    assert_non_null(strstr(captured(&log_lines),
                           "ordered acknowledge TF-01@a (key county-1, seq 7, by duty): "
                           "done"));
}

static void one_that_is_not_on_the_disk_says_so(void **state)
{
    (void)state;
    order(7);
    hand_back(ORDER_OBEYED, "the disk is full");
    free(given);
    assert_non_null(
        strstr(captured(&log_lines), "not on the disk yet: the disk is full"));
}

static void one_that_cannot_be_done_says_why(void **state)
{
    (void)state;
    order(7);
    hand_back(ORDER_NOT_DONE, "no alarm 'TF-01@a'");
    free(given);
    assert_non_null(strstr(captured(&log_lines),
                           "an order is refused: acknowledge TF-01@a (key county-1, seq "
                           "7, by duty): no alarm 'TF-01@a'"));
}

static void one_that_nobody_takes_is_refused(void **state)
{
    (void)state;
    answer = -EAGAIN;
    order(7);
    assert_non_null(strstr(captured(&log_lines), "refused: 64 actions wait already"));
}

static void garbage_does_not_fill_the_journal(void **state)
{
    (void)state;
    garbage();
    assert_non_null(strstr(captured(&log_lines), "an order is refused: malformed"));
    for (int i = 0; i < 1000; i++)
        garbage();
    command_desk_tell(desk);
    assert_string_equal(captured(&log_lines), "");
    advance(60 * second_us);
    command_desk_tell(desk);
    assert_non_null(strstr(captured(&log_lines), "1000 more orders were refused"));
    garbage();
    command_desk_tell(desk);
    assert_string_equal(captured(&log_lines), "");
}

static void reasons_do_not_hide_each_other(void **state)
{
    (void)state;
    garbage();
    (void)captured(&log_lines);
    config.gateway = "gw-02";
    order(7);
    assert_non_null(strstr(captured(&log_lines), "it is for another gateway"));
    assert_null(given);
}

static void orders_that_came_back_are_freed_with_the_desk(void **state)
{
    (void)state;
    order(7);
    command_desk_put(desk, given);
    order(8);
    command_desk_put(desk, given);
}

static void a_broker_that_cuts_for_it_is_asked_no_more_for_an_hour(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++) {
        assert_true(command_desk_may_ask(desk));
        command_desk_cut(desk);
    }
    assert_false(command_desk_may_ask(desk));
    assert_non_null(strstr(captured(&log_lines), "for an hour no order arrives"));
    advance(INT64_C(3600) * second_us);
    assert_true(command_desk_may_ask(desk));
    command_desk_heard(desk, true);
    command_desk_cut(desk);
    assert_true(command_desk_may_ask(desk));
}

static void without_keys_nothing_is_asked_for(void **state)
{
    (void)state;
    config.command_keys.count = 0;
    assert_false(command_desk_may_ask(desk));
}

#define DESK_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(an_obeyed_order_is_journalled),
        DESK_TEST(one_that_is_not_on_the_disk_says_so),
        DESK_TEST(one_that_cannot_be_done_says_why),
        DESK_TEST(one_that_nobody_takes_is_refused),
        DESK_TEST(garbage_does_not_fill_the_journal),
        DESK_TEST(reasons_do_not_hide_each_other),
        DESK_TEST(orders_that_came_back_are_freed_with_the_desk),
        DESK_TEST(a_broker_that_cuts_for_it_is_asked_no_more_for_an_hour),
        DESK_TEST(without_keys_nothing_is_asked_for),
    };
    return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
