#include "gpio.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "gpio_lines.h"

enum { IN, OUT };
enum { LOW, HIGH };
enum { NORMALLY_OPEN, NORMALLY_CLOSED };

/* Edges handled before the bus looks up again: a bouncing line is not alone. */
enum { EDGES_A_TURN = 64 };

/* A contact may rest for months: so often its level is read and told again, so that
 * `supervision` watches the wire's end that we have. */
static const int64_t look_again_us = 10000000;

/* lines      one a device, in the configuration's order
 * edge       taken from the kernel, not yet pushed
 * is_blocked the queue was full: nothing is taken until there is room
 * touched    lines with edges since their level was last read, a bit each
 * look_us    machine time of the next look at every line */
struct gpio_bus {
    const char *chip;

    const struct gw_bus_setup *setup;
    struct gpio_lines *lines;
    struct gpio_edge edge;
    bool has_edge;
    bool is_blocked;
    uint64_t touched;
    int64_t look_us;
};

/* level      as last pushed (in) or written (out)
 * is_due     its level is to be pushed, with @flags: GW_STARTUP when found at open,
 *            GW_REPEAT when it is as it was, else GW_EVENT */
struct gpio_device {
    const char *line;
    int direction;
    int active; /* the level of a closed contact, of an output that is on */
    int contact;
    int bias;

    bool level;
    bool is_known; /* opened before: an output keeps its level over a reopening */
    bool is_due;
    uint16_t flags;
};

/* 1 = the contact is not as it normally is; an output is on. */
static bool state_of(const struct gpio_device *d, bool level)
{
    bool is_active = level == (d->active == HIGH);
    return d->direction == IN && d->contact == NORMALLY_CLOSED ? !is_active : is_active;
}

static int gpio_check(const void *bus, const struct gw_device_ref *device,
                      struct gw_error *err)
{
    (void)bus;
    const struct gpio_device *d = device->options;
    if (d->direction == OUT && d->contact == NORMALLY_CLOSED)
        return gw_fail(err, -EINVAL,
                       "line '%s': an output has no contact (contact goes with direction "
                       "in)",
                       d->line);
    if (device->point_count != 1)
        return gw_fail(err, -EINVAL,
                       "line '%s' has %zu points (one: it has one state; a template's "
                       "point cannot be taken away, so another metric goes without it)",
                       d->line, device->point_count);
    return 0;
}

/* The levels that are there: what an edge is measured against from now on. */
static int read_levels(struct gpio_bus *b, struct gw_error *err)
{
    for (size_t i = 0; i < b->setup->device_count; i++) {
        struct gpio_device *d = b->setup->devices[i].options;
        int level = gpio_lines_level(b->lines, i);
        if (level < 0)
            return gw_fail(err, level, "GPIO line '%s' of '%s': %s", d->line, b->chip,
                           strerror(-level));
        d->level = level;
        d->is_known = true;
        d->is_due = true;
        d->flags = GW_STARTUP;
    }
    b->look_us = gw_machine_us() + look_again_us;
    return 0;
}

static int gpio_open(void *bus, const struct gw_bus_setup *setup, struct gw_error *err)
{
    struct gpio_bus *b = bus;
    b->setup = setup;
    b->has_edge = false;
    b->is_blocked = false;
    b->touched = 0;
    if (setup->device_count > GW_WAIT_MAX)
        return gw_fail(err, -E2BIG, "GPIO chip '%s': %zu lines (at most %d on a bus)",
                       b->chip, setup->device_count, GW_WAIT_MAX);
    struct gpio_line lines[GW_WAIT_MAX] = {0};
    for (size_t i = 0; i < setup->device_count; i++) {
        const struct gpio_device *d = setup->devices[i].options;
        lines[i] = (struct gpio_line){
            .name = d->line,
            .is_output = d->direction == OUT,
            .level = d->is_known ? d->level : d->active == LOW,
            .bias = (enum gpio_bias)d->bias,
        };
    }
    int r = gpio_lines_open(b->chip, "campus-gateway", lines, setup->device_count,
                            &b->lines, err);
    return r < 0 ? r : read_levels(b, err);
}

static void gpio_close(void *bus)
{
    struct gpio_bus *b = bus;
    b->lines = gpio_lines_close(b->lines);
}

static bool has_due(const struct gpio_bus *b)
{
    bool is_due = false;
    for (size_t i = 0; i < b->setup->device_count && !is_due; i++)
        is_due = ((const struct gpio_device *)b->setup->devices[i].options)->is_due;
    return is_due;
}

/* While something waits for room, edges stay in the kernel's buffer. */
static void gpio_wait(void *bus, struct gw_wait *wait)
{
    struct gpio_bus *b = bus;
    if (b->is_blocked)
        return;
    wait->count = gpio_lines_wait(b->lines, wait->fds, GW_WAIT_MAX);
    wait->deadline_us = has_due(b) || b->has_edge ? 0 : b->look_us;
}

static bool push(const struct gpio_bus *b, size_t line, bool level, int64_t machine_us,
                 uint16_t flags, const struct gw_sink *sink)
{
    const struct gw_device_ref *device = &b->setup->devices[line];
    struct gpio_device *d = device->options;
    const struct gw_sample s = {
        .point = device->points[0].id,
        .flags = flags,
        .raw = state_of(d, level),
        .source_us = GW_TIME_NONE,
        .mono_us = machine_us,
    };
    if (!sink->push(sink->ctx, &s, 1, NULL))
        return false;
    d->level = level;
    return true;
}

static bool push_due(const struct gpio_bus *b, const struct gw_sink *sink)
{
    for (size_t i = 0; i < b->setup->device_count; i++) {
        struct gpio_device *d = b->setup->devices[i].options;
        if (d->is_due && !push(b, i, d->level, gw_machine_us(), d->flags, sink))
            return false;
        d->is_due = false;
    }
    return true;
}

/* A storm may overflow the kernel's buffer: what counts is how each line stands now. */
static int settle(struct gpio_bus *b)
{
    for (size_t i = 0; i < b->setup->device_count; i++) {
        struct gpio_device *d = b->setup->devices[i].options;
        int level = b->touched >> i & 1 ? gpio_lines_level(b->lines, i) : d->level;
        if (level < 0)
            return level;
        if (level == d->level)
            continue;
        d->is_due = true;
        d->flags = GW_EVENT;
        d->level = level;
    }
    b->touched = 0;
    return 0;
}

/* Before any edge is taken: one that waits then finds its level told. */
static int look_again(struct gpio_bus *b)
{
    if (b->has_edge || gw_machine_us() < b->look_us)
        return 0;
    b->look_us = gw_machine_us() + look_again_us;
    for (size_t i = 0; i < b->setup->device_count; i++) {
        struct gpio_device *d = b->setup->devices[i].options;
        int level = d->direction == OUT ? d->level : gpio_lines_level(b->lines, i);
        if (level < 0)
            return level;
        if (!d->is_due)
            d->flags = level == d->level ? GW_REPEAT : GW_EVENT;
        d->is_due = true;
        d->level = level;
    }
    return 0;
}

/* Takes and pushes edges.  returns 1 = there may be more, 0 = none left, -errno */
static int push_edges(struct gpio_bus *b, const struct gw_sink *sink)
{
    for (int n = 0; n < EDGES_A_TURN; n++) {
        int r = b->has_edge ? 1 : gpio_lines_take(b->lines, &b->edge);
        if (r <= 0)
            return r;
        b->has_edge = true;
        const struct gpio_device *d = b->setup->devices[b->edge.line].options;
        bool is_news = b->edge.level != d->level; /* else settle() has told it */
        b->is_blocked =
            is_news
            && !push(b, b->edge.line, b->edge.level, b->edge.machine_us, GW_EVENT, sink);
        if (b->is_blocked)
            return 1;
        sink->count(sink->ctx, GW_COUNT_MESSAGES, 1);
        b->touched |= UINT64_C(1) << b->edge.line;
        b->has_edge = false;
    }
    return 1;
}

static enum gw_fault gpio_ready(void *bus, const struct gw_wait *wait,
                                const struct gw_sink *sink, struct gw_error *err)
{
    (void)wait;
    struct gpio_bus *b = bus;
    int r = look_again(b);
    if (r == 0)
        b->is_blocked = !push_due(b, sink);
    if (r == 0)
        r = b->is_blocked ? 1 : push_edges(b, sink);
    if (r == 0)
        r = settle(b);
    if (r == 0)
        b->is_blocked = !push_due(b, sink);
    if (r < 0) {
        (void)gw_fail(err, r, "GPIO chip '%s': %s", b->chip, strerror(-r));
        return GW_FAULT_OFFLINE;
    }
    return GW_FAULT_NONE;
}

static enum gw_fault gpio_write(void *bus, const struct gw_device_ref *device,
                                const struct gw_point_ref *point, double raw,
                                struct gw_error *err)
{
    struct gpio_bus *b = bus;
    struct gpio_device *d = device->options;
    if (d->direction != OUT || (raw != 0 && raw != 1)) {
        (void)gw_fail(err, -EINVAL,
                      d->direction != OUT
                          ? "point '%s' is an input (direction: out writes)"
                          : "point '%s' takes 0 or 1",
                      point->name);
        return GW_FAULT_REJECTED;
    }
    bool level = (raw == 1) == (d->active == HIGH);
    int r = gpio_lines_set(b->lines, (size_t)(device - b->setup->devices), level);
    if (r < 0) {
        (void)gw_fail(err, r, "GPIO line '%s' of '%s': %s", d->line, b->chip,
                      strerror(-r));
        return GW_FAULT_OFFLINE;
    }
    d->level = level;
    d->is_due = true;
    d->flags = GW_EVENT;
    return GW_FAULT_NONE;
}

static enum gw_direction gpio_direction(const void *device, const void *point)
{
    (void)point;
    return ((const struct gpio_device *)device)->direction == OUT ? GW_OUTPUT : GW_INPUT;
}

#define BUS(member) offsetof(struct gpio_bus, member)
#define DEVICE(member) offsetof(struct gpio_device, member)

static const char *const directions[] = {"in", "out", NULL};
static const char *const levels[] = {"low", "high", NULL};
static const char *const contacts[] = {"normally-open", "normally-closed", NULL};
static const char *const biases[] = {"as-is", "none", "pull-up", "pull-down", NULL};

static const struct gw_option bus_options[] = {
    {"chip", GW_OPT_STRING, BUS(chip), true, 0, 0, NULL, NULL,
     "label of the GPIO chip, e.g. pinctrl-bcm2711 (gpiodetect shows it)"},
    {0},
};

static const struct gw_option device_options[] = {
    {"line", GW_OPT_STRING, DEVICE(line), true, 0, 0, NULL, NULL,
     "name of the line, e.g. GPIO17 (gpioinfo shows it)"},
    {"direction", GW_OPT_ENUM, DEVICE(direction), false, 0, 0, directions, "in",
     "in or out"},
    {"active", GW_OPT_ENUM, DEVICE(active), false, 0, 0, levels, "high",
     "level of a closed contact, or of an output that is on"},
    {"contact", GW_OPT_ENUM, DEVICE(contact), false, 0, 0, contacts, "normally-open",
     "the point is 1 while the contact is not as it normally is"},
    {"bias", GW_OPT_ENUM, DEVICE(bias), false, 0, 0, biases, "as-is",
     "resistor inside the chip"},
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
    .open = gpio_open,
    .close = gpio_close,
    .wait = gpio_wait,
    .ready = gpio_ready,
    .write = gpio_write,
    .direction = gpio_direction,
};
