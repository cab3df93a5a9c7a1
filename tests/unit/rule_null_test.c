/* A condition that asks for null means what is known to be unknown. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "rule_fixture.h"

static const char of_today[] =
    "rules: [{id: AT-01, title: t, each: {kind: classroom}, inputs: {n: occupancy},\n"
    "  when: n > 3, clear: n < 3 or n is null, severity: P4, basis: b, action: a}]\n";

static const char point[] = "b1-204/occupancy";

/* Raised at 8:00, and the gateway starts again at 9:00. */
static struct rule_school *restarted(const char *pack)
{
    struct rule_school *s = school_open(pack, NULL);
    school_start(s, at_clock(8, 0, 0));
    school_read(s, point, at_clock(8, 0, 0), 51, 0);
    assert_int_equal(s->count, 1);
    school_restart(s, at_clock(9, 0, 0));
    return s;
}

static void check_ended(const struct rule_school *s, int64_t time_us)
{
    assert_int_equal(s->count, 2);
    assert_false(s->happened[1].is_active);
    assert_true(s->happened[1].time_us == time_us);
}

static void what_is_not_heard_since_a_start_is_not_null(void **state)
{
    (void)state;
    struct rule_school *s = restarted(of_today);
    school_read(s, point, at_clock(9, 2, 59), 51, 0);
    rules_run(s->rules, at_clock(9, 10, 0));
    assert_int_equal(s->count, 1);
    school_close(s);
}

static void what_turns_bad_is_null(void **state)
{
    (void)state;
    struct rule_school *s = restarted(of_today);
    school_read(s, point, at_clock(9, 1, 0), 51, 0);
    school_read(s, point, at_clock(9, 1, 30), NAN, 0);
    check_ended(s, at_clock(9, 1, 30));
    school_close(s);
}

static void what_is_bad_at_a_start_is_null(void **state)
{
    (void)state;
    struct rule_school *s = restarted(of_today);
    school_read(s, point, at_clock(9, 1, 0), NAN, 0);
    check_ended(s, at_clock(9, 1, 0));
    school_close(s);
}

static void what_nobody_tells_is_null_when_all_has_settled(void **state)
{
    (void)state;
    struct rule_school *s = restarted(of_today);
    rules_run(s->rules, at_clock(9, 30, 0));
    check_ended(s, at_clock(9, 3, 0));
    school_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_heard_since_a_start_is_not_null),
        cmocka_unit_test(what_turns_bad_is_null),
        cmocka_unit_test(what_is_bad_at_a_start_is_null),
        cmocka_unit_test(what_nobody_tells_is_null_when_all_has_settled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
