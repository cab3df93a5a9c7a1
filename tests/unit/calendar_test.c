#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "campus/calendar.h"
#include "campus/civil.h"

static int week_of(int64_t first, int64_t day)
{
    struct calendar_span term = {.from = first, .to = civil_day(2027, 1, 22)};
    const struct calendar c = {.terms = &term, .term_count = 1};
    return calendar_week(&c, day);
}

/* 2026-08-31 is a Monday; pupils sign in at the weekend before it. */
static void a_term_that_begins_at_a_weekend_counts_from_its_monday(void **state)
{
    (void)state;
    const int64_t monday = civil_day(2026, 8, 31);
    for (int64_t first = monday - 2; first <= monday; first++) {
        assert_int_equal(week_of(first, first), 1);
        assert_int_equal(week_of(first, monday), 1);
        assert_int_equal(week_of(first, monday + 6), 1);
        assert_int_equal(week_of(first, monday + 7), 2);
    }
}

static void any_other_counts_from_the_monday_before_it(void **state)
{
    (void)state;
    const int64_t monday = civil_day(2026, 8, 31);
    for (int64_t first = monday - 7; first <= monday - 3; first++) {
        assert_int_equal(week_of(first, first), 1);
        assert_int_equal(week_of(first, monday - 1), 1);
        assert_int_equal(week_of(first, monday), 2);
    }
    assert_int_equal(week_of(monday, monday - 1), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_term_that_begins_at_a_weekend_counts_from_its_monday),
        cmocka_unit_test(any_other_counts_from_the_monday_before_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
