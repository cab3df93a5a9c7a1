#include "store/query.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "store/database.h"
#include "store/history.h"
#include "store/query_parts.h"
#include "store/statement.h"

/* A reader that takes long would hold back the log's checkpoint. */
static const int64_t patience_us = INT64_C(2) * 1000000;
enum { ASK_EVERY_STEPS = 10000, ROWS_MAX = 10000 };

enum { FACT_VALUES_MAX = 64 };

#define TRANSITION_COLUMNS                                                   \
    "SELECT uid, seq, rule, object, severity, from_state, to_state, cause, " \
    "actor, comment, value, time_us, time_quality, mono_us, is_test"
#define TRANSITION TRANSITION_COLUMNS " FROM transitions "
#define NEWEST_FIRST "ORDER BY time_us DESC, number DESC LIMIT ?2"

static const char *const sql[QUERY_STATEMENTS] = {
    [QUERY_HISTORY] =
        "SELECT key, value, quality FROM readings"
        " WHERE key >= ?1 AND key < ?2 AND point = ?3 ORDER BY key LIMIT ?4",
    [QUERY_EVERY_READING] = "SELECT key, value, quality, point FROM readings"
                            " WHERE key >= ?1 AND key < ?2 ORDER BY key",
    [QUERY_STATE] = "SELECT bytes FROM states WHERE owner = ?1 AND key = ?2",
    [QUERY_EVERY_ALARM] = TRANSITION "WHERE time_us < ?1 " NEWEST_FIRST,
    [QUERY_ONE_ALARM] =
        TRANSITION "WHERE time_us < ?1 AND rule = ?3 AND object = ?4 " NEWEST_FIRST,
    [QUERY_SOME_FACTS] = "SELECT number, kind, rule, object, start_us, end_us, time_us,"
                         " completeness FROM facts WHERE time_us < ?1"
                         " AND (?3 IS NULL OR kind = ?3) AND (?4 IS NULL OR object = ?4)"
                         " ORDER BY number DESC LIMIT ?2",
    [QUERY_FIRST_READING] = "SELECT key FROM readings ORDER BY key LIMIT 1",
    [QUERY_PAGE + QUERY_READINGS] =
        "SELECT key, value, quality, point, name FROM readings LEFT JOIN points"
        " ON id = point WHERE key > ?1 AND key < ?2 ORDER BY key LIMIT ?4",
    [QUERY_PAGE + QUERY_TRANSITIONS] =
        TRANSITION_COLUMNS ", number FROM transitions WHERE (time_us, number) > (?1, ?3)"
                           " AND time_us < ?2 ORDER BY time_us, number LIMIT ?4",
    [QUERY_PAGE + QUERY_FACTS] =
        "SELECT number, kind, rule, object, start_us, end_us, time_us, completeness"
        " FROM facts WHERE number > ?3 AND time_us >= ?1 AND time_us < ?2"
        " ORDER BY number LIMIT ?4",
    [QUERY_FACT_VALUES] = "SELECT name, value, text FROM fact_values WHERE fact = ?1"
                          " ORDER BY name",
};

static int is_out_of_patience(void *ctx)
{
    const struct query *q = ctx;
    return clock_machine_us() > q->until_us;
}

int query_open(const char *path, struct query **ret, struct gw_error *err)
{
    struct query *q = calloc(1, sizeof(*q));
    if (!q)
        return gw_fail(err, -ENOMEM, "history: out of memory");
    int r = database_open_reader(path, &q->db, err);
    if (r == 0) {
        int rc = statements_prepare(q->db, sql, q->statements, QUERY_STATEMENTS);
        r = rc == SQLITE_OK ? 0
                            : database_fail(q->db, rc, "cannot read its history", err);
    }
    if (r < 0) {
        query_close(q);
        return r;
    }
    q->until_us = INT64_MAX;
    sqlite3_progress_handler(q->db, ASK_EVERY_STEPS, is_out_of_patience, q);
    *ret = q;
    return 0;
}

struct query *query_close(struct query *q)
{
    if (!q)
        return NULL;
    statements_finalize(q->statements, QUERY_STATEMENTS);
    statements_finalize(q->trend, TREND_STATEMENTS);
    database_close(q->db);
    free(q);
    return NULL;
}

bool query_is_current(const struct query *q)
{
    return !database_has_moved(q->db);
}

static int check_max(size_t max, struct gw_error *err)
{
    if (max >= 1 && max <= ROWS_MAX)
        return 0;
    return gw_fail(err, -EINVAL, "history: %zu rows are outside 1..%d", max, ROWS_MAX);
}

void query_begin(struct query *q)
{
    q->until_us = clock_machine_us() + patience_us;
}

int query_end(struct query *q, int rc, struct gw_error *err)
{
    q->until_us = INT64_MAX;
    if (rc == SQLITE_DONE || rc == SQLITE_ROW)
        return 0;
    if ((rc & 0xFF) == SQLITE_INTERRUPT)
        return gw_fail(err, -ETIME,
                       "history: not found within 2 s; ask for a shorter span");
    return database_fail(q->db, rc, "cannot read its history", err);
}

static int end(struct query *q, sqlite3_stmt *st, int rc, struct gw_error *err)
{
    (void)sqlite3_reset(st); /* repeats the code of the step */
    return query_end(q, rc, err);
}

static struct gw_reading read_reading(sqlite3_stmt *st, uint32_t point)
{
    struct gw_reading reading = {
        .point = point,
        .value = sqlite3_column_type(st, 1) == SQLITE_NULL ? NAN
                                                           : sqlite3_column_double(st, 1),
        .time_us = history_key_time(sqlite3_column_int64(st, 0)),
        .source_us = GW_TIME_NONE,
    };
    history_unpack_quality(sqlite3_column_int(st, 2), &reading);
    return reading;
}

int query_history(struct query *q, uint32_t point, int64_t from_us, int64_t to_us,
                  struct gw_reading *ret, size_t max, size_t *ret_count, bool *ret_more,
                  struct gw_error *err)
{
    int r = check_max(max, err);
    if (r < 0)
        return r;
    sqlite3_stmt *st = q->statements[QUERY_HISTORY];
    query_begin(q);
    int rc = statement_row(st, "iiii", history_key(from_us), history_key(to_us),
                           (int64_t)point, (int64_t)max + 1);
    size_t count = 0;
    for (; rc == SQLITE_ROW && count < max; rc = sqlite3_step(st), count++)
        ret[count] = read_reading(st, point);
    bool has_more = rc == SQLITE_ROW;
    r = end(q, st, rc, err);
    if (r < 0)
        return r;
    *ret_count = count;
    *ret_more = has_more;
    return 0;
}

int query_log_begin(struct query *q, int64_t *ret_us, struct gw_error *err)
{
    sqlite3_stmt *st = q->statements[QUERY_FIRST_READING];
    int rc = statement_row(st, "");
    int64_t begin_us =
        rc == SQLITE_ROW ? history_key_time(sqlite3_column_int64(st, 0)) : GW_TIME_NONE;
    int r = end(q, st, rc, err);
    if (r == 0)
        *ret_us = begin_us;
    return r;
}

int query_each_reading(struct query *q, const struct query_span *span,
                       void (*each)(void *ctx, const struct gw_reading *reading),
                       void *ctx, struct gw_error *err)
{
    sqlite3_stmt *st = q->statements[QUERY_EVERY_READING];
    int rc =
        statement_row(st, "ii", history_key(span->from_us), history_key(span->until_us));
    for (; rc == SQLITE_ROW; rc = sqlite3_step(st)) {
        if (!(span->eras >> history_key_era(sqlite3_column_int64(st, 0)) & 1))
            continue;
        uint32_t point = (uint32_t)sqlite3_column_int64(st, 3);
        struct gw_reading reading = read_reading(st, point);
        each(ctx, &reading);
    }
    return end(q, st, rc, err);
}

int query_state(struct query *q, const char *owner, const char *key,
                void (*each)(void *ctx, const struct gw_state *state), void *ctx,
                struct gw_error *err)
{
    sqlite3_stmt *st = q->statements[QUERY_STATE];
    int rc = statement_row(st, "tt", owner, key);
    if (rc == SQLITE_ROW)
        each(ctx, &(struct gw_state){.owner = owner,
                                     .key = key,
                                     .bytes = sqlite3_column_blob(st, 0),
                                     .size = (size_t)sqlite3_column_bytes(st, 0)});
    return end(q, st, rc, err);
}

static void copy_text(char *ret, size_t size, sqlite3_stmt *st, int column)
{
    (void)snprintf(ret, size, "%s", statement_text(st, column)); /* was as short before */
}

static void read_transition(sqlite3_stmt *st, struct gw_transition *ret)
{
    *ret = (struct gw_transition){
        .uid = (uint64_t)sqlite3_column_int64(st, 0),
        .seq = (uint32_t)sqlite3_column_int64(st, 1),
        .severity = (enum gw_severity)sqlite3_column_int(st, 4),
        .from = (enum gw_alarm_state)sqlite3_column_int(st, 5),
        .to = (enum gw_alarm_state)sqlite3_column_int(st, 6),
        .value = sqlite3_column_type(st, 10) == SQLITE_NULL
                     ? NAN
                     : sqlite3_column_double(st, 10),
        .time_us = sqlite3_column_int64(st, 11),
        .time_quality = (enum gw_time_quality)sqlite3_column_int(st, 12),
        .mono_us = sqlite3_column_int64(st, 13),
        .is_test = sqlite3_column_int(st, 14) != 0,
    };
    copy_text(ret->rule, sizeof(ret->rule), st, 2);
    copy_text(ret->object, sizeof(ret->object), st, 3);
    copy_text(ret->cause, sizeof(ret->cause), st, 7);
    copy_text(ret->actor, sizeof(ret->actor), st, 8);
    copy_text(ret->comment, sizeof(ret->comment), st, 9);
}

int query_transitions(struct query *q, const char *alarm_id, int64_t before_us,
                      struct gw_transition *ret, size_t max, size_t *ret_count,
                      struct gw_error *err)
{
    int r = check_max(max, err);
    if (r < 0)
        return r;
    char rule[2 * GW_ID_MAX] = "";
    const char *at = alarm_id ? strchr(alarm_id, '@') : NULL;
    if (alarm_id && (!at || strlen(alarm_id) >= sizeof(rule)))
        return gw_fail(err, -EINVAL, "history: '%s' is not an alarm's id (RULE@OBJECT)",
                       alarm_id);
    if (at)
        (void)snprintf(rule, sizeof(rule), "%.*s", (int)(at - alarm_id), alarm_id);
    sqlite3_stmt *st = q->statements[at ? QUERY_ONE_ALARM : QUERY_EVERY_ALARM];
    query_begin(q);
    int rc = at ? statement_row(st, "iitt", before_us, (int64_t)max, rule, at + 1)
                : statement_row(st, "ii", before_us, (int64_t)max);
    size_t count = 0;
    for (; rc == SQLITE_ROW && count < max; rc = sqlite3_step(st), count++)
        read_transition(st, &ret[count]);
    r = end(q, st, rc, err);
    if (r < 0)
        return r;
    *ret_count = count;
    return 0;
}

static double number_of(sqlite3_stmt *st, int column)
{
    return sqlite3_column_type(st, column) == SQLITE_NULL
               ? (double)NAN
               : sqlite3_column_double(st, column);
}

static const char *text_of(sqlite3_stmt *st, int column)
{
    return sqlite3_column_type(st, column) == SQLITE_NULL ? NULL
                                                          : statement_text(st, column);
}

/* The values of fact @number into @ret, in @arena.  returns SQLite's code */
static int read_values(struct query *q, int64_t number, struct arena *arena,
                       struct gw_fact_value *ret, size_t *ret_count)
{
    sqlite3_stmt *st = q->statements[QUERY_FACT_VALUES];
    int rc = statement_row(st, "i", number);
    *ret_count = 0;
    for (; rc == SQLITE_ROW && *ret_count < FACT_VALUES_MAX; rc = sqlite3_step(st)) {
        const char *text = text_of(st, 2);
        struct gw_fact_value *value = &ret[(*ret_count)++];
        *value = (struct gw_fact_value){
            .name = arena_string(arena, statement_text(st, 0)),
            .value = number_of(st, 1),
            .text = text ? arena_string(arena, text) : NULL,
        };
        if (!value->name || (text && !value->text))
            rc = SQLITE_NOMEM;
        if (rc == SQLITE_NOMEM)
            break;
    }
    (void)sqlite3_reset(st); /* repeats the code of the step */
    return rc == SQLITE_DONE ? SQLITE_ROW : rc;
}

static int read_fact(struct query *q, sqlite3_stmt *st,
                     void (*each)(void *ctx, const struct gw_fact *fact), void *ctx)
{
    struct gw_fact_value values[FACT_VALUES_MAX];
    struct arena *arena = NULL;
    size_t count = 0;
    if (arena_new(&arena) < 0)
        return SQLITE_NOMEM;
    int rc = read_values(q, sqlite3_column_int64(st, 0), arena, values, &count);
    const struct gw_fact fact = {
        .kind = statement_text(st, 1),
        .rule = text_of(st, 2),
        .object = statement_text(st, 3),
        .start_us = sqlite3_column_int64(st, 4),
        .end_us = sqlite3_column_int64(st, 5),
        .time_us = sqlite3_column_int64(st, 6),
        .completeness = number_of(st, 7),
        .values = values,
        .count = count,
    };
    if (rc == SQLITE_ROW)
        each(ctx, &fact);
    arena_free(arena);
    return rc;
}

int query_facts(struct query *q, const struct query_fact_filter *filter,
                void (*each)(void *ctx, const struct gw_fact *fact), void *ctx,
                struct gw_error *err)
{
    int r = check_max(filter->max, err);
    if (r < 0)
        return r;
    sqlite3_stmt *st = q->statements[QUERY_SOME_FACTS];
    query_begin(q);
    int rc = statement_row(st, "iitt", filter->before_us, (int64_t)filter->max,
                           filter->kind, filter->object);
    while (rc == SQLITE_ROW) {
        rc = read_fact(q, st, each, ctx);
        if (rc == SQLITE_ROW)
            rc = sqlite3_step(st);
    }
    return end(q, st, rc, err);
}

/* --- pages ---------------------------------------------------------------------- */

/* telling - the rows of one page. */
struct telling {
    struct query *query;
    struct query_cursor *cursor;
    void (*each)(void *ctx, const struct query_row *row);
    void *ctx;
};

static int tell_reading(struct telling *t, sqlite3_stmt *st)
{
    const struct gw_reading reading =
        read_reading(st, (uint32_t)sqlite3_column_int64(st, 3));
    t->cursor->at = sqlite3_column_int64(st, 0);
    t->each(t->ctx,
            &(struct query_row){.reading = &reading, .name = statement_text(st, 4)});
    return SQLITE_ROW;
}

static int tell_transition(struct telling *t, sqlite3_stmt *st)
{
    struct gw_transition transition;
    read_transition(st, &transition);
    t->cursor->at = transition.time_us;
    t->cursor->number = sqlite3_column_int64(st, 15);
    t->each(t->ctx, &(struct query_row){.transition = &transition});
    return SQLITE_ROW;
}

static void pass_fact(void *ctx, const struct gw_fact *fact)
{
    const struct telling *t = ctx;
    t->each(t->ctx, &(struct query_row){.fact = fact});
}

static int tell_fact(struct telling *t, sqlite3_stmt *st)
{
    t->cursor->number = sqlite3_column_int64(st, 0);
    return read_fact(t->query, st, pass_fact, t);
}

static void begin_page(enum query_kind kind, struct query_cursor *cursor)
{
    if (cursor->is_begun)
        return;
    cursor->is_begun = true;
    cursor->at =
        kind == QUERY_READINGS ? history_key(cursor->from_us) - 1 : cursor->from_us;
    cursor->number = 0;
}

int query_page(struct query *q, enum query_kind kind, struct query_cursor *cursor,
               size_t max, void (*each)(void *ctx, const struct query_row *row),
               void *ctx, struct gw_error *err)
{
    static int (*const tell[])(struct telling * t, sqlite3_stmt * st) = {
        [QUERY_READINGS] = tell_reading,
        [QUERY_TRANSITIONS] = tell_transition,
        [QUERY_FACTS] = tell_fact,
    };
    struct telling t = {.query = q, .cursor = cursor, .each = each, .ctx = ctx};
    int r = check_max(max, err);
    if (r < 0)
        return r;
    begin_page(kind, cursor);
    int64_t until =
        kind == QUERY_READINGS ? history_key(cursor->until_us) : cursor->until_us;
    sqlite3_stmt *st = q->statements[QUERY_PAGE + kind];
    query_begin(q);
    int rc = statement_row(st, "iiii", cursor->at, until, cursor->number, (int64_t)max);
    size_t count = 0;
    while (rc == SQLITE_ROW) {
        rc = tell[kind](&t, st);
        count++;
        if (rc == SQLITE_ROW)
            rc = sqlite3_step(st);
    }
    r = end(q, st, rc, err);
    cursor->is_done = r == 0 && count < max;
    return r;
}
