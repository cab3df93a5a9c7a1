/* field_stage.h - drivers that do what one test program says.  Thread: any, on the stage.
 */
#ifndef TESTS_FIELD_STAGE_H
#define TESTS_FIELD_STAGE_H

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <unistd.h>

#include "gw/driver.h"

enum { POINTS = 3, TAKEN_MAX = 256, RESPONSE_US = 1500 };

/* What the test's drivers share with the test; under the lock. */
static struct stage {
    pthread_mutex_t lock;
    bool hangs; /* opens and polls do not come back */
    bool is_hanging;
    bool open_fails;
    enum gw_fault fault;
    unsigned silent_polls; /* the next so many are not answered */
    enum gw_fault write_fault;
    bool queue_is_full;
    int event_fd;
    unsigned opens;
    unsigned closes;
    unsigned polls;
    unsigned writes;
    double written;
    char order[TAKEN_MAX]; /* 'p'olls and 'w'rites as they came */
    size_t order_count;
    unsigned waits;
    unsigned readies;
    bool is_connecting;
    uint64_t acknowledged;
    uint64_t ticket;
    struct gw_sample taken[TAKEN_MAX];
    size_t taken_count;
    bool is_uncalled;  /* pushed with more to come, and no call since */
    unsigned uncalled; /* pushes with more to come */
    struct gw_delivery delivery;
    uint64_t commit_ticket;
    int commit_bus;
    unsigned back; /* points that may have forgotten their value, and the last of them */
    uint32_t back_point;
} stage = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void on_stage(void)
{
    pthread_mutex_lock(&stage.lock);
}

static void off_stage(void)
{
    pthread_mutex_unlock(&stage.lock);
}

static void hang(void)
{
    on_stage();
    while (stage.hangs) {
        stage.is_hanging = true;
        off_stage();
        (void)poll(NULL, 0, 1);
        on_stage();
    }
    stage.is_hanging = false;
    off_stage();
}

struct fake_bus {
    int64_t timeout_us;
    const struct gw_bus_setup *setup;
};

static int fake_open(void *bus, const struct gw_bus_setup *setup, struct gw_error *err)
{
    struct fake_bus *b = bus;
    b->setup = setup;
    hang();
    on_stage();
    stage.opens++;
    stage.ticket = setup->delivered.next;
    bool fails = stage.open_fails;
    off_stage();
    return fails ? gw_fail(err, -ENOENT, "/dev/none: no such port") : 0;
}

static void fake_close(void *bus)
{
    (void)bus;
    on_stage();
    stage.closes++;
    off_stage();
}

/* Under the lock. */
static void note_order(char what)
{
    if (stage.order_count < TAKEN_MAX - 1)
        stage.order[stage.order_count++] = what;
}

static enum gw_fault fake_write(void *bus, const struct gw_device_ref *device,
                                const struct gw_point_ref *point, double raw,
                                struct gw_error *err)
{
    (void)bus;
    (void)device;
    on_stage();
    note_order('w');
    stage.writes++;
    stage.written = raw;
    enum gw_fault fault = stage.write_fault;
    off_stage();
    if (fault != GW_FAULT_NONE)
        (void)gw_fail(err, -EIO, "point '%s': %s", point->name,
                      fault == GW_FAULT_REJECTED ? "exception 2" : "no answer in time");
    return fault;
}

static enum gw_fault fake_poll(void *bus, const struct gw_device_ref *device,
                               const struct gw_sink *sink, struct gw_error *err)
{
    (void)bus;
    hang();
    on_stage();
    stage.polls++;
    note_order('p');
    enum gw_fault fault = stage.silent_polls > 0 ? GW_FAULT_TRANSIENT : stage.fault;
    stage.silent_polls -= stage.silent_polls > 0;
    off_stage();
    sink->count(sink->ctx, GW_COUNT_REQUESTS, 1);
    if (fault != GW_FAULT_NONE) {
        (void)gw_fail(err, -ETIMEDOUT, "unit 3: no answer in time");
        return fault;
    }
    sink->answered(sink->ctx, RESPONSE_US);
    const struct gw_sample s = {.point = device->points[0].id, .raw = 7};
    (void)sink->push(sink->ctx, &s, 1, NULL); /* refused at the stop only */
    return GW_FAULT_NONE;
}

static void fake_wait(void *bus, struct gw_wait *wait)
{
    (void)bus;
    on_stage();
    stage.waits++;
    wait->is_connecting = stage.is_connecting;
    off_stage();
    wait->fds[wait->count++] = (struct pollfd){.fd = stage.event_fd, .events = POLLIN};
}

static enum gw_fault fake_ready(void *bus, const struct gw_wait *wait,
                                const struct gw_sink *sink, struct gw_error *err)
{
    struct fake_bus *b = bus;
    (void)wait;
    uint64_t count;
    hang();
    on_stage();
    stage.readies++;
    enum gw_fault fault = stage.fault;
    uint64_t ticket = stage.ticket;
    off_stage();
    if (fault == GW_FAULT_OFFLINE) {
        (void)gw_fail(err, -EPIPE, "broker closed the connection");
        return fault;
    }
    const struct gw_sample s = {.point = b->setup->devices[0].points[0].id, .raw = 1};
    const struct gw_delivery delivery = {.ticket = ticket};
    if (!sink->push(sink->ctx, &s, 1, &delivery))
        return GW_FAULT_NONE;
    sink->commit(sink->ctx, ticket);
    on_stage();
    stage.ticket++;
    off_stage();
    ssize_t drained = read(stage.event_fd, &count, sizeof(count));
    (void)drained; /* woken for another reason */
    return GW_FAULT_NONE;
}

static void fake_committed(void *bus, uint64_t ticket)
{
    (void)bus;
    on_stage();
    stage.acknowledged = ticket;
    off_stage();
}

static const struct gw_driver polled_driver = {
    .struct_size = sizeof(struct gw_driver),
    .name = "fake-polled",
    .open = fake_open,
    .close = fake_close,
    .poll = fake_poll,
    .write = fake_write,
};

static const struct gw_driver source_driver = {
    .struct_size = sizeof(struct gw_driver),
    .name = "fake-source",
    .open = fake_open,
    .close = fake_close,
    .wait = fake_wait,
    .ready = fake_ready,
    .write = fake_write,
    .committed = fake_committed,
};

#endif
