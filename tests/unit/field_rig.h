/* field_rig.h - one bus on its thread with the drivers of field_stage.h: the core's side,
 * a configuration of one device and three points, the second of which can be written. */
#ifndef TESTS_FIELD_RIG_H
#define TESTS_FIELD_RIG_H

#include <string.h>
#include <sys/eventfd.h>
#include <time.h>

#include "base/clock.h"
#include "field/field.h"
#include "field_stage.h"

static inline bool take(void *ctx, const struct gw_sample *samples, size_t n,
                        const struct gw_delivery *delivery, bool has_more,
                        size_t *ret_overwritten)
{
    (void)ctx;
    *ret_overwritten = 1; /* each of these fakes' pushes replaces one */
    on_stage();
    bool is_taken = !stage.queue_is_full;
    for (size_t i = 0; is_taken && i < n && stage.taken_count < TAKEN_MAX; i++)
        stage.taken[stage.taken_count++] = samples[i];
    if (is_taken && delivery)
        stage.delivery = *delivery;
    stage.is_uncalled = has_more;
    stage.uncalled += has_more;
    off_stage();
    return is_taken;
}

static inline void call(void *ctx)
{
    (void)ctx;
    on_stage();
    stage.is_uncalled = false;
    off_stage();
}

static inline void commit(void *ctx, uint16_t bus, uint64_t ticket)
{
    (void)ctx;
    on_stage();
    stage.commit_bus = bus;
    stage.commit_ticket = ticket;
    off_stage();
}

static inline bool delivered(void *ctx, uint16_t bus, struct gw_delivered *ret,
                             struct gw_own_ids *ret_ids)
{
    (void)ctx;
    (void)bus;
    *ret = (struct gw_delivered){.next = 41};
    *ret_ids = (struct gw_own_ids){0};
    return true;
}

static inline void came_back(void *ctx, uint32_t point)
{
    (void)ctx;
    on_stage();
    stage.back++;
    stage.back_point = point;
    off_stage();
}

static const struct field_ops ops = {.push = take,
                                     .call = call,
                                     .commit = commit,
                                     .delivered = delivered,
                                     .came_back = came_back};

static const struct gw_point_ref points[POINTS] = {
    {.id = 11, .name = "b1-203/desk_lux"},
    {.id = 12, .name = "b1-203/relay"},
    {.id = 13, .name = "b1-203/noise"},
};

static const char *const words[] = {"off", "on"};
static const double numbers[] = {0, 1};
static const struct config_metric lux = {.name = "desk_lux", .max = 200000};
static const struct config_metric relay = {
    .name = "relay", .max = 1, .states = {words, numbers, 2}};

struct fixture {
    struct fake_bus options;
    struct config_bus bus;
    struct config_device device;
    struct config_point points[POINTS];
    struct config config;
    struct field *field;
};

static inline int setup(void **state)
{
    struct fixture *f = test_calloc(1, sizeof(*f));
    pthread_mutex_t lock = stage.lock;
    stage = (struct stage){.lock = lock, .commit_bus = -1};
    stage.event_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    f->bus = (struct config_bus){.name = "riser-2", .options = &f->options};
    f->device = (struct config_device){
        .name = "lux-203",
        .ref = {.id = 1,
                .name = "lux-203",
                .points = points,
                .point_count = POINTS,
                .period_us = 2000},
    };
    for (size_t i = 0; i < POINTS; i++)
        f->points[i] =
            (struct config_point){.name = points[i].name, .metric = &lux, .scale = 1};
    f->points[1].metric = &relay;
    f->points[1].is_writable = true;
    f->config = (struct config){
        .buses = &f->bus,
        .bus_count = 1,
        .devices = &f->device,
        .device_count = 1,
        .points = f->points,
        .point_count = POINTS,
    };
    *state = f;
    return 0;
}

static inline int teardown(void **state)
{
    struct fixture *f = *state;
    clock_release();
    f->field = field_stop(f->field);
    assert_int_equal(stage.opens, stage.closes);
    close(stage.event_fd);
    test_free(f);
    return 0;
}

static inline void start(struct fixture *f, const struct gw_driver *driver)
{
    f->bus.driver = driver;
    assert_int_equal(field_start(&f->config, &ops, NULL, 1000000, &f->field, NULL), 0);
}

/* Turns until @is_true, a millisecond each; a machine that is busy gets ten seconds. */
static inline void await(bool (*is_true)(struct fixture *), struct fixture *f)
{
    const struct timespec turn = {0, 1000000};
    for (int i = 0; i < 10000; i++) {
        on_stage();
        bool done = is_true(f);
        off_stage();
        if (done)
            return;
        (void)nanosleep(&turn, NULL);
    }
    fail_msg("did not happen in time");
}

static inline struct field_bus_status bus_row(struct fixture *f)
{
    struct field_bus_status row = {0};
    assert_int_equal(field_bus_rows(f->field, &row, 1), 1);
    return row;
}

static inline struct field_device_status device_row(struct fixture *f)
{
    struct field_device_status row = {0};
    assert_int_equal(field_device_rows(f->field, &row, 1), 1);
    return row;
}

static inline void ring(void)
{
    uint64_t one = 1;
    assert_int_equal(write(stage.event_fd, &one, sizeof(one)), sizeof(one));
}

#endif
