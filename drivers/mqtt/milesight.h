/* milesight.h - the records "channel, type, data" of Milesight's LoRaWAN devices.
 *
 * Source: Milesight-IoT/SensorDecoders (the vendor's decoders); data is little-endian.
 * Thread: any.
 */
#ifndef MQTT_MILESIGHT_H
#define MQTT_MILESIGHT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gw/error.h"

enum { MILESIGHT_RECORDS = 64 };

struct milesight_record {
    uint8_t channel;
    uint8_t type;
    uint8_t size;
    const uint8_t *data; /* within the frame */
};

/* milesight_split - cuts @frame into records, at most MILESIGHT_RECORDS.
 * @ret_is_whole: false when a record is unknown or cut off; what stands before it is good
 * returns the number of records */
size_t milesight_split(const uint8_t *frame, size_t size,
                       struct milesight_record ret[MILESIGHT_RECORDS],
                       bool *ret_is_whole);

/* milesight_field - where one value stands: "04cc:u16:2" is channel 04, type cc, two
 * bytes unsigned at offset 2 (0 unless said). */
struct milesight_field {
    uint8_t channel;
    uint8_t type;
    uint8_t offset;
    uint8_t size; /* 1, 2 or 4 bytes */
    bool is_signed;
};

/* milesight_field_read - returns 0 or gw_fail() */
int milesight_field_read(const char *text, struct milesight_field *ret,
                         struct gw_error *err);

/* milesight_find - the raw number of @field; false when no record holds it.  When a
 * frame repeats a record, the last one is the newest. */
bool milesight_find(const struct milesight_record *records, size_t count,
                    const struct milesight_field *field, double *ret);

#endif
