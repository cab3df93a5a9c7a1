#include "store/outbox_writer.h"

#include <errno.h>
#include <sodium.h>
#include <stdlib.h>

#include "base/clock.h"
#include "store/database.h"
#include "store/outbox_key.h"
#include "store/outbox_recall.h"
#include "store/statement.h"

enum {
    ADD_ROW,
    FIND_EPOCH,
    LAST_OVERLAP,
    DELETE_RANGE,
    ADD_RANGE,
    FIRST_RANGES,
    TRIM_RANGE,
};

static const char *const sql[OUTBOX_STATEMENTS] = {
    [ADD_ROW] = "INSERT INTO outbox (key, priority, kind, made_s, body)"
                " VALUES (?, ?, ?, ?, ?)",
    [FIND_EPOCH] = "SELECT number, last_seq FROM epochs WHERE epoch = ?",
    /* Ranges do not overlap: only the last one that begins before can reach @from - 1. */
    [LAST_OVERLAP] = "SELECT first, last FROM (SELECT first, last FROM acknowledged"
                     " WHERE first <= ?2 + 1 ORDER BY first DESC LIMIT 1)"
                     " WHERE last >= ?1 - 1",
    [DELETE_RANGE] = "DELETE FROM acknowledged WHERE first = ?",
    [ADD_RANGE] = "INSERT INTO acknowledged (first, last) VALUES (?, ?)",
    [FIRST_RANGES] = "SELECT first, last FROM acknowledged ORDER BY first LIMIT 16",
    [TRIM_RANGE] = "DELETE FROM outbox WHERE key IN (SELECT key FROM"
                   " (SELECT key, made_s FROM outbox WHERE key BETWEEN ?1 AND ?2"
                   " ORDER BY key LIMIT ?3) WHERE made_s < ?4)",
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
    int64_t acknowledged = 0;
    int r = database_number(o->db, "SELECT max(number) FROM epochs", &number, err);
    if (r == 0)
        r = database_number(
            o->db, "SELECT epoch FROM epochs ORDER BY number DESC LIMIT 1", &epoch, err);
    if (r == 0)
        r = database_number(o->db, "SELECT sum(last_seq) FROM epochs", &earlier, err);
    if (r == 0)
        r = database_number(o->db, "SELECT sum(last - first + 1) FROM acknowledged",
                            &acknowledged, err);
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
    o->count.acknowledged = (uint64_t)acknowledged;
    return 0;
}

int outbox_writer_open(struct outbox_writer *o, sqlite3 *db, uint64_t seq,
                       struct gw_error *err)
{
    o->db = db;
    o->count.seq = seq;
    int64_t running = 0;
    int r = database_number(db,
                            "SELECT count(*) FROM epochs WHERE number = (SELECT"
                            " max(number) FROM epochs) AND last_seq = 0",
                            &running, err);
    if (r == 0 && !running)
        r = make_epoch(db, err);
    if (r == 0)
        r = load_epoch(o, err);
    if (r < 0)
        return r;
    int rc = statements_prepare(db, sql, o->statements, OUTBOX_STATEMENTS);
    if (rc == SQLITE_OK)
        rc = outbox_recall_prepare(o);
    return rc == SQLITE_OK
               ? 0
               : database_fail_schema(db, rc, "cannot prepare the outbox", err);
}

void outbox_writer_close(struct outbox_writer *o)
{
    statements_finalize(o->statements, OUTBOX_STATEMENTS);
    statements_finalize(o->recall_statements, OUTBOX_RECALL_STATEMENTS);
}

int outbox_add(struct outbox_writer *o, const struct gw_record *record,
               const struct store_ops *ops)
{
    if (!ops->encode)
        return SQLITE_OK;
    int priority = 1;
    uint64_t seq = o->count.seq + 1;
    char *body = ops->encode(ops->ctx, record, o->epoch, seq, &priority);
    if (!body)
        return SQLITE_OK;
    int rc =
        statement_run(o->statements[ADD_ROW], "iiiit", outbox_key(o->epoch_number, seq),
                      (int64_t)priority, (int64_t)kinds[record->kind],
                      clock_school_us() / 1000000, body);
    free(body);
    if (rc == SQLITE_OK)
        o->count.seq = seq;
    return rc;
}

/* The range in keys, cut to rows that were made; false when nothing of it is left. */
static bool find_keys(struct outbox_writer *o, const struct outbox_range *range,
                      int64_t *ret_first, int64_t *ret_last, int *rc)
{
    sqlite3_stmt *st = o->statements[FIND_EPOCH];
    *rc = statement_row(st, "i", (int64_t)range->epoch);
    int64_t number = *rc == SQLITE_ROW ? sqlite3_column_int64(st, 0) : 0;
    uint64_t last = *rc == SQLITE_ROW ? (uint64_t)sqlite3_column_int64(st, 1) : 0;
    (void)sqlite3_reset(st); /* repeats the code of the step */
    if (*rc != SQLITE_ROW)
        return false;
    if (number == o->epoch_number)
        last = o->count.seq;
    uint64_t from = range->from > 0 ? range->from : 1;
    uint64_t to = range->to < last ? range->to : last;
    *ret_first = outbox_key(number, from);
    *ret_last = outbox_key(number, to);
    return from <= to;
}

/* Takes away one range that touches [*first, *last] and widens it by that. */
static int absorb(struct outbox_writer *o, int64_t *first, int64_t *last,
                  int64_t *absorbed)
{
    sqlite3_stmt *st = o->statements[LAST_OVERLAP];
    int rc = statement_row(st, "ii", *first, *last);
    int64_t other_first = rc == SQLITE_ROW ? sqlite3_column_int64(st, 0) : 0;
    int64_t other_last = rc == SQLITE_ROW ? sqlite3_column_int64(st, 1) : 0;
    (void)sqlite3_reset(st); /* repeats the code of the step */
    if (rc != SQLITE_ROW)
        return rc;
    *absorbed += other_last - other_first + 1;
    if (other_first < *first)
        *first = other_first;
    if (other_last > *last)
        *last = other_last;
    rc = statement_run(o->statements[DELETE_RANGE], "i", other_first);
    return rc == SQLITE_OK ? SQLITE_ROW : rc;
}

int outbox_acknowledge(struct outbox_writer *o, const struct outbox_range *range)
{
    int64_t first = 0;
    int64_t last = 0;
    int rc = SQLITE_OK;
    if (!find_keys(o, range, &first, &last, &rc))
        return rc == SQLITE_ROW || rc == SQLITE_DONE ? SQLITE_OK : rc;
    int64_t absorbed = 0;
    do
        rc = absorb(o, &first, &last, &absorbed);
    while (rc == SQLITE_ROW);
    if (rc != SQLITE_DONE)
        return rc;
    rc = statement_run(o->statements[ADD_RANGE], "ii", first, last);
    if (rc == SQLITE_OK)
        o->count.acknowledged += (uint64_t)(last - first + 1 - absorbed);
    return rc;
}

int outbox_trim(struct outbox_writer *o, int64_t time_us, int max, int *ret_deleted)
{
    int64_t ranges[16][2];
    size_t count = 0;
    sqlite3_stmt *st = o->statements[FIRST_RANGES];
    int rc = statement_row(st, "");
    for (; rc == SQLITE_ROW && count < 16; rc = sqlite3_step(st), count++) {
        ranges[count][0] = sqlite3_column_int64(st, 0);
        ranges[count][1] = sqlite3_column_int64(st, 1);
    }
    (void)sqlite3_reset(st); /* repeats the code of the step */
    rc = rc == SQLITE_DONE || rc == SQLITE_ROW ? SQLITE_OK : rc;
    *ret_deleted = 0;
    for (size_t i = 0; i < count && rc == SQLITE_OK && *ret_deleted < max; i++) {
        rc = statement_run(o->statements[TRIM_RANGE], "iiii", ranges[i][0], ranges[i][1],
                           (int64_t)(max - *ret_deleted), time_us / 1000000);
        if (rc == SQLITE_OK)
            *ret_deleted += sqlite3_changes(o->db);
    }
    return rc;
}
