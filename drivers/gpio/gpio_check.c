/* gpio_check.c - what the option table cannot say: options that contradict each other. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "gpio_bus.h"

static const char *fault_of_output(const struct gpio_bus *b, const struct gpio_device *d)
{
    if (d->contact == GPIO_NORMALLY_CLOSED)
        return "an output has no contact (contact goes with direction: in)";
    if (d->edge == GPIO_LEADING || d->debounce_us || d->min_pulse_us || d->is_counter)
        return "an output has no edges (debounce, edge, min_pulse and pulses go with "
               "direction: in)";
    if (d->safe == GPIO_SAFE_ON && d->max_on_us)
        return "on is its safe state and cannot have an end (max_on goes with safe: off)";
    if (b->outputs == GPIO_DIRECT && (d->safe == GPIO_SAFE_ON || d->max_on_us))
        return "a daemon that hangs keeps no promise (safe and max_on need the bus to "
               "say "
               "outputs: holder)";
    return NULL;
}

static const char *fault_of_input(const struct gpio_device *d)
{
    if (d->safe == GPIO_SAFE_ON || d->max_on_us)
        return "an input is not switched (safe and max_on go with direction: out)";
    if (d->edge == GPIO_LEADING && !d->debounce_us)
        return "without debounce every bounce would be told (edge: leading needs "
               "debounce)";
    if (d->edge == GPIO_LEADING && d->is_counter)
        return "a pulse is known at its end (edge: leading tells states, pulses counts)";
    if (d->edge == GPIO_LEADING && d->min_pulse_us)
        return "the first edge cannot wait (min_pulse goes with edge: settled)";
    if (d->min_pulse_us && d->min_pulse_us <= d->debounce_us)
        return "every level lasts as long as debounce already (min_pulse: longer than "
               "debounce, or none)";
    return NULL;
}

/* No chip and no line has a longer one; cut, it could be another's. */
static bool is_kernels_name(const char *name)
{
    return strlen(name) < HOLDER_NAME_MAX;
}

int gpio_check(const void *bus, const struct gw_device_ref *device, struct gw_error *err)
{
    const struct gpio_bus *b = bus;
    const struct gpio_device *d = device->options;
    const char *fault =
        d->direction == GPIO_OUT ? fault_of_output(b, d) : fault_of_input(d);
    if (!is_kernels_name(d->name) || !is_kernels_name(b->chip))
        fault = "its name, or its chip's, is longer than the kernel's are (allowed: at "
                "most 31 bytes)";
    if (fault)
        return gw_fail(err, -EINVAL, "line '%s': %s", d->name, fault);
    if (device->point_count != 1)
        return gw_fail(err, -EINVAL,
                       "line '%s' has %zu points (one: it has one state; a template's "
                       "point cannot be taken away, so another metric goes without it)",
                       d->name, device->point_count);
    return 0;
}

static bool is_number(const char *name)
{
    return name[strspn(name, "0123456789")] == '\0';
}

void gpio_traits(const void *bus, const void *device, struct gw_traits *ret)
{
    const struct gpio_bus *b = bus;
    const struct gpio_device *d = device;
    (void)snprintf(ret->alone, sizeof(ret->alone), "%s %s", b->chip, d->name);
    ret->is_count = d->is_counter;
    ret->longest_us = d->max_on_us;
    ret->again_us = GPIO_LOOK_US;
    ret->doubted = "line";
    if (is_number(d->name))
        ret->doubt = "a number is mostly no line's name, and another one with the next "
                     "kernel (wanted: the name that gpioinfo shows, such as GPIO22)";
}

/* "gpiochip0" or its path. */
static bool is_numbered(const char *chip)
{
    static const char kernels[] = "gpiochip";
    const char *name = strrchr(chip, '/');
    name = name ? name + 1 : chip;
    return strncmp(name, kernels, strlen(kernels)) == 0
           && is_number(name + strlen(kernels));
}

static const char *doubt_of_chip(const char *chip)
{
    enum gpio_presence presence = gpio_chip_look(chip);
    if (presence == GPIO_THERE)
        return NULL;
    if (is_numbered(chip))
        return "a chip's number is another one with the next kernel (wanted: its label, "
               "which gpiodetect shows in brackets, such as pinctrl-bcm2711)";
    return presence == GPIO_ABSENT
               ? "no GPIO chip of this machine has this label (wanted: one that "
                 "gpiodetect shows in brackets)"
               : NULL;
}

const char *gpio_look(const void *bus, const void *device)
{
    const struct gpio_bus *b = bus;
    const struct gpio_device *d = device;
    if (!d)
        return doubt_of_chip(b->chip);
    return gpio_line_look(b->chip, d->name) == GPIO_ABSENT
               ? "its chip has no line of this name (wanted: one that gpioinfo shows)"
               : NULL;
}
