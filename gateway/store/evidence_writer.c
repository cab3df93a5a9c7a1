#include "store/evidence_writer.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "store/outbox_key.h"
#include "store/outbox_statements.h"
#include "store/statement.h"

enum {
    NOTE_FACT,
    NEXT_MONTH,
    MONTH_FACTS,
    LATE_FACTS,
    LAST_FILE,
    ADD_FILE,
    FORGET_MONTH,
    FORGET_LATE,
};

#define SELECT_FACTS                                                                \
    "SELECT f.month, f.day, f.fact, f.revision, f.completeness, f.digest, e.epoch," \
    " f.key & ((1 << 48) - 1) FROM evidence_facts f"                                \
    " JOIN epochs e ON e.number = f.key >> 48"
#define LATE "month IN (SELECT month FROM evidence_files)"

static const char *const sql[EVIDENCE_STATEMENTS] = {
    [NOTE_FACT] = "INSERT OR REPLACE INTO evidence_facts VALUES (?, ?, ?, ?, ?, ?, ?)",
    [NEXT_MONTH] = "SELECT min(month) FROM evidence_facts WHERE month < ? AND NOT " LATE,
    [MONTH_FACTS] = SELECT_FACTS " WHERE f.month = ? ORDER BY f.key",
    [LATE_FACTS] = SELECT_FACTS " WHERE f." LATE " ORDER BY f.key LIMIT ?",
    [LAST_FILE] = "SELECT month, digest, public_key FROM evidence_files"
                  " ORDER BY number DESC LIMIT 1",
    [ADD_FILE] = "INSERT INTO evidence_files SELECT ?, coalesce(max(number), 0) + 1, ?, ?"
                 " FROM evidence_files",
    [FORGET_MONTH] = "DELETE FROM evidence_facts WHERE month = ?",
    [FORGET_LATE] = "DELETE FROM evidence_facts WHERE key IN (SELECT key FROM"
                    " evidence_facts WHERE " LATE " ORDER BY key LIMIT ?)",
};

/* fact_list - grows as rows are read. */
struct fact_list {
    struct evidence_fact *items;
    size_t count;
    size_t room;
};

int evidence_writer_open(struct evidence_writer *e, sqlite3 *db)
{
    return statements_prepare(db, sql, e->statements, EVIDENCE_STATEMENTS);
}

void evidence_writer_close(struct evidence_writer *e)
{
    statements_finalize(e->statements, EVIDENCE_STATEMENTS);
}

/* What the county's own encoder wrote can be read: else it is no evidence. */
int evidence_note(struct evidence_writer *e, int64_t key, const char *body)
{
    struct evidence_fact fact;
    if (evidence_fact_read(body, strlen(body), &fact) < 0)
        return SQLITE_OK;
    return statement_run(e->statements[NOTE_FACT], "iiitidb", key, (int64_t)fact.month,
                         (int64_t)fact.day, fact.key, (int64_t)fact.revision,
                         fact.completeness, fact.digest, sizeof(fact.digest));
}

static void copy_blob(sqlite3_stmt *st, int column, unsigned char *ret, size_t size)
{
    const void *bytes = sqlite3_column_blob(st, column);
    if (bytes && sqlite3_column_bytes(st, column) == (int)size)
        memcpy(ret, bytes, size);
}

static int add_fact(sqlite3_stmt *st, struct fact_list *list)
{
    if (list->count == list->room) {
        size_t room = list->room ? 2 * list->room : 256;
        struct evidence_fact *items = realloc(list->items, room * sizeof(*items));
        if (!items)
            return SQLITE_NOMEM;
        list->items = items;
        list->room = room;
    }
    struct evidence_fact *fact = &list->items[list->count++];
    *fact = (struct evidence_fact){
        .month = sqlite3_column_int(st, 0),
        .day = sqlite3_column_int(st, 1),
        .revision = (uint32_t)sqlite3_column_int64(st, 3),
        .completeness = sqlite3_column_double(st, 4),
        .epoch = (uint64_t)sqlite3_column_int64(st, 6),
        .seq = (uint64_t)sqlite3_column_int64(st, 7),
    };
    text_copy(fact->key, sizeof(fact->key), statement_text(st, 2));
    copy_blob(st, 5, fact->digest, sizeof(fact->digest));
    return SQLITE_ROW;
}

static int read_facts(sqlite3_stmt *st, int64_t bound, struct fact_list *ret)
{
    int rc = statement_row(st, "i", bound);
    while (rc == SQLITE_ROW) {
        rc = add_fact(st, ret);
        if (rc == SQLITE_ROW)
            rc = sqlite3_step(st);
    }
    (void)sqlite3_reset(st); /* repeats the code of the step */
    return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

/* SQLITE_ROW, or SQLITE_DONE: this will be the first. */
static int read_last_file(sqlite3_stmt *st, struct evidence_file *ret)
{
    int rc = statement_row(st, "");
    if (rc == SQLITE_ROW) {
        ret->month = sqlite3_column_int(st, 0);
        copy_blob(st, 1, ret->digest, sizeof(ret->digest));
        copy_blob(st, 2, ret->public_key, sizeof(ret->public_key));
    }
    (void)sqlite3_reset(st); /* repeats the code of the step */
    return rc;
}

/* SQLITE_ROW and *ret, or SQLITE_DONE: there is none. */
static int find_month(sqlite3_stmt *st, int32_t before, int32_t *ret)
{
    int rc = statement_row(st, "i", (int64_t)before);
    if (rc == SQLITE_ROW && sqlite3_column_type(st, 0) == SQLITE_NULL)
        rc = SQLITE_DONE;
    else if (rc == SQLITE_ROW)
        *ret = sqlite3_column_int(st, 0);
    (void)sqlite3_reset(st); /* repeats the code of the step */
    return rc;
}

/* The file leaves, and what stands in it waits no more. */
static int write_file(struct outbox_writer *o, const char *body,
                      const struct evidence_file *file)
{
    sqlite3_stmt *const *st = o->evidence.statements;
    int rc = outbox_insert(o, STORE_DROPPED, OUTBOX_EVIDENCE, body);
    if (rc == SQLITE_OK)
        rc = statement_run(st[FORGET_LATE], "i", (int64_t)EVIDENCE_LATE_MAX);
    if (rc == SQLITE_OK)
        rc = statement_run(st[FORGET_MONTH], "i", (int64_t)file->month);
    if (rc == SQLITE_OK)
        rc = statement_run(st[ADD_FILE], "ibb", (int64_t)file->month, file->digest,
                           sizeof(file->digest), file->public_key,
                           sizeof(file->public_key));
    return rc;
}

/* SQLITE_ROW: made; SQLITE_DONE: it cannot be, now. */
static int seal(struct outbox_writer *o, int32_t month, const struct fact_list *facts,
                const struct fact_list *late, const struct store_ops *ops)
{
    struct evidence_file previous = {0};
    struct evidence_file file = {.month = month};
    int rc = read_last_file(o->evidence.statements[LAST_FILE], &previous);
    if (rc != SQLITE_ROW && rc != SQLITE_DONE)
        return rc;
    const struct evidence_month content = {
        .month = month,
        .facts = facts->items,
        .count = facts->count,
        .late = late->items,
        .late_count = late->count,
        .previous = rc == SQLITE_ROW ? &previous : NULL,
    };
    char *body = ops->seal(ops->ctx, &content, o->epoch, o->count.seq + 1, &file);
    if (!body)
        return SQLITE_DONE;
    rc = write_file(o, body, &file);
    free(body);
    return rc == SQLITE_OK ? SQLITE_ROW : rc;
}

static int make_next(struct outbox_writer *o, int32_t before, const struct store_ops *ops)
{
    sqlite3_stmt *const *st = o->evidence.statements;
    struct fact_list facts = {0};
    struct fact_list late = {0};
    int32_t month = 0;
    int rc = find_month(st[NEXT_MONTH], before, &month);
    if (rc != SQLITE_ROW)
        return rc;
    rc = read_facts(st[MONTH_FACTS], month, &facts);
    if (rc == SQLITE_OK)
        rc = read_facts(st[LATE_FACTS], EVIDENCE_LATE_MAX, &late);
    if (rc == SQLITE_OK)
        rc = seal(o, month, &facts, &late, ops);
    free(facts.items);
    free(late.items);
    return rc;
}

int evidence_make(struct outbox_writer *o, const struct gw_month_end *end,
                  const struct store_ops *ops)
{
    int rc = ops->seal ? SQLITE_ROW : SQLITE_DONE;
    while (rc == SQLITE_ROW)
        rc = make_next(o, end->month, ops);
    return rc == SQLITE_DONE ? SQLITE_OK : rc;
}
