#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "mqtt/own_ids.h"

static struct mqtt_own_ids ids; /* too large for the stack */

static int fresh(void **state)
{
    (void)state;
    memset(&ids, 0, sizeof(ids));
    return 0;
}

/* Well spread, as hashes are. */
static uint64_t hash(uint64_t number)
{
    return (number + 1) * 0x9E3779B97F4A7C15u;
}

static void take_all(uint64_t from, uint64_t to)
{
    for (uint64_t number = from; number < to; number++)
        assert_false(mqtt_own_ids_take(&ids, hash(number)));
}

static void an_id_is_new_once(void **state)
{
    (void)state;
    assert_false(mqtt_own_ids_take(&ids, 0));
    assert_false(mqtt_own_ids_take(&ids, 1));
    assert_true(mqtt_own_ids_take(&ids, 0));
    assert_true(mqtt_own_ids_take(&ids, 1));
}

static void none_of_the_last_is_forgotten(void **state)
{
    (void)state;
    take_all(0, 3 * (uint64_t)OWN_IDS);
    for (uint64_t number = 2 * (uint64_t)OWN_IDS; number < 3 * (uint64_t)OWN_IDS;
         number++) {
        assert_true(mqtt_own_ids_take(&ids, hash(number)));
    }
}

static void what_is_older_gives_way(void **state)
{
    (void)state;
    take_all(0, OWN_IDS);
    assert_int_equal(ids.count, OWN_IDS);
    take_all(OWN_IDS, OWN_IDS + 1);
    assert_false(mqtt_own_ids_take(&ids, hash(0)));
    assert_true(mqtt_own_ids_take(&ids, hash(2)));
    assert_int_equal(ids.count, OWN_IDS);
}

/* A broker that is restarted sends all that is in flight again, and again. */
static void what_comes_again_pushes_nothing_out(void **state)
{
    (void)state;
    take_all(0, OWN_IDS);
    for (uint64_t times = 0; times < 3 * (uint64_t)OWN_IDS; times++)
        assert_true(mqtt_own_ids_take(&ids, hash(OWN_IDS - 1 - times % 100)));
    for (uint64_t number = 0; number < OWN_IDS; number++)
        assert_true(mqtt_own_ids_take(&ids, hash(number)));
    assert_int_equal(ids.count, OWN_IDS);
}

static void ids_of_one_chain_are_told_apart(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < 1000; i++)
        assert_false(mqtt_own_ids_take(&ids, i << 32 | i)); /* all of chain 0 */
    for (uint64_t i = 0; i < 1000; i++)
        assert_true(mqtt_own_ids_take(&ids, i << 32 | i));
}

static void the_newest_can_be_taken_back(void **state)
{
    (void)state;
    take_all(0, 2 * (uint64_t)OWN_IDS); /* the ring begins anew behind it */
    for (uint64_t number = 0; number < 10; number++) {
        assert_false(mqtt_own_ids_take(&ids, hash(number)));
        mqtt_own_ids_untake(&ids);
        assert_false(mqtt_own_ids_take(&ids, hash(number)));
        assert_true(mqtt_own_ids_take(&ids, hash(number)));
    }
    fresh(NULL);
    assert_false(mqtt_own_ids_take(&ids, hash(7)));
    mqtt_own_ids_untake(&ids);
    assert_int_equal(ids.count, 0);
    assert_false(mqtt_own_ids_take(&ids, hash(7)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(an_id_is_new_once, fresh),
        cmocka_unit_test_setup(none_of_the_last_is_forgotten, fresh),
        cmocka_unit_test_setup(what_is_older_gives_way, fresh),
        cmocka_unit_test_setup(what_comes_again_pushes_nothing_out, fresh),
        cmocka_unit_test_setup(ids_of_one_chain_are_told_apart, fresh),
        cmocka_unit_test_setup(the_newest_can_be_taken_back, fresh),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
