/* broker_url.h - "mqtt://host:port", and one numeric address of it at a time.
 * Thread: any. */
#ifndef BASE_BROKER_URL_H
#define BASE_BROKER_URL_H

#include <stdint.h>

#include "gw/error.h"

enum { BROKER_HOST_MAX = 256, BROKER_NUMERIC_MAX = 64 };

struct broker_url {
    char host[BROKER_HOST_MAX];
    uint16_t port; /* 1883 unless said */
};

/* broker_url_read - also "mqtt://[::1]:1883".  returns 0 or gw_fail() */
int broker_url_read(const char *text, struct broker_url *ret, struct gw_error *err);

/* broker_url_resolve - the @attempt-th address of the host, round and round:
 * "localhost" may be ::1 first while the broker listens on 127.0.0.1 only.
 * May block for the resolver's time.  returns 0 or gw_fail() */
int broker_url_resolve(const struct broker_url *url, unsigned attempt,
                       char ret[BROKER_NUMERIC_MAX], struct gw_error *err);

#endif
