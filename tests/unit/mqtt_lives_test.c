#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "mqtt/lives.h"

static const int64_t second_us = 1000000;

static struct mqtt_lives after(unsigned count, int64_t life_us)
{
    struct mqtt_lives l = {0};
    for (unsigned i = 0; i < count; i++)
        mqtt_lives_ended(&l, LIFE_THROWN_OUT, life_us);
    return l;
}

static void a_fight_at_the_pace_of_the_back_off_is_seen(void **state)
{
    (void)state;
    struct mqtt_lives l = after(2, 11 * second_us);
    assert_false(mqtt_lives_are_fought(&l));
    mqtt_lives_ended(&l, LIFE_THROWN_OUT, 11 * second_us);
    assert_true(mqtt_lives_are_fought(&l));
}

static void a_connection_that_lasts_is_no_fight(void **state)
{
    (void)state;
    struct mqtt_lives l = after(5, 61 * second_us);
    assert_false(mqtt_lives_are_fought(&l));
    l = after(5, second_us);
    mqtt_lives_lasts(&l, 59 * second_us);
    assert_true(mqtt_lives_are_fought(&l));
    mqtt_lives_lasts(&l, 60 * second_us);
    assert_false(mqtt_lives_are_fought(&l));
}

static void a_broker_that_refuses_in_between_was_restarted(void **state)
{
    (void)state;
    struct mqtt_lives l = {0};
    for (int i = 0; i < 6; i++) {
        mqtt_lives_ended(&l, LIFE_THROWN_OUT, 15 * second_us);
        mqtt_lives_ended(&l, LIFE_NEVER_BEGAN, 0);
    }
    assert_false(mqtt_lives_are_fought(&l));
}

static void a_connection_that_fails_by_itself_is_no_fight(void **state)
{
    (void)state;
    struct mqtt_lives l = {0};
    for (int i = 0; i < 6; i++)
        mqtt_lives_ended(&l, LIFE_FAILED, second_us);
    assert_false(mqtt_lives_are_fought(&l));
}

static void what_nobody_witnessed_is_a_suspicion_and_no_more(void **state)
{
    (void)state;
    struct mqtt_lives l = {0};
    assert_false(mqtt_lives_are_suspect(&l));
    for (int i = 0; i < 6; i++)
        mqtt_lives_ended(&l, LIFE_CLOSED, second_us);
    assert_true(mqtt_lives_are_suspect(&l));
    assert_false(mqtt_lives_are_fought(&l));
    mqtt_lives_ended(&l, LIFE_THROWN_OUT, second_us);
    assert_false(mqtt_lives_are_fought(&l));
    mqtt_lives_ended(&l, LIFE_THROWN_OUT, second_us);
    assert_true(mqtt_lives_are_fought(&l));
    mqtt_lives_ended(&l, LIFE_CLOSED, 60 * second_us);
    assert_false(mqtt_lives_are_suspect(&l));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fight_at_the_pace_of_the_back_off_is_seen),
        cmocka_unit_test(a_connection_that_lasts_is_no_fight),
        cmocka_unit_test(a_broker_that_refuses_in_between_was_restarted),
        cmocka_unit_test(a_connection_that_fails_by_itself_is_no_fight),
        cmocka_unit_test(what_nobody_witnessed_is_a_suspicion_and_no_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
