#include "ingest/sqlite_stock.h"

#include <errno.h>

#include "ingest/stream_table.h"

static const char each_range[] =
    "SELECT gateway, epoch, first, last FROM ranges ORDER BY 1, 2, 3";
static const char each_row[] =
    "SELECT gateway, epoch, seq, seq FROM messages ORDER BY 1, 2, 3";
static const char each_letter[] =
    "SELECT topic, payload FROM dead_letters WHERE fault NOT LIKE 'conflict: %'";
static const char clear_ranges[] = "DELETE FROM ranges WHERE gateway = ?1 AND epoch = ?2";
static const char put_range[] =
    "INSERT INTO ranges (gateway, epoch, first, last) VALUES (?1,?2,?3,?4)";

static int fail(sqlite3 *db, struct gw_error *err)
{
    int code = sqlite3_errcode(db) == SQLITE_FULL ? -ENOSPC : -EIO;
    return gw_fail(err, code, "archive: %s", sqlite3_errmsg(db));
}

static int no_memory(struct gw_error *err)
{
    return gw_fail(err, -ENOMEM, "archive: out of memory");
}

static int take_range(sqlite3_stmt *s, struct stream_table *ret)
{
    struct archive_key key = {.gateway = (const char *)sqlite3_column_text(s, 0),
                              .epoch = (uint64_t)sqlite3_column_int64(s, 1)};
    struct archive_range range = {(uint64_t)sqlite3_column_int64(s, 2),
                                  (uint64_t)sqlite3_column_int64(s, 3)};
    struct stream *stream = key.gateway ? stream_table_make(ret, &key) : NULL;
    return stream ? range_set_join(&stream->ranges, range) : -ENOMEM;
}

static int load(sqlite3 *db, const char *sql, struct stream_table *ret,
                struct gw_error *err)
{
    sqlite3_stmt *s = NULL;
    int r = 0;
    int step = SQLITE_DONE;
    if (sqlite3_prepare_v2(db, sql, -1, &s, NULL) != SQLITE_OK)
        return fail(db, err);
    while (r == 0 && (step = sqlite3_step(s)) == SQLITE_ROW)
        r = take_range(s, ret);
    if (r < 0)
        r = no_memory(err);
    else if (step != SQLITE_DONE)
        r = fail(db, err);
    (void)sqlite3_finalize(s);
    return r;
}

/* Those of @there that nothing counts come last. */
static int tell(const struct stream_table *counted, const struct stream_table *there,
                const struct archive_stock *stock)
{
    static const struct range_set none = {0};
    int r = 0;
    for (size_t i = 0; r == 0 && i < counted->count; i++) {
        const struct stream *stream = &counted->items[i];
        struct archive_key key = {.gateway = stream->gateway, .epoch = stream->epoch};
        const struct stream *rows = stream_table_find(there, &key);
        r = stock->stream(stock->ctx, &key, &stream->ranges,
                          rows ? &rows->ranges : &none);
    }
    for (size_t i = 0; r == 0 && i < there->count; i++) {
        const struct stream *stream = &there->items[i];
        struct archive_key key = {.gateway = stream->gateway, .epoch = stream->epoch};
        if (!stream_table_find(counted, &key))
            r = stock->stream(stock->ctx, &key, &none, &stream->ranges);
    }
    return r;
}

static int tell_letters(sqlite3 *db, const struct archive_stock *stock,
                        struct gw_error *err)
{
    sqlite3_stmt *s = NULL;
    int r = 0;
    int step = SQLITE_DONE;
    if (sqlite3_prepare_v2(db, each_letter, -1, &s, NULL) != SQLITE_OK)
        return fail(db, err);
    while (r == 0 && (step = sqlite3_step(s)) == SQLITE_ROW)
        r = stock->letter(stock->ctx, (const char *)sqlite3_column_text(s, 0),
                          sqlite3_column_blob(s, 1), (size_t)sqlite3_column_bytes(s, 1));
    if (r < 0)
        r = no_memory(err);
    else if (step != SQLITE_DONE)
        r = fail(db, err);
    (void)sqlite3_finalize(s);
    return r;
}

static int run(sqlite3 *db, const char *sql, struct gw_error *err)
{
    return sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK ? 0 : fail(db, err);
}

int sqlite_stock_each(sqlite3 *db, const struct archive_stock *stock,
                      struct gw_error *err)
{
    struct stream_table counted = {0};
    struct stream_table there = {0};
    int r = run(db, "BEGIN", err); /* all of one moment */
    if (r == 0)
        r = tell_letters(db, stock, err);
    if (r == 0)
        r = load(db, each_range, &counted, err);
    if (r == 0)
        r = load(db, each_row, &there, err);
    (void)sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL); /* nothing was written */
    if (r == 0 && tell(&counted, &there, stock) < 0)
        r = no_memory(err);
    stream_table_clear(&counted);
    stream_table_clear(&there);
    return r;
}

/* Binds what @sql has of a stream and a range, and runs it. */
static int write_range(sqlite3 *db, const char *sql, const struct archive_key *key,
                       const struct archive_range *range, struct gw_error *err)
{
    sqlite3_stmt *s = NULL;
    if (sqlite3_prepare_v2(db, sql, -1, &s, NULL) != SQLITE_OK)
        return fail(db, err);
    (void)sqlite3_bind_text(s, 1, key->gateway, -1, SQLITE_STATIC);
    (void)sqlite3_bind_int64(s, 2, (sqlite3_int64)key->epoch);
    if (range) {
        (void)sqlite3_bind_int64(s, 3, (sqlite3_int64)range->from);
        (void)sqlite3_bind_int64(s, 4, (sqlite3_int64)range->to);
    }
    int r = sqlite3_step(s) == SQLITE_DONE ? 0 : fail(db, err);
    (void)sqlite3_finalize(s);
    return r;
}

int sqlite_stock_forget(sqlite3 *db, const struct archive_key *key,
                        const struct range_set *rows, struct gw_error *err)
{
    struct stream_table counted = {0};
    struct range_set left = {0};
    int r = load(db, each_range, &counted, err);
    const struct stream *stream = r == 0 ? stream_table_find(&counted, key) : NULL;
    if (stream && range_set_subtract(&stream->ranges, rows, &left) < 0)
        r = no_memory(err);
    if (r == 0 && stream)
        r = write_range(db, clear_ranges, key, NULL, err);
    for (size_t i = 0; r == 0 && i < left.count; i++)
        r = write_range(db, put_range, key, &left.items[i], err);
    range_set_clear(&left);
    stream_table_clear(&counted);
    return r;
}
