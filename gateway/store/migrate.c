#include "store/migrate.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>

#include "store/database.h"

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

int migrate(sqlite3 *db, const char *const *steps, size_t count, struct gw_error *err)
{
    size_t version = 0;
    int r = read_version(db, &version, err);
    if (r < 0)
        return r;
    if (version > count)
        return gw_fail(err, -EPROTO,
                       "database '%s': schema %zu comes from a newer version of the "
                       "gateway (this one knows up to %zu)",
                       database_path(db), version, count);
    for (; version < count && r == 0; version++)
        r = do_step(db, steps[version], version + 1, err);
    return r;
}
