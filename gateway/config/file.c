#include "config/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/hash.h"
#include "config/node.h"

/* file_size - of an ordinary file within the limit, or -1 and a fault. */
static long file_size(struct config_source *src, struct config_mark mark, int fd)
{
    struct stat st;

    if (fstat(fd, &st) < 0) {
        config_fault(src->faults, mark, "", "cannot be read: %s",
                     config_faults_say(src->faults, strerror(errno)));
        return -1;
    }
    if (!S_ISREG(st.st_mode)) {
        config_fault(src->faults, mark, "", "is not an ordinary file");
        return -1;
    }
    if (st.st_size > CONFIG_FILE_MAX) {
        config_fault(src->faults, mark, "", "is too large (allowed: 1 MiB)");
        return -1;
    }
    if (st.st_mode & S_IWOTH)
        config_warning(src->faults, mark, "",
                       "everybody may write to this file (wanted: chmod o-w)");
    return (long)st.st_size;
}

/* file_bytes - the whole file, passing; or NULL and a fault. */
static char *file_bytes(struct config_source *src, struct config_mark mark, int fd,
                        size_t *ret_size)
{
    long size = file_size(src, mark, fd);
    if (size < 0)
        return NULL;

    char *bytes = arena_alloc(node_passing(src), (size_t)size + 1);
    size_t got = 0;
    while (bytes && got < (size_t)size) {
        ssize_t n = read(fd, bytes + got, (size_t)size - got);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            config_fault(src->faults, mark, "", "cannot be read: %s",
                         config_faults_say(src->faults, strerror(errno)));
            return NULL;
        }
        if (n == 0)
            break;
        got += (size_t)n;
    }
    if (!bytes)
        config_fault(src->faults, mark, "", "out of memory");
    *ret_size = got;
    return bytes;
}

char *config_file(struct config_source *src, const char *path, uint64_t *hash,
                  struct config_mark *ret_mark, size_t *ret_size)
{
    char *name = arena_string(src->arena, path);
    struct config_mark mark = {name ? name : path, 1, 1};
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) {
        config_fault(src->faults, mark, "", "cannot be opened: %s",
                     config_faults_say(src->faults, strerror(errno)));
        return NULL;
    }
    size_t size = 0;
    char *bytes = file_bytes(src, mark, fd, &size);
    close(fd);
    if (!bytes || !name)
        return NULL;

    uint64_t chain[2] = {*hash, hash_bytes(bytes, size)};
    *hash = hash_bytes(chain, sizeof(chain));
    *ret_mark = mark;
    *ret_size = size;
    return bytes;
}
