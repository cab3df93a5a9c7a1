#include "field/sink.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/text.h"

enum { OFFLINE_CHUNK = 64 };

static const int64_t room_patience_us = 1000000;

static bool push_once(struct bus *bus, const struct gw_sample *samples, size_t n,
                      const struct gw_delivery *delivery)
{
    size_t overwritten = 0;
    bool is_taken = bus->ops->push(bus->ops->ctx, samples, n, delivery, bus->is_reading,
                                   &overwritten);
    bus->row.overwritten += overwritten;
    return is_taken;
}

/* A polled bus has nothing better to do than to wait; its schedule skips what it misses.
 */
static bool push_patiently(struct bus *bus, const struct gw_sample *samples, size_t n,
                           const struct gw_delivery *delivery)
{
    while (!push_once(bus, samples, n, delivery)) {
        if (worker_should_stop(bus->self))
            return false;
        worker_alive(bus->self);
        bus_wait(bus, NULL, clock_machine_us() + room_patience_us);
    }
    return true;
}

static int compare_owners(const void *a, const void *b)
{
    const struct point_owner *x = a;
    const struct point_owner *y = b;
    return (x->point > y->point) - (x->point < y->point);
}

const struct point_owner *bus_owner(const struct bus *bus, uint32_t point)
{
    const struct point_owner key = {.point = point};
    return bsearch(&key, bus->owners, bus->owner_count, sizeof(key), compare_owners);
}

/* An event source has no polls: a device is seen when it speaks.  It speaks often, and
 * its row is long. */
static void note_speaker(struct bus *bus, struct device *d)
{
    enum field_health shown = d->reported.is_open ? FIELD_OFFLINE : FIELD_ONLINE;
    d->health = FIELD_ONLINE;
    d->is_told = false;
    d->status.last_seen_us = clock_machine_us();
    if (d->status.health == shown) {
        status_see_device(bus->status, d->row, d->status.last_seen_us);
        return;
    }
    d->status.health = shown;
    status_put_device(bus->status, d->row, &d->status);
}

static void note_speakers(struct bus *bus, const struct gw_sample *samples, size_t n)
{
    struct device *last = NULL;
    for (size_t i = 0; i < n; i++) {
        const struct point_owner *owner = bus_owner(bus, samples[i].point);
        struct device *d = owner ? &bus->devices[owner->device] : NULL;
        if (!d || d == last)
            continue;
        last = d;
        note_speaker(bus, d);
    }
}

static bool sink_push(void *ctx, const struct gw_sample *samples, size_t n,
                      const struct gw_delivery *delivery)
{
    struct bus *bus = ctx;
    struct gw_delivery own = {0};
    if (delivery) {
        own = *delivery;
        own.bus = bus->config->id;
    }
    const struct gw_delivery *close = delivery ? &own : NULL;
    bool is_taken = bus_is_polled(bus) ? push_patiently(bus, samples, n, close)
                                       : push_once(bus, samples, n, close);
    if (!is_taken) {
        bus->is_refused = true;
        return false;
    }
    bus->row.samples += n;
    if (delivery && delivery->ticket >= bus->setup.delivered.next)
        bus->setup.delivered.next = delivery->ticket + 1;
    if (!bus_is_polled(bus)) {
        bus_prove(bus);
        note_speakers(bus, samples, n);
    }
    return true;
}

static void sink_commit(void *ctx, uint64_t ticket)
{
    struct bus *bus = ctx;
    bus->ops->commit(bus->ops->ctx, bus->config->id, ticket);
}

static void sink_count(void *ctx, enum gw_counter counter, uint64_t n)
{
    struct bus *bus = ctx;
    bus->row.counters[counter] += n;
    if (bus->polled)
        bus->polled->status.counters[counter] += n;
}

static void sink_answered(void *ctx, int64_t response_us)
{
    struct bus *bus = ctx;
    worker_alive(bus->self); /* a device with many registers takes its time */
    if (!bus->polled)
        return;
    struct field_response *r = &bus->polled->status.response;
    if (r->count == 0 || response_us < r->shortest_us)
        r->shortest_us = response_us;
    if (response_us > r->longest_us)
        r->longest_us = response_us;
    r->total_us += response_us;
    r->count++;
}

/* The sentence goes to the status each time, to the log when it begins and ends. */
static void tell_report(struct gw_subject about, const char *text,
                        struct gw_complaint *reported, char *fault, size_t size)
{
    if (text && !reported->is_open)
        gw_complain(reported, about, "%s", text);
    else if (!text)
        gw_relieve(reported, about, "fine again");
    text_copy(fault, size, text ? text : "");
}

static void sink_report(void *ctx, const struct gw_device_ref *device, const char *text)
{
    struct bus *bus = ctx;
    if (!device) {
        tell_report(bus_subject(bus), text, &bus->reported, bus->row.fault,
                    sizeof(bus->row.fault));
        return;
    }
    struct device *d = &bus->devices[device - bus->refs];
    tell_report((struct gw_subject){"DEVICE", device->name}, text, &d->reported,
                d->status.fault, sizeof(d->status.fault));
    d->status.health = text ? FIELD_OFFLINE : d->health;
    status_put_device(bus->status, d->row, &d->status);
}

/* All points of @device with what they have in common.  false: the bus is to stop. */
static bool push_points(struct bus *bus, const struct device *device,
                        const struct gw_sample *common)
{
    struct gw_sample samples[OFFLINE_CHUNK];
    size_t n = 0;
    for (size_t i = 0; i < device->ref->point_count; i++) {
        samples[n] = *common;
        samples[n].point = device->ref->points[i].id;
        samples[n++].mono_us = clock_machine_us();
        if (n < OFFLINE_CHUNK && i + 1 < device->ref->point_count)
            continue;
        if (!push_patiently(bus, samples, n, NULL))
            return false;
        n = 0;
    }
    return true;
}

/* Offline was our word, not the devices': they are as they were.  An event, so that no
 * older value gives way to it in a full queue. */
static void sink_resumed(void *ctx)
{
    struct bus *bus = ctx;
    const struct gw_sample as_before = {.flags = GW_RESUMED | GW_EVENT,
                                        .quality = GW_BAD,
                                        .reason = GW_REASON_OFFLINE,
                                        .source_us = GW_TIME_NONE};
    for (size_t i = 0; i < bus->device_count; i++) {
        struct device *d = &bus->devices[i];
        if (!d->is_told || !push_points(bus, d, &as_before))
            continue;
        d->is_told = false;
        if (d->status.last_seen_us > 0)
            d->health = FIELD_ONLINE;
        d->status.health = d->reported.is_open ? FIELD_OFFLINE : d->health;
        status_put_device(bus->status, d->row, &d->status);
    }
}

void sink_init(struct bus *bus)
{
    bus->sink = (struct gw_sink){
        .ctx = bus,
        .push = sink_push,
        .commit = sink_commit,
        .count = sink_count,
        .report = sink_report,
        .answered = sink_answered,
        .resumed = sink_resumed,
    };
    qsort(bus->owners, bus->owner_count, sizeof(*bus->owners), compare_owners);
}

void sink_tell_offline(struct bus *bus, struct device *device)
{
    if (device->is_told)
        return;
    device->is_told = true;
    const struct gw_sample offline = {
        .quality = GW_BAD, .reason = GW_REASON_OFFLINE, .source_us = GW_TIME_NONE};
    (void)push_points(bus, device, &offline); /* a stop tells nobody any more */
}

void sink_tell_back(const struct bus *bus, const struct device *device)
{
    for (size_t i = 0; i < bus->owner_count; i++) {
        const struct point_owner *owner = &bus->owners[i];
        if (&bus->devices[owner->device] == device && owner->config->is_writable)
            bus->ops->came_back(bus->ops->ctx, owner->point);
    }
}
