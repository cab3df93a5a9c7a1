#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "base/clock.h"
#include "campus/civil.h"
#include "campus/zone.h"
#include "campus/zone_rule.h"

static int64_t utc(const char *text)
{
    int64_t us = 0;
    assert_int_equal(clock_parse(text, &us), 0);
    return us / 1000000;
}

static int64_t local(int year, int month, int day, int hour, int minute)
{
    return civil_day(year, month, day) * CIVIL_DAY_S + hour * 3600 + minute * 60;
}

static struct zone *zone(const char *name)
{
    struct zone *z = NULL;
    struct gw_error err = {0};
    assert_int_equal(zone_new(name, &z, &err), 0);
    return z;
}

static void days_and_dates_are_each_others_inverse(void **state)
{
    (void)state;
    assert_int_equal(civil_day(1970, 1, 1), 0);
    assert_int_equal(civil_day(2000, 3, 1), 11017);
    for (int64_t day = -200000; day < 200000; day += 61) {
        struct civil_date date = civil_date(day);
        assert_int_equal(civil_day(date.year, date.month, date.day), day);
    }
    assert_int_equal(civil_weekday(civil_day(2026, 11, 23)), 1);
    assert_int_equal(civil_weekday(civil_day(2026, 10, 10)), 6);
    assert_int_equal(civil_weekday(civil_day(1969, 12, 28)), 7);
}

static void a_date_must_exist(void **state)
{
    static const char *const bad[] = {"2026-02-29", "2026-13-01", "2026-00-10",
                                      "2026-04-31", "2026-1-1",   "2026-10-1x"};
    int64_t day = 0;
    (void)state;
    assert_int_equal(civil_parse("2024-02-29", &day), 0);
    assert_int_equal(day, civil_day(2024, 2, 29));
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_int_equal(civil_parse(bad[i], &day), -EINVAL);
}

static void shanghai_is_eight_hours_east_all_year(void **state)
{
    struct zone *z = zone("Asia/Shanghai");
    (void)state;
    assert_int_equal(zone_offset(z, utc("2026-01-15T00:00:00Z")), 8 * 3600);
    assert_int_equal(zone_offset(z, utc("2026-07-15T00:00:00Z")), 8 * 3600);
    assert_int_equal(zone_utc(z, local(2026, 11, 23, 8, 20)),
                     utc("2026-11-23T00:20:00Z"));
    zone_free(z);
}

static void berlin_springs_forward_at_one_utc(void **state)
{
    struct zone *z = zone("Europe/Berlin");
    (void)state;
    assert_int_equal(zone_offset(z, utc("2026-03-29T00:59:59Z")), 3600);
    assert_int_equal(zone_offset(z, utc("2026-03-29T01:00:00Z")), 7200);
    assert_int_equal(zone_utc(z, local(2026, 3, 29, 1, 59)), utc("2026-03-29T00:59:00Z"));
    assert_int_equal(zone_utc(z, local(2026, 3, 29, 3, 0)), utc("2026-03-29T01:00:00Z"));
    /* 02:30 is skipped: as if it had not been */
    assert_int_equal(zone_utc(z, local(2026, 3, 29, 2, 30)), utc("2026-03-29T01:30:00Z"));
    zone_free(z);
}

static void berlin_has_one_hour_twice_in_october(void **state)
{
    struct zone *z = zone("Europe/Berlin");
    (void)state;
    assert_int_equal(zone_offset(z, utc("2026-10-25T00:59:59Z")), 7200);
    assert_int_equal(zone_offset(z, utc("2026-10-25T01:00:00Z")), 3600);
    assert_int_equal(zone_utc(z, local(2026, 10, 25, 2, 30)),
                     utc("2026-10-25T00:30:00Z"));
    assert_int_equal(zone_utc_again(z, local(2026, 10, 25, 2, 30)),
                     utc("2026-10-25T01:30:00Z"));
    assert_int_equal(zone_utc_again(z, local(2026, 10, 25, 4, 0)),
                     utc("2026-10-25T03:00:00Z"));
    zone_free(z);
}

static void the_rule_at_the_end_of_the_file_goes_on_after_its_table(void **state)
{
    struct zone *z = zone("Europe/Berlin");
    (void)state;
    assert_int_equal(zone_offset(z, utc("2060-01-15T00:00:00Z")), 3600);
    assert_int_equal(zone_offset(z, utc("2060-07-15T00:00:00Z")), 7200);
    zone_free(z);
}

static void the_rule_agrees_with_the_table(void **state)
{
    struct zone *z = zone("Europe/Berlin");
    struct zone_rule rule = {0};
    (void)state;
    assert_int_equal(zone_rule_parse("CET-1CEST,M3.5.0,M10.5.0/3", &rule), 0);
    for (int64_t t = utc("2000-01-01T00:00:00Z"); t < utc("2036-01-01T00:00:00Z");
         t += 3600 * 5 + 1)
        assert_int_equal(zone_rule_offset(&rule, t), zone_offset(z, t));
    zone_free(z);
}

static void rules_of_other_forms_are_read(void **state)
{
    struct zone_rule rule = {0};
    (void)state;
    assert_int_equal(zone_rule_parse("<+0545>-5:45", &rule), 0);
    assert_int_equal(zone_rule_offset(&rule, 0), 5 * 3600 + 45 * 60);

    /* south: summer over the turn of the year */
    assert_int_equal(zone_rule_parse("AEST-10AEDT,M10.1.0,M4.1.0/3", &rule), 0);
    assert_int_equal(zone_rule_offset(&rule, utc("2026-01-01T00:00:00Z")), 11 * 3600);
    assert_int_equal(zone_rule_offset(&rule, utc("2026-07-01T00:00:00Z")), 10 * 3600);

    /* J60 is March 1 also in a leap year; 60 counts February 29 */
    assert_int_equal(zone_rule_parse("XXX0YYY,J60/0,J300/0", &rule), 0);
    assert_int_equal(zone_rule_offset(&rule, utc("2024-02-29T12:00:00Z")), 0);
    assert_int_equal(zone_rule_offset(&rule, utc("2024-03-01T00:00:00Z")), 3600);
    assert_int_equal(zone_rule_parse("XXX0YYY,59/0,300/0", &rule), 0);
    assert_int_equal(zone_rule_offset(&rule, utc("2024-02-29T00:00:00Z")), 3600);

    static const char *const bad[] = {
        "",      "CET", "CET-1CEST", "CET-1CEST,M13.1.0,M10.5.0", "CET-1CEST,M3.5.0",
        "<+05-5"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_int_equal(zone_rule_parse(bad[i], &rule), -EINVAL);
}

static void a_fixed_offset_is_a_zone(void **state)
{
    struct zone *east = zone("+05:45");
    struct zone *west = zone("-03:30");
    (void)state;
    assert_int_equal(zone_offset(east, 0), 20700);
    assert_int_equal(zone_offset(west, 0), -12600);
    zone_free(east);
    zone_free(west);
}

static void names_that_lead_out_of_the_folder_are_refused(void **state)
{
    static const char *const bad[] = {"../../etc/passwd", "/etc/passwd", "",
                                      "Asia/Nowhere",     "+8",          "+08:0",
                                      "+15:00",           "Asia",        "tzdata.zi"};
    struct zone *z = NULL;
    struct gw_error err = {0};
    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_true(zone_new(bad[i], &z, &err) < 0);
        assert_null(z);
        assert_non_null(strstr(err.text, "Asia/Shanghai"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_and_dates_are_each_others_inverse),
        cmocka_unit_test(a_date_must_exist),
        cmocka_unit_test(shanghai_is_eight_hours_east_all_year),
        cmocka_unit_test(berlin_springs_forward_at_one_utc),
        cmocka_unit_test(berlin_has_one_hour_twice_in_october),
        cmocka_unit_test(the_rule_at_the_end_of_the_file_goes_on_after_its_table),
        cmocka_unit_test(the_rule_agrees_with_the_table),
        cmocka_unit_test(rules_of_other_forms_are_read),
        cmocka_unit_test(a_fixed_offset_is_a_zone),
        cmocka_unit_test(names_that_lead_out_of_the_folder_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
