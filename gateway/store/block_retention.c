#include "store/block_retention.h"

#include "store/database.h"
#include "store/fold.h"
#include "store/pack.h"
#include "store/statement.h"

enum { MINUTES, QUARTERS, DAYS };
/* Points in a slice, and rows of one: a gateway that was off for long has many. */
enum { POINTS = 64, POINT_ROWS = 8 };

static const int64_t day_us = INT64_C(86400) * 1000000;

enum { FIRST_OF_POINT, FORGET, STATEMENTS };

static const char *const sql[BLOCK_TABLES][STATEMENTS] = {
    [MINUTES] = {"SELECT key FROM minutes WHERE key >= ? LIMIT 1",
                 "DELETE FROM minutes WHERE key >= ? AND key < ?"},
    [QUARTERS] = {"SELECT key FROM quarters WHERE key >= ? LIMIT 1",
                  "DELETE FROM quarters WHERE key >= ? AND key < ?"},
    [DAYS] = {"SELECT key FROM days WHERE key >= ? LIMIT 1",
              "DELETE FROM days WHERE key >= ? AND key < ?"},
};

static int64_t kept_us(const struct store_keep *keep, int table)
{
    return table == MINUTES    ? keep->minutes_us
           : table == QUARTERS ? keep->summaries_us
                               : keep->days_us;
}

/* Of quarters only what days were made of: the first pack that is needed still. */
static int find_needed(sqlite3 *db, int64_t *ret)
{
    static const char *const find = "SELECT min(period) FROM unfolded WHERE level = 2";
    sqlite3_stmt *st = NULL;
    int rc = sqlite3_prepare_v2(db, find, -1, &st, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_step(st);
    if (rc == SQLITE_ROW && sqlite3_column_type(st, 0) == SQLITE_INTEGER)
        *ret = sqlite3_column_int64(st, 0) * FOLD_DAYS_OF_BLOCK / PACK_DAYS - 1;
    (void)sqlite3_finalize(st); /* repeats the code of the step */
    return rc == SQLITE_ROW ? SQLITE_OK : rc;
}

/* The first period of @table that stays. */
static int find_limit(sqlite3 *db, const struct store_keep *keep, int table,
                      int64_t now_us, int64_t *ret)
{
    int64_t needed = INT64_MAX;
    int64_t day = (now_us - kept_us(keep, table)) / day_us;
    int64_t limit = day / (table == DAYS ? FOLD_DAYS_OF_BLOCK : PACK_DAYS);
    int rc = table == QUARTERS ? find_needed(db, &needed) : SQLITE_OK;
    *ret = limit < needed ? limit : needed;
    return rc;
}

/* The old rows of the next point.  false: there is none. */
static int forget_next(struct block_retention *b, sqlite3_stmt **st, int table,
                       int64_t limit, bool *ret_is_any)
{
    int rc = statement_row(st[FIRST_OF_POINT], "i", b->next[table] << 24);
    int64_t first = rc == SQLITE_ROW ? sqlite3_column_int64(st[FIRST_OF_POINT], 0) : 0;
    *ret_is_any = rc == SQLITE_ROW;
    (void)sqlite3_reset(st[FIRST_OF_POINT]); /* repeats the code of the step */
    if (rc != SQLITE_ROW)
        return rc == SQLITE_DONE ? SQLITE_OK : rc;
    int64_t point = first >> 24;
    int64_t some = first + POINT_ROWS;
    int64_t end = fold_key((uint32_t)point, limit);
    b->next[table] = some < end ? point : point + 1;
    return first < end ? statement_run(st[FORGET], "ii", first, some < end ? some : end)
                       : SQLITE_OK;
}

static int forget_some(struct block_retention *b, sqlite3 *db, int table, int64_t limit,
                       bool *ret_more)
{
    sqlite3_stmt *st[STATEMENTS] = {0};
    bool is_any = true;
    int rc = statements_prepare(db, sql[table], st, STATEMENTS);
    database_delete_lightly(db, true);
    for (int i = 0; i < POINTS && is_any && rc == SQLITE_OK; i++)
        rc = forget_next(b, st, table, limit, &is_any);
    database_delete_lightly(db, false);
    statements_finalize(st, STATEMENTS);
    if (rc != SQLITE_OK)
        return rc;
    if (is_any) {
        *ret_more = true;
    } else {
        b->next[table] = 0;
        b->done[table] = limit;
    }
    return SQLITE_OK;
}

int block_retention_slice(struct block_retention *b, sqlite3 *db,
                          const struct store_keep *keep, int64_t now_us, bool *ret_more)
{
    int rc = SQLITE_OK;
    for (int table = 0; table < BLOCK_TABLES && rc == SQLITE_OK; table++) {
        int64_t limit = 0;
        if (kept_us(keep, table) == 0)
            continue;
        rc = find_limit(db, keep, table, now_us, &limit);
        if (rc == SQLITE_OK && limit > b->done[table])
            rc = forget_some(b, db, table, limit, ret_more);
    }
    return rc;
}
