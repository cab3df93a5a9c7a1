#include "store/restore.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gw/log.h"
#include "store/backup.h"
#include "store/broken.h"
#include "store/copy.h"
#include "store/database.h"
#include "store/foreign.h"
#include "store/migrate.h"
#include "store/origin.h"
#include "store/restored.h"

static const char half_suffix[] = ".restoring";
static const char whole_suffix[] = ".restored";
static const char before_mark[] = ".before-restore-";
static const char stray_mark[] = ".not-restored-";

/* Alarms that the other one raised since bear the numbers that follow: what is raised
 * here begins a random stretch further on, of 2^20 times 2^20. */
enum { UID_BITS = 20 };

/* An epoch without a row may have got some elsewhere: it goes. */
static const char renew_sql[] =
    "UPDATE epochs SET last_seq = (SELECT seq FROM progress)"
    " WHERE number = (SELECT max(number) FROM epochs) AND last_seq = 0;"
    "DELETE FROM epochs WHERE last_seq = 0;"
    "UPDATE progress SET seq = 0, alarm_uid = ((alarm_uid >> 20) + %" PRIu32 ") << 20;"
    "DELETE FROM states WHERE owner = 'store';";

/* What brokers may send again is not what was in doubt then: it was acknowledged since,
 * or to somebody else.  A message with an id of its own stays known. */
enum { TICKETS_IN_NUMBER = 3 }; /* since that version */
static const char certain_sql[] =
    "UPDATE deliveries SET forget = number & ((1 << 48) - 1)";
static const char certain_before_sql[] = "UPDATE deliveries SET forget = last";

/* restoring - of @file; what bears @half's name is not whole, what bears @whole's is. */
struct restoring {
    const char *file;
    const char *path;
    const char *gateway;
    char half[ASIDE_PATH_MAX];
    char whole[ASIDE_PATH_MAX];
};

/* --- may it be? -------------------------------------------------------------------- */

static bool is_same_file(const char *a, const char *b)
{
    struct stat x;
    struct stat y;
    return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_ino == y.st_ino
           && x.st_dev == y.st_dev;
}

static int check_files(const struct restoring *r, struct gw_error *err)
{
    struct stat st;
    if (stat(r->file, &st) < 0)
        return gw_fail(err, -errno, "'%s': %s", r->file, strerror(errno));
    if (is_same_file(r->file, r->path))
        return gw_fail(err, -EINVAL, "'%s' is the present database itself", r->file);
    if (!S_ISREG(st.st_mode) || st.st_size == 0 || foreign_look(r->file) != FOREIGN_OURS)
        return gw_fail(err, -EINVAL, "'%s' is no database of a gateway", r->file);
    if (foreign_look(r->path) != FOREIGN_OURS)
        return gw_fail(err, -EEXIST,
                       "'%s' is none of a gateway's, and is left as it is; move it away, "
                       "or give store.path a file of its own",
                       r->path);
    return 0;
}

static int check_version(sqlite3 *db, const char *file, struct gw_error *err)
{
    int64_t version = 0;
    int64_t tables = 0;
    int r = database_number(db, "PRAGMA user_version", &version, err);
    if (r == 0)
        r = database_number(db,
                            "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND"
                            " name IN ('epochs', 'progress', 'outbox', 'acknowledged',"
                            " 'states', 'readings')",
                            &tables, err);
    if (r < 0)
        return r;
    if (version < 1 || tables != 6)
        return gw_fail(err, -EINVAL, "'%s' is no database of a gateway", file);
    if (version > (int64_t)migration_count)
        return gw_fail(err, -EPROTO,
                       "'%s' comes from a newer version of the gateway (schema %" PRId64
                       "; this one knows up to %zu)",
                       file, version, migration_count);
    return 0;
}

/* --- the copy ---------------------------------------------------------------------- */

static int copy_from(struct restoring *r, sqlite3 *from, struct gw_error *err)
{
    int64_t bytes = 0;
    const struct copy_pace pace = {.until_us = INT64_MAX};
    int code = check_version(from, r->file, err);
    if (code == 0 && r->gateway)
        code = origin_check(from, r->file, r->gateway, err);
    if (code == 0)
        code = database_number(
            from,
            "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size",
            &bytes, err);
    if (code == 0)
        code = backup_room(r->path, bytes, err);
    return code < 0 ? code : copy_database(from, r->half, &pace, err);
}

static int make_copy(struct restoring *r, struct gw_error *err)
{
    sqlite3 *from = NULL;
    int code = database_open_reader(r->file, &from, err);
    if (code == 0)
        code = copy_from(r, from, err);
    database_close(from);
    return code;
}

static int renew(sqlite3 *db, const char *file, struct gw_error *err)
{
    char sql[sizeof(renew_sql) + 16];
    if (sodium_init() < 0)
        return gw_fail(err, -EIO, "no random numbers");
    (void)snprintf(sql, sizeof(sql), renew_sql, 1 + randombytes_uniform(1 << UID_BITS));
    int64_t version = 0;
    int r = database_number(db, "PRAGMA user_version", &version, err);
    if (r == 0)
        r = database_execute(db, "BEGIN IMMEDIATE", err);
    if (r == 0)
        r = database_execute(db, sql, err);
    if (r == 0)
        r = database_execute(
            db, version < TICKETS_IN_NUMBER ? certain_before_sql : certain_sql, err);
    if (r == 0)
        r = restored_mark(db, file, err);
    return r < 0 ? r : database_execute(db, "COMMIT", err);
}

/* What is broken in the copy is so in the file that was given, whose name people know. */
static int fail_broken(const struct restoring *r, const char *told, struct gw_error *err)
{
    const char *what = strstr(told, r->half);
    what = what ? strstr(what + strlen(r->half), ": ") : NULL;
    return gw_fail(err, -EUCLEAN, "'%s'%s", r->file, what ? what : ": broken");
}

static int change_copy(struct restoring *r, struct restore_report *report,
                       struct gw_error *err)
{
    sqlite3 *db = NULL;
    struct gw_error told = {0};
    int code = database_reopen_alone(r->half, &db, &told);
    if (code == 0)
        code = database_check_all(db, &told);
    if (code == -EUCLEAN)
        (void)fail_broken(r, told.text, err);
    else if (code < 0)
        (void)gw_fail(err, code, "%s", told.text);
    if (code == 0)
        code = backup_rows(db, &report->rows, err);
    if (code == 0)
        code = renew(db, r->file, err);
    database_close(db);
    return code;
}

/* From its new name on there is no way back but to restore what was moved aside. */
static int make_whole(struct restoring *r, struct gw_error *err)
{
    int fd = open(r->half, O_RDWR | O_CLOEXEC);
    int code = fd < 0 ? -errno : 0;
    if (fd >= 0) {
        database_give(fd, r->path);
        if (fsync(fd) < 0)
            code = -errno;
        close(fd);
    }
    if (code == 0 && rename(r->half, r->whole) < 0)
        code = -errno;
    if (code < 0)
        return gw_fail(err, code, "'%s': %s", r->half, strerror(-code));
    return database_sync_folder(r->path, err);
}

/* --- its place --------------------------------------------------------------------- */

/* What bears @path's name goes first, with its log, and is synced so: no power cut may
 * leave the log of the one beside the other. */
static int free_place(const char *path, char ret_aside[ASIDE_PATH_MAX],
                      struct gw_error *err)
{
    int r = 0;
    ret_aside[0] = '\0';
    if (access(path, F_OK) == 0) {
        r = aside_name(path, before_mark, ret_aside);
        if (r == 0)
            r = aside_move(path, ret_aside);
    } else {
        r = aside_move_rest(path, before_mark);
    }
    return r < 0 ? gw_fail(err, r, "database '%s': cannot move it aside: %s", path,
                           strerror(-r))
                 : database_sync_folder(path, err);
}

/* A copy that is half made is of no use, and what cannot be removed does no harm. */
static void remove_half(const char *path)
{
    char half[ASIDE_PATH_MAX];
    if (aside_join(half, path, half_suffix) == 0)
        (void)aside_remove(half);
}

/* No restore gives its name to a copy without the mark: somebody put it there. */
static int put_aside(const char *path, const char *stray, struct gw_error *err)
{
    char aside[ASIDE_PATH_MAX];
    int r = aside_name(path, stray_mark, aside);
    if (r == 0)
        r = aside_move(stray, aside);
    if (r < 0)
        return gw_fail(err, r, "'%s': cannot be moved aside: %s", stray, strerror(-r));
    gw_log(GW_LOG_WARNING, (struct gw_subject){"STORE", path},
           "'%s' was made by no restore and is not taken; it is kept as '%s'", stray,
           aside);
    return 0;
}

int restore_finish(const char *path, char ret_aside[ASIDE_PATH_MAX], struct gw_error *err)
{
    char whole[ASIDE_PATH_MAX];
    char aside[ASIDE_PATH_MAX] = "";
    int r = aside_join(whole, path, whole_suffix);
    if (r < 0 || faccessat(AT_FDCWD, whole, F_OK, AT_SYMLINK_NOFOLLOW) < 0) {
        remove_half(path);
        return 0;
    }
    r = restored_look(whole, err);
    if (r <= 0)
        return r < 0 ? r : put_aside(path, whole, err);
    r = free_place(path, aside, err);
    if (r < 0)
        return r;
    if (rename(whole, path) < 0)
        return gw_fail(err, -errno, "database '%s': %s", whole, strerror(errno));
    if (ret_aside)
        memcpy(ret_aside, aside, sizeof(aside));
    return database_sync_folder(path, err);
}

/* What a repair of the present one left half made is of it, and not of the copy. */
static int settle_repair(const char *path, struct gw_error *err)
{
    int r = broken_finish(path, err);
    if (r != -EUCLEAN)
        return r;
    r = broken_discard(path);
    return r < 0 ? gw_fail(err, r, "database '%s': %s", path, strerror(-r)) : 0;
}

int restore_database(const struct restore_order *order, struct restore_report *ret,
                     struct gw_error *err)
{
    const char *path = order->path;
    struct restoring r = {.file = order->file, .path = path, .gateway = order->gateway};
    struct restore_report report = {0};
    int code = aside_join(r.half, path, half_suffix);
    if (code == 0)
        code = aside_join(r.whole, path, whole_suffix);
    if (code < 0)
        return gw_fail(err, code, "database '%s': path is too long", path);
    code = restore_finish(path, NULL, err);
    if (code == 0)
        code = check_files(&r, err);
    if (code == 0)
        code = settle_repair(path, err);
    if (code == 0)
        code = make_copy(&r, err);
    if (code == 0)
        code = change_copy(&r, &report, err);
    if (code == 0)
        code = make_whole(&r, err);
    if (code < 0) {
        (void)aside_remove(r.half);
        return code;
    }
    code = restore_finish(path, report.aside, err);
    if (code == 0)
        *ret = report;
    return code;
}
