/* gpio.c - the driver: its tables, its bus, and what inputs and outputs share. */
#include "gpio.h"

#include <errno.h>
#include <string.h>
#include <sys/un.h>

#include "gpio_bus.h"

void gpio_tell(struct gpio_device *d, bool is_on, uint16_t flags, int64_t machine_us)
{
    if (d->waiting_count == GPIO_WAITING_MAX) /* outputs: the newest state says all */
        d->waiting_count--;
    d->waiting[d->waiting_count++] =
        (struct gpio_told){.is_on = is_on, .flags = flags, .machine_us = machine_us};
}

bool gpio_push(const struct gpio_bus *b, size_t i, const struct gw_sink *sink)
{
    const struct gw_device_ref *device = &b->setup->devices[i];
    struct gpio_device *d = device->options;
    while (d->waiting_count > 0) {
        uint64_t pulses = d->input.pulses;
        const struct gw_sample s = {
            .point = device->points[0].id,
            .flags = d->waiting[0].flags,
            .raw = d->is_counter ? (double)pulses : d->waiting[0].is_on,
            .source_us = GW_TIME_NONE,
            .mono_us = d->waiting[0].machine_us,
        };
        if (!sink->push(sink->ctx, &s, 1, NULL))
            return false;
        d->pulses_told = pulses;
        d->waiting_count--;
        memmove(d->waiting, d->waiting + 1, d->waiting_count * sizeof(*d->waiting));
    }
    return true;
}

int gpio_line_open(const struct gpio_bus *b, struct gpio_device *d, struct gw_error *err)
{
    bool is_kernels = gpio_has_debounce() && d->edge == GPIO_SETTLED;
    const struct gpio_line line = {
        .name = d->name,
        .is_output = d->direction == GPIO_OUT,
        .level = d->is_on == (d->active == GPIO_HIGH),
        .bias = (enum gpio_bias)d->bias,
        .debounce_us = is_kernels ? d->debounce_us : 0,
    };
    int r = gpio_request_open(b->chip, "campus-gateway", &line, &d->request, err);
    if (r < 0)
        return r;
    int level = gpio_request_level(d->request);
    if (level >= 0)
        return level;
    d->request = gpio_request_close(d->request);
    return gpio_line_failed(b->chip, d->name, level, err);
}

void gpio_tell_bad(const struct gpio_bus *b, size_t i, const char *text,
                   const struct gw_sink *sink)
{
    const struct gw_device_ref *device = &b->setup->devices[i];
    const struct gw_sample s = {.point = device->points[0].id,
                                .quality = GW_BAD,
                                .reason = GW_REASON_OFFLINE,
                                .source_us = GW_TIME_NONE,
                                .mono_us = gw_machine_us()};
    gpio_device(b, i)->waiting_count = 0;
    (void)sink->push(sink->ctx, &s, 1, NULL);
    sink->report(sink->ctx, device, text);
}

void gpio_line_lose(const struct gpio_bus *b, size_t i, const char *text,
                    const struct gw_sink *sink)
{
    struct gpio_device *d = gpio_device(b, i);
    d->request = gpio_request_close(d->request);
    d->retry_us = gw_machine_us() + GPIO_LOOK_US;
    d->is_lost = true;
    d->was_storm = false;
    gpio_tell_bad(b, i, text, sink);
}

int gpio_line_retry(struct gpio_bus *b, size_t i, gpio_line_start *start,
                    const struct gw_sink *sink)
{
    struct gpio_device *d = gpio_device(b, i);
    struct gw_error err = {0};
    if (gw_machine_us() < d->retry_us)
        return 0;
    int r = start(b, d, &err);
    if (r == -ENODEV)
        return r;
    if (r < 0)
        gpio_line_lose(b, i, err.text, sink);
    else if (d->is_lost)
        sink->report(sink->ctx, &b->setup->devices[i], NULL);
    d->is_lost = r < 0;
    return 0;
}

static int gpio_open(void *bus, const struct gw_bus_setup *setup, struct gw_error *err)
{
    struct gpio_bus *b = bus;
    char path[PATH_MAX];
    b->setup = setup;
    b->look_us = gw_machine_us() + GPIO_LOOK_US;
    if (setup->device_count > GPIO_LINES_MAX)
        return gw_fail(err, -E2BIG, "GPIO chip '%s': %zu lines (at most %d on a bus)",
                       b->chip, setup->device_count, GPIO_LINES_MAX);
    int r = gpio_chip_path(b->chip, path, err);
    if (r < 0)
        return r;
    for (size_t i = 0; i < setup->device_count; i++) {
        struct gpio_device *d = gpio_device(b, i);
        d->waiting_count = 0;
        d->retry_us = 0;
        d->is_lost = false;
    }
    gpio_inputs_start(b);
    gpio_outputs_start(b);
    return 0;
}

static void gpio_close(void *bus)
{
    struct gpio_bus *b = bus;
    gpio_outputs_stop(b);
    for (size_t i = 0; b->setup && i < b->setup->device_count; i++)
        gpio_device(b, i)->request = gpio_request_close(gpio_device(b, i)->request);
}

static void gpio_wait(void *bus, struct gw_wait *wait)
{
    const struct gpio_bus *b = bus;
    wait->deadline_us = b->look_us;
    gpio_inputs_wait(b, wait);
    gpio_outputs_wait(b, wait);
}

static enum gw_fault gpio_ready(void *bus, const struct gw_wait *wait,
                                const struct gw_sink *sink, struct gw_error *err)
{
    (void)wait;
    struct gpio_bus *b = bus;
    bool is_look = gw_machine_us() >= b->look_us;
    if (is_look)
        b->look_us = gw_machine_us() + GPIO_LOOK_US;
    int r = gpio_inputs_turn(b, is_look, sink);
    if (r == 0)
        r = gpio_outputs_turn(b, is_look, sink);
    if (r < 0) {
        (void)gw_fail(err, r, "GPIO chip '%s': %s", b->chip, strerror(-r));
        return GW_FAULT_OFFLINE;
    }
    return GW_FAULT_NONE;
}

static enum gw_direction gpio_direction(const void *device, const void *point)
{
    (void)point;
    return ((const struct gpio_device *)device)->direction == GPIO_OUT ? GW_OUTPUT
                                                                       : GW_INPUT;
}

#define BUS(member) offsetof(struct gpio_bus, member)
#define DEVICE(member) offsetof(struct gpio_device, member)

static const char *const holdings[] = {"holder", "direct", NULL};
static const char *const directions[] = {"in", "out", NULL};
static const char *const levels[] = {"low", "high", NULL};
static const char *const contacts[] = {"normally-open", "normally-closed", NULL};
static const char *const biases[] = {"as-is", "none", "pull-up", "pull-down", NULL};
static const char *const safe_states[] = {"off", "on", NULL};
static const char *const edges[] = {"settled", "leading", NULL};

enum { SOCKET_PATH_MAX = sizeof(((struct sockaddr_un *)NULL)->sun_path) - 1 };

static const struct gw_option bus_options[] = {
    {"chip", GW_OPT_STRING, BUS(chip), true, 0, 0, NULL, NULL,
     "label of the GPIO chip, e.g. pinctrl-bcm2711 (gpiodetect shows it)"},
    {"outputs", GW_OPT_ENUM, BUS(outputs), false, 0, 0, holdings, "holder",
     "who holds the outputs: holder keeps them in a known state when the daemon dies"},
    {"holder_socket", GW_OPT_PATH, BUS(holder_path), false, 1, SOCKET_PATH_MAX, NULL,
     "/run/campus-gateway/outputs.sock", "where campus-gpio-holder listens"},
    {0},
};

static const struct gw_option device_options[] = {
    {"line", GW_OPT_STRING, DEVICE(name), true, 0, 0, NULL, NULL,
     "name of the line, e.g. GPIO17 (gpioinfo shows it)"},
    {"direction", GW_OPT_ENUM, DEVICE(direction), false, 0, 0, directions, "in",
     "in or out"},
    {"active", GW_OPT_ENUM, DEVICE(active), false, 0, 0, levels, "high",
     "level of a closed contact, or of an output that is on"},
    {"contact", GW_OPT_ENUM, DEVICE(contact), false, 0, 0, contacts, "normally-open",
     "the point is 1 while the contact is not as it normally is"},
    {"bias", GW_OPT_ENUM, DEVICE(bias), false, 0, 0, biases, "as-is",
     "resistor inside the chip"},
    {"debounce", GW_OPT_DURATION, DEVICE(debounce_us), false, 0, 5e6, NULL, NULL,
     "a level counts once it lasted so long (edge: settled)"},
    {"edge", GW_OPT_ENUM, DEVICE(edge), false, 0, 0, edges, "settled",
     "leading: the first edge counts at once, then nothing for debounce"},
    {"min_pulse", GW_OPT_DURATION, DEVICE(min_pulse_us), false, 0, 10e6, NULL, NULL,
     "1 counts, and a pulse is one, once it lasted so long"},
    {"pulses", GW_OPT_BOOL, DEVICE(is_counter), false, 0, 0, NULL, "false",
     "the point is the number of pulses since the daemon's start"},
    {"safe", GW_OPT_ENUM, DEVICE(safe), false, 0, 0, safe_states, "off",
     "output while no daemon is there (5 s after its last word)"},
    {"max_on", GW_OPT_DURATION, DEVICE(max_on_us), false, 0, 24 * 3600e6, NULL, NULL,
     "output goes off after so long, whatever the daemon does; 0 = never"},
    {0},
};

static const struct gw_option point_options[] = {{0}};

const struct gw_driver gpio_driver = {
    .struct_size = sizeof(struct gw_driver),
    .name = "gpio",
    .summary = "Contacts and relays on the board's own lines",
    .bus_options = bus_options,
    .device_options = device_options,
    .point_options = point_options,
    .bus_size = sizeof(struct gpio_bus),
    .device_size = sizeof(struct gpio_device),
    .check = gpio_check,
    .traits = gpio_traits,
    .open = gpio_open,
    .close = gpio_close,
    .wait = gpio_wait,
    .ready = gpio_ready,
    .write = gpio_outputs_write,
    .direction = gpio_direction,
    .look = gpio_look,
};
