/* Whole buses on their threads, with fake drivers that do what the test says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>
#include <time.h>

#include "field_rig.h"
#include "gw/log.h"

static bool has_polled(struct fixture *f)
{
    (void)f;
    return stage.polls >= 5 && stage.taken_count >= 5;
}

static bool has_begun_to_poll(struct fixture *f)
{
    (void)f;
    return stage.polls > 0;
}

static bool is_bus_online(struct fixture *f)
{
    return bus_row(f).health == FIELD_ONLINE;
}

static bool is_device_offline(struct fixture *f)
{
    return device_row(f).health == FIELD_OFFLINE;
}

static bool has_told_offline(struct fixture *f)
{
    (void)f;
    return stage.taken_count >= POINTS
           && stage.taken[stage.taken_count - 1].quality == GW_BAD;
}

static bool has_reopened(struct fixture *f)
{
    (void)f;
    return stage.opens >= 2;
}

static bool has_delivered(struct fixture *f)
{
    (void)f;
    return stage.commit_bus == 0 && stage.taken_count >= 1;
}

static bool has_acknowledged(struct fixture *f)
{
    (void)f;
    return stage.acknowledged == 41;
}

static bool was_refused(struct fixture *f)
{
    (void)f;
    return stage.readies >= 1;
}

/* --- tests --- */

static void polled_device_is_read_again_and_again(void **state)
{
    struct fixture *f = *state;
    start(f, &polled_driver);
    await(has_polled, f);
    await(is_bus_online, f);
    assert_int_equal(stage.taken[0].point, 11);
    assert_int_equal(device_row(f).health, FIELD_ONLINE);
    assert_true(device_row(f).last_seen_us > 0);
    assert_string_equal(bus_row(f).name, "riser-2");
    assert_true(bus_row(f).counters[GW_COUNT_REQUESTS] >= 1);
}

static void requests_and_response_times_belong_to_the_device_that_is_polled(void **state)
{
    struct fixture *f = *state;
    start(f, &polled_driver);
    await(is_bus_online, f);
    struct field_device_status row = device_row(f);
    assert_true(row.counters[GW_COUNT_REQUESTS] >= 1);
    assert_int_equal(row.response.count, row.counters[GW_COUNT_REQUESTS]);
    assert_int_equal(row.response.shortest_us, RESPONSE_US);
    assert_int_equal(row.response.longest_us, RESPONSE_US);
    assert_int_equal(row.response.total_us, RESPONSE_US * row.response.count);
}

static void silent_device_goes_offline_and_its_points_bad_once(void **state)
{
    struct fixture *f = *state;
    stage.fault = GW_FAULT_TRANSIENT;
    start(f, &polled_driver);
    await(has_told_offline, f);
    await(is_device_offline, f);
    assert_non_null(strstr(device_row(f).fault, "no answer in time"));
    f->field = field_stop(f->field);
    assert_int_equal(stage.taken_count, POINTS);
    for (size_t i = 0; i < POINTS; i++) {
        assert_int_equal(stage.taken[i].point, 11 + i);
        assert_int_equal(stage.taken[i].quality, GW_BAD);
        assert_int_equal(stage.taken[i].reason, GW_REASON_OFFLINE);
    }
}

static void missing_port_is_a_state_and_is_tried_again(void **state)
{
    struct fixture *f = *state;
    stage.open_fails = true;
    start(f, &polled_driver);
    await(has_told_offline, f);
    assert_int_equal(bus_row(f).health, FIELD_OFFLINE);
    assert_string_equal(bus_row(f).fault, "/dev/none: no such port");
    assert_string_equal(device_row(f).fault, "its bus is offline");
    on_stage();
    stage.open_fails = false;
    off_stage();
    await(has_reopened, f);
    await(is_bus_online, f);
    assert_string_equal(bus_row(f).fault, "");
}

static void bus_that_fails_is_closed_and_opened_again(void **state)
{
    struct fixture *f = *state;
    stage.fault = GW_FAULT_OFFLINE;
    start(f, &polled_driver);
    await(has_told_offline, f);
    on_stage();
    assert_int_equal(stage.closes, 1);
    stage.fault = GW_FAULT_NONE;
    off_stage();
    await(has_reopened, f);
    await(is_bus_online, f);
}

static void full_queue_makes_a_polled_bus_wait_not_lose(void **state)
{
    struct fixture *f = *state;
    stage.queue_is_full = true;
    start(f, &polled_driver);
    await(has_begun_to_poll, f);
    const struct timespec ten_periods = {0, 20000000};
    (void)nanosleep(&ten_periods, NULL);
    on_stage();
    unsigned polls = stage.polls;
    stage.queue_is_full = false;
    off_stage();
    assert_int_equal(polls, 1);
    field_room(f->field);
    await(has_polled, f);
    assert_true(stage.taken[0].raw == 7);
    assert_int_equal(stage.uncalled, 0); /* its next answer may be long in coming */
}

static bool has_called(struct fixture *f)
{
    (void)f;
    return stage.uncalled > 0 && !stage.is_uncalled;
}

static void source_calls_when_it_has_read_on(void **state)
{
    struct fixture *f = *state;
    start(f, &source_driver);
    ring();
    await(has_called, f);
}

static void event_is_delivered_with_its_bus_and_ticket(void **state)
{
    struct fixture *f = *state;
    start(f, &source_driver);
    ring();
    await(has_delivered, f);
    assert_int_equal(stage.delivery.ticket, 41);
    assert_int_equal(stage.delivery.bus, 0);
    assert_int_equal(stage.commit_ticket, 41);
    await(is_bus_online, f);
    assert_int_equal(device_row(f).health, FIELD_ONLINE);
}

static void commit_reaches_the_driver(void **state)
{
    struct fixture *f = *state;
    start(f, &source_driver);
    field_committed(f->field, 0, 41);
    await(has_acknowledged, f);
    field_committed(f->field, 7, 99);
}

static bool has_waited(struct fixture *f)
{
    (void)f;
    return stage.waits >= 1;
}

/* Lets the source turn twice, so that what the first one found is known. */
static void let_turn(struct fixture *f, uint64_t ticket)
{
    for (int i = 0; i < 2; i++) {
        on_stage();
        stage.waits = 0;
        off_stage();
        field_committed(f->field, 0, ticket + (uint64_t)i);
        await(has_waited, f);
    }
}

static void source_that_nobody_answers_is_not_online(void **state)
{
    struct fixture *f = *state;
    clock_set(0, 0);
    stage.is_connecting = true;
    stage.queue_is_full = true; /* a sample that is taken would prove it too */
    start(f, &source_driver);
    await(has_waited, f);
    clock_set(INT64_C(9000000), 0);
    let_turn(f, 1);
    assert_int_equal(bus_row(f).health, FIELD_STARTING);
    on_stage();
    stage.is_connecting = false;
    off_stage();
    let_turn(f, 3);
    await(is_bus_online, f);
}

static void refused_event_is_pushed_when_there_is_room(void **state)
{
    struct fixture *f = *state;
    stage.queue_is_full = true;
    start(f, &source_driver);
    ring();
    await(was_refused, f);
    on_stage();
    stage.queue_is_full = false;
    off_stage();
    field_room(f->field);
    await(has_delivered, f);
}

static void tickets_go_on_where_they_were_after_a_reopen(void **state)
{
    struct fixture *f = *state;
    start(f, &source_driver);
    ring();
    await(has_delivered, f);
    on_stage();
    stage.fault = GW_FAULT_OFFLINE;
    off_stage();
    ring();
    await(has_reopened, f);
    f->field = field_stop(f->field);
    assert_true(stage.ticket > stage.delivery.ticket);
}

static bool is_device_offline_after_reopening(struct fixture *f)
{
    return stage.readies >= 3 && is_device_offline(f);
}

static void devices_of_a_source_that_reopens_in_vain_are_offline(void **state)
{
    struct fixture *f = *state;
    stage.fault = GW_FAULT_OFFLINE;
    start(f, &source_driver);
    ring();
    await(is_device_offline_after_reopening, f);
    assert_string_equal(device_row(f).fault, "its bus is offline");
}

static void gauges_that_gave_way_are_counted(void **state)
{
    struct fixture *f = *state;
    f->device.ref.period_us = INT64_C(3600000000);
    start(f, &polled_driver);
    await(is_bus_online, f);
    assert_int_equal(bus_row(f).samples, 1);
    assert_int_equal(bus_row(f).overwritten, 1);
}

static void what_does_not_run_yet_is_starting(void **state)
{
    struct fixture *f = *state;
    f->bus.driver = &polled_driver;
    struct field_bus_status bus;
    struct field_device_status device;
    assert_int_equal(field_starting_buses(&f->config, &bus, 1), 1);
    assert_string_equal(bus.name, "riser-2");
    assert_string_equal(bus.driver, polled_driver.name);
    assert_int_equal(bus.health, FIELD_STARTING);
    assert_int_equal(field_starting_devices(&f->config, &device, 1), 1);
    assert_string_equal(device.name, "lux-203");
    assert_string_equal(device.bus, "riser-2");
    assert_int_equal(device.health, FIELD_STARTING);
    assert_int_equal(field_starting_devices(&f->config, &device, 0), 0);
}

static void no_bus_at_all_is_fine(void **state)
{
    struct fixture *f = *state;
    f->config = (struct config){0};
    assert_int_equal(field_start(&f->config, &ops, NULL, 1000000, &f->field, NULL), 0);
    assert_int_equal(field_bus_rows(f->field, NULL, 0), 0);
}

#define BUS_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    gw_log_set_level(GW_LOG_ERROR);
    const struct CMUnitTest tests[] = {
        BUS_TEST(polled_device_is_read_again_and_again),
        BUS_TEST(requests_and_response_times_belong_to_the_device_that_is_polled),
        BUS_TEST(silent_device_goes_offline_and_its_points_bad_once),
        BUS_TEST(missing_port_is_a_state_and_is_tried_again),
        BUS_TEST(bus_that_fails_is_closed_and_opened_again),
        BUS_TEST(full_queue_makes_a_polled_bus_wait_not_lose),
        BUS_TEST(source_calls_when_it_has_read_on),
        BUS_TEST(event_is_delivered_with_its_bus_and_ticket),
        BUS_TEST(commit_reaches_the_driver),
        BUS_TEST(source_that_nobody_answers_is_not_online),
        BUS_TEST(refused_event_is_pushed_when_there_is_room),
        BUS_TEST(tickets_go_on_where_they_were_after_a_reopen),
        BUS_TEST(devices_of_a_source_that_reopens_in_vain_are_offline),
        BUS_TEST(gauges_that_gave_way_are_counted),
        BUS_TEST(what_does_not_run_yet_is_starting),
        BUS_TEST(no_bus_at_all_is_fine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
