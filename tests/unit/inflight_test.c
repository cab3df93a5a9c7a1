#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "uplink/inflight.h"

enum { WINDOW = 20, ALARM = 0, ORDINARY = 1 };

static const int64_t second_us = 1000000;

static int set_up(void **state)
{
    return inflight_new(WINDOW, 10 * second_us, (struct inflight **)state);
}

static int tear_down(void **state)
{
    *state = inflight_free(*state);
    return 0;
}

static struct inflight_key key(uint64_t seq)
{
    return (struct inflight_key){7, seq};
}

/* Sends @seq as mid @seq. */
static bool send(struct inflight *f, uint64_t seq, int priority, int64_t now_us)
{
    struct inflight_key k = key(seq);
    return inflight_sent(f, &k, priority, (int)seq, now_us);
}

static void puback(struct inflight *f, uint64_t seq)
{
    struct inflight_key ret;
    assert_true(inflight_puback(f, (int)seq, &ret));
    assert_true(ret.seq == seq);
}

static uint64_t due(struct inflight *f, int priority, int64_t now_us)
{
    struct inflight_key ret = {0};
    return inflight_due(f, priority, now_us, &ret) ? ret.seq : 0;
}

static void puback_moves_the_window_and_ends_nothing(void **state)
{
    struct inflight *f = *state;
    for (uint64_t seq = 1; seq <= WINDOW; seq++)
        (void)send(f, seq, ORDINARY, 0);
    assert_false(inflight_has_window(f));
    puback(f, 3);
    assert_true(inflight_has_window(f));
    assert_int_equal(inflight_count(f), WINDOW);
    struct inflight_key ret;
    assert_false(inflight_puback(f, 3, &ret));
}

static void range_ends_rows_open_or_not(void **state)
{
    struct inflight *f = *state;
    for (uint64_t seq = 1; seq <= WINDOW; seq++)
        (void)send(f, seq, ORDINARY, 0);
    puback(f, 2);
    assert_int_equal(inflight_end(f, 7, 1, 5, NULL, NULL), 5);
    assert_int_equal(inflight_end(f, 8, 6, 9, NULL, NULL), 0);
    assert_int_equal(inflight_count(f), WINDOW - 5);
    assert_true(inflight_has_window(f));
    struct inflight_key k = key(5);
    assert_false(inflight_holds(f, &k));
}

static void unanswered_row_is_due_after_a_time_that_doubles(void **state)
{
    struct inflight *f = *state;
    int64_t wait_us = 10 * second_us;
    int64_t now_us = 0;
    assert_false(send(f, 1, ORDINARY, now_us));
    for (int i = 0; i < 8; i++) {
        puback(f, 1);
        assert_int_equal(due(f, ORDINARY, now_us + wait_us - 1), 0);
        assert_int_equal(inflight_next_due(f), now_us + wait_us);
        now_us += wait_us;
        assert_int_equal(due(f, ORDINARY, now_us), 1);
        assert_true(send(f, 1, ORDINARY, now_us));
        wait_us *= 2;
        if (wait_us > INFLIGHT_RESEND_MAX_US)
            wait_us = INFLIGHT_RESEND_MAX_US;
    }
    assert_int_equal(wait_us, INFLIGHT_RESEND_MAX_US);
}

static void open_row_is_not_sent_again_on_the_same_connection(void **state)
{
    struct inflight *f = *state;
    (void)send(f, 1, ORDINARY, 0);
    assert_int_equal(due(f, ORDINARY, 3600 * second_us), 0);
    assert_int_equal(inflight_oldest_open(f), 0);
    assert_true(inflight_next_due(f) == INT64_MAX);
}

static void disconnect_makes_open_rows_due_and_leaves_the_others(void **state)
{
    struct inflight *f = *state;
    (void)send(f, 1, ORDINARY, 0);
    (void)send(f, 2, ORDINARY, 0);
    puback(f, 1);
    inflight_disconnected(f, second_us);
    assert_int_equal(due(f, ORDINARY, second_us), 2);
    assert_true(send(f, 2, ORDINARY, second_us));
    assert_int_equal(due(f, ORDINARY, second_us), 0);
    assert_int_equal(due(f, ORDINARY, 10 * second_us), 1);
}

static void another_way_finds_all_of_it_due_and_a_window_of_its_own(void **state)
{
    struct inflight *f = *state;
    for (uint64_t seq = 1; seq <= WINDOW; seq++)
        (void)send(f, seq, ORDINARY, 0);
    puback(f, 1);
    assert_int_equal(due(f, ORDINARY, second_us), 0);
    inflight_anew(f, second_us);
    inflight_set_window(f, WINDOW + 1);
    for (uint64_t seq = 1; seq <= WINDOW; seq++) {
        assert_int_equal(due(f, ORDINARY, second_us), seq);
        assert_true(send(f, seq, ORDINARY, second_us));
    }
    assert_true(inflight_has_window(f));
    (void)send(f, WINDOW + 1, ORDINARY, second_us);
    assert_false(inflight_has_window(f));
}

static void alarms_have_places_of_their_own(void **state)
{
    struct inflight *f = *state;
    for (uint64_t seq = 1; seq <= INFLIGHT_ORDINARY_MAX; seq++) {
        assert_true(inflight_has_place(f, ORDINARY));
        (void)send(f, seq, ORDINARY, 0);
        puback(f, seq);
    }
    assert_false(inflight_has_place(f, ORDINARY));
    assert_true(inflight_has_place(f, ALARM));
    (void)send(f, 9999, ALARM, 0);
    puback(f, 9999);
    assert_int_equal(due(f, ALARM, 10 * second_us), 9999);
    (void)inflight_end(f, 7, 1, 1, NULL, NULL);
    assert_true(inflight_has_place(f, ORDINARY));
}

static void answer_after_a_silence_shortens_the_waits(void **state)
{
    struct inflight *f = *state;
    int64_t now_us = 0;
    for (int i = 0; i < 5; i++) {
        (void)send(f, 1, ORDINARY, now_us);
        puback(f, 1);
        now_us = inflight_next_due(f);
    }
    (void)send(f, 1, ORDINARY, now_us); /* due in 320 s */
    puback(f, 1);
    inflight_hasten(f, now_us);
    assert_int_equal(inflight_next_due(f), now_us + 10 * second_us);
}

static void what_is_asked_for_is_due_at_once(void **state)
{
    struct inflight *f = *state;
    for (uint64_t seq = 1; seq <= 3; seq++)
        (void)send(f, seq, ORDINARY, 0);
    puback(f, 1);
    puback(f, 2);
    inflight_recall(f, 7, 2, 3, second_us);
    inflight_recall(f, 8, 1, 1, second_us);
    assert_int_equal(due(f, ORDINARY, second_us), 2);
    (void)send(f, 2, ORDINARY, second_us);
    assert_int_equal(due(f, ORDINARY, second_us), 0); /* 3 is with the broker still */
}

int main(void)
{
#define WITH_INFLIGHT(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        WITH_INFLIGHT(puback_moves_the_window_and_ends_nothing),
        WITH_INFLIGHT(range_ends_rows_open_or_not),
        WITH_INFLIGHT(unanswered_row_is_due_after_a_time_that_doubles),
        WITH_INFLIGHT(open_row_is_not_sent_again_on_the_same_connection),
        WITH_INFLIGHT(disconnect_makes_open_rows_due_and_leaves_the_others),
        WITH_INFLIGHT(another_way_finds_all_of_it_due_and_a_window_of_its_own),
        WITH_INFLIGHT(alarms_have_places_of_their_own),
        WITH_INFLIGHT(what_is_asked_for_is_due_at_once),
        WITH_INFLIGHT(answer_after_a_silence_shortens_the_waits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
