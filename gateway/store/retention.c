#include "store/retention.h"

#include "base/clock.h"
#include "store/statement.h"

/* Rows of a table that go at a time: a summary has up to a dozen items, and a big school
 * makes five a minute. */
enum { SLICE = 200 };

/* table - number and stamp of its rows, oldest first, and how those up to a number go. */
struct table {
    const char *rows;
    const char *forget_parts; /* NULL = it has none */
    const char *forget;
};

static const struct table tables[RETENTION_TABLES] = {
    {"SELECT number, start_us FROM summaries ORDER BY number",
     "DELETE FROM summary_items WHERE summary <= ?",
     "DELETE FROM summaries WHERE number <= ?"},
    {"SELECT number, time_us FROM facts ORDER BY number",
     "DELETE FROM fact_values WHERE fact <= ?", "DELETE FROM facts WHERE number <= ?"},
    {"SELECT number, CASE time_quality WHEN 0 THEN NULL ELSE time_us END"
     " FROM transitions ORDER BY number",
     NULL, "DELETE FROM transitions WHERE number <= ?"},
};

static int64_t kept_us(const struct store_keep *keep, size_t table)
{
    return table == 0 ? keep->summaries_us : keep->evidence_us;
}

static int run(sqlite3 *db, const char *sql, int64_t number)
{
    sqlite3_stmt *st = NULL;
    int rc = sqlite3_prepare_v2(db, sql, -1, &st, NULL);
    if (rc == SQLITE_OK)
        rc = statement_run(st, "i", number);
    (void)sqlite3_finalize(st); /* repeats the code of the step */
    return rc;
}

/* What the oldest rows say: the last of them that is old for certain. */
struct look {
    int64_t newest_us;
    int64_t last; /* 0 = none is */
    int rows;
};

/* @stamp_us: of the next row; one of the future is of a wrong clock.  Rows behind a stamp
 * that was set back wait for the next that says how old they are at least.
 * returns false when the row is young, as all behind it are, or the slice is full */
static bool take(struct look *look, int64_t number, int64_t stamp_us, int64_t before_us,
                 int64_t now_us)
{
    look->rows++;
    if (clock_is_plausible(stamp_us) && stamp_us <= now_us && stamp_us > look->newest_us)
        look->newest_us = stamp_us;
    if (look->newest_us >= before_us)
        return false;
    if (stamp_us == look->newest_us)
        look->last = number;
    return look->last == 0 || look->rows < SLICE;
}

static int find(sqlite3 *db, const char *rows, int64_t before_us, int64_t now_us,
                struct look *look)
{
    sqlite3_stmt *st = NULL;
    int rc = sqlite3_prepare_v2(db, rows, -1, &st, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_step(st);
    for (; rc == SQLITE_ROW; rc = sqlite3_step(st)) {
        int64_t stamp_us = sqlite3_column_type(st, 1) == SQLITE_NULL
                               ? GW_TIME_NONE
                               : sqlite3_column_int64(st, 1);
        if (!take(look, sqlite3_column_int64(st, 0), stamp_us, before_us, now_us))
            break;
    }
    (void)sqlite3_finalize(st); /* repeats the code of the step */
    return rc == SQLITE_ROW || rc == SQLITE_DONE ? SQLITE_OK : rc;
}

int retention_slice(struct retention *r, sqlite3 *db, const struct store_keep *keep,
                    int64_t now_us, bool *ret_more)
{
    int rc = SQLITE_OK;
    for (size_t i = 0; i < RETENTION_TABLES && rc == SQLITE_OK; i++) {
        const struct table *table = &tables[i];
        struct look look = {.newest_us = r->newest_us[i]};
        if (kept_us(keep, i) == 0)
            continue;
        rc = find(db, table->rows, now_us - kept_us(keep, i), now_us, &look);
        if (rc != SQLITE_OK || look.last == 0)
            continue;
        if (table->forget_parts)
            rc = run(db, table->forget_parts, look.last);
        if (rc == SQLITE_OK)
            rc = run(db, table->forget, look.last);
        *ret_more = *ret_more || look.rows >= SLICE;
        r->newest_us[i] = look.newest_us;
    }
    return rc;
}
