#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "gpio/gpio_request.h"
#include "gw/driver.h"

static void chip_that_is_missing_is_named_beside_those_there_are(void **state)
{
    (void)state;
    struct gw_error err = {0};
    assert_int_equal(gpio_no_chip("pinctrl-x", "pinctrl-a, pinctrl-b", &err), -ENODEV);
    assert_non_null(strstr(err.text, "'pinctrl-x'"));
    assert_non_null(strstr(err.text, "pinctrl-a, pinctrl-b"));
    (void)gpio_no_chip("pinctrl-x", "", &err);
    assert_non_null(strstr(err.text, "no chip at all"));
}

static void chip_that_no_board_has_cannot_be_opened(void **state)
{
    (void)state;
    struct gpio_request *request = NULL;
    struct gw_error err = {0};
    const struct gpio_line line = {.name = "GPIO17"};
    assert_true(gpio_request_open("campus-no-such-chip", "test", &line, &request, &err)
                < 0);
    assert_null(request);
    assert_non_null(strstr(err.text, "'campus-no-such-chip'"));
    assert_null(gpio_request_close(NULL));
}

static void chip_without_permission_names_the_group(void **state)
{
    (void)state;
    struct gw_error err = {0};
    assert_int_equal(gpio_no_permission("/dev/gpiochip0", &err), -EACCES);
    assert_non_null(strstr(err.text, "no permission"));
    assert_non_null(strstr(err.text, "group 'gpio'"));
}

static void edge_keeps_the_kernels_monotonic_time(void **state)
{
    (void)state;
    int64_t now_us = gw_machine_us();
    assert_int_equal(gpio_edge_time((now_us - 250) * 1000), now_us - 250);
}

static void edge_stamped_by_another_clock_is_now(void **state)
{
    (void)state;
    int64_t before_us = gw_machine_us();
    int64_t real_time_ns = INT64_C(1795651200) * 1000000000;
    assert_true(gpio_edge_time(real_time_ns) >= before_us);
    assert_true(gpio_edge_time(0) >= before_us || before_us < INT64_C(600000000));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chip_that_is_missing_is_named_beside_those_there_are),
        cmocka_unit_test(chip_that_no_board_has_cannot_be_opened),
        cmocka_unit_test(chip_without_permission_names_the_group),
        cmocka_unit_test(edge_keeps_the_kernels_monotonic_time),
        cmocka_unit_test(edge_stamped_by_another_clock_is_now),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
