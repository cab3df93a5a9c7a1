#include "store/registry.h"

#include "store/database.h"
#include "store/statement.h"

enum {
    FIND_POINT,
    ADD_POINT,
    FIND_BUS,
    ADD_BUS,
    EACH_STATE,
    KEEP_STATE,
    DROP_STATE,
};

static const char *const sql[REGISTRY_STATEMENTS] = {
    [FIND_POINT] = "SELECT id FROM points WHERE name = ?",
    [ADD_POINT] = "INSERT INTO points (name) VALUES (?)",
    [FIND_BUS] = "SELECT id FROM buses WHERE name = ?",
    [ADD_BUS] = "INSERT INTO buses (name) VALUES (?)",
    [EACH_STATE] = ("SELECT owner, key, bytes FROM states"
                    " WHERE owner <> 'store'" /* that is notice.h's */
                    " ORDER BY owner, key"),
    [KEEP_STATE] = ("INSERT INTO states (owner, key, bytes) VALUES (?, ?, ?)"
                    " ON CONFLICT (owner, key) DO UPDATE SET bytes = excluded.bytes"),
    [DROP_STATE] = "DELETE FROM states WHERE owner = ? AND key = ?",
};

int registry_open(struct registry *r, sqlite3 *db)
{
    r->db = db;
    return statements_prepare(db, sql, r->statements, REGISTRY_STATEMENTS);
}

void registry_close(struct registry *r)
{
    statements_finalize(r->statements, REGISTRY_STATEMENTS);
    r->db = NULL;
}

void registry_forget(struct registry *r)
{
    r->points = text_map_free(r->points);
    r->buses = text_map_free(r->buses);
}

/* Every reload asks for all of them again; a name whose transaction failed may come back
 * with another id.  An id that is no id of a point is refused by who asked. */
static int remember(struct text_map **names, const char *name, int64_t id,
                    struct gw_error *err)
{
    int r = *names ? 0 : text_map_new(64, names);
    if (r == 0 && id < UINT32_MAX)
        r = text_map_set(*names, name, (uint32_t)id);
    return r < 0 ? gw_fail(err, r, "store: out of memory") : 0;
}

static int write_name(void *ctx, const char *name, uint32_t id)
{
    return statement_run(ctx, "it", (int64_t)id, name);
}

static int write_names(const struct text_map *names, sqlite3 *db, const char *text)
{
    sqlite3_stmt *statement = NULL;
    int rc = statements_prepare(db, &text, &statement, 1);
    if (rc == SQLITE_OK && names)
        rc = text_map_each(names, write_name, statement);
    statements_finalize(&statement, 1);
    return rc;
}

int registry_write_names(const struct registry *r, sqlite3 *db, struct gw_error *err)
{
    int rc = sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
    if (rc == SQLITE_OK)
        rc = write_names(r->points, db,
                         "INSERT OR IGNORE INTO points (id, name) VALUES (?, ?)");
    if (rc == SQLITE_OK)
        rc = write_names(r->buses, db,
                         "INSERT OR IGNORE INTO buses (id, name) VALUES (?, ?)");
    if (rc == SQLITE_OK)
        rc = sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
    return rc == SQLITE_OK ? 0 : database_fail(db, rc, "cannot write its names", err);
}

static int add_name(struct registry *r, int statement, const char *name, int64_t *ret,
                    struct gw_error *err)
{
    if (sqlite3_get_autocommit(r->db)) {
        int code = database_execute(r->db, "BEGIN IMMEDIATE", err);
        if (code < 0)
            return code;
    }
    int rc = statement_run(r->statements[statement], "t", name);
    if (rc != SQLITE_OK)
        return database_fail(r->db, rc, "cannot add a name", err);
    *ret = sqlite3_last_insert_rowid(r->db);
    return 0;
}

static int find_or_add(struct registry *r, int find, int add, const char *name,
                       int64_t *ret, struct gw_error *err)
{
    int code = 0;
    sqlite3_stmt *st = r->statements[find];
    int rc = statement_row(st, "t", name);
    int64_t id = rc == SQLITE_ROW ? sqlite3_column_int64(st, 0) : 0;
    (void)sqlite3_reset(st); /* repeats the code of the step */
    if (rc == SQLITE_DONE)
        code = add_name(r, add, name, &id, err);
    else if (rc != SQLITE_ROW)
        code = database_fail(r->db, rc, "cannot look up a name", err);
    if (code == 0)
        code = remember(find == FIND_BUS ? &r->buses : &r->points, name, id, err);
    if (code == 0)
        *ret = id;
    return code;
}

int registry_point(struct registry *r, const char *name, int64_t *ret,
                   struct gw_error *err)
{
    return find_or_add(r, FIND_POINT, ADD_POINT, name, ret, err);
}

int registry_bus(struct registry *r, const char *name, int64_t *ret, struct gw_error *err)
{
    return find_or_add(r, FIND_BUS, ADD_BUS, name, ret, err);
}

int registry_commit(struct registry *r, struct gw_error *err)
{
    if (!r->db || sqlite3_get_autocommit(r->db))
        return 0;
    return database_execute(r->db, "COMMIT", err);
}

int registry_each_state(struct registry *r,
                        void (*each)(void *ctx, const struct gw_state *state), void *ctx,
                        struct gw_error *err)
{
    sqlite3_stmt *st = r->statements[EACH_STATE];
    int rc = statement_row(st, "");
    for (; rc == SQLITE_ROW; rc = sqlite3_step(st)) {
        struct gw_state state = {.owner = statement_text(st, 0),
                                 .key = statement_text(st, 1),
                                 .bytes = sqlite3_column_blob(st, 2),
                                 .size = (size_t)sqlite3_column_bytes(st, 2)};
        if (!state.bytes)
            state.bytes = ""; /* kept without bytes is not removed */
        each(ctx, &state);
    }
    (void)sqlite3_reset(st); /* repeats the code of the step */
    return rc == SQLITE_DONE ? 0
                             : database_fail(r->db, rc, "cannot read kept states", err);
}

int registry_keep(struct registry *r, const struct gw_state *state)
{
    if (!state->bytes)
        return statement_run(r->statements[DROP_STATE], "tt", state->owner, state->key);
    return statement_run(r->statements[KEEP_STATE], "ttb", state->owner, state->key,
                         state->bytes, state->size);
}
