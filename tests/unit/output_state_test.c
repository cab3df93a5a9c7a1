#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>

#include "base/clock.h"
#include "gw/error.h"
#include "log_capture.h"
#include "output_state.h"

enum { SECOND = 1000000 };

static const int64_t school_us = INT64_C(1795400000) * SECOND;

/* The bus: keeps the last command, answers when the test says so. */
static struct {
    unsigned count;
    int refuses; /* -errno: there is no bus, or it takes no more */
    const char *why;
    struct output_send last;
} bus;

static int take(void *ctx, const struct output_send *send, struct gw_error *err)
{
    (void)ctx;
    bus.count++;
    bus.last = *send;
    return bus.refuses < 0 ? gw_fail(err, bus.refuses, "%s", bus.why) : 0;
}

static void answer(int result, const char *text)
{
    bus.last.done(bus.last.ctx, result, text);
}

static int setup(void **state)
{
    gw_log_set_level((enum gw_log_level)0);
    bus.count = 0;
    bus.refuses = 0;
    bus.why = "";
    clock_set(0, school_us);
    return output_states_new(take, NULL, (struct output_states **)state);
}

static int teardown(void **state)
{
    *state = output_states_free(*state);
    clock_release();
    return 0;
}

static struct output_row row_of(struct output_states *s)
{
    struct output_row row = {0};
    assert_int_equal(output_states_rows(s, &row, 1), 1);
    return row;
}

static void value_that_was_taken_is_not_sent_again(void **state)
{
    output_states_want(*state, 7, "gate-south/siren", true, 0);
    assert_true(bus.last.is_on);
    assert_false(row_of(*state).is_taken);
    answer(0, "written");
    output_states_tick(*state, 60 * SECOND);
    assert_true(row_of(*state).is_taken);
    assert_int_equal(bus.count, 1);
}

static void silent_relay_is_asked_until_it_has_taken_the_value(void **state)
{
    output_states_want(*state, 7, "gate-south/siren", true, 0);
    answer(-ETIMEDOUT, "no answer in time");
    assert_string_equal(row_of(*state).fault, "no answer in time");
    assert_int_equal(output_states_failing(*state), 1);
    output_states_tick(*state, SECOND);
    assert_int_equal(bus.count, 2);
    output_states_tick(*state, 2 * SECOND);
    assert_int_equal(bus.count, 2); /* it is still on its way */
    answer(0, "written");
    assert_true(row_of(*state).is_taken);
    assert_string_equal(row_of(*state).fault, "");
    assert_int_equal(output_states_failing(*state), 0);
}

static void relay_that_refuses_is_asked_each_five_seconds(void **state)
{
    output_states_want(*state, 7, "gate-south/siren", true, 0);
    answer(-EREMOTEIO, "exception 2");
    output_states_tick(*state, 4 * SECOND);
    assert_int_equal(bus.count, 1);
    output_states_tick(*state, 5 * SECOND);
    assert_int_equal(bus.count, 2);
}

static void output_without_a_bus_is_sent_when_there_is_one(void **state)
{
    bus.refuses = -ESHUTDOWN;
    output_states_want(*state, 7, "gate-south/siren", true, 0);
    bus.refuses = 0;
    output_states_tick(*state, SECOND);
    answer(0, "written");
    assert_int_equal(bus.count, 2);
    assert_true(row_of(*state).is_taken);
}

static void newer_value_is_what_counts(void **state)
{
    output_states_want(*state, 7, "gate-south/siren", true, 0);
    struct output_send first = bus.last;
    output_states_want(*state, 7, "gate-south/siren", false, 0);
    first.done(first.ctx, -ECANCELED, "a newer value took its place");
    output_states_tick(*state, SECOND);
    assert_int_equal(bus.count, 2);
    assert_false(bus.last.is_on);
    assert_string_equal(row_of(*state).fault, "");
}

static void value_that_gave_way_to_anothers_write_is_sent_after_it(void **state)
{
    output_states_want(*state, 7, "gate-south/siren", true, 0);
    answer(-ECANCELED, "a newer value took its place");
    output_states_tick(*state, 9 * SECOND);
    assert_int_equal(bus.count, 1); /* an engineer's has its time */
    output_states_tick(*state, 10 * SECOND);
    assert_int_equal(bus.count, 2);
    assert_true(bus.last.is_on);
    answer(-ETIMEDOUT, "no answer in time");
    assert_string_equal(row_of(*state).fault, "no answer in time");
}

static void older_value_that_was_taken_is_not_the_one_that_is_wanted(void **state)
{
    output_states_want(*state, 7, "gate-south/siren", false, 0);
    struct output_send first = bus.last;
    output_states_want(*state, 7, "gate-south/siren", true, 0);
    answer(-ECANCELED, "a newer value took its place"); /* an engineer's */
    first.done(first.ctx, 0, "written");
    assert_false(row_of(*state).is_taken);
    output_states_tick(*state, SECOND);
    assert_true(bus.count == 3 && bus.last.is_on);
}

static void output_that_its_bus_has_no_room_for_says_so(void **state)
{
    bus.refuses = -ENOBUFS;
    bus.why = "bus 'relays': 32 commands wait already";
    output_states_want(*state, 7, "gate-south/siren", true, 0);
    assert_string_equal(row_of(*state).fault, bus.why);
    bus.refuses = 0;
    output_states_tick(*state, SECOND);
    answer(0, "written");
    assert_string_equal(row_of(*state).fault, "");
}

static void fault_and_its_end_are_each_said_once(void **state)
{
    struct capture log;
    capture_open(&log);
    output_states_want(*state, 7, "gate-south/siren", true, 0);
    for (int64_t s = 1; s < 20; s++) {
        answer(-ETIMEDOUT, "no answer in time");
        output_states_tick(*state, s * SECOND);
    }
    answer(0, "written");
    output_states_tick(*state, 20 * SECOND);
    output_states_tick(*state, 21 * SECOND);
    assert_string_equal(captured(&log),
                        "notice: output gate-south/siren: on\n"
                        "warning: output gate-south/siren: not on: no answer in time; "
                        "tried until it is taken\n"
                        "notice: output gate-south/siren: on, taken\n");
    capture_close(&log);
}

static void output_says_since_when_it_is_as_it_is(void **state)
{
    output_states_want(*state, 7, "gate-south/siren", true, 0);
    assert_int_equal(row_of(*state).since_us, school_us);
    clock_set(SECOND, school_us + SECOND);
    answer(-ETIMEDOUT, "no answer in time");
    assert_int_equal(row_of(*state).since_us, school_us + SECOND);
    clock_set(9 * SECOND, school_us + 9 * SECOND);
    output_states_tick(*state, 9 * SECOND);
    answer(-ETIMEDOUT, "no answer in time");
    assert_int_equal(row_of(*state).since_us, school_us + SECOND);
    output_states_tick(*state, 10 * SECOND);
    answer(0, "written");
    assert_int_equal(row_of(*state).since_us, school_us + 9 * SECOND);
}

static void bus_that_stops_is_nobodys_fault(void **state)
{
    output_states_want(*state, 7, "gate-south/siren", true, 0);
    answer(-ESHUTDOWN, "the gateway is stopping");
    assert_string_equal(row_of(*state).fault, "");
    output_states_tick(*state, SECOND);
    assert_int_equal(bus.count, 2);
}

static void output_that_left_is_switched_off_and_then_let_be(void **state)
{
    output_states_want(*state, 7, "gate-south/siren", true, 0);
    answer(0, "written");
    output_states_leave(*state, 7, SECOND);
    assert_int_equal(bus.count, 2);
    assert_false(bus.last.is_on);
    answer(0, "written");
    output_states_again(*state, 7); /* somebody may have written to it meanwhile */
    output_states_tick(*state, 2 * SECOND);
    assert_int_equal(bus.count, 2);
    struct output_row row;
    assert_int_equal(output_states_rows(*state, &row, 1), 0);
}

static void output_that_left_while_its_bus_changed_is_switched_off_after(void **state)
{
    output_states_want(*state, 7, "gate-south/siren", true, 0);
    answer(0, "written");
    bus.refuses = -ENOENT;
    output_states_leave(*state, 7, SECOND);
    output_states_tick(*state, 2 * SECOND);
    bus.refuses = 0;
    output_states_tick(*state, 3 * SECOND);
    assert_false(bus.last.is_on);
    answer(0, "written");
    output_states_again(*state, 7);
    unsigned count = bus.count;
    output_states_tick(*state, 4 * SECOND);
    assert_int_equal(bus.count, count);
}

static void output_that_comes_back_is_wanted_again(void **state)
{
    output_states_want(*state, 7, "gate-south/siren", false, 0);
    answer(0, "written");
    output_states_leave(*state, 7, SECOND);
    assert_int_equal(bus.count, 1); /* off already */
    output_states_want(*state, 7, "gate-south/siren", true, 2 * SECOND);
    answer(0, "written");
    assert_true(row_of(*state).is_on);
    output_states_again(*state, 7);
    output_states_tick(*state, 3 * SECOND);
    assert_int_equal(bus.count, 3);
}

static void places_of_outputs_that_left_are_used_again(void **state)
{
    for (uint32_t point = 0; point < 3 * OUTPUT_STATES_MAX; point++) {
        output_states_want(*state, point, "gate-south/siren", true, 0);
        assert_true(bus.last.point == point);
        answer(0, "written");
        output_states_leave(*state, point, SECOND);
        answer(0, "written");
    }
    output_states_want(*state, 9999, "gate-north/siren", true, 0);
    assert_string_equal(row_of(*state).name, "gate-north/siren");
}

/* On, and the device said yes at machine time 0. */
static void switch_on(void **state)
{
    output_states_want(*state, 7, "gate-south/siren", true, 0);
    answer(0, "written");
}

static void relay_that_reads_back_off_is_written_until_it_reads_back_on(void **state)
{
    switch_on(state);
    output_states_read(*state, 7, false, 2 * SECOND);
    assert_string_equal(row_of(*state).fault, "reads back off");
    assert_false(row_of(*state).is_taken);
    assert_int_equal(output_states_failing(*state), 1);
    clock_set(2 * SECOND, school_us);
    output_states_tick(*state, 2 * SECOND);
    assert_int_equal(bus.count, 2); /* at once */
    answer(0, "written");
    assert_string_equal(row_of(*state).fault, "reads back off");
    output_states_tick(*state, 6 * SECOND);
    assert_int_equal(bus.count, 2);
    output_states_tick(*state, 7 * SECOND);
    assert_true(bus.count == 3 && bus.last.is_on);
    answer(0, "written");
    output_states_read(*state, 7, true, 8 * SECOND);
    assert_true(row_of(*state).is_taken);
    assert_int_equal(output_states_failing(*state), 0);
}

static void relay_that_reads_back_off_is_warned_of_once(void **state)
{
    struct capture log;
    capture_open(&log);
    switch_on(state);
    for (int64_t s = 2; s < 20; s++) {
        clock_set(s * SECOND, school_us);
        output_states_read(*state, 7, false, s * SECOND);
        output_states_tick(*state, s * SECOND);
        if (bus.count == (unsigned)(2 + (s - 2) / 5) && (s - 2) % 5 == 0)
            answer(0, "written");
    }
    output_states_read(*state, 7, true, 20 * SECOND);
    output_states_tick(*state, 20 * SECOND);
    assert_string_equal(captured(&log),
                        "notice: output gate-south/siren: on\n"
                        "warning: output gate-south/siren: not on: reads back off; tried "
                        "until it is taken\n"
                        "notice: output gate-south/siren: on, taken\n");
    capture_close(&log);
}

static void reading_from_before_the_write_is_no_contradiction(void **state)
{
    output_states_want(*state, 7, "gate-south/siren", true, 0);
    output_states_read(*state, 7, false, SECOND); /* still on its way */
    clock_set(2 * SECOND, school_us);
    answer(0, "written");
    output_states_read(*state, 7, false, SECOND);
    output_states_read(*state, 7, false, 2 * SECOND + SECOND / 4); /* it moves */
    assert_true(row_of(*state).is_taken);
    output_states_want(*state, 7, "gate-south/siren", false, 3 * SECOND);
    output_states_read(*state, 7, true, 3 * SECOND);
    assert_string_equal(row_of(*state).fault, "");
}

static void what_a_person_wrote_is_no_contradiction_until_it_is_sent_anew(void **state)
{
    switch_on(state);
    output_states_overrule(*state, 7);
    output_states_read(*state, 7, false, 2 * SECOND);
    output_states_tick(*state, 2 * SECOND);
    assert_true(bus.count == 1 && row_of(*state).is_taken);
    output_states_again(*state, 7);
    output_states_tick(*state, 3 * SECOND);
    answer(0, "written");
    output_states_read(*state, 7, false, 5 * SECOND);
    assert_string_equal(row_of(*state).fault, "reads back off");
}

static void what_a_person_wrote_before_ours_was_taken_is_over(void **state)
{
    output_states_want(*state, 7, "gate-south/siren", true, 0);
    output_states_overrule(*state, 7);
    answer(0, "written");
    output_states_read(*state, 7, false, 2 * SECOND);
    assert_string_equal(row_of(*state).fault, "reads back off");
}

static void output_that_left_in_doubt_is_let_be_after_its_off(void **state)
{
    switch_on(state);
    output_states_want(*state, 7, "gate-south/siren", false, SECOND);
    answer(0, "written");
    output_states_read(*state, 7, true, 3 * SECOND);
    output_states_leave(*state, 7, 4 * SECOND);
    output_states_tick(*state, 5 * SECOND);
    answer(0, "written");
    output_states_tick(*state, 60 * SECOND);
    assert_int_equal(bus.count, 3);
}

#define STATE_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STATE_TEST(value_that_was_taken_is_not_sent_again),
        STATE_TEST(silent_relay_is_asked_until_it_has_taken_the_value),
        STATE_TEST(relay_that_refuses_is_asked_each_five_seconds),
        STATE_TEST(output_without_a_bus_is_sent_when_there_is_one),
        STATE_TEST(newer_value_is_what_counts),
        STATE_TEST(value_that_gave_way_to_anothers_write_is_sent_after_it),
        STATE_TEST(older_value_that_was_taken_is_not_the_one_that_is_wanted),
        STATE_TEST(output_that_its_bus_has_no_room_for_says_so),
        STATE_TEST(fault_and_its_end_are_each_said_once),
        STATE_TEST(output_says_since_when_it_is_as_it_is),
        STATE_TEST(bus_that_stops_is_nobodys_fault),
        STATE_TEST(output_that_left_is_switched_off_and_then_let_be),
        STATE_TEST(output_that_left_while_its_bus_changed_is_switched_off_after),
        STATE_TEST(output_that_comes_back_is_wanted_again),
        STATE_TEST(relay_that_reads_back_off_is_written_until_it_reads_back_on),
        STATE_TEST(relay_that_reads_back_off_is_warned_of_once),
        STATE_TEST(reading_from_before_the_write_is_no_contradiction),
        STATE_TEST(what_a_person_wrote_is_no_contradiction_until_it_is_sent_anew),
        STATE_TEST(what_a_person_wrote_before_ours_was_taken_is_over),
        STATE_TEST(output_that_left_in_doubt_is_let_be_after_its_off),
        STATE_TEST(places_of_outputs_that_left_are_used_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
