/* payload.h - what one message says about each point of one device.
 *
 * A value is a number, a boolean, a numeric text or a text with a number in the
 * point's states; the payload is JSON, plain text, or a LoRaWAN frame within the JSON of
 * its network server.  Nothing from outside is trusted: size, depth and types are
 * checked here, once.
 *
 * Thread: the bus's.
 */
#ifndef MQTT_PAYLOAD_H
#define MQTT_PAYLOAD_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gw/error.h"
#include "gw/schema.h"

#include "json_path.h"
#include "milesight.h"

enum {
    PAYLOAD_MAX = 65536, /* bytes */
    PAYLOAD_DEPTH = 16,  /* of arrays and objects */
    PAYLOAD_FRAME = 255, /* bytes of a LoRaWAN frame */
};

enum mqtt_payload_format { PAYLOAD_JSON, PAYLOAD_TEXT, PAYLOAD_MILESIGHT };

/* mqtt_payload_point - where one point's value stands: the first of its places that is
 * there. states       text → number; NULL or empty = true, false, on, off */
struct mqtt_payload_point {
    union {
        struct json_path **paths;
        struct milesight_field *fields;
    };
    size_t count;
    const struct gw_map *states;
};

/* mqtt_payload_point_init - reads the configured @paths of a point (none = the whole
 * payload). returns 0 or gw_fail().  Owner: mqtt_payload_point_done(), also after a
 * failure. */
int mqtt_payload_point_init(struct mqtt_payload_point *p, enum mqtt_payload_format format,
                            const struct gw_strings *paths, const struct gw_map *states,
                            struct gw_error *err);
void mqtt_payload_point_done(struct mqtt_payload_point *p,
                             enum mqtt_payload_format format);

/* payload - one message, read as far as it can be. */
struct mqtt_payload {
    const char *bytes;
    size_t size;
    json_t *json; /* NULL = not JSON */
    struct milesight_record records[MILESIGHT_RECORDS];
    size_t record_count;
    uint8_t frame[PAYLOAD_FRAME];
    bool is_malformed;
    const char *fault; /* what is malformed, a literal */
};

/* mqtt_payload_open - @frame_path: where the frame stands, for PAYLOAD_MILESIGHT.
 * The bytes are borrowed until mqtt_payload_close(). */
void mqtt_payload_open(struct mqtt_payload *p, enum mqtt_payload_format format,
                       const void *bytes, size_t size,
                       const struct json_path *frame_path);
void mqtt_payload_close(struct mqtt_payload *p);

/* PAYLOAD_MISSING: the message says nothing of this point.
 * PAYLOAD_TRUTH: a number too, but said as true, false, on or off, without states that
 * the point gives these words. */
enum mqtt_payload_value {
    PAYLOAD_MISSING,
    PAYLOAD_NUMBER,
    PAYLOAD_TRUTH,
    PAYLOAD_UNREADABLE
};

enum mqtt_payload_value mqtt_payload_read(const struct mqtt_payload *p,
                                          enum mqtt_payload_format format,
                                          const struct mqtt_payload_point *point,
                                          double *ret);

#endif
