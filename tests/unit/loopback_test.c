#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/loopback.h"

static int parse(const char *text, struct gw_error *err)
{
    struct sockaddr_storage address;
    socklen_t size = 0;
    return loopback_parse("listen", text, &address, &size, err);
}

static void loopback_addresses_are_taken(void **state)
{
    (void)state;
    struct sockaddr_storage address;
    socklen_t size = 0;
    assert_int_equal(loopback_parse("listen", "127.0.0.1:8080", &address, &size, NULL),
                     0);
    assert_int_equal(ntohs(((struct sockaddr_in *)&address)->sin_port), 8080);
    assert_int_equal(loopback_parse("listen", "[::1]:0", &address, &size, NULL), 0);
    assert_int_equal(address.ss_family, AF_INET6);
    assert_int_equal(parse("127.8.9.1:65535", NULL), 0);
}

static void other_addresses_wait_for_users(void **state)
{
    (void)state;
    static const char *const open[] = {"0.0.0.0:80", "192.168.1.2:8080", "[::]:8443"};
    for (size_t i = 0; i < sizeof(open) / sizeof(open[0]); i++) {
        struct gw_error err = {0};
        assert_int_equal(parse(open[i], &err), -EACCES);
        assert_non_null(strstr(err.text, open[i]));
        assert_non_null(strstr(err.text, "127.0.0.0/8"));
    }
}

static void what_is_no_address_and_port_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"",        "8080",          "localhost:80",
                                      "::1:80",  "127.0.0.1",     "127.0.0.1:",
                                      "[::1]",   "127.0.0.1:-1",  "127.0.0.1:65536",
                                      "[::1:80", "127.0.0.1:80x", "[]:80"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_int_equal(parse(bad[i], NULL), -EINVAL);
}

static void one_address_is_the_same_in_each_of_its_forms(void **state)
{
    (void)state;
    assert_true(loopback_is_same("[::1]:8080", "[0:0:0:0:0:0:0:1]:8080"));
    assert_true(loopback_is_same("127.0.0.1:80", "127.0.0.1:80"));
    assert_false(loopback_is_same("127.0.0.1:80", "127.0.0.2:80"));
    assert_false(loopback_is_same("127.0.0.1:80", "[::1]:80"));
    assert_false(loopback_is_same("127.0.0.1:0", "127.0.0.1:0"));
    assert_false(loopback_is_same("0.0.0.0:80", "0.0.0.0:80"));
}

static void port_0_binds_a_free_port_and_tells_it(void **state)
{
    (void)state;
    char address[LOOPBACK_TEXT_MAX];
    unsigned port = 0;
    int fd = loopback_listen("listen", "127.0.0.1:0", address, NULL);
    assert_true(fd >= 0);
    assert_int_equal(sscanf(address, "http://127.0.0.1:%u/", &port), 1);
    assert_true(port > 0);

    char text[LOOPBACK_TEXT_MAX];
    struct gw_error err = {0};
    (void)snprintf(text, sizeof(text), "127.0.0.1:%u", port);
    assert_int_equal(loopback_listen("listen", text, address, &err), -EADDRINUSE);
    assert_non_null(strstr(err.text, text));
    (void)close(fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(loopback_addresses_are_taken),
        cmocka_unit_test(other_addresses_wait_for_users),
        cmocka_unit_test(what_is_no_address_and_port_is_refused),
        cmocka_unit_test(one_address_is_the_same_in_each_of_its_forms),
        cmocka_unit_test(port_0_binds_a_free_port_and_tells_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
