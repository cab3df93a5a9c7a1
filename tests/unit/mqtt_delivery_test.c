#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "mqtt/delivery.h"

static struct mqtt_delivery d; /* too large for the stack */

static int fresh(void **state)
{
    (void)state;
    memset(&d, 0, sizeof(d));
    mqtt_delivery_start(&d, &(struct gw_bus_setup){.delivered = {.next = 1}});
    return 0;
}

static bool take(uint16_t message_id, uint64_t hash)
{
    struct gw_delivery ret;
    return mqtt_delivery_take(
        &d, (struct mqtt_delivery_key){hash, message_id, false, false}, &ret);
}

/* With the DUP flag. */
static bool take_again(uint16_t message_id, uint64_t hash)
{
    struct gw_delivery ret;
    const struct mqtt_delivery_key key = {hash, message_id, true, false};
    return mqtt_delivery_take(&d, key, &ret);
}

static uint64_t forget_at(uint16_t message_id, uint64_t hash)
{
    struct gw_delivery ret;
    (void)mqtt_delivery_take(
        &d, (struct mqtt_delivery_key){hash, message_id, false, false}, &ret);
    return ret.forget;
}

static void tickets_rise_by_one(void **state)
{
    (void)state;
    struct gw_delivery ret;
    for (uint64_t ticket = 1; ticket < 100; ticket++) {
        assert_false(mqtt_delivery_take(
            &d, (struct mqtt_delivery_key){.hash = ticket, .message_id = 1}, &ret));
        assert_int_equal(ret.ticket, ticket);
    }
}

static void a_message_in_doubt_is_recognised_after_a_new_connection(void **state)
{
    (void)state;
    assert_false(take(7, 0xabc));
    mqtt_delivery_connected(&d, true);
    assert_true(take_again(7, 0xabc));
}

static void the_same_packet_id_with_another_payload_is_new(void **state)
{
    (void)state;
    assert_false(take(7, 0xabc));
    mqtt_delivery_connected(&d, true);
    assert_false(take_again(7, 0xdef));
}

static void within_one_connection_nothing_is_a_redelivery(void **state)
{
    (void)state;
    assert_false(take(7, 0xabc));
    assert_false(take_again(7, 0xabc));
}

/* The broker forgot the press of a button, and the next press gets its packet id. */
static void without_the_mark_it_is_new(void **state)
{
    (void)state;
    assert_false(take(7, 0xabc));
    mqtt_delivery_connected(&d, true);
    assert_false(take(7, 0xabc));
}

static void the_first_new_message_ends_the_redeliveries(void **state)
{
    (void)state;
    assert_false(take(7, 0xabc));
    assert_false(take(8, 0xdef));
    mqtt_delivery_connected(&d, true);
    assert_false(take(9, 0x111));
    assert_false(take_again(8, 0xdef));
}

/* The broker fell back to an older save: what it sent before comes first. */
static void a_marked_message_does_not_end_the_redeliveries(void **state)
{
    (void)state;
    assert_false(take(8, 0xdef));
    mqtt_delivery_connected(&d, true);
    assert_false(take_again(7, 0x111));
    assert_true(take_again(8, 0xdef));
}

static void one_redelivery_is_recognised_once(void **state)
{
    (void)state;
    assert_false(take(7, 0xabc));
    assert_false(take(8, 0xdef));
    mqtt_delivery_connected(&d, true);
    assert_true(take_again(7, 0xabc));
    assert_false(take_again(7, 0xabc));
}

static void a_broker_that_forgot_us_sends_nothing_again(void **state)
{
    (void)state;
    assert_false(take(7, 0xabc));
    mqtt_delivery_connected(&d, false);
    assert_false(take_again(7, 0xabc));
}

static void what_the_broker_has_taken_is_not_in_doubt(void **state)
{
    (void)state;
    assert_false(take(7, 0xabc));
    assert_false(take(8, 0xdef));
    mqtt_delivery_sure(&d, 1);
    assert_int_equal(forget_at(9, 0x111), 1);
    mqtt_delivery_connected(&d, true);
    assert_true(take_again(8, 0xdef));
    assert_true(take_again(9, 0x111));
}

static void doubts_of_the_last_run_come_back(void **state)
{
    (void)state;
    const struct gw_delivery kept[] = {{.ticket = 95, .hash = 0xabc, .message_id = 7},
                                       {.ticket = 96, .hash = 0xdef, .message_id = 8}};
    memset(&d, 0, sizeof(d));
    mqtt_delivery_start(&d, &(struct gw_bus_setup){.delivered = {kept, 2, 97}});
    mqtt_delivery_connected(&d, true);
    struct gw_delivery ret;
    assert_true(
        mqtt_delivery_take(&d, (struct mqtt_delivery_key){0xabc, 7, true, false}, &ret));
    assert_int_equal(ret.ticket, 97);
    assert_int_equal(ret.forget, 95); /* 96 may still come again */
    assert_true(take_again(8, 0xdef));
}

static void a_second_drop_keeps_what_is_left_in_doubt(void **state)
{
    (void)state;
    assert_false(take(7, 0xabc));
    assert_false(take(8, 0xdef));
    mqtt_delivery_connected(&d, true);
    assert_true(take_again(7, 0xabc));
    mqtt_delivery_connected(&d, true);
    assert_true(take_again(7, 0xabc));
    assert_true(take_again(8, 0xdef));
}

static bool take_own(uint16_t message_id, uint64_t hash, bool is_dup)
{
    struct gw_delivery ret;
    bool is_known = mqtt_delivery_take(
        &d, (struct mqtt_delivery_key){hash, message_id, is_dup, true}, &ret);
    assert_int_equal(ret.message_id, 0);
    assert_int_equal(ret.ticket, d.last);
    assert_true(ret.forget < ret.ticket);
    return is_known;
}

static void an_own_id_is_taken_once_at_any_time(void **state)
{
    (void)state;
    assert_false(take_own(7, 0x42, false));
    assert_false(take_own(8, 0x43, true));
    assert_true(take_own(9, 0x42, false));
    mqtt_delivery_sure(&d, 3);
    mqtt_delivery_connected(&d, false);
    assert_true(take_own(9, 0x42, true));
    assert_true(mqtt_delivery_saw_id(&d, 0x43));
    assert_false(mqtt_delivery_saw_id(&d, 0x44));
    assert_true(take_own(1, 0x44, false));
}

static void own_ids_of_the_last_run_come_back(void **state)
{
    (void)state;
    const uint64_t hashes[] = {0x42, 0x43};
    memset(&d, 0, sizeof(d));
    mqtt_delivery_start(
        &d, &(struct gw_bus_setup){.delivered = {.next = 97}, .own_ids = {hashes, 2}});
    mqtt_delivery_connected(&d, false);
    assert_true(take_own(7, 0x43, false));
    assert_true(take_own(7, 0x42, false));
    assert_false(take_own(7, 0x44, true));
    assert_int_equal(d.last, 99);
}

static struct gw_delivery delivery_of(struct mqtt_delivery_key key)
{
    struct gw_delivery ret;
    (void)mqtt_delivery_take(&d, key, &ret);
    return ret;
}

/* It takes a ticket, for it too is acknowledged, and nothing else. */
static void an_own_id_that_comes_again_leaves_nothing(void **state)
{
    (void)state;
    const struct mqtt_delivery_key own = {0x42, 7, false, true};
    struct gw_delivery first = delivery_of(own);
    struct gw_delivery again = delivery_of(own);
    assert_false(first.is_again);
    assert_true(again.is_again);
    assert_int_equal(again.ticket, first.ticket + 1);
    assert_false(take(8, 0xabc));
    mqtt_delivery_connected(&d, true);
    assert_false(delivery_of((struct mqtt_delivery_key){0xabc, 8, true, false}).is_again);
}

/* A device without ids shares the bus: what it has in doubt may still come. */
static void an_own_id_that_comes_again_does_not_end_the_redeliveries(void **state)
{
    (void)state;
    assert_false(take_own(7, 0x42, false));
    assert_false(take(8, 0xdef));
    mqtt_delivery_connected(&d, true);
    assert_true(take_own(7, 0x42, true));
    assert_true(take_again(8, 0xdef));
}

/* Tickets with own ids need no place among the doubts. */
static void own_ids_hold_no_ticket_back(void **state)
{
    (void)state;
    assert_false(take_own(7, 0x42, false));
    assert_false(take_own(8, 0x43, false));
    assert_int_equal(forget_at(9, 0x111), 2);
    assert_false(take_own(10, 0x44, false));
    assert_int_equal(forget_at(11, 0x222), 2);
}

/* Nobody knows what earlier runs took. */
static int without_a_store(void **state)
{
    (void)state;
    memset(&d, 0, sizeof(d));
    mqtt_delivery_start(
        &d, &(struct gw_bus_setup){.delivered = {.next = 2}, .is_store_away = true});
    mqtt_delivery_connected(&d, true);
    return 0;
}

static void without_a_store_a_marked_message_may_be_older(void **state)
{
    (void)state;
    const struct mqtt_delivery_key marked = {0xabc, 7, true, false};
    const struct mqtt_delivery_key fresh_one = {0xdef, 8, false, false};
    assert_true(delivery_of(marked).may_be_again);
    assert_false(delivery_of(fresh_one).may_be_again);
    assert_false(delivery_of(marked).may_be_again); /* nothing older comes any more */
}

static void without_a_store_own_ids_may_be_older_at_any_time(void **state)
{
    (void)state;
    const struct mqtt_delivery_key own = {0x42, 8, false, true};
    assert_false(take(7, 0xabc));
    assert_true(delivery_of(own).may_be_again);
    assert_false(delivery_of(own).may_be_again); /* this run had it */
}

/* Nothing of before is forgotten while it may still come, and then all of it. */
static void without_a_store_older_ones_stay_in_doubt_until_a_new_one_comes(void **state)
{
    (void)state;
    const struct mqtt_delivery_key first = {0xabc, 7, true, false};
    const struct mqtt_delivery_key second = {0xdef, 8, true, false};
    assert_int_equal(delivery_of(first).forget, 0);
    mqtt_delivery_connected(&d, true);
    struct gw_delivery again = delivery_of(first);
    assert_false(again.may_be_again); /* this run had it */
    assert_int_equal(again.forget, 0);
    assert_true(delivery_of(second).may_be_again);
    assert_int_equal(forget_at(9, 0x111), 2); /* the first time of the first message */
}

static void without_a_store_a_broker_that_forgot_us_sends_nothing_older(void **state)
{
    (void)state;
    mqtt_delivery_connected(&d, false);
    struct gw_delivery ret =
        delivery_of((struct mqtt_delivery_key){0xabc, 7, true, false});
    assert_false(ret.may_be_again);
    assert_int_equal(ret.ticket, 2);
    assert_int_equal(ret.forget, 1);
}

/* Memory was short: the message with id 7 and the own id 0x43 did not get to the disk. */
static void when_the_store_comes_only_what_it_has_is_known(void **state)
{
    (void)state;
    assert_false(take(7, 0xabc));
    assert_false(take(8, 0xdef));
    assert_false(take_own(9, 0x42, false));
    assert_false(take_own(10, 0x43, false));
    const struct gw_delivery kept[] = {{.ticket = 96, .hash = 0xdef, .message_id = 8}};
    const uint64_t hashes[] = {0x42};
    mqtt_delivery_start(
        &d, &(struct gw_bus_setup){.delivered = {kept, 1, 98}, .own_ids = {hashes, 1}});
    mqtt_delivery_connected(&d, true);
    struct gw_delivery ret =
        delivery_of((struct mqtt_delivery_key){0xabc, 7, true, false});
    assert_int_equal(ret.ticket, 98);
    assert_false(ret.may_be_again);
    assert_true(take_again(8, 0xdef));
    assert_true(take_own(9, 0x42, true));
    assert_false(take_own(10, 0x43, true));
}

static void when_the_store_stays_away_memory_goes_on(void **state)
{
    (void)state;
    assert_false(take(7, 0xabc));
    mqtt_delivery_start(
        &d, &(struct gw_bus_setup){.delivered = {.next = 2}, .is_store_away = true});
    mqtt_delivery_connected(&d, true);
    assert_true(take_again(7, 0xabc));
    assert_int_equal(d.last, 3);
}

static void a_message_that_never_left_the_driver_is_new_again(void **state)
{
    (void)state;
    assert_false(take_own(6, 0x42, false));
    mqtt_delivery_untake(&d);
    assert_false(take(7, 0xabc));
    mqtt_delivery_untake(&d);
    mqtt_delivery_connected(&d, true);
    assert_false(take_again(7, 0xabc));
    assert_false(take_own(6, 0x42, true));
    assert_int_equal(d.last, 2);
}

/* All packet ids are under way: the broker's answer stands behind them in its stream. */
static void as_many_as_there_are_packet_ids_are_recognised(void **state)
{
    (void)state;
    for (uint32_t id = 1; id <= UINT16_MAX; id++)
        assert_false(take((uint16_t)id, id));
    mqtt_delivery_connected(&d, true);
    const uint32_t taken = 40000; /* of these the broker had the PUBACK */
    for (uint32_t id = taken + 1; id <= UINT16_MAX; id++)
        assert_true(take_again((uint16_t)id, id));
    mqtt_delivery_connected(&d, true);
    for (uint32_t id = taken + 1; id <= UINT16_MAX; id++)
        assert_true(take_again((uint16_t)id, id));
    assert_false(take_again(1, 0xabc));
}

/* A broker that is restarted again and again sends the same thousands first each time,
 * and never gets to the rest. */
static void repeats_push_no_doubt_out(void **state)
{
    (void)state;
    for (uint32_t id = 1; id <= 60000; id++)
        assert_false(take((uint16_t)id, id));
    for (int times = 0; times < 20; times++) {
        mqtt_delivery_connected(&d, true);
        for (uint32_t id = 1; id <= 20000; id++)
            assert_true(take_again((uint16_t)id, id));
    }
    mqtt_delivery_connected(&d, true);
    for (uint32_t id = 1; id <= 60000; id++)
        assert_true(take_again((uint16_t)id, id));
}

/* Its packet id tells that the one before it is over. */
static void a_broker_that_never_settles_costs_no_memory(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 3 * DOUBTS_MAX; i++)
        assert_false(take((uint16_t)(i % DOUBTS_MAX + 1), i));
    assert_int_equal(d.doubts.count, DOUBTS_MAX);
    assert_int_equal(d.doubts.used, DOUBTS_MAX);
    assert_int_equal(forget_at(1, 1), 2 * DOUBTS_MAX + 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(tickets_rise_by_one, fresh),
        cmocka_unit_test_setup(a_message_in_doubt_is_recognised_after_a_new_connection,
                               fresh),
        cmocka_unit_test_setup(the_same_packet_id_with_another_payload_is_new, fresh),
        cmocka_unit_test_setup(within_one_connection_nothing_is_a_redelivery, fresh),
        cmocka_unit_test_setup(without_the_mark_it_is_new, fresh),
        cmocka_unit_test_setup(the_first_new_message_ends_the_redeliveries, fresh),
        cmocka_unit_test_setup(a_marked_message_does_not_end_the_redeliveries, fresh),
        cmocka_unit_test_setup(one_redelivery_is_recognised_once, fresh),
        cmocka_unit_test_setup(a_broker_that_forgot_us_sends_nothing_again, fresh),
        cmocka_unit_test_setup(what_the_broker_has_taken_is_not_in_doubt, fresh),
        cmocka_unit_test_setup(doubts_of_the_last_run_come_back, fresh),
        cmocka_unit_test_setup(a_second_drop_keeps_what_is_left_in_doubt, fresh),
        cmocka_unit_test_setup(an_own_id_is_taken_once_at_any_time, fresh),
        cmocka_unit_test_setup(own_ids_of_the_last_run_come_back, fresh),
        cmocka_unit_test_setup(an_own_id_that_comes_again_does_not_end_the_redeliveries,
                               fresh),
        cmocka_unit_test_setup(an_own_id_that_comes_again_leaves_nothing, fresh),
        cmocka_unit_test_setup(own_ids_hold_no_ticket_back, fresh),
        cmocka_unit_test_setup(without_a_store_a_marked_message_may_be_older,
                               without_a_store),
        cmocka_unit_test_setup(without_a_store_own_ids_may_be_older_at_any_time,
                               without_a_store),
        cmocka_unit_test_setup(
            without_a_store_older_ones_stay_in_doubt_until_a_new_one_comes,
            without_a_store),
        cmocka_unit_test_setup(
            without_a_store_a_broker_that_forgot_us_sends_nothing_older, without_a_store),
        cmocka_unit_test_setup(when_the_store_comes_only_what_it_has_is_known,
                               without_a_store),
        cmocka_unit_test_setup(when_the_store_stays_away_memory_goes_on, without_a_store),
        cmocka_unit_test_setup(a_message_that_never_left_the_driver_is_new_again, fresh),
        cmocka_unit_test_setup(as_many_as_there_are_packet_ids_are_recognised, fresh),
        cmocka_unit_test_setup(repeats_push_no_doubt_out, fresh),
        cmocka_unit_test_setup(a_broker_that_never_settles_costs_no_memory, fresh),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
