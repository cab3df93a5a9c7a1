/* station.h - devices that are one unit on the wire: several entries of one slave.
 *
 * When the unit is silent, all of them are, and one probe asks for all.  A device that
 * alone stays silent, while others of its unit answer, is offline alone.
 * Pure: time is in the devices.  Thread: their bus.
 */
#ifndef FIELD_STATION_H
#define FIELD_STATION_H

#include "field/device.h"

/* stations_find - sets each device's station: the index of the first one of its unit.
 * @same_unit: the driver's word, NULL = every device is its own */
void stations_find(struct device *devices, size_t count,
                   bool (*same_unit)(const void *device, const void *other));

/* station_follows - @other is of @silent's unit, and has not answered either since that
 * one fell silent. */
bool station_follows(const struct device *silent, const struct device *other);

/* station_join - @other takes over that its unit is offline, and its next probe. */
void station_join(const struct device *silent, struct device *other);

/* station_postpone - no command is tried at @d's unit before @until_us. */
void station_postpone(struct device *devices, size_t count, const struct device *d,
                      int64_t until_us);

#endif
