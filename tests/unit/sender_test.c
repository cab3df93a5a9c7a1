/* Which row goes next, out of a real outbox. */
#include "store_rig.h"

#include "uplink/inflight.h"
#include "uplink/sender.h"

enum { WINDOW = 20, RATE = 10 };

static const int64_t second_us = 1000000;

/* mids are 1, 2, 3 … */
struct fixture {
    struct rig *rig;
    struct outbox *outbox;
    struct sender *sender;
    int mid;
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));
    struct sender_config config = {WINDOW, 10 * second_us, RATE};
    assert_int_equal(rig_setup((void **)&f->rig), 0);
    rig_open(f->rig);
    rig_run(f->rig);
    assert_int_equal(outbox_open(f->rig->path, &f->outbox, NULL), 0);
    assert_int_equal(sender_new(&config, f->outbox, &f->sender), 0);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    sender_free(f->sender);
    outbox_close(f->outbox);
    int r = rig_teardown((void **)&f->rig);
    free(f);
    return r;
}

static void make_rows(struct fixture *f, int count)
{
    for (int i = 0; i < count; i++)
        rig_add(f->rig, rig_telemetry(1, i));
    store_flush(f->rig->store);
    sender_appended(f->sender);
}

static void make_alarm(struct fixture *f, uint64_t uid)
{
    rig_add(f->rig, rig_transition(uid, "TF-01", "panic-gate", second_us));
    store_flush(f->rig->store);
    sender_appended(f->sender);
}

static void connect(struct fixture *f, int64_t now_us)
{
    assert_int_equal(sender_connected(f->sender, now_us, NULL), 0);
}

/* Sends the next row; its seq, or 0 when none may go. */
static uint64_t next(struct fixture *f, int64_t now_us)
{
    struct outbox_row row;
    int r = sender_next(f->sender, now_us, &row, NULL);
    assert_true(r >= 0);
    if (r == 1)
        (void)sender_sent(f->sender, &row, ++f->mid, now_us);
    return r == 1 ? row.seq : 0;
}

static void puback_all(struct fixture *f)
{
    for (int mid = 1; mid <= f->mid; mid++) {
        uint64_t epoch;
        uint64_t seq;
        (void)sender_puback(f->sender, mid, &epoch, &seq);
    }
}

static void alarms_go_first_then_what_is_new_then_the_backlog(void **state)
{
    struct fixture *f = *state;
    make_rows(f, 2);
    make_alarm(f, 1);
    connect(f, 0);
    make_rows(f, 1);
    make_alarm(f, 2);
    static const uint64_t order[] = {5, 3, 4, 1};
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(next(f, 0), order[i]);
}

static void backlog_keeps_to_its_rate_and_new_rows_do_not(void **state)
{
    struct fixture *f = *state;
    make_rows(f, 5);
    connect(f, 0);
    assert_int_equal(next(f, 0), 1);
    assert_int_equal(next(f, 0), 0);
    assert_true(sender_wait(f->sender, 0) <= second_us / RATE + 1);
    make_rows(f, 2);
    assert_int_equal(next(f, 0), 6);
    assert_int_equal(next(f, 0), 7);
    assert_int_equal(next(f, second_us / RATE), 2);
    assert_int_equal(next(f, second_us / RATE), 0);
}

static void alarms_may_be_asked_for_alone(void **state)
{
    struct fixture *f = *state;
    struct outbox_row row;
    connect(f, 0);
    make_rows(f, 2);
    assert_int_equal(sender_next_alarm(f->sender, 0, &row, NULL), 0);
    make_alarm(f, 1);
    assert_int_equal(sender_next_alarm(f->sender, 0, &row, NULL), 1);
    assert_int_equal(row.seq, 3);
    (void)sender_sent(f->sender, &row, ++f->mid, 0);
    assert_int_equal(sender_next_alarm(f->sender, 0, &row, NULL), 0);
    assert_int_equal(next(f, 0), 1);
    assert_int_equal(next(f, 0), 2);
}

/* What the first way had sent and nobody answered is not skipped by the second. */
static void another_way_sends_all_that_is_unanswered(void **state)
{
    struct fixture *f = *state;
    connect(f, 0);
    make_rows(f, 3);
    for (uint64_t seq = 1; seq <= 3; seq++)
        assert_int_equal(next(f, 0), seq);
    puback_all(f);
    assert_int_equal(next(f, second_us), 0);
    sender_anew(f->sender, second_us);
    connect(f, second_us);
    for (uint64_t seq = 1; seq <= 3; seq++)
        assert_int_equal(next(f, second_us), seq);
    assert_int_equal(next(f, second_us), 0);
}

static void window_holds_everything_back(void **state)
{
    struct fixture *f = *state;
    connect(f, 0);
    make_rows(f, WINDOW + 1);
    for (uint64_t seq = 1; seq <= WINDOW; seq++)
        assert_int_equal(next(f, 0), seq);
    assert_int_equal(next(f, 0), 0);
    uint64_t epoch;
    uint64_t seq;
    assert_true(sender_puback(f->sender, 1, &epoch, &seq));
    assert_int_equal(seq, 1);
    assert_int_equal(next(f, 0), WINDOW + 1);
}

static void answered_row_is_never_sent_again(void **state)
{
    struct fixture *f = *state;
    connect(f, 0);
    make_rows(f, 3);
    for (uint64_t seq = 1; seq <= 3; seq++)
        assert_int_equal(next(f, 0), seq);
    puback_all(f);
    uint64_t epoch = store_epoch(f->rig->store);
    sender_answer(f->sender, epoch, 1, 2, NULL, NULL);
    assert_int_equal(sender_in_flight(f->sender), 1);
    connect(f, second_us); /* the store has not written the answer yet */
    assert_int_equal(next(f, 10 * second_us), 3);
    assert_int_equal(next(f, 10 * second_us), 0);
}

/* The pieces that an answer ended, as text: "2-3 5-5 ". */
static void note_piece(void *ctx, uint64_t epoch, uint64_t from, uint64_t to)
{
    char *text = ctx;
    size_t used = strlen(text);
    assert_true(epoch > 0);
    (void)snprintf(text + used, 64 - used, "%d-%d ", (int)from, (int)to);
}

static void answer_ends_what_was_sent_and_nothing_else(void **state)
{
    struct fixture *f = *state;
    connect(f, 0);
    make_rows(f, 3);
    for (uint64_t seq = 1; seq <= 3; seq++)
        assert_int_equal(next(f, 0), seq);
    uint64_t epoch = store_epoch(f->rig->store);
    char pieces[64] = "";
    make_rows(f, 2); /* there, but not on their way yet */
    sender_answer(f->sender, epoch + 1, 1, INT64_MAX, note_piece, pieces);
    assert_string_equal(pieces, "");
    sender_answer(f->sender, epoch, 1, INT64_MAX, note_piece, pieces);
    assert_string_equal(pieces, "1-3 ");
    make_rows(f, 1);
    for (uint64_t seq = 4; seq <= 6; seq++)
        assert_int_equal(next(f, 0), seq);
    sender_answer(f->sender, epoch, 5, 5, note_piece, pieces);
    sender_answer(f->sender, epoch, 1, 100, note_piece, pieces);
    assert_string_equal(pieces, "1-3 5-5 4-4 6-6 ");
    assert_int_equal(sender_in_flight(f->sender), 0);
}

static void lost_connection_repeats_what_the_broker_had_not(void **state)
{
    struct fixture *f = *state;
    connect(f, 0);
    make_rows(f, 2);
    assert_int_equal(next(f, 0), 1);
    assert_int_equal(next(f, 0), 2);
    uint64_t epoch;
    uint64_t seq;
    assert_true(sender_puback(f->sender, 1, &epoch, &seq));
    sender_disconnected(f->sender, second_us);
    connect(f, second_us);
    assert_int_equal(next(f, second_us), 2);
    assert_int_equal(next(f, second_us), 0);
    assert_int_equal(next(f, 10 * second_us), 1);
}

/* Acknowledged, put back by the store, and sent again at the backlog's pace. */
static void what_is_asked_for_is_sent_again(void **state)
{
    struct fixture *f = *state;
    uint64_t epoch = store_epoch(f->rig->store);
    connect(f, 0);
    make_rows(f, 5);
    for (uint64_t seq = 1; seq <= 5; seq++)
        assert_int_equal(next(f, 0), seq);
    puback_all(f);
    sender_answer(f->sender, epoch, 1, 5, NULL, NULL);
    store_acknowledge(f->rig->store, epoch, 1, 5);
    const struct gw_range ranges[] = {{2, 3}};
    rig_add(f->rig,
            (struct gw_record){.kind = GW_RECORD_RECALL,
                               .recall = {.epoch = epoch, .ranges = ranges, .count = 1}});
    store_flush(f->rig->store);
    sender_recall(f->sender, epoch, 2, 3, second_us);
    assert_int_equal(sender_recalled(f->sender, second_us, NULL), 0);
    assert_int_equal(next(f, second_us), 2);
    assert_int_equal(next(f, second_us), 0);
    assert_int_equal(next(f, 2 * second_us), 3);
    assert_int_equal(next(f, 2 * second_us), 0);
}

static bool is_multiple(void *ctx, uint64_t epoch, uint64_t seq)
{
    return epoch > 0 && seq % *(uint64_t *)ctx == 0;
}

static void a_row_is_found_when_it_is_the_only_one(void **state)
{
    struct fixture *f = *state;
    uint64_t epoch = 0;
    uint64_t seq = 0;
    connect(f, 0);
    make_rows(f, 4);
    for (uint64_t i = 1; i <= 3; i++)
        assert_int_equal(next(f, 0), i);
    assert_false(sender_find(f->sender, is_multiple, &(uint64_t){4}, &epoch, &seq));
    assert_false(sender_find(f->sender, is_multiple, &(uint64_t){1}, &epoch, &seq));
    assert_true(sender_find(f->sender, is_multiple, &(uint64_t){2}, &epoch, &seq));
    assert_int_equal(epoch, store_epoch(f->rig->store));
    assert_int_equal(seq, 2);
}

static void a_row_that_is_left_out_is_told_once_and_takes_no_window(void **state)
{
    struct fixture *f = *state;
    struct outbox_row row;
    char pieces[64] = "";
    connect(f, 0);
    make_rows(f, 3);
    assert_int_equal(sender_next(f->sender, 0, &row, NULL), 1);
    sender_leave_out(f->sender, &row, note_piece, pieces);
    assert_string_equal(pieces, "1-1 ");
    assert_int_equal(sender_in_flight(f->sender), 0);
    connect(f, second_us); /* the store has not written it yet */
    assert_int_equal(next(f, second_us), 2);
    assert_int_equal(next(f, 2 * second_us), 3);
    assert_int_equal(next(f, 3 * second_us), 0);
}

int main(void)
{
#define WITH_SENDER(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        WITH_SENDER(alarms_go_first_then_what_is_new_then_the_backlog),
        WITH_SENDER(backlog_keeps_to_its_rate_and_new_rows_do_not),
        WITH_SENDER(alarms_may_be_asked_for_alone),
        WITH_SENDER(another_way_sends_all_that_is_unanswered),
        WITH_SENDER(window_holds_everything_back),
        WITH_SENDER(answered_row_is_never_sent_again),
        WITH_SENDER(answer_ends_what_was_sent_and_nothing_else),
        WITH_SENDER(what_is_asked_for_is_sent_again),
        WITH_SENDER(a_row_is_found_when_it_is_the_only_one),
        WITH_SENDER(a_row_that_is_left_out_is_told_once_and_takes_no_window),
        WITH_SENDER(lost_connection_repeats_what_the_broker_had_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
