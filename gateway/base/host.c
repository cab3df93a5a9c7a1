#include "gw/host.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"

/* A port or a scheme beside it; the colons of an IPv6 address, be it with its zone, are
 * its own. */
static bool has_more(const char *host)
{
    char address[INET6_ADDRSTRLEN];
    struct in6_addr v6;
    size_t length = strcspn(host, "%");
    if (strpbrk(host, " \t/"))
        return true;
    if (!strchr(host, ':'))
        return false;
    if (length >= sizeof(address))
        return true;
    memcpy(address, host, length);
    address[length] = '\0';
    return inet_pton(AF_INET6, address, &v6) != 1;
}

/* The resolver asks for letters of ASCII alone. */
static bool is_ascii(const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text >= 0x80)
            return false;
    return true;
}

int gw_host_check(const char *host, struct gw_error *err)
{
    struct in_addr address;
    char wide[4];
    char narrow = 0;
    if (!*host)
        return gw_fail(err, -EINVAL, "the host is empty (allowed: a name or an address)");
    if (text_wide(host, wide, &narrow))
        return gw_fail(err, -EINVAL, "'%s' has a full-width '%s' (allowed: '%c')", host,
                       wide, narrow);
    if (!is_ascii(host))
        return gw_fail(err, -EINVAL,
                       "'%s' is no host (allowed: a name of letters, digits, '.' and "
                       "'-', or an address)",
                       host);
    if (has_more(host))
        return gw_fail(err, -EINVAL,
                       "'%s' is more than a host (allowed: a name or an address alone, "
                       "without scheme, port and spaces)",
                       host);
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
