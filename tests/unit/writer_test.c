#include "store_rig.h"

#include <signal.h>
#include <sys/wait.h>

#include "disk_rig.h"
#include "store/writer_parts.h"

static void fail_and_recover(struct rig *rig, atomic_int *fault, int error)
{
    rig_open(rig);
    rig_run(rig);
    rig_add_message(rig, 1);
    store_flush(rig->store);
    assert_true(rig_wait(&rig->committed, 1));
    *fault = error;
    rig_add_message(rig, 2);
    store_flush(rig->store);
    assert_true(rig_wait_for_fault(rig, true));
    rig_add_message(rig, 3);
    store_flush(rig->store);
    assert_int_equal(rig->committed, 1);
    *fault = 0;
    assert_true(rig_wait(&rig->committed, 3));
    assert_true(rig_wait_for_fault(rig, false));
    rig_check_once(rig, 3);
    rig_restart(rig);
    rig_check_once(rig, 3);
}

static void a_full_disk_holds_back_and_loses_nothing(void **state)
{
    fail_and_recover(*state, &disk_write_error, ENOSPC);
}

static void a_write_error_reopens_and_loses_nothing(void **state)
{
    fail_and_recover(*state, &disk_write_error, EIO);
}

static void a_failed_sync_neither_loses_nor_doubles(void **state)
{
    disk_syncs_failed = 0;
    fail_and_recover(*state, &disk_sync_error, EIO);
    assert_true(disk_syncs_failed > 0);
}

/* A disk of which only the reserve is left. */
static int full_but_for_the_reserve(void)
{
    return disk_reserve_path && access(disk_reserve_path, F_OK) == 0
                   && disk_size(disk_reserve_path) > 0
               ? ENOSPC
               : 0;
}

static void an_alarm_takes_the_room_that_is_kept_for_it(void **state)
{
    struct rig *rig = *state;
    char reserve[128];
    (void)snprintf(reserve, sizeof(reserve), "%s.reserve", rig->path);
    rig_open(rig);
    rig_run(rig);
    store_flush(rig->store);
    assert_true(disk_size(reserve) >= 1 << 20);
    disk_reserve_path = reserve;
    disk_write_check = full_but_for_the_reserve;
    rig_add_message(rig, 1);
    store_flush(rig->store);
    assert_true(rig_wait_for_fault(rig, true));
    assert_int_equal(rig->committed, 0);
    assert_true(disk_size(reserve) > 0);
    rig_add(rig, rig_transition(1, "TF-01", "panic-gate", 1000));
    (void)store_seal(rig->store, 0);
    assert_true(rig_wait(&rig->committed, 1));
    assert_int_equal(rig_number(rig, "SELECT count(*) FROM transitions"), 1);
    disk_write_check = NULL;
    disk_reserve_path = NULL;
    rig_add_message(rig, 2);
    store_flush(rig->store);
    assert_true(rig_wait(&rig->committed, 2));
    assert_true(disk_size(reserve) >= 1 << 20);
    rig->store = store_close(rig->store);
    assert_int_equal(rig_number(rig, "SELECT count(*) FROM outbox"), 3);
}

/* An acknowledgement is answered at once, so it must not wait on the way to the disk. */
static void a_transition_waits_for_no_retry_of_readings(void **state)
{
    (void)state;
    struct committer committer = {.path =
                                      "/nowhere/campus.db"}; /* the reserve is spent */
    struct writer w = {.committer = &committer, .retry_at_us = 2000, .is_full = true};
    struct gw_record reading = rig_reading(1, 1, 1000);
    struct gw_record step = rig_transition(1, "TF-01", "panic-gate", 1000);
    struct batch *b = NULL;
    assert_int_equal(batch_new(&b), 0);
    assert_int_equal(batch_add(b, &reading), 0);
    batch_list_add(&w.pending, b);
    assert_false(writer_is_due(&w, 1000));
    assert_int_equal(batch_add(b, &step), 0);
    assert_true(writer_is_due(&w, 1000));
    w.was_alarm_tried = true; /* and found no room either */
    assert_false(writer_is_due(&w, 1000));
    assert_true(writer_is_due(&w, 2000));
    batch_list_free(&w.pending);
}

static void a_transition_is_written_where_the_reserve_was(void **state)
{
    struct rig *rig = *state;
    char reserve[128];
    struct store_status status = {0};
    (void)snprintf(reserve, sizeof(reserve), "%s.reserve", rig->path);
    rig_open(rig);
    rig_run(rig);
    disk_reserve_path = reserve;
    disk_write_check = full_but_for_the_reserve;
    disk_keep_error = ENOSPC;
    rig_add(rig, rig_transition(1, "TF-01", "panic-gate", 1000));
    rig_add_message(rig, 1);
    store_flush(rig->store);
    assert_true(rig_wait(&rig->committed, 1));
    assert_true(disk_size(reserve) <= 0);
    rig_add_message(rig, 2);
    store_flush(rig->store);
    assert_true(rig_wait_for_fault(rig, true));
    struct gw_record acknowledged = rig_transition(1, "TF-01", "panic-gate", 2000);
    acknowledged.transition.seq = 2;
    acknowledged.transition.to = GW_ALARM_ACKNOWLEDGED;
    rig_add(rig, acknowledged);
    (void)store_seal(rig->store, 0);
    assert_true(rig_wait(&rig->committed, 2));
    assert_int_equal(rig_number(rig, "SELECT count(*) FROM transitions"), 2);
    store_status(rig->store, &status);
    assert_string_equal(status.fault, "");
    disk_write_check = NULL;
    disk_reserve_path = NULL;
    disk_keep_error = 0;
}

/* It found no room at the start, or somebody took it away. */
static void a_reserve_that_is_missing_is_made_later(void **state)
{
    struct rig *rig = *state;
    char reserve[128];
    (void)snprintf(reserve, sizeof(reserve), "%s.reserve", rig->path);
    rig_open(rig);
    rig_run(rig);
    rig_add_message(rig, 1);
    store_flush(rig->store);
    assert_int_equal(unlink(reserve), 0);
    clock_set(INT64_C(61) * 1000000, 0);
    rig_add_message(rig, 2);
    store_flush(rig->store);
    for (int i = 0; i < 5000 && disk_size(reserve) < 1 << 20; i++)
        (void)poll(NULL, 0, 1);
    assert_true(disk_size(reserve) >= 1 << 20);
}

static void a_store_that_cannot_write_still_closes(void **state)
{
    struct rig *rig = *state;
    rig_open(rig);
    rig_run(rig);
    disk_write_error = ENOSPC;
    rig_add_message(rig, 1);
    rig->store = store_close(rig->store);
    disk_write_error = 0;
    assert_int_equal(rig->committed, 0);
    rig_open(rig);
    rig_check_once(rig, 0);
}

static void what_waits_is_bounded_and_room_comes_back(void **state)
{
    struct rig *rig = *state;
    rig_open(rig);
    rig_run(rig);
    disk_write_error = ENOSPC;
    struct gw_record record = rig_reading(1, 1, 1000);
    int added = 0;
    while (added < 1000000 && store_has_room(rig->store)) {
        store_add(rig->store, &record);
        if (++added % 500 == 0)
            (void)store_seal(rig->store, 2000000);
    }
    assert_in_range(added, 1000, 100000);
    disk_write_error = 0;
    for (int i = 0; i < 5000 && !store_has_room(rig->store); i++) {
        store_flush(rig->store);
        (void)poll(NULL, 0, 1);
    }
    assert_true(store_has_room(rig->store));
    assert_int_equal(rig_number(rig, "SELECT count(*) FROM readings"), added);
}

static const int64_t test_day_us = INT64_C(86400) * 1000000;

/* A day of readings, then the clock jumps by @days; how many are left after a minute. */
static int64_t left_after_jump(struct rig *rig, int days)
{
    const int64_t base_us = INT64_C(20700) * test_day_us;
    clock_set(test_day_us, base_us);
    rig_open(rig);
    rig_run(rig);
    for (int i = 0; i < 20000; i++)
        rig_add(rig, rig_reading(1, i, base_us - i * INT64_C(1000)));
    store_flush(rig->store);
    for (int minute = 1; minute <= 10; minute++) {
        clock_set(test_day_us + minute * INT64_C(61000000),
                  base_us + days * test_day_us + minute * INT64_C(61000000));
        rig_add(rig, rig_delivery(1, (uint64_t)minute, 0));
        store_flush(rig->store);
    }
    return rig_number(rig, "SELECT count(*) FROM readings");
}

static void a_clock_that_jumps_forward_takes_no_history_with_it(void **state)
{
    assert_int_equal(left_after_jump(*state, 400), 20000);
}

static void a_clock_that_jumps_back_takes_none(void **state)
{
    assert_int_equal(left_after_jump(*state, -400), 20000);
}

/* The next start on a clock that was set: is it wrong, or was the gateway off? */
static void a_jump_over_a_restart_takes_no_history_either(void **state)
{
    struct rig *rig = *state;
    assert_int_equal(left_after_jump(rig, 0), 20000);
    rig->store = store_close(rig->store);
    assert_int_equal(left_after_jump(rig, 400), 2 * 20000);
}

/* Readings of a clock that was behind, over one that was right, and the next start on one
 * that is right again: only the wiring knows. */
static void a_clock_that_was_set_while_down_takes_no_history(void **state)
{
    struct rig *rig = *state;
    const int64_t base_us = INT64_C(20700) * test_day_us;
    assert_int_equal(left_after_jump(rig, -400), 20000);
    for (int i = 0; i < 10; i++)
        rig_add(rig, rig_reading(1, i, base_us - 400 * test_day_us + i));
    rig->store = store_close(rig->store);
    clock_set(test_day_us + 1, base_us);
    rig_open(rig);
    rig_run(rig);
    store_clock_was_set(rig->store);
    rig_add(rig, rig_delivery(1, 99, 0));
    store_flush(rig->store);
    store_flush(rig->store);
    assert_int_equal(rig_number(rig, "SELECT count(*) FROM readings"), 20010);
}

static void what_is_old_goes_when_the_clock_went_by_itself(void **state)
{
    struct rig *rig = *state;
    assert_int_equal(left_after_jump(rig, 0), 20000);
    for (int hour = 1; hour <= 24 * 6; hour++) {
        clock_set(test_day_us + hour * INT64_C(3600000000),
                  INT64_C(20700) * test_day_us + hour * INT64_C(3600000000));
        rig_add(rig, rig_delivery(1, 100 + (uint64_t)hour, 0));
        store_flush(rig->store);
    }
    store_flush(rig->store);
    assert_int_equal(rig_number(rig, "SELECT count(*) FROM readings"), 0);
}

static void the_log_does_not_grow_for_ever(void **state)
{
    struct rig *rig = *state;
    struct stat st;
    char wal[128];
    (void)snprintf(wal, sizeof(wal), "%s-wal", rig->path);
    rig_open(rig);
    rig_run(rig);
    for (int commit = 0; commit < 60; commit++) {
        for (int i = 0; i < 5000; i++)
            rig_add(rig, rig_reading(1, i + 0.5, commit * INT64_C(1000000) + i * 200));
        store_flush(rig->store);
    }
    assert_int_equal(stat(wal, &st), 0);
    assert_true(st.st_size < 8 << 20);
    assert_int_equal(rig_number(rig, "SELECT count(*) FROM readings"), 300000);
}

/* Writes messages and tells each acknowledged ticket, until it is killed. */
static void tell_ticket(void *ctx, uint16_t bus, uint64_t ticket)
{
    (void)bus;
    ssize_t written = write(*(int *)ctx, &ticket, sizeof(ticket));
    (void)written; /* the reader kills us */
}

static void run_until_killed(struct rig *rig, int fd)
{
    rig->ops.ctx = &fd;
    rig->ops.committed = tell_ticket;
    rig->ops.appended = NULL;
    rig->ops.encode = NULL;
    rig_open(rig);
    rig_run(rig);
    for (uint64_t ticket = 1;; ticket++) {
        struct gw_record reading = rig_reading((uint32_t)ticket, 1, 1000);
        struct gw_record delivery = rig_delivery(1, ticket, 0);
        store_add(rig->store, &reading);
        store_add(rig->store, &delivery);
        if (ticket % 10 == 0)
            store_flush(rig->store);
    }
}

static void kill_at_any_time_loses_nothing_acknowledged(void **state)
{
    struct rig *rig = *state;
    int fds[2];
    assert_int_equal(pipe(fds), 0);
    pid_t child = fork();
    if (child == 0)
        run_until_killed(rig, fds[1]);
    close(fds[1]);
    uint64_t acknowledged = 0;
    uint64_t ticket = 0;
    while (acknowledged < 500 && read(fds[0], &ticket, sizeof(ticket)) == sizeof(ticket))
        acknowledged = ticket;
    assert_int_equal(kill(child, SIGKILL), 0);
    while (read(fds[0], &ticket, sizeof(ticket)) == sizeof(ticket))
        acknowledged = ticket;
    assert_int_equal(waitpid(child, NULL, 0), child);
    close(fds[0]);
    struct gw_delivered kept = {0};
    struct gw_own_ids ids = {0};
    rig_open(rig);
    store_delivered(rig->store, 1, &kept, &ids);
    assert_true(kept.next > acknowledged);
    assert_true(rig_number(rig, "SELECT count(*) FROM readings")
                >= (int64_t)acknowledged);
    assert_int_equal(rig_number(rig, "SELECT count(*) FROM readings"),
                     (int64_t)kept.next - 1);
}

int main(void)
{
    disk_install();
    const struct CMUnitTest tests[] = {
        RIG_TEST(a_full_disk_holds_back_and_loses_nothing),
        RIG_TEST(a_write_error_reopens_and_loses_nothing),
        RIG_TEST(a_failed_sync_neither_loses_nor_doubles),
        RIG_TEST(an_alarm_takes_the_room_that_is_kept_for_it),
        cmocka_unit_test(a_transition_waits_for_no_retry_of_readings),
        RIG_TEST(a_transition_is_written_where_the_reserve_was),
        RIG_TEST(a_reserve_that_is_missing_is_made_later),
        RIG_TEST(a_store_that_cannot_write_still_closes),
        RIG_TEST(what_waits_is_bounded_and_room_comes_back),
        RIG_TEST(a_clock_that_jumps_forward_takes_no_history_with_it),
        RIG_TEST(a_clock_that_jumps_back_takes_none),
        RIG_TEST(a_jump_over_a_restart_takes_no_history_either),
        RIG_TEST(a_clock_that_was_set_while_down_takes_no_history),
        RIG_TEST(what_is_old_goes_when_the_clock_went_by_itself),
        RIG_TEST(the_log_does_not_grow_for_ever),
        RIG_TEST(kill_at_any_time_loses_nothing_acknowledged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
