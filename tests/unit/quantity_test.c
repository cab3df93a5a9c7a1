#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <locale.h>
#include <string.h>

#include "config/quantity.h"
#include "config/suggest.h"

static void whole_numbers_are_decimal_or_hexadecimal(void **state)
{
    int64_t x = 0;
    (void)state;
    assert_int_equal(quantity_whole("-12", &x), 0);
    assert_int_equal(x, -12);
    assert_int_equal(quantity_whole("0xFFFF", &x), 0);
    assert_int_equal(x, 65535);
    assert_int_equal(quantity_whole("0", &x), 0);
    assert_int_equal(x, 0);
}

static void a_leading_zero_is_refused_because_yaml_calls_it_octal(void **state)
{
    static const char *const bad[] = {"010", "",   "-",   "1.0", "1 ",
                                      " 1",  "0x", "1e3", "1_0", "0x1G"};
    int64_t x = 0;
    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_int_equal(quantity_whole(bad[i], &x), -EINVAL);
    assert_int_equal(quantity_whole("99999999999999999999", &x), -ERANGE);
}

static void numbers_have_a_point_in_every_locale(void **state)
{
    static const char *const bad[] = {"1,5", ".5",   "5.",   "nan",
                                      "inf", "0x10", "1.5x", ""};
    double x = 0;
    (void)state;
    /* Whether this machine has it or not, the answer is the same. */
    locale_t german = newlocale(LC_NUMERIC_MASK, "de_DE.UTF-8", (locale_t)0);
    locale_t before = german ? uselocale(german) : (locale_t)0;

    assert_int_equal(quantity_number("-2.5e-3", &x), 0);
    assert_true(x == -0.0025);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_int_equal(quantity_number(bad[i], &x), -EINVAL);
    assert_int_equal(quantity_number("1e999", &x), -ERANGE);

    if (german) {
        uselocale(before);
        freelocale(german);
    }
}

static void a_duration_needs_its_unit(void **state)
{
    int64_t us = 0;
    (void)state;
    assert_int_equal(quantity_duration("300ms", &us), 0);
    assert_int_equal(us, 300000);
    assert_int_equal(quantity_duration("0.1s", &us), 0);
    assert_int_equal(us, 100000);
    assert_int_equal(quantity_duration("10min", &us), 0);
    assert_int_equal(us, 600000000);
    assert_int_equal(quantity_duration("3d", &us), 0);
    assert_int_equal(us, 259200000000);
    assert_int_equal(quantity_duration("5", &us), -EINVAL);
    assert_int_equal(quantity_duration("5 s", &us), -EINVAL);
    assert_int_equal(quantity_duration("5m", &us), -EINVAL);
    assert_int_equal(quantity_duration("-5s", &us), -ERANGE);
    assert_int_equal(quantity_duration("1e9d", &us), -ERANGE);
}

static void a_duration_is_written_in_its_largest_whole_unit(void **state)
{
    static const struct {
        int64_t us;
        const char *text;
    } rows[] = {{300000, "300ms"}, {1000000, "1s"},    {90000000, "90s"},
                {0, "0s"},         {7200000000, "2h"}, {172800000000, "2d"}};
    char text[32];
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        quantity_duration_text(rows[i].us, text, sizeof(text));
        assert_string_equal(text, rows[i].text);
    }
}

static void a_share_needs_its_percent_sign(void **state)
{
    double share = 0;
    (void)state;
    assert_int_equal(quantity_share("80%", &share), 0);
    assert_true(share == 0.8);
    assert_int_equal(quantity_share("0.8", &share), -EINVAL);
    assert_int_equal(quantity_share("101%", &share), -ERANGE);
}

static void a_time_of_day_has_two_digits_each(void **state)
{
    static const char *const bad[] = {"8:20",       "08",     "08:2", "0820",
                                      "08:20:30:1", "08:20 ", ""};
    int32_t s = 0;
    (void)state;
    assert_int_equal(quantity_clock("08:20:30", &s), 0);
    assert_int_equal(s, 8 * 3600 + 20 * 60 + 30);
    assert_int_equal(quantity_clock("24:00", &s), 0);
    assert_int_equal(s, 86400);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_int_equal(quantity_clock(bad[i], &s), -EINVAL);
    assert_int_equal(quantity_clock("08:60", &s), -ERANGE);
    assert_int_equal(quantity_clock("24:01", &s), -ERANGE);
}

static void the_nearest_name_is_suggested_or_none(void **state)
{
    struct suggest s = {.wanted = "timout"};
    struct suggest none = {.wanted = "canbus"};
    (void)state;
    suggest_offer(&s, "topic");
    suggest_offer(&s, "timeout");
    suggest_offer(&s, "timeouts");
    suggest_offer(&none, "modbus-rtu");

    assert_string_equal(s.best, "timeout");
    assert_null(none.best);
    struct suggest capitals = {.wanted = "CO2"};
    suggest_offer(&capitals, "co2");
    assert_string_equal(capitals.best, "co2");
    assert_int_equal(suggest_distance("abcd", "abdc"), 1);
    assert_int_equal(suggest_distance("", "abc"), 3);
    assert_int_equal(suggest_distance("kitten", "sitting"), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_numbers_are_decimal_or_hexadecimal),
        cmocka_unit_test(a_leading_zero_is_refused_because_yaml_calls_it_octal),
        cmocka_unit_test(numbers_have_a_point_in_every_locale),
        cmocka_unit_test(a_duration_needs_its_unit),
        cmocka_unit_test(a_duration_is_written_in_its_largest_whole_unit),
        cmocka_unit_test(a_share_needs_its_percent_sign),
        cmocka_unit_test(a_time_of_day_has_two_digits_each),
        cmocka_unit_test(the_nearest_name_is_suggested_or_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
