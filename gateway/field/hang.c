/* hang.c - a bus whose thread does not come back from its driver.
 *
 * Nobody can end such a thread.  Main says for it what it cannot say itself, until it
 * comes back, or the watchdog starts the gateway anew.
 */
#include <errno.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/text.h"
#include "field/bus.h"

enum { LOOKS = 2 };

static int64_t silent_us(const struct bus *bus)
{
    return clock_machine_us() - atomic_load(&bus->hang.since_us);
}

/* --- main's side ------------------------------------------------------------------- */

static void tell_hang(struct bus *bus)
{
    char text[160];
    char span[DURATION_TEXT_MAX];
    atomic_store(&bus->hang.since_us, clock_machine_us() - worker_silent_us(bus->worker));
    atomic_store(&bus->hang.is_told, true);
    gw_log(GW_LOG_ERROR, bus_subject(bus),
           "hangs: its driver has not come back for %s; its points have failed",
           duration_text(silent_us(bus), span));
    (void)snprintf(text, sizeof(text), "not written: bus '%s' hangs", bus->config->name);
    if (bus->commands)
        commands_give_up(bus->commands, -ETIME, text);
}

/* false: the queue is full, and the next look tells all of it. */
static bool tell_points(const struct bus *bus)
{
    struct gw_sample offline = {
        .quality = GW_BAD, .reason = GW_REASON_OFFLINE, .source_us = GW_TIME_NONE};
    size_t overwritten = 0;
    bool is_taken = true;
    for (size_t i = 0; i < bus->owner_count && is_taken; i++) {
        offline.point = bus->owners[i].point;
        offline.mono_us = clock_machine_us();
        is_taken = bus->ops->push(bus->ops->ctx, &offline, 1, NULL, false, &overwritten);
    }
    return is_taken;
}

void hang_look(struct bus *bus)
{
    struct bus_hang *h = &bus->hang;
    bool is_silent = worker_silent_us(bus->worker) > h->after_us;
    h->looks = is_silent ? h->looks + 1 : 0;
    if (h->looks == LOOKS) {
        tell_hang(bus);
        h->is_done = false;
    }
    if (h->looks >= LOOKS && !h->is_done)
        h->is_done = tell_points(bus);
}

/* --- the bus's own side ------------------------------------------------------------ */

bool hang_end(struct bus *bus)
{
    if (!atomic_exchange(&bus->hang.is_told, false))
        return false;
    char span[DURATION_TEXT_MAX];
    gw_log(GW_LOG_WARNING, bus_subject(bus), "its driver came back after %s",
           duration_text(silent_us(bus), span));
    for (size_t i = 0; i < bus->device_count; i++)
        bus->devices[i].is_told = true;
    return true;
}

/* --- for others ----------------------------------------------------------------------
 */

int hang_refuse(const struct bus *bus, struct gw_error *err)
{
    char span[DURATION_TEXT_MAX];
    if (!atomic_load(&bus->hang.is_told))
        return 0;
    return gw_fail(err, -EBUSY, "bus '%s' hangs: its driver has not come back for %s",
                   bus->config->name, duration_text(silent_us(bus), span));
}

void hang_bus_row(const struct bus *bus, struct field_bus_status *row)
{
    char span[DURATION_TEXT_MAX];
    if (!atomic_load(&bus->hang.is_told))
        return;
    row->health = FIELD_HUNG;
    (void)snprintf(row->fault, sizeof(row->fault), "its driver has not come back for %s",
                   duration_text(silent_us(bus), span));
}

void hang_device_rows(const struct bus *bus, struct field_device_status *rows, size_t n)
{
    if (!atomic_load(&bus->hang.is_told))
        return;
    for (size_t i = 0; i < n; i++) {
        rows[i].health = FIELD_OFFLINE;
        text_copy(rows[i].fault, sizeof(rows[i].fault), "its bus hangs");
    }
}
