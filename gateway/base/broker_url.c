#include "base/broker_url.h"

#include <errno.h>
#include <netdb.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

static const char scheme[] = "mqtt://";

static bool read_port(const char *text, uint16_t *ret)
{
    char *end;
    unsigned long port = strtoul(text, &end, 10);
    if (end == text || *end || port < 1 || port > 65535 || *text == '-')
        return false;
    *ret = (uint16_t)port;
    return true;
}

int broker_url_read(const char *text, struct broker_url *ret, struct gw_error *err)
{
    struct broker_url url = {.port = 1883};
    const char *host = text + sizeof(scheme) - 1;
    if (strncmp(text, scheme, sizeof(scheme) - 1) != 0)
        goto bad;
    bool has_brackets = *host == '[';
    host += has_brackets;
    size_t length = strcspn(host, has_brackets ? "]" : ":/");
    const char *rest = host + length + has_brackets;
    if (!length || length >= sizeof(url.host) || (has_brackets && host[length] != ']'))
        goto bad;
    memcpy(url.host, host, length);
    if (*rest == ':' && !read_port(rest + 1, &url.port))
        goto bad;
    if (*rest && *rest != ':')
        goto bad;
    *ret = url;
    return 0;
bad:
    return gw_fail(err, -EINVAL, "broker '%s' is not like mqtt://host:1883", text);
}

int broker_url_resolve(const struct broker_url *url, unsigned attempt,
                       char ret[BROKER_NUMERIC_MAX], struct gw_error *err)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    struct addrinfo *list;
    int r = getaddrinfo(url->host, NULL, &hints, &list);
    if (r)
        return gw_fail(err, -EHOSTUNREACH, "broker %s: %s", url->host, gai_strerror(r));
    unsigned count = 1;
    for (const struct addrinfo *i = list->ai_next; i; i = i->ai_next)
        count++;
    const struct addrinfo *chosen = list;
    for (unsigned skip = attempt % count; skip; skip--)
        chosen = chosen->ai_next;
    r = getnameinfo(chosen->ai_addr, chosen->ai_addrlen, ret, BROKER_NUMERIC_MAX, NULL, 0,
                    NI_NUMERICHOST);
    freeaddrinfo(list);
    return r ? gw_fail(err, -EHOSTUNREACH, "broker %s: %s", url->host, gai_strerror(r))
             : 0;
}
