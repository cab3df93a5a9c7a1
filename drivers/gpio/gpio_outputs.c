/* gpio_outputs.c - outputs, held by campus-gpio-holder or, where the bus says so, by us.
 *
 * The holder has the last word: a line is as it says.  It is told what was wanted last
 * whenever it had to switch for our silence or began anew; a longest time that is over
 * ends the wish too. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "gpio_bus.h"

static const int64_t beat_us = HOLDER_BEAT_MS * INT64_C(1000);

static size_t index_of(const struct gpio_bus *b, const struct gpio_device *d)
{
    size_t i = 0;
    while (gpio_device(b, i) != d)
        i++;
    return i;
}

/* --- the holder ------------------------------------------------------------------- */

/* What is wanted, and still may be. */
static bool is_wanted(const struct gpio_device *d)
{
    return d->is_on && (d->max_on_us == 0 || gw_machine_us() < d->on_us + d->max_on_us);
}

static void take_state(struct gpio_device *d, const struct holder_message *m,
                       uint16_t flags)
{
    if (m->cause != HOLDER_SAFE || !d->is_opened) {
        d->on_us = m->is_on && !d->is_on ? gw_machine_us() : d->on_us;
        d->is_on = m->is_on;
    }
    d->is_opened = true;
    gpio_tell(d, m->is_on, flags, gw_machine_us());
}

static int set_held(struct gpio_bus *b, struct gpio_device *d, bool is_on,
                    struct gw_error *err)
{
    struct holder_message ask = {
        .kind = HOLDER_SET, .line = (uint16_t)index_of(b, d), .is_on = is_on};
    struct holder_message m;
    int r = holder_call(&b->holder, &ask, &m, err);
    if (r == 0)
        gpio_tell(d, m.is_on, GW_EVENT, gw_machine_us());
    return r;
}

/* The line as the holder has it; then, if that is not what we want, as we want it. */
static int claim(struct gpio_bus *b, struct gpio_device *d, struct gw_error *err)
{
    struct holder_message ask = {
        .kind = HOLDER_CLAIM,
        .line = (uint16_t)index_of(b, d),
        .is_active_low = d->active == GPIO_LOW,
        .is_safe_on = d->safe == GPIO_SAFE_ON,
        .max_on_ms = (uint32_t)(d->max_on_us / 1000),
    };
    (void)snprintf(ask.chip, sizeof(ask.chip), "%s", b->chip);
    (void)snprintf(ask.name, sizeof(ask.name), "%s", d->name);
    struct holder_message m;
    int r = holder_call(&b->holder, &ask, &m, err);
    (void)snprintf(d->refusal, sizeof(d->refusal), "%.*s", HOLDER_TEXT_MAX - 1,
                   r == -EREMOTEIO ? m.text : "");
    if (r < 0)
        return r;
    d->is_claimed = true;
    bool is_missed = d->is_opened && m.is_on != is_wanted(d) && m.cause == HOLDER_SAFE;
    take_state(d, &m, GW_STARTUP);
    return is_missed ? set_held(b, d, is_wanted(d), err) : 0;
}

/* Said once for every output: a holder that is away takes no input with it. */
static void lose_holder(struct gpio_bus *b, const char *text)
{
    (void)snprintf(b->holder_fault, sizeof(b->holder_fault), "%.*s",
                   (int)sizeof(b->holder_fault) - 1, text);
    holder_close(&b->holder);
    for (size_t i = 0; i < b->setup->device_count; i++)
        gpio_device(b, i)->is_claimed = false;
}

/* A line that is refused is its own device's fault, and claimed again with each beat. */
static void claim_all(struct gpio_bus *b, const struct gw_sink *sink)
{
    for (size_t i = 0; i < b->setup->device_count; i++) {
        struct gpio_device *d = gpio_device(b, i);
        struct gw_error err = {0};
        if (!gpio_is_held(b, d) || d->is_claimed)
            continue;
        int r = b->holder.is_open ? claim(b, d, &err) : -ENOTCONN;
        if (r < 0 && r != -EREMOTEIO && err.text[0])
            lose_holder(b, err.text);
        if (r < 0)
            gpio_tell_bad(b, i, r == -EREMOTEIO ? err.text : b->holder_fault, sink);
        else
            sink->report(sink->ctx, &b->setup->devices[i], NULL);
    }
}

static void reach_holder(struct gpio_bus *b)
{
    struct gw_error err = {0};
    if (!b->holder.is_open && holder_open(&b->holder, b->holder_path, &err) < 0)
        lose_holder(b, err.text);
}

static void beat(struct gpio_bus *b, const struct gw_sink *sink)
{
    struct gw_error err = {0};
    struct holder_message ask = {.kind = HOLDER_BEAT};
    struct holder_message m;
    b->beat_us = gw_machine_us() + beat_us;
    reach_holder(b);
    if (b->holder.is_open && holder_call(&b->holder, &ask, &m, &err) < 0)
        lose_holder(b, err.text);
    if (b->holder.is_open)
        b->holder_fault[0] = '\0';
    claim_all(b, sink);
}

static void lose_held(const struct gpio_bus *b, size_t i, const char *text,
                      const struct gw_sink *sink)
{
    struct gpio_device *d = gpio_device(b, i);
    d->is_claimed = false;
    (void)snprintf(d->refusal, sizeof(d->refusal), "%.*s", HOLDER_TEXT_MAX - 1, text);
    gpio_tell_bad(b, i, text, sink);
}

/* What the holder told of a line by itself.  One that is not ours was lost and is held
 * again: a claim is due. */
static void take_one(struct gpio_bus *b, const struct holder_message *m,
                     const struct gw_sink *sink)
{
    struct gw_error err = {0};
    struct gpio_device *d = gpio_device(b, m->line);
    if (m->kind == HOLDER_REFUSED) {
        lose_held(b, m->line, m->text, sink);
        return;
    }
    if (!d->is_claimed) {
        b->beat_us = 0;
        return;
    }
    take_state(d, m, GW_EVENT);
    if (m->is_on != is_wanted(d) && set_held(b, d, is_wanted(d), &err) < 0)
        b->beat_us = 0;
}

static void take_news(struct gpio_bus *b, const struct gw_sink *sink)
{
    struct gw_error err = {0};
    struct holder_message m;
    int r = holder_news(&b->holder, &m, &err);
    for (; r > 0; r = holder_news(&b->holder, &m, &err))
        if (m.line < b->setup->device_count)
            take_one(b, &m, sink);
    if (r < 0) {
        lose_holder(b, err.text);
        b->beat_us = 0; /* it may be there again already */
    }
}

static bool has_held(const struct gpio_bus *b)
{
    for (size_t i = 0; i < b->setup->device_count; i++)
        if (gpio_is_held(b, gpio_device(b, i)))
            return true;
    return false;
}

/* --- the bus ---------------------------------------------------------------------- */

static bool is_direct(const struct gpio_bus *b, const struct gpio_device *d)
{
    return d->direction == GPIO_OUT && !gpio_is_held(b, d);
}

static int start_direct(struct gpio_bus *b, struct gpio_device *d, struct gw_error *err)
{
    int level = gpio_line_open(b, d, err);
    if (level < 0)
        return level;
    d->is_on = level == (d->active == GPIO_HIGH);
    d->is_opened = true;
    gpio_tell(d, d->is_on, GW_STARTUP, gw_machine_us());
    return 0;
}

void gpio_outputs_start(struct gpio_bus *b)
{
    for (size_t i = 0; i < b->setup->device_count; i++) {
        struct gpio_device *d = gpio_device(b, i);
        d->is_claimed = false;
        if (is_direct(b, d))
            (void)start_direct(b, d, NULL); /* a turn tries again, and tells */
    }
    b->beat_us = has_held(b) ? 0 : INT64_MAX;
    b->holder_fault[0] = '\0';
}

/* A bus that closes in good order leaves nothing on that its safe state has off. */
void gpio_outputs_stop(struct gpio_bus *b)
{
    struct holder_message ask = {.kind = HOLDER_LEAVE};
    struct holder_message m;
    if (b->holder.is_open)
        (void)holder_call(&b->holder, &ask, &m, NULL);
    holder_close(&b->holder);
}

void gpio_outputs_wait(const struct gpio_bus *b, struct gw_wait *wait)
{
    if (b->holder.is_open)
        wait->fds[wait->count++] = (struct pollfd){.fd = b->holder.fd, .events = POLLIN};
    if (b->beat_us < wait->deadline_us)
        wait->deadline_us = b->beat_us;
    for (size_t i = 0; i < b->setup->device_count; i++) {
        const struct gpio_device *d = gpio_device(b, i);
        if (is_direct(b, d) && !d->request && d->retry_us < wait->deadline_us)
            wait->deadline_us = d->retry_us;
    }
}

/* The kernel tells nobody that an output's chip is gone: only who asks learns it. */
static int turn_direct(struct gpio_bus *b, size_t i, bool is_look,
                       const struct gw_sink *sink)
{
    const struct gpio_device *d = gpio_device(b, i);
    struct gw_error err = {0};
    if (!d->request)
        return gpio_line_retry(b, i, start_direct, sink);
    int level = is_look ? gpio_request_level(d->request) : 0;
    if (level == -ENODEV)
        return level;
    if (level < 0) {
        (void)gpio_line_failed(b->chip, d->name, level, &err);
        gpio_line_lose(b, i, err.text, sink);
    }
    return 0;
}

int gpio_outputs_turn(struct gpio_bus *b, bool is_look, const struct gw_sink *sink)
{
    if (b->holder.is_open)
        take_news(b, sink);
    if (gw_machine_us() >= b->beat_us)
        beat(b, sink);
    for (size_t i = 0; i < b->setup->device_count; i++) {
        struct gpio_device *d = gpio_device(b, i);
        if (d->direction != GPIO_OUT)
            continue;
        int r = is_direct(b, d) ? turn_direct(b, i, is_look, sink) : 0;
        if (r < 0)
            return r;
        bool is_known = d->is_claimed || d->request;
        if (is_look && is_known && d->waiting_count == 0)
            gpio_tell(d, d->is_on, GW_REPEAT, gw_machine_us());
        (void)gpio_push(b, i, sink);
    }
    return 0;
}

static int set_direct(struct gpio_bus *b, struct gpio_device *d, bool is_on,
                      struct gw_error *err)
{
    int r = d->request ? gpio_request_set(d->request, is_on == (d->active == GPIO_HIGH))
                       : -ENOTCONN;
    if (r < 0)
        return gpio_line_failed(b->chip, d->name, r, err);
    gpio_tell(d, is_on, GW_EVENT, gw_machine_us());
    return 0;
}

static enum gw_fault not_held(const struct gpio_bus *b, const struct gpio_device *d,
                              struct gw_error *err)
{
    bool is_refused = b->holder.is_open && d->refusal[0];
    const char *why = is_refused           ? d->refusal
                      : b->holder_fault[0] ? b->holder_fault
                                           : "campus-gpio-holder was not asked yet";
    (void)gw_fail(err, -ENOTCONN, "line '%s' of GPIO chip '%s' is not held: %s", d->name,
                  b->chip, why);
    return is_refused ? GW_FAULT_REJECTED : GW_FAULT_TRANSIENT;
}

static enum gw_fault set_line(struct gpio_bus *b, struct gpio_device *d, bool is_on,
                              struct gw_error *err)
{
    if (!gpio_is_held(b, d))
        return set_direct(b, d, is_on, err) < 0 ? GW_FAULT_OFFLINE : GW_FAULT_NONE;
    if (!d->is_claimed)
        return not_held(b, d, err);
    int r = set_held(b, d, is_on, err);
    if (r == -EREMOTEIO)
        return GW_FAULT_REJECTED;
    if (r < 0)
        lose_holder(b, err ? err->text : "the holder is gone");
    return r < 0 ? GW_FAULT_TRANSIENT : GW_FAULT_NONE;
}

enum gw_fault gpio_outputs_write(void *bus, const struct gw_device_ref *device,
                                 const struct gw_point_ref *point, double raw,
                                 struct gw_error *err)
{
    struct gpio_bus *b = bus;
    struct gpio_device *d = device->options;
    if (d->direction != GPIO_OUT || (raw != 0 && raw != 1)) {
        (void)gw_fail(err, -EINVAL,
                      d->direction != GPIO_OUT
                          ? "point '%s' is an input (direction: out writes)"
                          : "point '%s' takes 0 or 1",
                      point->name);
        return GW_FAULT_REJECTED;
    }
    bool is_on = raw == 1;
    enum gw_fault fault = set_line(b, d, is_on, err);
    if (fault != GW_FAULT_NONE)
        return fault;
    d->on_us = is_on && !d->is_on ? gw_machine_us() : d->on_us;
    d->is_on = is_on;
    return GW_FAULT_NONE;
}
