#include "store/outbox_writer.h"

#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "store/database.h"
#include "store/outbox_key.h"
#include "store/outbox_recall.h"
#include "store/outbox_statements.h"
#include "store/statement.h"

/* Only rows that stand in a settled range or are of a priority that gives way are ever
 * deleted, and each deletion tells what it took. */
#define DELETED " RETURNING key, length(CAST(body AS BLOB))"

static const char *const sql[OUTBOX_STATEMENTS] = {
    [OUTBOX_ADD_ROW] = "INSERT INTO outbox (key, priority, kind, made_s, body)"
                       " VALUES (?, ?, ?, ?, ?)",
    [OUTBOX_FIND_EPOCH] = OUTBOX_EPOCH_SQL,
    [OUTBOX_RANGES_FROM] = "SELECT first, last FROM acknowledged WHERE first >= ?"
                           " ORDER BY first LIMIT ?",
    [OUTBOX_TRIM_RANGE] = "DELETE FROM outbox WHERE key IN (SELECT key FROM"
                          " (SELECT key, made_s FROM outbox WHERE key BETWEEN ?1 AND ?2"
                          " ORDER BY key LIMIT ?3) WHERE made_s < ?4)" DELETED,
    [OUTBOX_RANGE_ROW] = "SELECT 1 FROM outbox WHERE key BETWEEN ? AND ? LIMIT 1",
    [OUTBOX_FIRST_ROW] = "SELECT key, made_s FROM outbox WHERE key >= ? ORDER BY key"
                         " LIMIT 1",
    [OUTBOX_RANGE_END] = "SELECT last FROM acknowledged WHERE first <= ? ORDER BY first"
                         " DESC LIMIT 1",
    [OUTBOX_KEEP_COUNT] = "UPDATE progress SET outbox_rows = ?, outbox_bytes = ?,"
                          " outbox_dropped = ? WHERE id = 1",
    [OUTBOX_DROP] = "DELETE FROM outbox WHERE key IN (SELECT key FROM outbox INDEXED BY"
                    " outbox_history WHERE priority = ?1 AND priority > 1 ORDER BY key"
                    " LIMIT ?2)" DELETED,
    [OUTBOX_UNTOLD_EPOCH] = "SELECT e.number, e.epoch FROM dropped d JOIN epochs e"
                            " ON e.number = d.first >> 48 ORDER BY d.first LIMIT 1",
    [OUTBOX_UNTOLD] = "SELECT first, last FROM dropped WHERE first BETWEEN ?1 << 48"
                      " AND (?1 + 1 << 48) - 1 ORDER BY first LIMIT ?2",
};

static const enum outbox_kind kinds[] = {
    [GW_RECORD_READING] = OUTBOX_TELEMETRY,     [GW_RECORD_TRANSITION] = OUTBOX_ALARM,
    [GW_RECORD_SUMMARY] = OUTBOX_SUMMARY,       [GW_RECORD_FACT] = OUTBOX_SUMMARY,
    [GW_RECORD_TIME_CORRECTION] = OUTBOX_ALARM, [GW_RECORD_UNAVAILABLE] = OUTBOX_SUMMARY,
};

/* 63 random bits, never 0. */
static int make_epoch(sqlite3 *db, struct gw_error *err)
{
    if (sodium_init() < 0)
        return gw_fail(err, -EIO, "database '%s': no random numbers for its epoch",
                       database_path(db));
    uint64_t epoch = 0;
    while (epoch == 0) {
        randombytes_buf(&epoch, sizeof(epoch));
        epoch >>= 1;
    }
    sqlite3_stmt *st = NULL;
    int rc =
        sqlite3_prepare_v2(db, "INSERT INTO epochs (epoch) VALUES (?)", -1, &st, NULL);
    if (rc == SQLITE_OK)
        rc = statement_run(st, "i", (int64_t)epoch);
    int r = rc == SQLITE_OK ? 0 : database_fail(db, rc, "cannot make an epoch", err);
    (void)sqlite3_finalize(st); /* repeats the code of the step */
    return r;
}

/* A row behind the last one given, or of no epoch: numbers would be given twice, rows
 * never sent. */
static int check_keys(sqlite3 *db, int64_t last, struct gw_error *err)
{
    int64_t newest = 0;
    int64_t strays = 0;
    int r = database_number(db, "SELECT coalesce(max(key), 0) FROM outbox", &newest, err);
    if (r == 0)
        r = database_number(
            db,
            "SELECT count(*) FROM (SELECT min(key) AS key FROM outbox UNION SELECT"
            " max(key) FROM outbox) WHERE key >> 48 NOT IN (SELECT number FROM epochs)",
            &strays, err);
    if (r == 0 && (newest > last || strays > 0))
        r = gw_fail(err, -EUCLEAN, "database '%s': broken: its outbox counts wrongly",
                    database_path(db));
    return r;
}

static int load_epoch(struct outbox_writer *o, struct gw_error *err)
{
    int64_t number = 0;
    int64_t epoch = 0;
    int64_t earlier = 0;
    int r = database_number(o->db, "SELECT max(number) FROM epochs", &number, err);
    if (r == 0)
        r = database_number(
            o->db, "SELECT epoch FROM epochs ORDER BY number DESC LIMIT 1", &epoch, err);
    if (r == 0)
        r = database_number(o->db, "SELECT sum(last_seq) FROM epochs", &earlier, err);
    if (r == 0)
        r = check_keys(o->db, outbox_key(number, o->count.seq), err);
    if (r < 0)
        return r;
    if (number > OUTBOX_EPOCHS_MAX)
        return gw_fail(err, -EOVERFLOW, "database '%s': more than %d epochs",
                       database_path(o->db), OUTBOX_EPOCHS_MAX);
    o->epoch_number = number;
    o->epoch = (uint64_t)epoch;
    o->earlier_rows = (uint64_t)earlier;
    return 0;
}

static int load_counts(struct outbox_writer *o, struct gw_error *err)
{
    const struct {
        const char *sql;
        uint64_t *count;
    } counts[] = {
        {"SELECT sum(last - first + 1) FROM acknowledged", &o->count.settled},
        {"SELECT sum(last - first + 1) FROM dropped", &o->count.untold},
        {"SELECT outbox_dropped FROM progress", &o->count.dropped},
        {"SELECT outbox_rows FROM progress", &o->count.rows},
        {"SELECT outbox_bytes FROM progress", &o->count.bytes},
    };
    int r = 0;
    for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]) && r == 0; i++) {
        int64_t number = 0;
        r = database_number(o->db, counts[i].sql, &number, err);
        *counts[i].count = (uint64_t)number;
    }
    return r;
}

static int prepare(struct outbox_writer *o)
{
    int rc = statements_prepare(o->db, sql, o->statements, OUTBOX_STATEMENTS);
    if (rc == SQLITE_OK)
        rc = key_ranges_open(&o->settled, o->db, "acknowledged");
    if (rc == SQLITE_OK)
        rc = key_ranges_open(&o->untold, o->db, "dropped");
    if (rc == SQLITE_OK)
        rc = outbox_recall_prepare(o);
    if (rc == SQLITE_OK)
        rc = evidence_writer_open(&o->evidence, o->db);
    return rc;
}

int outbox_writer_open(struct outbox_writer *o, sqlite3 *db, uint64_t seq,
                       struct gw_error *err)
{
    o->db = db;
    o->count = (struct outbox_count){.seq = seq};
    int64_t running = 0;
    int r = database_number(db,
                            "SELECT count(*) FROM epochs WHERE number = (SELECT"
                            " max(number) FROM epochs) AND last_seq = 0",
                            &running, err);
    if (r == 0 && !running)
        r = make_epoch(db, err);
    if (r == 0)
        r = load_epoch(o, err);
    if (r == 0)
        r = load_counts(o, err);
    if (r < 0)
        return r;
    int rc = prepare(o);
    return rc == SQLITE_OK
               ? 0
               : database_fail_schema(db, rc, "cannot prepare the outbox", err);
}

void outbox_writer_close(struct outbox_writer *o)
{
    statements_finalize(o->statements, OUTBOX_STATEMENTS);
    statements_finalize(o->recall_statements, OUTBOX_RECALL_STATEMENTS);
    key_ranges_close(&o->settled);
    key_ranges_close(&o->untold);
    evidence_writer_close(&o->evidence);
}

int outbox_insert(struct outbox_writer *o, int priority, int kind, const char *body)
{
    uint64_t seq = o->count.seq + 1;
    int rc = statement_run(o->statements[OUTBOX_ADD_ROW], "iiiit",
                           outbox_key(o->epoch_number, seq), (int64_t)priority,
                           (int64_t)kind, clock_school_us() / 1000000, body);
    if (rc != SQLITE_OK)
        return rc;
    o->count.seq = seq;
    o->count.rows++;
    o->count.bytes += strlen(body);
    return SQLITE_OK;
}

/* A fact of a day, week or month. */
static bool is_told(const struct gw_record *record)
{
    return record->kind == GW_RECORD_FACT && record->fact.period != GW_PERIOD_NONE;
}

int outbox_add(struct outbox_writer *o, const struct gw_record *record,
               const struct store_ops *ops)
{
    if (!ops->encode)
        return SQLITE_OK;
    int priority = STORE_PERIOD;
    char *body = ops->encode(ops->ctx, record, o->epoch, o->count.seq + 1, &priority);
    if (!body)
        return SQLITE_OK;
    int rc = outbox_insert(o, priority, kinds[record->kind], body);
    if (rc == SQLITE_OK && ops->seal && is_told(record))
        rc = evidence_note(&o->evidence, outbox_key(o->epoch_number, o->count.seq), body);
    free(body);
    return rc;
}

int outbox_find_epoch(struct outbox_writer *o, uint64_t epoch, int64_t *ret_number,
                      uint64_t *ret_last)
{
    sqlite3_stmt *st = o->statements[OUTBOX_FIND_EPOCH];
    int rc = statement_row(st, "i", (int64_t)epoch);
    *ret_number = rc == SQLITE_ROW ? sqlite3_column_int64(st, 0) : 0;
    *ret_last = rc == SQLITE_ROW ? (uint64_t)sqlite3_column_int64(st, 1) : 0;
    (void)sqlite3_reset(st); /* repeats the code of the step */
    if (rc == SQLITE_ROW && *ret_number == o->epoch_number)
        *ret_last = o->count.seq;
    return rc;
}

/* The range in keys, cut to rows that were made; false when nothing of it is left. */
static bool find_keys(struct outbox_writer *o, const struct outbox_range *range,
                      int64_t *ret_first, int64_t *ret_last, int *rc)
{
    int64_t number = 0;
    uint64_t last = 0;
    *rc = outbox_find_epoch(o, range->epoch, &number, &last);
    if (*rc != SQLITE_ROW)
        return false;
    uint64_t from = range->from > 0 ? range->from : 1;
    uint64_t to = range->to < last ? range->to : last;
    *ret_first = outbox_key(number, from);
    *ret_last = outbox_key(number, to);
    return from <= to;
}

int outbox_settle(struct outbox_writer *o, int64_t first, int64_t last)
{
    uint64_t added = 0;
    int rc = key_ranges_add(&o->settled, &first, &last, &added);
    if (rc != SQLITE_OK)
        return rc;
    o->count.settled += added;
    if (first < o->count.trimmed_to)
        o->count.trimmed_to = first;
    return SQLITE_OK;
}

/* It was on its way when it gave way here. */
static int take_back(struct outbox_writer *o, int64_t first, int64_t last)
{
    uint64_t removed = 0;
    if (o->count.untold == 0)
        return SQLITE_OK;
    int rc = key_ranges_remove(&o->untold, first, last, &removed);
    o->count.untold -= removed;
    o->count.dropped -= removed;
    return rc;
}

int outbox_acknowledge(struct outbox_writer *o, const struct outbox_range *range)
{
    int64_t first = 0;
    int64_t last = 0;
    int rc = SQLITE_OK;
    if (!find_keys(o, range, &first, &last, &rc))
        return rc == SQLITE_ROW || rc == SQLITE_DONE ? SQLITE_OK : rc;
    rc = take_back(o, first, last);
    return rc == SQLITE_OK ? outbox_settle(o, first, last) : rc;
}

int outbox_delete(struct outbox_writer *o, sqlite3_stmt *statement,
                  int (*each)(void *ctx, int64_t key), void *ctx, int *ret_deleted)
{
    int rc = sqlite3_step(statement); /* deletes all, before the first row comes */
    for (; rc == SQLITE_ROW; rc = sqlite3_step(statement)) {
        o->count.rows--;
        o->count.bytes -= (uint64_t)sqlite3_column_int64(statement, 1);
        *ret_deleted += 1;
        int each_rc = each ? each(ctx, sqlite3_column_int64(statement, 0)) : SQLITE_OK;
        if (each_rc != SQLITE_OK) {
            (void)sqlite3_reset(statement); /* the failure is another one's */
            return each_rc;
        }
    }
    (void)sqlite3_reset(statement); /* repeats the code of the step */
    return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

uint64_t outbox_waiting(const struct outbox_writer *o)
{
    return o->earlier_rows + o->count.seq - o->count.settled - o->count.untold;
}

int outbox_keep_count(struct outbox_writer *o, const struct outbox_count *before)
{
    const struct outbox_count *now = &o->count;
    if (now->rows == before->rows && now->bytes == before->bytes
        && now->dropped == before->dropped)
        return SQLITE_OK;
    return statement_run(o->statements[OUTBOX_KEEP_COUNT], "iii", (int64_t)now->rows,
                         (int64_t)now->bytes, (int64_t)now->dropped);
}

/* Two numbers of one row; SQLITE_ROW, SQLITE_DONE or a failure. */
static int read_two(sqlite3_stmt *st, int64_t key, int64_t ret[2])
{
    int rc = statement_row(st, "i", key);
    for (int i = 0; i < sqlite3_column_count(st) && i < 2 && rc == SQLITE_ROW; i++)
        ret[i] = sqlite3_column_int64(st, i);
    (void)sqlite3_reset(st); /* repeats the code of the step */
    return rc;
}

int outbox_look(struct outbox_writer *o)
{
    int64_t row[2] = {0, 0};
    int64_t settled_to[2] = {0, 0};
    int64_t key = o->count.oldest_from;
    o->oldest_s = 0;
    while (outbox_waiting(o) > 0) {
        int rc = read_two(o->statements[OUTBOX_FIRST_ROW], key, row);
        if (rc != SQLITE_ROW)
            return rc == SQLITE_DONE ? SQLITE_OK : rc;
        rc = read_two(o->statements[OUTBOX_RANGE_END], row[0], settled_to);
        if (rc != SQLITE_ROW && rc != SQLITE_DONE)
            return rc;
        o->count.oldest_from = row[0];
        o->oldest_s = row[1];
        if (rc == SQLITE_DONE || settled_to[0] < row[0])
            return SQLITE_OK;
        key = settled_to[0] + 1;
    }
    return SQLITE_OK;
}

void outbox_tell(const struct outbox_writer *o, struct store_status *ret)
{
    const struct outbox_count *count = &o->count;
    ret->outbox_total = o->earlier_rows + count->seq;
    ret->outbox_acknowledged = count->settled + count->untold - count->dropped;
    ret->outbox_dropped = count->dropped;
    ret->outbox_untold = count->untold;
    ret->outbox_waiting = outbox_waiting(o);
    ret->outbox_rows = count->rows;
    ret->outbox_bytes = count->bytes;
    ret->outbox_cap = o->cap;
    ret->outbox_oldest_s = o->oldest_s;
}
