/* The gpio driver's inputs: bounce, pulses, storms, full queues. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "gpio_rig.h"

static void refused_edge_waits_for_room_and_nothing_more_is_taken(void **state)
{
    struct fixture *f = *state;
    open_bus(f);
    (void)turn(f);
    f->room = f->count;
    edge(true, start_us + 1);
    edge(false, start_us + 2);
    assert_false(turn(f));
    assert_int_equal(wires[DOOR].taken, 1);
    f->room = TAKEN_MAX;
    assert_true(turn(f));
    assert_int_equal(f->count, LINES + 2);
    assert_int_equal(f->taken[2].mono_us, start_us + 1);
}

static void level_after_a_lost_edge_is_told(void **state)
{
    struct fixture *f = *state;
    open_bus(f);
    (void)turn(f);
    edge(true, start_us + 1);
    wires[DOOR].level = false; /* its falling edge found no room in the kernel */
    (void)turn(f);
    assert_int_equal(f->count, LINES + 2);
    assert_true(f->taken[2].raw == 1);
    assert_true(f->taken[3].raw == 0);
    assert_int_equal(f->taken[3].flags, GW_EVENT);
}

static void storm_of_one_line_is_worked_off_in_turns(void **state)
{
    struct fixture *f = *state;
    open_bus(f);
    (void)turn(f);
    for (int i = 0; i < 100; i++)
        edge(i % 2 == 0, start_us + i);
    (void)turn(f);
    assert_in_range(f->count, LINES + 1, LINES + 99);
    (void)turn(f);
    assert_int_equal(f->count, LINES + 100);
}

static void contact_at_rest_is_told_again(void **state)
{
    struct fixture *f = *state;
    open_bus(f);
    (void)turn(f);
    clock_set(10900000, 0);
    (void)turn(f);
    assert_int_equal(f->count, LINES);
    clock_set(11000000, 0);
    (void)turn(f);
    assert_int_equal(f->count, 2 * LINES);
    assert_int_equal(f->taken[2].flags, GW_REPEAT);
    wires[DOOR].level = true; /* an edge that the kernel never told */
    clock_set(21000000, 0);
    (void)turn(f);
    assert_int_equal(f->taken[4].flags, GW_EVENT);
    assert_true(f->taken[4].raw == 1);
    assert_int_equal(f->taken[5].flags, GW_REPEAT);
}

static void debounce_is_the_kernels_where_it_can(void **state)
{
    struct fixture *f = *state;
    set_time(f, DOOR, "debounce", 20 * ms);
    has_kernel_debounce = true;
    open_bus(f);
    assert_int_equal(wires[DOOR].asked.debounce_us, 20 * ms);
    (void)turn(f);
    edge(true, start_us + 1);
    (void)turn(f);
    assert_int_equal(f->count, LINES + 1);
}

static void debounce_is_ours_where_the_kernel_cannot(void **state)
{
    struct fixture *f = *state;
    struct gw_wait wait = {0};
    set_time(f, DOOR, "debounce", 20 * ms);
    open_bus(f);
    assert_int_equal(wires[DOOR].asked.debounce_us, 0);
    (void)turn(f);
    edge(true, start_us + 1);
    edge(false, start_us + 2);
    edge(true, start_us + 3);
    (void)turn(f);
    assert_int_equal(f->count, LINES);
    gpio_driver.wait(f->bus, &wait);
    assert_int_equal(wait.deadline_us, start_us + 3 + 20 * ms);
    turn_at(f, start_us + 3 + 20 * ms);
    assert_int_equal(f->count, LINES + 1);
    assert_true(f->taken[LINES].raw == 1);
}

static void leading_edge_is_never_the_kernels(void **state)
{
    struct fixture *f = *state;
    set_time(f, DOOR, "debounce", 20 * ms);
    set_enum(f, DOOR, "edge", 1);
    has_kernel_debounce = true;
    open_bus(f);
    assert_int_equal(wires[DOOR].asked.debounce_us, 0);
    (void)turn(f);
    edge(true, start_us + 1);
    (void)turn(f);
    assert_int_equal(f->count, LINES + 1);
    edge(false, start_us + 5);
    (void)turn(f);
    assert_int_equal(f->count, LINES + 1);
    turn_at(f, start_us + 1 + 20 * ms);
    assert_int_equal(f->count, LINES + 2);
    assert_true(f->taken[LINES + 1].raw == 0);
}

/* The level is read when the quiet ends: no edge told that it is released. */
static void release_without_an_edge_is_seen_at_the_end_of_the_quiet(void **state)
{
    struct fixture *f = *state;
    set_time(f, DOOR, "debounce", 20 * ms);
    set_enum(f, DOOR, "edge", 1);
    open_bus(f);
    (void)turn(f);
    edge(true, start_us + 1);
    (void)turn(f);
    wires[DOOR].level = false;
    turn_at(f, start_us + 1 + 20 * ms);
    assert_int_equal(f->count, LINES + 2);
    assert_true(f->taken[LINES + 1].raw == 0);
}

static void pulses_are_told_as_a_total_once_a_second(void **state)
{
    struct fixture *f = *state;
    set_counter(f, DOOR);
    open_bus(f);
    (void)turn(f);
    assert_true(f->taken[0].raw == 0);
    for (int i = 0; i < 20; i++)
        edge(i % 2 == 0, start_us + i);
    (void)turn(f);
    (void)turn(f);
    turn_at(f, start_us + 1000 * ms);
    assert_int_equal(f->count, LINES + 1);
    assert_true(f->taken[LINES].raw == 10);
    assert_int_equal(f->taken[LINES].flags, 0); /* the newer total may take its place */
}

static void full_queue_loses_no_pulse(void **state)
{
    struct fixture *f = *state;
    set_counter(f, DOOR);
    open_bus(f);
    (void)turn(f);
    f->room = f->count;
    for (int s = 1; s <= 3; s++) {
        for (int i = 0; i < 20; i++)
            edge(i % 2 == 0, start_us + s * 1000 * ms + i);
        turn_at(f, start_us + s * 1000 * ms + 20);
        assert_int_equal(wires[DOOR].taken, 20);
    }
    f->room = TAKEN_MAX;
    turn_at(f, start_us + 9000 * ms);
    assert_true(f->taken[f->count - 1].raw == 30);
}

static void storm_is_reported_until_it_is_over(void **state)
{
    struct fixture *f = *state;
    open_bus(f);
    (void)turn(f);
    for (int i = 0; i < 1001; i++)
        edge(i % 2 == 0, start_us + i);
    for (int i = 0; i < 10; i++)
        (void)turn(f);
    assert_int_equal(f->count, LINES + 200);
    assert_non_null(strstr(f->fault, "GPIO0"));
    assert_int_equal(f->counted[GW_COUNT_SUPPRESSED], 1);
    assert_int_equal(wires[DOOR].taken, 201); /* the rest stays where it is */
    turn_at(f, start_us + 1000 * ms);
    assert_true(f->taken[f->count - 1].raw == 1);
    for (int64_t at_us = start_us + 1000 * ms; at_us < start_us + 8000 * ms;
         at_us += 50 * ms)
        turn_at(f, at_us);
    assert_string_equal(f->fault, "");
    assert_true(f->taken[f->count - 1].raw == 1);
    assert_in_range(f->count, LINES + 201, LINES + 210);
}

static void edges_that_the_kernel_dropped_are_counted(void **state)
{
    struct fixture *f = *state;
    open_bus(f);
    (void)turn(f);
    edge(true, start_us + 1);
    wires[DOOR].edges[0].lost = 7;
    wires[DOOR].edges[0].is_burst = true;
    (void)turn(f);
    assert_int_equal(f->counted[GW_COUNT_LOST], 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        LINE_TEST(refused_edge_waits_for_room_and_nothing_more_is_taken),
        LINE_TEST(level_after_a_lost_edge_is_told),
        LINE_TEST(storm_of_one_line_is_worked_off_in_turns),
        LINE_TEST(contact_at_rest_is_told_again),
        LINE_TEST(debounce_is_the_kernels_where_it_can),
        LINE_TEST(debounce_is_ours_where_the_kernel_cannot),
        LINE_TEST(leading_edge_is_never_the_kernels),
        LINE_TEST(release_without_an_edge_is_seen_at_the_end_of_the_quiet),
        LINE_TEST(pulses_are_told_as_a_total_once_a_second),
        LINE_TEST(full_queue_loses_no_pulse),
        LINE_TEST(storm_is_reported_until_it_is_over),
        LINE_TEST(edges_that_the_kernel_dropped_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
