#include "store/copy.h"

#include <errno.h>
#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "store/database.h"

enum { STEP_PAGES = 256 };

/* A cache of its own would hold back what a step has written. */
static const char pragmas[] = "PRAGMA journal_mode = OFF;"
                              "PRAGMA synchronous = OFF;"
                              "PRAGMA cache_size = -256;";

int copy_sync(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    int r = fd < 0 || fsync(fd) < 0 ? -errno : 0;
    if (fd >= 0)
        close(fd);
    return r;
}

/* As long again as the step took, so that half of the card's time is somebody else's. */
static void rest(int64_t begun_us)
{
    int64_t took_us = clock_machine_us() - begun_us;
    const struct timespec time = {.tv_sec = took_us / 1000000,
                                  .tv_nsec = took_us % 1000000 * 1000};
    if (took_us > 0)
        (void)nanosleep(&time, NULL); /* a signal that cuts it short does no harm */
}

/* What the step has written, and no more: a sync would make the file system's journal
 * wait for it, and with that every commit of the store.  What it would tell of the disk
 * the sync at the end tells too. */
static void write_out(int fd)
{
    (void)sync_file_range(fd, 0, 0,
                          SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE
                              | SYNC_FILE_RANGE_WAIT_AFTER);
}

static bool should_stop(const struct copy_pace *pace)
{
    return pace->should_stop && *pace->should_stop;
}

/* @fd is of the copy. */
static int copy_pages(sqlite3 *from, sqlite3 *to, int fd, const struct copy_pace *pace,
                      struct gw_error *err)
{
    sqlite3_backup *copy = sqlite3_backup_init(to, "main", from, "main");
    int rc = copy ? SQLITE_OK : sqlite3_errcode(to);
    while (rc == SQLITE_OK && clock_machine_us() < pace->until_us && !should_stop(pace)) {
        int64_t begun_us = clock_machine_us();
        rc = sqlite3_backup_step(copy, STEP_PAGES);
        if (rc == SQLITE_OK && pace->is_gentle) {
            write_out(fd);
            rest(begun_us);
        }
    }
    (void)sqlite3_backup_finish(copy); /* repeats the code of the last step */
    if (rc == SQLITE_DONE)
        return 0;
    if (rc != SQLITE_OK)
        return database_fail(to, rc, "cannot be written", err);
    return should_stop(pace)
               ? gw_fail(err, -ECANCELED, "the gateway is stopping")
               : gw_fail(err, -ETIME, "database '%s': too large to be copied in time",
                         database_path(from));
}

int copy_database(sqlite3 *from, const char *path, const struct copy_pace *pace,
                  struct gw_error *err)
{
    sqlite3 *to = NULL;
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    int rc = fd < 0 ? SQLITE_CANTOPEN
                    : sqlite3_open_v2(path, &to, SQLITE_OPEN_READWRITE, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_exec(to, pragmas, NULL, NULL, NULL);
    int r = rc == SQLITE_OK
                ? copy_pages(from, to, fd, pace, err)
                : gw_fail(err, database_errno(rc), "database '%s': cannot be made: %s",
                          path, sqlite3_errmsg(to));
    database_close(to);
    if (fd >= 0)
        close(fd);
    return r;
}
