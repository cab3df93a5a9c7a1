#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "http/listen.h"

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
        cmocka_unit_test(the_socket_file_is_for_owner_and_group_and_replaces_a_dead_one),
        cmocka_unit_test(a_file_that_is_no_socket_is_left_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
