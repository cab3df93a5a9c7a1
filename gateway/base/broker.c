#include "gw/broker.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gw/host.h"

static const struct {
    const char *prefix;
    uint16_t port;
    bool is_tls;
} schemes[] = {
    {"mqtt://", 1883, false},
    {"mqtts://", 8883, true},
};

static const char *const allowed[] = {
    [GW_BROKER_PLAIN] = "mqtt://host:1883",
    [GW_BROKER_ANY] = "mqtt://host:1883 or mqtts://host:8883",
};

/* "" leaves the scheme's own port. */
static bool read_port(const char *text, uint16_t *ret)
{
    if (!*text)
        return true;
    size_t digits = *text == ':' ? strspn(text + 1, "0123456789") : 0;
    if (digits == 0 || digits > 5 || text[1 + digits])
        return false;
    long port = strtol(text + 1, NULL, 10);
    if (port < 1 || port > 65535)
        return false;
    *ret = (uint16_t)port;
    return true;
}

/* "host:port" or "[host]:port". */
static bool read_host(const char *text, struct gw_broker *b)
{
    bool has_brackets = *text == '[';
    const char *host = text + has_brackets;
    size_t length = strcspn(host, has_brackets ? "]" : ":/");
    if (!length || length >= sizeof(b->host) || (has_brackets && !host[length]))
        return false;
    memcpy(b->host, host, length);
    return read_port(host + length + has_brackets, &b->port);
}

int gw_broker_read(const char *url, enum gw_broker_schemes may_be, struct gw_broker *ret,
                   struct gw_error *err)
{
    for (size_t i = 0; i < sizeof(schemes) / sizeof(*schemes); i++) {
        size_t prefix = strlen(schemes[i].prefix);
        struct gw_broker b = {.port = schemes[i].port, .is_tls = schemes[i].is_tls};
        if (strncmp(url, schemes[i].prefix, prefix) != 0
            || (b.is_tls && may_be == GW_BROKER_PLAIN) || !read_host(url + prefix, &b))
            continue;
        int r = gw_host_check(b.host, err);
        if (r < 0)
            return r;
        *ret = b;
        return 0;
    }
    return gw_fail(err, -EINVAL, "'%s' is no broker (%s)", url, allowed[may_be]);
}

int gw_broker_resolve(const struct gw_broker *b, unsigned attempt,
                      char ret[GW_BROKER_NUMERIC_MAX], struct gw_error *err)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    struct addrinfo *list;
    int r = getaddrinfo(b->host, NULL, &hints, &list);
    if (r)
        return gw_fail(err, -EHOSTUNREACH, "broker %s: %s", b->host, gai_strerror(r));
    unsigned count = 1;
    for (const struct addrinfo *i = list->ai_next; i; i = i->ai_next)
        count++;
    const struct addrinfo *chosen = list;
    for (unsigned skip = attempt % count; skip; skip--)
        chosen = chosen->ai_next;
    r = getnameinfo(chosen->ai_addr, chosen->ai_addrlen, ret, GW_BROKER_NUMERIC_MAX, NULL,
                    0, NI_NUMERICHOST);
    freeaddrinfo(list);
    return r ? gw_fail(err, -EHOSTUNREACH, "broker %s: %s", b->host, gai_strerror(r)) : 0;
}

/* The first line of @fd, which may be -1 with errno of its open().  returns -errno */
static int read_secret(int fd, struct stat *status, char ret[GW_BROKER_PASSWORD_MAX])
{
    if (fd < 0 || fstat(fd, status) < 0)
        return -errno;
    ssize_t size = read(fd, ret, GW_BROKER_PASSWORD_MAX - 1);
    if (size < 0)
        return -errno;
    ret[size] = '\0';
    ret[strcspn(ret, "\r\n")] = '\0';
    return 0;
}

int gw_broker_login(const char *user, const char *password_file, struct gw_error *err)
{
    return password_file && !user
               ? gw_fail(err, -EINVAL, "user: missing (password_file needs a user)")
               : 0;
}

int gw_broker_password(const char *path, char ret[GW_BROKER_PASSWORD_MAX],
                       struct gw_error *err)
{
    char password[GW_BROKER_PASSWORD_MAX] = "";
    struct stat status = {0};
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    int r = read_secret(fd, &status, password);
    if (fd >= 0)
        (void)close(fd);
    if (r < 0)
        r = gw_fail(err, r, "password_file '%s': %s", path, strerror(-r));
    else if (status.st_mode & S_IRWXO)
        r = gw_fail(err, -EACCES, "password_file '%s': others may read it (mode 0600)",
                    path);
    else if (!*password)
        r = gw_fail(err, -EINVAL, "password_file '%s': no password on its first line",
                    path);
    else if (strlen(password) == GW_BROKER_PASSWORD_MAX - 1)
        r = gw_fail(err, -E2BIG, "password_file '%s': longer than %d bytes", path,
                    GW_BROKER_PASSWORD_MAX - 2);
    else
        memcpy(ret, password, sizeof(password));
    explicit_bzero(password, sizeof(password));
    return r;
}
