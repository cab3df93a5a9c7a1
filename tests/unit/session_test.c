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
        assert_int_equal(session_lost(&s, 0, false, 1.0), longest_s[i] * second_us);
    }
}

static void chance_spreads_the_gateways_over_the_whole_wait(void **state)
{
    (void)state;
    struct session s = {.failures = 3};
    assert_int_equal(session_lost(&s, 0, false, 0.0), 0);
    s.failures = 3;
    assert_int_equal(session_lost(&s, 0, false, 0.25), 2 * second_us);
    assert_false(session_is_due(&s, 2 * second_us - 1));
    assert_true(session_is_due(&s, 2 * second_us));
}

static void stable_minute_forgets_the_failures(void **state)
{
    (void)state;
    struct session s = {.failures = 6};
    session_online(&s, 0);
    assert_int_equal(session_lost(&s, SESSION_STABLE_US - 1, false, 1.0), 64 * second_us);
    session_online(&s, 0);
    assert_int_equal(session_lost(&s, SESSION_STABLE_US, false, 1.0), second_us);
}

static void renewal_is_due_at_once_and_begins_anew(void **state)
{
    (void)state;
    struct session s = {.failures = 6};
    session_online(&s, 0);
    session_renew(&s, second_us);
    assert_true(session_is_due(&s, second_us));
    assert_int_equal(s.failures, 0);
    session_opening(&s, second_us);
    assert_int_equal(session_lost(&s, second_us, false, 1.0), second_us);
}

/* Comes up at once, lives for @life_us and is closed by the broker. */
static int64_t take_away(struct session *s, int64_t *now_us, int64_t life_us)
{
    session_opening(s, *now_us);
    session_online(s, *now_us);
    *now_us += life_us;
    int64_t wait_us = session_lost(s, *now_us, true, 0.5);
    *now_us += wait_us;
    return wait_us;
}

static void connections_taken_away_in_a_row_are_a_contest(void **state)
{
    (void)state;
    struct session s = {0};
    int64_t now_us = 0;
    for (int i = 0; i < 3; i++) {
        assert_false(session_is_contested(&s));
        (void)take_away(&s, &now_us, 100 * second_us);
    }
    assert_true(session_is_contested(&s));
}

static void broker_that_was_away_between_is_no_contest(void **state)
{
    (void)state;
    struct session s = {0};
    int64_t now_us = 0;
    for (int i = 0; i < 10; i++) {
        (void)take_away(&s, &now_us, second_us);
        session_opening(&s, now_us);
        (void)session_lost(&s, now_us, false, 0); /* refused: it starts again */
    }
    assert_false(session_is_contested(&s));
}

static void connections_that_failed_or_lasted_are_no_contest(void **state)
{
    (void)state;
    struct session s = {0};
    int64_t now_us = 0;
    for (int i = 0; i < 10; i++) {
        (void)take_away(&s, &now_us, SESSION_SETTLED_US);
        session_online(&s, now_us);
        (void)session_lost(&s, now_us + second_us, false, 0);
    }
    assert_false(session_is_contested(&s));
}

static void contest_waits_for_a_minute_or_two(void **state)
{
    (void)state;
    struct session s = {0};
    int64_t now_us = 0;
    for (int i = 0; i < 3; i++)
        (void)take_away(&s, &now_us, second_us);
    for (int i = 0; i < 20; i++)
        assert_int_equal(take_away(&s, &now_us, 100 * second_us),
                         SESSION_CONTEST_WAIT_US + SESSION_CONTEST_WAIT_US / 2);
    session_opening(&s, now_us);
    assert_int_equal(session_lost(&s, now_us, false, 0), SESSION_CONTEST_WAIT_US);
    assert_true(session_is_contested(&s));
}

static void contest_ends_when_a_connection_stands(void **state)
{
    (void)state;
    struct session s = {0};
    int64_t now_us = 0;
    for (int i = 0; i < 3; i++)
        (void)take_away(&s, &now_us, second_us);
    session_online(&s, now_us);
    assert_false(session_settles(&s, now_us + SESSION_SETTLED_US - 1));
    assert_true(session_settles(&s, now_us + SESSION_SETTLED_US));
    assert_false(session_settles(&s, now_us + SESSION_SETTLED_US));
    assert_false(session_is_contested(&s));
}

/* A day of two gateways with one id, from one random number generator: each throws the
 * other out when it comes. */
static void twins_do_not_storm_the_broker(void **state)
{
    (void)state;
    enum { MINUTES = 24 * 60 };
    struct session twins[2] = {{0}};
    uint32_t random = 1;
    unsigned connections = 0;
    for (int64_t now_us = 0; now_us < MINUTES * 60 * second_us; now_us += second_us / 10)
        for (int i = 0; i < 2; i++) {
            struct session *other = &twins[1 - i];
            if (!session_is_due(&twins[i], now_us))
                continue;
            random = random * 1664525 + 1013904223;
            if (other->state == SESSION_ONLINE)
                (void)session_lost(other, now_us, true, (double)random / UINT32_MAX);
            session_online(&twins[i], now_us);
            connections++;
        }
    assert_true(session_is_contested(&twins[0]) && session_is_contested(&twins[1]));
    assert_in_range(connections, MINUTES / 2, MINUTES + 60);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first_attempt_is_due_at_once),
        cmocka_unit_test(waits_double_from_one_second_to_five_minutes),
        cmocka_unit_test(chance_spreads_the_gateways_over_the_whole_wait),
        cmocka_unit_test(stable_minute_forgets_the_failures),
        cmocka_unit_test(renewal_is_due_at_once_and_begins_anew),
        cmocka_unit_test(connections_taken_away_in_a_row_are_a_contest),
        cmocka_unit_test(broker_that_was_away_between_is_no_contest),
        cmocka_unit_test(connections_that_failed_or_lasted_are_no_contest),
        cmocka_unit_test(contest_waits_for_a_minute_or_two),
        cmocka_unit_test(contest_ends_when_a_connection_stands),
        cmocka_unit_test(twins_do_not_storm_the_broker),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
