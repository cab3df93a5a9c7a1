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
#include <sys/stat.h>
#include <unistd.h>

#include "http/listen.h"

static int parse(const char *text, struct gw_error *err)
{
    struct sockaddr_storage address;
    socklen_t size = 0;
    return listen_parse(text, &address, &size, err);
}

static void loopback_addresses_are_taken(void **state)
{
    (void)state;
    struct sockaddr_storage address;
    socklen_t size = 0;
    assert_int_equal(listen_parse("127.0.0.1:8080", &address, &size, NULL), 0);
    assert_int_equal(ntohs(((struct sockaddr_in *)&address)->sin_port), 8080);
    assert_int_equal(listen_parse("[::1]:0", &address, &size, NULL), 0);
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
    assert_true(listen_is_same("[::1]:8080", "[0:0:0:0:0:0:0:1]:8080"));
    assert_true(listen_is_same("127.0.0.1:80", "127.0.0.1:80"));
    assert_false(listen_is_same("127.0.0.1:80", "127.0.0.2:80"));
    assert_false(listen_is_same("127.0.0.1:80", "[::1]:80"));
    assert_false(listen_is_same("127.0.0.1:0", "127.0.0.1:0"));
    assert_false(listen_is_same("0.0.0.0:80", "0.0.0.0:80"));
}

static void port_0_binds_a_free_port_and_tells_it(void **state)
{
    (void)state;
    char address[LISTEN_TEXT_MAX];
    unsigned port = 0;
    int fd = listen_tcp("127.0.0.1:0", address, NULL);
    assert_true(fd >= 0);
    assert_int_equal(sscanf(address, "http://127.0.0.1:%u/", &port), 1);
    assert_true(port > 0);

    char text[LISTEN_TEXT_MAX];
    struct gw_error err = {0};
    (void)snprintf(text, sizeof(text), "127.0.0.1:%u", port);
    assert_int_equal(listen_tcp(text, address, &err), -EADDRINUSE);
    assert_non_null(strstr(err.text, text));
    (void)close(fd);
}

static void the_socket_file_is_for_owner_and_group_and_replaces_a_dead_one(void **state)
{
    (void)state;
    char path[64];
    struct stat file;
    struct gw_error err = {0};
    (void)snprintf(path, sizeof(path), "/tmp/listen_test.%d.sock", (int)getpid());
    int fd = listen_unix(path, &err);
    assert_true(fd >= 0);
    assert_int_equal(stat(path, &file), 0);
    assert_int_equal(file.st_mode & 0777, 0660);

    assert_int_equal(listen_unix(path, &err), -EADDRINUSE);
    assert_non_null(strstr(err.text, "another gateway"));
    (void)close(fd);
    fd = listen_unix(path, &err);
    assert_true(fd >= 0);
    (void)close(fd);
    (void)unlink(path);
}

static void a_file_that_is_no_socket_is_left_alone(void **state)
{
    (void)state;
    char path[64];
    struct gw_error err = {0};
    (void)snprintf(path, sizeof(path), "/tmp/listen_test.%d.txt", (int)getpid());
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    (void)fclose(file);
    assert_int_equal(listen_unix(path, &err), -EADDRINUSE);
    assert_int_equal(access(path, F_OK), 0);
    (void)unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(loopback_addresses_are_taken),
        cmocka_unit_test(other_addresses_wait_for_users),
        cmocka_unit_test(what_is_no_address_and_port_is_refused),
        cmocka_unit_test(one_address_is_the_same_in_each_of_its_forms),
        cmocka_unit_test(port_0_binds_a_free_port_and_tells_it),
        cmocka_unit_test(the_socket_file_is_for_owner_and_group_and_replaces_a_dead_one),
        cmocka_unit_test(a_file_that_is_no_socket_is_left_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
