/* What is kept of messages, and for how long. */
#include "store_rig.h"

static struct gw_delivered delivered_of(struct rig *rig, uint16_t bus)
{
    struct gw_delivered kept = {0};
    struct gw_own_ids ids = {0};
    store_delivered(rig->store, bus, &kept, &ids);
    return kept;
}

static void deliveries_come_back_until_they_are_forgotten(void **state)
{
    struct rig *rig = *state;
    rig_open(rig);
    rig_run(rig);
    for (uint64_t ticket = 1; ticket <= 5; ticket++)
        rig_add(rig, rig_delivery(1, ticket, 0));
    rig_add(rig, rig_delivery(2, 9, 0));
    rig_restart(rig);
    struct gw_delivered kept = delivered_of(rig, 1);
    assert_int_equal(kept.count, 5);
    assert_int_equal(kept.next, 6);
    assert_int_equal(kept.items[4].ticket, 5);
    assert_int_equal(kept.items[4].message_id, 5);
    assert_int_equal(kept.items[4].bus, 1);
    assert_true(kept.items[4].hash == 0xABCD000000000005u);
    rig_run(rig);
    rig_add(rig, rig_delivery(1, 6, 5));
    rig_restart(rig);
    kept = delivered_of(rig, 1);
    assert_int_equal(kept.count, 1);
    assert_int_equal(kept.items[0].ticket, 6);
    assert_int_equal(kept.next, 7);
    assert_int_equal(
        rig_number(rig, "SELECT count(*) FROM deliveries WHERE number >> 48 = 1"), 1);
    kept = delivered_of(rig, 2);
    assert_int_equal(kept.count, 1);
    assert_int_equal(kept.next, 10);
}

static struct gw_record with_own_id(uint16_t bus, uint64_t ticket, uint64_t forget)
{
    struct gw_record record = rig_delivery(bus, ticket, forget);
    record.delivery.message_id = 0;
    return record;
}

/* Ten messages a commit; every fourth commit of bus 1 has none with an own id. */
static void commit_own_ids(struct rig *rig, uint64_t messages)
{
    for (uint64_t ticket = 1; ticket <= messages; ticket++) {
        bool is_own = ticket / 10 % 4 != 0;
        rig_add(rig, is_own ? with_own_id(1, ticket, ticket - 1)
                            : rig_delivery(1, ticket, ticket - 1));
        rig_add(rig, with_own_id(2, ticket, ticket - 1));
        if (ticket % 10 == 9)
            store_flush(rig->store);
    }
}

static void ids_of_their_own_stay_when_they_are_acknowledged(void **state)
{
    struct rig *rig = *state;
    struct gw_delivered kept = {0};
    struct gw_own_ids ids = {0};
    rig_open(rig);
    rig_run(rig);
    commit_own_ids(rig, 79);
    rig_restart(rig);
    store_delivered(rig->store, 1, &kept, &ids);
    assert_int_equal(kept.count, 0);
    assert_int_equal(kept.next, 80);
    assert_int_equal(ids.count, 60); /* 10 to 39 and 50 to 79 */
    assert_true(ids.hashes[0] == 0xABCD000000000000u + 10);
    assert_true(ids.hashes[30] == 0xABCD000000000000u + 50);
    assert_true(ids.hashes[59] == 0xABCD000000000000u + 79);
    assert_int_equal(
        rig_number(rig, "SELECT count(*) FROM deliveries WHERE number >> 48 = 1"), 6);
}

/* The last 65,535 messages of each bus at least, and a bounded number beyond. */
static void ids_of_their_own_fill_no_disk(void **state)
{
    struct rig *rig = *state;
    struct gw_delivered kept = {0};
    struct gw_own_ids ids = {0};
    const uint64_t messages = 90000 + 9;
    rig_open(rig);
    rig_run(rig);
    commit_own_ids(rig, messages);
    rig_restart(rig);
    store_delivered(rig->store, 2, &kept, &ids);
    assert_in_range(ids.count, 65535, 65535 + 128 + 10);
    for (size_t i = 0; i < ids.count; i++)
        assert_true(ids.hashes[ids.count - 1 - i] == 0xABCD000000000000u + messages - i);
    assert_in_range(rig_number(rig, "SELECT count(*) FROM deliveries"), 13107, 13160);
}

static struct gw_own_ids own_ids_of(struct rig *rig, uint16_t bus)
{
    struct gw_delivered kept = {0};
    struct gw_own_ids ids = {0};
    store_delivered(rig->store, bus, &kept, &ids);
    return ids;
}

static struct gw_record again(uint16_t bus, uint64_t ticket, uint64_t forget)
{
    struct gw_record record = with_own_id(bus, ticket, forget);
    record.delivery.is_again = true;
    return record;
}

/* However often a broker sends all again, and whatever else shares the bus. */
static void repeats_push_no_id_out(void **state)
{
    struct rig *rig = *state;
    const uint64_t repeats = 70000;
    rig_open(rig);
    rig_run(rig);
    for (uint64_t ticket = 1; ticket <= 1000; ticket++)
        rig_add(rig, with_own_id(1, ticket, ticket - 1));
    store_flush(rig->store);
    int64_t pages = rig_number(rig, "PRAGMA page_count");
    for (uint64_t ticket = 1001; ticket <= 1000 + repeats; ticket++) {
        rig_add(rig, ticket % 3 ? again(1, ticket, ticket - 1)
                                : rig_delivery(1, ticket, ticket - 1));
        if (ticket % 1000 == 0)
            store_flush(rig->store);
    }
    rig_restart(rig);
    struct gw_own_ids ids = own_ids_of(rig, 1);
    assert_int_equal(ids.count, 1000);
    assert_true(ids.hashes[0] == 0xABCD000000000001u);
    assert_in_range(rig_number(rig, "PRAGMA page_count"), pages, pages + 100);
}

/* Both kinds in one commit: the others go when they are settled, their neighbours stay.
 */
static void an_id_keeps_no_other_message(void **state)
{
    struct rig *rig = *state;
    rig_open(rig);
    rig_run(rig);
    rig_add(rig, with_own_id(1, 1, 0));
    for (uint64_t ticket = 2; ticket <= 100; ticket++)
        rig_add(rig, rig_delivery(1, ticket, 0));
    rig_add(rig, again(1, 101, 0));
    rig_add(rig, rig_delivery(1, 102, 0));
    rig_add(rig, with_own_id(1, 103, 0));
    rig_restart(rig);
    struct gw_delivered kept = delivered_of(rig, 1);
    assert_int_equal(kept.count, 100);
    assert_int_equal(kept.items[98].ticket, 100);
    assert_int_equal(kept.items[99].ticket, 102);
    assert_int_equal(own_ids_of(rig, 1).count, 2);
    rig_run(rig);
    rig_add(rig, rig_delivery(1, 104, 103));
    rig_restart(rig);
    assert_int_equal(delivered_of(rig, 1).count, 1);
    assert_int_equal(own_ids_of(rig, 1).count, 2);
    assert_int_equal(rig_number(rig, "SELECT sum(length(items)) FROM deliveries"), 30);
}

/* Their tickets are given anew after a restart: nothing may call those settled. */
static void repeats_at_the_end_take_no_ticket_with_them(void **state)
{
    struct rig *rig = *state;
    rig_open(rig);
    rig_run(rig);
    rig_add(rig, with_own_id(1, 1, 0));
    for (uint64_t ticket = 2; ticket <= 9; ticket++)
        rig_add(rig, again(1, ticket, ticket - 1));
    store_flush(rig->store);
    rig_add(rig, again(1, 10, 9));
    rig_restart(rig);
    assert_int_equal(delivered_of(rig, 1).next, 2);
    rig_run(rig);
    rig_add(rig, rig_delivery(1, 2, 1));
    rig_restart(rig);
    assert_int_equal(delivered_of(rig, 1).count, 1);
    assert_int_equal(delivered_of(rig, 1).next, 3);
}

/* @from to @to in packet ids of their own, a commit for each thousand. */
static void deliver(struct rig *rig, uint64_t *ticket, uint64_t from, uint64_t to,
                    uint64_t forget)
{
    for (uint64_t number = from; number <= to; number++) {
        struct gw_record record = rig_delivery(1, ++*ticket, forget);
        record.delivery.hash = number;
        record.delivery.message_id = (uint16_t)((number - 1) % 65535 + 1);
        rig_add(rig, record);
        if (*ticket % 1000 == 0)
            store_flush(rig->store);
    }
}

/* The newest of each packet id. */
static void a_bus_that_never_forgets_fills_no_disk(void **state)
{
    struct rig *rig = *state;
    uint64_t ticket = 0;
    rig_open(rig);
    rig_run(rig);
    deliver(rig, &ticket, 1, 200000, 0);
    rig_restart(rig);
    struct gw_delivered kept = delivered_of(rig, 1);
    assert_in_range(kept.count, 65535, 2 * 65535 + 1000);
    for (uint64_t i = 0; i < 65535; i++)
        assert_int_equal(kept.items[kept.count - 1 - i].hash, 200000 - i);
    assert_int_equal(kept.next, 200001);
    assert_in_range(rig_number(rig, "SELECT sum(length(items)) FROM deliveries"), 655350,
                    2 * 655350 + 20000);
}

/* Number 20001 was never settled, and a broker that is restarted again and again sends
 * those before it each time. */
static void repeats_push_no_doubt_out(void **state)
{
    struct rig *rig = *state;
    static bool is_kept[60001];
    uint64_t ticket = 0;
    rig_open(rig);
    rig_run(rig);
    deliver(rig, &ticket, 1, 60000, 0);
    for (int times = 0; times < 8; times++)
        deliver(rig, &ticket, 1, 20000, 20000);
    rig_restart(rig);
    struct gw_delivered kept = delivered_of(rig, 1);
    assert_in_range(kept.count, 60000, 2 * 65535 + 1000);
    for (size_t i = 0; i < kept.count; i++)
        is_kept[kept.items[i].hash] = true;
    for (size_t number = 1; number <= 60000; number++)
        assert_true(is_kept[number]);
}

static void tickets_rise_for_life_though_all_is_forgotten(void **state)
{
    struct rig *rig = *state;
    rig_open(rig);
    struct gw_delivered kept = delivered_of(rig, 1);
    assert_int_equal(kept.count, 0);
    assert_int_equal(kept.next, 1);
    rig_run(rig);
    rig_add(rig, rig_delivery(1, 1, 0));
    rig_add(rig, rig_delivery(1, 8, 8));
    rig_restart(rig);
    kept = delivered_of(rig, 1);
    assert_int_equal(kept.count, 0);
    assert_int_equal(kept.next, 9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(deliveries_come_back_until_they_are_forgotten),
        RIG_TEST(ids_of_their_own_stay_when_they_are_acknowledged),
        RIG_TEST(ids_of_their_own_fill_no_disk),
        RIG_TEST(repeats_push_no_id_out),
        RIG_TEST(an_id_keeps_no_other_message),
        RIG_TEST(repeats_at_the_end_take_no_ticket_with_them),
        RIG_TEST(repeats_push_no_doubt_out),
        RIG_TEST(a_bus_that_never_forgets_fills_no_disk),
        RIG_TEST(tickets_rise_for_life_though_all_is_forgotten),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
