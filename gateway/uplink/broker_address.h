/* broker_address.h - "mqtts://host:port" taken apart.  Thread: any. */
#ifndef UPLINK_BROKER_ADDRESS_H
#define UPLINK_BROKER_ADDRESS_H

#include <stdbool.h>

#include "gw/error.h"

struct broker_address {
    char host[256];
    int port; /* 1883 or 8883 unless written */
    bool is_tls;
};

/* broker_address_read - also "mqtt://[::1]:1883".  returns 0, or -EINVAL with what is
 * allowed */
int broker_address_read(const char *url, struct broker_address *ret,
                        struct gw_error *err);

#endif
