#include "store/restored.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

#include "base/text.h"
#include "gw/log.h"
#include "store/database.h"
#include "store/foreign.h"
#include "store/statement.h"

/* Its row is among the kept states, as a notice's is. */
#define OURS "owner = 'store' AND key = 'restored'"

enum { FILE_MAX = 512 };

int restored_mark(sqlite3 *db, const char *file, struct gw_error *err)
{
    static const char *const sql = "INSERT OR REPLACE INTO states (owner, key, bytes)"
                                   " VALUES ('store', 'restored', ?)";
    sqlite3_stmt *st = NULL;
    int rc = statements_prepare(db, &sql, &st, 1);
    if (rc == SQLITE_OK)
        rc = statement_run(st, "b", (const void *)file, strlen(file));
    int r = rc == SQLITE_OK ? 0 : database_fail(db, rc, "cannot be marked", err);
    statements_finalize(&st, 1);
    return r;
}

/* SQLITE_ROW: @ret is what was restored; SQLITE_DONE, or a failure. */
static int read_mark(sqlite3 *db, char ret[FILE_MAX])
{
    static const char *const sql = "SELECT CAST(bytes AS TEXT) FROM states WHERE " OURS;
    sqlite3_stmt *st = NULL;
    int rc = statements_prepare(db, &sql, &st, 1);
    if (rc == SQLITE_OK)
        rc = statement_row(st, "");
    text_copy(ret, FILE_MAX, rc == SQLITE_ROW ? statement_text(st, 0) : "");
    statements_finalize(&st, 1);
    return rc;
}

/* What says nothing of the file's content. */
static bool is_of_the_disk(int rc)
{
    int code = rc & 0xFF;
    return code == SQLITE_IOERR || code == SQLITE_NOMEM || code == SQLITE_CANTOPEN
           || code == SQLITE_PERM || code == SQLITE_BUSY;
}

int restored_look(const char *path, struct gw_error *err)
{
    struct stat st;
    char file[FILE_MAX];
    sqlite3 *db = NULL;
    if (lstat(path, &st) < 0)
        return gw_fail(err, -errno, "'%s': %s", path, strerror(errno));
    if (!S_ISREG(st.st_mode))
        return 0;
    int rc = foreign_open(path, &db);
    if (rc == SQLITE_OK)
        rc = read_mark(db, file);
    int r = rc == SQLITE_ROW ? 1 : 0;
    if (is_of_the_disk(rc))
        r = gw_fail(err, database_errno(rc), "'%s' cannot be read: %s", path,
                    sqlite3_errstr(rc));
    database_close(db);
    return r;
}

int restored_tell(sqlite3 *db, uint64_t epoch, struct gw_error *err)
{
    char file[FILE_MAX];
    int rc = read_mark(db, file);
    if (rc != SQLITE_ROW)
        return rc == SQLITE_DONE ? 0 : database_fail(db, rc, "cannot read its mark", err);
    int r = database_execute(db, "DELETE FROM states WHERE " OURS, err);
    if (r == 0)
        gw_log(GW_LOG_NOTICE, (struct gw_subject){"STORE", database_path(db)},
               "restored from '%s': the new epoch is %" PRIu64, file, epoch);
    return r;
}
