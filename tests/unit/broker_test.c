#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gw/broker.h"

static void an_address_is_taken_apart(void **state)
{
    (void)state;
    static const struct {
        const char *url;
        const char *host;
        uint16_t port;
        bool is_tls;
    } cases[] = {
        {"mqtt://10.0.0.2:1884", "10.0.0.2", 1884, false},
        {"mqtt://broker.school", "broker.school", 1883, false},
        {"mqtts://county.example", "county.example", 8883, true},
        {"mqtts://county.example:65535", "county.example", 65535, true},
        {"mqtt://[::1]:1884", "::1", 1884, false},
        {"mqtts://[fd00::2]", "fd00::2", 8883, true},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct gw_broker b;
        assert_int_equal(gw_broker_read(cases[i].url, GW_BROKER_ANY, &b, NULL), 0);
        assert_string_equal(b.host, cases[i].host);
        assert_int_equal(b.port, cases[i].port);
        assert_int_equal(b.is_tls, cases[i].is_tls);
    }
}

static void what_is_no_address_is_refused(void **state)
{
    (void)state;
    static const char *const broken[] = {
        "",          "mqtt://",      "mqtt://:1883",  "mqtt://x:",    "mqtt://x:0",
        "mqtt://x/", "mqtt://[::1",  "mqtt://x:12a",  "mqtt://x:+1",  "mqtt://x:65536",
        "http://x",  "mqtt://[]:12", "mqtt://[::1]x", "mqtt://x:-12", "mqtt://x:0001883",
    };
    for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
        struct gw_broker b = {.port = 1};
        struct gw_error err = {0};
        assert_int_equal(gw_broker_read(broken[i], GW_BROKER_ANY, &b, &err), -EINVAL);
        assert_int_equal(b.port, 1);
        assert_non_null(strstr(err.text, "mqtt://host:1883 or mqtts://host:8883"));
    }
}

static void a_host_longer_than_a_name_may_be_is_refused(void **state)
{
    (void)state;
    char url[GW_BROKER_HOST_MAX + 16];
    struct gw_broker b;
    (void)snprintf(url, sizeof(url), "mqtt://%0*d", GW_BROKER_HOST_MAX - 1, 1);
    assert_int_equal(gw_broker_read(url, GW_BROKER_PLAIN, &b, NULL), 0);
    (void)snprintf(url, sizeof(url), "mqtt://%0*d", GW_BROKER_HOST_MAX, 1);
    assert_int_equal(gw_broker_read(url, GW_BROKER_PLAIN, &b, NULL), -EINVAL);
}

static void who_cannot_speak_tls_is_not_given_it(void **state)
{
    (void)state;
    struct gw_broker b;
    struct gw_error err = {0};
    assert_int_equal(gw_broker_read("mqtts://x", GW_BROKER_PLAIN, &b, &err), -EINVAL);
    assert_string_equal(err.text, "'mqtts://x' is no broker (mqtt://host:1883)");
}

static void an_address_that_cannot_be_one_is_refused(void **state)
{
    (void)state;
    struct gw_broker b;
    struct gw_error err = {0};
    assert_int_equal(gw_broker_read("mqtt://10.0.0.256:1883", GW_BROKER_ANY, &b, &err),
                     -EINVAL);
    assert_string_equal(err.text,
                        "'10.0.0.256' is no IPv4 address (allowed: four numbers "
                        "from 0 to 255, or a name)");
}

static void an_address_that_is_numeric_resolves_to_itself(void **state)
{
    (void)state;
    struct gw_broker b;
    char numeric[GW_BROKER_NUMERIC_MAX];
    assert_int_equal(gw_broker_read("mqtt://[::1]", GW_BROKER_PLAIN, &b, NULL), 0);
    for (unsigned attempt = 0; attempt < 3; attempt++) {
        assert_int_equal(gw_broker_resolve(&b, attempt, numeric, NULL), 0);
        assert_string_equal(numeric, "::1");
    }
}

static void a_host_nobody_knows_is_named(void **state)
{
    (void)state;
    struct gw_broker b;
    struct gw_error err = {0};
    char numeric[GW_BROKER_NUMERIC_MAX];
    assert_int_equal(gw_broker_read("mqtt://no..host", GW_BROKER_PLAIN, &b, NULL), 0);
    assert_int_equal(gw_broker_resolve(&b, 0, numeric, &err), -EHOSTUNREACH);
    assert_non_null(strstr(err.text, "broker no..host: "));
}

/* What gw_broker_password() makes of a file with @text and @mode. */
static int read_file(const char *text, mode_t mode, char ret[GW_BROKER_PASSWORD_MAX],
                     struct gw_error *err)
{
    char path[] = "/tmp/broker_test.XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    assert_int_equal(fchmod(fd, mode), 0);
    close(fd);
    int r = gw_broker_password(path, ret, err);
    assert_int_equal(unlink(path), 0);
    return r;
}

static void a_password_is_the_first_line_of_its_file(void **state)
{
    (void)state;
    char password[GW_BROKER_PASSWORD_MAX];
    assert_int_equal(read_file("s3 cret\r\nnot this\n", 0600, password, NULL), 0);
    assert_string_equal(password, "s3 cret");
    assert_int_equal(read_file("no end", 0640, password, NULL), 0);
    assert_string_equal(password, "no end");
}

static void a_password_that_cannot_be_one_is_refused(void **state)
{
    (void)state;
    char password[GW_BROKER_PASSWORD_MAX] = "before";
    char longest[GW_BROKER_PASSWORD_MAX + 1];
    struct gw_error err = {0};
    (void)snprintf(longest, sizeof(longest), "%0*d", GW_BROKER_PASSWORD_MAX - 1, 1);
    assert_int_equal(read_file("secret", 0604, password, &err), -EACCES);
    assert_non_null(strstr(err.text, "others may read it (mode 0600)"));
    assert_int_equal(read_file("\nsecond", 0600, password, &err), -EINVAL);
    assert_int_equal(read_file("", 0600, password, &err), -EINVAL);
    assert_int_equal(read_file(longest, 0600, password, &err), -E2BIG);
    assert_int_equal(gw_broker_password("/nowhere/p", password, &err), -ENOENT);
    assert_string_equal(err.text,
                        "password_file '/nowhere/p': No such file or directory");
    assert_string_equal(password, "before");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_address_is_taken_apart),
        cmocka_unit_test(what_is_no_address_is_refused),
        cmocka_unit_test(a_host_longer_than_a_name_may_be_is_refused),
        cmocka_unit_test(who_cannot_speak_tls_is_not_given_it),
        cmocka_unit_test(an_address_that_cannot_be_one_is_refused),
        cmocka_unit_test(an_address_that_is_numeric_resolves_to_itself),
        cmocka_unit_test(a_host_nobody_knows_is_named),
        cmocka_unit_test(a_password_is_the_first_line_of_its_file),
        cmocka_unit_test(a_password_that_cannot_be_one_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
