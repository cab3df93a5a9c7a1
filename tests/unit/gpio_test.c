/* The gpio driver over lines that the test holds: it defines gpio_lines.h itself, so the
 * library's own are not linked. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "base/clock.h"
#include "gpio/gpio.h"
#include "gpio/gpio_lines.h"

enum { LINES = 2, EDGES_MAX = 200, DOOR = 0, SIREN = 1 };

/* --- the lines -----------------------------------------------------------------------
 */

struct gpio_lines {
    struct gpio_line asked[LINES];
    bool level[LINES];
    struct gpio_edge edges[EDGES_MAX];
    size_t taken;
    size_t count;
    int fault;
};

static struct gpio_lines wire;
static bool has_chip;

int gpio_lines_open(const char *label, const char *consumer,
                    const struct gpio_line *lines, size_t count, struct gpio_lines **ret,
                    struct gw_error *err)
{
    assert_string_equal(consumer, "campus-gateway");
    if (!has_chip)
        return gpio_no_chip(label, "pinctrl-bcm2711", err);
    for (size_t i = 0; i < count; i++) {
        wire.asked[i] = lines[i];
        if (lines[i].is_output)
            wire.level[i] = lines[i].level;
    }
    *ret = &wire;
    return 0;
}

struct gpio_lines *gpio_lines_close(struct gpio_lines *l)
{
    (void)l;
    return NULL;
}

size_t gpio_lines_wait(const struct gpio_lines *l, struct pollfd *ret, size_t max)
{
    (void)l;
    (void)max;
    ret[0] = (struct pollfd){.fd = -1, .events = POLLIN};
    return 1;
}

int gpio_lines_take(struct gpio_lines *l, struct gpio_edge *ret)
{
    if (l->fault)
        return l->fault;
    if (l->taken == l->count)
        return 0;
    *ret = l->edges[l->taken++];
    return 1;
}

int gpio_lines_level(struct gpio_lines *l, size_t line)
{
    return l->level[line];
}

int gpio_lines_set(struct gpio_lines *l, size_t line, bool level)
{
    l->level[line] = level;
    return 0;
}

int gpio_no_chip(const char *label, const char *found, struct gw_error *err)
{
    return gw_fail(err, -ENODEV, "%s not among %s", label, found);
}

int64_t gpio_edge_time(int64_t kernel_ns)
{
    return kernel_ns / 1000;
}

/* --- the bus -------------------------------------------------------------------------
 */

struct fixture {
    void *bus;
    void *options[LINES];
    struct gw_point_ref points[LINES];
    struct gw_device_ref devices[LINES];
    struct gw_bus_setup setup;
    struct gw_sink sink;
    struct gw_sample taken[EDGES_MAX];
    size_t count;
    size_t room;
};

static bool take(void *ctx, const struct gw_sample *samples, size_t n,
                 const struct gw_delivery *delivery)
{
    struct fixture *f = ctx;
    assert_null(delivery);
    assert_int_equal(n, 1);
    if (f->count == f->room)
        return false;
    f->taken[f->count++] = samples[0];
    return true;
}

static void count(void *ctx, enum gw_counter counter, uint64_t n)
{
    (void)ctx;
    (void)counter;
    (void)n;
}

static void *member(void *object, const struct gw_option *options, const char *name)
{
    while (strcmp(options->name, name) != 0)
        options++;
    return (char *)object + options->offset;
}

static void set_enum(struct fixture *f, size_t device, const char *name, int value)
{
    *(int *)member(f->options[device], gpio_driver.device_options, name) = value;
}

static int setup(void **state)
{
    static const char *const names[] = {"GPIO17", "GPIO27"};
    struct fixture *f = test_calloc(1, sizeof(*f));
    wire = (struct gpio_lines){0};
    has_chip = true;
    f->room = EDGES_MAX;
    f->bus = test_calloc(1, gpio_driver.bus_size);
    *(const char **)member(f->bus, gpio_driver.bus_options, "chip") = "pinctrl-x";
    for (size_t i = 0; i < LINES; i++) {
        f->options[i] = test_calloc(1, gpio_driver.device_size);
        *(const char **)member(f->options[i], gpio_driver.device_options, "line") =
            names[i];
        set_enum(f, i, "active", 1);
        f->points[i] = (struct gw_point_ref){.id = (uint32_t)i + 1, .name = "gate/point"};
        f->devices[i] = (struct gw_device_ref){.name = names[i],
                                               .options = f->options[i],
                                               .points = &f->points[i],
                                               .point_count = 1};
    }
    set_enum(f, SIREN, "direction", 1);
    f->sink = (struct gw_sink){.ctx = f, .push = take, .count = count};
    f->setup = (struct gw_bus_setup){
        .devices = f->devices, .device_count = LINES, .sink = &f->sink};
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    gpio_driver.close(f->bus);
    for (size_t i = 0; i < LINES; i++)
        test_free(f->options[i]);
    test_free(f->bus);
    test_free(f);
    return 0;
}

static void open_bus(struct fixture *f)
{
    struct gw_error err = {0};
    assert_int_equal(gpio_driver.open(f->bus, &f->setup, &err), 0);
}

/* One turn of the bus.  returns whether the driver listens to its lines */
static bool turn(struct fixture *f)
{
    struct gw_wait wait = {.deadline_us = INT64_MAX};
    gpio_driver.wait(f->bus, &wait);
    assert_int_equal(gpio_driver.ready(f->bus, &wait, &f->sink, NULL), GW_FAULT_NONE);
    wait = (struct gw_wait){.deadline_us = INT64_MAX};
    gpio_driver.wait(f->bus, &wait);
    return wait.count > 0;
}

static void edge(bool level, int64_t machine_us)
{
    wire.edges[wire.count++] = (struct gpio_edge){DOOR, level, machine_us};
    wire.level[DOOR] = level;
}

/* --- tests ---------------------------------------------------------------------------
 */

static void levels_found_at_open_are_told_as_such(void **state)
{
    struct fixture *f = *state;
    wire.level[DOOR] = true;
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
    edge(true, 1000);
    edge(false, 51000);
    (void)turn(f);
    assert_int_equal(f->count, LINES + 2);
    assert_true(f->taken[2].raw == 1);
    assert_int_equal(f->taken[2].flags, GW_EVENT);
    assert_int_equal(f->taken[2].mono_us, 1000);
    assert_true(f->taken[3].raw == 0);
    assert_int_equal(f->taken[3].mono_us, 51000);
}

static void contact_that_is_normally_closed_tells_when_it_opens(void **state)
{
    struct fixture *f = *state;
    set_enum(f, DOOR, "contact", 1);
    set_enum(f, DOOR, "active", 0);
    wire.level[DOOR] = false;
    open_bus(f);
    (void)turn(f);
    assert_true(f->taken[0].raw == 0);
    edge(true, 1);
    (void)turn(f);
    assert_true(f->taken[2].raw == 1);
}

static void refused_edge_waits_for_room_and_nothing_more_is_taken(void **state)
{
    struct fixture *f = *state;
    open_bus(f);
    (void)turn(f);
    f->room = f->count;
    edge(true, 1);
    edge(false, 2);
    assert_false(turn(f));
    assert_int_equal(wire.taken, 1);
    f->room = EDGES_MAX;
    assert_true(turn(f));
    assert_int_equal(f->count, LINES + 2);
    assert_int_equal(f->taken[2].mono_us, 1);
}

static void level_after_a_lost_edge_is_told(void **state)
{
    struct fixture *f = *state;
    open_bus(f);
    (void)turn(f);
    edge(true, 1);
    wire.level[DOOR] = false; /* its falling edge found no room in the kernel */
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
        edge(i % 2 == 0, i);
    (void)turn(f);
    assert_in_range(f->count, LINES + 1, LINES + 99);
    (void)turn(f);
    assert_int_equal(f->count, LINES + 100);
}

static void output_starts_off_and_takes_what_is_written(void **state)
{
    struct fixture *f = *state;
    set_enum(f, SIREN, "active", 0);
    open_bus(f);
    assert_true(wire.asked[SIREN].is_output);
    assert_true(wire.asked[SIREN].level);
    (void)turn(f);
    assert_true(f->taken[1].raw == 0);
    assert_int_equal(
        gpio_driver.write(f->bus, &f->devices[SIREN], &f->points[SIREN], 1, NULL),
        GW_FAULT_NONE);
    assert_false(wire.level[SIREN]);
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
    assert_true(wire.asked[SIREN].level);
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
    wire.fault = -ENODEV;
    assert_int_equal(gpio_driver.ready(f->bus, &wait, &f->sink, &err), GW_FAULT_OFFLINE);
    assert_non_null(strstr(err.text, "pinctrl-x"));
}

static void contact_at_rest_is_told_again(void **state)
{
    struct fixture *f = *state;
    clock_set(1000000, 0);
    open_bus(f);
    (void)turn(f);
    clock_set(10900000, 0);
    (void)turn(f);
    assert_int_equal(f->count, LINES);
    clock_set(11000000, 0);
    (void)turn(f);
    assert_int_equal(f->count, 2 * LINES);
    assert_int_equal(f->taken[2].flags, GW_REPEAT);
    wire.level[DOOR] = true; /* an edge that the kernel never told */
    clock_set(21000000, 0);
    (void)turn(f);
    assert_int_equal(f->taken[4].flags, GW_EVENT);
    assert_true(f->taken[4].raw == 1);
    assert_int_equal(f->taken[5].flags, GW_REPEAT);
    clock_release();
}

static void chip_that_is_missing_can_be_closed(void **state)
{
    struct fixture *f = *state;
    struct gw_error err = {0};
    has_chip = false;
    assert_int_equal(gpio_driver.open(f->bus, &f->setup, &err), -ENODEV);
}

static void output_has_no_contact(void **state)
{
    struct fixture *f = *state;
    struct gw_error err = {0};
    set_enum(f, SIREN, "contact", 1);
    assert_int_equal(gpio_driver.check(f->bus, &f->devices[DOOR], &err), 0);
    assert_int_equal(gpio_driver.check(f->bus, &f->devices[SIREN], &err), -EINVAL);
    assert_non_null(strstr(err.text, "GPIO27"));
}

/* dry-contact's panic beside the gate that was meant: it would raise TF-01. */
static void line_feeds_one_point(void **state)
{
    struct fixture *f = *state;
    struct gw_error err = {0};
    f->devices[DOOR].point_count = 2;
    assert_int_equal(gpio_driver.check(f->bus, &f->devices[DOOR], &err), -EINVAL);
    assert_non_null(strstr(err.text, "GPIO17"));
}

#define LINE_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        LINE_TEST(levels_found_at_open_are_told_as_such),
        LINE_TEST(each_edge_is_an_event_with_the_kernels_time),
        LINE_TEST(contact_that_is_normally_closed_tells_when_it_opens),
        LINE_TEST(refused_edge_waits_for_room_and_nothing_more_is_taken),
        LINE_TEST(level_after_a_lost_edge_is_told),
        LINE_TEST(storm_of_one_line_is_worked_off_in_turns),
        LINE_TEST(output_starts_off_and_takes_what_is_written),
        LINE_TEST(output_keeps_its_level_over_a_reopening),
        LINE_TEST(input_and_other_numbers_are_not_written),
        LINE_TEST(chip_that_fails_takes_its_bus_offline),
        LINE_TEST(contact_at_rest_is_told_again),
        LINE_TEST(chip_that_is_missing_can_be_closed),
        LINE_TEST(output_has_no_contact),
        LINE_TEST(line_feeds_one_point),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
