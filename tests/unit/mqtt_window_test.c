#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "mqtt/window.h"

static const int64_t second_us = 1000000;

static struct mqtt_window opened(uint32_t size)
{
    struct mqtt_window w = {0};
    mqtt_window_open(&w, size, second_us, 100);
    return w;
}

static void an_empty_window_reads(void **state)
{
    (void)state;
    struct mqtt_window w = opened(20);
    assert_int_equal(mqtt_window_next(&w, 0), WINDOW_READ);
    assert_true(mqtt_window_deadline(&w) == INT64_MAX);
}

static void a_full_window_asks_once_and_waits(void **state)
{
    (void)state;
    struct mqtt_window w = opened(2);
    mqtt_window_taken(&w, 101, 0);
    assert_int_equal(mqtt_window_next(&w, 0), WINDOW_READ);
    mqtt_window_taken(&w, 102, 0);
    assert_int_equal(mqtt_window_next(&w, 0), WINDOW_ASK);
    assert_int_equal(mqtt_window_next(&w, 0), WINDOW_WAIT);
    mqtt_window_committed(&w, 102);
    assert_int_equal(mqtt_window_next(&w, 0), WINDOW_WRITE);
    mqtt_window_written(&w);
    assert_int_equal(mqtt_window_next(&w, 0), WINDOW_READ);
}

static void a_commit_of_a_part_acknowledges_nothing(void **state)
{
    (void)state;
    struct mqtt_window w = opened(20);
    mqtt_window_taken(&w, 101, 0);
    mqtt_window_taken(&w, 102, 0);
    mqtt_window_committed(&w, 101);
    assert_int_equal(mqtt_window_next(&w, 0), WINDOW_READ);
    assert_int_equal(w.acknowledged, 100);
    mqtt_window_committed(&w, 102);
    assert_int_equal(mqtt_window_next(&w, 0), WINDOW_WRITE);
}

static void a_message_waits_no_longer_than_the_interval(void **state)
{
    (void)state;
    struct mqtt_window w = opened(0);
    mqtt_window_taken(&w, 101, 5 * second_us);
    int64_t due_us = mqtt_window_deadline(&w);
    assert_true(due_us <= 6 * second_us && due_us > 5 * second_us + second_us / 2);
    assert_int_equal(mqtt_window_next(&w, due_us - 1), WINDOW_READ);
    assert_int_equal(mqtt_window_next(&w, due_us), WINDOW_ASK);
    assert_int_equal(mqtt_window_next(&w, due_us), WINDOW_WAIT);
}

static void a_quiet_broker_with_half_a_window_is_asked_for(void **state)
{
    (void)state;
    struct mqtt_window w = opened(4);
    mqtt_window_taken(&w, 101, 0);
    mqtt_window_taken(&w, 102, 0);
    assert_int_equal(mqtt_window_next(&w, 0), WINDOW_READ);
    assert_true(mqtt_window_deadline(&w) == WINDOW_QUIET_US);
    assert_int_equal(mqtt_window_next(&w, WINDOW_QUIET_US), WINDOW_ASK);
    assert_int_equal(mqtt_window_next(&w, WINDOW_QUIET_US),
                     WINDOW_READ); /* goes on reading */
}

static void a_new_connection_forgets_what_waited(void **state)
{
    (void)state;
    struct mqtt_window w = opened(20);
    mqtt_window_taken(&w, 101, 0);
    mqtt_window_open(&w, 20, second_us, 101);
    assert_int_equal(mqtt_window_next(&w, 10 * second_us), WINDOW_READ);
    mqtt_window_taken(&w, 102, 0);
    mqtt_window_committed(&w, 101);
    assert_int_equal(mqtt_window_next(&w, 0), WINDOW_READ);
}

static void a_disk_that_takes_nothing_does_not_stop_the_reading(void **state)
{
    (void)state;
    struct mqtt_window w = opened(0);
    mqtt_window_taken(&w, 101, 0);
    assert_int_equal(mqtt_window_next(&w, second_us), WINDOW_ASK);
    assert_int_equal(mqtt_window_next(&w, second_us), WINDOW_WAIT);
    assert_true(mqtt_window_deadline(&w) == second_us + WINDOW_STUCK_US);

    const int64_t stuck_us = second_us + WINDOW_STUCK_US;
    assert_int_equal(mqtt_window_next(&w, stuck_us), WINDOW_READ);
    assert_true(mqtt_window_deadline(&w) == INT64_MAX); /* nothing new by itself */
    mqtt_window_taken(&w, 102, stuck_us);
    assert_int_equal(mqtt_window_next(&w, stuck_us), WINDOW_ASK);
    assert_int_equal(mqtt_window_next(&w, stuck_us), WINDOW_READ);
    assert_int_equal(w.acknowledged, 100);
}

static void a_disk_that_works_again_is_waited_for(void **state)
{
    (void)state;
    struct mqtt_window w = opened(0);
    mqtt_window_taken(&w, 101, 0);
    (void)mqtt_window_next(&w, second_us);
    mqtt_window_taken(&w, 102, 9 * second_us);
    assert_int_equal(mqtt_window_next(&w, 9 * second_us), WINDOW_ASK);
    assert_int_equal(mqtt_window_next(&w, 9 * second_us), WINDOW_READ);

    mqtt_window_committed(&w, 101);
    assert_int_equal(mqtt_window_next(&w, 10 * second_us), WINDOW_WAIT);
    mqtt_window_committed(&w, 102);
    assert_int_equal(mqtt_window_next(&w, 10 * second_us), WINDOW_WRITE);
}

static void a_stuck_disk_is_not_trusted_with_everything(void **state)
{
    (void)state;
    struct mqtt_window w = opened(0);
    for (uint64_t i = 1; i < WINDOW_STUCK; i++)
        mqtt_window_taken(&w, 100 + i, 0);
    assert_int_equal(mqtt_window_next(&w, second_us), WINDOW_ASK);
    assert_int_equal(mqtt_window_next(&w, 9 * second_us), WINDOW_READ);
    mqtt_window_taken(&w, 100 + WINDOW_STUCK, 9 * second_us);
    assert_int_equal(mqtt_window_next(&w, 9 * second_us), WINDOW_ASK);
    assert_int_equal(mqtt_window_next(&w, 9 * second_us), WINDOW_WAIT);
    assert_true(mqtt_window_deadline(&w) == INT64_MAX); /* only a commit helps */
}

static void a_broker_that_allows_more_does_not_make_more_wait(void **state)
{
    (void)state;
    struct mqtt_window w = opened(65535);
    for (uint64_t i = 1; i < WINDOW_UNLIMITED; i++) {
        mqtt_window_taken(&w, 100 + i, 0);
        assert_int_equal(mqtt_window_next(&w, 0), WINDOW_READ);
    }
    mqtt_window_taken(&w, 100 + WINDOW_UNLIMITED, 0);
    assert_int_equal(mqtt_window_next(&w, 0), WINDOW_ASK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_window_reads),
        cmocka_unit_test(a_full_window_asks_once_and_waits),
        cmocka_unit_test(a_commit_of_a_part_acknowledges_nothing),
        cmocka_unit_test(a_message_waits_no_longer_than_the_interval),
        cmocka_unit_test(a_quiet_broker_with_half_a_window_is_asked_for),
        cmocka_unit_test(a_new_connection_forgets_what_waited),
        cmocka_unit_test(a_disk_that_takes_nothing_does_not_stop_the_reading),
        cmocka_unit_test(a_disk_that_works_again_is_waited_for),
        cmocka_unit_test(a_stuck_disk_is_not_trusted_with_everything),
        cmocka_unit_test(a_broker_that_allows_more_does_not_make_more_wait),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
