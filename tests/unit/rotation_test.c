#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "certificate_fixture.h"
#include "uplink/rotation.h"

enum { DAY_S = 86400 };

static const int64_t second_us = 1000000;

struct rig {
    char folder[32];
    char ca[64];
    char certificate[64];
    char key[64];
    char spare[64];
    struct county_config config;
    struct rotation rotation;
    int64_t now_us;
};

static struct rig rig;

/* As certbot and people do: another file takes the name. */
static void put_key(EVP_PKEY *key)
{
    key_write(rig.spare, key, NULL);
    assert_int_equal(rename(rig.spare, rig.key), 0);
}

static void put_certificate(EVP_PKEY *key, long left_s)
{
    X509 *x = certificate_new(key, left_s);
    certificate_write(rig.spare, x, "we");
    X509_free(x);
    assert_int_equal(rename(rig.spare, rig.certificate), 0);
}

static void put_pair(long left_s)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    assert_non_null(key);
    put_key(key);
    put_certificate(key, left_s);
    EVP_PKEY_free(key);
}

static void start(void)
{
    rotation_start(&rig.rotation, &rig.config, 0.5);
}

static int set_up(void **state)
{
    (void)state;
    rig = (struct rig){.folder = "/tmp/rotation-XXXXXX", .now_us = second_us};
    if (!mkdtemp(rig.folder))
        return -1;
    (void)snprintf(rig.ca, sizeof(rig.ca), "%s/ca.pem", rig.folder);
    (void)snprintf(rig.certificate, sizeof(rig.certificate), "%s/own.pem", rig.folder);
    (void)snprintf(rig.key, sizeof(rig.key), "%s/own.key", rig.folder);
    (void)snprintf(rig.spare, sizeof(rig.spare), "%s/spare", rig.folder);
    rig.config = (struct county_config){.broker = "mqtts://county.example",
                                        .ca = rig.ca,
                                        .certificate = rig.certificate,
                                        .key = rig.key};
    pair_write(rig.ca, rig.key, 3650L * DAY_S);
    put_pair(100L * DAY_S);
    clock_set(rig.now_us, (int64_t)time(NULL) * second_us);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    rotation_end(&rig.rotation);
    clock_release();
    (void)unlink(rig.ca);
    (void)unlink(rig.certificate);
    (void)unlink(rig.key);
    return rmdir(rig.folder);
}

/* Two looks: one sees the change, the other that it has been still since.  true: a new
 * set is there. */
static bool look(void)
{
    bool is_new = false;
    for (int i = 0; i < 2; i++) {
        rig.now_us += ROTATION_LOOK_US;
        assert_true(rotation_is_awake(&rig.rotation, rig.now_us));
        is_new = rotation_look(&rig.rotation, rig.now_us) || is_new;
    }
    return is_new;
}

static const struct credentials *pick(void)
{
    const struct credentials *picked = NULL;
    struct gw_error err;
    if (rotation_pick(&rig.rotation, &picked, &err) < 0)
        fail_msg("%s", err.text);
    return picked;
}

static void refuse_twice(void)
{
    rotation_refused(&rig.rotation);
    rotation_refused(&rig.rotation);
}

static void connect_well(void)
{
    (void)pick();
    rotation_online(&rig.rotation, rig.now_us);
}

static long days_told(void)
{
    struct county_credentials told;
    rotation_status(&rig.rotation, &told);
    return told.end_us ? (told.end_us / second_us - time(NULL) + DAY_S / 2) / DAY_S : 0;
}

static const char *fault_told(void)
{
    static struct county_credentials told;
    rotation_status(&rig.rotation, &told);
    return told.fault;
}

static void renewed_pair_is_taken_once_it_is_still(void **state)
{
    (void)state;
    start();
    const struct credentials *before = pick();
    assert_int_equal(days_told(), 100);
    assert_false(look());
    put_pair(200L * DAY_S);
    rig.now_us += ROTATION_LOOK_US;
    assert_false(rotation_look(&rig.rotation, rig.now_us));
    rig.now_us += ROTATION_LOOK_US;
    assert_true(rotation_look(&rig.rotation, rig.now_us));
    assert_int_equal(days_told(), 200);
    assert_ptr_not_equal(pick(), before);
    assert_false(look());
}

static void half_of_a_pair_leaves_the_one_before(void **state)
{
    (void)state;
    start();
    connect_well();
    const struct credentials *before = pick();
    EVP_PKEY *next = EVP_EC_gen("P-256");
    put_key(next);
    assert_false(look());
    assert_ptr_equal(pick(), before);
    assert_int_equal(days_told(), 100);
    assert_non_null(strstr(fault_told(), "county.certificate: '"));
    assert_non_null(strstr(fault_told(), "is not for the key in '"));
    put_certificate(next, 200L * DAY_S);
    EVP_PKEY_free(next);
    assert_true(look());
    assert_string_equal(fault_told(), "");
    assert_int_equal(days_told(), 200);
}

static void file_that_is_gone_leaves_the_one_before(void **state)
{
    (void)state;
    start();
    const struct credentials *before = pick();
    assert_int_equal(unlink(rig.ca), 0);
    assert_false(look());
    assert_non_null(strstr(fault_told(), "county.ca: '"));
    assert_ptr_equal(pick(), before);
}

static void pair_that_the_broker_refuses_gives_way_to_the_one_before(void **state)
{
    (void)state;
    start();
    connect_well();
    const struct credentials *before = pick();
    put_pair(200L * DAY_S);
    assert_true(look());
    rotation_offline(&rig.rotation);
    const struct credentials *next = pick();
    assert_ptr_not_equal(next, before);
    rotation_refused(&rig.rotation);
    assert_ptr_equal(pick(), next);
    rotation_refused(&rig.rotation);
    assert_ptr_equal(pick(), before);
    rotation_refused(&rig.rotation);
    assert_ptr_equal(pick(), before);
    rotation_refused(&rig.rotation);
    assert_ptr_equal(pick(), next);
    rotation_online(&rig.rotation, rig.now_us);
    refuse_twice();
    assert_ptr_equal(pick(), next); /* taken: the one before is forgotten */
}

static void pair_that_nobody_took_is_not_gone_back_to(void **state)
{
    (void)state;
    start();
    (void)pick();
    put_pair(200L * DAY_S);
    assert_true(look());
    const struct credentials *next = pick();
    refuse_twice();
    assert_ptr_equal(pick(), next);
}

static void connection_near_its_end_gives_way_in_its_turn(void **state)
{
    (void)state;
    put_pair(6L * DAY_S);
    start();
    connect_well();
    assert_false(look());
    assert_false(rotation_is_due(&rig.rotation, rig.now_us + 600 * second_us));
    put_pair(200L * DAY_S);
    assert_true(look());
    assert_false(rotation_is_due(&rig.rotation, rig.now_us + 299 * second_us));
    assert_true(rotation_is_due(&rig.rotation, rig.now_us + 300 * second_us));
    rotation_offline(&rig.rotation);
    connect_well();
    assert_false(rotation_is_due(&rig.rotation, rig.now_us + 300 * second_us));
}

static void connection_whose_end_is_far_stays(void **state)
{
    (void)state;
    start();
    connect_well();
    put_pair(200L * DAY_S);
    assert_true(look());
    assert_false(rotation_is_due(&rig.rotation, rig.now_us + DAY_S * second_us));
}

static void pair_that_was_refused_is_tried_again_within_the_hour(void **state)
{
    (void)state;
    put_pair(6L * DAY_S);
    start();
    connect_well();
    put_pair(200L * DAY_S);
    assert_true(look());
    refuse_twice();
    (void)pick();
    rotation_online(&rig.rotation, rig.now_us);
    assert_false(look());
    assert_false(rotation_is_due(&rig.rotation, rig.now_us + 3500 * second_us));
    assert_true(rotation_is_due(&rig.rotation, rig.now_us + 3600 * second_us));
}

static void files_that_come_later_are_read_by_the_next_connection(void **state)
{
    (void)state;
    const struct credentials *picked;
    struct gw_error err;
    assert_int_equal(unlink(rig.key), 0);
    start();
    assert_true(rotation_pick(&rig.rotation, &picked, &err) < 0);
    assert_non_null(strstr(err.text, "No such file"));
    put_pair(200L * DAY_S);
    assert_non_null(pick());
    assert_string_equal(fault_told(), "");
}

static void broker_without_tls_needs_none(void **state)
{
    (void)state;
    rig.config = (struct county_config){.broker = "mqtt://127.0.0.1"};
    start();
    assert_false(rotation_is_awake(&rig.rotation, INT64_MAX));
    assert_null(pick());
    assert_int_equal(days_told(), 0);
}

#define ROTATION_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ROTATION_TEST(renewed_pair_is_taken_once_it_is_still),
        ROTATION_TEST(half_of_a_pair_leaves_the_one_before),
        ROTATION_TEST(file_that_is_gone_leaves_the_one_before),
        ROTATION_TEST(pair_that_the_broker_refuses_gives_way_to_the_one_before),
        ROTATION_TEST(pair_that_nobody_took_is_not_gone_back_to),
        ROTATION_TEST(connection_near_its_end_gives_way_in_its_turn),
        ROTATION_TEST(connection_whose_end_is_far_stays),
        ROTATION_TEST(pair_that_was_refused_is_tried_again_within_the_hour),
        ROTATION_TEST(files_that_come_later_are_read_by_the_next_connection),
        ROTATION_TEST(broker_without_tls_needs_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
