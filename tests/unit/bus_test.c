/* How long a bus waits between its tries. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "field/bus.h"

static enum gw_fault never_polled(void *bus, const struct gw_device_ref *device,
                                  const struct gw_sink *sink, struct gw_error *err)
{
    (void)bus;
    (void)device;
    (void)sink;
    (void)err;
    return GW_FAULT_NONE;
}

static int64_t longest_wait_of(const struct gw_driver *driver)
{
    struct config_bus row = {.name = "b", .driver = driver};
    struct config config = {.buses = &row, .bus_count = 1};
    const struct field_ops ops = {0};
    struct bus_setup setup = {.config = &config, .ops = &ops};
    struct bus *bus = NULL;
    int64_t wait_us = 0;
    assert_int_equal(bus_new(&setup, 0, 0, &bus), 0);
    for (int failed = 0; failed < 20; failed++)
        wait_us = backoff_next(&bus->reopen, UINT32_MAX / 2);
    (void)bus_free(bus);
    return wait_us;
}

static void a_bus_that_is_away_is_tried_every_10_s(void **state)
{
    const struct gw_driver source = {.name = "source"};
    const struct gw_driver polled = {.name = "polled", .poll = never_polled};
    (void)state;
    assert_in_range(longest_wait_of(&source), 9900000, 10100000);
    assert_in_range(longest_wait_of(&polled), 9900000, 10100000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bus_that_is_away_is_tried_every_10_s),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
