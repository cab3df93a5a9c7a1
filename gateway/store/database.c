#include "store/database.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"

/* Above this size the log is left out of the check at start. */
static const int64_t check_whole_bytes = INT64_C(32) << 20;

enum { BUSY_MS = 2000, MOVE_TRIES = 100 };

/* page_size: bytes written a reading, measured by tests/bench/store_bench.c.
 * wal_autocheckpoint 0: the writer checkpoints between its commits. */
static const char writer_pragmas[] = "PRAGMA page_size = 1024;"
                                     "PRAGMA journal_mode = WAL;"
                                     "PRAGMA synchronous = FULL;"
                                     "PRAGMA wal_autocheckpoint = 0;"
                                     "PRAGMA journal_size_limit = 8388608;"
                                     "PRAGMA cache_size = -2048;"
                                     "PRAGMA temp_store = MEMORY;"
                                     "PRAGMA foreign_keys = ON;"
                                     "PRAGMA trusted_schema = OFF;"
                                     "PRAGMA cell_size_check = ON;";

static const char reader_pragmas[] = "PRAGMA query_only = ON;"
                                     "PRAGMA wal_autocheckpoint = 0;"
                                     "PRAGMA cache_size = -512;"
                                     "PRAGMA temp_store = MEMORY;"
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
    return rc == SQLITE_OK ? 0 : database_fail(db, rc, "cannot execute", err);
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
    int has_moved = 0;
    (void)sqlite3_file_control(db, "main", SQLITE_FCNTL_HAS_MOVED, &has_moved);
    if (!has_moved)
        return 0;
    return gw_fail(err, -ESTALE,
                   "database '%s': was deleted or replaced while it was open; put it "
                   "back, or restart to begin a new one",
                   database_path(db));
}

void database_rollback(sqlite3 *db)
{
    /* A failure may have rolled back already; what is left to undo has no disk to fail.
     */
    if (!sqlite3_get_autocommit(db))
        (void)sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
}

/* SQLite syncs the folder for its journals, not for the database itself. */
static int sync_folder(const char *path, struct gw_error *err)
{
    const char *slash = strrchr(path, '/');
    char *folder = slash ? strndup(path, (size_t)(slash - path) + 1) : strdup(".");
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

/* SQLite opens what it may not write for reading, and keeps another journal where shared
 * memory is missing: neither would hold what we promise. */
static int check_writer(sqlite3 *db, struct gw_error *err)
{
    if (sqlite3_db_readonly(db, "main") == 1)
        return gw_fail(err, -EROFS, "database '%s': is not writable", database_path(db));
    int64_t is_wal = 0;
    int r = database_number(db, "SELECT journal_mode = 'wal' FROM pragma_journal_mode",
                            &is_wal, err);
    if (r == 0 && !is_wal)
        r = gw_fail(err, -ENOTSUP,
                    "database '%s': its file system cannot keep a write-ahead log",
                    database_path(db));
    return r;
}

static int connect(const char *path, int flags, const char *pragmas, sqlite3 **ret,
                   struct gw_error *err)
{
    sqlite3 *db = NULL;
    int rc = sqlite3_open_v2(path, &db, flags | SQLITE_OPEN_NOMUTEX, NULL);
    if (!db)
        return gw_fail(err, -ENOMEM, "database '%s': out of memory", path);
    if (rc == SQLITE_OK)
        rc = sqlite3_busy_timeout(db, BUSY_MS);
    if (rc == SQLITE_OK)
        rc = sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_exec(db, pragmas, NULL, NULL, NULL);
    if (rc != SQLITE_OK) {
        int cause = rc == SQLITE_CANTOPEN ? sqlite3_system_errno(db) : 0;
        int code = gw_fail(err, database_errno(rc), "database '%s': cannot open: %s",
                           path, cause ? strerror(cause) : sqlite3_errmsg(db));
        database_close(db);
        return code;
    }
    (void)sqlite3_extended_result_codes(db, 1); /* always succeeds */
    *ret = db;
    return 0;
}

int database_open(const char *path, sqlite3 **ret, struct gw_error *err)
{
    struct stat st;
    bool is_new = stat(path, &st) < 0 && errno == ENOENT;
    sqlite3 *db = NULL;
    int r = connect(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, writer_pragmas, &db,
                    err);
    if (r < 0)
        return r;
    r = check_writer(db, err);
    if (r == 0 && is_new)
        r = sync_folder(path, err);
    if (r < 0) {
        database_close(db);
        return r;
    }
    *ret = db;
    return 0;
}

int database_reopen(const char *path, sqlite3 **ret, struct gw_error *err)
{
    return connect(path, SQLITE_OPEN_READWRITE, writer_pragmas, ret, err);
}

int database_open_reader(const char *path, sqlite3 **ret, struct gw_error *err)
{
    sqlite3 *db = NULL;
    int r = connect(path, SQLITE_OPEN_READWRITE, reader_pragmas, &db, err);
    if (r < 0)
        return r;
    int rc = sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    if (rc != SQLITE_OK) {
        r = database_fail(db, rc, "cannot open for reading", err);
        database_close(db);
        return r;
    }
    *ret = db;
    return 0;
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
        r = database_fail(db, rc, "cannot check", err);
    else if (!answer || strcmp(answer, "ok") != 0)
        r = gw_fail(err, -EUCLEAN, "database '%s': broken: %s", database_path(db),
                    line     ? line + 1
                    : answer ? answer
                             : "no answer");
    (void)sqlite3_finalize(st); /* repeats the code of the step */
    return r;
}

int database_check(sqlite3 *db, struct gw_error *err)
{
    static const char *const small_tables[] = {
        "PRAGMA quick_check(points)",       "PRAGMA quick_check(buses)",
        "PRAGMA quick_check(epochs)",       "PRAGMA quick_check(progress)",
        "PRAGMA quick_check(states)",       "PRAGMA quick_check(deliveries)",
        "PRAGMA quick_check(acknowledged)", "PRAGMA quick_check(transitions)",
    };
    struct stat st;
    if (stat(database_path(db), &st) < 0 || st.st_size <= check_whole_bytes)
        return run_check(db, "PRAGMA quick_check(1)", err);
    int r = 0;
    for (size_t i = 0; i < sizeof(small_tables) / sizeof(small_tables[0]) && r == 0; i++)
        r = run_check(db, small_tables[i], err);
    return r;
}

static int rename_with_suffix(const char *from, const char *to, const char *suffix)
{
    char source[4096];
    char target[4096];
    if (snprintf(source, sizeof(source), "%s%s", from, suffix) >= (int)sizeof(source)
        || snprintf(target, sizeof(target), "%s%s", to, suffix) >= (int)sizeof(target))
        return -ENAMETOOLONG;
    return rename(source, target) < 0 ? -errno : 0;
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
        if (snprintf(ret, size, "%s.broken-%s%s", path, stamp, number) >= (int)size)
            return -ENAMETOOLONG;
        if (access(ret, F_OK) < 0)
            return 0;
    }
    return -EEXIST;
}

int database_move_aside(const char *path, char *ret_name, size_t size,
                        struct gw_error *err)
{
    int r = free_name(path, ret_name, size);
    /* The file first: SQLite drops a log that is left over beside an empty database, but
     * would replay it into any other. */
    if (r == 0)
        r = rename_with_suffix(path, ret_name, "");
    if (r == 0)
        r = rename_with_suffix(path, ret_name, "-wal");
    if (r == 0 || r == -ENOENT)
        r = rename_with_suffix(path, ret_name, "-shm");
    if (r == -ENOENT)
        r = 0; /* a clean close leaves neither */
    if (r < 0)
        return gw_fail(err, r, "database '%s': cannot move it aside: %s", path,
                       strerror(-r));
    return sync_folder(path, err);
}
