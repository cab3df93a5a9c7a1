#include "store_rig.h"

#include <errno.h>

static struct outbox *open_reader(struct rig *rig)
{
    struct outbox *o = NULL;
    assert_int_equal(outbox_open(rig->path, &o, NULL), 0);
    return o;
}

static void start(struct rig *rig)
{
    rig_open(rig);
    rig_run(rig);
}

static void add_rows(struct rig *rig, int count)
{
    for (int i = 0; i < count; i++)
        rig_add(rig, rig_telemetry(1, i));
    store_flush(rig->store);
}

/* Waits until the store has counted @wanted acknowledged rows. */
static bool wait_for_acknowledged(struct rig *rig, uint64_t wanted)
{
    struct store_status status = {0};
    for (int i = 0; i < 5000; i++) {
        store_status(rig->store, &status);
        if (status.outbox_acknowledged == wanted)
            return true;
        (void)poll(NULL, 0, 1);
    }
    return false;
}

/* The seqs that are still to be sent, as "3,4,9". */
static const char *unacknowledged(struct rig *rig, int priority)
{
    static char text[256];
    struct outbox *o = open_reader(rig);
    struct outbox_row row = {0};
    size_t used = 0;
    text[0] = '\0';
    while (outbox_next(o, priority, row.epoch, row.seq, &row, NULL) == 1)
        used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%llu",
                                 used ? "," : "", (unsigned long long)row.seq);
    outbox_close(o);
    return text;
}

static void seq_has_no_gaps_over_a_restart(void **state)
{
    struct rig *rig = *state;
    start(rig);
    add_rows(rig, 3);
    rig_restart(rig);
    rig_run(rig);
    add_rows(rig, 2);
    assert_string_equal(unacknowledged(rig, -1), "1,2,3,4,5");
    struct store_status status;
    store_status(rig->store, &status);
    assert_int_equal(status.outbox_total, 5);
    assert_int_equal(status.outbox_acknowledged, 0);
    assert_true(rig->appended > 0);
}

static void a_row_carries_what_was_encoded(void **state)
{
    struct rig *rig = *state;
    struct outbox_row row = {0};
    char body[128];
    start(rig);
    rig_add(rig, rig_transition(1, "TF-01", "panic-gate", 1000));
    add_rows(rig, 1);
    uint64_t epoch = store_epoch(rig->store);
    struct outbox *o = open_reader(rig);
    assert_int_equal(outbox_next(o, -1, 0, 0, &row, NULL), 1);
    (void)snprintf(body, sizeof(body), "{\"epoch\":%llu,\"seq\":1}",
                   (unsigned long long)epoch);
    assert_string_equal(row.body, body);
    assert_int_equal(row.size, strlen(body));
    assert_string_equal(row.kind, "alarm");
    assert_int_equal(row.priority, 0);
    assert_true(row.epoch == epoch);
    assert_int_equal(outbox_next(o, -1, row.epoch, row.seq, &row, NULL), 1);
    assert_string_equal(row.kind, "telemetry");
    outbox_close(o);
}

static void alarms_are_found_past_any_backlog(void **state)
{
    struct rig *rig = *state;
    start(rig);
    add_rows(rig, 5);
    rig_add(rig, rig_transition(1, "TF-01", "panic-gate", 1000));
    add_rows(rig, 1);
    assert_string_equal(unacknowledged(rig, 0), "6");
    assert_string_equal(unacknowledged(rig, 1), "1,2,3,4,5,7");
}

static void acknowledged_ranges_end_rows_and_join(void **state)
{
    struct rig *rig = *state;
    start(rig);
    uint64_t epoch = store_epoch(rig->store);
    add_rows(rig, 9);
    store_acknowledge(rig->store, epoch, 2, 3);
    store_acknowledge(rig->store, epoch, 6, 6);
    store_acknowledge(rig->store, epoch, 2, 4);
    add_rows(rig, 1);
    assert_true(wait_for_acknowledged(rig, 4));
    assert_string_equal(unacknowledged(rig, -1), "1,5,7,8,9,10");
    store_acknowledge(rig->store, epoch, 1, 8);
    add_rows(rig, 1);
    assert_true(wait_for_acknowledged(rig, 8));
    assert_string_equal(unacknowledged(rig, -1), "9,10,11");
    assert_int_equal(rig_number(rig, "SELECT count(*) FROM acknowledged"), 1);
    rig_restart(rig);
    assert_true(wait_for_acknowledged(rig, 8));
    rig_run(rig);
    assert_true(wait_for_acknowledged(rig, 8));
    assert_string_equal(unacknowledged(rig, -1), "9,10,11");
}

static void ranges_beyond_what_was_made_count_only_what_was(void **state)
{
    struct rig *rig = *state;
    start(rig);
    uint64_t epoch = store_epoch(rig->store);
    add_rows(rig, 3);
    store_acknowledge(rig->store, epoch + 1, 1, 3);
    store_acknowledge(rig->store, epoch, 7, UINT64_MAX);
    store_acknowledge(rig->store, epoch, 3, 2);
    store_acknowledge(rig->store, epoch, 0, UINT64_MAX);
    add_rows(rig, 1);
    assert_true(wait_for_acknowledged(rig, 4));
    assert_string_equal(unacknowledged(rig, -1), "");
    add_rows(rig, 1);
    assert_string_equal(unacknowledged(rig, -1), "5");
}

/* Also when the writer has taken the first of them already, and waits for company. */
static void rows_are_committed_with_all_ranges_before_them(void **state)
{
    struct rig *rig = *state;
    start(rig);
    add_rows(rig, 9);
    for (uint64_t seq = 1; seq <= 9; seq += 2) {
        store_acknowledge(rig->store, store_epoch(rig->store), seq, seq);
        (void)poll(NULL, 0, 5);
    }
    add_rows(rig, 1);
    assert_true(wait_for_acknowledged(rig, 5));
    assert_string_equal(unacknowledged(rig, -1), "2,4,6,8,10");
}

static void an_acknowledgement_needs_no_new_rows(void **state)
{
    struct rig *rig = *state;
    clock_release();
    rig->config.commit_interval_us = 100000;
    start(rig);
    add_rows(rig, 2);
    store_acknowledge(rig->store, store_epoch(rig->store), 1, 2);
    assert_true(wait_for_acknowledged(rig, 2));
    assert_string_equal(unacknowledged(rig, -1), "");
}

static void acknowledged_rows_can_be_replayed(void **state)
{
    struct rig *rig = *state;
    struct outbox_row row = {0};
    start(rig);
    uint64_t epoch = store_epoch(rig->store);
    add_rows(rig, 2);
    store_acknowledge(rig->store, epoch, 1, 2);
    add_rows(rig, 1);
    struct outbox *o = open_reader(rig);
    assert_int_equal(outbox_get(o, epoch, 2, &row, NULL), 1);
    assert_int_equal(row.seq, 2);
    assert_int_equal(outbox_get(o, epoch, 4, &row, NULL), 0);
    assert_int_equal(outbox_get(o, epoch + 1, 1, &row, NULL), 0);
    outbox_close(o);
}

static void old_rows_go_only_when_they_are_acknowledged(void **state)
{
    struct rig *rig = *state;
    start(rig);
    add_rows(rig, 5);
    store_acknowledge(rig->store, store_epoch(rig->store), 1, 3);
    add_rows(rig, 1);
    assert_int_equal(rig_number(rig, "SELECT count(*) FROM outbox"), 6);
    const int64_t week_later_us = INT64_C(8) * 86400 * 1000000;
    clock_set(week_later_us, week_later_us); /* both hands: no jump */
    add_rows(rig, 1);
    add_rows(rig, 1);
    rig_restart(rig);
    rig_run(rig);
    add_rows(rig, 1);
    assert_string_equal(unacknowledged(rig, -1), "4,5,6,7,8,9");
    assert_int_equal(rig_number(rig, "SELECT count(*) FROM outbox"), 6);
}

static void the_last_row_parts_what_is_new_from_the_backlog(void **state)
{
    struct rig *rig = *state;
    uint64_t epoch = 1;
    uint64_t seq = 1;
    start(rig);
    struct outbox *o = open_reader(rig);
    assert_int_equal(outbox_last(o, &epoch, &seq, NULL), 0);
    assert_true(epoch == 0 && seq == 0);
    add_rows(rig, 4);
    assert_int_equal(outbox_last(o, &epoch, &seq, NULL), 0);
    assert_true(epoch == store_epoch(rig->store) && seq == 4);
    struct outbox_row row;
    struct gw_error err = {0};
    assert_int_equal(outbox_next(o, -1, epoch, seq, &row, NULL), 0);
    assert_int_equal(outbox_next(o, -1, epoch + 1, 0, &row, &err), -ENOENT);
    outbox_close(o);
}

/* Nor is one that is not there the end of it: it is looked for at every call. */
static void a_reader_does_not_make_a_database(void **state)
{
    struct rig *rig = *state;
    struct outbox *o = NULL;
    struct outbox_row row = {0};
    struct gw_error err = {0};
    assert_int_equal(outbox_open(rig->path, &o, &err), 0);
    assert_int_equal(outbox_next(o, -1, 0, 0, &row, &err), -ENOENT);
    assert_non_null(strstr(err.text, rig->path));
    assert_int_equal(access(rig->path, F_OK), -1);
    rig_open(rig);
    rig_run(rig);
    rig_add(rig, rig_transition(1, "TF-01", "panic-gate", 1000));
    store_flush(rig->store);
    assert_int_equal(outbox_next(o, -1, 0, 0, &row, &err), 1);
    outbox_close(o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(seq_has_no_gaps_over_a_restart),
        RIG_TEST(a_row_carries_what_was_encoded),
        RIG_TEST(alarms_are_found_past_any_backlog),
        RIG_TEST(acknowledged_ranges_end_rows_and_join),
        RIG_TEST(ranges_beyond_what_was_made_count_only_what_was),
        RIG_TEST(rows_are_committed_with_all_ranges_before_them),
        RIG_TEST(an_acknowledgement_needs_no_new_rows),
        RIG_TEST(acknowledged_rows_can_be_replayed),
        RIG_TEST(old_rows_go_only_when_they_are_acknowledged),
        RIG_TEST(the_last_row_parts_what_is_new_from_the_backlog),
        RIG_TEST(a_reader_does_not_make_a_database),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
