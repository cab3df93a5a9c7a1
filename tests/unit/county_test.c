/* Whatever fails between a record and the county: nothing is lost, nothing doubled. */
#include "county_rig.h"

#include <dlfcn.h>
#include <mosquitto.h>
#include <netdb.h>

/* A name with two addresses, the first of them ::1, where no broker listens; every other
 * question goes to the resolver.  libmosquitto asks this one. */
static const char two_addresses[] = "county.two-addresses.test";

int getaddrinfo(const char *name, const char *service, const struct addrinfo *hints,
                struct addrinfo **ret)
{
    int (*resolver)(const char *, const char *, const struct addrinfo *,
                    struct addrinfo **);
    void *symbol = dlsym(RTLD_NEXT, "getaddrinfo");
    memcpy(&resolver, &symbol, sizeof(resolver));
    if (!name || strcmp(name, two_addresses) != 0)
        return resolver(name, service, hints, ret);
    int r = resolver("::1", service, hints, ret);
    return r ? r : resolver("127.0.0.1", service, hints, &(*ret)->ai_next);
}

static struct archive_counts counts(struct path *p)
{
    struct archive_counts ret;
    struct gw_error err;
    if (archive_count(p->archive, &ret, &err) < 0)
        fail_msg("%s", err.text);
    return ret;
}

static struct county_status status(struct path *p)
{
    struct county_status ret;
    county_status(p->county, &ret);
    return ret;
}

static bool is_online(struct path *p)
{
    return status(p).is_connected;
}

static bool is_offline(struct path *p)
{
    return !status(p).is_connected;
}

static bool is_drained(struct path *p)
{
    struct store_status store;
    store_status(p->rig->store, &store);
    return store.outbox_total == p->made && store.outbox_acknowledged == p->made;
}

static bool is_idle(struct path *p)
{
    return status(p).in_flight == 0;
}

static bool is_all_with_the_broker(struct path *p)
{
    return status(p).sent == p->made;
}

static bool has_resent(struct path *p)
{
    return status(p).resent > 0;
}

static void check_complete(struct path *p)
{
    struct archive_counts ret = counts(p);
    assert_int_equal(ret.rows, p->made);
    assert_int_equal(ret.duplicates, 0);
    assert_int_equal(ret.dead_letters, 0);
    assert_int_equal(ret.gaps, 0);
}

static void every_row_reaches_the_county_and_is_ended(void **state)
{
    struct path *p = *state;
    start_broker(p);
    start_receiver(p);
    start_county(p);
    wait_until(p, is_online, "the uplink is connected");
    for (int i = 0; i < 20; i++) {
        make_readings(p, 20);
        make_alarm(p);
        turn(p);
    }
    wait_until(p, is_drained, "everything is acknowledged");
    wait_until(p, is_idle, "nothing is on its way");
    check_complete(p);
    assert_int_equal(status(p).acknowledged, p->made);
}

static void broker_away_loses_and_doubles_nothing(void **state)
{
    struct path *p = *state;
    start_broker(p);
    start_receiver(p);
    start_county(p);
    make_readings(p, 200);
    wait_until(p, is_drained, "the first rows are acknowledged");
    make_readings(p, 100);
    turn(p);
    stop_broker(p);
    wait_until(p, is_offline, "the uplink has noticed");
    assert_true(status(p).fault[0] != '\0');
    make_readings(p, 1000);
    make_alarm(p);
    start_broker(p);
    wait_until(p, is_drained, "the backlog is acknowledged");
    check_complete(p);
}

static void receiver_alone_away_loses_and_doubles_nothing(void **state)
{
    struct path *p = *state;
    start_broker(p);
    start_receiver(p);
    start_county(p);
    make_readings(p, 50);
    wait_until(p, is_drained, "the first rows are acknowledged");
    stop_receiver(p);
    make_readings(p, 300);
    make_alarm(p);
    wait_until(p, is_all_with_the_broker, "the broker has everything");
    wait_until(p, has_resent, "unanswered rows are sent again");
    assert_int_equal(counts(p).rows, 50);
    start_receiver(p);
    wait_until(p, is_drained, "everything is acknowledged");
    check_complete(p);
}

static void restart_of_the_uplink_goes_on_where_it_was(void **state)
{
    struct path *p = *state;
    make_readings(p, 100);
    start_broker(p);
    start_county(p);
    wait_until(p, is_all_with_the_broker, "the broker has everything");
    stop_county(p);
    p->rig->store = store_close(p->rig->store);
    start_store(p);
    start_receiver(p);
    make_readings(p, 10);
    start_county(p);
    wait_until(p, is_drained, "everything is acknowledged");
    check_complete(p);
}

static void puback_ends_rows_where_the_platform_cannot_answer(void **state)
{
    struct path *p = *state;
    p->config.acknowledge = COUNTY_BY_BROKER;
    start_broker(p);
    start_county(p);
    make_readings(p, 100);
    make_alarm(p);
    wait_until(p, is_drained, "the broker has acknowledged everything");
    assert_int_equal(status(p).resent, 0);
}

static void tls_carries_rows_both_ways(void **state)
{
    struct path *p = *state;
    add_tls(p);
    start_broker(p);
    start_receiver(p);
    start_county(p);
    make_readings(p, 100);
    make_alarm(p);
    wait_until(p, is_drained, "everything is acknowledged");
    check_complete(p);
}

static bool has_fault(struct path *p)
{
    return status(p).fault[0] != '\0';
}

static void broker_of_another_ca_is_refused(void **state)
{
    struct path *p = *state;
    add_tls(p);
    char other[96];
    char other_key[96];
    (void)snprintf(other, sizeof(other), "%s/other.pem", p->rig->folder);
    (void)snprintf(other_key, sizeof(other_key), "%s/other-key.pem", p->rig->folder);
    make_certificate(other, other_key);
    p->config.ca = other;
    start_broker(p);
    start_county(p);
    make_readings(p, 1);
    wait_until(p, has_fault, "the uplink says what is wrong");
    assert_int_equal(status(p).sent, 0);
    assert_false(status(p).is_connected);
}

static void broker_behind_the_second_address_of_its_name_is_found(void **state)
{
    struct path *p = *state;
    (void)snprintf(p->broker_url, sizeof(p->broker_url), "mqtt://%s:%d", two_addresses,
                   p->port);
    start_broker(p);
    start_county(p);
    wait_until(p, is_online, "the uplink is connected");
}

static int64_t presence_is(struct path *p, const char *word)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *st = NULL;
    assert_int_equal(sqlite3_open(p->archive_path, &db), SQLITE_OK);
    assert_int_equal(
        sqlite3_prepare_v2(db,
                           "SELECT count(*) FROM presence WHERE topic = 'state'"
                           " AND json_extract(body, '$.data.status') = ?1"
                           " OR json_extract(body, '$.data.cause') = ?1",
                           -1, &st, NULL),
        SQLITE_OK);
    assert_int_equal(sqlite3_bind_text(st, 1, word, -1, SQLITE_STATIC), SQLITE_OK);
    assert_int_equal(sqlite3_step(st), SQLITE_ROW);
    int64_t count = sqlite3_column_int64(st, 0);
    sqlite3_finalize(st);
    sqlite3_close(db);
    return count;
}

static bool county_sees_online(struct path *p)
{
    return presence_is(p, "online") == 1;
}

static bool county_sees_stopped(struct path *p)
{
    return presence_is(p, "stopped") == 1;
}

static void county_sees_online_and_the_end_in_order(void **state)
{
    struct path *p = *state;
    start_broker(p);
    start_receiver(p);
    start_county(p);
    wait_until(p, county_sees_online, "the county sees the gateway online");
    stop_county(p);
    wait_until(p, county_sees_stopped, "the county sees that it was stopped");
    assert_int_equal(counts(p).dead_letters, 0);
}

/* Another client with the uplink's id, as a copied card has it. */
static struct mosquitto *twin_of(struct path *p)
{
    bool is_tls = p->config.ca != NULL;
    struct mosquitto *twin = mosquitto_new("gateway-2153012345-gw-01", true, NULL);
    assert_non_null(twin);
    if (is_tls)
        assert_int_equal(
            mosquitto_tls_set(twin, p->certificate, NULL, p->certificate, p->key, NULL),
            MOSQ_ERR_SUCCESS);
    assert_int_equal(
        mosquitto_connect(twin, "127.0.0.1", is_tls ? p->tls_port : p->port, 20),
        MOSQ_ERR_SUCCESS);
    return twin;
}

static void check_that_a_twin_is_named(struct path *p)
{
    start_broker(p);
    start_county(p);
    for (int i = 0; i < 3; i++) {
        wait_until(p, is_online, "the uplink is connected");
        assert_false(status(p).is_contested);
        struct mosquitto *twin = twin_of(p);
        while (is_online(p))
            assert_int_equal(mosquitto_loop(twin, 5, 1), MOSQ_ERR_SUCCESS);
        mosquitto_destroy(twin);
    }
    assert_true(status(p).is_contested);
    assert_non_null(strstr(status(p).fault, "'gateway-2153012345-gw-01' used twice"));
}

static void client_id_that_is_used_twice_is_named(void **state)
{
    check_that_a_twin_is_named(*state);
}

static void client_id_that_is_used_twice_is_named_in_tls(void **state)
{
    add_tls(*state);
    check_that_a_twin_is_named(*state);
}

int main(void)
{
    (void)signal(SIGPIPE, SIG_IGN);
    const struct CMUnitTest tests[] = {
        PATH_TEST(every_row_reaches_the_county_and_is_ended),
        PATH_TEST(broker_away_loses_and_doubles_nothing),
        PATH_TEST(receiver_alone_away_loses_and_doubles_nothing),
        PATH_TEST(restart_of_the_uplink_goes_on_where_it_was),
        PATH_TEST(puback_ends_rows_where_the_platform_cannot_answer),
        PATH_TEST(tls_carries_rows_both_ways),
        PATH_TEST(broker_of_another_ca_is_refused),
        PATH_TEST(broker_behind_the_second_address_of_its_name_is_found),
        PATH_TEST(client_id_that_is_used_twice_is_named),
        PATH_TEST(client_id_that_is_used_twice_is_named_in_tls),
        PATH_TEST(county_sees_online_and_the_end_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
