#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "uplink/fallback.h"

static const int64_t second_us = 1000000;

static void batches_wait_for_the_whole_time_without_an_answer(void **state)
{
    (void)state;
    struct fallback f = {.after_us = 600 * second_us, .served_us = 5 * second_us};
    assert_false(fallback_is_due(&f, 604 * second_us));
    assert_true(fallback_is_due(&f, 605 * second_us));
    assert_int_equal(fallback_due_us(&f), 605 * second_us);
}

static void an_answer_brings_the_session_back(void **state)
{
    (void)state;
    struct fallback f = {.after_us = 600 * second_us};
    assert_true(fallback_is_due(&f, 900 * second_us));
    fallback_served(&f, 900 * second_us);
    assert_false(fallback_is_due(&f, 900 * second_us));
    assert_true(fallback_is_due(&f, 1500 * second_us));
}

static void without_a_broker_batches_go_at_once(void **state)
{
    (void)state;
    struct fallback f = {.after_us = 0, .served_us = 7 * second_us};
    assert_true(fallback_is_due(&f, 7 * second_us));
}

static void a_time_without_end_does_not_overflow(void **state)
{
    (void)state;
    struct fallback f = {.after_us = INT64_MAX, .served_us = 7 * second_us};
    assert_int_equal(fallback_due_us(&f), INT64_MAX);
    assert_false(fallback_is_due(&f, INT64_MAX - 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(batches_wait_for_the_whole_time_without_an_answer),
        cmocka_unit_test(an_answer_brings_the_session_back),
        cmocka_unit_test(without_a_broker_batches_go_at_once),
        cmocka_unit_test(a_time_without_end_does_not_overflow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
