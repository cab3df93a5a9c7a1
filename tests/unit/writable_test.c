/* What may be written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <math.h>

#include "config/config.h"

static const char *const words[] = {"off", "on"};
static const double numbers[] = {0, 1};

static const struct config_metric relay = {
    .name = "relay",
    .min = NAN,
    .max = NAN,
    .states = {.keys = words, .values = numbers, .count = 2},
};
static const struct config_metric set_point = {
    .name = "set_point", .unit = "°C", .min = 5, .max = 30};

static const struct config_point siren = {
    .name = "gate-south/relay", .metric = &relay, .scale = 1, .is_writable = true};
static const struct config_point heating = {.name = "b1-203/set_point",
                                            .metric = &set_point,
                                            .scale = 0.1,
                                            .offset = -40,
                                            .is_writable = true};

static void value_becomes_raw_by_scale_and_offset(void **state)
{
    (void)state;
    double raw = 0;
    assert_int_equal(config_point_raw(&heating, 21, &raw, NULL), 0);
    assert_true(fabs(raw - 610) < 1e-9);
    assert_int_equal(config_point_raw(&siren, 1, &raw, NULL), 0);
    assert_true(raw == 1);
}

static void value_beyond_the_metric_is_refused(void **state)
{
    (void)state;
    double raw = 0;
    struct gw_error err = {0};
    assert_int_equal(config_point_raw(&heating, 30.5, &raw, &err), -ERANGE);
    assert_string_equal(err.text,
                        "point 'b1-203/set_point' cannot be 30.5 (allowed: 5 to 30 °C)");
    assert_int_equal(config_point_raw(&siren, 2, &raw, &err), -ERANGE);
    assert_int_equal(config_point_raw(&siren, NAN, &raw, &err), -EINVAL);
    assert_int_equal(config_point_raw(&heating, INFINITY, &raw, &err), -EINVAL);
}

static void sensor_is_never_written(void **state)
{
    (void)state;
    double raw = 0;
    struct config_point sensor = heating;
    sensor.is_writable = false;
    assert_int_equal(config_point_raw(&sensor, 21, &raw, NULL), -EROFS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(value_becomes_raw_by_scale_and_offset),
        cmocka_unit_test(value_beyond_the_metric_is_refused),
        cmocka_unit_test(sensor_is_never_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
