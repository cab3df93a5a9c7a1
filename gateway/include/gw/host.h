/* host.h - the name or address of another machine, as somebody wrote it.  Thread: any. */
#ifndef GW_HOST_H
#define GW_HOST_H

#include <stdbool.h>

#include "gw/error.h"

/* gw_host_check - a name, or an address that is one: "192.168.1.500" is neither,
 * nor is "192.168.1.50:502".
 * returns 0, or -EINVAL with what is allowed */
int gw_host_check(const char *host, struct gw_error *err);

/* gw_host_is_here - "localhost" or an address of this machine's loopback. */
bool gw_host_is_here(const char *host);

#endif
