/* gpio_rig.h - the gpio driver with one input and one output, over lines that the test
 * holds. */
#ifndef GPIO_RIG_H
#define GPIO_RIG_H

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "gpio/gpio.h"
#include "gpio_fake_lines.h"

enum { LINES = 2, TAKEN_MAX = 400, DOOR = 0, SIREN = 1 };

static const int64_t ms = 1000;
static const int64_t start_us = 1000000;

struct fixture {
    void *bus;
    void *options[LINES];
    struct gw_point_ref points[LINES];
    struct gw_device_ref devices[LINES];
    struct gw_bus_setup setup;
    struct gw_sink sink;
    struct gw_sample taken[TAKEN_MAX];
    uint64_t counted[GW_COUNTERS];
    char fault[200];
    size_t count;
    size_t room;
};

static inline bool take(void *ctx, const struct gw_sample *samples, size_t n,
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

static inline void count(void *ctx, enum gw_counter counter, uint64_t n)
{
    struct fixture *f = ctx;
    f->counted[counter] += n;
}

static inline void report(void *ctx, const struct gw_device_ref *device, const char *text)
{
    struct fixture *f = ctx;
    assert_non_null(device);
    (void)snprintf(f->fault, sizeof(f->fault), "%s", text ? text : "");
}

static inline void *member(void *object, const struct gw_option *options,
                           const char *name)
{
    while (strcmp(options->name, name) != 0)
        options++;
    return (char *)object + options->offset;
}

static inline void set_enum(struct fixture *f, size_t device, const char *name, int value)
{
    *(int *)member(f->options[device], gpio_driver.device_options, name) = value;
}

static inline void set_time(struct fixture *f, size_t device, const char *name,
                            int64_t us)
{
    *(int64_t *)member(f->options[device], gpio_driver.device_options, name) = us;
}

/* An input that counts pulses. */
static inline void set_counter(struct fixture *f, size_t device)
{
    *(bool *)member(f->options[device], gpio_driver.device_options, "pulses") = true;
}

static inline int setup(void **state)
{
    static const char *const names[] = {"GPIO0", "GPIO1"};
    struct fixture *f = test_calloc(1, sizeof(*f));
    fake_reset();
    clock_set(start_us, 0);
    f->room = TAKEN_MAX;
    f->bus = test_calloc(1, gpio_driver.bus_size);
    *(const char **)member(f->bus, gpio_driver.bus_options, "chip") = "pinctrl-x";
    *(int *)member(f->bus, gpio_driver.bus_options, "outputs") = 1; /* direct */
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
    f->sink = (struct gw_sink){.ctx = f, .push = take, .count = count, .report = report};
    f->setup = (struct gw_bus_setup){
        .devices = f->devices, .device_count = LINES, .sink = &f->sink};
    *state = f;
    return 0;
}

static inline int teardown(void **state)
{
    struct fixture *f = *state;
    gpio_driver.close(f->bus);
    for (size_t i = 0; i < LINES; i++)
        test_free(f->options[i]);
    test_free(f->bus);
    test_free(f);
    clock_release();
    assert_int_equal(lines_open, 0);
    return 0;
}

static inline void open_bus(struct fixture *f)
{
    struct gw_error err = {0};
    assert_int_equal(gpio_driver.open(f->bus, &f->setup, &err), 0);
}

/* One turn of the bus.  returns whether the driver listens to its lines */
static inline bool turn(struct fixture *f)
{
    struct gw_wait wait = {.deadline_us = INT64_MAX};
    gpio_driver.wait(f->bus, &wait);
    assert_int_equal(gpio_driver.ready(f->bus, &wait, &f->sink, NULL), GW_FAULT_NONE);
    wait = (struct gw_wait){.deadline_us = INT64_MAX};
    gpio_driver.wait(f->bus, &wait);
    return wait.count > 0;
}

static inline void edge(bool level, int64_t machine_us)
{
    wire_edge(DOOR, level, machine_us);
}

/* As the clock of the bus goes on. */
static inline void turn_at(struct fixture *f, int64_t machine_us)
{
    clock_set(machine_us, 0);
    (void)turn(f);
}

#define LINE_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

#endif
