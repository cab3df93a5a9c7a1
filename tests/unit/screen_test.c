#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "http/screen.h"

static void our_own_names_are_hosts(void **state)
{
    (void)state;
    static const char *const good[] = {"localhost", "127.0.0.1:8080", "LOCALHOST:1",
                                       "[::1]:8080", "[::1]"};
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
        assert_true(screen_host(good[i]));
}

static void other_names_are_rebinding(void **state)
{
    (void)state;
    static const char *const bad[] = {"evil.example", "127.0.0.1.evil.example",
                                      "localhost.",   "127.0.0.1:80x",
                                      "127.0.0.1:",   ""};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_false(screen_host(bad[i]));
    assert_false(screen_host(NULL));
}

static void our_page_and_programs_may_act(void **state)
{
    (void)state;
    assert_true(screen_origin(NULL, NULL, "127.0.0.1:8080"));
    assert_true(screen_origin("none", NULL, "127.0.0.1:8080"));
    assert_true(screen_origin("same-origin", "http://127.0.0.1:8080", "127.0.0.1:8080"));
    assert_true(screen_origin(NULL, "http://localhost:8080", "localhost:8080"));
}

static void other_sites_may_not(void **state)
{
    (void)state;
    assert_false(screen_origin("cross-site", NULL, "127.0.0.1:8080"));
    assert_false(screen_origin("same-site", NULL, "127.0.0.1:8080"));
    assert_false(screen_origin("same-origin", "null", "127.0.0.1:8080"));
    assert_false(screen_origin(NULL, "http://127.0.0.1:9090", "127.0.0.1:8080"));
    assert_false(screen_origin(NULL, "https://127.0.0.1:8080", "127.0.0.1:8080"));
    assert_false(screen_origin(NULL, "http://127.0.0.1", NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(our_own_names_are_hosts),
        cmocka_unit_test(other_names_are_rebinding),
        cmocka_unit_test(our_page_and_programs_may_act),
        cmocka_unit_test(other_sites_may_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
