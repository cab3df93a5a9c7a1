#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "mqtt/delivery.h"

static struct mqtt_delivery d; /* too large for the stack */

enum { MANY = SETTLED_PROOF + 10 };

/* Read, acknowledged, and the broker has the PUBACK. */
static void settle(uint16_t message_id, uint64_t hash)
{
    struct gw_delivery ret;
    const struct mqtt_delivery_key key = {hash, message_id, false, false};
    assert_false(mqtt_delivery_take(&d, key, &ret));
    mqtt_delivery_sure(&d, ret.ticket);
    assert_int_equal(d.doubts.count, 0);
}

static bool take(uint16_t message_id, uint64_t hash, bool is_dup)
{
    struct gw_delivery ret;
    const struct mqtt_delivery_key key = {hash, message_id, is_dup, false};
    return mqtt_delivery_take(&d, key, &ret);
}

static void connect_again(void)
{
    mqtt_delivery_asked(&d);
    mqtt_delivery_connected(&d, true);
}

/* Messages 1 to MANY on the first connection, their ids the same. */
static int many_settled(void **state)
{
    (void)state;
    memset(&d, 0, sizeof(d));
    mqtt_delivery_start(&d, &(struct gw_bus_setup){.delivered = {.next = 1}});
    connect_again();
    for (uint32_t id = 1; id <= MANY; id++)
        settle((uint16_t)id, id);
    return 0;
}

static void what_a_broker_forgot_is_known_again(void **state)
{
    (void)state;
    connect_again();
    for (uint32_t id = MANY - 5; id <= MANY; id++)
        assert_true(take((uint16_t)id, id, true));
    assert_false(take(MANY + 1, MANY + 1, false));
}

static void what_is_in_doubt_behind_it_is_known_too(void **state)
{
    (void)state;
    assert_false(take(MANY + 1, 0xabc, false));
    connect_again();
    assert_true(take(MANY, MANY, true));
    assert_true(take(MANY + 1, 0xabc, true));
}

/* The broker forgot a press of the button; the next press gets its packet id. */
static void without_the_mark_it_is_new(void **state)
{
    (void)state;
    connect_again();
    assert_false(take(MANY, MANY, false));
}

/* ... and is on its way when the connection ends. */
static void on_the_connection_after_next_it_is_new(void **state)
{
    (void)state;
    connect_again();
    connect_again();
    assert_false(take(MANY, MANY, true));
}

static void a_connect_without_an_answer_counts_as_a_connection(void **state)
{
    (void)state;
    mqtt_delivery_asked(&d);
    connect_again();
    assert_false(take(MANY, MANY, true));
}

static void an_attempt_that_reached_no_broker_does_not(void **state)
{
    (void)state;
    mqtt_delivery_connected(&d, true);
    connect_again();
    assert_true(take(MANY, MANY, true));
}

static void the_same_id_with_another_payload_is_new(void **state)
{
    (void)state;
    connect_again();
    assert_false(take(MANY, 0xabc, true));
}

static void one_is_known_again_once_and_in_order(void **state)
{
    (void)state;
    connect_again();
    assert_true(take(MANY, MANY, true));
    assert_false(take(MANY, MANY, true));
    assert_false(take(MANY - 1, MANY - 1, true));
}

static void the_first_new_message_ends_it(void **state)
{
    (void)state;
    connect_again();
    assert_false(take(MANY + 1, 0xabc, false));
    assert_false(take(MANY, MANY, true));
}

static void a_broker_without_our_session_sends_nothing_again(void **state)
{
    (void)state;
    mqtt_delivery_asked(&d);
    mqtt_delivery_connected(&d, false);
    assert_false(take(MANY, MANY, true));
}

static void what_came_again_is_known_on_the_next_connection_too(void **state)
{
    (void)state;
    connect_again();
    assert_true(take(MANY, MANY, true));
    mqtt_delivery_sure(&d, d.last);
    connect_again();
    assert_true(take(MANY, MANY, true));
}

/* It gives the lowest id that is free: two presses that are alike bear the same id. */
static void a_broker_that_gives_free_ids_anew_is_not_trusted(void **state)
{
    (void)state;
    memset(&d, 0, sizeof(d));
    connect_again();
    for (int i = 0; i < MANY; i++)
        settle(1, 0xabc);
    connect_again();
    assert_false(take(1, 0xabc, true));
}

static void a_broker_that_has_sent_little_is_not_trusted(void **state)
{
    (void)state;
    memset(&d, 0, sizeof(d));
    connect_again();
    for (uint32_t id = 1; id <= SETTLED_PROOF; id++)
        settle((uint16_t)id, id);
    connect_again();
    assert_false(take(SETTLED_PROOF, SETTLED_PROOF, true));
}

static void an_id_that_falls_back_ends_the_trust(void **state)
{
    (void)state;
    settle(MANY - 20, 0xabc);
    connect_again();
    assert_false(take(MANY, MANY, true));
}

static void ids_go_on_behind_the_last(void **state)
{
    (void)state;
    settle(INT16_MAX, 0xabc);
    settle(UINT16_MAX - 1, 0xabc);
    settle(UINT16_MAX, 0xdef);
    settle(1, 0xabc);
    connect_again();
    assert_true(take(UINT16_MAX, 0xdef, true));
    assert_true(take(1, 0xabc, true));
}

static void no_more_are_remembered_than_settled_max(void **state)
{
    (void)state;
    for (uint32_t id = MANY + 1; id <= MANY + SETTLED_MAX; id++)
        settle((uint16_t)id, id);
    assert_int_equal(d.settled.count, SETTLED_MAX);
    connect_again();
    assert_true(take(MANY + 1, MANY + 1, true));
    connect_again();
    assert_false(take(MANY, MANY, true));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(what_a_broker_forgot_is_known_again, many_settled),
        cmocka_unit_test_setup(what_is_in_doubt_behind_it_is_known_too, many_settled),
        cmocka_unit_test_setup(without_the_mark_it_is_new, many_settled),
        cmocka_unit_test_setup(on_the_connection_after_next_it_is_new, many_settled),
        cmocka_unit_test_setup(a_connect_without_an_answer_counts_as_a_connection,
                               many_settled),
        cmocka_unit_test_setup(an_attempt_that_reached_no_broker_does_not, many_settled),
        cmocka_unit_test_setup(the_same_id_with_another_payload_is_new, many_settled),
        cmocka_unit_test_setup(one_is_known_again_once_and_in_order, many_settled),
        cmocka_unit_test_setup(the_first_new_message_ends_it, many_settled),
        cmocka_unit_test_setup(a_broker_without_our_session_sends_nothing_again,
                               many_settled),
        cmocka_unit_test_setup(what_came_again_is_known_on_the_next_connection_too,
                               many_settled),
        cmocka_unit_test_setup(a_broker_that_gives_free_ids_anew_is_not_trusted,
                               many_settled),
        cmocka_unit_test_setup(a_broker_that_has_sent_little_is_not_trusted,
                               many_settled),
        cmocka_unit_test_setup(an_id_that_falls_back_ends_the_trust, many_settled),
        cmocka_unit_test_setup(ids_go_on_behind_the_last, many_settled),
        cmocka_unit_test_setup(no_more_are_remembered_than_settled_max, many_settled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
