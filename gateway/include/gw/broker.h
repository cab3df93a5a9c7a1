/* broker.h - the address of an MQTT broker, and what is in its password file.
 * Thread: any. */
#ifndef GW_BROKER_H
#define GW_BROKER_H

#include <stdbool.h>
#include <stdint.h>

#include "gw/error.h"

enum {
    GW_BROKER_HOST_MAX = 256,
    GW_BROKER_NUMERIC_MAX = 64,
    GW_BROKER_PASSWORD_MAX = 256
};

/* Which schemes the caller can speak. */
enum gw_broker_schemes {
    GW_BROKER_PLAIN, /* mqtt:// */
    GW_BROKER_ANY,   /* mqtt:// and mqtts:// */
};

struct gw_broker {
    char host[GW_BROKER_HOST_MAX];
    uint16_t port; /* 1883 or 8883 unless written */
    bool is_tls;
};

/* gw_broker_read - "mqtts://host:port" taken apart, also "mqtt://[::1]:1883".
 * returns 0, or -EINVAL with what is allowed */
int gw_broker_read(const char *url, enum gw_broker_schemes may_be, struct gw_broker *ret,
                   struct gw_error *err);

/* gw_broker_resolve - the @attempt-th address of the host, round and round:
 * "localhost" may be ::1 first while the broker listens on 127.0.0.1 only.
 * May block for the resolver's time.  returns 0 or gw_fail() */
int gw_broker_resolve(const struct gw_broker *b, unsigned attempt,
                      char ret[GW_BROKER_NUMERIC_MAX], struct gw_error *err);

/* gw_broker_login - MQTT 3.1.1 (3.1.2.9) has no password without a name.
 * returns 0 or gw_fail() */
int gw_broker_login(const char *user, const char *password_file, struct gw_error *err);

/* gw_broker_password - the first line of @path, a file that others may not read.
 * Who takes it wipes it with explicit_bzero().  returns 0 or gw_fail() */
int gw_broker_password(const char *path, char ret[GW_BROKER_PASSWORD_MAX],
                       struct gw_error *err);

#endif
