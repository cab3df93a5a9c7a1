/* When nobody can know whether the clock of a machine that was started is right. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "clock_signs.h"

#define DAY_US (INT64_C(86400) * 1000000)
#define TODAY_US INT64_C(1795652430000000)

static void signs_say_whether_it_is_doubted(void **state)
{
    (void)state;
    static const struct {
        struct clock_signs signs;
        bool is_doubted;
    } cases[] = {
        /* A machine with a clock of its own, and one that does not say what it has. */
        {{.is_new_boot = true, .has_battery = true, .is_awaited = true}, false},
        {{.is_new_boot = true}, false},
        /* Without one, until a time server answers. */
        {{.is_new_boot = true, .is_awaited = true}, true},
        {{.is_new_boot = true, .is_awaited = true, .is_followed = true}, false},
        /* Behind what it was: a month, a day; and as it was, or a minute later. */
        {{.is_new_boot = true, .has_battery = true, .known_us = TODAY_US + 30 * DAY_US},
         true},
        {{.is_new_boot = true, .has_battery = true, .known_us = TODAY_US + DAY_US}, true},
        {{.is_new_boot = true, .has_battery = true, .known_us = TODAY_US}, false},
        {{.is_new_boot = true, .has_battery = true, .known_us = TODAY_US - 60000000},
         false},
        /* A restart goes on as it was, unless the clock was set. */
        {{.known_us = TODAY_US + DAY_US}, false},
        {{.was_doubted = true, .has_battery = true}, true},
        {{.was_doubted = true, .was_set = true}, false},
        {{.was_doubted = true, .is_followed = true}, false},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct clock_signs signs = cases[i].signs;
        signs.now_us = TODAY_US;
        if ((clock_signs_doubt(&signs) != NULL) != cases[i].is_doubted)
            fail_msg("case %zu", i);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(signs_say_whether_it_is_doubted)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
