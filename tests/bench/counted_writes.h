/* counted_writes.h - what SQLite hands to the kernel, counted in its pwrite(), and the
 * time that something takes.
 */
#ifndef TESTS_COUNTED_WRITES_H
#define TESTS_COUNTED_WRITES_H

#include <errno.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static atomic_llong bytes_written;

static inline void die(const char *what)
{
    (void)fprintf(stderr, "%s: %s\n", program_invocation_short_name, what);
    exit(1);
}

static inline ssize_t counting_pwrite(int fd, const void *bytes, size_t size,
                                      off_t offset)
{
    ssize_t written = pwrite(fd, bytes, size, offset);
    if (written > 0)
        bytes_written += written;
    return written;
}

/* From here on they are counted. */
static inline void count_writes(void)
{
    sqlite3_vfs *vfs = sqlite3_vfs_find("unix");
    if (vfs->xSetSystemCall(vfs, "pwrite64", (sqlite3_syscall_ptr)counting_pwrite)
        != SQLITE_OK)
        die("cannot count writes");
}

static inline double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

#endif
