/* database.h - a SQLite file opened the way this store needs it.
 *
 * Writer: WAL, FULL, checkpoints by hand.  Readers: query_only.  Thread: one a
 * connection.
 */
#ifndef STORE_DATABASE_H
#define STORE_DATABASE_H

#include <sqlite3.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gw/error.h"

/* Bytes written a reading, measured by tests/bench/store_bench.c. */
enum { DATABASE_PAGE_BYTES = 1024 };

/* database_open - the writing connection; makes the file when there is none.  What it
 * reads is on the disk: a log that a killed process left unsynced is synced first.
 * returns 0, -EUCLEAN when the file is no sound database, or -errno.  Owner: caller;
 * database_close() */
int database_open(const char *path, sqlite3 **ret, struct gw_error *err);

/* database_reopen - as database_open(), but never makes a file. */
int database_reopen(const char *path, sqlite3 **ret, struct gw_error *err);

/* database_reopen_alone - a copy that nobody else has open, as one file without a log
 * beside it, which any SQLite can read. */
int database_reopen_alone(const char *path, sqlite3 **ret, struct gw_error *err);

/* database_open_reader - query_only, on a file that the store has made. */
int database_open_reader(const char *path, sqlite3 **ret, struct gw_error *err);

sqlite3 *database_close(sqlite3 *db);

/* database_abandon - closes a broken one and leaves file and log as they are. */
sqlite3 *database_abandon(sqlite3 *db);

/* database_check - as much of the file as @patience_us allows, what matters most first.
 * returns 0, 1: sound as far as there was time to look, -EUCLEAN or -errno */
int database_check(sqlite3 *db, int64_t patience_us, struct gw_error *err);

/* database_check_all - every page and index, however long it takes. */
int database_check_all(sqlite3 *db, struct gw_error *err);

/* database_sync_folder - a new name in the folder of @path stays after a power cut. */
int database_sync_folder(const char *path, struct gw_error *err);

/* database_give - what root makes beside @path belongs to whom the folder does: a gateway
 * that is no root is to write it. */
void database_give(int fd, const char *path);

/* One statement; a number from its first row's first column (0 without a row). */
int database_execute(sqlite3 *db, const char *sql, struct gw_error *err);
int database_number(sqlite3 *db, const char *sql, int64_t *ret, struct gw_error *err);

/* database_checkpoint - @mode SQLITE_CHECKPOINT_…; *ret_left (may be NULL): frames that
 * readers hold back. */
int database_checkpoint(sqlite3 *db, int mode, int *ret_left, struct gw_error *err);

/* database_check_place - 0 while the file still bears its name, -ESTALE when it was
 * deleted, moved or replaced: what is written now would be gone at the next start. */
int database_check_place(sqlite3 *db, struct gw_error *err);
bool database_has_moved(sqlite3 *db);

/* database_rollback - ends an open transaction, if there still is one. */
void database_rollback(sqlite3 *db);

/* database_fail - gw_fail() with the file's name, @what and SQLite's own message.
 * returns the errno of @rc */
int database_fail(sqlite3 *db, int rc, const char *what, struct gw_error *err);
int database_errno(int rc);

/* database_fail_schema - the same for statements of ours that do not compile: what they
 * name is not there, and no sound database of this version lacks it.
 * returns -EUCLEAN for that, else the errno of @rc */
int database_fail_schema(sqlite3 *db, int rc, const char *what, struct gw_error *err);
const char *database_path(sqlite3 *db);

/* database_delete_lightly - @is_light: rows that are deleted from now on are not zeroed
 * page by page, which writes as much as they did.  For rows that may come back in a
 * salvage without harm. */
void database_delete_lightly(sqlite3 *db, bool is_light);

#endif
