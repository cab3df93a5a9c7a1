/* What happens while there is no store, and the store that comes. */
#include "store_rig.h"

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
    rig_add(rig, rig_delivery(bus, 1, 0));
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(a_store_that_cannot_be_opened_is_away),
        RIG_TEST(what_happens_meanwhile_gets_the_names_of_the_disk),
        RIG_TEST(without_a_store_memory_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
