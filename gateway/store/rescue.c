#include "store/rescue.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "store/copy.h"
#include "store/database.h"

/* The watchdog waits 60 s for the store's thread, and the sync takes its time too. */
static const int64_t copy_us = INT64_C(20) * 1000000;
enum { PATH_BYTES = 4096 };

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
    int r = copy_sync(copy);
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
    const struct copy_pace pace = {.until_us = clock_machine_us() + copy_us};
    int r = copy_database(db, copy, &pace, err); /* half of it never gets the name */
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
