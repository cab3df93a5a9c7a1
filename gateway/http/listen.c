#include "http/listen.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/loopback.h"

/* listen_is_served - somebody answers at @address. */
static bool listen_is_served(const struct sockaddr_un *address)
{
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return false;
    bool is_served = connect(fd, (const struct sockaddr *)address, sizeof(*address)) == 0;
    (void)close(fd);
    return is_served;
}

/* What a code of bind() says of a path: its own words are about addresses. */
static const char *unix_cause(int code)
{
    static const struct {
        int code;
        const char *cause;
    } causes[] = {
        {ENOENT, "its folder does not exist"},
        {EACCES, "may not write in its folder"},
        {EADDRINUSE, "a file that is no socket stands there"},
    };
    for (size_t i = 0; i < sizeof(causes) / sizeof(causes[0]); i++)
        if (causes[i].code == code)
            return causes[i].cause;
    return strerror(code);
}

int listen_unix(const char *path, struct gw_error *err)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof(address.sun_path))
        return gw_fail(err, -ENAMETOOLONG, "http: socket '%s': at most %zu bytes", path,
                       sizeof(address.sun_path) - 1);
    memcpy(address.sun_path, path, strlen(path));
    if (listen_is_served(&address))
        return gw_fail(err, -EADDRINUSE,
                       "http: socket '%s': another gateway answers there", path);

    struct stat left;
    if (lstat(path, &left) == 0 && S_ISSOCK(left.st_mode))
        (void)unlink(path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    int r = 0;
    /* nobody can connect before listen(): the mode is right by then */
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0
        || chmod(path, 0660) < 0 || listen(fd, LOOPBACK_BACKLOG) < 0)
        r = gw_fail(err, -errno, "http: socket '%s': %s", path, unix_cause(errno));
    if (r == 0)
        return fd;
    if (fd >= 0)
        (void)close(fd);
    return r;
}
