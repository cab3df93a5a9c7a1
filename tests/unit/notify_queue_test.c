#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "notify/notify_queue.h"

static int new_queue(void **state)
{
    struct notify_queue *q;
    int r = notify_queue_new(&q);
    *state = q;
    return r;
}

static int free_queue(void **state)
{
    return notify_queue_free(*state) != NULL;
}

static int put(struct notify_queue *q, const char *topic, double value)
{
    return notify_queue_value(q, topic, &(struct gw_reading){.value = value});
}

static void the_newest_value_of_a_topic_is_taken_once(void **state)
{
    struct notify_queue *q = *state;
    struct notify_item item;
    assert_int_equal(put(q, "school/a/co2", 1), 1);
    assert_int_equal(put(q, "school/a/co2", 2), 0);
    assert_int_equal(put(q, "school/b/co2", 3), 0);
    assert_true(notify_queue_take(q, &item));
    assert_string_equal(item.topic, "school/a/co2");
    assert_true(item.reading.value == 2 && !item.payload[0]);
    assert_true(notify_queue_take(q, &item));
    assert_string_equal(item.topic, "school/b/co2");
    assert_false(notify_queue_take(q, &item));
}

static void a_value_that_says_the_same_is_not_told_again(void **state)
{
    struct notify_queue *q = *state;
    struct notify_item item;
    const struct gw_reading bad = {.value = NAN, .quality = GW_BAD};
    assert_int_equal(put(q, "t", 1), 1);
    assert_true(notify_queue_take(q, &item));
    assert_int_equal(put(q, "t", 1), 0);
    assert_false(notify_queue_take(q, &item));
    assert_int_equal(notify_queue_value(q, "t", &bad), 1);
    assert_true(notify_queue_take(q, &item));
    assert_int_equal(notify_queue_value(q, "t", &bad), 0);
    assert_int_equal(put(q, "t", 1), 1);
}

static void alarms_go_before_values_and_in_order(void **state)
{
    struct notify_queue *q = *state;
    struct notify_item item;
    assert_int_equal(put(q, "value", 1), 1);
    assert_int_equal(notify_queue_alarm(q, "alarm", "raised"), 0);
    assert_int_equal(notify_queue_alarm(q, "alarm", "acknowledged"), 0);
    assert_true(notify_queue_take(q, &item));
    assert_string_equal(item.payload, "raised");
    assert_true(notify_queue_take(q, &item));
    assert_string_equal(item.payload, "acknowledged");
    assert_true(notify_queue_take(q, &item));
    assert_string_equal(item.topic, "value");
}

static void a_new_connection_hears_each_row_once(void **state)
{
    struct notify_queue *q = *state;
    struct notify_item item;
    assert_int_equal(put(q, "value", 1), 1);
    assert_int_equal(notify_queue_alarm(q, "alarm", "raised"), 0);
    assert_int_equal(notify_queue_alarm(q, "alarm", "normal"), 0);
    while (notify_queue_take(q, &item)) {
    }
    notify_queue_repeat(q);
    notify_queue_repeat(q);
    assert_int_equal(notify_queue_length(q), 2);
    assert_true(notify_queue_take(q, &item));
    assert_true(item.reading.value == 1);
    assert_true(notify_queue_take(q, &item));
    assert_string_equal(item.payload, "normal");
}

static void more_alarms_than_fit_keep_each_ones_newest(void **state)
{
    struct notify_queue *q = *state;
    struct notify_item item;
    char payload[32];
    for (int i = 0; i < 3 * NOTIFY_ALARMS; i++) {
        (void)snprintf(payload, sizeof(payload), "%d", i);
        assert_true(notify_queue_alarm(q, i % 2 ? "odd" : "even", payload) >= 0);
    }
    char odd[32] = "";
    char even[32] = "";
    size_t count = 0;
    for (; notify_queue_take(q, &item); count++)
        (void)snprintf(item.topic[0] == 'o' ? odd : even, sizeof(odd), "%.31s",
                       item.payload);
    assert_int_equal(count, NOTIFY_ALARMS + 2);
    assert_string_equal(odd, payload);
    assert_int_equal(strcmp(even, "766"), 0);
}

static void thousands_of_topics_keep_their_order(void **state)
{
    struct notify_queue *q = *state;
    struct notify_item item;
    char topic[32];
    for (int i = 0; i < 5000; i++) {
        (void)snprintf(topic, sizeof(topic), "t%d", i);
        assert_true(put(q, topic, i) >= 0);
        if (i % 3 == 0)
            assert_true(notify_queue_take(q, &item)); /* the ring turns while it grows */
    }
    double last = -1;
    while (notify_queue_take(q, &item)) {
        assert_true(item.reading.value > last);
        last = item.reading.value;
    }
    assert_true(last == 4999);
}

static void topics_have_a_limit(void **state)
{
    struct notify_queue *q = *state;
    char topic[32];
    for (int i = 0; i < NOTIFY_ROWS; i++) {
        (void)snprintf(topic, sizeof(topic), "t%d", i);
        assert_true(put(q, topic, i) >= 0);
    }
    assert_int_equal(put(q, "one more", 1), -ENOSPC);
    assert_int_equal(notify_queue_alarm(q, "one more", "x"), -ENOSPC);
}

static void topics_move_with_what_waits_and_what_was_said(void **state)
{
    struct notify_queue *q = *state;
    struct notify_item item;
    assert_int_equal(put(q, "school/a/co2", 1), 1);
    assert_int_equal(notify_queue_alarm(q, "school/alarm/x", "raised"), 0);
    assert_int_equal(put(q, "schools/b", 2), 0);
    assert_int_equal(notify_queue_move(q, "school", "campus-2"), 0);
    assert_true(notify_queue_take(q, &item));
    assert_string_equal(item.topic, "campus-2/alarm/x");
    assert_true(notify_queue_take(q, &item));
    assert_string_equal(item.topic, "campus-2/a/co2");
    assert_true(notify_queue_take(q, &item));
    assert_string_equal(item.topic, "schools/b"); /* not below it */
    assert_int_equal(put(q, "campus-2/a/co2", 1), 0);
    assert_false(notify_queue_take(q, &item));
}

static void values_that_are_hushed_are_not_said_until_they_come_again(void **state)
{
    struct notify_queue *q = *state;
    struct notify_item item;
    assert_int_equal(put(q, "value", 1), 1);
    assert_int_equal(notify_queue_alarm(q, "alarm", "raised"), 0);
    notify_queue_hush(q);
    notify_queue_repeat(q);
    assert_true(notify_queue_take(q, &item) && notify_queue_take(q, &item));
    assert_string_equal(item.topic, "alarm");
    assert_false(notify_queue_take(q, &item));
    assert_int_equal(put(q, "value", 1), 1);
    assert_true(notify_queue_take(q, &item));
    assert_string_equal(item.topic, "value");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_newest_value_of_a_topic_is_taken_once,
                                        new_queue, free_queue),
        cmocka_unit_test_setup_teardown(a_value_that_says_the_same_is_not_told_again,
                                        new_queue, free_queue),
        cmocka_unit_test_setup_teardown(alarms_go_before_values_and_in_order, new_queue,
                                        free_queue),
        cmocka_unit_test_setup_teardown(a_new_connection_hears_each_row_once, new_queue,
                                        free_queue),
        cmocka_unit_test_setup_teardown(more_alarms_than_fit_keep_each_ones_newest,
                                        new_queue, free_queue),
        cmocka_unit_test_setup_teardown(thousands_of_topics_keep_their_order, new_queue,
                                        free_queue),
        cmocka_unit_test_setup_teardown(topics_have_a_limit, new_queue, free_queue),
        cmocka_unit_test_setup_teardown(topics_move_with_what_waits_and_what_was_said,
                                        new_queue, free_queue),
        cmocka_unit_test_setup_teardown(
            values_that_are_hushed_are_not_said_until_they_come_again, new_queue,
            free_queue),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
