#include "store/backup_target.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "store/aside.h"
#include "store/database.h"

/* "backups/campus-20261123T082000Z.db" beside the database. */
static int name_by_time(const char *database, char ret[BACKUP_PATH_MAX],
                        struct gw_error *err)
{
    char stamp[CLOCK_STAMP_MAX];
    const char *slash = strrchr(database, '/');
    int folder = slash ? (int)(slash - database) + 1 : 0;
    clock_stamp(clock_school_us(), stamp);
    int n = snprintf(ret, BACKUP_PATH_MAX, "%.*sbackups", folder, database);
    if (n < BACKUP_PATH_MAX && mkdir(ret, 0750) < 0 && errno != EEXIST)
        return gw_fail(err, -errno, "cannot make '%s': %s", ret, strerror(errno));
    int fd = n < BACKUP_PATH_MAX ? open(ret, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    if (fd >= 0) {
        database_give(fd, database);
        close(fd);
    }
    n = snprintf(ret, BACKUP_PATH_MAX, "%.*sbackups/campus-%s.db", folder, database,
                 stamp);
    return n < BACKUP_PATH_MAX ? 0 : gw_fail(err, -ENAMETOOLONG, "the path is too long");
}

/* --- names that are taken ---------------------------------------------------------- */

static const char *base_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static bool is_folder_same(const char *a, const char *b)
{
    const char *const paths[] = {a, b};
    struct stat st[2];
    for (int i = 0; i < 2; i++) {
        char folder[BACKUP_PATH_MAX];
        int size = (int)(base_of(paths[i]) - paths[i]);
        (void)snprintf(folder, sizeof(folder), "%.*s", size ? size : 1,
                       size ? paths[i] : ".");
        if (stat(folder, &st[i]) < 0)
            return false;
    }
    return st[0].st_ino == st[1].st_ino && st[0].st_dev == st[1].st_dev;
}

/* The database's name, alone or with anything that stands beside it: .restored, -wal. */
static bool is_beside(const char *file, const char *database)
{
    const char *name = base_of(file);
    size_t size = strlen(base_of(database));
    return strncmp(name, base_of(database), size) == 0
           && (name[size] == '\0' || name[size] == '.' || name[size] == '-')
           && is_folder_same(file, database);
}

/* SQLite keeps what is beside it by the name that links lead to. */
static bool is_database(const char *file, const char *database)
{
    char *real = realpath(database, NULL);
    bool is_ours = is_beside(file, database) || (real && is_beside(file, real));
    free(real);
    return is_ours;
}

static bool is_gateways(const char *file, const char *database)
{
    static const char key[] = "evidence.key";
    const char *name = base_of(file);
    return is_database(file, database) || aside_is_part(name)
           || strncmp(name, key, sizeof(key) - 1) == 0;
}

int backup_target_taken(const char *file, struct gw_error *err)
{
    return gw_fail(err, -EEXIST, "'%s' is there already, and a backup overwrites nothing",
                   file);
}

static int check(const char *file, const char *database, struct gw_error *err)
{
    struct stat st;
    if (*file != '/')
        return gw_fail(err, -EINVAL, "'%s' is no absolute path", file);
    if (strlen(file) >= BACKUP_PATH_MAX)
        return gw_fail(err, -EINVAL, "the path is too long");
    if (lstat(file, &st) == 0)
        return backup_target_taken(file, err);
    if (is_gateways(file, database))
        return gw_fail(err, -EINVAL,
                       "'%s' is a name of the gateway's own files (allowed: one that "
                       "does not begin with evidence.key, nor beside the database with "
                       "%s, and does not end in -wal, -shm or -journal)",
                       file, base_of(database));
    return 0;
}

int backup_target(const char *database, const char *file, char ret[BACKUP_PATH_MAX],
                  struct gw_error *err)
{
    if (!*file) {
        int r = name_by_time(database, ret, err);
        if (r < 0)
            return r;
        struct stat st;
        return lstat(ret, &st) < 0 ? 0 : backup_target_taken(ret, err);
    }
    int r = check(file, database, err);
    if (r == 0)
        (void)snprintf(ret, BACKUP_PATH_MAX, "%s", file);
    return r;
}
