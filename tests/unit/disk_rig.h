/* disk_rig.h - a disk that fails on demand: SQLite's writes and syncs go through here. */
#ifndef TESTS_DISK_RIG_H
#define TESTS_DISK_RIG_H

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* errno of every write and every sync; 0 = the disk is fine. */
static atomic_int disk_write_error;
static atomic_int disk_sync_error;
static atomic_int disk_syncs_failed;

/* What a write fails with, decided at each; NULL: disk_write_error alone. */
static int (*_Atomic disk_write_check)(void);
static const char *_Atomic disk_reserve_path __attribute__((unused));

/* What keeping room for later fails with. */
static atomic_int disk_keep_error;

static inline off_t disk_size(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 ? st.st_size : -1;
}

static ssize_t disk_pwrite(int fd, const void *bytes, size_t size, off_t offset)
{
    int (*check)(void) = disk_write_check;
    int error = check ? check() : disk_write_error;
    if (error) {
        errno = error;
        return -1;
    }
    return pwrite(fd, bytes, size, offset);
}

/* In place of libc's. */
int posix_fallocate(int fd, off_t offset, off_t size)
{
    if (disk_keep_error)
        return disk_keep_error;
    return syscall(SYS_fallocate, fd, 0, offset, size) == 0 ? 0 : errno;
}

/* In place of libc's, also for libsqlite3. */
int fdatasync(int fd)
{
    if (disk_sync_error) {
        disk_syncs_failed++;
        errno = disk_sync_error;
        return -1;
    }
    return (int)syscall(SYS_fdatasync, fd);
}

static void disk_install(void)
{
    sqlite3_vfs *vfs = sqlite3_vfs_find("unix");
    if (vfs->xSetSystemCall(vfs, "pwrite64", (sqlite3_syscall_ptr)disk_pwrite)
            != SQLITE_OK
        && vfs->xSetSystemCall(vfs, "pwrite", (sqlite3_syscall_ptr)disk_pwrite)
               != SQLITE_OK)
        abort();
}

#endif
