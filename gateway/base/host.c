#include "gw/host.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <strings.h>

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

bool gw_host_is_here(const char *host)
{
    struct in_addr v4;
    struct in6_addr v6;
    if (inet_pton(AF_INET, host, &v4) == 1)
        return ntohl(v4.s_addr) >> 24 == IN_LOOPBACKNET;
    if (inet_pton(AF_INET6, host, &v6) == 1)
        return IN6_IS_ADDR_LOOPBACK(&v6);
    return strcasecmp(host, "localhost") == 0;
}
