/* address.h - "mqtt://host:port", and one numeric address of it at a time. */
#ifndef MQTT_ADDRESS_H
#define MQTT_ADDRESS_H

#include <stdint.h>

#include "gw/error.h"

enum { BROKER_HOST_MAX = 256, BROKER_NUMERIC_MAX = 64 };

struct mqtt_address {
    char host[BROKER_HOST_MAX];
    uint16_t port; /* 1883 unless said */
};

/* mqtt_address_read - returns 0 or gw_fail(). */
int mqtt_address_read(const char *url, struct mqtt_address *ret, struct gw_error *err);

/* mqtt_address_resolve - the @attempt-th address of the host, round and round:
 * "localhost" may be ::1 first while the broker listens on 127.0.0.1 only.
 * May block for the resolver's time.  returns 0 or gw_fail() */
int mqtt_address_resolve(const struct mqtt_address *a, unsigned attempt,
                         char ret[BROKER_NUMERIC_MAX], struct gw_error *err);

#endif
