#include "store/past.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "store/database.h"
#include "store/history.h"
#include "store/query.h"
#include "store/statement.h"

/* At 200 readings/s a slice is read and judged within a second. */
#define SLICE_US (INT64_C(300) * 1000000)

enum { POINT, FIRST, LAST, NEXT, TRANSITIONS, FACTS, STATES, SUMMARY, STATEMENTS };

static const char *const sql[STATEMENTS] = {
    [POINT] = "SELECT id FROM points WHERE name = ?1",
    [FIRST] = "SELECT min(key) FROM readings",
    [LAST] = "SELECT max(key) FROM readings",
    [NEXT] = "SELECT min(key) FROM readings WHERE key >= ?1",
    [TRANSITIONS] = "SELECT object, from_state, to_state, cause, actor, value, time_us"
                    " FROM transitions WHERE rule = ?1 AND time_us < ?2"
                    " ORDER BY time_us, number",
    [FACTS] = "SELECT object, time_us FROM facts WHERE rule = ?1 AND time_us < ?2"
              " ORDER BY time_us, number",
    [STATES] = "SELECT key, bytes FROM states WHERE owner = ?1 ORDER BY key",
    [SUMMARY] = "SELECT 1 FROM summaries JOIN summary_items ON summary = number"
                " WHERE object = ?1 AND metric = ?2 AND start_us >= ?3 AND start_us < ?4"
                " LIMIT 1",
};

/* log: the same file once more, for what a start reads of it too. */
struct past {
    sqlite3 *db;
    struct query *log;
    sqlite3_stmt *statements[STATEMENTS];
};

int past_open(const char *path, struct past **ret, struct gw_error *err)
{
    struct past *p = calloc(1, sizeof(*p));
    if (!p)
        return gw_fail(err, -ENOMEM, "history: out of memory");
    int r = database_open_reader(path, &p->db, err);
    if (r == 0) {
        int rc = statements_prepare(p->db, sql, p->statements, STATEMENTS);
        r = rc == SQLITE_OK ? 0
                            : database_fail(p->db, rc, "cannot read its history", err);
    }
    if (r == 0)
        r = query_open(path, &p->log, err);
    if (r < 0) {
        past_close(p);
        return r;
    }
    *ret = p;
    return 0;
}

struct past *past_close(struct past *p)
{
    if (!p)
        return NULL;
    statements_finalize(p->statements, STATEMENTS);
    query_close(p->log);
    database_close(p->db);
    free(p);
    return NULL;
}

/* Ends @which after its last step gave @rc. */
static int end(struct past *p, int which, int rc, struct gw_error *err)
{
    (void)sqlite3_reset(p->statements[which]); /* repeats the code of the step */
    if (rc == SQLITE_DONE || rc == SQLITE_ROW)
        return 0;
    return database_fail(p->db, rc, "cannot read its history", err);
}

int past_point(struct past *p, const char *name, uint32_t *ret, struct gw_error *err)
{
    sqlite3_stmt *st = p->statements[POINT];
    int rc = statement_row(st, "t", name);
    if (rc == SQLITE_ROW)
        *ret = (uint32_t)sqlite3_column_int64(st, 0);
    int r = end(p, POINT, rc, err);
    return r < 0 || rc == SQLITE_ROW ? r : -ENOENT;
}

static int read_time(struct past *p, int which, int rc, int64_t *ret_us,
                     struct gw_error *err)
{
    sqlite3_stmt *st = p->statements[which];
    bool is_there = rc == SQLITE_ROW && sqlite3_column_type(st, 0) == SQLITE_INTEGER;
    if (is_there)
        *ret_us = history_key_time(sqlite3_column_int64(st, 0));
    int r = end(p, which, rc, err);
    return r < 0 || is_there ? r : -ENOENT;
}

int past_span(struct past *p, int64_t *ret_first_us, int64_t *ret_last_us,
              struct gw_error *err)
{
    int rc = statement_row(p->statements[FIRST], "");
    int r = read_time(p, FIRST, rc, ret_first_us, err);
    if (r < 0)
        return r;
    rc = statement_row(p->statements[LAST], "");
    return read_time(p, LAST, rc, ret_last_us, err);
}

int past_each_reading(struct past *p, int64_t from_us, int64_t to_us,
                      void (*each)(void *ctx, const struct gw_reading *reading),
                      void *ctx, struct gw_error *err)
{
    int r = 0;
    while (r == 0 && from_us < to_us) {
        int rc = statement_row(p->statements[NEXT], "i", history_key(from_us));
        r = read_time(p, NEXT, rc, &from_us, err); /* what is empty is not walked */
        int64_t until_us = to_us - from_us > SLICE_US ? from_us + SLICE_US : to_us;
        if (r == 0 && from_us < to_us)
            r = query_each_reading(
                p->log, &(struct query_span){from_us, until_us, QUERY_EVERY_ERA}, each,
                ctx, err);
        from_us = until_us;
    }
    return r == -ENOENT ? 0 : r;
}

static void copy_text(char *ret, size_t size, sqlite3_stmt *st, int column)
{
    (void)snprintf(ret, size, "%s", statement_text(st, column)); /* was as short before */
}

int past_each_transition(struct past *p, const char *rule, int64_t to_us,
                         void (*each)(void *ctx, const struct gw_transition *t),
                         void *ctx, struct gw_error *err)
{
    sqlite3_stmt *st = p->statements[TRANSITIONS];
    int rc = statement_row(st, "ti", rule, to_us);
    for (; rc == SQLITE_ROW; rc = sqlite3_step(st)) {
        bool has_value = sqlite3_column_type(st, 5) != SQLITE_NULL;
        struct gw_transition t = {
            .from = (enum gw_alarm_state)sqlite3_column_int(st, 1),
            .to = (enum gw_alarm_state)sqlite3_column_int(st, 2),
            .value = has_value ? sqlite3_column_double(st, 5) : (double)NAN,
            .time_us = sqlite3_column_int64(st, 6),
        };
        (void)snprintf(t.rule, sizeof(t.rule), "%s", rule); /* was as short before */
        copy_text(t.object, sizeof(t.object), st, 0);
        copy_text(t.cause, sizeof(t.cause), st, 3);
        copy_text(t.actor, sizeof(t.actor), st, 4);
        each(ctx, &t);
    }
    return end(p, TRANSITIONS, rc, err);
}

int past_each_fact(struct past *p, const char *rule, int64_t to_us,
                   void (*each)(void *ctx, const char *object, int64_t time_us),
                   void *ctx, struct gw_error *err)
{
    sqlite3_stmt *st = p->statements[FACTS];
    int rc = statement_row(st, "ti", rule, to_us);
    for (; rc == SQLITE_ROW; rc = sqlite3_step(st))
        each(ctx, statement_text(st, 0), sqlite3_column_int64(st, 1));
    return end(p, FACTS, rc, err);
}

int past_each_state(struct past *p, const char *owner,
                    void (*each)(void *ctx, const struct gw_state *state), void *ctx,
                    struct gw_error *err)
{
    sqlite3_stmt *st = p->statements[STATES];
    int rc = statement_row(st, "t", owner);
    for (; rc == SQLITE_ROW; rc = sqlite3_step(st))
        each(ctx, &(struct gw_state){.owner = owner,
                                     .key = statement_text(st, 0),
                                     .bytes = sqlite3_column_blob(st, 1),
                                     .size = (size_t)sqlite3_column_bytes(st, 1)});
    return end(p, STATES, rc, err);
}

int past_has_summary(struct past *p, const char *object, const char *metric,
                     int64_t from_us, int64_t to_us, struct gw_error *err)
{
    int rc =
        statement_row(p->statements[SUMMARY], "ttii", object, metric, from_us, to_us);
    int r = end(p, SUMMARY, rc, err);
    return r < 0 ? r : rc == SQLITE_ROW;
}
