#include "store/backup.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/clock.h"
#include "store/aside.h"
#include "store/backup_target.h"
#include "store/copy.h"
#include "store/database.h"
#include "store/reserve.h"

static const int64_t check_us = INT64_C(10) * 1000000;
enum { ASK_EVERY_STEPS = 10000 };
static const char part_suffix[] = ".part";

/* backup - of @order; what has @part's name is not whole yet. */
struct backup {
    const struct backup_order *order;
    sqlite3 *db;
    char part[BACKUP_PATH_MAX + sizeof(part_suffix)];
    struct backup_report report;
};

/* --- room ------------------------------------------------------------------------- */

int backup_room(const char *path, int64_t needed, struct gw_error *err)
{
    struct statvfs fs;
    const char *slash = strrchr(path, '/');
    char folder[BACKUP_PATH_MAX];
    (void)snprintf(folder, sizeof(folder), "%.*s", slash ? (int)(slash - path) + 1 : 1,
                   slash ? path : ".");
    if (statvfs(folder, &fs) < 0)
        return gw_fail(err, -errno, "folder '%s': %s", folder, strerror(errno));
    int64_t free_bytes = (int64_t)(fs.f_bavail * fs.f_frsize);
    needed += 2 * (int64_t)RESERVE_BYTES;
    if (free_bytes >= needed)
        return 0;
    return gw_fail(err, -ENOSPC,
                   "folder '%s': too little room: %.1f MB are needed, of them %.1f to "
                   "spare for the store, and %.1f are free",
                   folder, (double)needed / 1e6, 2e-6 * RESERVE_BYTES,
                   (double)free_bytes / 1e6);
}

/* --- the copy --------------------------------------------------------------------- */

/* From here on all is read as it is now, whatever is committed meanwhile. */
static int begin(struct backup *b, struct gw_error *err)
{
    int64_t bytes = 0;
    int r = database_open_reader(b->order->database, &b->db, err);
    if (r == 0)
        r = database_execute(b->db, "BEGIN", err);
    if (r == 0)
        r = database_number(b->db,
                            "SELECT page_count * page_size FROM pragma_page_count,"
                            " pragma_page_size, (SELECT count(*) FROM sqlite_schema)",
                            &bytes, err);
    if (r == 0)
        r = backup_room(b->report.file, bytes, err);
    b->report.bytes = (uint64_t)bytes;
    return r;
}

static int make_part(struct backup *b, struct gw_error *err)
{
    (void)aside_remove(b->part); /* half of one of before */
    int fd = open(b->part, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return gw_fail(err, -errno, "cannot write '%s': %s%s", b->part, strerror(errno),
                       errno == EROFS ? " (as a service only what its unit names may be "
                                        "written: see ReadWritePaths in the manual)"
                                      : "");
    database_give(fd, b->part);
    close(fd);
    const struct copy_pace pace = {.until_us = INT64_MAX,
                                   .is_gentle = b->order->is_gentle,
                                   .should_stop = b->order->should_stop};
    return copy_database(b->db, b->part, &pace, err);
}

int backup_rows(sqlite3 *db, uint64_t *ret, struct gw_error *err)
{
    int64_t rows = 0;
    int r = database_number(db,
                            "SELECT (SELECT count(*) FROM readings)"
                            " + (SELECT count(*) FROM transitions)"
                            " + (SELECT count(*) FROM summaries)"
                            " + (SELECT count(*) FROM facts)"
                            " + (SELECT count(*) FROM outbox)",
                            &rows, err);
    if (r == 0)
        *ret = (uint64_t)rows;
    return r;
}

static int is_stopped(void *ctx)
{
    const struct backup_order *order = ctx;
    return order->should_stop && *order->should_stop;
}

/* One file that any SQLite reads, also where nothing can be written beside it. */
static int look_through(struct backup *b, struct gw_error *err)
{
    sqlite3 *db = NULL;
    int r = database_reopen_alone(b->part, &db, err);
    if (r == 0)
        r = database_check(db, check_us, err);
    if (r >= 0) {
        sqlite3_progress_handler(db, ASK_EVERY_STEPS, is_stopped, (void *)b->order);
        r = backup_rows(db, &b->report.rows, err);
    }
    database_close(db);
    return r == -ETIME ? gw_fail(err, -ECANCELED, "the gateway is stopping") : r;
}

/* RENAME_NOREPLACE is not of every file system; a stick with FAT has no link(2) either.
 */
static int give_name(struct backup *b, struct gw_error *err)
{
    const char *file = b->report.file;
    struct stat st;
    int r = copy_sync(b->part);
    if (r == 0 && renameat2(AT_FDCWD, b->part, AT_FDCWD, file, RENAME_NOREPLACE) < 0)
        r = -errno;
    if (r == -EINVAL && lstat(file, &st) < 0)
        r = rename(b->part, file) < 0 ? -errno : 0;
    if (r == -EEXIST)
        return backup_target_taken(file, err);
    if (r < 0)
        return gw_fail(err, r, "'%s': %s", file, strerror(-r));
    if (stat(file, &st) == 0)
        b->report.bytes = (uint64_t)st.st_size;
    return database_sync_folder(file, err);
}

int backup_make(const struct backup_order *order, struct backup_report *ret,
                struct gw_error *err)
{
    int64_t begun_us = clock_machine_us();
    struct backup b = {.order = order};
    int r = backup_target(order->database, order->file, b.report.file, err);
    if (r < 0)
        return r;
    (void)snprintf(b.part, sizeof(b.part), "%s%s", b.report.file, part_suffix);
    r = begin(&b, err);
    if (r == 0) {
        r = make_part(&b, err);
        b.db = database_close(b.db); /* the log can be emptied again */
        if (r == 0)
            r = look_through(&b, err);
        if (r == 0)
            r = give_name(&b, err);
        if (r < 0)
            (void)aside_remove(b.part);
    }
    database_close(b.db);
    b.report.took_us = clock_machine_us() - begun_us;
    if (r == 0)
        *ret = b.report;
    return r;
}
