/* source.c - one turn of an event source: wait for its descriptors, let it work. */
#include "base/clock.h"
#include "field/bus.h"

static const int64_t proof_us = INT64_C(3) * 1000000;

bool source_tell_committed(struct bus *bus)
{
    uint64_t ticket = atomic_load(&bus->committed);
    if (ticket <= bus->told || !bus->config->driver->committed)
        return false;
    bus->told = ticket;
    bus->config->driver->committed(bus->config->options, ticket);
    return true;
}

static bool has_event(const struct gw_wait *wait)
{
    for (size_t i = 0; i < wait->count; i++)
        if (wait->fds[i].revents)
            return true;
    return false;
}

/* One call for all that is pushed meanwhile: who takes it is not woken at each message.
 */
static enum gw_fault read_on(struct bus *bus, const struct gw_wait *wait,
                             struct gw_error *err)
{
    bus->is_refused = false;
    bus->is_reading = true;
    enum gw_fault fault =
        bus->config->driver->ready(bus->config->options, wait, &bus->sink, err);
    bus->is_reading = false;
    bus->ops->call(bus->ops->ctx);
    return fault;
}

void source_turn(struct bus *bus)
{
    const struct gw_driver *driver = bus->config->driver;
    int64_t command_us = writer_turn(bus);
    if (!bus->is_open)
        return;
    bool is_called = source_tell_committed(bus);
    if (bus->is_refused && atomic_exchange(&bus->has_room, false))
        is_called = true;

    struct gw_wait wait = {.deadline_us = INT64_MAX};
    driver->wait(bus->config->options, &wait);
    int64_t until_us = wait.deadline_us < command_us ? wait.deadline_us : command_us;
    bool may_be_proved = !bus->is_proved && !wait.is_connecting;
    if (may_be_proved && until_us > bus->opened_us + proof_us)
        until_us = bus->opened_us + proof_us;
    bus_wait(bus, &wait, is_called ? 0 : until_us);

    int64_t now_us = clock_machine_us();
    if (is_called || has_event(&wait) || now_us >= wait.deadline_us) {
        struct gw_error err = {0};
        if (read_on(bus, &wait, &err) == GW_FAULT_OFFLINE) {
            bus_fail(bus, err.text);
            return;
        }
    }
    if (may_be_proved && now_us >= bus->opened_us + proof_us)
        bus_prove(bus);
}
