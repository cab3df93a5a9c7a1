#include "ingest/postgres.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TABLES_VERSION = 3 };

/* From the version of its place to the next one. */
static const char *const upgrades[TABLES_VERSION] = {
    [1] = "ALTER TABLE dead_letters ADD COLUMN digest bigint UNIQUE;"
          " UPDATE campus_county SET version = 2",
    [2] = "ALTER TABLE streams ADD COLUMN gone int8multirange NOT NULL DEFAULT '{}';"
          " CREATE TABLE requests (gateway text NOT NULL, epoch bigint NOT NULL,"
          " noticed int8multirange NOT NULL, noticed_at timestamptz,"
          " asked int8multirange NOT NULL, asked_at timestamptz, wait_s int NOT NULL,"
          " PRIMARY KEY (gateway, epoch));"
          " CREATE TABLE commands (seq bigint NOT NULL);"
          " INSERT INTO commands VALUES (0);"
          " UPDATE campus_county SET version = 3",
};

/* The lock of those who make tables, in pg_locks: "campus" in ASCII. */
#define TABLES_LOCK "109270099064179"

struct postgres {
    PGconn *connection;
    bool is_copying;
};

/* The first line: the others are a hint, a detail, or the place in a COPY. */
static void first_line(const char *message, char *ret, size_t size)
{
    (void)snprintf(ret, size, "%.*s", (int)strcspn(message, "\n"), message);
}

static int code_of(const PGresult *result)
{
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    if (!state)
        return -EIO;
    if (strncmp(state, "22", 2) == 0 || strncmp(state, "23", 2) == 0
        || strncmp(state, "54", 2) == 0)
        return -EBADMSG;
    return strncmp(state, "53", 2) == 0 ? -ENOSPC : -EIO;
}

/* @result: what the server said, or NULL; it is freed. */
static int fail(struct postgres *p, PGresult *result, struct gw_error *err)
{
    char text[400];
    const char *said = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    first_line(said ? said : PQerrorMessage(p->connection), text, sizeof(text));
    int code = code_of(result);
    PQclear(result);
    return gw_fail(err, code, "postgresql: %s",
                   text[0] ? text : "the connection is lost");
}

static int finish(struct postgres *p, PGresult *result, struct gw_error *err)
{
    ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        return fail(p, result, err);
    PQclear(result);
    return 0;
}

int postgres_run(struct postgres *p, const char *sql, struct gw_error *err)
{
    return finish(p, PQexec(p->connection, sql), err);
}

int postgres_ask(struct postgres *p, const char *sql, const char *const *values,
                 size_t count, PGresult **ret, struct gw_error *err)
{
    PGresult *result =
        PQexecParams(p->connection, sql, (int)count, NULL, values, NULL, NULL, 0);
    ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        return fail(p, result, err);
    *ret = result;
    return 0;
}

int postgres_do(struct postgres *p, const char *sql, const char *const *values,
                size_t count, struct gw_error *err)
{
    PGresult *result = NULL;
    int r = postgres_ask(p, sql, values, count, &result, err);
    PQclear(result);
    return r;
}

int postgres_copy(struct postgres *p, const char *sql, struct gw_error *err)
{
    PGresult *result = PQexec(p->connection, sql);
    if (PQresultStatus(result) != PGRES_COPY_IN)
        return fail(p, result, err);
    PQclear(result);
    p->is_copying = true;
    return 0;
}

int postgres_copy_put(struct postgres *p, const char *bytes, size_t size,
                      struct gw_error *err)
{
    return PQputCopyData(p->connection, bytes, (int)size) == 1 ? 0 : fail(p, NULL, err);
}

int postgres_copy_end(struct postgres *p, struct gw_error *err)
{
    p->is_copying = false;
    if (PQputCopyEnd(p->connection, NULL) != 1)
        return fail(p, NULL, err);
    int r = finish(p, PQgetResult(p->connection), err);
    for (PGresult *rest; (rest = PQgetResult(p->connection));)
        PQclear(rest);
    return r;
}

void postgres_abandon(struct postgres *p)
{
    if (p->is_copying && PQputCopyEnd(p->connection, "given up") == 1)
        for (PGresult *rest; (rest = PQgetResult(p->connection));)
            PQclear(rest);
    p->is_copying = false;
    if (PQtransactionStatus(p->connection) != PQTRANS_IDLE)
        (void)postgres_run(p, "ROLLBACK", NULL);
}

/* What must hold whatever the role or the server is set to: a commit is on the disk, and
 * a receiver that hangs or is cut off holds up no other for longer than a minute.  To
 * compile what it asks of the views takes longer than to answer it. */
static int set_session(struct postgres *p, struct gw_error *err)
{
    PGresult *result = NULL;
    int r = postgres_ask(p,
                         "SELECT set_config('synchronous_commit', 'on', false) WHERE"
                         " current_setting('synchronous_commit') IN ('off', 'local');",
                         NULL, 0, &result, err);
    PQclear(result);
    if (r == 0)
        r = postgres_run(p,
                         "SET TIME ZONE 'UTC'; SET lock_timeout = '60s'; SET jit = off;"
                         " SET idle_in_transaction_session_timeout = '60s'",
                         err);
    const char *encoding = PQparameterStatus(p->connection, "server_encoding");
    if (r == 0 && (!encoding || strcmp(encoding, "UTF8") != 0))
        return gw_fail(err, -EINVAL,
                       "postgresql: the database's encoding is %s: must be UTF8",
                       encoding ? encoding : "not known");
    return r;
}

/* *ret: the version of the tables, 0 = there are none.  Asked of the catalog as a table:
 * what to_regclass() once did not find it remembers, also while it waits for the lock. */
static int read_version(struct postgres *p, int *ret, struct gw_error *err)
{
    PGresult *result = NULL;
    *ret = 0;
    int r = postgres_ask(p,
                         "SELECT count(*) FROM pg_catalog.pg_class"
                         " WHERE relname = 'campus_county' AND pg_table_is_visible(oid)",
                         NULL, 0, &result, err);
    bool is_there = r == 0 && strcmp(PQgetvalue(result, 0, 0), "0") != 0;
    PQclear(result);
    if (r < 0 || !is_there)
        return r;
    r = postgres_ask(p, "SELECT max(version) FROM campus_county", NULL, 0, &result, err);
    if (r < 0)
        return r;
    *ret = (int)strtol(PQgetvalue(result, 0, 0), NULL, 10); /* "" without a row */
    PQclear(result);
    return *ret >= 1 && *ret <= TABLES_VERSION
               ? 0
               : gw_fail(err, -EINVAL,
                         "postgresql: tables of version %d: this campus-county knows %d",
                         *ret, TABLES_VERSION);
}

/* Makes the tables, or brings them up to date. */
static int make_tables(struct postgres *p, struct gw_error *err)
{
    int version = 0;
    int r = read_version(p, &version, err);
    if (r < 0 || version == TABLES_VERSION)
        return r;
    r = postgres_run(p, "BEGIN; SELECT pg_advisory_xact_lock(" TABLES_LOCK ")", err);
    if (r == 0)
        r = read_version(p, &version, err); /* another one may have been faster */
    if (r == 0 && version == 0)
        r = postgres_run(p, postgres_tables, err);
    for (; r == 0 && version > 0 && version < TABLES_VERSION; version++)
        r = postgres_run(p, upgrades[version], err);
    if (r == 0)
        r = postgres_run(p, postgres_views, err);
    if (r == 0)
        r = postgres_run(p, "COMMIT", err);
    if (r < 0)
        postgres_abandon(p);
    return r;
}

/* The tables as they have to be, and a session that cannot write. */
static int check_tables(struct postgres *p, struct gw_error *err)
{
    int version = 0;
    int r = postgres_run(p, "SET default_transaction_read_only = on", err);
    if (r == 0)
        r = read_version(p, &version, err);
    if (r == 0 && version == 0)
        return gw_fail(err, -EINVAL, "database '%s': it has no tables of campus-county",
                       PQdb(p->connection));
    if (r == 0 && version < TABLES_VERSION)
        return gw_fail(err, -EINVAL,
                       "postgresql: tables of version %d: a receiver of this version has "
                       "to open them first",
                       version);
    return r;
}

int postgres_ready(struct postgres *p, struct gw_error *err)
{
    if (PQstatus(p->connection) == CONNECTION_OK)
        return 0;
    p->is_copying = false;
    PQreset(p->connection);
    if (PQstatus(p->connection) != CONNECTION_OK)
        return fail(p, NULL, err);
    return set_session(p, err);
}

/* A server that is gone is given up after some seconds, unless the address says else. */
static const char *const connect_names[] = {"connect_timeout",  "tcp_user_timeout",
                                            "application_name", "dbname",
                                            "client_encoding",  NULL};

/* ret[]: what connect_names say, in their order. */
static void connect_values(const char *address, const char *ret[6])
{
    const char *const values[] = {"5", "15000", "campus-county", address, "UTF8", NULL};
    memcpy(ret, values, sizeof(values));
}

static PGconn *connect_to(const char *address)
{
    const char *values[6];
    connect_values(address, values);
    return PQconnectdbParams(connect_names, values, 1);
}

/* No server is there, or it is only coming up. */
static bool is_away(const char *address)
{
    const char *values[6];
    connect_values(address, values);
    PGPing answer = PQpingParams(connect_names, values, 1);
    return answer == PQPING_NO_RESPONSE || answer == PQPING_REJECT;
}

bool postgres_is_address(const char *text)
{
    PQconninfoOption *options = PQconninfoParse(text, NULL);
    bool is_address = options != NULL && strchr(text, '=');
    PQconninfoFree(options);
    return is_address;
}

static void no_notices(void *ctx, const char *message)
{
    (void)ctx;
    (void)message;
}

static int open_with(const char *address,
                     int (*tables)(struct postgres *p, struct gw_error *err),
                     struct postgres **ret, struct gw_error *err)
{
    struct postgres *p = calloc(1, sizeof(*p));
    if (!p)
        return gw_fail(err, -ENOMEM, "postgresql: out of memory");
    p->connection = connect_to(address);
    (void)PQsetNoticeProcessor(p->connection, no_notices, NULL);
    bool is_connected = PQstatus(p->connection) == CONNECTION_OK;
    int r = is_connected ? set_session(p, err) : fail(p, NULL, err);
    if (r == 0)
        r = tables(p, err);
    if (r < 0) {
        postgres_close(p);
        return !is_connected && is_away(address) ? -EAGAIN : r;
    }
    *ret = p;
    return 0;
}

int postgres_open(const char *address, struct postgres **ret, struct gw_error *err)
{
    return open_with(address, make_tables, ret, err);
}

int postgres_open_to_read(const char *address, struct postgres **ret,
                          struct gw_error *err)
{
    return open_with(address, check_tables, ret, err);
}

struct postgres *postgres_close(struct postgres *p)
{
    if (p)
        PQfinish(p->connection);
    free(p);
    return NULL;
}
