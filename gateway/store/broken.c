#include "store/broken.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text.h"
#include "store/aside.h"
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

static const char new_suffix[] = ".new";
static const char broken_mark[] = ".broken-";
/* 0 too where it is not there; -1: it cannot be seen. */
static off_t size_of(const char *name)
{
    struct stat st;
    if (stat(name, &st) == 0)
        return st.st_size;
    return errno == ENOENT ? 0 : -1;
}

/* replacement - of the file @path: beside it as @new_path, until the broken one is
 * @aside. */
struct replacement {
    const char *path;
    char new_path[ASIDE_PATH_MAX];
    char aside[ASIDE_PATH_MAX];
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
    int code = aside_remove(r->new_path);
    if (code < 0)
        return gw_fail(err, code, "database '%s': %s", r->new_path, strerror(-code));
    code = database_open(r->new_path, &db, err);
    if (code == 0)
        code = fill(r, db, names, err);
    database_close(db);
    if (code < 0)
        (void)aside_remove(r->new_path); /* the next try begins by this too */
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
    int code = aside_move(r->path, r->aside);
    if (code == 0)
        code = aside_move(r->new_path, r->path);
    if (code < 0)
        return gw_fail(err, code, "database '%s': cannot move it aside: %s", r->path,
                       strerror(-code));
    aside_prune(r->path, broken_mark, BROKEN_KEPT);
    return database_sync_folder(r->path, err);
}

int broken_replace(const char *path, const struct registry *names, char *ret_told,
                   size_t size, struct gw_error *err)
{
    struct replacement r = {.path = path};
    int code = aside_join(r.new_path, path, new_suffix);
    if (code == 0)
        code = aside_name(path, broken_mark, r.aside);
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
    char new_path[ASIDE_PATH_MAX];
    int r = aside_join(new_path, path, new_suffix);
    if (r < 0 || access(new_path, F_OK) < 0)
        return 0;
    if (access(path, F_OK) == 0 || errno != ENOENT)
        return gw_fail(err, -EUCLEAN,
                       "database '%s': broken: the making of a new one was cut", path);
    r = aside_move_rest(path, broken_mark);
    if (r == 0)
        r = aside_move(new_path, path);
    return r < 0 ? gw_fail(err, r, "database '%s': %s", new_path, strerror(-r)) : 0;
}

int broken_discard(const char *path)
{
    char new_path[ASIDE_PATH_MAX];
    int r = aside_join(new_path, path, new_suffix);
    return r < 0 ? r : aside_remove(new_path);
}

/* The database is empty or gone where one has been. */
static bool is_emptied(const char *path)
{
    char log[ASIDE_PATH_MAX];
    return size_of(path) == 0 && aside_join(log, path, "-wal") == 0
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
