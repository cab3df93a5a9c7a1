#include "field/field.h"

#include <errno.h>
#include <stdlib.h>

#include "base/clock.h"
#include "field/bus.h"
#include "field/status.h"

static const int64_t stagger_us = 20000;
static const int64_t stagger_limit_us = 1000000;

struct field {
    struct field_ops ops;
    struct status *status;
    struct bus **buses;
    size_t bus_count;
};

/* Polled buses start one after the other so that their polls do not fall together; an
 * event source has nothing to spread. */
static int64_t start_delay(const struct config_bus *bus, size_t index)
{
    if (!bus->driver->poll)
        return 0;
    int64_t delay_us = (int64_t)index * stagger_us;
    return delay_us < stagger_limit_us ? delay_us : stagger_limit_us;
}

static int start_buses(struct field *f, const struct bus_setup *setup)
{
    const struct config *config = setup->config;
    int64_t now_us = clock_machine_us();
    for (size_t i = 0; i < config->bus_count; i++) {
        int r = bus_new(setup, (uint16_t)i, now_us + start_delay(&config->buses[i], i),
                        &f->buses[i]);
        if (r < 0)
            return r;
        f->bus_count++;
    }
    for (size_t i = 0; i < f->bus_count; i++) {
        int r = bus_start(f->buses[i]);
        if (r < 0)
            return r;
    }
    return 0;
}

int field_start(const struct config *config, const struct field_ops *ops,
                const char *state_folder, int64_t commit_interval_us, struct field **ret,
                struct gw_error *err)
{
    if (config->bus_count > UINT16_MAX)
        return gw_fail(err, -E2BIG, "%zu buses (at most %d)", config->bus_count,
                       UINT16_MAX);
    struct field *f = calloc(1, sizeof(*f));
    if (!f)
        return gw_fail(err, -ENOMEM, "buses: out of memory");
    f->ops = *ops;
    f->buses = calloc(config->bus_count + 1, sizeof(struct bus *));
    if (!f->buses) {
        free(f);
        return gw_fail(err, -ENOMEM, "buses: out of memory");
    }
    int r = status_new(config->bus_count, config->device_count, &f->status);
    if (r == 0) {
        const struct bus_setup setup = {
            .config = config,
            .ops = &f->ops,
            .status = f->status,
            .state_folder = state_folder,
            .commit_interval_us = commit_interval_us,
        };
        r = start_buses(f, &setup);
    }
    if (r < 0) {
        field_stop(f);
        return gw_fail(err, r, "buses: cannot start their threads");
    }
    *ret = f;
    return 0;
}

struct field *field_stop(struct field *f)
{
    if (!f)
        return NULL;
    for (size_t i = 0; i < f->bus_count; i++)
        bus_stop(f->buses[i]);
    for (size_t i = 0; i < f->bus_count; i++)
        bus_free(f->buses[i]);
    status_free(f->status);
    free(f->buses);
    free(f);
    return NULL;
}

void field_committed(struct field *f, uint16_t bus, uint64_t ticket)
{
    if (bus < f->bus_count)
        bus_committed(f->buses[bus], ticket);
}

int field_write(struct field *f, const struct field_command *command,
                struct gw_error *err)
{
    int r = -ENOENT;
    for (size_t i = 0; i < f->bus_count && r == -ENOENT; i++)
        r = bus_write(f->buses[i], command, err);
    return r != -ENOENT ? r : gw_fail(err, r, "point %u is on no bus", command->point);
}

void field_room(struct field *f)
{
    for (size_t i = 0; i < f->bus_count; i++)
        bus_room(f->buses[i]);
}

size_t field_bus_rows(struct field *f, struct field_bus_status *ret, size_t max)
{
    return status_buses(f->status, ret, max);
}

size_t field_device_rows(struct field *f, struct field_device_status *ret, size_t max)
{
    return status_devices(f->status, ret, max);
}
