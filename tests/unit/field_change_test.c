#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "field_rig.h"
#include "gw/log.h"

/* The same school anew: field_part() compares it with what runs. */
struct anew {
    struct fake_bus options[2];
    struct config_bus buses[2];
    struct config_device device;
    struct config config;
};

static void read_anew(const struct fixture *f, struct anew *a)
{
    *a = (struct anew){.device = f->device, .config = f->config};
    a->buses[0] = f->bus;
    a->buses[0].options = &a->options[0];
    a->buses[1] = (struct config_bus){
        .name = "riser-3", .driver = f->bus.driver, .options = &a->options[1], .id = 9};
    a->config.buses = a->buses;
    a->config.devices = &a->device;
}

static size_t part_at(struct fixture *f, const struct anew *a, int64_t interval_us)
{
    size_t stopped = 0;
    assert_int_equal(field_part(f->field, &a->config, interval_us, &stopped, NULL), 0);
    return stopped;
}

static size_t part(struct fixture *f, const struct anew *a)
{
    return part_at(f, a, 1000000);
}

static size_t change(struct fixture *f, struct anew *a)
{
    size_t stopped = part(f, a);
    assert_int_equal(field_join(f->field, &a->config, 1000000, NULL), 0);
    return stopped;
}

static bool has_polled(struct fixture *f)
{
    (void)f;
    return stage.polls > 0;
}

static bool has_opened_twice(struct fixture *f)
{
    (void)f;
    return stage.opens == 2;
}

static unsigned opens(void)
{
    on_stage();
    unsigned count = stage.opens;
    off_stage();
    return count;
}

static void bus_that_is_the_same_runs_on(void **state)
{
    struct fixture *f = *state;
    struct anew a;
    start(f, &polled_driver);
    await(has_polled, f);
    read_anew(f, &a);
    assert_int_equal(change(f, &a), 0);
    assert_int_equal(opens(), 1);
    assert_int_equal(field_bus_rows(f->field, &(struct field_bus_status){0}, 1), 1);
    f->field = field_stop(f->field); /* @a ends here */
}

static void bus_whose_device_changed_is_opened_anew(void **state)
{
    struct fixture *f = *state;
    struct anew a;
    start(f, &polled_driver);
    await(has_polled, f);
    read_anew(f, &a);
    a.device.ref.period_us++;
    assert_int_equal(change(f, &a), 1);
    await(has_opened_twice, f);
    assert_int_equal(stage.closes, 1);
    f->field = field_stop(f->field);
}

static void bus_whose_device_became_urgent_is_opened_anew(void **state)
{
    struct fixture *f = *state;
    struct anew a;
    start(f, &polled_driver);
    await(has_polled, f);
    read_anew(f, &a);
    a.device.is_urgent = true;
    assert_int_equal(change(f, &a), 1);
    await(has_opened_twice, f);
    f->field = field_stop(f->field);
}

static void bus_that_is_gone_is_closed_and_takes_nothing(void **state)
{
    struct fixture *f = *state;
    struct anew a;
    start(f, &polled_driver);
    await(has_polled, f);
    read_anew(f, &a);
    a.config.bus_count = a.config.device_count = a.config.point_count = 0;
    assert_int_equal(change(f, &a), 1);
    assert_int_equal(stage.closes, 1);
    assert_int_equal(field_bus_rows(f->field, &(struct field_bus_status){0}, 1), 0);
    const struct field_command on = {.point = 12, .value = 1, .deadline_us = INT64_MAX};
    assert_int_equal(field_write(f->field, &on, NULL), -ENOENT);
    field_committed(f->field, 0, 7);
    field_room(f->field);
}

static void bus_that_is_new_starts_beside_the_others(void **state)
{
    struct fixture *f = *state;
    struct anew a;
    start(f, &polled_driver);
    await(has_polled, f);
    read_anew(f, &a);
    a.config.bus_count = 2;
    assert_int_equal(change(f, &a), 0);
    await(has_opened_twice, f);
    assert_int_equal(stage.closes, 0);
    struct field_bus_status rows[2];
    assert_int_equal(field_bus_rows(f->field, rows, 2), 2);
    assert_string_equal(rows[1].name, "riser-3");
    f->field = field_stop(f->field);
}

static void change_that_is_taken_back_starts_what_was_stopped(void **state)
{
    struct fixture *f = *state;
    struct anew a;
    start(f, &polled_driver);
    await(has_polled, f);
    read_anew(f, &a);
    a.device.ref.period_us++;
    assert_int_equal(part(f, &a), 1);
    assert_int_equal(field_join(f->field, &f->config, 1000000, NULL), 0);
    await(has_opened_twice, f);
}

/* A driver that is told of commits was told how long they take; others do not care. */
static void commit_interval_concerns_those_who_wait_for_commits(void **state)
{
    struct fixture *f = *state;
    struct anew a;
    start(f, &polled_driver);
    await(has_polled, f);
    read_anew(f, &a);
    assert_int_equal(part_at(f, &a, 500000), 0);
    f->field = field_stop(f->field);
    start(f, &source_driver);
    read_anew(f, &a);
    assert_int_equal(part_at(f, &a, 500000), 1);
}

static int last_result = 1;

static void note_result(void *ctx, int result, const char *text)
{
    (void)ctx;
    (void)text;
    last_result = result;
}

static void command_of_a_bus_that_goes_is_told(void **state)
{
    struct fixture *f = *state;
    struct anew a;
    stage.open_fails = true;
    start(f, &polled_driver);
    const struct field_command on = {
        .point = 12, .value = 1, .deadline_us = INT64_MAX, .done = note_result};
    assert_int_equal(field_write(f->field, &on, NULL), 0);
    read_anew(f, &a);
    a.config.bus_count = a.config.device_count = a.config.point_count = 0;
    assert_int_equal(change(f, &a), 1);
    assert_int_equal(last_result, -ESHUTDOWN);
}

#define BUS_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    gw_log_set_level(GW_LOG_ERROR);
    const struct CMUnitTest tests[] = {
        BUS_TEST(bus_that_is_the_same_runs_on),
        BUS_TEST(bus_whose_device_changed_is_opened_anew),
        BUS_TEST(bus_whose_device_became_urgent_is_opened_anew),
        BUS_TEST(bus_that_is_gone_is_closed_and_takes_nothing),
        BUS_TEST(bus_that_is_new_starts_beside_the_others),
        BUS_TEST(change_that_is_taken_back_starts_what_was_stopped),
        BUS_TEST(commit_interval_concerns_those_who_wait_for_commits),
        BUS_TEST(command_of_a_bus_that_goes_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
