#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "ingest/client_name.h"

static void the_name_of_a_subject_is_its_common_name(void **state)
{
    (void)state;
    static const char *const subjects[] = {
        "2153012345-gw-01",
        "CN=2153012345-gw-01",
        "CN=2153012345-gw-01,O=Longyang,C=CN",
        "C=CN, O=Longyang, CN=2153012345-gw-01",
    };
    char name[CLIENT_NAME_MAX];
    for (size_t i = 0; i < sizeof(subjects) / sizeof(subjects[0]); i++) {
        assert_int_equal(client_name_of_subject(subjects[i], name, NULL), 0);
        assert_string_equal(name, "2153012345-gw-01");
    }
}

static void a_subject_that_could_be_read_in_two_ways_is_refused(void **state)
{
    (void)state;
    static const char *const subjects[] = {
        "",
        "CN=",
        "O=Longyang",
        "CN=a,CN=2153012345-gw-01",
        "O=x\\,CN=2153012345-gw-01",
        "O=\"x,CN=2153012345-gw-01\"",
        "O=x+CN=2153012345-gw-01",
        "CN=#0c0161",
    };
    char name[CLIENT_NAME_MAX];
    struct gw_error err;
    for (size_t i = 0; i < sizeof(subjects) / sizeof(subjects[0]); i++)
        assert_int_equal(client_name_of_subject(subjects[i], name, &err), -EACCES);
}

static void a_name_too_long_is_refused(void **state)
{
    (void)state;
    char subject[CLIENT_NAME_MAX + 1];
    char name[CLIENT_NAME_MAX];
    memset(subject, 'a', CLIENT_NAME_MAX);
    subject[CLIENT_NAME_MAX] = '\0';
    assert_int_equal(client_name_of_subject(subject, name, NULL), -EACCES);
    subject[CLIENT_NAME_MAX - 1] = '\0';
    assert_int_equal(client_name_of_subject(subject, name, NULL), 0);
}

static void a_name_is_of_one_gateway(void **state)
{
    (void)state;
    static const char gateway[] = "530502/2153012345/gw-01";
    assert_true(client_name_is_of("2153012345-gw-01", gateway));
    assert_false(client_name_is_of("2153012345-gw-0", gateway));
    assert_false(client_name_is_of("2153012345-gw-012", gateway));
    assert_false(client_name_is_of("2153012346-gw-01", gateway));
    assert_false(client_name_is_of("530502/2153012345/gw-01", gateway));
    assert_false(client_name_is_of("", gateway));
    assert_false(client_name_is_of("2153012345-gw-01", "gw-01"));
    assert_false(client_name_is_of("2153012345-gw-01", "2153012345/gw-01"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_name_of_a_subject_is_its_common_name),
        cmocka_unit_test(a_subject_that_could_be_read_in_two_ways_is_refused),
        cmocka_unit_test(a_name_too_long_is_refused),
        cmocka_unit_test(a_name_is_of_one_gateway),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
