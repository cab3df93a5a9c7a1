/* statement.h - prepared statements by table, bound and run in one call.
 *
 * Results are SQLite's own codes here: the writer must tell a full disk from a
 * broken one.  Thread: the connection's.
 */
#ifndef STORE_STATEMENT_H
#define STORE_STATEMENT_H

#include <sqlite3.h>

#include <stddef.h>

/* statements_prepare - @ret[i] from @sql[i]; half-prepared on failure.
 * returns SQLITE_OK or SQLite's code */
int statements_prepare(sqlite3 *db, const char *const *sql, sqlite3_stmt **ret,
                       size_t count);

/* statements_finalize - accepts NULL entries and leaves NULL. */
void statements_finalize(sqlite3_stmt **statements, size_t count);

/* statement_run - binds, steps to its end and resets; rows are ignored.
 * One argument (two for 'b') for each letter of @types: i int64_t, d double (NaN becomes
 * NULL), t const char * (NULL is fine), b const void * and size_t. */
int statement_run(sqlite3_stmt *statement, const char *types, ...);

/* statement_row - binds likewise and steps once: SQLITE_ROW or SQLITE_DONE, else a
 * failure.  The caller resets; until then text and bytes must live. */
int statement_row(sqlite3_stmt *statement, const char *types, ...);

/* statement_text - a column as text, "" for NULL; valid until the next step. */
const char *statement_text(sqlite3_stmt *statement, int column);

#endif
