/* writer.c - commands of a bus: before the reads that are due, and between two of them.
 *
 * A read in progress is one device's poll; no command waits longer for its first try.
 */
#include <errno.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/text.h"
#include "field/bus.h"
#include "field/station.h"

/* A live device that missed a command is asked again soon, a dead one seldom: each try
 * costs the others a whole timeout. */
static const int64_t retry_us = 500000;
static const int64_t dead_retry_us = INT64_C(5) * 1000000;

static void tell_late(const struct bus *bus, const struct command *c)
{
    char text[400];
    const struct device *d = &bus->devices[c->device];
    if (c->tries > 0) {
        (void)snprintf(text, sizeof(text), "not written, tried %u times: %s", c->tries,
                       c->text);
        commands_tell(bus->commands, c, -ETIMEDOUT, text);
        return;
    }
    if (!bus->is_open)
        (void)snprintf(text, sizeof(text),
                       "not written in its time: device '%s': bus '%s' is %s%s",
                       d->ref->name, bus->config->name,
                       bus->row.fault[0] ? "offline: " : "not open", bus->row.fault);
    else
        (void)snprintf(text, sizeof(text), "not written in its time: device '%s' is %s",
                       d->ref->name,
                       d->health == FIELD_OFFLINE ? "offline, which is tried once in 5 s"
                                                  : "busy");
    commands_tell(bus->commands, c, -ETIME, text);
}

/* In vain: tried again while its time lasts. */
static void put_back(struct bus *bus, struct device *d, struct command *c,
                     const char *text, int64_t begun_us)
{
    int64_t now_us = clock_machine_us();
    bool is_dead = d->health == FIELD_OFFLINE;
    station_postpone(bus->devices, bus->device_count, d,
                     now_us + (is_dead ? dead_retry_us : retry_us));
    if (is_dead)
        schedule_probed(&bus->schedule, now_us - begun_us, now_us);
    text_copy(c->text, sizeof(c->text), text);
    commands_return(bus->commands, c);
}

static void attempt(struct bus *bus, struct command *c)
{
    struct gw_error err = {0};
    struct device *d = &bus->devices[c->device];
    const struct gw_point_ref *point = d->ref->points;
    while (point->id != c->asked.point)
        point++;
    int64_t begun_us = clock_machine_us();
    c->tries++;
    enum gw_fault fault =
        bus->config->driver->write(bus->config->options, d->ref, point, c->raw, &err);
    worker_alive(bus->self);
    switch (fault) {
    case GW_FAULT_NONE:
        station_postpone(bus->devices, bus->device_count, d, 0);
        d->due_us = clock_machine_us(); /* read back */
        commands_tell(bus->commands, c, 0, "written");
        break;
    case GW_FAULT_REJECTED:
        commands_tell(bus->commands, c, -EREMOTEIO, err.text);
        break;
    case GW_FAULT_TRANSIENT:
        put_back(bus, d, c, err.text, begun_us);
        break;
    case GW_FAULT_OFFLINE:
        put_back(bus, d, c, err.text, begun_us);
        bus_fail(bus, err.text);
        break;
    }
}

int64_t writer_turn(struct bus *bus)
{
    int64_t next_us = INT64_MAX;
    for (int n = 0; bus->commands && n < COMMANDS_MAX; n++) {
        struct command c;
        int64_t now_us = clock_machine_us();
        if (!commands_take(bus->commands, bus->devices, bus->is_open, now_us, &c,
                           &next_us))
            return next_us;
        if (c.asked.deadline_us <= now_us)
            tell_late(bus, &c);
        else
            attempt(bus, &c);
    }
    return bus->commands ? 0 : INT64_MAX;
}

/* --- asked by others ------------------------------------------------------------ */

int bus_write(struct bus *bus, const struct field_command *asked, struct gw_error *err)
{
    const struct point_owner *owner = bus_owner(bus, asked->point);
    if (!owner)
        return -ENOENT;
    struct command c = {.asked = *asked, .device = owner->device};
    int r = config_point_raw(owner->config, asked->value, &c.raw, err);
    if (r == 0)
        r = hang_refuse(bus, err);
    if (r < 0)
        return r;
    if (!bus->commands) /* unless the check let it through, which it does not */
        return gw_fail(err, -EROFS, "driver '%s' cannot write", bus->row.driver);
    if (commands_put(bus->commands, &c) < 0)
        return gw_fail(err, -ENOBUFS, "bus '%s': %d commands wait already",
                       bus->config->name, COMMANDS_MAX);
    worker_wake(bus->worker);
    return 0;
}
