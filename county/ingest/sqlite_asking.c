#include "ingest/sqlite_asking.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

/* What is accounted for up to the highest row seen, there or gone, in order. */
static const char each_range[] =
    "SELECT gateway, epoch, first, last FROM ranges WHERE ?1 IS NULL OR gateway = ?1"
    " UNION ALL SELECT gateway, epoch, first, last FROM gone g"
    " WHERE (?1 IS NULL OR gateway = ?1) AND first < (SELECT max(first) FROM ranges r"
    " WHERE r.gateway = g.gateway AND r.epoch = g.epoch) ORDER BY 1, 2, 3";

static const char find_request[] =
    "SELECT noticed, noticed_us, asked, asked_us, wait_us FROM requests"
    " WHERE gateway = ?1 AND epoch = ?2";

/* By the newest row and by what it says of itself, of which a last will is no word. */
static const char find_heard[] =
    "SELECT max(coalesce((SELECT received_us FROM messages WHERE gateway = ?1"
    " AND epoch = ?2 ORDER BY seq DESC LIMIT 1), 0), coalesce((SELECT max(received_us) "
    "FROM presence WHERE gateway = ?1"
    " AND json_extract(body, '$.data.status') IS NOT 'offline'), 0)),"
    " EXISTS (SELECT 1 FROM presence WHERE gateway = ?1 AND topic = 'state'"
    " AND json_extract(body, '$.data.status') = 'offline')";

static const char put_request[] =
    "INSERT OR REPLACE INTO requests (gateway, epoch, noticed, noticed_us, asked,"
    " asked_us, wait_us) VALUES (?1,?2,?3,?4,?5,?6,?7)";

static const char drop_request[] =
    "DELETE FROM requests WHERE gateway = ?1 AND epoch = ?2";

static const char next_command[] =
    "UPDATE commands SET seq = max(seq + 1, ?1) RETURNING seq";

static const char each_gone[] =
    "SELECT first, last FROM gone WHERE gateway = ?1 AND epoch = ?2";
static const char clear_gone[] = "DELETE FROM gone WHERE gateway = ?1 AND epoch = ?2";
static const char put_gone[] =
    "INSERT INTO gone (gateway, epoch, first, last) VALUES (?1,?2,?3,?4)";

/* Of what was named as gone some may have come all the same. */
static const char count_gone[] =
    "SELECT (SELECT coalesce(sum(last - first + 1), 0) FROM gone)"
    " - coalesce(sum(min(g.last, r.last) - max(g.first, r.first) + 1), 0)"
    " FROM gone g JOIN ranges r ON r.gateway = g.gateway AND r.epoch = g.epoch"
    " AND r.first <= g.last AND r.last >= g.first";

static int fail(sqlite3 *db, struct gw_error *err)
{
    int code = sqlite3_errcode(db) == SQLITE_FULL ? -ENOSPC : -EIO;
    return gw_fail(err, code, "archive: %s", sqlite3_errmsg(db));
}

static int no_memory(struct gw_error *err)
{
    return gw_fail(err, -ENOMEM, "archive: out of memory");
}

static int prepare(sqlite3 *db, const char *sql, const char *gateway, uint64_t epoch,
                   sqlite3_stmt **ret, struct gw_error *err)
{
    if (sqlite3_prepare_v2(db, sql, -1, ret, NULL) != SQLITE_OK)
        return fail(db, err);
    (void)sqlite3_bind_text(*ret, 1, gateway, -1, SQLITE_STATIC);
    (void)sqlite3_bind_int64(*ret, 2, (sqlite3_int64)epoch); /* where there is one */
    return 0;
}

/* Runs a statement without rows to its end, and finalizes it. */
static int finish(sqlite3 *db, sqlite3_stmt *s, struct gw_error *err)
{
    int r = sqlite3_step(s) == SQLITE_DONE ? 0 : fail(db, err);
    (void)sqlite3_finalize(s);
    return r;
}

static uint64_t number_at(sqlite3_stmt *s, int column)
{
    return (uint64_t)sqlite3_column_int64(s, column);
}

static const char *text_at(sqlite3_stmt *s, int column)
{
    const char *text = (const char *)sqlite3_column_text(s, column);
    return text ? text : "";
}

/* The holes of one stream after the other, whose ranges come in order. */
static int take_range(sqlite3_stmt *s, struct asking_list *list, uint64_t *next)
{
    struct archive_range range = {number_at(s, 2), number_at(s, 3)};
    struct asking *a = list->count > 0 ? &list->items[list->count - 1] : NULL;
    if (!a || strcmp(a->gateway, text_at(s, 0)) != 0 || a->epoch != number_at(s, 1)) {
        a = asking_list_add(list);
        if (!a)
            return -ENOMEM;
        (void)snprintf(a->gateway, sizeof(a->gateway), "%s", text_at(s, 0));
        a->epoch = number_at(s, 1);
        *next = 1;
    }
    int r = 0;
    if (range.from > *next)
        r = range_set_join(&a->holes, (struct archive_range){*next, range.from - 1});
    if (range.to >= *next)
        *next = range.to + 1;
    return r;
}

static int load_holes(sqlite3 *db, const char *gateway, struct asking_list *ret,
                      struct gw_error *err)
{
    sqlite3_stmt *s = NULL;
    uint64_t next = 1;
    int r = prepare(db, each_range, gateway, 0, &s, err);
    int step = SQLITE_DONE;
    while (r == 0 && (step = sqlite3_step(s)) == SQLITE_ROW)
        if (take_range(s, ret, &next) < 0)
            r = no_memory(err);
    if (r == 0 && step != SQLITE_DONE)
        r = fail(db, err);
    (void)sqlite3_finalize(s);
    return r;
}

/* @s: find_request */
static int load_request(sqlite3 *db, sqlite3_stmt *s, struct asking *a,
                        struct gw_error *err)
{
    int r = 0;
    (void)sqlite3_reset(s);
    (void)sqlite3_bind_text(s, 1, a->gateway, -1, SQLITE_TRANSIENT);
    (void)sqlite3_bind_int64(s, 2, (sqlite3_int64)a->epoch);
    int step = sqlite3_step(s);
    if (step == SQLITE_ROW) {
        if (range_set_read(&a->noticed, text_at(s, 0)) < 0
            || range_set_read(&a->asked, text_at(s, 2)) < 0)
            r = gw_fail(err, -EIO, "archive: requests of %s cannot be read", a->gateway);
        a->noticed_us = sqlite3_column_int64(s, 1);
        a->asked_us = sqlite3_column_int64(s, 3);
        a->wait_us = sqlite3_column_int64(s, 4);
    } else if (step != SQLITE_DONE) {
        r = fail(db, err);
    }
    return r;
}

static int load_heard(sqlite3 *db, struct asking *a, struct gw_error *err)
{
    sqlite3_stmt *s = NULL;
    int r = prepare(db, find_heard, a->gateway, a->epoch, &s, err);
    if (r == 0 && sqlite3_step(s) != SQLITE_ROW)
        r = fail(db, err);
    if (r == 0) {
        a->heard_us = sqlite3_column_int64(s, 0);
        a->is_away = sqlite3_column_int(s, 1) != 0;
    }
    (void)sqlite3_finalize(s);
    return r;
}

int sqlite_asking_load(sqlite3 *db, const char *gateway, struct asking_list *ret,
                       struct gw_error *err)
{
    size_t kept = 0;
    sqlite3_stmt *s = NULL;
    int r = load_holes(db, gateway, ret, err);
    if (r == 0)
        r = prepare(db, find_request, NULL, 0, &s, err);
    for (size_t i = 0; r == 0 && i < ret->count; i++) {
        struct asking *a = &ret->items[i];
        r = load_request(db, s, a, err);
        if (r < 0 || (a->holes.count == 0 && asking_is_over(a)))
            continue; /* holds no memory */
        r = load_heard(db, a, err);
        struct asking taken = *a;
        ret->items[i] = ret->items[kept];
        ret->items[kept++] = taken;
    }
    (void)sqlite3_finalize(s);
    if (r == 0)
        ret->count = kept;
    return r;
}

int sqlite_asking_write(sqlite3 *db, const struct asking *a, struct gw_error *err)
{
    sqlite3_stmt *s = NULL;
    bool is_over = asking_is_over(a);
    int r =
        prepare(db, is_over ? drop_request : put_request, a->gateway, a->epoch, &s, err);
    if (r < 0 || is_over)
        return r < 0 ? r : finish(db, s, err);
    struct strbuf noticed = {0}, asked = {0};
    range_set_write(&a->noticed, &noticed);
    range_set_write(&a->asked, &asked);
    (void)sqlite3_bind_text(s, 3, noticed.text, -1, SQLITE_STATIC);
    (void)sqlite3_bind_int64(s, 4, a->noticed_us);
    (void)sqlite3_bind_text(s, 5, asked.text, -1, SQLITE_STATIC);
    (void)sqlite3_bind_int64(s, 6, a->asked_us);
    (void)sqlite3_bind_int64(s, 7, a->wait_us);
    r = finish(db, s, err);
    strbuf_free(&noticed);
    strbuf_free(&asked);
    return r;
}

int sqlite_asking_command(sqlite3 *db, uint64_t *ret, struct gw_error *err)
{
    sqlite3_stmt *s = NULL;
    int r = prepare(db, next_command, NULL, 0, &s, err);
    if (r == 0) {
        (void)sqlite3_bind_int64(s, 1, clock_school_us() / 1000);
        r = sqlite3_step(s) == SQLITE_ROW ? 0 : fail(db, err);
    }
    if (r == 0)
        *ret = number_at(s, 0);
    (void)sqlite3_finalize(s);
    return r;
}

static int load_gone(sqlite3 *db, const struct archive_key *key, struct range_set *ret,
                     struct gw_error *err)
{
    sqlite3_stmt *s = NULL;
    int r = prepare(db, each_gone, key->gateway, key->epoch, &s, err);
    int step = SQLITE_DONE;
    while (r == 0 && (step = sqlite3_step(s)) == SQLITE_ROW)
        if (range_set_join(ret, (struct archive_range){number_at(s, 0), number_at(s, 1)})
            < 0)
            r = no_memory(err);
    if (r == 0 && step != SQLITE_DONE)
        r = fail(db, err);
    (void)sqlite3_finalize(s);
    return r;
}

static int put_range(sqlite3 *db, const struct archive_key *key,
                     struct archive_range range, struct gw_error *err)
{
    sqlite3_stmt *s = NULL;
    int r = prepare(db, put_gone, key->gateway, key->epoch, &s, err);
    if (r < 0)
        return r;
    (void)sqlite3_bind_int64(s, 3, (sqlite3_int64)range.from);
    (void)sqlite3_bind_int64(s, 4, (sqlite3_int64)range.to);
    return finish(db, s, err);
}

int sqlite_asking_gone(sqlite3 *db, const struct archive_key *key,
                       const struct range_set *ranges, struct gw_error *err)
{
    struct range_set all = {0};
    sqlite3_stmt *s = NULL;
    int r = load_gone(db, key, &all, err);
    for (size_t i = 0; r == 0 && i < ranges->count; i++)
        if (range_set_join(&all, ranges->items[i]) < 0)
            r = no_memory(err);
    if (r == 0)
        r = prepare(db, clear_gone, key->gateway, key->epoch, &s, err);
    if (r == 0)
        r = finish(db, s, err);
    for (size_t i = 0; r == 0 && i < all.count; i++)
        r = put_range(db, key, all.items[i], err);
    range_set_clear(&all);
    return r;
}

static int count_stream(const struct asking *a, struct archive_counts *ret)
{
    struct range_set asked = {0};
    int r = range_set_intersect(&a->asked, &a->holes, &asked);
    ret->gaps += a->holes.count;
    ret->missing += range_set_rows(&a->holes);
    ret->asked += range_set_rows(&asked);
    range_set_clear(&asked);
    return r;
}

int sqlite_asking_count(sqlite3 *db, struct archive_counts *ret, struct gw_error *err)
{
    struct asking_list list = {0};
    sqlite3_stmt *s = NULL;
    int r = sqlite_asking_load(db, NULL, &list, err);
    ret->gaps = ret->missing = ret->asked = ret->gone = 0;
    for (size_t i = 0; r == 0 && i < list.count; i++)
        if (count_stream(&list.items[i], ret) < 0)
            r = no_memory(err);
    asking_list_clear(&list);
    if (r == 0)
        r = prepare(db, count_gone, NULL, 0, &s, err);
    if (r == 0 && sqlite3_step(s) != SQLITE_ROW)
        r = fail(db, err);
    if (r == 0)
        ret->gone = number_at(s, 0);
    (void)sqlite3_finalize(s);
    return r;
}

int sqlite_asking_gaps(sqlite3 *db, archive_gap_each *each, void *ctx,
                       struct archive_counts *ret, struct gw_error *err)
{
    struct asking_list list = {0};
    int r = sqlite_asking_load(db, NULL, &list, err);
    ret->gaps = ret->missing = 0;
    for (size_t i = 0; r == 0 && i < list.count; i++) {
        const struct asking *a = &list.items[i];
        ret->gaps += a->holes.count;
        ret->missing += range_set_rows(&a->holes);
        for (size_t k = 0; each && k < a->holes.count; k++) {
            const struct archive_range *gap = &a->holes.items[k];
            each(ctx, &(struct archive_key){a->gateway, a->epoch, gap->from}, gap);
        }
    }
    asking_list_clear(&list);
    return r;
}
