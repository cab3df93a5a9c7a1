/* Days, weeks from Monday, months of any length. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "campus/civil.h"
#include "facts/fact_span.h"

static int64_t day_of(const char *date)
{
    int64_t day = 0;
    assert_int_equal(civil_parse(date, &day), 0);
    return day;
}

static void a_span_has_its_first_and_last_day(void **state)
{
    (void)state;
    static const struct {
        enum gw_period period;
        const char *day;
        const char *first;
        const char *last;
    } cases[] = {
        {GW_PERIOD_DAY, "2026-11-28", "2026-11-28", "2026-11-28"},
        {GW_PERIOD_WEEK, "2026-11-23", "2026-11-23", "2026-11-29"},
        {GW_PERIOD_WEEK, "2026-11-29", "2026-11-23", "2026-11-29"},
        {GW_PERIOD_WEEK, "2027-01-01", "2026-12-28", "2027-01-03"},
        {GW_PERIOD_MONTH, "2026-11-30", "2026-11-01", "2026-11-30"},
        {GW_PERIOD_MONTH, "2026-12-31", "2026-12-01", "2026-12-31"},
        {GW_PERIOD_MONTH, "2028-02-01", "2028-02-01", "2028-02-29"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct fact_span span = fact_span_of(cases[i].period, day_of(cases[i].day));
        assert_int_equal(span.first, day_of(cases[i].first));
        assert_int_equal(span.last, day_of(cases[i].last));
    }
}

static void spans_follow_each_other_without_a_gap(void **state)
{
    (void)state;
    for (unsigned p = GW_PERIOD_DAY; p <= GW_PERIOD_MONTH; p++) {
        struct fact_span span = fact_span_of((enum gw_period)p, day_of("2026-08-31"));
        for (int i = 0; i < 500; i++) {
            struct fact_span next = fact_span_of((enum gw_period)p, span.last + 1);
            assert_int_equal(next.first, span.last + 1);
            span = next;
        }
    }
}

static void a_date_is_what_a_calendar_says(void **state)
{
    (void)state;
    char text[FACT_DATE_MAX];
    fact_date(day_of("2026-02-28") + 1, text);
    assert_string_equal(text, "2026-03-01");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_span_has_its_first_and_last_day),
        cmocka_unit_test(spans_follow_each_other_without_a_gap),
        cmocka_unit_test(a_date_is_what_a_calendar_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
