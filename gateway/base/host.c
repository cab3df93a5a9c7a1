#include "gw/host.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>

int gw_host_check(const char *host, struct gw_error *err)
{
    struct in_addr address;
    if (!*host)
        return gw_fail(err, -EINVAL, "the host is empty (allowed: a name or an address)");
    bool is_numeric = strchr(host, '.') && strspn(host, "0123456789.") == strlen(host);
    if (is_numeric && inet_pton(AF_INET, host, &address) != 1)
        return gw_fail(err, -EINVAL,
                       "'%s' is no IPv4 address (allowed: four numbers from 0 to 255, or "
                       "a name)",
                       host);
    return 0;
}
