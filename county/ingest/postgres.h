/* postgres.h - one connection to PostgreSQL: made again when it was lost, its errors as
 * -errno and a sentence.
 *
 * Errors: -EBADMSG the content is refused (SQLSTATE 22, 23, 54) and would be again;
 * -ENOSPC no room (53); -EIO all others.  Thread: one owner.
 */
#ifndef INGEST_POSTGRES_H
#define INGEST_POSTGRES_H

#include <libpq-fe.h>
#include <stdbool.h>
#include <stddef.h>

#include "gw/error.h"

struct postgres;

/* The tables of an empty database, county/postgres/tables.sql; the views of any,
 * views.sql. */
extern const char postgres_tables[];
extern const char postgres_views[];

/* postgres_is_address - @text is "host=… dbname=…", or a URL, without a fault. */
bool postgres_is_address(const char *text);

/* postgres_open - connects, makes the tables where there are none, and brings those
 *          of an earlier version up to date.
 * postgres_open_to_read - refuses a database without the tables or with earlier ones, and
 *          writes nothing.
 * address  as libpq reads it; a password in it is in no message
 * returns  0, -EAGAIN: no server answers yet, or gw_fail(): not let in, not UTF8, tables
 *          of another version
 * Owner:   caller; postgres_close() */
int postgres_open(const char *address, struct postgres **ret, struct gw_error *err);
int postgres_open_to_read(const char *address, struct postgres **ret,
                          struct gw_error *err);
struct postgres *postgres_close(struct postgres *p);

/* postgres_ready - connects again when the connection was lost. */
int postgres_ready(struct postgres *p, struct gw_error *err);

/* postgres_run - statements without parameters and without rows that anybody reads. */
int postgres_run(struct postgres *p, const char *sql, struct gw_error *err);

/* postgres_ask - one statement with @count text parameters ($1…).
 * returns  0 and *ret, or gw_fail()
 * Owner:   caller; PQclear() */
int postgres_ask(struct postgres *p, const char *sql, const char *const *values,
                 size_t count, PGresult **ret, struct gw_error *err);

/* postgres_do - as postgres_ask(), nobody reads the rows. */
int postgres_do(struct postgres *p, const char *sql, const char *const *values,
                size_t count, struct gw_error *err);

/* postgres_copy - begins "COPY … FROM STDIN"; put as much as there is, then end. */
int postgres_copy(struct postgres *p, const char *sql, struct gw_error *err);
int postgres_copy_put(struct postgres *p, const char *bytes, size_t size,
                      struct gw_error *err);
int postgres_copy_end(struct postgres *p, struct gw_error *err);

/* postgres_abandon - ends a copy and rolls back, whatever is open. */
void postgres_abandon(struct postgres *p);

#endif
