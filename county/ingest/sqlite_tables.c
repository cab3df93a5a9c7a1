#include "ingest/sqlite_tables.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

/* What leads from a file of each version (its user_version) to the next; one of version 0
 * may have the first tables already. */
static const char *const steps[] = {
    "CREATE TABLE IF NOT EXISTS messages (gateway TEXT NOT NULL, epoch INTEGER NOT NULL,"
    " seq INTEGER NOT NULL, topic TEXT NOT NULL, type TEXT NOT NULL, time TEXT,"
    " received_us INTEGER NOT NULL, digest INTEGER NOT NULL, body TEXT NOT NULL,"
    " PRIMARY KEY (gateway, epoch, seq)) STRICT;"
    "CREATE INDEX IF NOT EXISTS messages_by_digest ON messages (digest, gateway);"
    "CREATE TABLE IF NOT EXISTS ranges (gateway TEXT NOT NULL, epoch INTEGER NOT NULL,"
    " first INTEGER NOT NULL, last INTEGER NOT NULL,"
    " PRIMARY KEY (gateway, epoch, first)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS presence (gateway TEXT NOT NULL, topic TEXT NOT NULL,"
    " received_us INTEGER NOT NULL, body TEXT NOT NULL,"
    " PRIMARY KEY (gateway, topic)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS dead_letters (id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " topic TEXT NOT NULL, received_us INTEGER NOT NULL, fault TEXT NOT NULL,"
    " payload BLOB NOT NULL) STRICT;",

    "ALTER TABLE dead_letters ADD COLUMN digest INTEGER;"
    "CREATE UNIQUE INDEX dead_letters_once ON dead_letters (digest)",

    "CREATE TABLE gone (gateway TEXT NOT NULL, epoch INTEGER NOT NULL,"
    " first INTEGER NOT NULL, last INTEGER NOT NULL,"
    " PRIMARY KEY (gateway, epoch, first)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE requests (gateway TEXT NOT NULL, epoch INTEGER NOT NULL,"
    " noticed TEXT NOT NULL, noticed_us INTEGER NOT NULL, asked TEXT NOT NULL,"
    " asked_us INTEGER NOT NULL, wait_us INTEGER NOT NULL,"
    " PRIMARY KEY (gateway, epoch)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE commands (seq INTEGER NOT NULL) STRICT;"
    "INSERT INTO commands VALUES (0)",
};

enum { VERSION = sizeof(steps) / sizeof(steps[0]) };

static int run(sqlite3 *db, const char *sql, struct gw_error *err)
{
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK)
        return 0;
    return gw_fail(err, -EIO, "archive: %s", sqlite3_errmsg(db));
}

static int keep_number(void *ctx, int columns, char **values, char **names)
{
    (void)columns, (void)names;
    *(int *)ctx = (int)strtol(values[0], NULL, 10);
    return 0;
}

static int read_version(sqlite3 *db, int *ret, struct gw_error *err)
{
    *ret = 0;
    if (sqlite3_exec(db, "PRAGMA user_version", keep_number, ret, NULL) != SQLITE_OK)
        return gw_fail(err, -EIO, "archive: %s", sqlite3_errmsg(db));
    return *ret <= VERSION ? 0
                           : gw_fail(err, -EINVAL,
                                     "archive: a file of version %d: this campus-county"
                                     " knows %d",
                                     *ret, VERSION);
}

int sqlite_tables_make(sqlite3 *db, struct gw_error *err)
{
    char done[48];
    int version = 0;
    int r = run(db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL", err);
    if (r == 0)
        r = read_version(db, &version, err);
    if (r < 0 || version == VERSION)
        return r;
    r = run(db, "BEGIN IMMEDIATE", err);
    if (r == 0)
        r = read_version(db, &version, err); /* another one may have been faster */
    for (; r == 0 && version < VERSION; version++)
        r = run(db, steps[version], err);
    (void)snprintf(done, sizeof(done), "PRAGMA user_version = %d; COMMIT", VERSION);
    return r == 0 ? run(db, done, err) : r;
}

int sqlite_tables_check(sqlite3 *db, struct gw_error *err)
{
    int version = 0;
    int r = run(db, "PRAGMA query_only = ON", err);
    if (r == 0)
        r = read_version(db, &version, err);
    if (r == 0 && version == 0)
        return gw_fail(err, -EINVAL, "database '%s': it has no tables of campus-county",
                       sqlite3_db_filename(db, "main"));
    if (r == 0 && version < VERSION)
        return gw_fail(err, -EINVAL,
                       "archive: a file of version %d: a receiver of this version has to "
                       "open it first",
                       version);
    return r;
}
