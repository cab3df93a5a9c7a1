/* The files of etc/ as they are shipped, under the drivers as they are shipped. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "campus/campus.h"
#include "config/config.h"
#include "config/manual.h"
#include "gpio/gpio.h"
#include "modbus/modbus.h"
#include "mqtt/mqtt.h"

static const struct gw_driver *const drivers[] = {&modbus_rtu_driver, &modbus_tcp_driver,
                                                  &mqtt_driver, &gpio_driver, NULL};
static const struct gw_plugin *const plugins[] = {NULL};
static const struct config_modules modules = {drivers, plugins};

static void every_shipped_file_passes_without_a_word(void **state)
{
    struct config_faults *faults = NULL;
    struct config *config = NULL;
    struct gw_campus *campus = NULL;
    struct gw_error err = {0};
    char *text = NULL;
    size_t size = 0;
    (void)state;
    assert_int_equal(config_faults_new(&faults), 0);
    assert_int_equal(config_load(GW_SOURCE_DIR "/etc", &modules, faults, &config, &err),
                     0);
    assert_int_equal(campus_load(config, faults, &campus), 0);

    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    config_faults_print(faults, out);
    assert_int_equal(fclose(out), 0);
    assert_string_equal(text, "");

    free(text);
    campus_free(campus);
    config_free(config);
    config_faults_free(faults);
}

static bool has_key(const struct gw_option *options, const char *key)
{
    for (size_t i = 0; options && options[i].name; i++)
        if (strcmp(options[i].name, key) == 0)
            return true;
    return false;
}

/* assert_apart - the two tables share one mapping, so they share no key. */
static void assert_apart(const struct gw_option *core, const struct gw_option *driver)
{
    for (size_t i = 0; driver && driver[i].name; i++)
        assert_false(has_key(core, driver[i].name));
}

static void no_driver_takes_a_key_of_the_core(void **state)
{
    (void)state;
    for (size_t i = 0; drivers[i]; i++) {
        assert_apart(bus_options, drivers[i]->bus_options);
        assert_apart(device_options, drivers[i]->device_options);
        assert_apart(point_options, drivers[i]->point_options);
    }
}

/* assert_defaults - a driver's fallbacks pass its own table. */
static void assert_defaults(const struct gw_option *options, size_t size)
{
    struct config_source src = {0};
    void *object = calloc(1, size + 1);
    assert_non_null(object);
    assert_int_equal(arena_new(&src.arena), 0);
    assert_int_equal(config_faults_new(&src.faults), 0);

    config_defaults(&src, options, object);

    config_faults_print(src.faults, stderr);
    assert_int_equal(config_faults_errors(src.faults), 0);
    config_faults_free(src.faults);
    arena_free(src.arena);
    free(object);
}

static void every_default_of_a_driver_passes_its_own_table(void **state)
{
    (void)state;
    for (size_t i = 0; drivers[i]; i++) {
        assert_defaults(drivers[i]->bus_options, drivers[i]->bus_size);
        assert_defaults(drivers[i]->device_options, drivers[i]->device_size);
        assert_defaults(drivers[i]->point_options, drivers[i]->point_size);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_shipped_file_passes_without_a_word),
        cmocka_unit_test(no_driver_takes_a_key_of_the_core),
        cmocka_unit_test(every_default_of_a_driver_passes_its_own_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
