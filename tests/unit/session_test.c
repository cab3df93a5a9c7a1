#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "uplink/session.h"

static const int64_t second_us = 1000000;

static void first_attempt_is_due_at_once(void **state)
{
    (void)state;
    struct session s = {0};
    assert_true(session_is_due(&s, 0));
    session_opening(&s, 0);
    assert_false(session_is_due(&s, second_us));
    assert_false(session_is_overdue(&s, SESSION_OPEN_US - 1));
    assert_true(session_is_overdue(&s, SESSION_OPEN_US));
}

static void waits_double_from_one_second_to_five_minutes(void **state)
{
    (void)state;
    static const int64_t longest_s[] = {1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300};
    struct session s = {0};
    for (size_t i = 0; i < 11; i++) {
        session_opening(&s, 0);
        assert_int_equal(session_lost(&s, 0, 1.0), longest_s[i] * second_us);
    }
}

static void chance_spreads_the_gateways_over_the_whole_wait(void **state)
{
    (void)state;
    struct session s = {.failures = 3};
    assert_int_equal(session_lost(&s, 0, 0.0), 0);
    s.failures = 3;
    assert_int_equal(session_lost(&s, 0, 0.25), 2 * second_us);
    assert_false(session_is_due(&s, 2 * second_us - 1));
    assert_true(session_is_due(&s, 2 * second_us));
}

static void stable_minute_forgets_the_failures(void **state)
{
    (void)state;
    struct session s = {.failures = 6};
    session_online(&s, 0);
    assert_int_equal(session_lost(&s, SESSION_STABLE_US - 1, 1.0), 64 * second_us);
    session_online(&s, 0);
    assert_int_equal(session_lost(&s, SESSION_STABLE_US, 1.0), second_us);
}

static void connections_taken_away_at_once_are_named(void **state)
{
    (void)state;
    struct session s = {0};
    for (int i = 0; i < 3; i++) {
        assert_false(session_is_contested(&s));
        session_online(&s, 0);
        (void)session_lost(&s, second_us, 0);
    }
    assert_true(session_is_contested(&s));
    session_opening(&s, 0);
    (void)session_lost(&s, second_us, 0);
    assert_false(session_is_contested(&s));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first_attempt_is_due_at_once),
        cmocka_unit_test(waits_double_from_one_second_to_five_minutes),
        cmocka_unit_test(chance_spreads_the_gateways_over_the_whole_wait),
        cmocka_unit_test(stable_minute_forgets_the_failures),
        cmocka_unit_test(connections_taken_away_at_once_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
