/* In which order commands wait, and what ends them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdio.h>

#include "field/command.h"
#include "field/device.h"

enum { SECOND = 1000000 };

/* --- who asked ------------------------------------------------------------------ */

struct asker {
    unsigned told;
    int result;
    char text[200];
};

static void note(void *ctx, int result, const char *text)
{
    struct asker *a = ctx;
    a->told++;
    a->result = result;
    (void)snprintf(a->text, sizeof(a->text), "%s", text);
}

static struct command command_for(uint32_t point, uint32_t device, double value,
                                  struct asker *asker)
{
    return (struct command){
        .asked = {.point = point,
                  .value = value,
                  .deadline_us = 10 * SECOND,
                  .ctx = asker,
                  .done = asker ? note : NULL},
        .device = device,
    };
}

static int setup(void **state)
{
    return commands_new((struct commands **)state);
}

static int teardown(void **state)
{
    *state = commands_free(*state);
    return 0;
}

static const struct device devices[2]; /* may be tried at any time */

static uint32_t take_point(struct commands *q, const struct device *d, bool is_open,
                           int64_t now_us)
{
    struct command c;
    int64_t next_us;
    return commands_take(q, d, is_open, now_us, &c, &next_us) ? c.asked.point : 0;
}

/* --- the queue -------------------------------------------------------------------- */

static void oldest_is_taken_first(void **state)
{
    struct command first = command_for(7, 0, 1, NULL);
    struct command second = command_for(8, 1, 1, NULL);
    assert_int_equal(commands_put(*state, &first), 0);
    assert_int_equal(commands_put(*state, &second), 0);
    assert_int_equal(take_point(*state, devices, true, 0), 7);
    assert_int_equal(take_point(*state, devices, true, 0), 8);
    assert_int_equal(take_point(*state, devices, true, 0), 0);
}

static void newer_value_takes_the_place_of_an_older_one(void **state)
{
    struct asker asker = {0};
    struct command c;
    int64_t next_us;
    struct command older = command_for(7, 0, 1, &asker);
    struct command newer = command_for(7, 0, 0, NULL);
    assert_int_equal(commands_put(*state, &older), 0);
    assert_int_equal(commands_put(*state, &newer), 0);
    assert_int_equal(asker.told, 1);
    assert_int_equal(asker.result, -ECANCELED);
    assert_true(commands_take(*state, devices, true, 0, &c, &next_us));
    assert_true(c.asked.value == 0);
    assert_int_equal(take_point(*state, devices, true, 0), 0);
}

static void queue_is_bounded_and_takes_newer_values_when_full(void **state)
{
    struct command c = command_for(1, 0, 1, NULL);
    for (uint32_t point = 1; point <= COMMANDS_MAX; point++) {
        c.asked.point = point;
        assert_int_equal(commands_put(*state, &c), 0);
    }
    assert_int_equal(commands_put(*state, &c), 0);
    c.asked.point = COMMANDS_MAX + 1;
    assert_int_equal(commands_put(*state, &c), -ENOBUFS);
}

static void one_tried_in_vain_waits_in_its_old_place(void **state)
{
    struct command first = command_for(7, 0, 1, NULL);
    struct command second = command_for(8, 1, 1, NULL);
    struct command c;
    int64_t next_us;
    assert_int_equal(commands_put(*state, &first), 0);
    assert_int_equal(commands_put(*state, &second), 0);
    assert_true(commands_take(*state, devices, true, 0, &c, &next_us));
    commands_return(*state, &c);
    assert_int_equal(take_point(*state, devices, true, 0), 7);
}

static void one_tried_in_vain_gives_way_to_a_newer_value(void **state)
{
    struct asker asker = {0};
    struct command first = command_for(7, 0, 1, &asker);
    struct command newer = command_for(7, 0, 0, NULL);
    struct command c;
    int64_t next_us;
    assert_int_equal(commands_put(*state, &first), 0);
    assert_true(commands_take(*state, devices, true, 0, &c, &next_us));
    assert_int_equal(commands_put(*state, &newer), 0);
    commands_return(*state, &c);
    assert_int_equal(asker.result, -ECANCELED);
    assert_true(commands_take(*state, devices, true, 0, &c, &next_us));
    assert_true(c.asked.value == 0);
}

static void dead_device_waits_and_holds_nobody_up(void **state)
{
    const struct device d[2] = {{.write_due_us = 5 * SECOND}, {0}};
    struct command dead = command_for(7, 0, 1, NULL);
    struct command live = command_for(8, 1, 1, NULL);
    struct command c;
    int64_t next_us;
    assert_int_equal(commands_put(*state, &dead), 0);
    assert_int_equal(commands_put(*state, &live), 0);
    assert_int_equal(take_point(*state, d, true, 0), 8);
    assert_false(commands_take(*state, d, true, 0, &c, &next_us));
    assert_int_equal(next_us, 5 * SECOND);
    assert_int_equal(take_point(*state, d, true, 5 * SECOND), 7);
}

static void closed_bus_gives_out_only_what_ran_out_of_time(void **state)
{
    struct command c = command_for(7, 0, 1, NULL);
    int64_t next_us;
    assert_int_equal(commands_put(*state, &c), 0);
    assert_false(commands_take(*state, devices, false, 0, &c, &next_us));
    assert_int_equal(next_us, 10 * SECOND);
    assert_int_equal(take_point(*state, devices, false, 10 * SECOND), 7);
}

static void who_waits_at_the_end_is_told(void **state)
{
    struct asker asker = {0};
    struct commands *q = NULL;
    struct command c = command_for(7, 0, 1, &asker);
    (void)state;
    assert_int_equal(commands_new(&q), 0);
    assert_int_equal(commands_put(q, &c), 0);
    q = commands_free(q);
    assert_int_equal(asker.told, 1);
    assert_int_equal(asker.result, -ESHUTDOWN);
}

#define QUEUE_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        QUEUE_TEST(oldest_is_taken_first),
        QUEUE_TEST(newer_value_takes_the_place_of_an_older_one),
        QUEUE_TEST(queue_is_bounded_and_takes_newer_values_when_full),
        QUEUE_TEST(one_tried_in_vain_waits_in_its_old_place),
        QUEUE_TEST(one_tried_in_vain_gives_way_to_a_newer_value),
        QUEUE_TEST(dead_device_waits_and_holds_nobody_up),
        QUEUE_TEST(closed_bus_gives_out_only_what_ran_out_of_time),
        cmocka_unit_test(who_waits_at_the_end_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
