#include "store/notice.h"

#include <string.h>

#include "base/text.h"
#include "store/database.h"
#include "store/statement.h"

/* Its row is among the kept states, under an owner that no stage has. */
#define OURS "owner = 'store' AND key = 'notice'"

int notice_keep(sqlite3 *db, const char *text, struct gw_error *err)
{
    static const char *const sql = "INSERT OR REPLACE INTO states (owner, key, bytes)"
                                   " VALUES ('store', 'notice', ?)";
    sqlite3_stmt *st = NULL;
    int rc = statements_prepare(db, &sql, &st, 1);
    if (rc == SQLITE_OK)
        rc = statement_run(st, "b", (const void *)text, strlen(text));
    int r = rc == SQLITE_OK ? 0 : database_fail(db, rc, "cannot keep a notice", err);
    statements_finalize(&st, 1);
    return r;
}

int notice_read(sqlite3 *db, char *ret, size_t size, struct gw_error *err)
{
    static const char *const sql = "SELECT CAST(bytes AS TEXT) FROM states WHERE " OURS;
    sqlite3_stmt *st = NULL;
    int rc = statements_prepare(db, &sql, &st, 1);
    if (rc == SQLITE_OK)
        rc = statement_row(st, "");
    text_copy(ret, size, rc == SQLITE_ROW ? statement_text(st, 0) : "");
    int r = rc == SQLITE_ROW || rc == SQLITE_DONE
                ? 0
                : database_fail(db, rc, "cannot read a notice", err);
    statements_finalize(&st, 1);
    return r;
}

int notice_forget(sqlite3 *db, struct gw_error *err)
{
    return database_execute(db, "DELETE FROM states WHERE " OURS, err);
}
