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

static const char **chip_of(struct fixture *f)
{
    return (const char **)member(f->bus, gpio_driver.bus_options, "chip");
}

static const char *look(const struct fixture *f, const struct gw_device_ref *device)
{
    const char *doubt = gpio_driver.look(f->bus, device ? device->options : NULL);
    return doubt ? doubt : "";
}

static void chip_that_is_not_there_is_doubted_where_others_are(void **state)
{
    struct fixture *f = *state;
    assert_string_equal(look(f, NULL), "");
    *chip_of(f) = "pinctrl-y";
    assert_non_null(strstr(look(f, NULL), "no GPIO chip of this machine"));
    absence = GPIO_UNKNOWN;
    assert_string_equal(look(f, NULL), "");
}

static void chip_that_is_named_by_its_number_is_doubted_on_any_machine(void **state)
{
    struct fixture *f = *state;
    static const char *const numbers[] = {"gpiochip0", "/dev/gpiochip12"};
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        *chip_of(f) = numbers[i];
        absence = GPIO_UNKNOWN;
        assert_non_null(strstr(look(f, NULL), "wanted: its label"));
    }
    *chip_of(f) = "gpiochips-of-a-maker";
    assert_string_equal(look(f, NULL), "");
}

static void line_that_the_chip_lacks_is_doubted(void **state)
{
    struct fixture *f = *state;
    char **line = member(f->options[DOOR], gpio_driver.device_options, "line");
    assert_string_equal(look(f, &f->devices[DOOR]), "");
    *line = "DOOR_1";
    assert_non_null(strstr(look(f, &f->devices[DOOR]), "has no line of this name"));
    *chip_of(f) = "pinctrl-y";
    assert_string_equal(look(f, &f->devices[DOOR]), "");
}

static void it_says_how_often_it_tells_its_state(void **state)
{
    struct fixture *f = *state;
    struct gw_traits traits = {0};
    gpio_driver.traits(f->bus, f->options[DOOR], &traits);
    assert_int_equal(traits.again_us, 10000 * ms);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        LINE_TEST(output_has_no_contact),
        LINE_TEST(safe_state_needs_the_holder),
        LINE_TEST(options_that_contradict_each_other_are_refused),
        LINE_TEST(line_feeds_one_point),
        LINE_TEST(name_longer_than_the_kernels_is_refused),
        LINE_TEST(chip_that_is_not_there_is_doubted_where_others_are),
        LINE_TEST(chip_that_is_named_by_its_number_is_doubted_on_any_machine),
        LINE_TEST(line_that_the_chip_lacks_is_doubted),
        LINE_TEST(it_says_how_often_it_tells_its_state),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
