#include "ingest/stream_store.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ingest/array_text.h"

static const char put_streams[] =
    "INSERT INTO streams AS s (gateway, epoch, ranges, rows, letters, first_at, last_at)"
    " SELECT u.*, $6::timestamptz, $6::timestamptz"
    " FROM unnest($1::text[], $2::int8[], $3::int8multirange[], $4::int8[], $5::int8[])"
    " AS u (gateway, epoch, ranges, rows, letters)"
    " ON CONFLICT (gateway, epoch) DO UPDATE SET ranges = excluded.ranges,"
    " rows = s.rows + excluded.rows, letters = s.letters + excluded.letters,"
    " last_at = excluded.last_at";

static int no_memory(struct gw_error *err)
{
    return gw_fail(err, -ENOMEM, "archive: out of memory");
}

static int compare_locks(const void *a, const void *b)
{
    const int64_t *x = a;
    const int64_t *y = b;
    return *x < *y ? -1 : *x > *y;
}

/* A lock a gateway until the end of the transaction, everybody's in the same order. */
static int lock_gateways(struct postgres *p, const struct archive_batch *batch,
                         struct gw_error *err)
{
    int64_t *locks = malloc((batch->count + 1) * sizeof(*locks));
    struct strbuf list = {0};
    if (!locks)
        return no_memory(err);
    for (size_t i = 0; i < batch->count; i++)
        locks[i] = (int64_t)hash_bytes(batch->gateways[i], strlen(batch->gateways[i]));
    qsort(locks, batch->count, sizeof(*locks), compare_locks);
    for (size_t i = 0; i < batch->count; i++)
        array_text_add_number(&list, locks[i]);
    array_text_end(&list);
    free(locks);
    const char *const values[] = {list.text};
    int r =
        list.has_failed
            ? no_memory(err)
            : postgres_do(p, "SELECT pg_advisory_xact_lock(k) FROM unnest($1::int8[]) k",
                          values, 1, err);
    strbuf_free(&list);
    return r;
}

static int take_stream(struct stream_table *ret, const PGresult *rows, int i,
                       struct gw_error *err)
{
    struct archive_key key = {.gateway = PQgetvalue(rows, i, 0),
                              .epoch = strtoull(PQgetvalue(rows, i, 1), NULL, 10)};
    struct stream *stream = stream_table_make(ret, &key);
    int r = stream ? range_set_read(&stream->ranges, PQgetvalue(rows, i, 2)) : -ENOMEM;
    if (r == -ENOMEM)
        return no_memory(err);
    return r == 0 ? 0
                  : gw_fail(err, -EIO, "archive: %s/%" PRIu64 ": ranges '%.80s'",
                            key.gateway, key.epoch, PQgetvalue(rows, i, 2));
}

static int load(struct postgres *p, const struct archive_batch *batch,
                struct stream_table *ret, struct gw_error *err)
{
    struct strbuf list = {0};
    for (size_t i = 0; i < batch->count; i++)
        array_text_add(&list, batch->gateways[i]);
    array_text_end(&list);
    const char *const values[] = {list.text};
    PGresult *rows = NULL;
    int r = list.has_failed ? no_memory(err)
                            : postgres_ask(p,
                                           "SELECT gateway, epoch, ranges FROM streams"
                                           " WHERE gateway = ANY ($1::text[])",
                                           values, 1, &rows, err);
    for (int i = 0; r == 0 && i < PQntuples(rows); i++)
        r = take_stream(ret, rows, i, err);
    PQclear(rows);
    strbuf_free(&list);
    return r;
}

static void add_stream(const struct stream *stream, struct strbuf lists[5])
{
    struct strbuf ranges = {0};
    range_set_write(&stream->ranges, &ranges);
    array_text_add(&lists[0], stream->gateway);
    array_text_add_number(&lists[1], (int64_t)stream->epoch);
    array_text_add(&lists[2], ranges.text ? ranges.text : "");
    array_text_add_number(&lists[3], (int64_t)stream->rows);
    array_text_add_number(&lists[4], (int64_t)stream->letters);
    lists[2].has_failed |= ranges.has_failed;
    strbuf_free(&ranges);
}

int stream_store_write(struct postgres *p, const struct stream_table *streams,
                       const char *time, struct gw_error *err)
{
    struct strbuf lists[5] = {{0}};
    const char *values[6] = {[5] = time};
    bool has_failed = false;
    for (size_t i = 0; i < streams->count; i++)
        if (streams->items[i].rows + streams->items[i].letters > 0)
            add_stream(&streams->items[i], lists);
    bool is_changed = lists[0].used > 0;
    for (size_t i = 0; i < 5; i++) {
        array_text_end(&lists[i]);
        values[i] = lists[i].text;
        has_failed = has_failed || lists[i].has_failed;
    }
    int r = has_failed ? no_memory(err) : 0;
    if (r == 0 && is_changed)
        r = postgres_do(p, put_streams, values, 6, err);
    for (size_t i = 0; i < 5; i++)
        strbuf_free(&lists[i]);
    return r;
}

int stream_store_load(struct postgres *p, const struct archive_batch *batch,
                      struct stream_table *ret, struct gw_error *err)
{
    if (batch->count == 0)
        return 0;
    int r = lock_gateways(p, batch, err);
    return r == 0 ? load(p, batch, ret, err) : r;
}

int stream_store_ask(struct postgres *p, const struct archive_key *key,
                     struct range_set *ret, struct gw_error *err)
{
    char epoch[24];
    (void)snprintf(epoch, sizeof(epoch), "%" PRIu64, key->epoch);
    const char *const values[] = {key->gateway, epoch};
    PGresult *rows = NULL;
    int r =
        postgres_ask(p, "SELECT ranges FROM streams WHERE gateway = $1 AND epoch = $2",
                     values, 2, &rows, err);
    if (r == 0 && PQntuples(rows) > 0)
        r = range_set_read(ret, PQgetvalue(rows, 0, 0)) == 0 ? 0 : no_memory(err);
    PQclear(rows);
    return r;
}
