/* registry.h - names to ids that are stable for life, and kept states.
 * Thread: main before the writer runs; registry_keep() the writer's. */
#ifndef STORE_REGISTRY_H
#define STORE_REGISTRY_H

#include <sqlite3.h>

#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"
#include "gw/error.h"
#include "gw/record.h"

enum { REGISTRY_STATEMENTS = 7 };

/* registry - zero-initialise.
 * points, buses  names that this run has asked for, with their ids, which they keep when
 *             the database must be made anew; NULL = none */
struct registry {
    sqlite3 *db;
    sqlite3_stmt *statements[REGISTRY_STATEMENTS];
    struct text_map *points;
    struct text_map *buses;
};

/* registry_open - SQLITE_OK or SQLite's code. */
int registry_open(struct registry *r, sqlite3 *db);
void registry_close(struct registry *r); /* its names stay */
void registry_forget(struct registry *r);

/* registry_write_names - the names that run, into a new database.  0 or -errno */
int registry_write_names(const struct registry *r, sqlite3 *db, struct gw_error *err);

/* The id of @name; a new name gets the next one, in a transaction that stays open until
 * registry_commit(): thousands of points cost one sync.  0 or -errno */
int registry_point(struct registry *r, const char *name, int64_t *ret,
                   struct gw_error *err);
int registry_bus(struct registry *r, const char *name, int64_t *ret,
                 struct gw_error *err);
int registry_commit(struct registry *r, struct gw_error *err);

/* registry_each_state - every kept state, by owner and key. */
int registry_each_state(struct registry *r,
                        void (*each)(void *ctx, const struct gw_state *state), void *ctx,
                        struct gw_error *err);

/* registry_keep - SQLITE_OK or SQLite's code. */
int registry_keep(struct registry *r, const struct gw_state *state);

#endif
