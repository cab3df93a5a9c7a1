#include "ingest/stock_store.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "ingest/range_set.h"

/* Runs of numbers first: as single ones a stream of millions would be as many ranges. */
static const char each_stream[] =
    "WITH numbered AS (SELECT gateway, epoch, seq, seq - row_number()"
    " OVER (PARTITION BY gateway, epoch ORDER BY seq) AS run FROM messages),"
    " runs AS (SELECT gateway, epoch, int8range(min(seq), max(seq) + 1) AS run"
    " FROM numbered GROUP BY gateway, epoch, run),"
    " stored AS (SELECT gateway, epoch, range_agg(run) AS there FROM runs"
    " GROUP BY gateway, epoch)"
    " SELECT gateway, epoch, coalesce(ranges, '{}'), coalesce(there, '{}')"
    " FROM streams FULL JOIN stored USING (gateway, epoch) ORDER BY 1, 2";

static const char each_letter[] =
    "SELECT topic, payload FROM dead_letters WHERE fault NOT LIKE 'conflict: %'";

static const char forget_rows[] =
    "WITH left_over AS (SELECT gateway, epoch, ranges - $3::int8multirange AS ranges,"
    " (SELECT count(*) FROM messages m WHERE m.gateway = s.gateway"
    " AND m.epoch = s.epoch) AS rows FROM streams s WHERE gateway = $1 AND epoch = $2)"
    " UPDATE streams s SET ranges = l.ranges, rows = l.rows,"
    " letters = (SELECT coalesce(sum(upper(r) - lower(r)), 0) FROM unnest(l.ranges) r)"
    " - l.rows FROM left_over l WHERE s.gateway = l.gateway AND s.epoch = l.epoch";

static int no_memory(struct gw_error *err)
{
    return gw_fail(err, -ENOMEM, "archive: out of memory");
}

static int tell(const PGresult *rows, int i, const struct archive_stock *stock)
{
    struct archive_key key = {.gateway = PQgetvalue(rows, i, 0),
                              .epoch = strtoull(PQgetvalue(rows, i, 1), NULL, 10)};
    struct range_set counted = {0};
    struct range_set there = {0};
    int r = range_set_read(&counted, PQgetvalue(rows, i, 2));
    if (r == 0)
        r = range_set_read(&there, PQgetvalue(rows, i, 3));
    if (r == 0)
        r = stock->stream(stock->ctx, &key, &counted, &there);
    range_set_clear(&counted);
    range_set_clear(&there);
    return r;
}

static int tell_streams(struct postgres *p, const struct archive_stock *stock,
                        struct gw_error *err)
{
    PGresult *rows = NULL;
    int r = postgres_ask(p, each_stream, NULL, 0, &rows, err);
    for (int i = 0; r == 0 && i < PQntuples(rows); i++) {
        r = tell(rows, i, stock);
        if (r == -EINVAL)
            r = gw_fail(err, -EIO, "archive: ranges of %s", PQgetvalue(rows, i, 0));
        else if (r < 0)
            r = no_memory(err);
    }
    PQclear(rows);
    return r;
}

static int tell_letters(struct postgres *p, const struct archive_stock *stock,
                        struct gw_error *err)
{
    PGresult *rows = NULL;
    int r = postgres_ask(p, each_letter, NULL, 0, &rows, err);
    for (int i = 0; r == 0 && i < PQntuples(rows); i++) {
        size_t size = 0;
        unsigned char *payload =
            PQunescapeBytea((const unsigned char *)PQgetvalue(rows, i, 1), &size);
        if (!payload
            || stock->letter(stock->ctx, PQgetvalue(rows, i, 0), payload, size) < 0)
            r = no_memory(err);
        PQfreemem(payload);
    }
    PQclear(rows);
    return r;
}

int stock_store_each(struct postgres *p, const struct archive_stock *stock,
                     struct gw_error *err)
{
    int r = postgres_run(p, "BEGIN ISOLATION LEVEL REPEATABLE READ", err);
    if (r == 0)
        r = tell_letters(p, stock, err);
    if (r == 0)
        r = tell_streams(p, stock, err);
    postgres_abandon(p); /* nothing was written */
    return r;
}

int stock_store_forget(struct postgres *p, const struct archive_key *key,
                       const struct range_set *rows, struct gw_error *err)
{
    char epoch[24];
    struct strbuf text = {0};
    (void)snprintf(epoch, sizeof(epoch), "%" PRIu64, key->epoch);
    range_set_write(rows, &text);
    const char *const values[] = {key->gateway, epoch, text.text};
    int r =
        text.has_failed ? no_memory(err) : postgres_do(p, forget_rows, values, 3, err);
    strbuf_free(&text);
    return r;
}
