#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "field/device.h"
#include "field/schedule.h"

enum { SECOND = 1000000, MIDDLE = INT32_MAX };

static const struct gw_device_ref ref = {.name = "lux-203", .period_us = 5 * SECOND};

static struct device new_device(void)
{
    struct device d;
    device_init(&d, &ref, 0, "rs485-1");
    device_start(&d, 0, 1, 0);
    return d;
}

static void first_polls_are_spread_over_the_period(void **state)
{
    (void)state;
    assert_int_equal(schedule_first(100, 4 * SECOND, 0, 4), 100);
    assert_int_equal(schedule_first(100, 4 * SECOND, 1, 4), 100 + SECOND);
    assert_int_equal(schedule_first(100, 4 * SECOND, 3, 4), 100 + 3 * SECOND);
}

static void slow_devices_are_first_polled_within_ten_seconds(void **state)
{
    (void)state;
    assert_int_equal(schedule_first(0, INT64_C(600) * SECOND, 1, 2), 5 * SECOND);
}

static void missed_slots_are_skipped_and_the_phase_is_kept(void **state)
{
    (void)state;
    assert_int_equal(schedule_after(300, 1000, 300), 1300);
    assert_int_equal(schedule_after(300, 1000, 299), 300);
    assert_int_equal(schedule_after(300, 1000, 5299), 5300);
    assert_int_equal(schedule_after(300, 1000, 5300), 6300);
}

static void device_due_first_is_picked(void **state)
{
    (void)state;
    struct device d[2] = {new_device(), new_device()};
    struct schedule s = {0};
    int64_t due = 0;
    d[0].due_us = 20;
    d[1].due_us = 10;
    assert_ptr_equal(schedule_pick(&s, d, 2, 0, &due), &d[1]);
    assert_int_equal(due, 10);
}

static void urgent_device_is_read_before_others_that_wait_longer(void **state)
{
    (void)state;
    struct device d[2] = {new_device(), new_device()};
    struct schedule s = {0};
    int64_t due = 0;
    d[0].due_us = 10;
    d[1].due_us = 20;
    d[1].is_urgent = true;
    assert_ptr_equal(schedule_pick(&s, d, 2, 30, &due), &d[1]);
    assert_ptr_equal(schedule_pick(&s, d, 2, 15, &due), &d[0]); /* alone due */
}

static void shorter_period_is_the_earlier_deadline(void **state)
{
    (void)state;
    struct device d[2] = {new_device(), new_device()};
    struct schedule s = {0};
    int64_t due = 0;
    d[0].due_us = 10;
    d[1].due_us = 20;
    d[1].period_us = SECOND;
    assert_ptr_equal(schedule_pick(&s, d, 2, 30, &due), &d[1]);
}

static void one_that_is_late_by_a_period_stands_among_the_urgent(void **state)
{
    (void)state;
    struct device d[2] = {new_device(), new_device()};
    struct schedule s = {0};
    int64_t due = 0;
    d[0].due_us = 0;
    d[1].due_us = 5 * SECOND;
    d[1].is_urgent = true;
    assert_ptr_equal(schedule_pick(&s, d, 2, 5 * SECOND - 1, &due), &d[0]);
    assert_ptr_equal(schedule_pick(&s, d, 2, 5 * SECOND, &due), &d[0]);
    d[0].due_us = 1;
    assert_ptr_equal(schedule_pick(&s, d, 2, 5 * SECOND, &due), &d[1]);
}

/* Three urgent devices ask for all of the bus, one slow one for a little. */
static void overload_by_urgent_devices_starves_nobody(void **state)
{
    (void)state;
    const struct gw_device_ref fast = {.name = "fast", .period_us = 100000};
    const struct gw_device_ref slow = {.name = "slow", .period_us = 2 * SECOND};
    struct device d[4];
    struct schedule s = {0};
    unsigned reads[4] = {0};
    int64_t now_us = 0;
    for (size_t i = 0; i < 4; i++) {
        device_init(&d[i], i < 3 ? &fast : &slow, i, "rs485-1");
        device_start(&d[i], i, 4, 0);
        d[i].is_urgent = i < 3;
    }
    while (now_us < INT64_C(60) * SECOND) {
        int64_t due_us = 0;
        struct device *next = schedule_pick(&s, d, 4, now_us, &due_us);
        now_us = (due_us > now_us ? due_us : now_us) + 50000;
        (void)device_judge(next, GW_FAULT_NONE, now_us, MIDDLE);
        reads[next - d]++;
    }
    assert_true(reads[3] >= 60 / 4); /* each second of its turns at the least */
    assert_true(reads[0] > 10 * reads[3]);
}

static void unplanned_device_is_never_picked(void **state)
{
    (void)state;
    struct device d = new_device();
    struct schedule s = {0};
    int64_t due = 0;
    d.is_unplanned = true;
    assert_null(schedule_pick(&s, &d, 1, 0, &due));
    assert_true(due == INT64_MAX);
}

static void dead_devices_get_four_in_a_hundred_of_the_bus(void **state)
{
    (void)state;
    struct device d[2] = {new_device(), new_device()};
    struct schedule s = {0};
    int64_t due = 0;
    d[0].health = FIELD_OFFLINE;
    d[0].due_us = 0;
    d[1].due_us = 90 * SECOND;
    schedule_probed(&s, 300000, 1000000);
    assert_ptr_equal(schedule_pick(&s, d, 2, 0, &due), &d[0]);
    assert_int_equal(due, 1000000 + 24 * 300000);
}

static void bus_of_dead_devices_only_probes_freely(void **state)
{
    (void)state;
    struct device d = new_device();
    struct schedule s = {.probe_earliest_us = 50 * SECOND};
    int64_t due = 0;
    d.health = FIELD_OFFLINE;
    d.due_us = 7;
    assert_ptr_equal(schedule_pick(&s, &d, 1, 0, &due), &d);
    assert_int_equal(due, 7);
}

static void one_that_comes_back_has_the_other_dead_asked_now(void **state)
{
    (void)state;
    struct device d[2] = {new_device(), new_device()};
    d[0].health = FIELD_OFFLINE;
    d[0].due_us = 10 * SECOND;
    d[1].due_us = 5 * SECOND;
    schedule_revive(d, 2, SECOND);
    assert_int_equal(d[0].due_us, SECOND);
    assert_int_equal(d[1].due_us, 5 * SECOND);
}

static void three_silences_in_a_row_make_a_device_offline(void **state)
{
    (void)state;
    struct device d = new_device();
    assert_int_equal(device_judge(&d, GW_FAULT_TRANSIENT, 10, MIDDLE), DEVICE_SAME);
    assert_int_equal(d.due_us, 10 + SECOND);
    assert_int_equal(device_judge(&d, GW_FAULT_NONE, 20, MIDDLE), DEVICE_FIRST_SEEN);
    assert_int_equal(device_judge(&d, GW_FAULT_TRANSIENT, 30, MIDDLE), DEVICE_SAME);
    assert_int_equal(device_judge(&d, GW_FAULT_TRANSIENT, 40, MIDDLE), DEVICE_SAME);
    assert_int_equal(device_judge(&d, GW_FAULT_TRANSIENT, 50, MIDDLE),
                     DEVICE_WENT_OFFLINE);
    assert_int_equal(d.health, FIELD_OFFLINE);
    assert_in_range(d.due_us, 50 + SECOND / 2 - 1, 50 + SECOND / 2);
}

static void probes_of_a_dead_device_back_off_to_ten_seconds(void **state)
{
    (void)state;
    struct device d = new_device();
    for (int i = 0; i < 20; i++)
        (void)device_judge(&d, GW_FAULT_TRANSIENT, 0, UINT32_MAX);
    assert_int_equal(d.due_us, 11 * SECOND);
}

static void answer_brings_a_device_back_into_its_phase(void **state)
{
    (void)state;
    struct device d = new_device();
    for (int i = 0; i < 3; i++)
        (void)device_judge(&d, GW_FAULT_TRANSIENT, 0, MIDDLE);
    d.is_told = true;
    assert_int_equal(device_judge(&d, GW_FAULT_NONE, 12 * SECOND, MIDDLE),
                     DEVICE_CAME_BACK);
    assert_int_equal(d.health, FIELD_ONLINE);
    assert_false(d.is_told);
    assert_int_equal(d.due_us, 15 * SECOND);
}

static void refusal_is_an_answer_and_told_once(void **state)
{
    (void)state;
    struct device d = new_device();
    (void)device_judge(&d, GW_FAULT_NONE, 0, MIDDLE);
    assert_int_equal(device_judge(&d, GW_FAULT_REJECTED, 1, MIDDLE), DEVICE_REFUSES);
    assert_int_equal(device_judge(&d, GW_FAULT_REJECTED, 2, MIDDLE), DEVICE_SAME);
    assert_int_equal(d.health, FIELD_ONLINE);
    assert_int_equal(device_judge(&d, GW_FAULT_NONE, 3, MIDDLE), DEVICE_ACCEPTS);
}

/* @seconds, in virtual time, of a bus of @count that is asked for more than it can; the
 * first @dead time out.  returns the polls that the others got */
static unsigned simulate(size_t count, size_t dead, int64_t poll_us, int seconds)
{
    enum { DEVICES_MAX = 20, TIMEOUT_US = 300000 };
    const struct gw_device_ref busy = {.name = "x", .period_us = poll_us};
    struct device d[DEVICES_MAX];
    struct schedule s = {0};
    unsigned answers = 0;
    int64_t now_us = 0;
    for (size_t i = 0; i < count; i++) {
        device_init(&d[i], &busy, i, "rs485-1");
        device_start(&d[i], i, count, 0);
    }
    while (now_us < (int64_t)seconds * SECOND) {
        int64_t due_us = 0;
        struct device *next = schedule_pick(&s, d, count, now_us, &due_us);
        bool is_dead = next < &d[dead];
        bool is_probe = next->health == FIELD_OFFLINE;
        int64_t spent_us = is_dead ? TIMEOUT_US : poll_us;
        now_us = (due_us > now_us ? due_us : now_us) + spent_us;
        (void)device_judge(next, is_dead ? GW_FAULT_TRANSIENT : GW_FAULT_NONE, now_us,
                           MIDDLE);
        if (is_dead && is_probe)
            schedule_probed(&s, spent_us, now_us);
        answers += !is_dead;
    }
    return answers;
}

/* Beside the same bus without the dead, whose own polls are nobody's loss. */
static void dead_cost_the_others_five_in_a_hundred_at_most(size_t count, size_t dead,
                                                           int64_t poll_us, int seconds)
{
    unsigned with = simulate(count, dead, poll_us, seconds);
    unsigned without = simulate(count - dead, 0, poll_us, seconds);
    if ((uint64_t)with * 100 < (uint64_t)without * 95)
        fail_msg("%zu of %zu dead: %u polls instead of %u", dead, count, with, without);
}

static void one_dead_of_eight_on_a_serial_line_costs_the_others_little(void **state)
{
    (void)state;
    dead_cost_the_others_five_in_a_hundred_at_most(8, 1, 42000, 60);
}

static void three_dead_of_eight_cost_the_others_no_more_than_one(void **state)
{
    (void)state;
    dead_cost_the_others_five_in_a_hundred_at_most(8, 3, 42000, 600);
}

static void one_dead_of_twenty_over_tcp_costs_the_others_little(void **state)
{
    (void)state;
    dead_cost_the_others_five_in_a_hundred_at_most(20, 1, 1500, 60);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first_polls_are_spread_over_the_period),
        cmocka_unit_test(slow_devices_are_first_polled_within_ten_seconds),
        cmocka_unit_test(missed_slots_are_skipped_and_the_phase_is_kept),
        cmocka_unit_test(device_due_first_is_picked),
        cmocka_unit_test(urgent_device_is_read_before_others_that_wait_longer),
        cmocka_unit_test(shorter_period_is_the_earlier_deadline),
        cmocka_unit_test(one_that_is_late_by_a_period_stands_among_the_urgent),
        cmocka_unit_test(overload_by_urgent_devices_starves_nobody),
        cmocka_unit_test(unplanned_device_is_never_picked),
        cmocka_unit_test(dead_devices_get_four_in_a_hundred_of_the_bus),
        cmocka_unit_test(bus_of_dead_devices_only_probes_freely),
        cmocka_unit_test(one_that_comes_back_has_the_other_dead_asked_now),
        cmocka_unit_test(three_silences_in_a_row_make_a_device_offline),
        cmocka_unit_test(probes_of_a_dead_device_back_off_to_ten_seconds),
        cmocka_unit_test(answer_brings_a_device_back_into_its_phase),
        cmocka_unit_test(refusal_is_an_answer_and_told_once),
        cmocka_unit_test(one_dead_of_eight_on_a_serial_line_costs_the_others_little),
        cmocka_unit_test(three_dead_of_eight_cost_the_others_no_more_than_one),
        cmocka_unit_test(one_dead_of_twenty_over_tcp_costs_the_others_little),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
