/* What happens while there is no store, and the store that comes. */
#include "store_rig.h"

#include <errno.h>
#include <pthread.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#include "store/carry.h"
#include "store/database.h"
#include "store/migrate.h"

/* In place of libc's; 0 = the kernel answers. */
static int lock_error;

int flock(int fd, int operation)
{
    if (!lock_error)
        return (int)syscall(SYS_flock, fd, operation);
    errno = lock_error;
    return -1;
}

/* A file system without locks is no second gateway. */
static void only_another_gateway_ends_a_start(void **state)
{
    struct rig *rig = *state;
    struct store *second = NULL;
    struct gw_error err = {0};
    lock_error = ENOLCK;
    int r = store_open(&rig->config, &rig->store, &err);
    lock_error = 0;
    assert_int_equal(r, 1);
    assert_non_null(strstr(err.text, "cannot lock"));
    rig_restart(rig);
    assert_int_equal(store_open(&rig->config, &second, &err), -EADDRINUSE);
    assert_non_null(strstr(err.text, "another gateway is using it"));
}

static void a_store_that_cannot_be_opened_is_away(void **state)
{
    struct rig *rig = *state;
    struct gw_error err = {0};
    struct store_status status = {0};
    uint32_t id = 0;
    rig->config.path = "/nowhere/at/all/campus.db";
    assert_int_equal(store_open(&rig->config, &rig->store, &err), 1);
    assert_non_null(strstr(err.text, "/nowhere/at/all/campus.db"));
    assert_true(store_is_away(rig->store));
    assert_int_equal(store_point_id(rig->store, "b1-203/co2", &id, &err), 0);
    assert_int_equal(id, 1);
    store_status(rig->store, &status);
    assert_true(status.is_away);
    assert_non_null(strstr(status.fault, "its folder does not exist"));
    rig->store = store_close(rig->store);
    rig->config.path = rig->folder;
    assert_int_equal(store_open(&rig->config, &rig->store, &err), 1);
}

/* A folder that is not mounted yet. */
static void hide_and_open(struct rig *rig, char hidden[128])
{
    (void)snprintf(hidden, 128, "%s.away", rig->folder);
    assert_int_equal(rename(rig->folder, hidden), 0);
    struct gw_error err = {0};
    assert_int_equal(store_open(&rig->config, &rig->store, &err), 1);
}

static void give_back(struct rig *rig, const char *hidden)
{
    assert_int_equal(rename(hidden, rig->folder), 0);
    for (int i = 0; i < 5000 && !store_can_open(rig->store); i++)
        (void)poll(NULL, 0, 1);
    assert_true(store_can_open(rig->store));
    store_come(rig->store);
}

static void note_kept(void *ctx, const struct gw_state *kept)
{
    char *seen = ctx;
    (void)snprintf(seen + strlen(seen), 200 - strlen(seen), "%s=%.*s ", kept->key,
                   (int)kept->size, (const char *)kept->bytes);
}

static void what_happens_meanwhile_gets_the_names_of_the_disk(void **state)
{
    struct rig *rig = *state;
    char hidden[128];
    char seen[200] = "";
    uint32_t co2 = 0;
    uint32_t noise = 0;
    uint32_t later = 0;
    uint16_t bus = 0;
    struct gw_record kept = {.kind = GW_RECORD_STATE, .state = {"alarm", "a", "old", 3}};
    rig_open(rig);
    assert_int_equal(store_point_id(rig->store, "b1-203/co2", &co2, NULL), 0);
    assert_int_equal(store_point_id(rig->store, "b1-203/noise", &noise, NULL), 0);
    assert_int_equal(store_bus_id(rig->store, "broker", &bus, NULL), 0);
    rig_run(rig);
    rig_add(rig, rig_transition(7, "TF-01", "panic-gate", 1000));
    rig_add(rig, rig_delivery(bus, 5, 0));
    rig_add(rig, kept);
    kept.state.key = "b";
    rig_add(rig, kept);
    rig->store = store_close(rig->store);

    rig->committed = 0;
    hide_and_open(rig, hidden);
    assert_int_equal(store_point_id(rig->store, "b1-203/noise", &later, NULL), 0);
    assert_int_not_equal(later, noise);
    assert_int_equal(store_bus_id(rig->store, "broker", &bus, NULL), 0);
    uint64_t uid = store_last_alarm_uid(rig->store) + 1;
    rig_run(rig);
    rig_add(rig, rig_reading(later, 61, 2000));
    rig_add(rig, rig_delivery(bus, 2, 0));
    rig_add(rig, rig_transition(uid, "TF-01", "panic-gate", 2000));
    kept.state = (struct gw_state){"alarm", "a", "new", 3};
    rig_add(rig, kept);
    assert_int_equal(store_seal(rig->store, INT64_MAX), INT64_MAX);
    store_flush(rig->store);
    assert_int_equal(rig->committed, 0);
    give_back(rig, hidden);

    assert_int_equal(store_point_id(rig->store, "b1-203/noise", &later, NULL), 0);
    assert_int_equal(later, noise);
    assert_int_equal(store_each_state(rig->store, note_kept, seen, NULL), 0);
    assert_string_equal(seen, "b=old a=new ");
    rig_run(rig);
    store_flush(rig->store);
    assert_true(rig_wait(&rig->committed, 6));
    char sql[96];
    (void)snprintf(sql, sizeof(sql), "SELECT count(*) FROM readings WHERE point = %u",
                   noise);
    assert_int_equal(rig_number(rig, sql), 1);
    assert_int_equal(rig_number(rig, "SELECT max(uid) FROM transitions"), 8);
    assert_int_equal(rig_number(rig, "SELECT alarm_uid FROM progress"), 8);
}

/* One message of two readings, each @value. */
static void add_message(struct rig *rig, uint32_t point, double value,
                        struct gw_delivery delivery)
{
    struct gw_record reading = rig_reading(point, value, 1000);
    if (delivery.may_be_again)
        reading.reading.flags = GW_MAYBE_AGAIN;
    rig_add(rig, reading);
    rig_add(rig, reading);
    rig_add(rig, (struct gw_record){.kind = GW_RECORD_DELIVERY, .delivery = delivery});
}

/* Messages 7, with an own id 8, and 9 of "broker" are on the disk; then the store is
 * away. */
static void take_some_and_hide(struct rig *rig, char hidden[128])
{
    uint32_t point = 0;
    uint16_t bus = 0;
    rig_open(rig);
    assert_int_equal(store_bus_id(rig->store, "another", &bus, NULL), 0);
    assert_int_equal(store_bus_id(rig->store, "broker", &bus, NULL), 0);
    assert_int_equal(store_point_id(rig->store, "b1-203/co2", &point, NULL), 0);
    rig_run(rig);
    add_message(
        rig, point, 7,
        (struct gw_delivery){.ticket = 1, .hash = 0x77, .message_id = 7, .bus = bus});
    add_message(rig, point, 8,
                (struct gw_delivery){.ticket = 2, .hash = 0x88, .bus = bus});
    add_message(
        rig, point, 9,
        (struct gw_delivery){.ticket = 3, .hash = 0x99, .message_id = 9, .bus = bus});
    rig->store = store_close(rig->store);
    hide_and_open(rig, hidden);
}

static int64_t readings_of(struct rig *rig, int value)
{
    char sql[64];
    (void)snprintf(sql, sizeof(sql), "SELECT count(*) FROM readings WHERE value = %d",
                   value);
    return rig_number(rig, sql);
}

static void bring_in(struct rig *rig, const char *hidden)
{
    give_back(rig, hidden);
    rig_run(rig);
    store_flush(rig->store);
    rig->store = store_close(rig->store);
}

static void a_message_that_is_on_the_disk_is_stored_once(void **state)
{
    struct rig *rig = *state;
    char hidden[128];
    uint32_t point = 0;
    uint16_t bus = 0;
    take_some_and_hide(rig, hidden);
    assert_int_equal(store_bus_id(rig->store, "broker", &bus, NULL), 0);
    assert_int_equal(store_point_id(rig->store, "b1-203/co2", &point, NULL), 0);
    rig_run(rig);
    struct gw_delivery d = {
        .ticket = 2, .hash = 0x77, .message_id = 7, .bus = bus, .may_be_again = true};
    add_message(rig, point, 7, d);
    d = (struct gw_delivery){
        .ticket = 3, .hash = 0x66, .message_id = 6, .bus = bus, .may_be_again = true};
    add_message(rig, point, 6, d);
    d = (struct gw_delivery){
        .ticket = 4, .hash = 0x77, .message_id = 7, .bus = bus, .forget = 1};
    add_message(rig, point, 7, d); /* alike, and new */
    d = (struct gw_delivery){.ticket = 5, .hash = 0x88, .bus = bus, .may_be_again = true};
    add_message(rig, point, 8, d);
    bring_in(rig, hidden);
    assert_int_equal(readings_of(rig, 7), 2 + 2);
    assert_int_equal(readings_of(rig, 6), 2);
    assert_int_equal(readings_of(rig, 8), 2);
}

/* What is in doubt on the disk after a message came that forgot up to @forget. */
static void bring_in_one(struct rig *rig, uint64_t forget, struct gw_delivered *ret)
{
    char hidden[128];
    uint16_t bus = 0;
    struct gw_own_ids ids = {0};
    take_some_and_hide(rig, hidden);
    assert_int_equal(store_bus_id(rig->store, "broker", &bus, NULL), 0);
    assert_false(store_delivered(rig->store, bus, ret, &ids));
    assert_int_equal(ret->next, 2);
    rig_run(rig);
    add_message(
        rig, 1, 6,
        (struct gw_delivery){
            .ticket = 2, .hash = 0x66, .message_id = 6, .bus = bus, .forget = forget});
    bring_in(rig, hidden);
    rig_open(rig);
    assert_int_equal(store_bus_id(rig->store, "broker", &bus, NULL), 0);
    assert_true(store_delivered(rig->store, bus, ret, &ids));
    assert_int_equal(ret->next, 5);
    assert_int_equal(ids.count, 1);
    assert_int_equal(ret->items[ret->count - 1].message_id, 6);
    assert_int_equal(ret->items[ret->count - 1].ticket, 4);
}

static void what_may_still_come_again_stays_in_doubt(void **state)
{
    struct gw_delivered kept = {0};
    bring_in_one(*state, 0, &kept);
    assert_int_equal(kept.count, 3);
    assert_int_equal(kept.items[0].message_id, 7);
    assert_int_equal(kept.items[1].message_id, 9);
}

static void what_cannot_come_again_is_forgotten(void **state)
{
    struct gw_delivered kept = {0};
    bring_in_one(*state, 1, &kept);
    assert_int_equal(kept.count, 1);
}

static void without_a_store_memory_is_bounded(void **state)
{
    struct rig *rig = *state;
    struct gw_error err = {0};
    int added = 0;
    rig->config.path = "/nowhere/at/all/campus.db";
    assert_int_equal(store_open(&rig->config, &rig->store, &err), 1);
    while (added < 1000000 && store_has_room(rig->store)) {
        rig_add(rig, rig_reading(1, 1, 1000));
        added++;
    }
    assert_in_range(added, 1000, 100000);
}

/* Of a class, until its first is given up; returns how many were kept. */
static size_t add_until_given_up(struct rig *rig, struct gw_record record,
                                 const uint64_t *given_up, struct store_status *status)
{
    size_t added = 0;
    do {
        record.transition.uid += record.kind == GW_RECORD_TRANSITION;
        rig_add(rig, record);
        store_status(rig->store, status);
    } while (*given_up == 0 && ++added < 1000000);
    return added;
}

/* Readings give way first, then evidence, the transitions of alarms last; what an alarm
 * is now stays even then. */
static void what_is_given_up_is_counted_and_alarms_come_last(void **state)
{
    struct rig *rig = *state;
    struct gw_error err = {0};
    struct store_status status = {0};
    char seen[200] = "";
    const struct gw_fact_value value = {.name = "minutes", .value = 31.5};
    struct gw_record fact = {
        .kind = GW_RECORD_FACT,
        .fact = {.kind = "lesson", .object = "b1-203", .values = &value, .count = 1}};
    struct gw_record kept = {.kind = GW_RECORD_STATE, .state = {"alarm", "a", "now", 3}};
    rig->config.path = "/nowhere/at/all/campus.db";
    assert_int_equal(store_open(&rig->config, &rig->store, &err), 1);
    while (store_has_room(rig->store))
        rig_add(rig, rig_reading(1, 1, 1000));
    size_t facts = add_until_given_up(rig, fact, &status.given_up_evidence, &status);
    assert_in_range(facts, 1000, CARRY_ROWS_MAX);
    assert_int_equal(status.given_up_evidence, 1);
    assert_int_equal(status.given_up_transitions, 0);
    size_t steps = add_until_given_up(
        rig, rig_transition(store_last_alarm_uid(rig->store), "TF-01", "gate", 1000),
        &status.given_up_transitions, &status);
    assert_in_range(steps, 5000, 2 * CARRY_ROWS_MAX);
    assert_int_equal(status.given_up_evidence, 1);
    rig_add(rig, kept);
    assert_int_equal(store_each_state(rig->store, note_kept, seen, NULL), 0);
    assert_string_equal(seen, "a=now ");
}

/* naming - a thread that writes the names again and again, as each try to open does. */
struct naming {
    struct carry *carry;
    struct registry registry;
    atomic_int rounds;
    atomic_bool should_stop;
    int result;
};

static void *write_names(void *ctx)
{
    struct naming *n = ctx;
    while (!n->should_stop && n->result == 0) {
        n->result = carry_write_names(n->carry, &n->registry, NULL);
        n->rounds++;
    }
    return NULL;
}

/* A plugin publishes new points while the file is tried. */
static void names_may_be_added_while_they_are_written(void **state)
{
    struct rig *rig = *state;
    struct naming n = {0};
    struct gw_error err = {0};
    sqlite3 *db = NULL;
    pthread_t thread;
    uint32_t id = 0;
    uint16_t bus = 0;
    int64_t written = 0;
    assert_int_equal(database_open(rig->path, &db, &err), 0);
    assert_int_equal(migrate(db, migrations, migration_count, &err), 0);
    assert_int_equal(registry_open(&n.registry, db), SQLITE_OK);
    assert_int_equal(carry_new(&n.carry), 0);
    assert_int_equal(pthread_create(&thread, NULL, write_names, &n), 0);
    for (uint32_t i = 1; i <= 3000 || n.rounds < 3; i++) {
        char name[32];
        (void)snprintf(name, sizeof(name), "b1-%u/co2", i % 3000);
        assert_int_equal(carry_point(n.carry, name, &id), 0);
        (void)snprintf(name, sizeof(name), "bus-%u", i % 500);
        assert_int_equal(carry_bus(n.carry, name, &bus), 0);
    }
    n.should_stop = true;
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_int_equal(n.result, 0);
    assert_int_equal(carry_write_names(n.carry, &n.registry, &err), 0);
    assert_int_equal(database_number(db, "SELECT count(*) FROM points", &written, &err),
                     0);
    assert_int_equal(written, 3000);
    carry_free(n.carry);
    database_rollback(db);
    registry_close(&n.registry);
    registry_forget(&n.registry);
    database_close(db);
}

/* A store that was away and to which one alarm came. */
static uint64_t keep_an_alarm(struct rig *rig, char hidden[128])
{
    hide_and_open(rig, hidden);
    uint64_t uid = store_last_alarm_uid(rig->store) + 1;
    rig_run(rig);
    rig_add(rig, rig_transition(uid, "TF-01", "panic-gate", 2000));
    return uid;
}

static void an_alarm_outlives_a_store_that_comes_and_cannot_run(void **state)
{
    struct rig *rig = *state;
    char hidden[128];
    struct gw_error why = {0};
    struct gw_error err = {0};
    struct rlimit files;
    uint64_t uid = keep_an_alarm(rig, hidden);
    give_back(rig, hidden);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &files), 0);
    const struct rlimit none = {.rlim_cur = 3, .rlim_max = files.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
    int r = store_run(rig->store, &rig->ops, &why);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &files), 0);
    assert_int_equal(r, -EMFILE);
    assert_int_equal(store_leave(rig->store, &why, &err), 0);
    assert_true(store_carried_alarm_uid(rig->store) == uid);
    rig_run(rig);
    for (int i = 0; i < 5000 && !store_can_open(rig->store); i++)
        (void)poll(NULL, 0, 1);
    store_come(rig->store);
    rig_run(rig);
    store_flush(rig->store);
    assert_int_equal(rig_number(rig, "SELECT count(*) FROM transitions"), 1);
}

/* The next try of its thread would be half a minute away. */
static void what_waits_is_written_by_a_last_try(void **state)
{
    struct rig *rig = *state;
    char hidden[128];
    (void)keep_an_alarm(rig, hidden);
    assert_false(store_try_last(rig->store));
    assert_int_equal(rename(hidden, rig->folder), 0);
    assert_true(store_try_last(rig->store));
    store_come(rig->store);
    rig_run(rig);
    rig->store = store_close(rig->store);
    assert_int_equal(rig_number(rig, "SELECT count(*) FROM transitions"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(a_store_that_cannot_be_opened_is_away),
        RIG_TEST(only_another_gateway_ends_a_start),
        RIG_TEST(what_happens_meanwhile_gets_the_names_of_the_disk),
        RIG_TEST(a_message_that_is_on_the_disk_is_stored_once),
        RIG_TEST(what_may_still_come_again_stays_in_doubt),
        RIG_TEST(what_cannot_come_again_is_forgotten),
        RIG_TEST(without_a_store_memory_is_bounded),
        RIG_TEST(what_is_given_up_is_counted_and_alarms_come_last),
        RIG_TEST(names_may_be_added_while_they_are_written),
        RIG_TEST(an_alarm_outlives_a_store_that_comes_and_cannot_run),
        RIG_TEST(what_waits_is_written_by_a_last_try),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
