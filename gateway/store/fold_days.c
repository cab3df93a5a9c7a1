/* fold_days.c - the hours of four days become one row of each point, and 32 days another.
 */
#include <stdlib.h>
#include <string.h>

#include "store/database.h"
#include "store/fold_parts.h"
#include "store/statement.h"

enum { PACK_POINTS = 32, DAYS_POINTS = 32, HOURS_ROWS = 2000 };
enum { QUARTER_MS = 900000, PACK_QUARTERS = 4 * PACK_HOURS };

/* Behind every point: its hours go. */
#define NEXT_NONE (INT64_C(1) << 32)

struct due {
    int64_t period;
    int64_t next; /* point */
};

static int find_due(sqlite3_stmt *st, int64_t running, struct due *ret, bool *ret_is_any)
{
    int rc = statement_row(st, "i", running);
    *ret_is_any = rc == SQLITE_ROW;
    if (*ret_is_any)
        *ret = (struct due){sqlite3_column_int64(st, 0), sqlite3_column_int64(st, 1)};
    (void)sqlite3_reset(st); /* repeats the code of the step */
    return rc == SQLITE_ROW || rc == SQLITE_DONE ? SQLITE_OK : rc;
}

/* --- four days --------------------------------------------------------------------- */

/* packing - walks over the hours of four days side by side, point by point.
 * rows     at the next block of each hour; NULL = it has no more
 * merged   hours that were folded again, one after the other
 * block    room for what a point's days become */
struct packing {
    struct due due;
    sqlite3_stmt *rows[PACK_HOURS];
    struct pack_hour hours[PACK_HOURS];
    struct block block;
    uint8_t *merged[PACK_HOURS];
};

static const char hour_sql[] = "SELECT key, block FROM hours WHERE key >= ?1 AND key < ?2"
                               " ORDER BY key";

static int step(struct packing *p, unsigned hour)
{
    int rc = sqlite3_step(p->rows[hour]);
    if (rc == SQLITE_ROW)
        return SQLITE_OK;
    (void)sqlite3_finalize(p->rows[hour]); /* repeats the code of the step */
    p->rows[hour] = NULL;
    return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

static int open_hours(struct fold *f, struct packing *p)
{
    int rc = SQLITE_OK;
    for (unsigned i = 0; i < PACK_HOURS && rc == SQLITE_OK; i++) {
        int64_t hour = p->due.period * PACK_HOURS + i;
        rc = sqlite3_prepare_v2(f->db, hour_sql, -1, &p->rows[i], NULL);
        if (rc == SQLITE_OK)
            rc = sqlite3_bind_int64(p->rows[i], 1, fold_hour_key(hour, 0) + p->due.next);
        if (rc == SQLITE_OK)
            rc = sqlite3_bind_int64(p->rows[i], 2, fold_hour_key(hour + 1, 0));
        if (rc == SQLITE_OK)
            rc = step(p, i);
    }
    return rc;
}

static uint32_t point_of(sqlite3_stmt *row)
{
    return (uint32_t)sqlite3_column_int64(row, 0);
}

/* The least point that any hour has next; false: none has. */
static bool next_point(const struct packing *p, uint32_t *ret)
{
    bool is_any = false;
    for (unsigned i = 0; i < PACK_HOURS; i++)
        if (p->rows[i] && (!is_any || point_of(p->rows[i]) < *ret)) {
            *ret = point_of(p->rows[i]);
            is_any = true;
        }
    return is_any;
}

/* An hour that was folded again, over what the pack has of it. */
static int take_hour(struct packing *p, unsigned hour)
{
    struct block_reader older;
    struct block_reader newer;
    sqlite3_stmt *row = p->rows[hour];
    const struct pack_hour fresh = {sqlite3_column_blob(row, 1),
                                    (size_t)sqlite3_column_bytes(row, 1)};
    struct pack_hour *kept = &p->hours[hour];
    if (kept->size == 0) {
        *kept = fresh;
        return SQLITE_OK;
    }
    block_open(&older, kept->bytes, kept->size, TALLY_MINUTE_MS, TALLY_MINUTES);
    block_open(&newer, fresh.bytes, fresh.size, TALLY_MINUTE_MS, TALLY_MINUTES);
    block_merge(&older, &newer, &p->block);
    p->merged[hour] = malloc(p->block.pen.used);
    if (!p->merged[hour])
        return SQLITE_NOMEM;
    memcpy(p->merged[hour], p->block.bytes, p->block.pen.used);
    *kept = (struct pack_hour){p->merged[hour], p->block.pen.used};
    return SQLITE_OK;
}

static int put_pack(struct fold *f, struct packing *p, int64_t key)
{
    uint8_t *bytes = malloc(pack_size(p->hours));
    if (!bytes)
        return SQLITE_NOMEM;
    size_t size = pack_write(p->hours, bytes);
    int rc =
        statement_run(f->statements[PUT_MINUTES], "ib", key, (const void *)bytes, size);
    free(bytes);
    pack_quarters(p->hours, &p->block);
    if (rc == SQLITE_OK)
        rc = statement_run(f->statements[PUT_QUARTERS], "ib", key,
                           (const void *)p->block.bytes, (size_t)p->block.pen.used);
    return rc;
}

static void forget_merged(struct packing *p)
{
    for (unsigned i = 0; i < PACK_HOURS; i++) {
        free(p->merged[i]);
        p->merged[i] = NULL;
    }
}

static int pack_point(struct fold *f, struct packing *p, uint32_t point)
{
    bool has_row[PACK_HOURS];
    sqlite3_stmt *get = f->statements[GET_MINUTES];
    int64_t key = fold_key(point, p->due.period);
    int rc = statement_row(get, "i", key);
    if (rc != SQLITE_ROW && rc != SQLITE_DONE)
        return rc;
    pack_read(sqlite3_column_blob(get, 0), (size_t)sqlite3_column_bytes(get, 0),
              p->hours);
    rc = SQLITE_OK;
    for (unsigned i = 0; i < PACK_HOURS && rc == SQLITE_OK; i++) {
        has_row[i] = p->rows[i] && point_of(p->rows[i]) == point;
        if (has_row[i])
            rc = take_hour(p, i);
    }
    if (rc == SQLITE_OK)
        rc = put_pack(f, p, key);
    (void)sqlite3_reset(get); /* its row was read */
    forget_merged(p);
    for (unsigned i = 0; i < PACK_HOURS && rc == SQLITE_OK; i++)
        if (has_row[i])
            rc = step(p, i);
    return rc;
}

static int set_next(struct fold *f, enum fold_level level, const struct due *due)
{
    return statement_run(f->statements[SET_NEXT], "iii", (int64_t)level, due->period,
                         due->next);
}

static int pack_points(struct fold *f, void *ctx)
{
    struct packing *p = ctx;
    uint32_t point = 0;
    int rc = open_hours(f, p);
    bool is_any = rc == SQLITE_OK && next_point(p, &point);
    for (unsigned i = 0; i < PACK_POINTS && rc == SQLITE_OK && is_any; i++) {
        rc = pack_point(f, p, point);
        is_any = next_point(p, &point);
    }
    statements_finalize(p->rows, PACK_HOURS);
    p->due.next = is_any ? point : NEXT_NONE;
    return rc == SQLITE_OK ? set_next(f, FOLD_PACK, &p->due) : rc;
}

/* The 32 days of the school's zone that it is part of. */
static int finish_pack(struct fold *f, int64_t pack)
{
    static const int64_t pack_ms = PACK_DAYS * DAY_MS;
    static const int64_t days_ms = FOLD_DAYS_OF_BLOCK * DAY_MS;
    int64_t first = (pack * pack_ms + f->offset_ms) / days_ms;
    int64_t last = ((pack + 1) * pack_ms - 1 + f->offset_ms) / days_ms;
    int rc = statement_run(f->statements[FOLDED], "ii", (int64_t)FOLD_PACK, pack);
    for (int64_t days = first; days <= last && rc == SQLITE_OK; days++)
        rc = statement_run(f->statements[MARK], "ii", (int64_t)FOLD_DAYS, days);
    return rc;
}

static int forget_hours(struct fold *f, void *ctx)
{
    const int64_t pack = *(const int64_t *)ctx;
    int64_t hour = pack * PACK_HOURS;
    int rc = statement_run(f->statements[FORGET_HOURS], "iii", fold_hour_key(hour, 0),
                           fold_hour_key(hour + PACK_HOURS, 0), (int64_t)HOURS_ROWS);
    if (rc == SQLITE_OK && sqlite3_changes(f->db) == 0)
        rc = finish_pack(f, pack);
    return rc;
}

static int fold_pack(struct fold *f, struct due due)
{
    if (due.next >= NEXT_NONE) {
        database_delete_lightly(f->db, true);
        int rc = fold_rows(f, forget_hours, &due.period);
        database_delete_lightly(f->db, false);
        return rc;
    }
    struct packing *p = calloc(1, sizeof(*p));
    if (!p)
        return SQLITE_NOMEM;
    p->due = due;
    int rc = fold_rows(f, pack_points, p);
    free(p);
    return rc;
}

/* --- 32 days ---------------------------------------------------------------------- */

/* days - sums: of one point's quarters. */
struct days {
    struct fold *fold;
    struct due due;
    struct aggregate sums[FOLD_DAYS_OF_BLOCK];
    struct block block;
    struct block merged;
};

enum { NEXT_POINT, POINT_ROWS, GET_DAYS, PUT_DAYS, DAYS_STATEMENTS };

static const char *const days_sql[DAYS_STATEMENTS] = {
    [NEXT_POINT] = "SELECT key >> 24 FROM quarters WHERE key >= ?1 LIMIT 1",
    [POINT_ROWS] =
        "SELECT key, block FROM quarters WHERE key BETWEEN ? AND ? ORDER BY key",
    [GET_DAYS] = "SELECT block FROM days WHERE key = ?1",
    [PUT_DAYS] = "INSERT OR REPLACE INTO days VALUES (?1, ?2)",
};

static void add_quarters(struct days *d, sqlite3_stmt *row)
{
    struct block_reader r;
    struct aggregate a;
    unsigned quarter = 0;
    int64_t pack = sqlite3_column_int64(row, 0) & ((1 << 24) - 1);
    int64_t begin_ms = d->due.period * FOLD_DAYS_OF_BLOCK * DAY_MS - d->fold->offset_ms;
    block_open(&r, sqlite3_column_blob(row, 1), (size_t)sqlite3_column_bytes(row, 1),
               QUARTER_MS, PACK_QUARTERS);
    while (block_next(&r, &quarter, &a)) {
        int64_t since_ms =
            pack * PACK_DAYS * DAY_MS + (int64_t)quarter * QUARTER_MS - begin_ms;
        if (since_ms >= 0 && since_ms < (int64_t)FOLD_DAYS_OF_BLOCK * DAY_MS)
            aggregate_add(&d->sums[since_ms / DAY_MS], &a);
    }
}

static int sum_point(struct days *d, sqlite3_stmt *rows, uint32_t point)
{
    int64_t first = d->due.period * FOLD_DAYS_OF_BLOCK / PACK_DAYS - 1;
    int64_t last = first + FOLD_DAYS_OF_BLOCK / PACK_DAYS + 1;
    for (unsigned i = 0; i < FOLD_DAYS_OF_BLOCK; i++)
        d->sums[i] = aggregate_none();
    int rc = statement_row(rows, "ii", fold_key(point, first), fold_key(point, last));
    for (; rc == SQLITE_ROW; rc = sqlite3_step(rows))
        add_quarters(d, rows);
    (void)sqlite3_reset(rows); /* repeats the code of the step */
    block_begin(&d->block, DAY_MS);
    for (unsigned i = 0; i < FOLD_DAYS_OF_BLOCK; i++)
        block_add(&d->block, i, &d->sums[i]);
    return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

/* Quarters may be gone that an earlier folding had. */
static int put_days(struct days *d, sqlite3_stmt **st, uint32_t point)
{
    struct block_reader older;
    struct block_reader newer;
    int64_t key = fold_key(point, d->due.period);
    int rc = statement_row(st[GET_DAYS], "i", key);
    block_open(&older, sqlite3_column_blob(st[GET_DAYS], 0),
               (size_t)sqlite3_column_bytes(st[GET_DAYS], 0), DAY_MS, FOLD_DAYS_OF_BLOCK);
    block_open(&newer, d->block.bytes, d->block.pen.used, DAY_MS, FOLD_DAYS_OF_BLOCK);
    block_merge(&older, &newer, &d->merged);
    (void)sqlite3_reset(st[GET_DAYS]); /* repeats the code of the step */
    if (rc != SQLITE_ROW && rc != SQLITE_DONE)
        return rc;
    return d->merged.pen.next == 0
               ? SQLITE_OK
               : statement_run(st[PUT_DAYS], "ib", key, (const void *)d->merged.bytes,
                               (size_t)d->merged.pen.used);
}

static int sum_points(struct fold *f, struct days *d, sqlite3_stmt **st)
{
    int rc = SQLITE_OK;
    for (unsigned i = 0; i < DAYS_POINTS && rc == SQLITE_OK; i++) {
        rc = statement_row(st[NEXT_POINT], "i", d->due.next << 24);
        int64_t point = rc == SQLITE_ROW ? sqlite3_column_int64(st[NEXT_POINT], 0) : 0;
        (void)sqlite3_reset(st[NEXT_POINT]); /* repeats the code of the step */
        if (rc == SQLITE_DONE)
            return statement_run(f->statements[FOLDED], "ii", (int64_t)FOLD_DAYS,
                                 d->due.period);
        if (rc == SQLITE_ROW)
            rc = sum_point(d, st[POINT_ROWS], (uint32_t)point);
        if (rc == SQLITE_OK)
            rc = put_days(d, st, (uint32_t)point);
        d->due.next = point + 1;
    }
    return rc == SQLITE_OK ? set_next(f, FOLD_DAYS, &d->due) : rc;
}

static int fold_some_days(struct fold *f, void *ctx)
{
    sqlite3_stmt *st[DAYS_STATEMENTS] = {0};
    int rc = statements_prepare(f->db, days_sql, st, DAYS_STATEMENTS);
    if (rc == SQLITE_OK)
        rc = sum_points(f, ctx, st);
    statements_finalize(st, DAYS_STATEMENTS);
    return rc;
}

static int fold_days(struct fold *f, struct due due)
{
    struct days *d = calloc(1, sizeof(*d));
    if (!d)
        return SQLITE_NOMEM;
    d->fold = f;
    d->due = due;
    int rc = fold_rows(f, fold_some_days, d);
    free(d);
    return rc;
}

int fold_days_step(struct fold *f, int64_t now_ms, bool *ret_more)
{
    int64_t pack = now_ms / (PACK_DAYS * DAY_MS);
    struct due due;
    int rc = find_due(f->statements[DUE_PACK], pack, &due, ret_more);
    if (rc != SQLITE_OK)
        return rc;
    if (*ret_more)
        return fold_pack(f, due);
    rc = find_due(f->statements[DUE_DAYS], pack, &due, ret_more);
    return rc == SQLITE_OK && *ret_more ? fold_days(f, due) : rc;
}

/* --- after a salvage ---------------------------------------------------------------- */

/* Which hours nobody has folded stood on one page: the log's last, and what hours are of.
 * Hours that come back although their days were packed are older than these. */
static const char salvaged_sql[] =
    "INSERT OR IGNORE INTO unfolded (level, period) SELECT 0, hour - back FROM"
    " (SELECT max(key) / 4096 / 3600000 AS hour FROM readings), (SELECT 0 AS back"
    "  UNION SELECT 1 UNION SELECT 2) WHERE hour > 455832;"
    "DELETE FROM hours WHERE EXISTS (SELECT 1 FROM minutes WHERE"
    " minutes.key = ((hours.key & (1 << 32) - 1) << 24) + (hours.key >> 32) / 96);"
    "INSERT OR IGNORE INTO unfolded (level, period)"
    " SELECT DISTINCT 1, (key >> 32) / 96 FROM hours;";

int fold_salvaged(sqlite3 *db)
{
    return sqlite3_exec(db, salvaged_sql, NULL, NULL, NULL);
}
