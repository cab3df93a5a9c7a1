/* Several devices of one unit: silent together, or one of them alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "field/station.h"

enum { SECOND = 1000000, MIDDLE = INT32_MAX };

static bool same_unit(const void *device, const void *other)
{
    return *(const int *)device == *(const int *)other;
}

static const int units[] = {3, 4, 3};
static struct gw_device_ref refs[3];

/* The first and the third are unit 3. */
static void new_devices(struct device d[3])
{
    for (size_t i = 0; i < 3; i++) {
        refs[i] = (struct gw_device_ref){
            .name = "d", .options = (void *)&units[i], .period_us = 5 * SECOND};
        device_init(&d[i], &refs[i], i, "rs485-1");
        device_start(&d[i], i, 3, 0);
    }
    stations_find(d, 3, same_unit);
}

static void fall_silent(struct device *d, int64_t now_us)
{
    for (int i = 0; i < 3; i++)
        (void)device_judge(d, GW_FAULT_TRANSIENT, now_us + i * SECOND, MIDDLE);
}

static void devices_of_a_unit_are_a_station(void **state)
{
    (void)state;
    struct device d[3];
    new_devices(d);
    assert_int_equal(d[2].station, d[0].station);
    assert_int_not_equal(d[1].station, d[0].station);
    stations_find(d, 3, NULL);
    assert_int_not_equal(d[2].station, d[0].station);
}

static void silent_unit_is_silent_for_all_its_devices(void **state)
{
    (void)state;
    struct device d[3];
    new_devices(d);
    (void)device_judge(&d[2], GW_FAULT_NONE, SECOND, MIDDLE);
    fall_silent(&d[0], 2 * SECOND);
    assert_true(station_follows(&d[0], &d[2]));
    assert_false(station_follows(&d[0], &d[1]));
    assert_false(station_follows(&d[0], &d[0]));
    station_join(&d[0], &d[2]);
    assert_int_equal(d[2].health, FIELD_OFFLINE);
    assert_int_equal(d[2].due_us, d[0].due_us);
}

static void one_probe_asks_for_all_of_the_unit(void **state)
{
    (void)state;
    struct device d[3];
    new_devices(d);
    fall_silent(&d[0], 2 * SECOND);
    station_join(&d[0], &d[2]);
    (void)device_judge(&d[0], GW_FAULT_TRANSIENT, 6 * SECOND, MIDDLE);
    assert_true(station_follows(&d[0], &d[2]));
    station_join(&d[0], &d[2]);
    assert_int_equal(d[2].due_us, d[0].due_us);
    assert_true(d[2].due_us > 6 * SECOND);
}

static void device_that_alone_is_silent_takes_nobody_along(void **state)
{
    (void)state;
    struct device d[3];
    new_devices(d);
    (void)device_judge(&d[0], GW_FAULT_TRANSIENT, 2 * SECOND, MIDDLE);
    (void)device_judge(&d[2], GW_FAULT_NONE, 3 * SECOND, MIDDLE);
    fall_silent(&d[0], 4 * SECOND);
    assert_int_equal(d[0].health, FIELD_OFFLINE);
    assert_false(station_follows(&d[0], &d[2]));
}

static void live_device_takes_nobody_along(void **state)
{
    (void)state;
    struct device d[3];
    new_devices(d);
    (void)device_judge(&d[0], GW_FAULT_TRANSIENT, 2 * SECOND, MIDDLE);
    assert_false(station_follows(&d[0], &d[2]));
}

static void command_waits_for_the_whole_unit(void **state)
{
    (void)state;
    struct device d[3];
    new_devices(d);
    station_postpone(d, 3, &d[2], 9 * SECOND);
    assert_int_equal(d[0].write_due_us, 9 * SECOND);
    assert_int_equal(d[1].write_due_us, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(devices_of_a_unit_are_a_station),
        cmocka_unit_test(silent_unit_is_silent_for_all_its_devices),
        cmocka_unit_test(one_probe_asks_for_all_of_the_unit),
        cmocka_unit_test(device_that_alone_is_silent_takes_nobody_along),
        cmocka_unit_test(live_device_takes_nobody_along),
        cmocka_unit_test(command_waits_for_the_whole_unit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
