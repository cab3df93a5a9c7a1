#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "ingest/archive.h"
#include "ingest/asking.h"
#include "ingest/receipts.h"

static const char gateway[] = "530502/2153012345/gw-01";

struct fixture {
    char folder[64];
    char path[96];
    struct archive *archive;
};

static void begin(struct archive *a)
{
    static const char *const gateways[] = {gateway};
    struct archive_batch batch = {gateways, 1, false};
    assert_int_equal(archive_begin(a, &batch, NULL), 0);
}

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));
    (void)snprintf(f->folder, sizeof(f->folder), "/tmp/archive-test-XXXXXX");
    assert_non_null(mkdtemp(f->folder));
    (void)snprintf(f->path, sizeof(f->path), "%s/county.db", f->folder);
    assert_int_equal(archive_open(f->path, &f->archive, NULL), 0);
    begin(f->archive);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    archive_close(f->archive);
    unlink(f->path);
    rmdir(f->folder);
    free(f);
    return 0;
}

/* Every seq is an event of its own unless @digest says otherwise. */
static bool add_event(struct archive *a, uint64_t epoch, uint64_t seq, uint64_t digest)
{
    struct archive_message m = {
        .key = {gateway, epoch, seq},
        .topic = "alarm",
        .type = "campus.alarm.v1",
        .digest = digest,
        .body = "{}",
        .size = 2,
    };
    bool is_new = false;
    struct gw_error err;
    if (archive_add(a, &m, &is_new, &err) < 0)
        fail_msg("%s", err.text);
    return is_new;
}

static bool add(struct archive *a, uint64_t seq)
{
    return add_event(a, 7, seq, seq);
}

static struct archive_counts count(struct archive *a)
{
    struct archive_counts counts;
    assert_int_equal(archive_count(a, &counts, NULL), 0);
    return counts;
}

static void copy_is_recognised_and_stored_once(void **state)
{
    struct fixture *f = *state;
    assert_true(add(f->archive, 1));
    assert_false(add(f->archive, 1));
    assert_int_equal(archive_commit(f->archive, NULL), 0);
    begin(f->archive);
    assert_false(add(f->archive, 1));
    assert_int_equal(count(f->archive).rows, 1);
    assert_int_equal(count(f->archive).duplicates, 0);
}

static void neighbours_join_into_one_range(void **state)
{
    struct fixture *f = *state;
    static const uint64_t order[] = {3, 1, 5, 2, 4};
    for (size_t i = 0; i < 5; i++)
        assert_true(add(f->archive, order[i]));
    struct archive_range range;
    struct archive_key key = {gateway, 7, 2};
    assert_int_equal(archive_find(f->archive, &key, &range, NULL), 1);
    assert_int_equal(range.from, 1);
    assert_int_equal(range.to, 5);
    assert_int_equal(count(f->archive).gaps, 0);
}

static void note_gap(void *ctx, const struct archive_key *key,
                     const struct archive_range *gap)
{
    char *text = ctx;
    size_t used = strlen(text);
    (void)snprintf(text + used, 200 - used, "%" PRIu64 ":%" PRIu64 "-%" PRIu64 " ",
                   key->epoch, gap->from, gap->to);
}

static void gaps_are_named_per_epoch(void **state)
{
    struct fixture *f = *state;
    (void)add_event(f->archive, 7, 2, 1);
    (void)add_event(f->archive, 7, 5, 2);
    (void)add_event(f->archive, 9, 1, 3);
    (void)add_event(f->archive, 9, 3, 4);
    char text[200] = "";
    struct archive_counts counts = {0};
    assert_int_equal(archive_gaps(f->archive, note_gap, text, &counts, NULL), 0);
    assert_string_equal(text, "7:1-1 7:3-4 9:2-2 ");
    assert_int_equal(counts.gaps, 3);
    assert_int_equal(counts.missing, 4);
}

static void tell_gone(struct archive *a, uint64_t epoch, const char *text)
{
    struct range_set ranges = {0};
    struct archive_key key = {gateway, epoch, 0};
    assert_int_equal(range_set_read(&ranges, text), 0);
    assert_int_equal(archive_gone(a, &key, &ranges, NULL), 0);
    range_set_clear(&ranges);
}

static void what_is_gone_is_no_gap(void **state)
{
    struct fixture *f = *state;
    (void)add_event(f->archive, 7, 6, 1);
    tell_gone(f->archive, 7, "{[2,4)}");
    tell_gone(f->archive, 7, "{[3,5),[9,11)}");
    tell_gone(f->archive, 8, "{[2,3)}");
    char text[200] = "";
    struct archive_counts counts = {0};
    assert_int_equal(archive_gaps(f->archive, note_gap, text, &counts, NULL), 0);
    assert_string_equal(text, "7:1-1 7:5-5 ");
    assert_int_equal(count(f->archive).gone, 6);
    assert_true(add_event(f->archive, 7, 3, 2)); /* all the same */
    assert_int_equal(count(f->archive).gone, 5);
    assert_int_equal(count(f->archive).rows, 2);
    assert_int_equal(count(f->archive).missing, 2);
}

static void an_asking_is_kept_until_it_is_over(void **state)
{
    struct fixture *f = *state;
    struct asking_list list = {0};
    (void)add_event(f->archive, 7, 6, 1);
    (void)add_event(f->archive, 9, 1, 2);
    assert_int_equal(archive_askings(f->archive, gateway, &list, NULL), 0);
    assert_int_equal(list.count, 1); /* of the other epoch nothing is missing */
    struct asking *a = &list.items[0];
    assert_string_equal(a->gateway, gateway);
    assert_int_equal(range_set_rows(&a->holes), 5);
    assert_true(asking_is_over(a) && a->heard_us > 0 && !a->is_away);
    assert_int_equal(range_set_join(&a->asked, (struct archive_range){2, 3}), 0);
    a->asked_us = 40;
    a->wait_us = 50;
    assert_int_equal(archive_keep_asking(f->archive, a, NULL), 0);
    assert_int_equal(count(f->archive).asked, 2);
    (void)add_event(f->archive, 7, 2, 3);
    assert_int_equal(count(f->archive).asked, 1);
    asking_list_clear(&list);

    assert_int_equal(archive_askings(f->archive, NULL, &list, NULL), 0);
    a = &list.items[0];
    assert_int_equal(range_set_rows(&a->asked), 2);
    assert_int_equal(a->asked_us, 40);
    assert_int_equal(a->wait_us, 50);
    range_set_clear(&a->asked);
    assert_int_equal(archive_keep_asking(f->archive, a, NULL), 0);
    assert_int_equal(count(f->archive).asked, 0);
    asking_list_clear(&list);
}

static void whose_last_will_came_is_away(void **state)
{
    struct fixture *f = *state;
    static const char *const bodies[] = {"{\"data\":{\"status\":\"offline\"}}",
                                         "{\"data\":{\"status\":\"online\"}}"};
    (void)add_event(f->archive, 7, 6, 1);
    for (size_t i = 0; i < 2; i++) {
        struct asking_list list = {0};
        struct archive_presence told = {gateway, "state", bodies[i], strlen(bodies[i])};
        assert_int_equal(archive_presence(f->archive, &told, NULL), 0);
        assert_int_equal(archive_askings(f->archive, NULL, &list, NULL), 0);
        assert_int_equal(list.items[0].is_away, i == 0);
        asking_list_clear(&list);
    }
}

static void numbers_of_commands_rise_and_are_no_old_ones(void **state)
{
    struct fixture *f = *state;
    uint64_t before = (uint64_t)clock_school_us() / 1000 - 1;
    for (int i = 0; i < 3; i++) {
        uint64_t seq = 0;
        assert_int_equal(archive_command(f->archive, &seq, NULL), 0);
        assert_true(seq > before);
        before = seq;
    }
}

static void rollback_forgets_the_batch(void **state)
{
    struct fixture *f = *state;
    assert_true(add(f->archive, 1));
    archive_rollback(f->archive);
    assert_int_equal(count(f->archive).rows, 0);
    begin(f->archive);
    assert_true(add(f->archive, 1));
}

static void everything_is_back_after_a_restart(void **state)
{
    struct fixture *f = *state;
    (void)add_event(f->archive, 7, 1, 11);
    (void)add_event(f->archive, 7, 2, 11);
    assert_int_equal(archive_commit(f->archive, NULL), 0);
    archive_close(f->archive);
    assert_int_equal(archive_open(f->path, &f->archive, NULL), 0);
    assert_int_equal(count(f->archive).rows, 2);
    assert_int_equal(count(f->archive).duplicates, 1);
    begin(f->archive);
    assert_false(add(f->archive, 2));
}

static void event_under_two_ids_is_a_duplicate(void **state)
{
    struct fixture *f = *state;
    assert_true(add_event(f->archive, 7, 1, 11));
    assert_true(add_event(f->archive, 7, 2, 11));
    assert_int_equal(count(f->archive).rows, 2);
    assert_int_equal(count(f->archive).duplicates, 1);
}

static void rejected_message_is_a_dead_letter_within_the_ranges(void **state)
{
    struct fixture *f = *state;
    struct archive_letter letter = {
        .key = {gateway, 7, 1},
        .topic = "campus/v1/530502/2153012345/gw-01/alarm",
        .fault = "data.uid: must be integer",
        .digest = 1,
        .payload = "{",
        .size = 1,
    };
    bool is_new = false;
    assert_int_equal(archive_reject(f->archive, &letter, &is_new, NULL), 0);
    assert_true(is_new);
    assert_int_equal(archive_reject(f->archive, &letter, &is_new, NULL), 0);
    assert_false(is_new);
    assert_int_equal(count(f->archive).dead_letters, 1);
    assert_int_equal(count(f->archive).rows, 0);
    struct archive_range range;
    assert_int_equal(archive_find(f->archive, &letter.key, &range, NULL), 1);
}

static bool is_conflict(struct archive *a, uint64_t seq, uint64_t digest, uint64_t letter)
{
    struct archive_repeat repeat = {{gateway, 7, seq}, digest, letter, false};
    assert_int_equal(archive_compare(a, &repeat, 1, NULL), 0);
    return repeat.is_conflict;
}

static void other_body_under_a_known_key_is_a_conflict(void **state)
{
    struct fixture *f = *state;
    struct archive_letter letter = {{gateway, 7, 2}, 99, "topic", "fault", "{", 1};
    bool is_new = false;
    (void)add_event(f->archive, 7, 1, 11);
    assert_int_equal(archive_reject(f->archive, &letter, &is_new, NULL), 0);
    assert_false(is_conflict(f->archive, 1, 11, 98));
    assert_true(is_conflict(f->archive, 1, 12, 98));
    assert_false(is_conflict(f->archive, 2, 0, 99));
    assert_true(is_conflict(f->archive, 2, 11, 98));
}

static void slip_in_an_address_is_no_file(void **state)
{
    (void)state;
    static const char *const slips[] = {"hots=127.0.0.1 dbname=x",
                                        "host=127.0.0.1 dbnam=x", "a=b.db", "mysql://h/x",
                                        "postgresq://h/x"};
    for (size_t i = 0; i < sizeof(slips) / sizeof(slips[0]); i++) {
        struct archive *archive;
        struct gw_error err;
        assert_int_equal(archive_open(slips[i], &archive, &err), -EINVAL);
        assert_non_null(strstr(err.text, "host=HOST dbname=NAME"));
        assert_int_equal(access(slips[i], F_OK), -1);
    }
}

static void file_may_have_an_equals_sign(void **state)
{
    struct fixture *f = *state;
    char path[128];
    struct archive *archive;
    (void)snprintf(path, sizeof(path), "%s/a=b.db", f->folder);
    assert_int_equal(archive_open(path, &archive, NULL), 0);
    archive_close(archive);
    assert_int_equal(unlink(path), 0);
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
        (void)add(f->archive, seq);
    (void)add(f->archive, 9);
    static const uint64_t came[] = {9, 3, 2};
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(
            receipts_add(receipts, &(struct archive_key){gateway, 7, came[i]}), 0);
    char text[2000] = "";
    assert_int_equal(receipts_answer(receipts, f->archive, note_answer, text, NULL), 0);
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
        (void)add(f->archive, 2 * seq);
        struct archive_key key = {gateway, 7, 2 * seq};
        assert_int_equal(receipts_add(receipts, &key), 0);
    }
    int answers = 0;
    assert_int_equal(receipts_answer(receipts, f->archive, count_answers, &answers, NULL),
                     0);
    assert_int_equal(answers, 3);
    receipts_free(receipts);
}

int main(void)
{
#define WITH_ARCHIVE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        WITH_ARCHIVE(copy_is_recognised_and_stored_once),
        WITH_ARCHIVE(neighbours_join_into_one_range),
        WITH_ARCHIVE(gaps_are_named_per_epoch),
        WITH_ARCHIVE(what_is_gone_is_no_gap),
        WITH_ARCHIVE(an_asking_is_kept_until_it_is_over),
        WITH_ARCHIVE(whose_last_will_came_is_away),
        WITH_ARCHIVE(numbers_of_commands_rise_and_are_no_old_ones),
        WITH_ARCHIVE(rollback_forgets_the_batch),
        WITH_ARCHIVE(everything_is_back_after_a_restart),
        WITH_ARCHIVE(event_under_two_ids_is_a_duplicate),
        WITH_ARCHIVE(rejected_message_is_a_dead_letter_within_the_ranges),
        WITH_ARCHIVE(other_body_under_a_known_key_is_a_conflict),
        cmocka_unit_test(slip_in_an_address_is_no_file),
        WITH_ARCHIVE(file_may_have_an_equals_sign),
        WITH_ARCHIVE(answer_names_the_whole_range_around_what_came),
        WITH_ARCHIVE(many_ranges_are_spread_over_answers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
