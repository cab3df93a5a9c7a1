#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "config_fixture.h"
#include "uplink/county.h"

/* Loads gateway.yaml with @county as its section. */
static struct county_config load(struct fixture *f, const char *county)
{
    struct county_config config;
    char text[1200];
    assert_true(snprintf(text, sizeof(text),
                         "gateway: {id: gw-01}\n"
                         "school: {code: \"2153012345\", division: \"530502\"}\n"
                         "county: {%s}\n",
                         county)
                < (int)sizeof(text));
    fixture_open(f);
    fixture_put(f, "gateway.yaml", text);
    fixture_put(f, "ca.pem", "-----BEGIN CERTIFICATE-----\n");
    fixture_load(f);
    county_load(f->config, f->faults, &config);
    return config;
}

static void check_fault(const char *county, const char *expected)
{
    struct fixture f;
    (void)load(&f, county);
    char *faults = fixture_faults(&f);
    if (!strstr(faults, expected))
        fail_msg("'%s' is not in:\n%s", expected, faults);
    free(faults);
    fixture_close(&f);
}

static void batches_alone_are_a_way_to_the_county(void **state)
{
    (void)state;
    struct fixture f;
    struct county_config c =
        load(&f, "batch: {url: \"https://county.example/gateways\"}, ca: ca.pem");
    assert_int_equal(config_faults_errors(f.faults), 0);
    assert_true(county_is_on(&c));
    assert_null(c.broker);
    assert_string_equal(c.batch.url, "https://county.example/gateways");
    assert_int_equal(c.batch.after_us, INT64_C(600000000));
    fixture_close(&f);
}

static void without_broker_and_batches_there_is_no_county(void **state)
{
    (void)state;
    struct fixture f;
    struct county_config c = load(&f, "resend: 10s");
    assert_false(county_is_on(&c));
    fixture_close(&f);
}

static void certificates_may_be_for_the_batches_of_a_plain_broker(void **state)
{
    (void)state;
    struct fixture f;
    (void)load(&f, "broker: \"mqtt://127.0.0.1\", ca: ca.pem, "
                   "batch: {url: \"https://county.example\", after: 1h}");
    assert_int_equal(config_faults_errors(f.faults), 0);
    fixture_close(&f);
}

static void in_clear_only_on_this_machine(void **state)
{
    (void)state;
    struct fixture f;
    (void)load(&f, "batch: {url: \"http://127.0.0.1:8080\"}");
    assert_int_equal(config_faults_errors(f.faults), 0);
    fixture_close(&f);
    check_fault("batch: {url: \"http://county.example\"}",
                "county.batch.url: 'http://county.example': in clear");
}

static void an_address_that_is_none_is_refused(void **state)
{
    (void)state;
    check_fault("batch: {url: county.example}",
                "county.batch.url: 'county.example': no address");
    check_fault("batch: {url: \"ftp://county.example\"}", "another way than https");
    check_fault("batch: {url: \"https://a:b@county.example\"}, ca: ca.pem",
                "a user belongs into county.user");
    check_fault("batch: {url: \"https://county.example/?x=1\"}, ca: ca.pem",
                "nothing after a '?' or '#' is sent");
    check_fault("batch: {url: \"https://county.example\"}",
                "county.ca: missing (https needs the county's own CA)");
    check_fault("batch: {after: 5min}", "county.batch: 'url' is missing");
    check_fault("batch: {url: \"https://county.example\", after: 1s}",
                "county.batch.after");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(batches_alone_are_a_way_to_the_county),
        cmocka_unit_test(without_broker_and_batches_there_is_no_county),
        cmocka_unit_test(certificates_may_be_for_the_batches_of_a_plain_broker),
        cmocka_unit_test(in_clear_only_on_this_machine),
        cmocka_unit_test(an_address_that_is_none_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
