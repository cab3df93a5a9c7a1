#include "store/rescue.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "store/database.h"

/* The watchdog waits 60 s for the store's thread, and the sync takes its time too. */
static const int64_t copy_us = INT64_C(20) * 1000000;
enum { PATH_BYTES = 4096, STEP_PAGES = 256 };

static int copy_pages(sqlite3 *from, sqlite3 *to, struct gw_error *err)
{
    int64_t until_us = clock_machine_us() + copy_us;
    sqlite3_backup *copy = sqlite3_backup_init(to, "main", from, "main");
    int rc = copy ? SQLITE_OK : sqlite3_errcode(to);
    while (rc == SQLITE_OK && clock_machine_us() < until_us)
        rc = sqlite3_backup_step(copy, STEP_PAGES);
    (void)sqlite3_backup_finish(copy); /* repeats the code of the last step */
    if (rc == SQLITE_OK)
        return gw_fail(err, -ETIME, "database '%s': too large to be written anew in time",
                       database_path(from));
    return rc == SQLITE_DONE ? 0 : database_fail(to, rc, "cannot be written anew", err);
}

/* One sync at the end is enough: half a copy never gets the name. */
static int copy_file(sqlite3 *from, const char *path, struct gw_error *err)
{
    sqlite3 *to = NULL;
    int rc = sqlite3_open_v2(path, &to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_exec(to, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF", NULL,
                          NULL, NULL);
    int r = rc == SQLITE_OK
                ? copy_pages(from, to, err)
                : gw_fail(err, database_errno(rc), "database '%s': cannot be made: %s",
                          path, sqlite3_errmsg(to));
    database_close(to);
    return r;
}

static int sync_file(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    int r = fd < 0 || fsync(fd) < 0 ? -errno : 0;
    if (fd >= 0)
        close(fd);
    return r;
}

/* What they hold is in the copy. */
static void remove_rest(const char *path)
{
    static const char *const parts[] = {"-wal", "-shm"};
    char name[PATH_BYTES];
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
        if (snprintf(name, sizeof(name), "%s%s", path, parts[i]) < (int)sizeof(name))
            (void)unlink(name);
}

static bool is_missing(const char *path)
{
    struct stat st;
    return lstat(path, &st) < 0 && errno == ENOENT;
}

/* As @whole the copy is finished by the next start (broken_finish()), should this one be
 * cut.  Whoever has put the old file back meanwhile keeps it. */
static int give_name(const char *copy, const char *whole, const char *path)
{
    int r = sync_file(copy);
    if (r == 0 && !is_missing(path))
        r = -EEXIST;
    if (r == 0 && rename(copy, whole) < 0)
        r = -errno;
    if (r == 0)
        r = database_sync_folder(path, NULL);
    if (r < 0)
        return r;
    remove_rest(path);
    return renameat2(AT_FDCWD, whole, AT_FDCWD, path, RENAME_NOREPLACE) < 0 ? -errno : 0;
}

int rescue(sqlite3 *db, struct gw_error *err)
{
    const char *path = database_path(db);
    char copy[PATH_BYTES];
    char whole[PATH_BYTES];
    if (snprintf(copy, sizeof(copy), "%s.again", path) >= (int)sizeof(copy)
        || snprintf(whole, sizeof(whole), "%s.new", path) >= (int)sizeof(whole))
        return gw_fail(err, -ENAMETOOLONG, "database '%s': path is too long", path);
    (void)unlink(copy); /* half of one of before */
    int r = copy_file(db, copy, err);
    if (r == 0) {
        r = give_name(copy, whole, path);
        if (r < 0)
            (void)gw_fail(err, r, "database '%s': cannot be written anew: %s", path,
                          strerror(-r));
    }
    if (r < 0) {
        (void)unlink(copy);
        (void)unlink(whole);
        return r;
    }
    return database_sync_folder(path, err);
}

bool rescue_is_missing(sqlite3 *db)
{
    return is_missing(database_path(db));
}
