/* source_time.h - the time that a device gives with its values. */
#ifndef MQTT_SOURCE_TIME_H
#define MQTT_SOURCE_TIME_H

#include <jansson.h>
#include <stdint.h>

/* source_time_read - epoch seconds, milliseconds or microseconds (number or text), or
 * RFC 3339 with its offset.
 *
 * returns  microseconds UTC, or GW_TIME_NONE: no time, a local time without offset, or
 *          one outside 2020..2099: a clock that was never set (a Terabee counter
 *          publishes the year 2000 then)
 * Thread: any. */
int64_t source_time_read(const json_t *value);

#endif
