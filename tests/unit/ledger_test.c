#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ingest/ledger.h"
#include "ingest/receipts.h"

static const char gateway[] = "530502/2153012345/gw-01";

struct fixture {
    char folder[64];
    char path[96];
    struct ledger *ledger;
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));
    (void)snprintf(f->folder, sizeof(f->folder), "/tmp/ledger-test-XXXXXX");
    assert_non_null(mkdtemp(f->folder));
    (void)snprintf(f->path, sizeof(f->path), "%s/county.db", f->folder);
    assert_int_equal(ledger_open(f->path, &f->ledger, NULL), 0);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    ledger_close(f->ledger);
    unlink(f->path);
    rmdir(f->folder);
    free(f);
    return 0;
}

/* Every seq is an event of its own unless @digest says otherwise. */
static bool add_event(struct ledger *l, uint64_t epoch, uint64_t seq, uint64_t digest)
{
    struct ledger_message m = {
        .key = {gateway, epoch, seq},
        .topic = "alarm",
        .type = "campus.alarm.v1",
        .digest = digest,
        .body = "{}",
        .size = 2,
    };
    bool is_new = false;
    struct gw_error err;
    if (ledger_add(l, &m, &is_new, &err) < 0)
        fail_msg("%s", err.text);
    return is_new;
}

static bool add(struct ledger *l, uint64_t seq)
{
    return add_event(l, 7, seq, seq);
}

static struct ledger_counts count(struct ledger *l)
{
    struct ledger_counts counts;
    assert_int_equal(ledger_count(l, &counts, NULL), 0);
    return counts;
}

static void copy_is_recognised_and_stored_once(void **state)
{
    struct fixture *f = *state;
    assert_true(add(f->ledger, 1));
    assert_false(add(f->ledger, 1));
    assert_int_equal(ledger_commit(f->ledger, NULL), 0);
    assert_false(add(f->ledger, 1));
    assert_int_equal(count(f->ledger).rows, 1);
    assert_int_equal(count(f->ledger).duplicates, 0);
}

static void neighbours_join_into_one_range(void **state)
{
    struct fixture *f = *state;
    static const uint64_t order[] = {3, 1, 5, 2, 4};
    for (size_t i = 0; i < 5; i++)
        assert_true(add(f->ledger, order[i]));
    struct ledger_range range;
    struct ledger_key key = {gateway, 7, 2};
    assert_int_equal(ledger_find(f->ledger, &key, &range, NULL), 1);
    assert_int_equal(range.from, 1);
    assert_int_equal(range.to, 5);
    assert_int_equal(count(f->ledger).gaps, 0);
}

static void note_gap(void *ctx, const struct ledger_key *key,
                     const struct ledger_range *gap)
{
    char *text = ctx;
    size_t used = strlen(text);
    (void)snprintf(text + used, 200 - used, "%" PRIu64 ":%" PRIu64 "-%" PRIu64 " ",
                   key->epoch, gap->from, gap->to);
}

static void gaps_are_named_per_epoch(void **state)
{
    struct fixture *f = *state;
    (void)add_event(f->ledger, 7, 2, 1);
    (void)add_event(f->ledger, 7, 5, 2);
    (void)add_event(f->ledger, 9, 1, 3);
    (void)add_event(f->ledger, 9, 3, 4);
    char text[200] = "";
    struct ledger_counts counts = {0};
    assert_int_equal(ledger_gaps(f->ledger, note_gap, text, &counts, NULL), 0);
    assert_string_equal(text, "7:1-1 7:3-4 9:2-2 ");
    assert_int_equal(counts.gaps, 3);
    assert_int_equal(counts.missing, 4);
}

static void rollback_forgets_the_batch(void **state)
{
    struct fixture *f = *state;
    assert_true(add(f->ledger, 1));
    ledger_rollback(f->ledger);
    assert_int_equal(count(f->ledger).rows, 0);
    assert_true(add(f->ledger, 1));
}

static void everything_is_back_after_a_restart(void **state)
{
    struct fixture *f = *state;
    (void)add_event(f->ledger, 7, 1, 11);
    (void)add_event(f->ledger, 7, 2, 11);
    assert_int_equal(ledger_commit(f->ledger, NULL), 0);
    ledger_close(f->ledger);
    assert_int_equal(ledger_open(f->path, &f->ledger, NULL), 0);
    assert_int_equal(count(f->ledger).rows, 2);
    assert_int_equal(count(f->ledger).duplicates, 1);
    assert_false(add(f->ledger, 2));
}

static void event_under_two_ids_is_a_duplicate(void **state)
{
    struct fixture *f = *state;
    assert_true(add_event(f->ledger, 7, 1, 11));
    assert_true(add_event(f->ledger, 7, 2, 11));
    assert_int_equal(count(f->ledger).rows, 2);
    assert_int_equal(count(f->ledger).duplicates, 1);
}

static void rejected_message_is_a_dead_letter_within_the_ranges(void **state)
{
    struct fixture *f = *state;
    struct ledger_letter letter = {
        .key = {gateway, 7, 1},
        .topic = "campus/v1/530502/2153012345/gw-01/alarm",
        .fault = "data.uid: must be integer",
        .payload = "{",
        .size = 1,
    };
    bool is_new = false;
    assert_int_equal(ledger_reject(f->ledger, &letter, &is_new, NULL), 0);
    assert_true(is_new);
    assert_int_equal(ledger_reject(f->ledger, &letter, &is_new, NULL), 0);
    assert_false(is_new);
    assert_int_equal(count(f->ledger).dead_letters, 1);
    assert_int_equal(count(f->ledger).rows, 0);
    struct ledger_range range;
    assert_int_equal(ledger_find(f->ledger, &letter.key, &range, NULL), 1);
}

static int note_answer(void *ctx, const char *to, const char *body, struct gw_error *err)
{
    (void)err;
    char *text = ctx;
    size_t used = strlen(text);
    (void)snprintf(text + used, 2000 - used, "%s %s\n", to, body);
    return 0;
}

static void answer_names_the_whole_range_around_what_came(void **state)
{
    struct fixture *f = *state;
    struct receipts *receipts;
    assert_int_equal(receipts_new(&receipts), 0);
    for (uint64_t seq = 1; seq <= 3; seq++)
        (void)add(f->ledger, seq);
    (void)add(f->ledger, 9);
    static const uint64_t came[] = {9, 3, 2};
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(
            receipts_add(receipts, &(struct ledger_key){gateway, 7, came[i]}), 0);
    char text[2000] = "";
    assert_int_equal(receipts_answer(receipts, f->ledger, note_answer, text, NULL), 0);
    assert_string_equal(text, "530502/2153012345/gw-01 "
                              "{\"epoch\":\"7\",\"ranges\":[[1,3],[9,9]]}\n");
    assert_int_equal(receipts_count(receipts), 0);
    receipts_free(receipts);
}

static int count_answers(void *ctx, const char *to, const char *body,
                         struct gw_error *err)
{
    (void)to;
    (void)body;
    (void)err;
    ++*(int *)ctx;
    return 0;
}

static void many_ranges_are_spread_over_answers(void **state)
{
    struct fixture *f = *state;
    struct receipts *receipts;
    assert_int_equal(receipts_new(&receipts), 0);
    for (uint64_t seq = 1; seq <= 2 * RECEIPTS_RANGES_MAX + 1; seq++) {
        (void)add(f->ledger, 2 * seq);
        struct ledger_key key = {gateway, 7, 2 * seq};
        assert_int_equal(receipts_add(receipts, &key), 0);
    }
    int answers = 0;
    assert_int_equal(receipts_answer(receipts, f->ledger, count_answers, &answers, NULL),
                     0);
    assert_int_equal(answers, 3);
    receipts_free(receipts);
}

int main(void)
{
#define WITH_LEDGER(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        WITH_LEDGER(copy_is_recognised_and_stored_once),
        WITH_LEDGER(neighbours_join_into_one_range),
        WITH_LEDGER(gaps_are_named_per_epoch),
        WITH_LEDGER(rollback_forgets_the_batch),
        WITH_LEDGER(everything_is_back_after_a_restart),
        WITH_LEDGER(event_under_two_ids_is_a_duplicate),
        WITH_LEDGER(rejected_message_is_a_dead_letter_within_the_ranges),
        WITH_LEDGER(answer_names_the_whole_range_around_what_came),
        WITH_LEDGER(many_ranges_are_spread_over_answers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
