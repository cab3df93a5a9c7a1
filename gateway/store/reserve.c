#include "store/reserve.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum { NAME_BYTES = 4096 };

static bool name_file(const char *database, char ret[NAME_BYTES])
{
    return snprintf(ret, NAME_BYTES, "%s.reserve", database) < NAME_BYTES;
}

static off_t size_of(const char *name)
{
    struct stat st;
    return stat(name, &st) == 0 ? st.st_size : 0;
}

bool reserve_is_kept(const char *database)
{
    char name[NAME_BYTES];
    return name_file(database, name) && size_of(name) >= RESERVE_LEAST_BYTES;
}

bool reserve_is_known(const char *database)
{
    char name[NAME_BYTES];
    return name_file(database, name) && access(name, F_OK) == 0;
}

bool reserve_keep(const char *database, int64_t least)
{
    char name[NAME_BYTES];
    struct statvfs disk;
    if (!name_file(database, name) || statvfs(database, &disk) < 0)
        return false;
    off_t has = size_of(name);
    off_t room = (off_t)disk.f_bavail * (off_t)disk.f_frsize + has;
    off_t size = RESERVE_BYTES;
    while (size > room / 2 && size > RESERVE_LEAST_BYTES)
        size /= 2;
    if (has >= size && has >= least)
        return true;
    if (size > room / 2 || size < least)
        return false;
    int fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    bool is_kept = fd >= 0 && posix_fallocate(fd, 0, size) == 0;
    if (fd >= 0)
        close(fd);
    if (!is_kept)
        (void)unlink(name); /* half of one is of no use, and none is as good */
    return is_kept;
}

int64_t reserve_spend(const char *database)
{
    char name[NAME_BYTES];
    off_t size = name_file(database, name) ? size_of(name) : 0;
    return size > 0 && truncate(name, 0) == 0 ? size : 0;
}
