#include "store/migrate.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/database.h"
#include "store/statement.h"

static int read_version(sqlite3 *db, size_t *ret, struct gw_error *err)
{
    int64_t version = 0;
    int r = database_number(db, "PRAGMA user_version", &version, err);
    if (r < 0)
        return r;
    *ret = (size_t)version;
    return 0;
}

static int do_step(sqlite3 *db, const char *step, size_t version, struct gw_error *err)
{
    char stamp[64];
    (void)snprintf(stamp, sizeof(stamp), "PRAGMA user_version = %zu", version);
    int r = database_execute(db, "BEGIN IMMEDIATE", err);
    if (r < 0)
        return r;
    r = database_execute(db, step, err);
    if (r == 0)
        r = database_execute(db, stamp, err);
    if (r == 0)
        r = database_execute(db, "COMMIT", err);
    if (r < 0)
        database_rollback(db);
    return r;
}

/* Everything that the steps have made, as one text. */
static int read_schema(sqlite3 *db, char **ret)
{
    sqlite3_stmt *st = NULL;
    int rc = sqlite3_prepare_v2(db,
                                "SELECT group_concat(sql, ';') FROM (SELECT sql FROM"
                                " sqlite_schema WHERE sql NOT NULL ORDER BY name)",
                                -1, &st, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_step(st);
    *ret = rc == SQLITE_ROW ? strdup(statement_text(st, 0)) : NULL;
    (void)sqlite3_finalize(st); /* repeats the code of the step */
    return *ret ? 0 : -EIO;
}

/* A newer version has another schema: with this one's the number itself is broken. */
static bool is_ours(sqlite3 *db, const char *const *steps, size_t count)
{
    sqlite3 *fresh = NULL;
    char *here = NULL;
    char *ours = NULL;
    int rc = sqlite3_open_v2(":memory:", &fresh,
                             SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);
    for (size_t i = 0; i < count && rc == SQLITE_OK; i++)
        rc = sqlite3_exec(fresh, steps[i], NULL, NULL, NULL);
    bool is_same = rc == SQLITE_OK && read_schema(fresh, &ours) == 0
                   && read_schema(db, &here) == 0 && strcmp(ours, here) == 0;
    free(here);
    free(ours);
    database_close(fresh);
    return is_same;
}

int migrate(sqlite3 *db, const char *const *steps, size_t count, struct gw_error *err)
{
    size_t version = 0;
    int r = read_version(db, &version, err);
    if (r < 0)
        return r;
    if (version > count && is_ours(db, steps, count))
        return gw_fail(err, -EUCLEAN, "database '%s': broken: version %zu of schema %zu",
                       database_path(db), version, count);
    if (version > count)
        return gw_fail(err, -EPROTO,
                       "database '%s': schema %zu comes from a newer version of the "
                       "gateway (this one knows up to %zu)",
                       database_path(db), version, count);
    for (; version < count && r == 0; version++)
        r = do_step(db, steps[version], version + 1, err);
    return r;
}
