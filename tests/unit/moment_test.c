#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "config_fixture.h"
#include "rules/moment.h"

static struct fixture files;

/* Holidays 1 to 7 October with a Saturday made up on the 10th; Berlin's clock change. */
static void campus_at(const char *zone)
{
    char text[1000];
    (void)snprintf(text, sizeof(text),
                   "timezone: %s\n"
                   "calendar:\n"
                   "  holidays: [2026-10-01..2026-10-07]\n"
                   "  make_up: [2026-10-10]\n",
                   zone);
    fixture_open(&files);
    fixture_put(&files, "campus.yaml", text);
    fixture_load(&files);
}

static int64_t time_at(const char *text)
{
    int64_t time_us = 0;
    assert_int_equal(clock_parse(text, &time_us), 0);
    return time_us;
}

static struct moment moment_of(const char *text)
{
    struct moment m = {0};
    assert_int_equal(moment_read(text, &m), 0);
    return m;
}

static void check_next(const char *moment, const char *after, const char *expected)
{
    struct moment m = moment_of(moment);
    struct moment_time next = moment_next(&m, files.campus, time_at(after));
    assert_true(next.time_us == time_at(expected));
    struct moment_time last = moment_last(&m, files.campus, next.time_us);
    assert_true(last.time_us == next.time_us && last.day_us == next.day_us);
    last = moment_last(&m, files.campus, next.time_us - 1);
    assert_true(last.time_us <= time_at(after));
}

static void each_form_finds_its_next_time(void **state)
{
    (void)state;
    campus_at("Asia/Shanghai");
    check_next("08:00", "2026-11-23T07:59:59+08:00", "2026-11-23T08:00:00+08:00");
    check_next("08:00", "2026-11-23T08:00:00+08:00", "2026-11-24T08:00:00+08:00");
    check_next("day 08:00", "2026-11-23T09:00:00+08:00", "2026-11-24T08:00:00+08:00");
    check_next("monday 06:00", "2026-11-23T06:00:00+08:00", "2026-11-30T06:00:00+08:00");
    check_next("sunday 23:59:59", "2026-11-23T06:00:00+08:00",
               "2026-11-29T23:59:59+08:00");
    check_next("1st 06:00", "2026-11-23T00:00:00+08:00", "2026-12-01T06:00:00+08:00");
    check_next("2nd 06:00", "2026-12-31T00:00:00+08:00", "2027-01-02T06:00:00+08:00");
    fixture_close(&files);
}

static void school_days_leave_out_holidays_and_take_made_up_ones(void **state)
{
    (void)state;
    campus_at("Asia/Shanghai");
    check_next("school_day 18:30", "2026-09-30T18:30:00+08:00",
               "2026-10-08T18:30:00+08:00");
    check_next("school_day 18:30", "2026-10-09T20:00:00+08:00",
               "2026-10-10T18:30:00+08:00");
    check_next("school_day 18:30", "2026-10-10T18:30:00+08:00",
               "2026-10-12T18:30:00+08:00");
    fixture_close(&files);
}

static void day_that_a_month_lacks_is_its_last_one(void **state)
{
    (void)state;
    campus_at("Asia/Shanghai");
    check_next("31st 06:00", "2027-01-31T06:00:00+08:00", "2027-02-28T06:00:00+08:00");
    check_next("30th 06:00", "2028-02-01T06:00:00+08:00", "2028-02-29T06:00:00+08:00");
    check_next("31st 06:00", "2027-04-01T06:00:00+08:00", "2027-04-30T06:00:00+08:00");
    fixture_close(&files);
}

static void end_of_the_day_belongs_to_it(void **state)
{
    (void)state;
    campus_at("Asia/Shanghai");
    struct moment m = moment_of("school_day 24:00");
    struct moment_time last =
        moment_last(&m, files.campus, time_at("2026-11-28T00:00:00+08:00"));
    assert_true(last.time_us == time_at("2026-11-27T00:00:00+08:00")
                || last.time_us == time_at("2026-11-28T00:00:00+08:00"));
    check_next("24:00", "2026-11-23T23:59:59+08:00", "2026-11-24T00:00:00+08:00");
    check_next("school_day 24:00", "2026-11-27T12:00:00+08:00",
               "2026-11-28T00:00:00+08:00");
    struct moment_time next =
        moment_next(&m, files.campus, time_at("2026-11-27T12:00:00+08:00"));
    assert_true(next.day_us == time_at("2026-11-27T00:00:00+08:00"));
    fixture_close(&files);
}

static void clock_on_the_wall_counts_where_it_is_changed(void **state)
{
    (void)state;
    campus_at("Europe/Berlin");
    check_next("08:00", "2026-03-28T12:00:00+01:00", "2026-03-29T08:00:00+02:00");
    check_next("08:00", "2026-10-24T12:00:00+02:00", "2026-10-25T08:00:00+01:00");
    fixture_close(&files);
}

static void other_words_are_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "",           "8",         "25:00",      "Monday 06:00", "monday",
        "1th 06:00",  "0th 06:00", "32nd 06:00", "mon 06:00",    "monday 06:00 07:00",
        "11st 06:00", " 06:00",    "1st  x",     "weekday 06:00"};
    struct moment m = {0};
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        assert_true(moment_read(wrong[i], &m) < 0);
    assert_int_equal(moment_of("11th 06:00").day, 11);
    assert_int_equal(moment_of("21st 06:00").day, 21);
    assert_int_equal(moment_of("23rd 06:00").day, 23);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_form_finds_its_next_time),
        cmocka_unit_test(school_days_leave_out_holidays_and_take_made_up_ones),
        cmocka_unit_test(day_that_a_month_lacks_is_its_last_one),
        cmocka_unit_test(end_of_the_day_belongs_to_it),
        cmocka_unit_test(clock_on_the_wall_counts_where_it_is_changed),
        cmocka_unit_test(other_words_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
