#include "store_rig.h"

#include <sys/wait.h>

#include "store/committer.h"

enum { CAP = 10 };

/* "tells 1-3,7" of dropped rows; all others name their seq. */
static char *encode_dropped(void *ctx, const struct store_dropped *dropped,
                            uint64_t epoch, uint64_t seq)
{
    (void)ctx;
    char *body = calloc(1, 8192);
    assert_non_null(body);
    int used = sprintf(body, "%llu/%llu tells %llu of %llu:", (unsigned long long)epoch,
                       (unsigned long long)seq, (unsigned long long)dropped->rows,
                       (unsigned long long)dropped->epoch);
    for (size_t i = 0; i < dropped->count; i++)
        used += sprintf(body + used, " %llu-%llu",
                        (unsigned long long)dropped->ranges[i].from,
                        (unsigned long long)dropped->ranges[i].to);
    return body;
}

static char *encode(void *ctx, const struct gw_record *record, uint64_t epoch,
                    uint64_t seq, int *ret_priority)
{
    static const enum store_priority priorities[GW_RECORD_COMMIT + 1] = {
        [GW_RECORD_READING] = STORE_TELEMETRY,   [GW_RECORD_TRANSITION] = STORE_ALARM,
        [GW_RECORD_SUMMARY] = STORE_ENVIRONMENT, [GW_RECORD_FACT] = STORE_FACT,
        [GW_RECORD_UNAVAILABLE] = STORE_DROPPED,
    };
    char *body = rig_encode(ctx, record, epoch, seq, ret_priority);
    bool is_period =
        record->kind == GW_RECORD_FACT && record->fact.period != GW_PERIOD_NONE;
    *ret_priority = is_period ? STORE_PERIOD : priorities[record->kind];
    return body;
}

static int set_up(void **state)
{
    int r = rig_setup(state);
    struct rig *rig = *state;
    if (r == 0) {
        rig->config.outbox_rows = CAP;
        rig->ops.encode = encode;
        rig->ops.encode_dropped = encode_dropped;
    }
    return r;
}

static void start(struct rig *rig)
{
    rig_open(rig);
    rig_run(rig);
}

static void restart(struct rig *rig)
{
    rig_restart(rig);
    rig_run(rig);
}

/* As letters: Alarm, Period, Fact, Environment, Telemetry; a commit for each group. */
static void add(struct rig *rig, const char *letters)
{
    static uint64_t uid;
    for (; *letters; letters++)
        switch (*letters) {
        case 'A':
            rig_add(rig, rig_transition(++uid, "TF-01", "gate", 1000));
            break;
        case 'P':
        case 'F':
            rig_add(rig, (struct gw_record){.kind = GW_RECORD_FACT,
                                            .fact = {.kind = "lesson",
                                                     .object = "b1-203",
                                                     .period = *letters == 'P'
                                                                   ? GW_PERIOD_DAY
                                                                   : GW_PERIOD_NONE}});
            break;
        case 'E':
            rig_add(rig, (struct gw_record){.kind = GW_RECORD_SUMMARY,
                                            .summary = {.object = "b1-203"}});
            break;
        case 'T':
            rig_add(rig, rig_telemetry(1, 1));
            break;
        default:
            store_flush(rig->store);
        }
    store_flush(rig->store);
}

/* The seqs that are there, as "1,2,3"; dropped ones as "4-5,9-9". */
static const char *text_of(struct rig *rig, const char *sql)
{
    static char text[8192];
    sqlite3 *db = NULL;
    sqlite3_stmt *st = NULL;
    assert_int_equal(sqlite3_open_v2(rig->path, &db, SQLITE_OPEN_READWRITE, NULL), 0);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &st, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(st), SQLITE_ROW);
    const unsigned char *found = sqlite3_column_text(st, 0);
    (void)snprintf(text, sizeof(text), "%s", found ? (const char *)found : "");
    (void)sqlite3_finalize(st);
    (void)sqlite3_close(db);
    return text;
}

static const char *rows_of(struct rig *rig)
{
    return text_of(rig, "SELECT group_concat(key & 65535) FROM"
                        " (SELECT key FROM outbox ORDER BY key)");
}

static const char *untold_of(struct rig *rig)
{
    return text_of(rig, "SELECT group_concat((first & 65535) || '-' || (last & 65535))"
                        " FROM (SELECT first, last FROM dropped ORDER BY first)");
}

static const char *told_of(struct rig *rig)
{
    return text_of(rig,
                   "SELECT group_concat(substr(body, instr(body, 'tells')), '; ')"
                   " FROM (SELECT body FROM outbox WHERE priority = 1 ORDER BY key)");
}

static struct store_status status_of(struct rig *rig)
{
    struct store_status status;
    store_status(rig->store, &status);
    assert_int_equal(status.outbox_rows, rig_number(rig, "SELECT count(*) FROM outbox"));
    assert_int_equal(
        status.outbox_bytes,
        rig_number(rig, "SELECT coalesce(sum(length(body)), 0) FROM outbox"));
    assert_int_equal(status.outbox_total, status.outbox_acknowledged
                                              + status.outbox_dropped
                                              + status.outbox_waiting);
    return status;
}

/* Waits until what was asked of the store's thread is done. */
static void tell(struct rig *rig, uint64_t untold)
{
    struct store_status status = {.outbox_untold = UINT64_MAX};
    store_tell_dropped(rig->store);
    for (int i = 0; i < 5000 && status.outbox_untold != untold; i++) {
        (void)poll(NULL, 0, 1);
        store_status(rig->store, &status);
    }
    assert_int_equal(status.outbox_untold, untold);
}

static void below_the_cap_nothing_goes(void **state)
{
    start(*state);
    add(*state, "TETFPAETTT");
    assert_string_equal(rows_of(*state), "1,2,3,4,5,6,7,8,9,10");
    assert_string_equal(untold_of(*state), "");
    assert_int_equal(status_of(*state).outbox_dropped, 0);
}

static void the_least_needed_goes_first_and_the_oldest_of_it(void **state)
{
    start(*state);
    add(*state, "PFETAPFETA AA");
    assert_string_equal(rows_of(*state), "1,2,3,5,6,7,8,10,11,12");
    add(*state, "A A");
    assert_string_equal(rows_of(*state), "1,2,5,6,7,10,11,12,13,14");
    add(*state, "AA");
    assert_string_equal(rows_of(*state), "1,5,6,10,11,12,13,14,15,16");
    add(*state, "A");
    assert_string_equal(rows_of(*state), "5,6,10,11,12,13,14,15,16,17");
    assert_int_equal(status_of(*state).outbox_dropped, 7);
}

static void alarms_never_go(void **state)
{
    start(*state);
    add(*state, "AAAAAAAAAAAAAAA TEFP A");
    assert_string_equal(rows_of(*state), "1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,20");
    assert_string_equal(untold_of(*state), "16-19");
}

static void rows_that_the_county_has_go_before_any_other(void **state)
{
    struct rig *rig = *state;
    start(rig);
    add(rig, "AATTTTTTTT");
    store_acknowledge(rig->store, store_epoch(rig->store), 1, 2);
    store_acknowledge(rig->store, store_epoch(rig->store), 5, 6);
    add(rig, "TTT");
    assert_string_equal(rows_of(rig), "3,4,6,7,8,9,10,11,12,13");
    assert_string_equal(untold_of(rig), "");
    add(rig, "TT");
    assert_string_equal(rows_of(rig), "4,7,8,9,10,11,12,13,14,15");
    assert_string_equal(untold_of(rig), "3-3");
}

static void recall(struct rig *rig, uint64_t from, uint64_t to)
{
    const struct gw_range range = {from, to};
    rig_add(rig,
            (struct gw_record){.kind = GW_RECORD_RECALL,
                               .recall = {store_epoch(rig->store), &range, 1, 1000}});
    store_flush(rig->store);
}

/* 3 was never acknowledged, and 4 is an alarm. */
static void what_the_county_had_and_asks_for_again_goes_first_and_is_no_loss(void **state)
{
    struct rig *rig = *state;
    start(rig);
    add(rig, "PETAFTTTTT");
    store_acknowledge(rig->store, store_epoch(rig->store), 1, 2);
    store_acknowledge(rig->store, store_epoch(rig->store), 4, 6);
    recall(rig, 1, 6);
    assert_int_equal(status_of(rig).outbox_waiting, 10);
    add(rig, "TT");
    assert_string_equal(rows_of(rig), "3,4,5,6,7,8,9,10,11,12");
    add(rig, "TT TT");
    assert_string_equal(rows_of(rig), "4,8,9,10,11,12,13,14,15,16");
    assert_string_equal(untold_of(rig), "3-3,7-7");
    struct store_status status = status_of(rig);
    assert_int_equal(status.outbox_dropped, 2);
    assert_int_equal(status.outbox_acknowledged, 4);
    recall(rig, 1, 2);
    assert_int_equal(status_of(rig).outbox_total, 17); /* says that they are gone */
}

static void dropped_ranges_join_and_outlive_a_restart(void **state)
{
    start(*state);
    add(*state, "TTATTAAAAA TTT");
    assert_string_equal(untold_of(*state), "1-2,4-4");
    restart(*state);
    add(*state, "T");
    assert_string_equal(untold_of(*state), "1-2,4-5");
    restart(*state);
    struct store_status status = status_of(*state);
    assert_int_equal(status.outbox_dropped, 4);
    assert_int_equal(status.outbox_untold, 4);
    assert_int_equal(status.outbox_waiting, 10);
}

static void what_was_dropped_is_told_once(void **state)
{
    struct rig *rig = *state;
    char expected[128];
    start(rig);
    add(rig, "TTATTAAAAA TTT");
    tell(rig, 1); /* the telling row made another one give way */
    (void)snprintf(expected, sizeof(expected), "tells 3 of %llu: 1-2 4-4",
                   (unsigned long long)store_epoch(rig->store));
    assert_string_equal(told_of(rig), expected);
    restart(rig);
    assert_string_equal(told_of(rig), expected);
    assert_string_equal(untold_of(rig), "5-5");
    assert_int_equal(status_of(rig).outbox_dropped, 4);
}

static void a_row_that_was_on_its_way_when_it_was_dropped_is_acknowledged(void **state)
{
    struct rig *rig = *state;
    start(rig);
    add(rig, "TTTTTTTTTT TTTTT");
    assert_string_equal(untold_of(rig), "1-5");
    store_acknowledge(rig->store, store_epoch(rig->store), 2, 3);
    add(rig, "T");
    assert_string_equal(untold_of(rig), "1-1,4-6");
    struct store_status status = status_of(rig);
    assert_int_equal(status.outbox_acknowledged, 2);
    assert_int_equal(status.outbox_dropped, 4);
}

static void an_earlier_epochs_rows_are_told_under_its_name(void **state)
{
    struct rig *rig = *state;
    char expected[128];
    start(rig);
    uint64_t first = store_epoch(rig->store);
    add(rig, "TTTTT");
    rig->store = store_close(rig->store);
    (void)rig_number(rig, "UPDATE epochs SET last_seq = 5");
    (void)rig_number(rig, "UPDATE progress SET seq = 0");
    start(rig);
    uint64_t second = store_epoch(rig->store);
    assert_true(second != first);
    add(rig, "TTTTTTTTTTTTAAAA");
    assert_string_equal(untold_of(rig), "1-5,1-6");
    rig->config.outbox_rows = 2 * CAP;
    store_set_pace(rig->store, &rig->config);
    tell(rig, 0);
    (void)snprintf(expected, sizeof(expected),
                   "tells 5 of %llu: 1-5; tells 6 of %llu: 1-6",
                   (unsigned long long)first, (unsigned long long)second);
    assert_string_equal(told_of(rig), expected);
}

static char *die(void *ctx, const struct store_dropped *dropped, uint64_t epoch,
                 uint64_t seq)
{
    (void)encode_dropped(ctx, dropped, epoch, seq);
    _exit(0);
}

static void die_after(void *ctx)
{
    (void)ctx;
    _exit(0);
}

/* A gateway that is killed while it tells, or right after that commit. */
static void kill_while_telling(struct rig *rig)
{
    pid_t child = fork();
    if (child == 0) {
        start(rig);
        store_tell_dropped(rig->store);
        (void)poll(NULL, 0, 10000);
        _exit(1);
    }
    int result = 1;
    assert_int_equal(waitpid(child, &result, 0), child);
    assert_int_equal(result, 0);
}

static void a_kill_neither_loses_nor_doubles_what_is_told(void **state)
{
    struct rig *rig = *state;
    start(rig);
    add(rig, "TTATTAAAAA TTT");
    rig->store = store_close(rig->store);
    rig->config.outbox_rows = 2 * CAP;
    rig->ops.encode_dropped = die;
    kill_while_telling(rig);
    assert_string_equal(untold_of(rig), "1-2,4-4");
    assert_string_equal(told_of(rig), "");

    rig->ops.encode_dropped = encode_dropped;
    rig->ops.appended = die_after;
    kill_while_telling(rig);
    rig->ops.appended = rig_appended;
    start(rig);
    assert_string_equal(untold_of(rig), "");
    assert_non_null(strstr(told_of(rig), "tells 3 of "));
    assert_null(strstr(told_of(rig), ";"));
    tell(rig, 0);
    assert_null(strstr(told_of(rig), ";"));
}

static void many_ranges_are_told_in_rows_of_a_hundred(void **state)
{
    struct rig *rig = *state;
    rig->config.outbox_rows = 500;
    start(rig);
    for (int i = 0; i < 250; i++)
        add(rig, "TA");
    rig->config.outbox_rows = 250;
    store_set_pace(rig->store, &rig->config);
    add(rig, "A");
    add(rig, "A");
    assert_int_equal(status_of(rig).outbox_untold, 250);
    tell(rig, 0);
    assert_int_equal(rig_number(rig, "SELECT count(*) FROM outbox WHERE priority = 1"),
                     3);
    assert_int_equal(rig_number(rig, "SELECT count(*) FROM dropped"), 0);
}

static void the_oldest_row_that_waits_has_its_age(void **state)
{
    struct rig *rig = *state;
    start(rig);
    clock_set(1, INT64_C(100) * 1000000);
    add(rig, "AT");
    clock_set(1, INT64_C(200) * 1000000);
    add(rig, "A");
    assert_int_equal(status_of(rig).outbox_oldest_s, 100);
    store_acknowledge(rig->store, store_epoch(rig->store), 1, 2);
    add(rig, "A");
    assert_int_equal(status_of(rig).outbox_oldest_s, 200);
    restart(rig);
    assert_int_equal(status_of(rig).outbox_oldest_s, 200);
}

/* Steps of SQLite's machine that the outbox's statements took since the last time. */
static int steps_of(struct outbox_writer *o)
{
    int steps = 0;
    for (int i = 0; i < OUTBOX_STATEMENTS; i++)
        steps += sqlite3_stmt_status(o->statements[i], SQLITE_STMTSTATUS_VM_STEP, 1);
    return steps;
}

/* The work of a commit of ten rows in an outbox that is full with @cap. */
static int steps_when_full(struct rig *rig, uint32_t cap)
{
    struct committer l = {.path = rig->path, .ops = &rig->ops};
    struct gw_error err = {0};
    assert_int_equal(committer_open(&l, &err), 0);
    l.outbox.cap = cap;
    int steps = 0;
    for (uint32_t i = 0; i < cap / 10 + 3; i++) {
        struct batch_list batches = {0};
        struct batch *b = NULL;
        assert_int_equal(batch_new(&b), 0);
        for (int n = 0; n < 10; n++) {
            struct gw_record record = n < 5
                                          ? rig_telemetry(1, n)
                                          : rig_transition(n + 1, "TF-01", "gate", 1000);
            assert_int_equal(batch_add(b, &record), 0);
        }
        batch_list_add(&batches, b);
        (void)steps_of(&l.outbox);
        assert_int_equal(committer_commit(&l, &batches, NULL, 0, &err), 0);
        steps = steps_of(&l.outbox);
        batch_list_free(&batches);
    }
    assert_int_equal(l.outbox.count.rows, cap);
    committer_close(&l);
    return steps;
}

static void a_commit_costs_the_same_in_a_small_and_in_a_large_outbox(void **state)
{
    struct rig *small = *state;
    int of_small = steps_when_full(small, 200);
    (void)rig_number(small, "DELETE FROM outbox");
    (void)rig_number(small, "DELETE FROM dropped");
    (void)rig_number(small, "UPDATE progress SET outbox_rows = 0, outbox_bytes = 0");
    int of_large = steps_when_full(small, 20000);
    assert_true(of_small > 100);
    assert_true(of_large < 2 * of_small);
}

#define CAP_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, rig_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CAP_TEST(below_the_cap_nothing_goes),
        CAP_TEST(the_least_needed_goes_first_and_the_oldest_of_it),
        CAP_TEST(alarms_never_go),
        CAP_TEST(rows_that_the_county_has_go_before_any_other),
        CAP_TEST(what_the_county_had_and_asks_for_again_goes_first_and_is_no_loss),
        CAP_TEST(dropped_ranges_join_and_outlive_a_restart),
        CAP_TEST(what_was_dropped_is_told_once),
        CAP_TEST(a_row_that_was_on_its_way_when_it_was_dropped_is_acknowledged),
        CAP_TEST(an_earlier_epochs_rows_are_told_under_its_name),
        CAP_TEST(a_kill_neither_loses_nor_doubles_what_is_told),
        CAP_TEST(many_ranges_are_told_in_rows_of_a_hundred),
        CAP_TEST(the_oldest_row_that_waits_has_its_age),
        CAP_TEST(a_commit_costs_the_same_in_a_small_and_in_a_large_outbox),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
