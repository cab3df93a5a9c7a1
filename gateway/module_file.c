#include "module_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "module.h"

#ifndef MFD_EXEC
#define MFD_EXEC 0x0010U /* Linux 6.3 */
#endif

/* Of root's and writable by nobody else; @is_above: a sticky folder such as /tmp will do,
 * because nobody can move another's entry there. */
static const char *objection(const struct stat *st, bool is_above)
{
    if (st->st_uid != 0)
        return "is not owned by root";
    if (st->st_mode & (S_IWGRP | S_IWOTH) && !(is_above && st->st_mode & S_ISVTX))
        return "can be written by others than root";
    return NULL;
}

static bool is_same(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* One step up from *@fd, @below it; 0, 1 at the root, or a fault. */
static int step_up(int *fd, struct stat *below, const char *path, struct gw_error *err)
{
    struct stat st = {0};
    int parent = openat(*fd, "..", O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (parent < 0 || fstat(parent, &st) < 0) {
        int code = errno;
        if (parent >= 0)
            (void)close(parent);
        return gw_fail(err, -code, "folder '%s': above it: %s", path, strerror(code));
    }
    (void)close(*fd);
    *fd = parent;
    if (is_same(&st, below))
        return 1;
    *below = st;
    const char *why = objection(&st, true);
    return why ? gw_fail(err, -EPERM,
                         "a folder above '%s' %s (allowed: root's, mode 0755 or less)",
                         path, why)
               : 0;
}

/* Whoever may write above a folder could put another one in its place. */
static int judge_above(int folder, const struct stat *st, const char *path,
                       struct gw_error *err)
{
    struct stat below = *st;
    int fd = fcntl(folder, F_DUPFD_CLOEXEC, 0);
    if (fd < 0)
        return gw_fail(err, -errno, "folder '%s': %s", path, strerror(errno));
    int r = 0;
    while (r == 0)
        r = step_up(&fd, &below, path, err);
    (void)close(fd);
    return r < 0 ? r : 0;
}

static int open_folder(const char *path, struct gw_error *err)
{
    struct stat st;
    int fd = open(path, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &st) < 0) {
        int code = errno;
        if (fd >= 0)
            (void)close(fd);
        return gw_fail(err, -code, "folder '%s': %s", path,
                       code == ENOTDIR || code == ELOOP
                           ? "is no folder, or a symbolic link"
                           : strerror(code));
    }
    int r = 0;
    if (objection(&st, false))
        r = gw_fail(err, -EPERM, "folder '%s' %s (allowed: root's, mode 0755 or less)",
                    path, objection(&st, false));
    if (r == 0)
        r = judge_above(fd, &st, path, err);
    if (r == 0)
        return fd;
    (void)close(fd);
    return r;
}

static int judge_file(int fd, const char *file, size_t *ret_size, struct gw_error *err)
{
    struct stat st;
    if (fstat(fd, &st) < 0)
        return gw_fail(err, -errno, "'%s': %s", file, strerror(errno));
    if (!S_ISREG(st.st_mode))
        return gw_fail(err, -EPERM, "'%s' is no regular file", file);
    if (objection(&st, false))
        return gw_fail(err, -EPERM, "'%s' %s (allowed: root's, mode 0644 or less)", file,
                       objection(&st, false));
    if (st.st_size < 1 || st.st_size > MODULE_SIZE_MAX)
        return gw_fail(err, -EFBIG, "'%s' has %lld bytes (allowed: 1..%d)", file,
                       (long long)st.st_size, MODULE_SIZE_MAX);
    *ret_size = (size_t)st.st_size;
    return 0;
}

static bool read_all(int fd, uint8_t *ret, size_t size)
{
    for (size_t have = 0; have < size;) {
        ssize_t n = read(fd, ret + have, size - have);
        if (n <= 0)
            return false;
        have += (size_t)n;
    }
    return true;
}

static bool write_all(int fd, const uint8_t *bytes, size_t size)
{
    for (size_t done = 0; done < size;) {
        ssize_t n = write(fd, bytes + done, size - done);
        if (n <= 0)
            return false;
        done += (size_t)n;
    }
    return true;
}

static int judge_hash(const uint8_t *bytes, size_t size, const char *file,
                      const char *sha256, struct gw_error *err)
{
    uint8_t hash[crypto_hash_sha256_BYTES];
    char text[MODULE_HASH_HEX + 1];
    (void)crypto_hash_sha256(hash, bytes, size);
    (void)sodium_bin2hex(text, sizeof(text), hash, sizeof(hash));
    if (strcasecmp(text, sha256) == 0)
        return 0;
    return gw_fail(err, -EPERM, "'%s' is not what was checked: its SHA-256 is %s", file,
                   text);
}

/* What is mapped is this copy, so nothing can come between the check and the load. */
static int seal(const uint8_t *bytes, size_t size, const char *file, struct gw_error *err)
{
    unsigned flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
    int fd = memfd_create(file, flags | MFD_EXEC);
    if (fd < 0 && errno == EINVAL) /* a kernel before 6.3: always executable */
        fd = memfd_create(file, flags);
    if (fd >= 0 && write_all(fd, bytes, size)
        && fcntl(fd, F_ADD_SEALS,
                 F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL)
               == 0)
        return fd;
    int code = errno;
    if (fd >= 0)
        (void)close(fd);
    return gw_fail(err, -code, "'%s': no copy in memory: %s", file, strerror(code));
}

static int copy(int fd, const char *file, const char *sha256, struct gw_error *err)
{
    size_t size = 0;
    int r = judge_file(fd, file, &size, err);
    if (r < 0 || size == 0)
        return r;
    uint8_t *bytes = malloc(size);
    if (!bytes)
        return gw_fail(err, -ENOMEM, "'%s': out of memory", file);
    if (!read_all(fd, bytes, size))
        r = gw_fail(err, -EIO, "'%s' cannot be read", file);
    if (r == 0)
        r = judge_hash(bytes, size, file, sha256, err);
    if (r == 0)
        r = seal(bytes, size, file, err);
    free(bytes);
    return r;
}

int module_file_open(const char *folder, const char *file, const char *sha256,
                     struct gw_error *err)
{
    if (strchr(file, '/') || file[0] == '.' || strlen(file) >= MODULE_FILE_MAX)
        return gw_fail(err, -EINVAL,
                       "'%s' is no name of a file (allowed: a name within "
                       "the folder, without '/')",
                       file);
    if (strlen(sha256) != MODULE_HASH_HEX
        || strspn(sha256, "0123456789abcdefABCDEF") != MODULE_HASH_HEX)
        return gw_fail(err, -EINVAL,
                       "'%.80s' is no SHA-256 (allowed: 64 hex digits, as "
                       "sha256sum prints them)",
                       sha256);
    int above = open_folder(folder, err);
    if (above < 0)
        return above;
    /* not blocking: somebody may have put a FIFO there */
    int fd = openat(above, file, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    int code = errno;
    (void)close(above);
    if (fd < 0)
        return gw_fail(err, -code, "'%s/%s': %s", folder, file,
                       code == ELOOP ? "is a symbolic link" : strerror(code));
    int r = copy(fd, file, sha256, err);
    (void)close(fd);
    return r;
}
