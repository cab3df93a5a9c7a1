/* A bus whose driver does not come back, on its thread, and main that watches it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "field_rig.h"

static const int64_t hang_us = INT64_C(15) * 1000000;

static bool is_hanging(struct fixture *f)
{
    (void)f;
    return stage.is_hanging;
}

static bool has_opened_twice(struct fixture *f)
{
    (void)f;
    return stage.opens == 2;
}

/* Not on the stage: field_watch() pushes while it holds the list that a row is from. */
static void await_online(struct fixture *f)
{
    for (int i = 0; i < 10000 && bus_row(f).health != FIELD_ONLINE; i++)
        (void)poll(NULL, 0, 1);
    assert_int_equal(bus_row(f).health, FIELD_ONLINE);
}

static void let_hang(bool hangs)
{
    on_stage();
    stage.hangs = hangs;
    stage.taken_count = 0;
    off_stage();
}

/* In a call that does not come back, since @silent_us. */
static void begin_to_hang(struct fixture *f, int64_t silent_us)
{
    let_hang(true);
    ring(); /* an event source is called */
    await(is_hanging, f);
    clock_set(clock_machine_us() + silent_us, 0);
}

static void look(struct fixture *f, int times)
{
    for (int i = 0; i < times; i++)
        field_watch(f->field);
}

static void start_and_hang(struct fixture *f)
{
    start(f, &polled_driver);
    await_online(f);
    begin_to_hang(f, hang_us + 1000000);
    look(f, 2);
}

static void come_back(struct fixture *f)
{
    clock_release();
    let_hang(false);
    await(has_opened_twice, f);
    await_online(f);
}

static void points_of_a_bus_that_hangs_have_failed_and_its_rows_say_so(void **state)
{
    struct fixture *f = *state;
    start_and_hang(f);
    assert_int_equal(bus_row(f).health, FIELD_HUNG);
    assert_string_equal(bus_row(f).fault, "its driver has not come back for 16 s");
    assert_int_equal(device_row(f).health, FIELD_OFFLINE);
    assert_string_equal(device_row(f).fault, "its bus hangs");
    look(f, 3);
    assert_int_equal(stage.taken_count, POINTS); /* told once */
    for (size_t i = 0; i < POINTS; i++) {
        assert_int_equal(stage.taken[i].point, 11 + i);
        assert_int_equal(stage.taken[i].reason, GW_REASON_OFFLINE);
    }
    let_hang(false);
}

static void points_that_find_the_queue_full_are_told_at_the_next_look(void **state)
{
    struct fixture *f = *state;
    start(f, &polled_driver);
    begin_to_hang(f, hang_us + 1000000);
    stage.queue_is_full = true;
    look(f, 2);
    assert_int_equal(stage.taken_count, 0);
    stage.queue_is_full = false;
    look(f, 1);
    assert_int_equal(stage.taken_count, POINTS);
    let_hang(false);
}

static void bus_that_hangs_from_its_start_is_told(void **state)
{
    struct fixture *f = *state;
    stage.hangs = true;
    start(f, &source_driver);
    begin_to_hang(f, hang_us + 1000000);
    look(f, 2);
    assert_int_equal(bus_row(f).health, FIELD_HUNG);
    assert_int_equal(stage.taken_count, POINTS);
    clock_release();
    let_hang(false);
    await_online(f);
    assert_int_equal(stage.opens, 1); /* it has just begun */
}

/* A daemon that was held as a whole finds every bus silent, once. */
static void one_look_alone_tells_nothing(void **state)
{
    struct fixture *f = *state;
    start(f, &polled_driver);
    await_online(f);
    begin_to_hang(f, hang_us + 1000000);
    look(f, 1);
    assert_int_equal(bus_row(f).health, FIELD_ONLINE);
    assert_int_equal(stage.taken_count, 0);
    let_hang(false);
}

static void bus_that_is_slow_but_moves_is_none_that_hangs(void **state)
{
    struct fixture *f = *state;
    start(f, &polled_driver);
    await_online(f);
    begin_to_hang(f, hang_us - 1000000);
    look(f, 3);
    assert_int_equal(bus_row(f).health, FIELD_ONLINE);
    let_hang(false);
}

static void bus_that_comes_back_is_opened_anew(void **state)
{
    struct fixture *f = *state;
    start_and_hang(f);
    come_back(f);
    assert_int_equal(stage.closes, 1);
    assert_string_equal(bus_row(f).fault, "");
}

static void event_source_that_comes_back_is_opened_anew(void **state)
{
    struct fixture *f = *state;
    start(f, &source_driver);
    ring();
    await_online(f);
    begin_to_hang(f, hang_us + 1000000);
    look(f, 2);
    assert_int_equal(bus_row(f).health, FIELD_HUNG);
    come_back(f);
}

static void bus_that_hangs_is_neither_parted_nor_lost(void **state)
{
    struct fixture *f = *state;
    struct gw_error err = {0};
    const struct config none = {0};
    size_t stopped = 7;
    start_and_hang(f);
    assert_int_equal(field_may_part(f->field, &none, 1000000, &err), -EBUSY);
    assert_string_equal(err.text,
                        "bus 'riser-2' hangs: its driver has not come back for 16 s");
    assert_int_equal(field_part(f->field, &none, 1000000, &stopped, &err), -EBUSY);
    assert_int_equal(stopped, 0);
    assert_int_equal(bus_row(f).health, FIELD_HUNG);
    assert_int_equal(field_may_part(f->field, &f->config, 1000000, &err), 0);
    come_back(f);
}

static int last_result = 1;

static void note_result(void *ctx, int result, const char *text)
{
    (void)ctx;
    (void)text;
    last_result = result;
}

static void commands_of_a_bus_that_hangs_are_told_and_refused(void **state)
{
    struct fixture *f = *state;
    const struct field_command on = {
        .point = 12, .value = 1, .deadline_us = INT64_MAX, .done = note_result};
    start(f, &polled_driver);
    await_online(f);
    begin_to_hang(f, hang_us + 1000000);
    assert_int_equal(field_write(f->field, &on, NULL), 0);
    look(f, 2);
    assert_int_equal(last_result, -ETIME);
    assert_int_equal(field_write(f->field, &on, NULL), -EBUSY);
    come_back(f);
    assert_int_equal(stage.writes, 0);
    assert_int_equal(field_write(f->field, &on, NULL), 0);
}

#define RIGGED(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIGGED(points_of_a_bus_that_hangs_have_failed_and_its_rows_say_so),
        RIGGED(points_that_find_the_queue_full_are_told_at_the_next_look),
        RIGGED(bus_that_hangs_from_its_start_is_told),
        RIGGED(one_look_alone_tells_nothing),
        RIGGED(bus_that_is_slow_but_moves_is_none_that_hangs),
        RIGGED(bus_that_comes_back_is_opened_anew),
        RIGGED(event_source_that_comes_back_is_opened_anew),
        RIGGED(bus_that_hangs_is_neither_parted_nor_lost),
        RIGGED(commands_of_a_bus_that_hangs_are_told_and_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
