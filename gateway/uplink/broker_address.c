#include "uplink/broker_address.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *scheme;
    int port;
    bool is_tls;
} schemes[] = {
    {"mqtt://", 1883, false},
    {"mqtts://", 8883, true},
};

static int refuse(const char *url, struct gw_error *err)
{
    return gw_fail(err, -EINVAL,
                   "'%s' is no broker (mqtt://host:port or mqtts://host:port)", url);
}

/* ":8883" → 8883, "" → @fallback, else -1 */
static int read_port(const char *text, int fallback)
{
    if (*text == '\0')
        return fallback;
    size_t digits = *text == ':' ? strspn(text + 1, "0123456789") : 0;
    if (digits == 0 || digits > 5 || text[1 + digits] != '\0')
        return -1;
    long port = strtol(text + 1, NULL, 10);
    return port >= 1 && port <= 65535 ? (int)port : -1;
}

int broker_address_read(const char *url, struct broker_address *ret, struct gw_error *err)
{
    for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
        size_t used = strlen(schemes[i].scheme);
        if (strncmp(url, schemes[i].scheme, used) != 0)
            continue;
        const char *host = url + used;
        bool is_bracketed = *host == '[';
        host += is_bracketed;
        size_t size = strcspn(host, is_bracketed ? "]" : ":/");
        bool is_closed = host[size] == ']';
        const char *rest = host + size + (is_bracketed && is_closed);
        int port = is_bracketed == is_closed ? read_port(rest, schemes[i].port) : -1;
        if (size == 0 || size >= sizeof(ret->host) || port < 0)
            break;
        (void)snprintf(ret->host, sizeof(ret->host), "%.*s", (int)size, host);
        ret->port = port;
        ret->is_tls = schemes[i].is_tls;
        return 0;
    }
    return refuse(url, err);
}
