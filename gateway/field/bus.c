#include "field/bus.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/text.h"
#include "field/sink.h"
#include "field/station.h"

/* One turn may make so many requests that each time out before the watchdog speaks. */
enum { TURN_TIMEOUTS = 20, HANG_TIMEOUTS = 5 };

static const int64_t second_us = 1000000;
static const int64_t late_floor_us = INT64_C(60) * 1000000;
static const int64_t hang_floor_us = INT64_C(15) * 1000000;
static const int64_t longest_wait_us = INT64_C(10) * 1000000;
static const int64_t reopen_first_us = 500000;

/* A panic button waits in the broker's queue for as long as this, and a smoke detector
 * on a line that is mended is not read. */
static const int64_t reopen_limit_us = INT64_C(10) * 1000000;

/* An event source that reconnects soon misses nothing: its points stay as they are. */
static const int64_t source_grace_us = INT64_C(5) * 1000000;

/* Back-off of a source starts anew only after it held for so long (LWT fights, #2140). */
static const int64_t source_stable_us = INT64_C(60) * 1000000;

void bus_wait(struct bus *bus, struct gw_wait *wait, int64_t until_us)
{
    struct pollfd fds[1 + GW_WAIT_MAX] = {
        {.fd = worker_fd(bus->self), .events = POLLIN},
    };
    size_t count = wait ? wait->count : 0;
    if (count > 0)
        memcpy(&fds[1], wait->fds, count * sizeof(fds[0]));

    int64_t now_us = clock_machine_us();
    int64_t left_us = until_us > now_us ? until_us - now_us : 0;
    if (left_us > longest_wait_us)
        left_us = longest_wait_us;
    struct timespec left = {
        .tv_sec = left_us / second_us,
        .tv_nsec = left_us % second_us * 1000,
    };
    /* A signal or an error only ends the sleep early: the caller looks again. */
    int r = ppoll(fds, 1 + count, &left, NULL);
    for (size_t i = 0; i < count; i++)
        wait->fds[i].revents = r > 0 ? fds[1 + i].revents : 0;
    if (r > 0 && fds[0].revents)
        worker_drain(bus->self);
    worker_alive(bus->self);
}

static void put_device_status(struct bus *bus, struct device *d, enum field_health health,
                              const char *fault)
{
    d->health = health;
    d->status.health = health;
    text_copy(d->status.fault, sizeof(d->status.fault), fault);
    status_put_device(bus->status, d->row, &d->status);
}

void bus_prove(struct bus *bus)
{
    if (bus->is_proved)
        return;
    bus->is_proved = true;
    if (bus_is_polled(bus))
        backoff_reset(&bus->reopen);
    if (bus->row.health == FIELD_OFFLINE) {
        char span[DURATION_TEXT_MAX];
        gw_log(GW_LOG_NOTICE, bus_subject(bus), "back after %s, %u tries",
               duration_text(clock_machine_us() - bus->down_since_us, span), bus->tries);
        for (size_t i = 0; i < bus->device_count && !bus_is_polled(bus); i++)
            sink_tell_back(bus, &bus->devices[i]);
    }
    bus->row.health = FIELD_ONLINE;
    if (!bus->reported.is_open)
        bus->row.fault[0] = '\0';
}

static void close_driver(struct bus *bus)
{
    bus->config->driver->close(bus->config->options);
    bus->is_open = false;
    bus->is_refused = false;
}

void bus_fail(struct bus *bus, const char *text)
{
    int64_t now_us = clock_machine_us();
    bool was_stable = bus->is_open && now_us - bus->opened_us >= source_stable_us;
    close_driver(bus);
    if (was_stable)
        backoff_reset(&bus->reopen);
    int64_t delay_us = backoff_next(&bus->reopen, dice_roll(&bus->dice));
    bus->reopen_us = now_us + delay_us;

    text_copy(bus->row.fault, sizeof(bus->row.fault), text);
    bus->reported.is_open = false;
    bus->is_proved = false;
    for (size_t i = 0; i < bus->device_count; i++)
        put_device_status(bus, &bus->devices[i], FIELD_OFFLINE, "its bus is offline");
    if (bus->row.health == FIELD_OFFLINE) {
        bus->tries++;
        return;
    }
    char span[DURATION_TEXT_MAX];
    gw_log(GW_LOG_WARNING, bus_subject(bus), "offline: %s, next try in %s", text,
           duration_text(delay_us, span));
    bus->row.health = FIELD_OFFLINE;
    bus->down_since_us = now_us;
    bus->tries = 1;
}

/* A device that cannot be planned is a configuration the driver refuses; others go on. */
static void plan_device(struct bus *bus, struct device *d)
{
    struct gw_error err = {0};
    const struct gw_driver *driver = bus->config->driver;
    d->is_unplanned =
        driver->plan && driver->plan(bus->config->options, d->ref, &err) < 0;
    if (d->is_unplanned)
        bus->sink.report(bus, d->ref, err.text);
}

static void open_driver(struct bus *bus)
{
    struct gw_error err = {0};
    int r = bus->config->driver->open(bus->config->options, &bus->setup, &err);
    (void)hang_end(bus); /* begun anew just now */
    worker_alive(bus->self);
    if (r < 0) {
        bus_fail(bus, err.text);
        return;
    }
    bus->is_open = true;
    bus->is_proved = false;
    bus->opened_us = clock_machine_us();
    for (size_t i = 0; i < bus->device_count; i++) {
        struct device *d = &bus->devices[i];
        if (d->health == FIELD_OFFLINE)
            put_device_status(bus, d, FIELD_STARTING, "");
        d->reported.is_open = false;
        device_start(d, i, bus->device_count, bus->opened_us);
        plan_device(bus, d);
    }
}

static void closed_turn(struct bus *bus)
{
    int64_t now_us = clock_machine_us();
    if (now_us >= bus->reopen_us) {
        open_driver(bus);
        return;
    }
    int64_t until_us = bus->reopen_us;
    int64_t tell_us = bus->down_since_us + (bus_is_polled(bus) ? 0 : source_grace_us);
    if (bus->row.health == FIELD_OFFLINE && now_us >= tell_us)
        for (size_t i = 0; i < bus->device_count; i++)
            sink_tell_offline(bus, &bus->devices[i]);
    else if (bus->row.health == FIELD_OFFLINE && tell_us < until_us)
        until_us = tell_us;
    int64_t command_us = writer_turn(bus); /* none is tried, but some may end */
    bus_wait(bus, NULL, command_us < until_us ? command_us : until_us);
}

/* Nobody knows what was missed while the driver hung: it begins anew. */
static void turn(struct bus *bus)
{
    if (hang_end(bus) && bus->is_open)
        bus_fail(bus, "its driver hung");
    worker_alive(bus->self);
    if (!bus->is_open)
        closed_turn(bus);
    else if (bus_is_polled(bus))
        poller_turn(bus);
    else
        source_turn(bus);
    status_put_bus(bus->status, &bus->row);
}

/* What is on disk is acknowledged to the last. */
static void leave_driver(struct bus *bus)
{
    if (!bus->is_open)
        return;
    (void)source_tell_committed(bus);
    close_driver(bus);
}

static void bus_run(struct worker *w, void *ctx)
{
    struct bus *bus = ctx;
    bus->self = w;
    do {
        while (!worker_should_stop(w))
            turn(bus);
        leave_driver(bus);
    } while (!worker_may_end(w));
}

static int collect_devices(struct bus *bus, uint16_t index)
{
    const struct config *config = bus->tree;
    for (size_t i = 0; i < config->device_count; i++)
        if (config->devices[i].bus == index) {
            bus->device_count++;
            bus->owner_count += config->devices[i].ref.point_count;
        }
    bus->refs = calloc(bus->device_count + 1, sizeof(*bus->refs));
    bus->devices = calloc(bus->device_count + 1, sizeof(*bus->devices));
    bus->owners = calloc(bus->owner_count + 1, sizeof(*bus->owners));
    if (!bus->refs || !bus->devices || !bus->owners
        || status_new(bus->device_count, &bus->status) < 0)
        return -ENOMEM;
    status_put_bus(bus->status, &bus->row);

    size_t device = 0;
    size_t owner = 0;
    for (size_t i = 0; i < config->device_count; i++) {
        if (config->devices[i].bus != index)
            continue;
        struct gw_device_ref *ref = &bus->refs[device];
        *ref = config->devices[i].ref;
        device_init(&bus->devices[device], ref, device, bus->config->name);
        bus->devices[device].is_urgent = config->devices[i].is_urgent;
        status_put_device(bus->status, device, &bus->devices[device].status);
        for (size_t p = 0; p < ref->point_count; p++)
            bus->owners[owner++] = (struct point_owner){
                .point = ref->points[p].id,
                .device = (uint32_t)device,
                .config = &config->points[config->devices[i].first_point + p],
            };
        device++;
    }
    stations_find(bus->devices, bus->device_count, bus->config->driver->same_unit);
    return 0;
}

int bus_new(const struct bus_setup *setup, uint16_t index, int64_t start_us,
            struct bus **ret)
{
    struct bus *bus = calloc(1, sizeof(*bus));
    if (!bus)
        return -ENOMEM;
    bus->tree = config_hold(setup->config);
    bus->config = &setup->config->buses[index];
    bus->ops = setup->ops;
    bus->reopen = (struct backoff){
        .first_us = reopen_first_us,
        .limit_us = reopen_limit_us,
    };
    bus->reopen_us = start_us;
    bus->dice = hash_bytes(bus->config->name, strlen(bus->config->name))
                ^ (uint64_t)clock_machine_us();
    text_copy(bus->row.name, sizeof(bus->row.name), bus->config->name);
    text_copy(bus->row.driver, sizeof(bus->row.driver), bus->config->driver->name);
    if (collect_devices(bus, index) < 0
        || (bus->config->driver->write && commands_new(&bus->commands) < 0)) {
        bus_free(bus);
        return -ENOMEM;
    }
    sink_init(bus);
    bus->setup = (struct gw_bus_setup){
        .name = bus->config->name,
        .devices = bus->refs,
        .device_count = bus->device_count,
        .sink = &bus->sink,
        .commit_interval_us = setup->commit_interval_us,
        .state_folder = setup->state_folder,
        .gateway = config_gateway_id(bus->tree),
    };
    *ret = bus;
    return 0;
}

void bus_join(struct bus *bus)
{
    bus->worker = worker_join(bus->worker);
}

struct bus *bus_free(struct bus *bus)
{
    if (!bus)
        return NULL;
    status_free(bus->status);
    config_free(bus->tree);
    free(bus->refs);
    free(bus->devices);
    free(bus->owners);
    commands_free(bus->commands);
    free(bus);
    return NULL;
}

int bus_start(struct bus *bus, uint64_t next_ticket)
{
    struct gw_delivered *delivered = &bus->setup.delivered;
    if (bus->ops->delivered)
        bus->setup.is_store_away = !bus->ops->delivered(bus->ops->ctx, bus->config->id,
                                                        delivered, &bus->setup.own_ids);
    if (delivered->next < next_ticket)
        delivered->next = next_ticket;
    int64_t timeout_us = config_bus_timeout(bus->config);
    int64_t late_us = TURN_TIMEOUTS * timeout_us;
    if (late_us < late_floor_us)
        late_us = late_floor_us;
    bus->hang.after_us = HANG_TIMEOUTS * timeout_us;
    if (bus->hang.after_us < hang_floor_us)
        bus->hang.after_us = hang_floor_us;
    char name[16];
    (void)snprintf(name, sizeof(name), "bus:%.11s", bus->config->name);
    return worker_start(name, late_us, bus_run, bus, &bus->worker);
}

void bus_stop(struct bus *bus)
{
    if (bus->worker)
        worker_stop(bus->worker);
}

void bus_committed(struct bus *bus, uint64_t ticket)
{
    if (ticket > atomic_load(&bus->committed))
        atomic_store(&bus->committed, ticket);
    worker_wake(bus->worker);
}

void bus_room(struct bus *bus)
{
    atomic_store(&bus->has_room, true);
    worker_wake(bus->worker);
}
