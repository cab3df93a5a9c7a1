/* gpio_inputs.c - edges of the kernel in, states and counts of pulses out.
 *
 * Each line has its own buffer in the kernel.  A line whose change finds the queue full
 * is not read until there is room; one that storms is not read until its second is over.
 * After a burst, and whenever a line had edges, its level is read: what counts in the end
 * is how it stands now. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "gpio_bus.h"

/* Edges of one line handled before the others have their turn. */
enum { EDGES_A_TURN = 64 };

/* A counter is told at most so often: its total says all. */
static const int64_t tell_counter_us = 1000000;

static bool is_on(const struct gpio_device *d, bool level)
{
    return level == d->input.rule.active;
}

static struct input_rule rule_of(const struct gpio_device *d)
{
    bool is_high = (d->active == GPIO_HIGH) == (d->contact == GPIO_NORMALLY_OPEN);
    bool is_leading = d->edge == GPIO_LEADING;
    bool is_kernels = gpio_has_debounce() && !is_leading;
    return (struct input_rule){
        .active = is_high,
        .is_leading = is_leading,
        .is_counter = d->is_counter,
        .debounce_us = is_kernels ? 0 : d->debounce_us,
        .min_pulse_us = d->min_pulse_us,
    };
}

static int start(struct gpio_bus *b, struct gpio_device *d, struct gw_error *err)
{
    int level = gpio_line_open(b, d, err);
    if (level < 0)
        return level;
    const struct input_rule rule = rule_of(d);
    int64_t now_us = gw_machine_us();
    input_start(&d->input, &rule, level, now_us);
    gpio_tell(d, is_on(d, level), GW_STARTUP, now_us);
    return 0;
}

void gpio_inputs_start(struct gpio_bus *b)
{
    for (size_t i = 0; i < b->setup->device_count; i++)
        if (gpio_device(b, i)->direction == GPIO_IN)
            (void)start(b, gpio_device(b, i), NULL); /* a turn tries again, and tells */
}

/* A counter's pulses need no room: its total waits, not they. */
static bool has_room(const struct gpio_device *d)
{
    return d->waiting_count == 0 || d->is_counter;
}

static bool may_take(const struct gpio_device *d)
{
    return has_room(d) && !input_is_deaf(&d->input);
}

static bool has_new_pulses(const struct gpio_device *d)
{
    return d->is_counter && d->input.pulses != d->pulses_told;
}

void gpio_inputs_wait(const struct gpio_bus *b, struct gw_wait *wait)
{
    for (size_t i = 0; i < b->setup->device_count; i++) {
        const struct gpio_device *d = gpio_device(b, i);
        if (d->direction != GPIO_IN)
            continue;
        if (!d->request) {
            wait->deadline_us =
                d->retry_us < wait->deadline_us ? d->retry_us : wait->deadline_us;
            continue;
        }
        if (may_take(d))
            wait->fds[wait->count++] =
                (struct pollfd){.fd = gpio_request_fd(d->request), .events = POLLIN};
        int64_t due_us = has_room(d) ? input_due(&d->input) : INT64_MAX;
        if (has_new_pulses(d) && d->waiting_count == 0 && d->tell_us < due_us)
            due_us = d->tell_us;
        if (due_us < wait->deadline_us)
            wait->deadline_us = due_us;
    }
}

/* A counter's changes are in its total already. */
static void tell_changes(struct gpio_device *d, const struct input_change *changes,
                         size_t n)
{
    for (size_t i = 0; i < n && !d->is_counter; i++)
        gpio_tell(d, is_on(d, changes[i].level), GW_EVENT, changes[i].machine_us);
}

/* returns 1 = there may be more, 0 = none left, -errno */
static int take_edges(struct gpio_bus *b, size_t i, const struct gw_sink *sink)
{
    struct gpio_device *d = gpio_device(b, i);
    for (int n = 0; n < EDGES_A_TURN && may_take(d); n++) {
        struct gpio_edge edge;
        int r = gpio_request_take(d->request, &edge);
        if (r <= 0)
            return r;
        sink->count(sink->ctx, GW_COUNT_MESSAGES, 1);
        if (edge.lost)
            sink->count(sink->ctx, GW_COUNT_LOST, edge.lost);
        d->is_unsure = d->is_unsure || edge.is_burst || !d->is_counter;
        struct input_change changes[INPUT_CHANGES_MAX];
        tell_changes(d, changes,
                     input_edge(&d->input, edge.level, edge.machine_us, changes));
        (void)gpio_push(b, i, sink);
    }
    return 1;
}

/* A counter that is heard is read only when edges were lost: between two of them, the
 * time of reading would be its pulse's end. */
static bool is_to_be_read(const struct gpio_device *d, bool is_look, int64_t now_us)
{
    bool is_due = input_due(&d->input) <= now_us;
    if (input_is_deaf(&d->input))
        return is_due;
    return d->is_unsure || (!d->is_counter && (is_look || is_due));
}

/* Once no edge waits, and before what is due at @now_us counts: how the line stands. */
static int settle(struct gpio_device *d, bool is_look, int64_t now_us)
{
    struct input_change changes[INPUT_CHANGES_MAX];
    if (is_to_be_read(d, is_look, now_us)) {
        int level = gpio_request_level(d->request);
        if (level < 0)
            return level;
        d->is_unsure = false;
        tell_changes(d, changes, input_edge(&d->input, level, gw_machine_us(), changes));
    }
    if (has_room(d))
        tell_changes(d, changes, input_time(&d->input, now_us, changes));
    return 0;
}

static void report_storm(const struct gpio_bus *b, size_t i, const struct gw_sink *sink)
{
    struct gpio_device *d = gpio_device(b, i);
    uint64_t suppressed = d->input.suppressed - d->suppressed;
    d->suppressed = d->input.suppressed;
    if (suppressed)
        sink->count(sink->ctx, GW_COUNT_SUPPRESSED, suppressed);
    if (d->input.is_storm == d->was_storm)
        return;
    d->was_storm = d->input.is_storm;
    char text[200];
    (void)snprintf(
        text, sizeof(text),
        "line '%s' changes more than %d times a second: %s; see to contact and "
        "wire, or debounce it",
        d->name, d->is_counter ? INPUT_STORM_PULSE_EDGES : INPUT_STORM_EDGES,
        d->is_counter ? "pulses are being lost" : "its state is told once a second");
    sink->report(sink->ctx, &b->setup->devices[i], d->was_storm ? text : NULL);
}

static void tell_count(struct gpio_device *d, bool is_look)
{
    int64_t now_us = gw_machine_us();
    if (d->waiting_count > 0 || (!is_look && !has_new_pulses(d)) || now_us < d->tell_us)
        return;
    d->tell_us = now_us + tell_counter_us;
    gpio_tell(d, false, has_new_pulses(d) ? 0 : GW_REPEAT, now_us);
}

/* What is due is judged by the time before the edges were taken: all that were stamped by
 * then are among them. */
static int turn(struct gpio_bus *b, size_t i, bool is_look, const struct gw_sink *sink)
{
    struct gpio_device *d = gpio_device(b, i);
    int64_t now_us = gw_machine_us();
    (void)gpio_push(b, i, sink);
    int r = has_room(d) ? take_edges(b, i, sink) : 0;
    if ((r == 0 || input_is_deaf(&d->input)) && has_room(d))
        r = settle(d, is_look, now_us);
    if (r < 0)
        return r;
    report_storm(b, i, sink);
    if (d->is_counter)
        tell_count(d, is_look);
    else if (is_look && d->waiting_count == 0)
        gpio_tell(d, is_on(d, d->input.told), GW_REPEAT, now_us);
    (void)gpio_push(b, i, sink);
    return 0;
}

static int turn_or_retry(struct gpio_bus *b, size_t i, bool is_look,
                         const struct gw_sink *sink)
{
    const struct gpio_device *d = gpio_device(b, i);
    struct gw_error err = {0};
    int r = d->request ? 0 : gpio_line_retry(b, i, start, sink);
    if (r < 0 || !d->request)
        return r;
    r = turn(b, i, is_look, sink);
    if (r == -ENODEV)
        return r;
    if (r < 0) {
        (void)gpio_line_failed(b->chip, d->name, r, &err);
        gpio_line_lose(b, i, err.text, sink);
    }
    return 0;
}

int gpio_inputs_turn(struct gpio_bus *b, bool is_look, const struct gw_sink *sink)
{
    for (size_t i = 0; i < b->setup->device_count; i++) {
        const struct gpio_device *d = gpio_device(b, i);
        int r = d->direction == GPIO_IN ? turn_or_retry(b, i, is_look, sink) : 0;
        if (r < 0)
            return r;
    }
    return 0;
}
