/* poller.c - one turn of a polled bus: sleep until a device is due, poll it, judge. */
#include "base/clock.h"
#include "base/text.h"
#include "field/bus.h"
#include "field/sink.h"
#include "field/station.h"

static const int64_t proof_us = INT64_C(3) * 1000000;

static void log_change(const struct device *d, enum device_change change,
                       const char *text, unsigned tries, int64_t now_us)
{
    char span[DURATION_TEXT_MAX];
    struct gw_subject about = {"DEVICE", d->ref->name};
    switch (change) {
    case DEVICE_WENT_OFFLINE:
        gw_log(GW_LOG_WARNING, about, "offline: %s, next try in %s", text,
               duration_text(d->due_us - now_us, span));
        break;
    case DEVICE_CAME_BACK:
        gw_log(GW_LOG_NOTICE, about, "back after %s, %u tries",
               duration_text(now_us - d->down_since_us, span), tries);
        break;
    case DEVICE_REFUSES:
        gw_log(GW_LOG_WARNING, about, "refuses: %s", text);
        break;
    case DEVICE_ACCEPTS:
        gw_log(GW_LOG_NOTICE, about, "no longer refuses");
        break;
    case DEVICE_FIRST_SEEN:
    case DEVICE_SAME:
        break;
    }
}

static void put_status(struct bus *bus, struct device *d, enum gw_fault fault,
                       const char *text, int64_t now_us)
{
    struct field_device_status *s = &d->status;
    s->health = d->health;
    s->polls++;
    s->failures += fault == GW_FAULT_TRANSIENT;
    if (fault != GW_FAULT_TRANSIENT)
        s->last_seen_us = now_us;
    if (!d->reported.is_open)
        text_copy(s->fault, sizeof(s->fault), fault == GW_FAULT_NONE ? "" : text);
    status_put_device(bus->status, d->row, s);
}

/* What is silent about a unit is silent about all its devices. */
static void spread_silence(struct bus *bus, const struct device *d, const char *text,
                           int64_t now_us)
{
    for (size_t i = 0; i < bus->device_count; i++) {
        struct device *other = &bus->devices[i];
        if (!station_follows(d, other))
            continue;
        bool is_news = other->health != FIELD_OFFLINE;
        station_join(d, other);
        if (!is_news)
            continue;
        log_change(other, DEVICE_WENT_OFFLINE, text, 0, now_us);
        other->status.health = FIELD_OFFLINE;
        text_copy(other->status.fault, sizeof(other->status.fault), text);
        status_put_device(bus->status, other->row, &other->status);
        sink_tell_offline(bus, other);
    }
}

/* After a silence too short to call it offline; or first seen again: its bus was away. */
static bool may_have_restarted(enum gw_fault fault, enum device_change change,
                               unsigned silences)
{
    return change == DEVICE_FIRST_SEEN || (fault != GW_FAULT_TRANSIENT && silences > 0);
}

static void poll_device(struct bus *bus, struct device *d, int64_t begun_us)
{
    struct gw_error err = {0};
    bool is_probe = d->health == FIELD_OFFLINE;
    bool has_answered = d->answered_us > 0;
    unsigned tries = d->failures_in_row;
    bus->polled = d;
    enum gw_fault fault =
        bus->config->driver->poll(bus->config->options, d->ref, &bus->sink, &err);
    bus->polled = NULL;
    int64_t now_us = clock_machine_us();
    if (fault == GW_FAULT_OFFLINE) {
        bus_fail(bus, err.text);
        return;
    }
    if (fault != GW_FAULT_TRANSIENT || now_us >= bus->opened_us + proof_us)
        bus_prove(bus);

    enum device_change change = device_judge(d, fault, now_us, dice_roll(&bus->dice));
    if (is_probe && fault == GW_FAULT_TRANSIENT)
        schedule_probed(&bus->schedule, now_us - begun_us, now_us);
    if (change == DEVICE_CAME_BACK)
        schedule_revive(bus->devices, bus->device_count, now_us);
    if (change == DEVICE_CAME_BACK
        || (has_answered && may_have_restarted(fault, change, tries)))
        sink_tell_back(bus, d);
    log_change(d, change, err.text, tries, now_us);
    put_status(bus, d, fault, err.text, now_us);
    if (change == DEVICE_WENT_OFFLINE)
        sink_tell_offline(bus, d);
    if (fault == GW_FAULT_TRANSIENT)
        spread_silence(bus, d, err.text, now_us);
}

void poller_turn(struct bus *bus)
{
    int64_t command_us = writer_turn(bus);
    if (!bus->is_open)
        return;
    int64_t due_us = INT64_MAX;
    int64_t now_us = clock_machine_us();
    struct device *d =
        schedule_pick(&bus->schedule, bus->devices, bus->device_count, now_us, &due_us);
    if (!d || due_us > now_us)
        bus_wait(bus, NULL, command_us < due_us ? command_us : due_us);
    else
        poll_device(bus, d, now_us);
}
