#include "store/database.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"

enum { CHECK_STEPS = 1000 };

enum { BUSY_MS = 2000, PATH_BYTES = 4096 };

/* page_size: DATABASE_PAGE_BYTES.
 * secure_delete: nothing deleted is salvaged; Debian's default, here by name.
 * wal_autocheckpoint 0: the writer checkpoints between its commits. */
static const char writer_pragmas[] = "PRAGMA page_size = 1024;"
                                     "PRAGMA journal_mode = WAL;"
                                     "PRAGMA synchronous = FULL;"
                                     "PRAGMA wal_autocheckpoint = 0;"
                                     "PRAGMA journal_size_limit = 8388608;"
                                     "PRAGMA cache_size = -1024;"
                                     "PRAGMA temp_store = MEMORY;"
                                     "PRAGMA foreign_keys = ON;"
                                     "PRAGMA secure_delete = ON;"
                                     "PRAGMA trusted_schema = OFF;"
                                     "PRAGMA cell_size_check = ON;";

static const char reader_pragmas[] = "PRAGMA query_only = ON;"
                                     "PRAGMA wal_autocheckpoint = 0;"
                                     "PRAGMA cache_size = -512;"
                                     "PRAGMA temp_store = MEMORY;"
                                     "PRAGMA trusted_schema = OFF;"
                                     "PRAGMA cell_size_check = ON;";

/* Without shared memory a log is read too, and leaves nothing behind. */
static const char alone_pragmas[] = "PRAGMA locking_mode = EXCLUSIVE;"
                                    "PRAGMA journal_mode = DELETE;"
                                    "PRAGMA synchronous = FULL;"
                                    "PRAGMA secure_delete = ON;"
                                    "PRAGMA trusted_schema = OFF;"
                                    "PRAGMA cell_size_check = ON;";

static const struct {
    int code;
    int error;
} errnos[] = {
    {SQLITE_FULL, -ENOSPC},     {SQLITE_NOMEM, -ENOMEM},    {SQLITE_BUSY, -EBUSY},
    {SQLITE_LOCKED, -EBUSY},    {SQLITE_READONLY, -EROFS},  {SQLITE_PERM, -EACCES},
    {SQLITE_CANTOPEN, -ENOENT}, {SQLITE_CORRUPT, -EUCLEAN}, {SQLITE_NOTADB, -EUCLEAN},
    {SQLITE_INTERRUPT, -ETIME}, {SQLITE_TOOBIG, -EMSGSIZE}, {SQLITE_CONSTRAINT, -EEXIST},
};

int database_errno(int rc)
{
    for (size_t i = 0; i < sizeof(errnos) / sizeof(errnos[0]); i++)
        if (errnos[i].code == (rc & 0xFF))
            return errnos[i].error;
    return -EIO;
}

const char *database_path(sqlite3 *db)
{
    const char *path = sqlite3_db_filename(db, "main");
    return path && path[0] ? path : ":memory:";
}

int database_fail(sqlite3 *db, int rc, const char *what, struct gw_error *err)
{
    return gw_fail(err, database_errno(rc), "database '%s': %s: %s", database_path(db),
                   what, sqlite3_errmsg(db));
}

int database_fail_schema(sqlite3 *db, int rc, const char *what, struct gw_error *err)
{
    if ((rc & 0xFF) != SQLITE_ERROR)
        return database_fail(db, rc, what, err);
    return gw_fail(err, -EUCLEAN, "database '%s': broken: %s: %s", database_path(db),
                   what, sqlite3_errmsg(db));
}

int database_execute(sqlite3 *db, const char *sql, struct gw_error *err)
{
    int rc = sqlite3_exec(db, sql, NULL, NULL, NULL);
    return rc == SQLITE_OK ? 0 : database_fail_schema(db, rc, "cannot execute", err);
}

int database_number(sqlite3 *db, const char *sql, int64_t *ret, struct gw_error *err)
{
    sqlite3_stmt *st = NULL;
    int rc = sqlite3_prepare_v2(db, sql, -1, &st, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_step(st);
    int64_t number = rc == SQLITE_ROW ? sqlite3_column_int64(st, 0) : 0;
    (void)sqlite3_finalize(st); /* repeats the code of the step */
    if (rc != SQLITE_ROW && rc != SQLITE_DONE)
        return database_fail_schema(db, rc, "cannot read", err);
    *ret = number;
    return 0;
}

int database_checkpoint(sqlite3 *db, int mode, int *ret_left, struct gw_error *err)
{
    int frames = 0;
    int moved = 0;
    int rc = sqlite3_wal_checkpoint_v2(db, "main", mode, &frames, &moved);
    if (rc != SQLITE_OK)
        return database_fail(db, rc, "cannot checkpoint", err);
    if (ret_left)
        *ret_left = frames - moved;
    return 0;
}

int database_check_place(sqlite3 *db, struct gw_error *err)
{
    if (!database_has_moved(db))
        return 0;
    return gw_fail(err, -ESTALE,
                   "database '%s': was deleted or replaced while it was open, and what "
                   "is written now would be lost: put it back; where nothing has its "
                   "name it is written anew after 10 s",
                   database_path(db));
}

void database_rollback(sqlite3 *db)
{
    /* A failure may have rolled back already; what is left to undo has no disk to fail.
     */
    if (!sqlite3_get_autocommit(db))
        (void)sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
}

/* returns NULL: out of memory */
static char *folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? strndup(path, (size_t)(slash - path) + 1) : strdup(".");
}

/* What cannot be given stays root's, and whoever cannot open it says so. */
void database_give(int fd, const char *path)
{
    struct stat st;
    char *folder = geteuid() == 0 ? folder_of(path) : NULL;
    if (folder && stat(folder, &st) == 0 && st.st_uid != 0)
        (void)!fchown(fd, st.st_uid, st.st_gid);
    free(folder);
}

/* SQLite syncs the folder for its journals, not for the database itself. */
int database_sync_folder(const char *path, struct gw_error *err)
{
    char *folder = folder_of(path);
    if (!folder)
        return gw_fail(err, -ENOMEM, "database '%s': out of memory", path);
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int code = fd < 0 || fsync(fd) < 0 ? -errno : 0;
    if (fd >= 0)
        close(fd);
    free(folder);
    if (code < 0)
        return gw_fail(err, code, "database '%s': cannot sync its folder: %s", path,
                       strerror(-code));
    return 0;
}

/* What stands in the log may be of a process that was killed before its sync: it can be
 * read and counts as committed, and the disk need not have it.  SQLite holds its locks on
 * other files, so that to close this one takes none away. */
static int sync_log(const char *path, struct gw_error *err)
{
    char log[PATH_BYTES];
    if (snprintf(log, sizeof(log), "%s-wal", path) >= (int)sizeof(log))
        return gw_fail(err, -ENAMETOOLONG, "database '%s': path is too long", path);
    int fd = open(log, O_RDONLY | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT)
        return 0;
    int code = fd < 0 || fsync(fd) < 0 ? -errno : 0;
    if (fd >= 0)
        close(fd);
    return code == 0 ? database_sync_folder(path, err)
                     : gw_fail(err, code, "database '%s': cannot sync its log: %s", path,
                               strerror(-code));
}

/* What it cannot open for writing SQLite opens for reading, be it for a moment only: told
 * before the header is read, which may forbid writing too. */
static int check_file(sqlite3 *db, struct gw_error *err)
{
    const char *path = database_path(db);
    if (sqlite3_db_readonly(db, "main") != 1)
        return 0;
    return access(path, W_OK) == 0
               ? gw_fail(err, -EIO, "database '%s': cannot be opened for writing", path)
               : gw_fail(err, -EROFS, "database '%s': is not writable", path);
}

/* A header that forbids writing is none of ours; and SQLite keeps another journal where
 * shared memory is missing, which would not hold what we promise. */
static int check_writer(sqlite3 *db, struct gw_error *err)
{
    const char *path = database_path(db);
    int64_t is_wal = 0;
    if (sqlite3_db_readonly(db, "main") == 1)
        return gw_fail(err, -EUCLEAN, "database '%s': broken: its header", path);
    int r = database_number(db, "SELECT journal_mode = 'wal' FROM pragma_journal_mode",
                            &is_wal, err);
    if (r == 0 && !is_wal)
        r = gw_fail(err, -ENOTSUP,
                    "database '%s': its file system cannot keep a write-ahead log", path);
    return r;
}

static int fail_to_open(sqlite3 *db, int rc, const char *path, struct gw_error *err)
{
    int cause = rc == SQLITE_CANTOPEN ? sqlite3_system_errno(db) : 0;
    /* the pragmas are ours: what does not understand them is no sound file */
    int code = (rc & 0xFF) == SQLITE_ERROR ? -EUCLEAN : database_errno(rc);
    return gw_fail(err, code, "database '%s': %s: %s", path,
                   code == -EUCLEAN ? "broken" : "cannot open",
                   cause ? strerror(cause) : sqlite3_errmsg(db));
}

/* ret: also of a failure, for its sake; NULL when there is no memory. */
static int open_file(const char *path, int flags, sqlite3 **ret, struct gw_error *err)
{
    int rc = sqlite3_open_v2(path, ret, flags | SQLITE_OPEN_NOMUTEX, NULL);
    if (!*ret)
        return gw_fail(err, -ENOMEM, "database '%s': out of memory", path);
    return rc == SQLITE_OK ? 0 : fail_to_open(*ret, rc, path, err);
}

static int set_up(sqlite3 *db, const char *path, const char *pragmas,
                  struct gw_error *err)
{
    int rc = sqlite3_busy_timeout(db, BUSY_MS);
    if (rc == SQLITE_OK)
        rc = sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_exec(db, pragmas, NULL, NULL, NULL);
    if (rc != SQLITE_OK)
        return fail_to_open(db, rc, path, err);
    (void)sqlite3_extended_result_codes(db, 1); /* always succeeds */
    return 0;
}

static int open_writer(const char *path, int flags, sqlite3 **ret, struct gw_error *err)
{
    sqlite3 *db = NULL;
    int r = open_file(path, SQLITE_OPEN_READWRITE | flags, &db, err);
    if (r == 0)
        r = check_file(db, err);
    if (r == 0)
        r = set_up(db, path, writer_pragmas, err);
    if (r == 0)
        r = check_writer(db, err);
    if (r < 0) {
        database_close(db);
        return r;
    }
    *ret = db;
    return 0;
}

int database_open(const char *path, sqlite3 **ret, struct gw_error *err)
{
    struct stat st;
    bool is_new = stat(path, &st) < 0 && errno == ENOENT;
    sqlite3 *db = NULL;
    int r = open_writer(path, SQLITE_OPEN_CREATE, &db, err);
    if (r < 0)
        return r;
    r = is_new ? database_sync_folder(path, err) : sync_log(path, err);
    if (r < 0) {
        database_close(db);
        return r;
    }
    *ret = db;
    return 0;
}

int database_reopen(const char *path, sqlite3 **ret, struct gw_error *err)
{
    return open_writer(path, 0, ret, err);
}

int database_reopen_alone(const char *path, sqlite3 **ret, struct gw_error *err)
{
    sqlite3 *db = NULL;
    int r = open_file(path, SQLITE_OPEN_READWRITE, &db, err);
    if (r == 0)
        r = check_file(db, err);
    if (r == 0)
        r = set_up(db, path, alone_pragmas, err);
    if (r < 0) {
        database_close(db);
        return r;
    }
    *ret = db;
    return 0;
}

int database_open_reader(const char *path, sqlite3 **ret, struct gw_error *err)
{
    sqlite3 *db = NULL;
    int r = open_file(path, SQLITE_OPEN_READWRITE, &db, err);
    if (r == 0)
        r = set_up(db, path, reader_pragmas, err);
    if (r == 0) {
        int rc = sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
        if (rc != SQLITE_OK)
            r = database_fail(db, rc, "cannot open for reading", err);
    }
    if (r < 0) {
        database_close(db);
        return r;
    }
    *ret = db;
    return 0;
}

sqlite3 *database_abandon(sqlite3 *db)
{
    /* always succeeds */
    (void)sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    return database_close(db);
}

bool database_has_moved(sqlite3 *db)
{
    int has_moved = 0;
    (void)sqlite3_file_control(db, "main", SQLITE_FCNTL_HAS_MOVED, &has_moved);
    return has_moved != 0;
}

sqlite3 *database_close(sqlite3 *db)
{
    (void)sqlite3_close_v2(db); /* fails for nothing once statements are finalized */
    return NULL;
}

/* "ok", or the first fault in SQLite's words, which stand behind a heading line. */
static int run_check(sqlite3 *db, const char *sql, struct gw_error *err)
{
    sqlite3_stmt *st = NULL;
    int rc = sqlite3_prepare_v2(db, sql, -1, &st, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_step(st);
    const char *answer =
        rc == SQLITE_ROW ? (const char *)sqlite3_column_text(st, 0) : NULL;
    const char *line = answer ? strrchr(answer, '\n') : NULL;
    int r = 0;
    if (rc != SQLITE_ROW)
        r = database_fail_schema(db, rc, "cannot check", err);
    else if (!answer || strcmp(answer, "ok") != 0)
        r = gw_fail(err, -EUCLEAN, "database '%s': broken: %s", database_path(db),
                    line     ? line + 1
                    : answer ? answer
                             : "no answer");
    (void)sqlite3_finalize(st); /* repeats the code of the step */
    return r;
}

static int is_overdue(void *ctx)
{
    return clock_machine_us() > *(const int64_t *)ctx;
}

/* The first three are found by an index at every start: it must name the right rows,
 * which a quick check does not look at. */
int database_check(sqlite3 *db, int64_t patience_us, struct gw_error *err)
{
    static const char *const checks[] = {
        "PRAGMA integrity_check(points)",   "PRAGMA integrity_check(buses)",
        "PRAGMA integrity_check(epochs)",   "PRAGMA quick_check(progress)",
        "PRAGMA quick_check(states)",       "PRAGMA quick_check(deliveries)",
        "PRAGMA quick_check(acknowledged)", "PRAGMA quick_check(transitions)",
        "PRAGMA quick_check(outbox)",       "PRAGMA quick_check(1)",
    };
    int64_t until_us = clock_machine_us() + patience_us;
    int64_t objects = 0;
    int r = database_number(db, "SELECT count(*) FROM sqlite_schema", &objects, err);
    if (r < 0 || objects == 0)
        return r; /* a new file has nothing to check */
    sqlite3_progress_handler(db, CHECK_STEPS, is_overdue, &until_us);
    for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]) && r == 0; i++)
        r = run_check(db, checks[i], err);
    sqlite3_progress_handler(db, 0, NULL, NULL);
    return r == -ETIME ? 1 : r;
}

int database_check_all(sqlite3 *db, struct gw_error *err)
{
    return run_check(db, "PRAGMA integrity_check(1)", err);
}

void database_delete_lightly(sqlite3 *db, bool is_light)
{
    (void)sqlite3_exec(
        db, is_light ? "PRAGMA secure_delete = FAST" : "PRAGMA secure_delete = ON", NULL,
        NULL, NULL); /* at worst more is written */
}
