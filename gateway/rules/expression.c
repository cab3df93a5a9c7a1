#include "rules/expression.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct expressions {
    sqlite3 *db;
};

struct expression {
    sqlite3_stmt *statement; /* SELECT (when), (clear) */
    bool asks_null;
};

/* Source: SQLite "Run-Time Limits"; far above what EXPRESSION_TEXT_MAX can make. */
static const struct {
    int id;
    int value;
} limits[] = {
    {SQLITE_LIMIT_LENGTH, 16384},
    {SQLITE_LIMIT_SQL_LENGTH, 3 * EXPRESSION_SQL_MAX},
    {SQLITE_LIMIT_COLUMN, 4},
    {SQLITE_LIMIT_EXPR_DEPTH, 100},
    {SQLITE_LIMIT_COMPOUND_SELECT, 1},
    {SQLITE_LIMIT_VDBE_OP, 4000},
    {SQLITE_LIMIT_FUNCTION_ARG, 16},
    {SQLITE_LIMIT_ATTACHED, 0},
    {SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1},
    {SQLITE_LIMIT_VARIABLE_NUMBER, EXPRESSION_NAMES_MAX},
    {SQLITE_LIMIT_TRIGGER_DEPTH, 0},
    {SQLITE_LIMIT_WORKER_THREADS, 0},
};

static int authorize(void *ctx, int action, const char *a, const char *function,
                     const char *database, const char *trigger)
{
    (void)ctx;
    (void)a;
    (void)database;
    (void)trigger;
    if (action == SQLITE_SELECT)
        return SQLITE_OK;
    bool is_allowed =
        action == SQLITE_FUNCTION && function && expression_is_function(function);
    return is_allowed ? SQLITE_OK : SQLITE_DENY;
}

int expressions_new(struct expressions **ret, struct gw_error *err)
{
    struct expressions *x = calloc(1, sizeof(*x));
    if (!x)
        return gw_fail(err, -ENOMEM, "rules: out of memory");
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_MEMORY
                | SQLITE_OPEN_NOMUTEX;
    if (sqlite3_open_v2(":memory:", &x->db, flags, NULL) != SQLITE_OK) {
        int r = gw_fail(err, -ENOMEM, "rules: cannot open SQLite in memory: %s",
                        sqlite3_errmsg(x->db));
        expressions_free(x);
        return r;
    }
    for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++)
        (void)sqlite3_limit(x->db, limits[i].id, limits[i].value); /* the old value */
    (void)sqlite3_set_authorizer(x->db, authorize, NULL);          /* cannot fail */
    *ret = x;
    return 0;
}

struct expressions *expressions_free(struct expressions *x)
{
    if (x)
        (void)sqlite3_close(x->db); /* all statements are finalized */
    free(x);
    return NULL;
}

static const char prefix[] = "SELECT (";

/* The offset in the text of what stands at @at in "SELECT (" and @sql. */
static size_t text_offset(const struct expression_sql *sql, int at)
{
    size_t offset = 0;
    for (size_t i = 0; i < sql->place_count && at >= 0; i++)
        if (sql->places[i].sql + sizeof(prefix) - 1 <= (size_t)at)
            offset = sql->places[i].text;
    return offset;
}

/* One part alone, so that SQLite's complaint has its place in the text. */
static int part_check(struct expressions *x, const struct expression_sql *part,
                      struct expression_fault *fault)
{
    char sql[EXPRESSION_SQL_MAX + 16];
    sqlite3_stmt *statement = NULL;
    (void)snprintf(sql, sizeof(sql), "%s%s)", prefix, part->sql);
    int r = sqlite3_prepare_v2(x->db, sql, -1, &statement, NULL);
    if (r != SQLITE_OK) {
        fault->offset = text_offset(part, sqlite3_error_offset(x->db));
        (void)snprintf(fault->text, sizeof(fault->text),
                       "%s (allowed: a condition such "
                       "as lux < 300 and occ >= 5)",
                       sqlite3_errmsg(x->db));
    }
    (void)sqlite3_finalize(statement); /* repeats r */
    if (r == SQLITE_NOMEM)
        return -ENOMEM;
    return r == SQLITE_OK ? 0 : -EINVAL;
}

int expression_new(struct expressions *x, const struct expression_sql *when,
                   const struct expression_sql *clear, struct expression **ret,
                   struct expression_fault *fault, bool *ret_is_clear)
{
    *ret_is_clear = false;
    int r = part_check(x, when, fault);
    if (r < 0)
        return r;
    *ret_is_clear = clear != NULL;
    r = clear ? part_check(x, clear, fault) : 0;
    if (r < 0)
        return r;

    char sql[2 * EXPRESSION_SQL_MAX + 32];
    (void)snprintf(sql, sizeof(sql), "%s%s), %s(%s)", prefix, when->sql,
                   clear ? "" : "not ", clear ? clear->sql : when->sql);
    struct expression *e = calloc(1, sizeof(*e));
    if (!e)
        return -ENOMEM;
    r = sqlite3_prepare_v3(x->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &e->statement,
                           NULL);
    if (r != SQLITE_OK) {
        (void)snprintf(fault->text, sizeof(fault->text), "%s", sqlite3_errmsg(x->db));
        expression_free(e);
        return r == SQLITE_NOMEM ? -ENOMEM : -EINVAL;
    }
    e->asks_null = when->asks_null || (clear && clear->asks_null);
    *ret = e;
    return 0;
}

struct expression *expression_free(struct expression *e)
{
    if (e)
        (void)sqlite3_finalize(e->statement); /* repeats the last step's result */
    free(e);
    return NULL;
}

bool expression_asks_null(const struct expression *e)
{
    return e->asks_null;
}

static enum verdict column_verdict(sqlite3_stmt *statement, int column)
{
    if (sqlite3_column_type(statement, column) == SQLITE_NULL)
        return VERDICT_UNKNOWN;
    return sqlite3_column_double(statement, column) != 0 ? VERDICT_TRUE : VERDICT_FALSE;
}

void expression_evaluate(struct expression *e, const double *values, size_t count,
                         enum verdict *ret_when, enum verdict *ret_clear)
{
    *ret_when = VERDICT_UNKNOWN;
    *ret_clear = VERDICT_UNKNOWN;
    for (size_t i = 0; i < count;
         i++) /* NAN is bound as NULL; an unused one has no place */
        (void)sqlite3_bind_double(e->statement, (int)i + 1, values[i]);
    if (sqlite3_step(e->statement) == SQLITE_ROW) {
        *ret_when = column_verdict(e->statement, 0);
        *ret_clear = column_verdict(e->statement, 1);
    }
    (void)sqlite3_reset(e->statement); /* a failed step is "unknown" already */
}
