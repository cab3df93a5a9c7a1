#include "store/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "store/database.h"

/* ProtectSystem=strict of the unit. */
static const char unit_hint[] = " (as a service only what its unit names may be written: "
                                "see ReadWritePaths in the manual)";

static int open_lock(const char *path, int *ret_fd, struct gw_error *err)
{
    char name[4096];
    if (snprintf(name, sizeof(name), "%s.lock", path) >= (int)sizeof(name))
        return gw_fail(err, -ENAMETOOLONG, "store '%s': path is too long", path);
    int fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    int code = -errno;
    if (fd < 0 && code == -ENOENT)
        return gw_fail(err, code, "store '%s': its folder does not exist", path);
    if (fd < 0)
        return gw_fail(err, code, "store '%s': cannot write '%s': %s%s", path, name,
                       strerror(-code), code == -EROFS ? unit_hint : "");
    database_give(fd, path);
    *ret_fd = fd;
    return 0;
}

int lock_take(const char *path, int *ret_fd, struct gw_error *err)
{
    int fd = -1;
    int r = open_lock(path, &fd, err);
    if (r < 0)
        return r;
    if (flock(fd, LOCK_EX | LOCK_NB) == 0) {
        *ret_fd = fd;
        return 0;
    }
    int code = -errno;
    close(fd);
    if (code == -EWOULDBLOCK)
        return gw_fail(err, -EADDRINUSE, "store '%s': another gateway is using it", path);
    return gw_fail(err, code, "store '%s': cannot lock it: %s", path, strerror(-code));
}
