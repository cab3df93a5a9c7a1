#include "store/origin.h"

#include <errno.h>
#include <string.h>

#include "store/database.h"
#include "store/statement.h"

int origin_check(sqlite3 *db, const char *file, const char *gateway, struct gw_error *err)
{
    static const char *const sql =
        "SELECT CASE WHEN json_valid(body) THEN json_extract(body, '$.gateway') END"
        " FROM outbox ORDER BY key DESC LIMIT 1";
    sqlite3_stmt *st = NULL;
    int r = 0;
    int rc = statements_prepare(db, &sql, &st, 1);
    if (rc == SQLITE_OK)
        rc = statement_row(st, "");
    if (rc != SQLITE_ROW && rc != SQLITE_DONE)
        r = database_fail(db, rc, "cannot read its messages", err);
    const char *id = rc == SQLITE_ROW ? statement_text(st, 0) : "";
    if (*id && strcmp(id, gateway) != 0)
        r = gw_fail(err, -EXDEV,
                    "'%s' is of the gateway '%s', and this one is '%s': what waits in it "
                    "would be sent under a name that is not this gateway's (--force: "
                    "restore it all the same)",
                    file, id, gateway);
    statements_finalize(&st, 1);
    return r;
}
