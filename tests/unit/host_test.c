#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "gw/host.h"

static void names_and_addresses_pass(void **state)
{
    (void)state;
    static const char *const hosts[] = {"line-1.school.example", "line_1", "192.0.2.7",
                                        "2001:db8::7", "fe80::1%eth0"};
    for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++)
        assert_int_equal(gw_host_check(hosts[i], NULL), 0);
}

static void what_is_more_than_a_host_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *host;
        const char *expected;
    } cases[] = {
        {"", "the host is empty"},
        {"192.168.1.500", "'192.168.1.500' is no IPv4 address"},
        {"192.0.2.7:502", "'192.0.2.7:502' is more than a host"},
        {"line-1:502", "'line-1:502' is more than a host"},
        {"http://192.0.2.7", "'http://192.0.2.7' is more than a host"},
        {"192.0.2.7 ", "'192.0.2.7 ' is more than a host"},
        {"192.0.2.7/24", "'192.0.2.7/24' is more than a host"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct gw_error err = {0};
        assert_int_equal(gw_host_check(cases[i].host, &err), -EINVAL);
        assert_non_null(strstr(err.text, cases[i].expected));
    }
}

static void only_loopback_is_here(void **state)
{
    (void)state;
    assert_true(gw_host_is_here("localhost") && gw_host_is_here("127.1.2.3")
                && gw_host_is_here("::1"));
    assert_false(gw_host_is_here("192.0.2.7") || gw_host_is_here("127.example"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_and_addresses_pass),
        cmocka_unit_test(what_is_more_than_a_host_is_refused),
        cmocka_unit_test(only_loopback_is_here),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
