#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "certificate_fixture.h"
#include "config_fixture.h"
#include "uplink/county.h"

static const char identity[] = "gateway: {id: gw-01}\n"
                               "school: {code: \"2153012345\", division: \"530502\", "
                               "title: 示例小学, stage: primary}\n";

/* Loads gateway.yaml = @text and reads the uplink's sections. */
static struct county_config load(struct fixture *f, const char *text)
{
    struct county_config config;
    fixture_open(f);
    fixture_put(f, "gateway.yaml", text);
    fixture_load(f);
    county_load(f->config, f->faults, &config);
    return config;
}

static struct county_config load_county(struct fixture *f, const char *county)
{
    char text[1000];
    assert_true(snprintf(text, sizeof(text), "%s%s", identity, county)
                < (int)sizeof(text));
    return load(f, text);
}

static void check_fault(const char *text, const char *expected)
{
    struct fixture f;
    (void)load(&f, text);
    char *faults = fixture_faults(&f);
    if (!strstr(faults, expected))
        fail_msg("'%s' is not in:\n%s", expected, faults);
    free(faults);
    fixture_close(&f);
}

static void defaults_are_those_of_the_contract(void **state)
{
    (void)state;
    struct fixture f;
    struct county_config c = load_county(&f, "county: {broker: \"mqtt://10.0.0.1\"}\n");
    assert_int_equal(config_faults_errors(f.faults), 0);
    assert_int_equal(c.acknowledge, COUNTY_BY_PLATFORM);
    assert_int_equal(c.window, 20);
    assert_int_equal(c.resend_us, 10000000);
    assert_int_equal(c.heartbeat_us, 300000000);
    assert_false(c.telemetry.is_on);
    assert_string_equal(c.gateway, "gw-01");
    assert_string_equal(c.school, "2153012345");
    assert_int_equal(c.stage, GW_PRIMARY);
    fixture_close(&f);
}

static void without_the_section_there_is_no_county(void **state)
{
    (void)state;
    struct fixture f;
    struct county_config c = load_county(&f, "");
    assert_int_equal(config_faults_errors(f.faults), 0);
    assert_null(c.broker);
    fixture_close(&f);
}

static void telemetry_is_chosen_by_globs(void **state)
{
    (void)state;
    struct fixture f;
    struct county_config c = load_county(
        &f, "county: {broker: \"mqtt://10.0.0.1\","
            " telemetry: {points: [\"b1-*/co2\", \"*/desk_lux*\"], every: 5min}}\n");
    assert_int_equal(config_faults_errors(f.faults), 0);
    assert_int_equal(c.telemetry.every_us, 300000000);
    assert_int_equal(c.telemetry.points.count, 2);
    assert_string_equal(c.telemetry.points.items[0], "b1-*/co2");
    assert_string_equal(c.telemetry.points.items[1], "*/desk_lux*");
    fixture_close(&f);
}

static void every_reading_may_be_a_row(void **state)
{
    (void)state;
    struct fixture f;
    struct county_config c =
        load_county(&f, "county: {telemetry: {points: [\"*/panic\"], every: reading}}\n");
    assert_int_equal(config_faults_errors(f.faults), 0);
    assert_true(c.telemetry.is_on);
    assert_int_equal(c.telemetry.every_us, 0);
    fixture_close(&f);
}

static void faults_name_key_and_what_is_allowed(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *expected;
    } cases[] = {
        {"gateway: {id: gw-01}\n", "school: the section is missing"},
        {"gateway: {id: gw-01}\nschool: {code: \"2253012345\", division: \"530502\"}\n",
         "school.code: '2253012345' is no school code (10 digits"},
        {"gateway: {id: gw-01}\nschool: {code: \"2144012345\", division: \"530502\"}\n",
         "school.code: '2144012345'"},
        {"gateway: {id: gw-01}\nschool: {code: \"2153012345\", division: \"53050\"}\n",
         "school.division: '53050' is no division code (six digits)"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        check_fault(cases[i].text, cases[i].expected);
}

static void faults_of_the_broker_are_found_before_the_start(void **state)
{
    (void)state;
    static const struct {
        const char *county;
        const char *expected;
    } cases[] = {
        {"county: {broker: \"http://x\"}\n", "county.broker: 'http://x' is no broker"},
        {"county: {broker: \"mqtts://x:8883\"}\n", "county.ca: missing (mqtts needs"},
        {"county: {broker: \"mqtt://x\", key: k.pem}\n",
         "county.certificate: certificate and key belong together"},
        {"county: {broker: \"mqtt://x\", password_file: p}\n", "county.user: missing"},
        {"county: {broker: \"mqtt://x\", ca: ca.pem}\n",
         "county.ca: is for mqtts, and goes unused with 'mqtt://x'"},
        {"county: {broker: \"mqtt://127.0.0.1\", certificate: c, key: k}\n",
         "county.certificate: is for mqtts"},
        {"county: {broker: \"mqtt://county.example\"}\n",
         "warning: county.broker: 'mqtt://county.example' is without encryption"},
        {"county: {broker: \"mqtts://x\", ca: /nowhere/ca.pem}\n",
         "warning: county.ca: '/nowhere/ca.pem': No such file or directory"},
        {"county: {broker: \"mqtt://x\", window: 0}\n", "county.window"},
        {"county: {broker: \"mqtt://x\", telemetry: {every: 1min}}\n",
         "county.telemetry: 'points' is missing"},
        {"county: {broker: \"mqtt://x\", telemetry: {points: [a], every: hourly}}\n",
         "county.telemetry.every"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char text[1000];
        assert_true(snprintf(text, sizeof(text), "%s%s", identity, cases[i].county) > 0);
        check_fault(text, cases[i].expected);
    }
}

/* Of RFC 8032, 7.1, tests 1 and 2. */
#define KEY_1 "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
#define KEY_2 "PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw="

static void keys_of_who_may_order_are_read(void **state)
{
    (void)state;
    struct fixture f;
    struct county_config c =
        load_county(&f, "county: {broker: \"mqtt://127.0.0.1\", command_keys: "
                        "{county-1: \"" KEY_1 "\", spare: \"" KEY_2 "\"}}\n");
    assert_int_equal(config_faults_errors(f.faults), 0);
    assert_int_equal(c.command_keys.count, 2);
    assert_string_equal(c.command_keys.items[0].name, "county-1");
    assert_int_equal(c.command_keys.items[0].bytes[0], 0xd7);
    assert_int_equal(c.command_keys.items[1].bytes[31], 0x0c);
    fixture_close(&f);
    c = load_county(&f, "county: {broker: \"mqtt://127.0.0.1\"}\n");
    assert_int_equal(c.command_keys.count, 0);
    fixture_close(&f);
}

static void keys_that_nobody_can_sign_with_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *keys;
        const char *expected;
    } cases[] = {
        {"{a: county}", "county.command_keys.a: no base64 (allowed: an Ed25519"},
        {"{a: 11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo}", "no base64"},
        {"{a: [1]}", "county.command_keys.a: no base64"},
        {"{a: \"\"}", "county.command_keys.a: 0 bytes"},
        {"{a: AAECAw==}", "county.command_keys.a: 4 bytes (allowed"},
        {"{a: AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=}", "no key that can sign"},
        {"{a: AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=}", "no key that can sign"},
        {"{a: \"" KEY_1 "\", b: \"" KEY_1 "\"}",
         "county.command_keys.b: the same key as 'a'"},
        {"{\"a b\": \"" KEY_1 "\"}", "'a b' is no name of a key"},
        {"[a]", "county.command_keys: no list of keys (allowed: at most 16"},
        {"{k1: x, k2: x, k3: x, k4: x, k5: x, k6: x, k7: x, k8: x, k9: x, k10: x, k11: x,"
         " k12: x, k13: x, k14: x, k15: x, k16: x, k17: x}",
         "county.command_keys: no list of keys"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char text[1000];
        assert_true(
            snprintf(text, sizeof(text),
                     "%scounty: {broker: \"mqtt://127.0.0.1\", command_keys: %s}\n",
                     identity, cases[i].keys)
            < (int)sizeof(text));
        check_fault(text, cases[i].expected);
    }
}

static void a_broker_on_the_board_needs_no_encryption(void **state)
{
    (void)state;
    static const char *const urls[] = {"mqtt://localhost:1884", "mqtt://127.0.0.1:1884",
                                       "mqtt://[::1]:1884"};
    for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
        struct fixture f;
        char text[80];
        (void)snprintf(text, sizeof(text), "county: {broker: \"%s\"}\n", urls[i]);
        (void)load_county(&f, text);
        char *faults = fixture_faults(&f);
        assert_null(strstr(faults, "county.broker"));
        free(faults);
        fixture_close(&f);
    }
}

/* A CA that ends in @ca_days, and a pair of which @key_of is the certificate's or another
 * key, in files of their own; what is said of them. */
static char *faults_of_files(long ca_days, long own_days, bool is_others_key)
{
    static const long day_s = 86400;
    struct fixture f;
    char folder[] = "/tmp/county-XXXXXX";
    char text[400];
    char paths[4][64];
    assert_non_null(mkdtemp(folder));
    for (int i = 0; i < 4; i++)
        (void)snprintf(paths[i], sizeof(paths[i]), "%s/%d", folder, i);
    pair_write(paths[0], paths[2], ca_days * day_s + 60);
    pair_write(paths[1], paths[is_others_key ? 3 : 2], own_days * day_s + 60);
    (void)snprintf(text, sizeof(text),
                   "county: {broker: \"mqtts://x\", ca: %s, certificate: %s, key: %s}\n",
                   paths[0], paths[1], paths[2]);
    (void)load_county(&f, text);
    assert_int_equal(config_faults_errors(f.faults), 0);
    char *said = fixture_faults(&f);
    fixture_close(&f);
    for (int i = 0; i < 4; i++)
        (void)unlink(paths[i]);
    assert_int_equal(rmdir(folder), 0);
    return said;
}

static void certificates_that_end_or_do_not_fit_are_warned_of(void **state)
{
    (void)state;
    static const struct {
        long ca_days;
        long own_days;
        bool is_others_key;
        const char *expected;
    } cases[] = {
        {100, 29, false, "warning: county.certificate: '"},
        {-3, 29, false, "warning: county.ca: '"},
        {100, 100, true, "is not for the key in '"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char *said =
            faults_of_files(cases[i].ca_days, cases[i].own_days, cases[i].is_others_key);
        if (!strstr(said, cases[i].expected))
            fail_msg("\"%s\" instead of \"%s\"", said, cases[i].expected);
        free(said);
    }
    char *said = faults_of_files(100, 31, false);
    assert_null(strstr(said, "county."));
    free(said);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults_are_those_of_the_contract),
        cmocka_unit_test(without_the_section_there_is_no_county),
        cmocka_unit_test(telemetry_is_chosen_by_globs),
        cmocka_unit_test(every_reading_may_be_a_row),
        cmocka_unit_test(faults_name_key_and_what_is_allowed),
        cmocka_unit_test(faults_of_the_broker_are_found_before_the_start),
        cmocka_unit_test(keys_of_who_may_order_are_read),
        cmocka_unit_test(keys_that_nobody_can_sign_with_are_refused),
        cmocka_unit_test(certificates_that_end_or_do_not_fit_are_warned_of),
        cmocka_unit_test(a_broker_on_the_board_needs_no_encryption),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
