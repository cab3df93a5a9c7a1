#include "store/outbox.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "store/database.h"
#include "store/outbox_key.h"
#include "store/statement.h"

enum {
    FIND_EPOCH,
    NEXT_ANY,
    NEXT_ALARM,
    NEXT_OTHER,
    GET,
    LAST_ROW,
    RANGE_END,
    STATEMENTS,
};

#define ROW "SELECT o.key, o.priority, o.kind, o.body, e.epoch FROM outbox o"
#define EPOCH " JOIN epochs e ON e.number = o.key >> 48"

static const char *const sql[STATEMENTS] = {
    [FIND_EPOCH] = OUTBOX_EPOCH_SQL,
    [NEXT_ANY] = ROW EPOCH " WHERE o.key > ? ORDER BY o.key LIMIT 1",
    [NEXT_ALARM] = ROW " INDEXED BY outbox_alarms" EPOCH
                       " WHERE o.key > ? AND o.priority = 0 ORDER BY o.key LIMIT 1",
    [NEXT_OTHER] = ROW EPOCH " WHERE o.key > ? AND o.priority > 0 ORDER BY o.key LIMIT 1",
    [GET] = ROW EPOCH " WHERE o.key = ?",
    [LAST_ROW] = "SELECT e.epoch, p.seq FROM epochs e, progress p"
                 " ORDER BY e.number DESC LIMIT 1",
    [RANGE_END] = "SELECT last FROM acknowledged WHERE first <= ? ORDER BY first DESC"
                  " LIMIT 1",
};

static const char *const kind_names[OUTBOX_KINDS] = {
    [OUTBOX_ALARM] = "alarm",
    [OUTBOX_SUMMARY] = "summary",
    [OUTBOX_EVIDENCE] = "evidence",
    [OUTBOX_TELEMETRY] = "telemetry",
};

struct outbox {
    sqlite3 *db;
    sqlite3_stmt *statements[STATEMENTS];
    char *path;
    char *body; /* of the last row; the statement itself would hold back checkpoints */
    size_t room;
};

static int connect(struct outbox *o, struct gw_error *err)
{
    int r = database_open_reader(o->path, &o->db, err);
    if (r < 0)
        return r;
    int rc = statements_prepare(o->db, sql, o->statements, STATEMENTS);
    return rc == SQLITE_OK ? 0 : database_fail(o->db, rc, "cannot read its outbox", err);
}

static void disconnect(struct outbox *o)
{
    statements_finalize(o->statements, STATEMENTS);
    o->db = database_close(o->db);
}

int outbox_open(const char *path, struct outbox **ret, struct gw_error *err)
{
    struct outbox *o = calloc(1, sizeof(*o));
    if (!o)
        return gw_fail(err, -ENOMEM, "outbox: out of memory");
    o->path = strdup(path);
    if (!o->path) {
        outbox_close(o);
        return gw_fail(err, -ENOMEM, "outbox: out of memory");
    }
    *ret = o;
    return 0;
}

struct outbox *outbox_close(struct outbox *o)
{
    if (!o)
        return NULL;
    disconnect(o);
    free(o->path);
    free(o->body);
    free(o);
    return NULL;
}

/* Connects where there is no connection.  A broken file gives way to a new one of the
 * same name. */
static int check_place(struct outbox *o, struct gw_error *err)
{
    if (o->db && !database_has_moved(o->db))
        return 0;
    bool is_new = o->db != NULL;
    disconnect(o);
    int r = connect(o, err);
    if (r < 0) {
        disconnect(o);
        return r;
    }
    return is_new ? gw_fail(err, -ESTALE, "outbox: another database took its place") : 0;
}

/* What is broken is read from the disk anew next time, not from this memory; and the log
 * that was read may have given way to another. */
static int fail(struct outbox *o, int rc, struct gw_error *err)
{
    int r = database_fail(o->db, rc, "cannot read its outbox", err);
    if (r == -EUCLEAN)
        (void)sqlite3_db_release_memory(o->db);
    if (r == -EIO)
        disconnect(o);
    return r;
}

static int copy_row(struct outbox *o, sqlite3_stmt *st, struct outbox_row *ret)
{
    const char *body = statement_text(st, 3);
    size_t size = (size_t)sqlite3_column_bytes(st, 3);
    if (size + 1 > o->room) {
        char *wider = realloc(o->body, size + 1);
        if (!wider)
            return SQLITE_NOMEM;
        o->body = wider;
        o->room = size + 1;
    }
    memcpy(o->body, body, size);
    o->body[size] = '\0';
    int kind = sqlite3_column_int(st, 2);
    *ret = (struct outbox_row){
        .epoch = (uint64_t)sqlite3_column_int64(st, 4),
        .seq = outbox_key_seq(sqlite3_column_int64(st, 0)),
        .priority = sqlite3_column_int(st, 1),
        .kind = kind >= 0 && kind < OUTBOX_KINDS ? kind_names[kind] : "unknown",
        .body = o->body,
        .size = size,
    };
    return SQLITE_ROW;
}

/* One row into *ret and its key; SQLITE_ROW, SQLITE_DONE or a failure. */
static int read_row(struct outbox *o, int statement, int64_t key, struct outbox_row *ret,
                    int64_t *ret_key)
{
    sqlite3_stmt *st = o->statements[statement];
    int rc = statement_row(st, "i", key);
    if (rc == SQLITE_ROW) {
        *ret_key = sqlite3_column_int64(st, 0);
        rc = copy_row(o, st, ret);
    }
    (void)sqlite3_reset(st); /* repeats the code of the step */
    return rc;
}

/* One number by one number; *ret keeps its value without a row. */
static int read_number(struct outbox *o, int statement, int64_t key, int64_t *ret)
{
    sqlite3_stmt *st = o->statements[statement];
    int rc = statement_row(st, "i", key);
    if (rc == SQLITE_ROW)
        *ret = sqlite3_column_int64(st, 0);
    (void)sqlite3_reset(st); /* repeats the code of the step */
    return rc;
}

static int statement_of(int priority)
{
    if (priority < 0)
        return NEXT_ANY;
    return priority == 0 ? NEXT_ALARM : NEXT_OTHER;
}

/* The key of a position; SQLITE_DONE when the epoch is none of this database's. */
static int find_key(struct outbox *o, uint64_t epoch, uint64_t seq, int64_t *ret)
{
    int64_t number = 0;
    int rc = read_number(o, FIND_EPOCH, (int64_t)epoch, &number);
    *ret = outbox_key(number, seq);
    return rc;
}

int outbox_next(struct outbox *o, int priority, uint64_t epoch, uint64_t seq,
                struct outbox_row *ret, struct gw_error *err)
{
    int64_t key = 0;
    int r = check_place(o, err);
    if (r < 0)
        return r;
    int rc = epoch ? find_key(o, epoch, seq, &key) : SQLITE_ROW;
    if (rc == SQLITE_DONE)
        return gw_fail(err, -ENOENT, "outbox: no epoch %llu", (unsigned long long)epoch);
    while (rc == SQLITE_ROW) {
        int64_t row_key = 0;
        struct outbox_row row = {0};
        rc = read_row(o, statement_of(priority), key, &row, &row_key);
        if (rc != SQLITE_ROW)
            break;
        int64_t acknowledged_to = -1;
        rc = read_number(o, RANGE_END, row_key, &acknowledged_to);
        if (rc != SQLITE_ROW && rc != SQLITE_DONE)
            break;
        if (acknowledged_to < row_key) {
            *ret = row;
            return 1;
        }
        key = acknowledged_to;
        rc = SQLITE_ROW;
    }
    return rc == SQLITE_DONE ? 0 : fail(o, rc, err);
}

int outbox_last(struct outbox *o, uint64_t *ret_epoch, uint64_t *ret_seq,
                struct gw_error *err)
{
    int r = check_place(o, err);
    if (r < 0)
        return r;
    sqlite3_stmt *st = o->statements[LAST_ROW];
    int rc = statement_row(st, "");
    bool has_rows = rc == SQLITE_ROW && sqlite3_column_int64(st, 1) > 0;
    if (rc == SQLITE_ROW || rc == SQLITE_DONE) {
        *ret_epoch = has_rows ? (uint64_t)sqlite3_column_int64(st, 0) : 0;
        *ret_seq = has_rows ? (uint64_t)sqlite3_column_int64(st, 1) : 0;
    }
    (void)sqlite3_reset(st); /* repeats the code of the step */
    return rc == SQLITE_ROW || rc == SQLITE_DONE ? 0 : fail(o, rc, err);
}

int outbox_get(struct outbox *o, uint64_t epoch, uint64_t seq, struct outbox_row *ret,
               struct gw_error *err)
{
    int64_t key = 0;
    int r = check_place(o, err);
    if (r < 0)
        return r;
    int rc = find_key(o, epoch, seq, &key);
    if (rc == SQLITE_ROW)
        rc = read_row(o, GET, key, ret, &key);
    if (rc == SQLITE_ROW)
        return 1;
    return rc == SQLITE_DONE ? 0 : fail(o, rc, err);
}
