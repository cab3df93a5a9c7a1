#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/wear.h"

static const int64_t hour_us = INT64_C(3600) * 1000000;

static void only_the_disks_line_counts(void **state)
{
    (void)state;
    assert_int_equal(wear_of("rchar: 1\nwchar: 2\nsyscr: 3\nsyscw: 4\nread_bytes: 5\n"
                             "write_bytes: 4096\ncancelled_write_bytes: 7\n"),
                     4096);
    assert_int_equal(wear_of("rchar: 1\ncancelled_write_bytes: 7\n"), -1);
    assert_int_equal(wear_of("a: 1\nwrite_bytes: \n"), -1);
    assert_int_equal(wear_of("a: 1\nwrite_bytes: 99999999999999999999\n"), -1);
    assert_int_equal(wear_of("a: 1\nwrite_bytes: 5 kB\n"), -1);
    assert_int_equal(wear_of(""), -1);
}

static void what_is_written_is_counted(void **state)
{
    (void)state;
    static char block[1 << 20];
    char path[] = "wear-XXXXXX"; /* in the build's folder: /tmp may be memory */
    int64_t before = wear_bytes();
    int fd = mkstemp(path);
    assert_true(before >= 0 && fd >= 0);
    assert_int_equal(write(fd, block, sizeof(block)), sizeof(block));
    assert_int_equal(fsync(fd), 0);
    close(fd);
    (void)unlink(path);
    assert_true(wear_bytes() - before >= (int64_t)sizeof(block));
}

static void a_rate_needs_an_hour(void **state)
{
    (void)state;
    assert_int_equal(wear_per_day(1000, hour_us - 1), -1);
    assert_int_equal(wear_per_day(1000, hour_us), 24000);
    assert_int_equal(wear_per_day(1000, 48 * hour_us), 500);
    assert_int_equal(wear_per_day(-1, 48 * hour_us), -1);
}

static void a_card_lasts_what_its_data_sheet_lets_it(void **state)
{
    (void)state;
    assert_true(fabs(wear_years(30, 1000000000) - 82.136) < 0.01);
    assert_true(isnan(wear_years(0, 1000000000)));
    assert_true(isnan(wear_years(30, -1)));
    assert_true(isnan(wear_years(30, 0)));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_the_disks_line_counts),
        cmocka_unit_test(what_is_written_is_counted),
        cmocka_unit_test(a_rate_needs_an_hour),
        cmocka_unit_test(a_card_lasts_what_its_data_sheet_lets_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
