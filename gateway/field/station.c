#include "field/station.h"

void stations_find(struct device *devices, size_t count,
                   bool (*same_unit)(const void *device, const void *other))
{
    for (size_t i = 0; i < count; i++) {
        size_t first = same_unit ? 0 : i;
        while (first < i
               && !same_unit(devices[i].ref->options, devices[first].ref->options))
            first++;
        devices[i].station = first;
    }
}

bool station_follows(const struct device *silent, const struct device *other)
{
    return other != silent && other->station == silent->station && !other->is_unplanned
           && silent->health == FIELD_OFFLINE
           && other->answered_us < silent->silent_since_us;
}

void station_join(const struct device *silent, struct device *other)
{
    if (other->health != FIELD_OFFLINE) {
        other->down_since_us = silent->down_since_us;
        other->silent_since_us = silent->silent_since_us;
        other->failures_in_row = silent->failures_in_row;
    }
    other->health = FIELD_OFFLINE;
    other->backoff = silent->backoff;
    other->due_us = silent->due_us;
}

void station_postpone(struct device *devices, size_t count, const struct device *d,
                      int64_t until_us)
{
    for (size_t i = 0; i < count; i++)
        if (devices[i].station == d->station)
            devices[i].write_due_us = until_us;
}
