#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "eye_health/calibration.h"

static struct calibration_row row_of(const char *date)
{
    return (struct calibration_row){.point = "b1-203/desk_lux", .k = 1, .date = date};
}

static bool holds(const char *date, int year, int month, int day)
{
    struct calibration_row row = row_of(date);
    struct gw_local today = {.year = year, .month = month, .day = day};
    return calibration_holds(&row, &today, 12);
}

static void a_record_holds_for_twelve_months(void **state)
{
    (void)state;
    assert_true(holds("2025-11-26", 2026, 11, 26));
    assert_false(holds("2025-11-25", 2026, 11, 26));
    assert_true(holds("2025-12-31", 2026, 1, 1));
    assert_true(holds("2024-02-29", 2025, 2, 28));
    assert_false(holds("2024-02-29", 2025, 3, 1));
}

static void a_record_of_tomorrow_does_not(void **state)
{
    (void)state;
    assert_true(holds("2026-11-26", 2026, 11, 26));
    assert_false(holds("2026-11-27", 2026, 11, 26));
}

static void none_is_none(void **state)
{
    (void)state;
    assert_false(calibration_holds(
        NULL, &(struct gw_local){.year = 2026, .month = 1, .day = 1}, 12));
}

static void what_is_no_date_is_none(void **state)
{
    static const char *const wrong[] = {"2026-02-29", "2026-13-01", "2026-00-10",
                                        "2026-04-31", "2026-9-1",   "01-09-2026",
                                        "2026/09/01", "",           "2026-09-0x",
                                        "1999-01-01", "2026-09-00", "2026-09-011"};
    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        struct calibration_row row = row_of(wrong[i]);
        assert_false(calibration_has_date(&row));
    }
    struct calibration_row row = row_of("2024-02-29");
    assert_true(calibration_has_date(&row));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_record_holds_for_twelve_months),
        cmocka_unit_test(a_record_of_tomorrow_does_not),
        cmocka_unit_test(none_is_none),
        cmocka_unit_test(what_is_no_date_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
