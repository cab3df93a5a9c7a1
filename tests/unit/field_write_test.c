/* Commands through whole buses on their threads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "field_rig.h"
#include "gw/log.h"

enum { SENSOR = 11, RELAY = 12, SECOND = 1000000 };

/* What was told of the last command; under the stage's lock. */
static struct {
    unsigned told;
    int result;
    char text[400];
} answer;

static void note(void *ctx, int result, const char *text)
{
    (void)ctx;
    on_stage();
    answer.told++;
    answer.result = result;
    (void)snprintf(answer.text, sizeof(answer.text), "%s", text);
    off_stage();
}

static int write_setup(void **state)
{
    memset(&answer, 0, sizeof(answer));
    return setup(state);
}

static int put(struct fixture *f, uint32_t point, double value, int64_t patience_us)
{
    const struct field_command command = {
        .point = point,
        .value = value,
        .deadline_us = clock_machine_us() + patience_us,
        .done = note,
    };
    return field_write(f->field, &command, NULL);
}

static bool is_told(struct fixture *f)
{
    (void)f;
    return answer.told > 0;
}

static bool was_written(struct fixture *f)
{
    (void)f;
    return stage.writes > 0;
}

static bool is_seen(struct fixture *f)
{
    return device_row(f).health == FIELD_ONLINE;
}

static bool is_lost(struct fixture *f)
{
    return device_row(f).health == FIELD_OFFLINE;
}

static bool has_polled_twice(struct fixture *f)
{
    (void)f;
    return stage.polls >= 2;
}

/* A device that is asked once an hour: what else it is asked is the command's doing. */
static void start_slow(struct fixture *f)
{
    f->device.ref.period_us = INT64_C(3600) * SECOND;
    start(f, &polled_driver);
    await(is_seen, f);
}

static void command_is_written_and_read_back_at_once(void **state)
{
    struct fixture *f = *state;
    start_slow(f);
    assert_int_equal(put(f, RELAY, 1, 10 * SECOND), 0);
    await(is_told, f);
    assert_int_equal(answer.result, 0);
    assert_true(stage.written == 1);
    await(has_polled_twice, f);
    assert_string_equal(stage.order, "pwp");
}

static void event_source_is_woken_for_a_command(void **state)
{
    struct fixture *f = *state;
    start(f, &source_driver);
    assert_int_equal(put(f, RELAY, 1, 10 * SECOND), 0);
    await(is_told, f);
    assert_int_equal(answer.result, 0);
    assert_int_equal(stage.readies, 0);
}

static void commands_come_between_two_reads(void **state)
{
    struct fixture *f = *state;
    start(f, &polled_driver); /* each 2 ms, and the command in the midst of it */
    await(is_seen, f);
    assert_int_equal(put(f, RELAY, 1, 10 * SECOND), 0);
    await(was_written, f);
    f->field = field_stop(f->field);
    assert_non_null(strstr(stage.order, "wp"));
}

static void what_the_device_refuses_is_told_with_its_words(void **state)
{
    struct fixture *f = *state;
    stage.write_fault = GW_FAULT_REJECTED;
    start_slow(f);
    assert_int_equal(put(f, RELAY, 1, 10 * SECOND), 0);
    await(is_told, f);
    assert_int_equal(answer.result, -EREMOTEIO);
    assert_string_equal(answer.text, "point 'b1-203/relay': exception 2");
    assert_int_equal(stage.writes, 1);
}

static void live_device_that_is_silent_is_tried_again_until_the_deadline(void **state)
{
    struct fixture *f = *state;
    stage.write_fault = GW_FAULT_TRANSIENT;
    start_slow(f);
    assert_int_equal(put(f, RELAY, 1, 3 * SECOND), 0); /* tried each half second */
    await(is_told, f);
    assert_int_equal(answer.result, -ETIMEDOUT);
    assert_in_range(stage.writes, 2, 6);
    char text[128];
    (void)snprintf(text, sizeof(text),
                   "not written, tried %d times: point 'b1-203/relay': no answer in time",
                   stage.writes);
    assert_string_equal(answer.text, text);
}

static void dead_device_gets_one_try_in_five_seconds(void **state)
{
    struct fixture *f = *state;
    stage.fault = GW_FAULT_TRANSIENT;
    stage.write_fault = GW_FAULT_TRANSIENT;
    start(f, &polled_driver);
    await(is_lost, f);
    assert_int_equal(put(f, RELAY, 1, SECOND), 0);
    await(is_told, f);
    assert_int_equal(answer.result, -ETIMEDOUT);
    answer.told = 0;
    assert_int_equal(put(f, RELAY, 0, SECOND), 0);
    await(is_told, f);
    assert_int_equal(answer.result, -ETIME);
    assert_string_equal(answer.text, "not written in its time: device 'lux-203' is "
                                     "offline, which is tried once in 5 s");
    assert_int_equal(stage.writes, 1);
}

static void closed_bus_lets_a_command_run_out_of_time(void **state)
{
    struct fixture *f = *state;
    stage.open_fails = true;
    start(f, &polled_driver);
    assert_int_equal(put(f, RELAY, 1, SECOND), 0);
    await(is_told, f);
    assert_int_equal(answer.result, -ETIME);
    assert_string_equal(
        answer.text,
        "not written in its time: device 'lux-203': bus 'riser-2' is offline: "
        "/dev/none: no such port");
}

static void command_survives_a_bus_that_reopens(void **state)
{
    struct fixture *f = *state;
    stage.write_fault = GW_FAULT_OFFLINE;
    start_slow(f);
    assert_int_equal(put(f, RELAY, 1, 30 * SECOND), 0);
    await(was_written, f);
    on_stage();
    stage.write_fault = GW_FAULT_NONE;
    off_stage();
    await(is_told, f);
    assert_int_equal(answer.result, 0);
    assert_int_equal(stage.opens, 2);
}

static void stop_tells_who_still_waits(void **state)
{
    struct fixture *f = *state;
    stage.open_fails = true;
    start(f, &polled_driver);
    assert_int_equal(put(f, RELAY, 1, 60 * SECOND), 0);
    f->field = field_stop(f->field);
    assert_int_equal(answer.told, 1);
    assert_int_equal(answer.result, -ESHUTDOWN);
}

static void what_cannot_be_written_is_refused_at_once(void **state)
{
    struct fixture *f = *state;
    start_slow(f);
    assert_int_equal(put(f, SENSOR, 300, SECOND), -EROFS);
    assert_int_equal(put(f, RELAY, 3, SECOND), -ERANGE);
    assert_int_equal(put(f, 99, 1, SECOND), -ENOENT);
    assert_int_equal(answer.told, 0);
    assert_int_equal(stage.writes, 0);
}

static bool is_back(struct fixture *f)
{
    (void)f;
    return stage.back > 0;
}

static bool is_seen_again(struct fixture *f)
{
    return is_seen(f) && stage.opens > 1;
}

static void set_fault(enum gw_fault fault)
{
    on_stage();
    stage.fault = fault;
    off_stage();
}

static void device_that_comes_back_may_have_forgotten_what_can_be_written(void **state)
{
    struct fixture *f = *state;
    start(f, &polled_driver);
    await(is_seen, f);
    assert_int_equal(stage.back, 0); /* it was not away */
    set_fault(GW_FAULT_TRANSIENT);
    await(is_lost, f);
    assert_int_equal(stage.back, 0);
    set_fault(GW_FAULT_NONE);
    await(is_back, f);
    f->field = field_stop(f->field);
    assert_int_equal(stage.back, 1);
    assert_int_equal(stage.back_point, RELAY);
}

/* Its power may have blinked between two polls. */
static void so_may_one_that_was_silent_for_a_single_poll(void **state)
{
    struct fixture *f = *state;
    start(f, &polled_driver);
    await(is_seen, f);
    on_stage();
    stage.silent_polls = 1;
    off_stage();
    await(is_back, f);
    f->field = field_stop(f->field);
    assert_int_equal(stage.back, 1);
    assert_int_equal(stage.back_point, RELAY);
}

static void so_may_those_of_a_bus_that_was_opened_anew(void **state)
{
    struct fixture *f = *state;
    start(f, &polled_driver);
    await(is_seen, f);
    set_fault(GW_FAULT_OFFLINE);
    await(is_lost, f);
    set_fault(GW_FAULT_NONE);
    await(is_seen_again, f);
    await(is_back, f);
    f->field = field_stop(f->field);
    assert_int_equal(stage.back, 1);
    assert_int_equal(stage.back_point, RELAY);
}

#define WRITE_TEST(name) cmocka_unit_test_setup_teardown(name, write_setup, teardown)

int main(void)
{
    gw_log_set_level(GW_LOG_ERROR);
    const struct CMUnitTest tests[] = {
        WRITE_TEST(command_is_written_and_read_back_at_once),
        WRITE_TEST(event_source_is_woken_for_a_command),
        WRITE_TEST(commands_come_between_two_reads),
        WRITE_TEST(what_the_device_refuses_is_told_with_its_words),
        WRITE_TEST(live_device_that_is_silent_is_tried_again_until_the_deadline),
        WRITE_TEST(dead_device_gets_one_try_in_five_seconds),
        WRITE_TEST(closed_bus_lets_a_command_run_out_of_time),
        WRITE_TEST(command_survives_a_bus_that_reopens),
        WRITE_TEST(device_that_comes_back_may_have_forgotten_what_can_be_written),
        WRITE_TEST(so_may_one_that_was_silent_for_a_single_poll),
        WRITE_TEST(so_may_those_of_a_bus_that_was_opened_anew),
        WRITE_TEST(stop_tells_who_still_waits),
        WRITE_TEST(what_cannot_be_written_is_refused_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
