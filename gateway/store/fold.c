#include "store/fold.h"

#include <errno.h>

#include "base/clock.h"
#include "store/fold_parts.h"
#include "store/statement.h"

/* An hour is over for certain when a reading of the next one came, or so long after: a
 * commit may wait for a minute. */
static const int64_t grace_ms = 70000;
enum { LOG_ROWS = 5000, HOUR_ROWS = 500 };

static const char *const sql[FOLD_STATEMENTS] = {
    [DUE_HOUR] = "SELECT period FROM unfolded WHERE level = 0 AND period <> ?1"
                 " ORDER BY period LIMIT 1",
    [IS_DUE] = "SELECT 1 FROM unfolded WHERE level = 0 AND period = ?1",
    [DUE_PACK] = "SELECT period, next FROM unfolded AS pack WHERE level = 1"
                 " AND period < ?1 AND NOT EXISTS (SELECT 1 FROM unfolded WHERE level = 0"
                 " AND period BETWEEN pack.period * 96 AND pack.period * 96 + 95)"
                 " ORDER BY period LIMIT 1",
    [DUE_DAYS] =
        "SELECT period, next FROM unfolded AS days WHERE level = 2"
        " AND period * 8 + 8 < ?1 AND NOT EXISTS (SELECT 1 FROM unfolded WHERE"
        " level = 1 AND period BETWEEN days.period * 8 - 1 AND days.period * 8 + 8)"
        " ORDER BY period LIMIT 1",
    [SET_NEXT] = "UPDATE unfolded SET next = ?3 WHERE level = ?1 AND period = ?2",
    [FOLDED] = "DELETE FROM unfolded WHERE level = ?1 AND period = ?2",
    [MARK] = "INSERT INTO unfolded (level, period) VALUES (?1, ?2)"
             " ON CONFLICT DO UPDATE SET next = 0",
    [READ_LOG] = "SELECT key, point, value, quality FROM readings WHERE key > ?1"
                 " AND key < ?2 ORDER BY key LIMIT ?3",
    [GET_HOUR] = "SELECT block FROM hours WHERE key >= ?1 AND key < ?2 LIMIT 1",
    [PUT_HOUR] = "INSERT OR REPLACE INTO hours VALUES (?1, ?2)",
    [DROP_HOUR] = "DELETE FROM hours WHERE key = ?1",
    [GET_MINUTES] = "SELECT block FROM minutes WHERE key = ?1",
    [PUT_MINUTES] = "INSERT OR REPLACE INTO minutes VALUES (?1, ?2)",
    [PUT_QUARTERS] = "INSERT OR REPLACE INTO quarters VALUES (?1, ?2)",
    [FORGET_HOURS] = "DELETE FROM hours WHERE key >= ?1 AND key < ?2 AND key <= coalesce("
                     "(SELECT key FROM hours WHERE key >= ?1 LIMIT 1 OFFSET ?3), ?2)",
};

int fold_open(struct fold *f, sqlite3 *db, struct history *history)
{
    f->db = db;
    f->history = history;
    f->hour = FOLD_NO_HOUR;
    f->is_ended = false;
    return statements_prepare(db, sql, f->statements, FOLD_STATEMENTS);
}

void fold_close(struct fold *f)
{
    statements_finalize(f->statements, FOLD_STATEMENTS);
}

int fold_rows(struct fold *f, int (*write)(struct fold *f, void *ctx), void *ctx)
{
    int rc = sqlite3_exec(f->db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
    if (rc == SQLITE_OK)
        rc = write(f, ctx);
    if (rc == SQLITE_OK)
        rc = sqlite3_exec(f->db, "COMMIT", NULL, NULL, NULL);
    return rc;
}

/* --- which hour ------------------------------------------------------------------- */

/* *ret stays as it is where there is none. */
static int ask_number(sqlite3_stmt *st, int64_t number, int64_t *ret)
{
    int rc = statement_row(st, "i", number);
    if (rc == SQLITE_ROW)
        *ret = sqlite3_column_int64(st, 0);
    (void)sqlite3_reset(st); /* repeats the code of the step */
    return rc == SQLITE_ROW || rc == SQLITE_DONE ? SQLITE_OK : rc;
}

/* The oldest hour to which no reading comes now; else the one to which they do, when it
 * has any. */
static int pick(struct fold *f, int64_t now_ms, int64_t *ret_hour, bool *ret_is_over)
{
    int64_t running = f->history->hour;
    int64_t is_due = 0;
    *ret_hour = FOLD_NO_HOUR;
    *ret_is_over = true;
    int rc = ask_number(f->statements[DUE_HOUR], running, ret_hour);
    if (rc != SQLITE_OK || *ret_hour != FOLD_NO_HOUR)
        return rc;
    rc = ask_number(f->statements[IS_DUE], running, &is_due);
    if (is_due)
        *ret_hour = running;
    *ret_is_over = now_ms >= (running + 1) * TALLY_HOUR_MS + grace_ms;
    return rc;
}

static int64_t log_key(int64_t time_ms)
{
    return history_key(time_ms * 1000);
}

static void begin(struct fold *f, int64_t hour)
{
    bool goes_on = f->is_ended && f->hour == hour - 1;
    int64_t start_ms = hour * TALLY_HOUR_MS;
    minutes_begin(f->minutes, start_ms, goes_on);
    f->cursor = log_key(goes_on ? start_ms : start_ms - AGGREGATE_STANDS_MS) - 1;
    f->hour = hour;
    f->is_ended = f->is_written = false;
}

/* A reading came to where the log was read already. */
static void look_back(struct fold *f)
{
    int64_t first = f->history->first_key;
    f->history->first_key = INT64_MAX;
    if (f->hour != FOLD_NO_HOUR && first <= f->cursor
        && first >= log_key(f->hour * TALLY_HOUR_MS - AGGREGATE_STANDS_MS))
        f->hour = FOLD_NO_HOUR;
}

/* --- its readings ----------------------------------------------------------------- */

static int take_row(struct fold *f, sqlite3_stmt *st)
{
    struct gw_reading reading = {0};
    int64_t key = sqlite3_column_int64(st, 0);
    history_unpack_quality(sqlite3_column_int(st, 3), &reading);
    const struct tally_row row = {
        .time_ms = history_key_time(key) / 1000,
        .value = sqlite3_column_double(st, 2),
        .is_good =
            reading.quality == GW_GOOD && sqlite3_column_type(st, 2) != SQLITE_NULL,
    };
    int r = minutes_row(f->minutes, (uint32_t)sqlite3_column_int64(st, 1), &row);
    if (r < 0)
        return SQLITE_NOMEM;
    f->cursor = key;
    return SQLITE_OK;
}

static int read_log(struct fold *f, bool *ret_is_read)
{
    sqlite3_stmt *st = f->statements[READ_LOG];
    int64_t end = log_key((f->hour + 1) * TALLY_HOUR_MS);
    int rows = 0;
    int rc = statement_row(st, "iii", f->cursor, end, (int64_t)LOG_ROWS);
    for (; rc == SQLITE_ROW; rows++) {
        rc = take_row(f, st);
        if (rc == SQLITE_OK)
            rc = sqlite3_step(st);
    }
    (void)sqlite3_reset(st); /* repeats the code of the step */
    *ret_is_read = rows < LOG_ROWS;
    if (rc == SQLITE_NOMEM)
        f->hour = FOLD_NO_HOUR; /* a row may be there in part */
    return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

/* --- its blocks ------------------------------------------------------------------- */

static int put(struct fold *f, int64_t key, const void *bytes, size_t size)
{
    return statement_run(f->statements[PUT_HOUR], "ib", key, bytes, size);
}

/* The hour was folded before. */
static int put_again(struct fold *f, int64_t key, const void *bytes, size_t size)
{
    struct block_reader older;
    struct block_reader newer;
    struct block merged;
    sqlite3_stmt *get = f->statements[GET_HOUR];
    int rc = statement_row(get, "ii", key, key + 1);
    block_open(&older, sqlite3_column_blob(get, 0), (size_t)sqlite3_column_bytes(get, 0),
               TALLY_MINUTE_MS, TALLY_MINUTES);
    block_open(&newer, bytes, size, TALLY_MINUTE_MS, TALLY_MINUTES);
    block_merge(&older, &newer, &merged);
    (void)sqlite3_reset(get); /* repeats the code of the step */
    if (rc != SQLITE_ROW && rc != SQLITE_DONE)
        return rc;
    return merged.pen.next > 0 ? put(f, key, merged.bytes, merged.pen.used)
                               : statement_run(f->statements[DROP_HOUR], "i", key);
}

/* What it is part of has blocks that are not folded. */
static int finish_hour(struct fold *f)
{
    int rc = statement_run(f->statements[FOLDED], "ii", (int64_t)FOLD_HOUR, f->hour);
    if (rc == SQLITE_OK)
        rc = statement_run(f->statements[MARK], "ii", (int64_t)FOLD_PACK,
                           f->hour / PACK_HOURS);
    return rc;
}

static int write_hour(struct fold *f, void *ctx)
{
    uint32_t point = 0;
    const void *bytes = NULL;
    size_t size = 0;
    size_t end = f->next + HOUR_ROWS;
    size_t at = f->next;
    bool *is_done = ctx;
    int rc = SQLITE_OK;
    for (; at < end && rc == SQLITE_OK; at++) {
        if (!minutes_block(f->minutes, at, &point, &bytes, &size))
            break;
        int64_t key = fold_hour_key(f->hour, point);
        if (f->is_again)
            rc = put_again(f, key, bytes, size);
        else if (size > 0)
            rc = put(f, key, bytes, size);
    }
    *is_done = at < end;
    if (rc == SQLITE_OK && *is_done)
        rc = finish_hour(f);
    if (rc == SQLITE_OK)
        f->next = at;
    return rc;
}

static int end_hour(struct fold *f)
{
    sqlite3_stmt *get = f->statements[GET_HOUR];
    if (minutes_end(f->minutes) < 0)
        return SQLITE_NOMEM;
    int rc = statement_row(get, "ii", fold_hour_key(f->hour, 0),
                           fold_hour_key(f->hour + 1, 0));
    (void)sqlite3_reset(get); /* repeats the code of the step */
    f->is_again = rc == SQLITE_ROW;
    f->next = 0;
    f->is_ended = true;
    f->cursor = log_key((f->hour + 1) * TALLY_HOUR_MS) - 1;
    return rc == SQLITE_ROW || rc == SQLITE_DONE ? SQLITE_OK : rc;
}

static int write_blocks(struct fold *f)
{
    bool is_done = false;
    int rc = fold_rows(f, write_hour, &is_done);
    if (rc != SQLITE_OK || !is_done)
        return rc;
    f->is_written = true;
    f->history->noted_hour = FOLD_NO_HOUR; /* the next reading of it marks it again */
    return SQLITE_OK;
}

static int fold_hour(struct fold *f, int64_t hour, bool is_over, bool *ret_more)
{
    bool is_read = true;
    int rc = SQLITE_OK;
    if (hour != f->hour || f->is_written)
        begin(f, hour);
    if (!f->is_ended)
        rc = read_log(f, &is_read);
    *ret_more = !is_read || is_over;
    if (rc != SQLITE_OK || !is_read || !is_over)
        return rc;
    if (!f->is_ended)
        rc = end_hour(f);
    return rc == SQLITE_OK ? write_blocks(f) : rc;
}

int fold_step(struct fold *f, int64_t now_ms, bool *ret_more)
{
    int64_t hour = FOLD_NO_HOUR;
    bool is_over = false;
    *ret_more = false;
    if (f->history->hour == FOLD_NO_HOUR)
        return SQLITE_OK; /* the log is empty, and was since the start */
    look_back(f);
    int rc = pick(f, now_ms, &hour, &is_over);
    if (rc != SQLITE_OK)
        return rc;
    if (hour != FOLD_NO_HOUR)
        rc = fold_hour(f, hour, is_over, ret_more);
    if (rc != SQLITE_OK || *ret_more)
        return rc;
    int64_t newest_ms = f->history->hour * TALLY_HOUR_MS;
    return fold_days_step(f, now_ms > newest_ms ? now_ms : newest_ms, ret_more);
}
