#include "field/status.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

struct status {
    pthread_mutex_t lock;
    struct field_bus_status bus;
    struct field_device_status *devices;
    size_t device_count;
};

int status_new(size_t devices, struct status **ret)
{
    struct status *s = calloc(1, sizeof(*s));
    if (!s)
        return -ENOMEM;
    s->devices = calloc(devices + 1, sizeof(*s->devices));
    s->device_count = devices;
    (void)pthread_mutex_init(&s->lock, NULL); /* cannot fail on Linux */
    if (!s->devices) {
        status_free(s);
        return -ENOMEM;
    }
    *ret = s;
    return 0;
}

struct status *status_free(struct status *s)
{
    if (!s)
        return NULL;
    (void)pthread_mutex_destroy(&s->lock);
    free(s->devices);
    free(s);
    return NULL;
}

void status_put_bus(struct status *s, const struct field_bus_status *bus)
{
    pthread_mutex_lock(&s->lock);
    s->bus = *bus;
    pthread_mutex_unlock(&s->lock);
}

void status_put_device(struct status *s, size_t row,
                       const struct field_device_status *device)
{
    pthread_mutex_lock(&s->lock);
    s->devices[row] = *device;
    pthread_mutex_unlock(&s->lock);
}

void status_see_device(struct status *s, size_t row, int64_t seen_us)
{
    pthread_mutex_lock(&s->lock);
    s->devices[row].last_seen_us = seen_us;
    pthread_mutex_unlock(&s->lock);
}

void status_bus(struct status *s, struct field_bus_status *ret)
{
    pthread_mutex_lock(&s->lock);
    *ret = s->bus;
    pthread_mutex_unlock(&s->lock);
}

size_t status_devices(struct status *s, struct field_device_status *ret, size_t max)
{
    size_t n = max < s->device_count ? max : s->device_count;
    pthread_mutex_lock(&s->lock);
    memcpy(ret, s->devices, n * sizeof(*ret));
    pthread_mutex_unlock(&s->lock);
    return n;
}

size_t field_starting_buses(const struct config *config, struct field_bus_status *ret,
                            size_t max)
{
    size_t n = max < config->bus_count ? max : config->bus_count;
    for (size_t i = 0; i < n; i++) {
        const struct config_bus *bus = &config->buses[i];
        ret[i] = (struct field_bus_status){.health = FIELD_STARTING};
        text_copy(ret[i].name, sizeof(ret[i].name), bus->name);
        text_copy(ret[i].driver, sizeof(ret[i].driver), bus->driver->name);
    }
    return n;
}

size_t field_starting_devices(const struct config *config,
                              struct field_device_status *ret, size_t max)
{
    size_t n = max < config->device_count ? max : config->device_count;
    for (size_t i = 0; i < n; i++) {
        const struct config_device *device = &config->devices[i];
        ret[i] = (struct field_device_status){.health = FIELD_STARTING};
        text_copy(ret[i].name, sizeof(ret[i].name), device->name);
        text_copy(ret[i].bus, sizeof(ret[i].bus), config->buses[device->bus].name);
    }
    return n;
}
