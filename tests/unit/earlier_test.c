#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "store/earlier.h"

enum { BUS = 1, OTHER_BUS = 0 };

static const struct gw_delivery doubts[] = {
    {.ticket = 5, .hash = 0xdef, .message_id = 8},
    {.ticket = 6, .hash = 0xabc, .message_id = 7},
    {.ticket = 7, .hash = 0xabc, .message_id = 9},
    {.ticket = 8, .hash = 0xabc, .message_id = 7}, /* the sixth once more */
};
static const uint64_t own_ids[] = {0x43, 0x42};

static int has_some(void **state)
{
    struct earlier *e = NULL;
    const struct gw_delivered nothing = {.next = 1};
    const struct gw_delivered kept = {doubts, 4, 9};
    if (earlier_new(2, &e) < 0)
        return -1;
    *state = e;
    return earlier_add(e, OTHER_BUS, &nothing, &(struct gw_own_ids){0}) < 0
           || earlier_add(e, BUS, &kept, &(struct gw_own_ids){own_ids, 2}) < 0;
}

static int free_it(void **state)
{
    *state = earlier_free(*state);
    return 0;
}

/* As a driver without a store hands on a message that is marked, or bears an own id. */
static bool had(struct earlier *e, uint16_t message_id, uint64_t hash)
{
    const struct gw_delivery d = {
        .hash = hash, .message_id = message_id, .may_be_again = true};
    return earlier_had(e, BUS, &d);
}

static void a_message_in_doubt_is_known_once_by_packet_id_and_hash(void **state)
{
    struct earlier *e = *state;
    assert_true(had(e, 9, 0xabc));
    assert_false(had(e, 9, 0xabc));
    assert_true(had(e, 7, 0xabc));
    assert_false(had(e, 7, 0xabc));
    assert_false(had(e, 8, 0xabc));
    assert_false(had(e, 0, 0xdef));
    assert_true(had(e, 8, 0xdef));
}

static void an_own_id_is_known_whenever_it_comes(void **state)
{
    struct earlier *e = *state;
    assert_true(had(e, 0, 0x42));
    assert_true(had(e, 0, 0x43));
    assert_true(had(e, 0, 0x42));
    assert_false(had(e, 7, 0x42));
    assert_false(had(e, 0, 0x44));
}

static void what_the_driver_knows_to_be_new_is_new(void **state)
{
    const struct gw_delivery d = {.hash = 0xabc, .message_id = 7};
    assert_false(earlier_had(*state, BUS, &d));
    assert_true(had(*state, 7, 0xabc));
}

static void after_a_new_message_only_own_ids_are_known(void **state)
{
    const struct gw_delivery fresh = {.hash = 0x111, .message_id = 10, .forget = 1};
    assert_false(earlier_had(*state, BUS, &fresh));
    assert_false(had(*state, 7, 0xabc));
    assert_true(had(*state, 0, 0x42));
}

static void each_bus_has_its_own(void **state)
{
    const struct gw_delivery d = {.hash = 0xabc, .message_id = 7, .may_be_again = true};
    const struct gw_delivery over = {.hash = 0x111, .message_id = 10, .forget = 1};
    assert_false(earlier_had(*state, OTHER_BUS, &d));
    assert_false(earlier_had(*state, OTHER_BUS, &over));
    assert_true(had(*state, 7, 0xabc));
}

int main(void)
{
#define EARLIER_TEST(test) cmocka_unit_test_setup_teardown(test, has_some, free_it)
    const struct CMUnitTest tests[] = {
        EARLIER_TEST(a_message_in_doubt_is_known_once_by_packet_id_and_hash),
        EARLIER_TEST(an_own_id_is_known_whenever_it_comes),
        EARLIER_TEST(what_the_driver_knows_to_be_new_is_new),
        EARLIER_TEST(after_a_new_message_only_own_ids_are_known),
        EARLIER_TEST(each_bus_has_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
