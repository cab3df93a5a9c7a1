/* The gpio driver's bus, and its outputs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "gpio_rig.h"

static void levels_found_at_open_are_told_as_such(void **state)
{
    struct fixture *f = *state;
    wires[DOOR].level = true;
    open_bus(f);
    (void)turn(f);
    assert_int_equal(f->count, LINES);
    assert_int_equal(f->taken[0].point, 1);
    assert_int_equal(f->taken[0].flags, GW_STARTUP);
    assert_true(f->taken[0].raw == 1);
    assert_true(f->taken[1].raw == 0);
    (void)turn(f);
    assert_int_equal(f->count, LINES);
}

static void each_edge_is_an_event_with_the_kernels_time(void **state)
{
    struct fixture *f = *state;
    open_bus(f);
    (void)turn(f);
    edge(true, start_us + 1);
    edge(false, start_us + 50 * ms);
    (void)turn(f);
    assert_int_equal(f->count, LINES + 2);
    assert_true(f->taken[2].raw == 1);
    assert_int_equal(f->taken[2].flags, GW_EVENT);
    assert_int_equal(f->taken[2].mono_us, start_us + 1);
    assert_true(f->taken[3].raw == 0);
    assert_int_equal(f->taken[3].mono_us, start_us + 50 * ms);
}

static void contact_that_is_normally_closed_tells_when_it_opens(void **state)
{
    struct fixture *f = *state;
    set_enum(f, DOOR, "contact", 1);
    set_enum(f, DOOR, "active", 0);
    wires[DOOR].level = false;
    open_bus(f);
    (void)turn(f);
    assert_true(f->taken[0].raw == 0);
    edge(true, start_us + 1);
    (void)turn(f);
    assert_true(f->taken[2].raw == 1);
}

static void output_starts_off_and_takes_what_is_written(void **state)
{
    struct fixture *f = *state;
    set_enum(f, SIREN, "active", 0);
    open_bus(f);
    assert_true(wires[SIREN].asked.is_output);
    assert_true(wires[SIREN].asked.level);
    (void)turn(f);
    assert_true(f->taken[1].raw == 0);
    assert_int_equal(
        gpio_driver.write(f->bus, &f->devices[SIREN], &f->points[SIREN], 1, NULL),
        GW_FAULT_NONE);
    assert_false(wires[SIREN].level);
    (void)turn(f);
    assert_true(f->taken[2].raw == 1);
}

static void output_keeps_its_level_over_a_reopening(void **state)
{
    struct fixture *f = *state;
    open_bus(f);
    (void)gpio_driver.write(f->bus, &f->devices[SIREN], &f->points[SIREN], 1, NULL);
    gpio_driver.close(f->bus);
    open_bus(f);
    assert_true(wires[SIREN].asked.level);
}

static void input_and_other_numbers_are_not_written(void **state)
{
    struct fixture *f = *state;
    struct gw_error err = {0};
    open_bus(f);
    assert_int_equal(
        gpio_driver.write(f->bus, &f->devices[DOOR], &f->points[DOOR], 1, &err),
        GW_FAULT_REJECTED);
    assert_non_null(strstr(err.text, "is an input"));
    assert_int_equal(
        gpio_driver.write(f->bus, &f->devices[SIREN], &f->points[SIREN], 2, &err),
        GW_FAULT_REJECTED);
    assert_non_null(strstr(err.text, "takes 0 or 1"));
}

static void chip_that_fails_takes_its_bus_offline(void **state)
{
    struct fixture *f = *state;
    struct gw_error err = {0};
    struct gw_wait wait = {0};
    open_bus(f);
    (void)turn(f);
    wire_fault = -ENODEV;
    assert_int_equal(gpio_driver.ready(f->bus, &wait, &f->sink, &err), GW_FAULT_OFFLINE);
    assert_non_null(strstr(err.text, "pinctrl-x"));
}

/* A name that is wrong, or a line that another program holds. */
static void line_that_is_not_to_be_had_takes_no_other_with_it(void **state)
{
    struct fixture *f = *state;
    struct gw_error err = {0};
    wires[DOOR].refusal = -EBUSY;
    open_bus(f);
    (void)turn(f);
    assert_int_equal(lines_open, 1);
    assert_non_null(strstr(f->fault, "'GPIO0' is not to be had"));
    assert_int_equal(f->count, 2);
    assert_int_equal(f->taken[0].point, 1);
    assert_int_equal(f->taken[0].quality, GW_BAD);
    assert_int_equal(f->taken[0].reason, GW_REASON_OFFLINE);
    assert_int_equal(
        gpio_driver.write(f->bus, &f->devices[SIREN], &f->points[SIREN], 1, &err),
        GW_FAULT_NONE);
    wires[DOOR].refusal = 0;
    wires[DOOR].level = true;
    f->count = 0;
    turn_at(f, start_us + 10000 * ms);
    assert_string_equal(f->fault, "");
    assert_int_equal(f->taken[0].point, 1);
    assert_int_equal(f->taken[0].quality, GW_GOOD);
    assert_int_equal(f->taken[0].flags, GW_STARTUP);
    assert_true(f->taken[0].raw == 1);
    assert_int_equal(lines_open, 2);
}

static void output_that_is_not_to_be_had_takes_no_input_with_it(void **state)
{
    struct fixture *f = *state;
    struct gw_error err = {0};
    wires[SIREN].refusal = -ENOENT;
    open_bus(f);
    (void)turn(f);
    assert_non_null(strstr(f->fault, "'GPIO1' is not to be had"));
    assert_int_equal(
        gpio_driver.write(f->bus, &f->devices[SIREN], &f->points[SIREN], 1, &err),
        GW_FAULT_OFFLINE);
    f->count = 0;
    edge(true, start_us + ms);
    (void)turn(f);
    assert_int_equal(f->taken[0].point, 1);
    assert_true(f->taken[0].raw == 1);
    wires[SIREN].refusal = 0;
    turn_at(f, start_us + 10000 * ms);
    assert_string_equal(f->fault, "");
    assert_int_equal(
        gpio_driver.write(f->bus, &f->devices[SIREN], &f->points[SIREN], 1, &err),
        GW_FAULT_NONE);
}

static void line_that_fails_is_opened_anew(void **state)
{
    struct fixture *f = *state;
    open_bus(f);
    (void)turn(f);
    f->count = 0;
    wire_fault = -EIO;
    (void)turn(f);
    assert_int_equal(f->taken[0].quality, GW_BAD);
    assert_int_equal(lines_open, 1);
    wire_fault = 0;
    turn_at(f, start_us + 10000 * ms);
    assert_string_equal(f->fault, "");
    assert_int_equal(lines_open, 2);
}

/* At rest, nobody writes to an output: it is read with the inputs at rest. */
static void output_that_fails_is_opened_anew_as_it_was(void **state)
{
    struct fixture *f = *state;
    set_enum(f, DOOR, "direction", 1);
    open_bus(f);
    (void)turn(f);
    (void)gpio_driver.write(f->bus, &f->devices[SIREN], &f->points[SIREN], 1, NULL);
    wire_fault = -EIO;
    turn_at(f, start_us + 10000 * ms);
    assert_int_equal(f->taken[f->count - 1].quality, GW_BAD);
    assert_int_equal(lines_open, 0);
    wire_fault = 0;
    wires[SIREN].level = false;
    turn_at(f, start_us + 20000 * ms);
    assert_string_equal(f->fault, "");
    assert_int_equal(lines_open, 2);
    assert_true(wires[SIREN].level);
}

static void chip_that_is_missing_can_be_closed(void **state)
{
    struct fixture *f = *state;
    struct gw_error err = {0};
    has_chip = false;
    assert_int_equal(gpio_driver.open(f->bus, &f->setup, &err), -ENODEV);
}

static void held_output_asks_the_chip_for_no_line(void **state)
{
    struct fixture *f = *state;
    *(int *)member(f->bus, gpio_driver.bus_options, "outputs") = 0;
    *(const char **)member(f->bus, gpio_driver.bus_options, "holder_socket") =
        "/nonexistent/outputs.sock";
    open_bus(f);
    assert_int_equal(lines_open, 1);
    (void)turn(f);
    assert_non_null(strstr(f->fault, "campus-gpio-holder"));
    assert_int_equal(f->count, 2);
    assert_int_equal(f->taken[1].quality, GW_BAD);
    struct gw_error err = {0};
    assert_int_equal(
        gpio_driver.write(f->bus, &f->devices[SIREN], &f->points[SIREN], 1, &err),
        GW_FAULT_TRANSIENT);
    assert_non_null(strstr(err.text, "outputs.sock"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        LINE_TEST(levels_found_at_open_are_told_as_such),
        LINE_TEST(each_edge_is_an_event_with_the_kernels_time),
        LINE_TEST(contact_that_is_normally_closed_tells_when_it_opens),
        LINE_TEST(output_starts_off_and_takes_what_is_written),
        LINE_TEST(output_keeps_its_level_over_a_reopening),
        LINE_TEST(input_and_other_numbers_are_not_written),
        LINE_TEST(chip_that_fails_takes_its_bus_offline),
        LINE_TEST(line_that_is_not_to_be_had_takes_no_other_with_it),
        LINE_TEST(output_that_is_not_to_be_had_takes_no_input_with_it),
        LINE_TEST(line_that_fails_is_opened_anew),
        LINE_TEST(output_that_fails_is_opened_anew_as_it_was),
        LINE_TEST(chip_that_is_missing_can_be_closed),
        LINE_TEST(held_output_asks_the_chip_for_no_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
