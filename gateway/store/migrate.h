/* migrate.h - the schema in numbered steps; PRAGMA user_version is the last one done.
 * Thread: the connection's. */
#ifndef STORE_MIGRATE_H
#define STORE_MIGRATE_H

#include <sqlite3.h>

#include <stddef.h>

#include "gw/error.h"

/* The files of migrations/, in order; step i leads to version i + 1. */
extern const char *const migrations[];
extern const size_t migration_count;

/* migrate - does the steps that @db has not done, each in its own transaction.
 * returns 0, -EPROTO when @db comes from a newer version, or -errno */
int migrate(sqlite3 *db, const char *const *steps, size_t count, struct gw_error *err);

#endif
