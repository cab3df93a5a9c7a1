#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "gpio/input.h"

static const int64_t ms = 1000;
static const int64_t second = 1000000;

static struct input input;
static struct input_change changes[INPUT_CHANGES_MAX];

static void start(struct input_rule rule)
{
    input = (struct input){0};
    input_start(&input, &rule, false, 0);
}

static size_t edge(bool level, int64_t us)
{
    return input_edge(&input, level, us, changes);
}

static size_t later(int64_t us)
{
    return input_time(&input, us, changes);
}

static void an_edge_without_debounce_counts_at_once(void **state)
{
    (void)state;
    start((struct input_rule){.active = true});
    assert_int_equal(edge(true, 5), 1);
    assert_true(changes[0].level);
    assert_int_equal(changes[0].machine_us, 5);
    assert_int_equal(input_due(&input), INT64_MAX);
}

static void an_edge_to_the_level_that_is_there_is_none(void **state)
{
    (void)state;
    start((struct input_rule){.active = true});
    assert_int_equal(edge(false, 5), 0);
    assert_int_equal(input.edges, 0);
}

static void a_bouncing_contact_counts_once_when_it_rests(void **state)
{
    (void)state;
    start((struct input_rule){.active = true, .debounce_us = 20 * ms});
    for (int i = 0; i < 11; i++)
        assert_int_equal(edge(i % 2 == 0, i * ms), 0);
    assert_int_equal(input_due(&input), 30 * ms);
    assert_int_equal(later(30 * ms - 1), 0);
    assert_int_equal(later(30 * ms), 1);
    assert_true(changes[0].level);
    assert_int_equal(changes[0].machine_us, 30 * ms);
}

static void a_bus_that_comes_late_judges_by_the_kernels_times(void **state)
{
    (void)state;
    start((struct input_rule){.active = true, .debounce_us = 20 * ms});
    assert_int_equal(edge(true, 0), 0);
    assert_int_equal(edge(false, 25 * ms), 1); /* 1 had lasted */
    assert_int_equal(changes[0].machine_us, 20 * ms);
    assert_int_equal(later(45 * ms), 1);
    assert_false(changes[0].level);
}

static void a_leading_edge_counts_at_once_and_its_bounces_do_not(void **state)
{
    (void)state;
    start(
        (struct input_rule){.active = true, .is_leading = true, .debounce_us = 50 * ms});
    assert_int_equal(edge(true, 0), 1);
    assert_int_equal(edge(false, 1 * ms), 0);
    assert_int_equal(edge(true, 2 * ms), 0);
    assert_int_equal(later(50 * ms), 0);
    assert_int_equal(edge(false, 60 * ms), 1);
}

static void a_press_shorter_than_the_quiet_is_told_and_released(void **state)
{
    (void)state;
    start(
        (struct input_rule){.active = true, .is_leading = true, .debounce_us = 50 * ms});
    assert_int_equal(edge(true, 0), 1);
    assert_int_equal(edge(false, 3 * ms), 0);
    assert_int_equal(later(50 * ms), 1);
    assert_false(changes[0].level);
    assert_int_equal(input_due(&input), 100 * ms); /* the release is quiet too */
}

static void pulses_count_when_they_lasted(void **state)
{
    (void)state;
    start(
        (struct input_rule){.active = true, .is_counter = true, .min_pulse_us = 10 * ms});
    for (int i = 0; i < 5; i++) {
        (void)edge(true, i * 100 * ms);
        (void)edge(false, (i * 100 + 9) * ms); /* too short */
        (void)edge(true, (i * 100 + 50) * ms);
        (void)edge(false, (i * 100 + 60) * ms);
    }
    assert_int_equal(input.pulses, 5);
}

static void a_pulse_of_a_line_at_rest_high_is_low(void **state)
{
    (void)state;
    const struct input_rule rule = {.active = false, .is_counter = true};
    input = (struct input){0};
    input_start(&input, &rule, true, 0);
    (void)edge(false, 1);
    (void)edge(true, 2);
    assert_int_equal(input.pulses, 1);
    input_start(&input, &rule, true, 10); /* a chip that was opened again */
    assert_int_equal(input.pulses, 1);
}

static void time_does_not_go_back(void **state)
{
    (void)state;
    start((struct input_rule){.active = true, .debounce_us = 10 * ms});
    (void)edge(true, 100 * ms);
    (void)edge(false, 95 * ms); /* stamped before a level that was read */
    assert_int_equal(input_due(&input), INT64_MAX);
    assert_int_equal(later(200 * ms), 0);
}

/* More than allowed in one second: @n edges from @us on, one each 100 µs. */
static size_t storm(int n, int64_t us)
{
    size_t told = 0;
    for (int i = 0; i < n; i++)
        told += edge(!input.raw, us + i * 100);
    return told;
}

static void a_storm_is_told_up_to_its_limit_and_then_once_a_second(void **state)
{
    (void)state;
    start((struct input_rule){.active = true});
    assert_int_equal(storm(1001, 1), INPUT_STORM_EDGES);
    assert_true(input.is_storm);
    assert_true(input_is_deaf(&input));
    assert_int_equal(input.suppressed, 1001 - INPUT_STORM_EDGES);
    assert_int_equal(input_due(&input), second);
    assert_int_equal(later(second), 1); /* the level that is there */
    assert_true(changes[0].level);
    assert_true(input.is_storm);
    assert_false(input_is_deaf(&input));
}

static void a_storm_ends_with_a_quiet_second_and_the_last_level(void **state)
{
    (void)state;
    start((struct input_rule){.active = true});
    (void)storm(1000, 1);
    (void)later(second);
    assert_int_equal(edge(true, second + 5), 0);
    assert_int_equal(later(2 * second), 1);
    assert_true(changes[0].level);
    assert_false(input.is_storm);
    assert_int_equal(edge(false, 2 * second + 1), 1);
}

static void a_counter_may_have_twenty_times_as_many(void **state)
{
    (void)state;
    start((struct input_rule){.active = true, .is_counter = true});
    (void)storm(INPUT_STORM_PULSE_EDGES, 1);
    assert_false(input.is_storm);
    assert_int_equal(input.pulses, INPUT_STORM_PULSE_EDGES / 2);
    (void)storm(10, 500 * ms);
    assert_true(input.is_storm);
    assert_int_equal(input.suppressed, 10);
}

/* Whatever comes: once all is quiet, the level that counts is the wire's, it came at most
 * debounce after the last edge, and what is told alternates. */
static void the_final_level_is_never_lost(void **state)
{
    (void)state;
    srandom(7);
    for (int run = 0; run < 2000; run++) {
        int64_t debounce_us = random() % 3 * 10 * ms;
        start((struct input_rule){.active = random() % 2,
                                  .is_leading = debounce_us && random() % 2,
                                  .debounce_us = debounce_us});
        bool told = false;
        int64_t us = 1;
        for (int i = 0; i < 60; i++) {
            us += random() % (15 * ms);
            size_t n = random() % 4 ? edge(random() % 2, us) : later(us);
            for (size_t k = 0; k < n; k++) {
                assert_true(changes[k].level != told);
                told = changes[k].level;
            }
        }
        while (input_due(&input) != INT64_MAX) {
            assert_true(input_due(&input) <= us + 2 * debounce_us);
            if (later(input_due(&input)) == 1)
                told = changes[0].level;
        }
        assert_true(told == input.raw);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_edge_without_debounce_counts_at_once),
        cmocka_unit_test(an_edge_to_the_level_that_is_there_is_none),
        cmocka_unit_test(a_bouncing_contact_counts_once_when_it_rests),
        cmocka_unit_test(a_bus_that_comes_late_judges_by_the_kernels_times),
        cmocka_unit_test(a_leading_edge_counts_at_once_and_its_bounces_do_not),
        cmocka_unit_test(a_press_shorter_than_the_quiet_is_told_and_released),
        cmocka_unit_test(pulses_count_when_they_lasted),
        cmocka_unit_test(a_pulse_of_a_line_at_rest_high_is_low),
        cmocka_unit_test(time_does_not_go_back),
        cmocka_unit_test(a_storm_is_told_up_to_its_limit_and_then_once_a_second),
        cmocka_unit_test(a_storm_ends_with_a_quiet_second_and_the_last_level),
        cmocka_unit_test(a_counter_may_have_twenty_times_as_many),
        cmocka_unit_test(the_final_level_is_never_lost),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
