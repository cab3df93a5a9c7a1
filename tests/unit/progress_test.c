/* What the store says of how far the disk is, to whoever waits for an order. */
#include "store_rig.h"

#include "disk_rig.h"

/* waiter - what settled() told last; written by the store's thread. */
struct waiter {
    atomic_uint_fast64_t kept;
    atomic_int faults;
    atomic_bool holds; /* the encoder does not return: a disk that does not answer */
    atomic_bool is_held;
};
static struct waiter waiter;

static void settled(void *ctx, uint64_t kept, const char *fault)
{
    (void)ctx;
    waiter.faults += fault[0] != '\0';
    waiter.kept = kept;
}

static char *hold(void *ctx, const struct gw_record *record, uint64_t epoch, uint64_t seq,
                  int *ret_priority)
{
    waiter.is_held = true;
    while (waiter.holds)
        (void)poll(NULL, 0, 1);
    return rig_encode(ctx, record, epoch, seq, ret_priority);
}

/* Only what is urged is committed: nothing else asks for an hour. */
static int setup(void **state)
{
    int r = rig_setup(state);
    struct rig *rig = *state;
    waiter = (struct waiter){0};
    rig->config.commit_interval_us = INT64_C(3600) * 1000000;
    rig->ops.settled = settled;
    rig->ops.encode = hold;
    rig_open(rig);
    rig_run(rig);
    return r;
}

static void add_state(struct rig *rig, const char *key)
{
    rig_add(rig, (struct gw_record){
                     .kind = GW_RECORD_STATE,
                     .state = {.owner = "test", .key = key, .bytes = "on", .size = 2}});
}

static int64_t states(struct rig *rig)
{
    return rig_number(rig, "SELECT count(*) FROM states WHERE owner = 'test'");
}

static void what_is_urged_is_committed_at_the_next_seal(void **state)
{
    struct rig *rig = *state;
    add_state(rig, "a");
    (void)store_seal(rig->store, clock_machine_us());
    assert_int_equal(states(rig), 0);

    uint64_t mark = store_urge(rig->store);
    (void)store_seal(rig->store, clock_machine_us());
    assert_true(rig_wait(&waiter.kept, mark));
    assert_int_equal(states(rig), 1);
    assert_int_equal(waiter.faults, 0);
}

static void what_changed_nothing_stands_at_the_mark_of_before(void **state)
{
    struct rig *rig = *state;
    struct store_progress progress;
    add_state(rig, "a");
    uint64_t mark = store_urge(rig->store);
    (void)store_seal(rig->store, clock_machine_us());
    assert_int_equal(store_urge(rig->store), mark);
    assert_true(rig_wait(&waiter.kept, mark));
    store_progress(rig->store, &progress);
    assert_int_equal(progress.kept, mark);
    assert_string_equal(progress.fault, "");
}

static void two_of_one_batch_share_its_mark(void **state)
{
    struct rig *rig = *state;
    struct store_status status;
    add_state(rig, "a");
    uint64_t first = store_urge(rig->store);
    add_state(rig, "b");
    assert_int_equal(store_urge(rig->store), first);
    (void)store_seal(rig->store, clock_machine_us());
    assert_true(rig_wait(&waiter.kept, first));
    store_status(rig->store, &status);
    assert_int_equal(status.commits, 1);
    assert_int_equal(states(rig), 2);
}

static void a_commit_that_fails_is_told_and_so_is_the_next_that_succeeds(void **state)
{
    struct rig *rig = *state;
    struct store_progress progress;
    disk_write_error = ENOSPC;
    add_state(rig, "a");
    uint64_t mark = store_urge(rig->store);
    store_flush(rig->store);
    for (int i = 0; i < 5000 && !waiter.faults; i++)
        (void)poll(NULL, 0, 1);
    assert_true(waiter.faults > 0);
    store_progress(rig->store, &progress);
    assert_true(progress.kept < mark);
    assert_non_null(strstr(progress.fault, "full"));

    disk_write_error = 0;
    assert_true(rig_wait(&waiter.kept, mark));
    store_progress(rig->store, &progress);
    assert_string_equal(progress.fault, "");
}

static void a_disk_that_does_not_answer_is_a_fault_after_a_while(void **state)
{
    struct rig *rig = *state;
    struct store_progress progress;
    waiter.holds = true;
    rig_add(rig, rig_telemetry(1, 1));
    uint64_t mark = store_urge(rig->store);
    (void)store_seal(rig->store, clock_machine_us());
    for (int i = 0; i < 5000 && !waiter.is_held; i++)
        (void)poll(NULL, 0, 1);
    store_progress(rig->store, &progress);
    assert_string_equal(progress.fault, "");

    clock_set(10 * 1000000, 0);
    store_progress(rig->store, &progress);
    assert_non_null(strstr(progress.fault, "has not answered"));
    waiter.holds = false;
    assert_true(rig_wait(&waiter.kept, mark));
}

/* Its folder is a file. */
static void a_store_that_is_away_keeps_no_mark_and_says_why(void **state)
{
    struct rig rig = {.config = {.path = "/proc/self/exe/campus.db",
                                 .commit_interval_us = 1000000,
                                 .commit_rows = 500}};
    struct gw_error err = {0};
    struct store_progress progress;
    (void)state;
    assert_int_equal(store_open(&rig.config, &rig.store, &err), 1);
    uint64_t mark = store_urge(rig.store);
    store_progress(rig.store, &progress);
    assert_true(progress.kept < mark);
    assert_non_null(strstr(progress.fault, "/proc/self/exe/campus.db"));
    rig.store = store_close(rig.store);
}

#define PROGRESS(test) cmocka_unit_test_setup_teardown(test, setup, rig_teardown)

int main(void)
{
    disk_install();
    const struct CMUnitTest tests[] = {
        PROGRESS(what_is_urged_is_committed_at_the_next_seal),
        PROGRESS(what_changed_nothing_stands_at_the_mark_of_before),
        PROGRESS(two_of_one_batch_share_its_mark),
        PROGRESS(a_commit_that_fails_is_told_and_so_is_the_next_that_succeeds),
        PROGRESS(a_disk_that_does_not_answer_is_a_fault_after_a_while),
        cmocka_unit_test(a_store_that_is_away_keeps_no_mark_and_says_why),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
