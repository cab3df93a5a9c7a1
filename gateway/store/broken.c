#include "store/broken.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text.h"
#include "store/database.h"
#include "store/migrate.h"
#include "store/notice.h"
#include "store/pages.h"
#include "store/reserve.h"
#include "store/salvage.h"

/* Nobody waits longer for a start, nor the watchdog for the store's thread: the rest
 * stays in the broken file.  The log, which may be long, gets what the pages leave. */
static const int64_t pages_us = INT64_C(8) * 1000000;
static const int64_t log_us = INT64_C(5) * 1000000;

enum { PATH_BYTES = 4096, MOVE_TRIES = 100, LISTED_MAX = 256 };

static const char new_suffix[] = ".new";
static const char broken_mark[] = ".broken-";
static const char *const parts[] = {"", "-wal", "-shm"};
enum { PARTS = sizeof(parts) / sizeof(parts[0]) };

static int join(char ret[PATH_BYTES], const char *path, const char *suffix,
                const char *part)
{
    int n = snprintf(ret, PATH_BYTES, "%s%s%s", path, suffix, part);
    return n < PATH_BYTES ? 0 : -ENAMETOOLONG;
}

/* 0 too where it is not there; -1: it cannot be seen. */
static off_t size_of(const char *name)
{
    struct stat st;
    if (stat(name, &st) == 0)
        return st.st_size;
    return errno == ENOENT ? 0 : -1;
}

/* A part that is not there is removed or moved already. */
static int remove_parts(const char *path)
{
    char name[PATH_BYTES];
    for (size_t i = 0; i < PARTS; i++)
        if (join(name, path, "", parts[i]) < 0 || (unlink(name) < 0 && errno != ENOENT))
            return -errno;
    return 0;
}

/* The file first: as long as it has its name nothing has happened.  A cut behind that is
 * finished by the next start. */
static int move_parts(const char *from, const char *to)
{
    char source[PATH_BYTES];
    char target[PATH_BYTES];
    for (size_t i = 0; i < PARTS; i++) {
        int r = join(source, from, "", parts[i]);
        if (r == 0)
            r = join(target, to, "", parts[i]);
        if (r == 0 && rename(source, target) < 0 && (i == 0 || errno != ENOENT))
            r = -errno;
        if (r < 0)
            return r;
    }
    return 0;
}

/* "<path>.broken-20261123T082000Z", with a number behind it when that is taken. */
static int free_name(const char *path, char *ret, size_t size)
{
    char stamp[CLOCK_TEXT_MAX];
    clock_format(clock_school_us() / 1000000 * 1000000, 0, stamp);
    char *end = stamp;
    for (const char *c = stamp; *c; c++)
        if (*c != '-' && *c != ':')
            *end++ = *c;
    *end = '\0';
    for (int i = 1; i <= MOVE_TRIES; i++) {
        char number[16] = "";
        if (i > 1)
            (void)snprintf(number, sizeof(number), "-%d", i);
        if (snprintf(ret, size, "%s%s%s%s", path, broken_mark, stamp, number)
            >= (int)size)
            return -ENAMETOOLONG;
        if (access(ret, F_OK) < 0)
            return 0;
    }
    return -EEXIST;
}

/* --- the oldest give way ---------------------------------------------------- */

/* Broken files of @base, newest first by their stamps; a clock that went back deceives
 * this, and still the newest by name stay. */
static int newest_first(const void *a, const void *b)
{
    return strcmp(*(char *const *)b, *(char *const *)a);
}

static size_t list_broken(DIR *dir, const char *base, char **names, size_t room)
{
    size_t count = 0;
    size_t prefix = strlen(base);
    for (struct dirent *e = readdir(dir); e && count < room; e = readdir(dir)) {
        size_t size = strlen(e->d_name);
        bool is_part = size > 4
                       && (strcmp(e->d_name + size - 4, parts[1]) == 0
                           || strcmp(e->d_name + size - 4, parts[2]) == 0);
        if (strncmp(e->d_name, base, prefix) == 0 && !is_part
            && strncmp(e->d_name + prefix, broken_mark, strlen(broken_mark)) == 0
            && (names[count] = strdup(e->d_name)))
            count++;
    }
    return count;
}

/* All of @path, newest first; ret_folder ends in a slash.  Owner: caller, each name */
static size_t find_broken(const char *path, char ret_folder[PATH_BYTES],
                          char *ret_names[LISTED_MAX])
{
    const char *slash = strrchr(path, '/');
    (void)snprintf(ret_folder, PATH_BYTES, "%.*s", slash ? (int)(slash - path) + 1 : 2,
                   slash ? path : "./");
    DIR *dir = opendir(ret_folder);
    if (!dir)
        return 0;
    size_t count = list_broken(dir, slash ? slash + 1 : path, ret_names, LISTED_MAX);
    closedir(dir);
    if (count > 0)
        qsort(ret_names, count, sizeof(ret_names[0]), newest_first);
    return count;
}

/* What cannot be removed stays; the next time tries again. */
static void prune(const char *path)
{
    char folder[PATH_BYTES];
    char name[PATH_BYTES];
    char *names[LISTED_MAX];
    size_t count = find_broken(path, folder, names);
    for (size_t i = 0; i < count; i++) {
        if (i >= BROKEN_KEPT && join(name, folder, names[i], "") == 0)
            (void)remove_parts(name);
        free(names[i]);
    }
}

static bool newest_broken(const char *path, char *ret, size_t size)
{
    char folder[PATH_BYTES];
    char *names[LISTED_MAX];
    size_t count = find_broken(path, folder, names);
    bool has_one = count > 0 && snprintf(ret, size, "%s%s", folder, names[0]) < (int)size;
    for (size_t i = 0; i < count; i++)
        free(names[i]);
    return has_one;
}

/* Where the parts go that a cut left behind: to the newest broken file, which they belong
 * to, unless a clock that went back has put one before it that is whole. */
static int find_rest(const char *path, const char *part, char *ret, size_t size)
{
    char taken[PATH_BYTES];
    if (newest_broken(path, ret, size) && join(taken, ret, "", part) == 0
        && access(taken, F_OK) < 0)
        return 0;
    return free_name(path, ret, size);
}

/* The log of a file that is moved already: SQLite would replay it into the new one. */
static int move_rest(const char *path)
{
    char source[PATH_BYTES];
    char target[PATH_BYTES];
    char name[PATH_BYTES];
    for (size_t i = 1; i < PARTS; i++) {
        int r = join(source, path, "", parts[i]);
        if (r < 0 || access(source, F_OK) < 0)
            continue;
        r = find_rest(path, parts[i], name, sizeof(name));
        if (r == 0)
            r = join(target, name, "", parts[i]);
        if (r == 0 && rename(source, target) < 0)
            r = -errno;
        if (r < 0)
            return r;
    }
    return 0;
}

/* --- a new one ---------------------------------------------------------------- */

/* replacement - of the file @path: beside it as @new_path, until the broken one is
 * @aside. */
struct replacement {
    const char *path;
    char new_path[PATH_BYTES];
    char aside[PATH_BYTES];
    char told[sizeof(((struct gw_error *)0)->text)];
};

static void tell(struct replacement *r, const struct salvage_report *report)
{
    const char *slash = strrchr(r->aside, '/');
    int n =
        snprintf(r->told, sizeof(r->told), "the database was broken; kept as %.255s; ",
                 slash ? slash + 1 : r->aside);
    salvage_report_tell(report, r->told + n, sizeof(r->told) - (size_t)n);
}

static int fill(struct replacement *r, sqlite3 *db, const struct registry *names,
                struct gw_error *err)
{
    const int64_t now = clock_machine_us();
    const struct salvage_limits limits = {now + pages_us, now + log_us};
    struct salvage_report report = {0};
    int code = migrate(db, migrations, migration_count, err);
    if (code == 0)
        code = registry_write_names(names, db, err);
    if (code == 0)
        code = salvage(r->path, db, &limits, &report, err);
    if (code < 0)
        return code;
    report.is_emptied = size_of(r->path) == 0;
    tell(r, &report);
    code = notice_keep(db, r->told, err);
    return code < 0 ? code
                    : database_checkpoint(db, SQLITE_CHECKPOINT_TRUNCATE, NULL, err);
}

static int make_new(struct replacement *r, const struct registry *names,
                    struct gw_error *err)
{
    sqlite3 *db = NULL;
    int code = remove_parts(r->new_path);
    if (code < 0)
        return gw_fail(err, code, "database '%s': %s", r->new_path, strerror(-code));
    code = database_open(r->new_path, &db, err);
    if (code == 0)
        code = fill(r, db, names, err);
    database_close(db);
    if (code < 0)
        (void)remove_parts(r->new_path); /* the next try begins by this too */
    return code;
}

/* A file that is gone leaves an empty one to be moved: as long as @path is there,
 * broken_finish() takes the new file for half made. */
static int make_sure_of(const char *path)
{
    int fd = open(path, O_RDONLY | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return errno == EACCES ? 0 : -errno; /* it is there and cannot be read */
    close(fd);
    return 0;
}

static int take_place(const struct replacement *r, struct gw_error *err)
{
    int code = move_parts(r->path, r->aside);
    if (code == 0)
        code = move_parts(r->new_path, r->path);
    if (code < 0)
        return gw_fail(err, code, "database '%s': cannot move it aside: %s", r->path,
                       strerror(-code));
    prune(r->path);
    return database_sync_folder(r->path, err);
}

int broken_replace(const char *path, const struct registry *names, char *ret_told,
                   size_t size, struct gw_error *err)
{
    struct replacement r = {.path = path};
    int code = join(r.new_path, path, new_suffix, "");
    if (code == 0)
        code = free_name(path, r.aside, sizeof(r.aside));
    if (code < 0)
        return gw_fail(err, code, "database '%s': no name to move it to: %s", path,
                       strerror(-code));
    code = make_sure_of(path);
    if (code < 0)
        return gw_fail(err, code, "database '%s': cannot be made: %s", path,
                       strerror(-code));
    code = make_new(&r, names, err);
    if (code == 0)
        code = take_place(&r, err);
    if (code == 0)
        text_copy(ret_told, size, r.told);
    return code;
}

int broken_finish(const char *path, struct gw_error *err)
{
    char new_path[PATH_BYTES];
    int r = join(new_path, path, new_suffix, "");
    if (r < 0 || access(new_path, F_OK) < 0)
        return 0;
    if (access(path, F_OK) == 0 || errno != ENOENT)
        return gw_fail(err, -EUCLEAN,
                       "database '%s': broken: the making of a new one was cut", path);
    r = move_rest(path);
    if (r == 0)
        r = move_parts(new_path, path);
    return r < 0 ? gw_fail(err, r, "database '%s': %s", new_path, strerror(-r)) : 0;
}

/* The database is empty or gone where one has been. */
static bool is_emptied(const char *path)
{
    char log[PATH_BYTES];
    return size_of(path) == 0 && join(log, path, "", parts[1]) == 0
           && (size_of(log) > 0 || reserve_is_known(path));
}

/* What cannot be read is left to SQLite, which says more of it. */
int broken_look(const char *path, struct gw_error *err)
{
    struct pages *pages = NULL;
    if (is_emptied(path))
        return gw_fail(err, -EUCLEAN,
                       "database '%s': broken: empty or gone, although its log or its "
                       "reserve lies beside it",
                       path);
    int r = pages_open(path, &pages);
    if (r == -ENOMEM)
        return gw_fail(err, r, "database '%s': out of memory", path);
    if (r < 0)
        return 0;
    bool is_damaged = pages_log_is_damaged(pages);
    pages_close(pages);
    if (!is_damaged)
        return 0;
    return gw_fail(err, -EUCLEAN,
                   "database '%s': broken: damage in its log '%s-wal', with committed "
                   "transactions behind it",
                   path, path);
}
