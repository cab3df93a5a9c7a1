/* Options of the gpio driver that contradict each other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "gpio_rig.h"

static int check(struct fixture *f, size_t device, const char *words)
{
    struct gw_error err = {0};
    int r = gpio_driver.check(f->bus, &f->devices[device], &err);
    if (r < 0)
        assert_non_null(strstr(err.text, words));
    return r;
}

static void output_has_no_contact(void **state)
{
    struct fixture *f = *state;
    set_enum(f, SIREN, "contact", 1);
    assert_int_equal(check(f, DOOR, ""), 0);
    assert_int_equal(check(f, SIREN, "GPIO1"), -EINVAL);
}

static void safe_state_needs_the_holder(void **state)
{
    struct fixture *f = *state;
    set_time(f, SIREN, "max_on", 1000 * ms);
    assert_int_equal(check(f, SIREN, "outputs: holder"), -EINVAL);
    *(int *)member(f->bus, gpio_driver.bus_options, "outputs") = 0;
    assert_int_equal(check(f, SIREN, ""), 0);
    set_enum(f, SIREN, "safe", 1);
    assert_int_equal(check(f, SIREN, "cannot have an end"), -EINVAL);
}

static void options_that_contradict_each_other_are_refused(void **state)
{
    struct fixture *f = *state;
    set_enum(f, DOOR, "edge", 1);
    assert_int_equal(check(f, DOOR, "needs debounce"), -EINVAL);
    set_time(f, DOOR, "debounce", 20 * ms);
    assert_int_equal(check(f, DOOR, ""), 0);
    set_time(f, DOOR, "min_pulse", 30 * ms);
    assert_int_equal(check(f, DOOR, "cannot wait"), -EINVAL);
    set_enum(f, DOOR, "edge", 0);
    assert_int_equal(check(f, DOOR, ""), 0);
    set_time(f, DOOR, "min_pulse", 20 * ms);
    assert_int_equal(check(f, DOOR, "longer than debounce"), -EINVAL);
    set_time(f, DOOR, "min_pulse", 0);
    set_time(f, DOOR, "max_on", 1000 * ms);
    assert_int_equal(check(f, DOOR, "direction: out"), -EINVAL);
    set_counter(f, SIREN);
    assert_int_equal(check(f, SIREN, "direction: in"), -EINVAL);
}

/* dry-contact's panic beside the gate that was meant: it would raise TF-01. */
static void line_feeds_one_point(void **state)
{
    struct fixture *f = *state;
    struct gw_error err = {0};
    f->devices[DOOR].point_count = 2;
    assert_int_equal(gpio_driver.check(f->bus, &f->devices[DOOR], &err), -EINVAL);
    assert_non_null(strstr(err.text, "GPIO0"));
}

/* Cut to what a message of the holder takes, it could be another line's. */
static void name_longer_than_the_kernels_is_refused(void **state)
{
    struct fixture *f = *state;
    char name[] = "a-line-of-31-bytes-is-the-longest";
    *(char **)member(f->bus, gpio_driver.bus_options, "chip") = name;
    assert_int_equal(check(f, SIREN, "at most 31 bytes"), -EINVAL);
    name[31] = '\0';
    assert_int_equal(check(f, SIREN, ""), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        LINE_TEST(output_has_no_contact),
        LINE_TEST(safe_state_needs_the_holder),
        LINE_TEST(options_that_contradict_each_other_are_refused),
        LINE_TEST(line_feeds_one_point),
        LINE_TEST(name_longer_than_the_kernels_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
