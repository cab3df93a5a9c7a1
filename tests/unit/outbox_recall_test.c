/* Rows that the county asks for once more. */
#include "store_rig.h"

#include "store/outbox_recall.h"

static const int64_t week_later_us = INT64_C(8) * 86400 * 1000000;

/* recalled - how often the store said so; told - what its answer named. */
static atomic_int recalled;
static char told[4096];
static atomic_int answers;

static void on_recalled(void *ctx)
{
    (void)ctx;
    recalled++;
}

static char *encode(void *ctx, const struct gw_record *record, uint64_t epoch,
                    uint64_t seq, int *ret_priority)
{
    size_t used = 0;
    if (record->kind == GW_RECORD_UNAVAILABLE) {
        told[0] = '\0';
        for (size_t i = 0; i < record->recall.count; i++)
            used += (size_t)snprintf(told + used, sizeof(told) - used, "%s%llu-%llu",
                                     i ? "," : "",
                                     (unsigned long long)record->recall.ranges[i].from,
                                     (unsigned long long)record->recall.ranges[i].to);
        answers++;
    }
    return rig_encode(ctx, record, epoch, seq, ret_priority);
}

static int set_up(void **state)
{
    if (rig_setup(state) != 0)
        return -1;
    struct rig *rig = *state;
    rig->ops.encode = encode;
    rig->ops.recalled = on_recalled;
    recalled = 0;
    answers = 0;
    told[0] = '\0';
    rig_open(rig);
    rig_run(rig);
    return 0;
}

static void add_rows(struct rig *rig, int count)
{
    for (int i = 0; i < count; i++)
        rig_add(rig, rig_telemetry(1, i));
    store_flush(rig->store);
}

/* Together with one more row, so that both are committed. */
static void acknowledge(struct rig *rig, uint64_t from, uint64_t to)
{
    store_acknowledge(rig->store, store_epoch(rig->store), from, to);
    add_rows(rig, 1);
}

static void recall(struct rig *rig, uint64_t epoch, const struct gw_range *ranges,
                   size_t count)
{
    const struct gw_recall order = {epoch, ranges, count, 1000};
    rig_add(rig, (struct gw_record){.kind = GW_RECORD_RECALL, .recall = order});
    store_flush(rig->store);
}

/* The seqs that are to be sent, as "3,4,9". */
static const char *waiting(struct rig *rig)
{
    static char text[256];
    struct outbox *o = NULL;
    struct outbox_row row = {0};
    size_t used = 0;
    text[0] = '\0';
    assert_int_equal(outbox_open(rig->path, &o, NULL), 0);
    while (outbox_next(o, -1, row.epoch, row.seq, &row, NULL) == 1)
        used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%llu",
                                 used ? "," : "", (unsigned long long)row.seq);
    outbox_close(o);
    return text;
}

static uint64_t acknowledged(struct rig *rig)
{
    struct store_status status;
    store_status(rig->store, &status);
    return status.outbox_acknowledged;
}

static void kept_rows_wait_again(void **state)
{
    struct rig *rig = *state;
    add_rows(rig, 9);
    acknowledge(rig, 1, 9);
    assert_string_equal(waiting(rig), "10");
    recall(rig, store_epoch(rig->store), (struct gw_range[]){{2, 3}, {7, 7}, {9, 10}}, 3);
    assert_string_equal(waiting(rig), "2,3,7,9,10");
    assert_int_equal(acknowledged(rig), 5);
    assert_int_equal(recalled, 1);
    assert_int_equal(answers, 0);
    acknowledge(rig, 1, 10);
    assert_string_equal(waiting(rig), "11");
    assert_int_equal(rig_number(rig, "SELECT count(*) FROM acknowledged"), 1);
}

static void the_count_is_that_of_the_file_after_a_restart(void **state)
{
    struct rig *rig = *state;
    add_rows(rig, 9);
    acknowledge(rig, 1, 9);
    recall(rig, store_epoch(rig->store), (struct gw_range[]){{1, 4}, {6, 9}}, 2);
    assert_int_equal(acknowledged(rig), 1);
    rig_restart(rig);
    rig_run(rig);
    add_rows(rig, 1);
    assert_int_equal(acknowledged(rig), 1);
    assert_string_equal(waiting(rig), "1,2,3,4,6,7,8,9,10,11");
}

static void rows_of_an_unknown_epoch_are_unavailable(void **state)
{
    struct rig *rig = *state;
    add_rows(rig, 3);
    recall(rig, store_epoch(rig->store) + 1, (struct gw_range[]){{1, 3}}, 1);
    assert_string_equal(told, "1-3");
    assert_int_equal(answers, 1);
    assert_int_equal(rig_number(rig, "SELECT kind FROM outbox ORDER BY key DESC"), 1);
}

/* Else the county would never ask for what was lost of them. */
static void rows_that_are_not_made_yet_are_not_gone(void **state)
{
    struct rig *rig = *state;
    add_rows(rig, 3);
    recall(rig, store_epoch(rig->store), (struct gw_range[]){{3, 8}, {20, 21}}, 2);
    assert_int_equal(answers, 0);
    assert_string_equal(waiting(rig), "1,2,3");
}

static void rows_that_are_not_kept_any_more_are_unavailable(void **state)
{
    struct rig *rig = *state;
    add_rows(rig, 5);
    acknowledge(rig, 1, 3);
    clock_set(week_later_us, week_later_us); /* both hands: no jump */
    add_rows(rig, 1);
    acknowledge(rig, 7, 7);
    assert_int_equal(rig_number(rig, "SELECT min(key) & 65535 FROM outbox"), 4);
    recall(rig, store_epoch(rig->store), (struct gw_range[]){{1, 8}}, 1);
    assert_string_equal(told, "1-3");
    assert_string_equal(waiting(rig), "4,5,6,7,8,9");
    assert_int_equal(acknowledged(rig), 3);
}

/* The acknowledgement waits for company, and came before the order. */
static void what_was_acknowledged_just_before_comes_again(void **state)
{
    struct rig *rig = *state;
    add_rows(rig, 4);
    store_acknowledge(rig->store, store_epoch(rig->store), 1, 4);
    recall(rig, store_epoch(rig->store), (struct gw_range[]){{2, 2}}, 1);
    assert_string_equal(waiting(rig), "2");
}

static void one_order_brings_so_many_rows(void **state)
{
    struct rig *rig = *state;
    enum { ROWS = OUTBOX_RECALL_ROWS + 50 };
    add_rows(rig, ROWS);
    acknowledge(rig, 1, ROWS + 1);
    recall(rig, store_epoch(rig->store), (struct gw_range[]){{1, 20000}, {30000, 30001}},
           2);
    assert_int_equal(acknowledged(rig), 51);
    assert_int_equal(answers, 0);
    recall(rig, store_epoch(rig->store), (struct gw_range[]){{ROWS, 20000}}, 1);
    assert_int_equal(acknowledged(rig), 49);
}

static void one_answer_names_so_many_pieces(void **state)
{
    struct rig *rig = *state;
    struct gw_range ranges[OUTBOX_RECALL_MISSING + 1];
    add_rows(rig, 1);
    for (uint64_t i = 0; i <= OUTBOX_RECALL_MISSING; i++)
        ranges[i] = (struct gw_range){1000 + 2 * i, 1000 + 2 * i};
    recall(rig, store_epoch(rig->store) + 1, ranges, OUTBOX_RECALL_MISSING + 1);
    assert_non_null(strstr(told, ",1198-1198"));
    assert_null(strstr(told, ",1200-1200"));
}

#define RECALL_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, rig_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        RECALL_TEST(kept_rows_wait_again),
        RECALL_TEST(the_count_is_that_of_the_file_after_a_restart),
        RECALL_TEST(rows_of_an_unknown_epoch_are_unavailable),
        RECALL_TEST(rows_that_are_not_made_yet_are_not_gone),
        RECALL_TEST(rows_that_are_not_kept_any_more_are_unavailable),
        RECALL_TEST(what_was_acknowledged_just_before_comes_again),
        RECALL_TEST(one_order_brings_so_many_rows),
        RECALL_TEST(one_answer_names_so_many_pieces),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
