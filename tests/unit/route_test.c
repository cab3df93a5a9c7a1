#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "http/resource.h"

static char item[ROUTE_ITEM_MAX];
static const char *allow;

static void check_route(const char *method, const char *path, const char *route,
                        const char *expected_item)
{
    const struct route *found = route_find(method, path, item, &allow);
    assert_non_null(found);
    assert_string_equal(found->path, route);
    assert_string_equal(item, expected_item);
}

static void fixed_paths_are_found(void **state)
{
    (void)state;
    check_route("GET", "/", "/", "");
    check_route("GET", "/api/v1/status", "/api/v1/status", "");
    check_route("HEAD", "/healthz", "/healthz", "");
}

static void a_point_is_named_with_its_slash_or_by_number(void **state)
{
    (void)state;
    check_route("GET", "/api/v1/points/b1-203/desk_lux.window/history",
                "/api/v1/points/{}/history", "b1-203/desk_lux.window");
    check_route("GET", "/api/v1/points/17/history", "/api/v1/points/{}/history", "17");
    assert_true(route_find("GET", "/api/v1/points/17/history", item, &allow)->is_slow);
}

static void an_action_keeps_alarm_and_verb(void **state)
{
    (void)state;
    check_route("POST", "/api/v1/alarms/TF-01@panic-gate/ack", "/api/v1/alarms/{}",
                "TF-01@panic-gate/ack");
    assert_int_equal(route_find("POST", "/api/v1/alarms/a@b/ack", item, &allow)->role,
                     ROLE_GUARD);
}

static void a_wrong_method_is_told_the_right_ones(void **state)
{
    (void)state;
    assert_null(route_find("DELETE", "/api/v1/alarms", item, &allow));
    assert_string_equal(allow, "GET, HEAD");
    assert_null(route_find("GET", "/api/v1/alarms/a@b/ack", item, &allow));
    assert_string_equal(allow, "POST");
    assert_null(route_find("get", "/", item, &allow));
    assert_string_equal(allow, "GET, HEAD");
}

static void unknown_paths_have_no_methods(void **state)
{
    (void)state;
    static const char *const unknown[] = {"",
                                          "/api/v1/status/",
                                          "/api/v1/points//history",
                                          "/api/v1/alarms/",
                                          "/api/v2/status",
                                          "//",
                                          "/etc/passwd",
                                          "/ui/"};
    for (size_t i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++) {
        assert_null(route_find("GET", unknown[i], item, &allow));
        assert_null(allow);
    }
}

static void an_item_that_is_too_long_is_unknown(void **state)
{
    (void)state;
    char path[2 * ROUTE_ITEM_MAX] = "/api/v1/alarms/";
    memset(path + strlen(path), 'x', ROUTE_ITEM_MAX);
    assert_null(route_find("POST", path, item, &allow));
    assert_null(allow);
}

static void every_read_is_open_to_viewers_and_every_change_is_not(void **state)
{
    (void)state;
    static const char *const paths[] = {"/", "/metrics", "/api/v1/points",
                                        "/api/v1/events", "/api/v1/outbox"};
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
        assert_int_equal(route_find("GET", paths[i], item, &allow)->role, ROLE_VIEWER);
}

static void escapes_are_decoded(void **state)
{
    (void)state;
    char text[32];
    assert_true(route_decode("%E5%8D%97%2f a%2B+", text, sizeof(text)));
    assert_string_equal(text, "南/ a++");
}

static void broken_escapes_and_control_characters_are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"%",   "%4",   "%zz",  "a%00b",
                                      "%0a", "\x7f", "a\tb", "%7F"};
    char text[32];
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_false(route_decode(bad[i], text, sizeof(text)));
}

static void what_does_not_fit_is_refused(void **state)
{
    (void)state;
    char text[4];
    assert_true(route_decode("abc", text, sizeof(text)));
    assert_false(route_decode("abcd", text, sizeof(text)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fixed_paths_are_found),
        cmocka_unit_test(a_point_is_named_with_its_slash_or_by_number),
        cmocka_unit_test(an_action_keeps_alarm_and_verb),
        cmocka_unit_test(a_wrong_method_is_told_the_right_ones),
        cmocka_unit_test(unknown_paths_have_no_methods),
        cmocka_unit_test(an_item_that_is_too_long_is_unknown),
        cmocka_unit_test(every_read_is_open_to_viewers_and_every_change_is_not),
        cmocka_unit_test(escapes_are_decoded),
        cmocka_unit_test(broken_escapes_and_control_characters_are_refused),
        cmocka_unit_test(what_does_not_fit_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
