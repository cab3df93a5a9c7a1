#include "ingest/asking_store.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char load_all[] =
    "SELECT gateway, epoch, missing, noticed, asked, noticed_us, asked_us, wait_s,"
    " heard_us, is_away FROM asking ORDER BY 1, 2";
static const char load_one[] =
    "SELECT gateway, epoch, missing, noticed, asked, noticed_us, asked_us, wait_s,"
    " heard_us, is_away FROM asking WHERE gateway = $1 ORDER BY 1, 2";

static const char put_request[] =
    "INSERT INTO requests (gateway, epoch, noticed, noticed_at, asked, asked_at, wait_s)"
    " VALUES ($1, $2, $3, to_timestamp($4::float8 / 1e6), $5,"
    " to_timestamp($6::float8 / 1e6), $7) ON CONFLICT (gateway, epoch) DO UPDATE SET"
    " noticed = excluded.noticed, noticed_at = excluded.noticed_at,"
    " asked = excluded.asked, asked_at = excluded.asked_at, wait_s = excluded.wait_s";

static const char drop_request[] =
    "DELETE FROM requests WHERE gateway = $1 AND epoch = $2";

static const char next_command[] =
    "UPDATE commands SET seq = greatest(seq + 1,"
    " (extract(epoch FROM clock_timestamp()) * 1000)::bigint) RETURNING seq";

static int no_memory(struct gw_error *err)
{
    return gw_fail(err, -ENOMEM, "archive: out of memory");
}

static int read_set(const PGresult *rows, int i, int column, struct range_set *ret,
                    struct gw_error *err)
{
    const char *text = PQgetvalue(rows, i, column);
    int r = *text ? range_set_read(ret, text) : 0; /* "" = NULL */
    if (r == -ENOMEM)
        return no_memory(err);
    return r == 0 ? 0 : gw_fail(err, -EIO, "archive: ranges '%.80s'", text);
}

static int64_t number_at(const PGresult *rows, int i, int column)
{
    return strtoll(PQgetvalue(rows, i, column), NULL, 10);
}

static int take_row(struct asking *a, const PGresult *rows, int i, struct gw_error *err)
{
    (void)snprintf(a->gateway, sizeof(a->gateway), "%s", PQgetvalue(rows, i, 0));
    a->epoch = (uint64_t)number_at(rows, i, 1);
    a->noticed_us = number_at(rows, i, 5);
    a->asked_us = number_at(rows, i, 6);
    a->wait_us = number_at(rows, i, 7) * 1000000;
    a->heard_us = number_at(rows, i, 8);
    a->is_away = *PQgetvalue(rows, i, 9) == 't';
    int r = read_set(rows, i, 2, &a->holes, err);
    if (r == 0)
        r = read_set(rows, i, 3, &a->noticed, err);
    return r == 0 ? read_set(rows, i, 4, &a->asked, err) : r;
}

int asking_store_load(struct postgres *p, const char *gateway, struct asking_list *ret,
                      struct gw_error *err)
{
    const char *const values[] = {gateway};
    PGresult *rows = NULL;
    int r = postgres_ask(p, gateway ? load_one : load_all, values, gateway ? 1 : 0, &rows,
                         err);
    for (int i = 0; r == 0 && i < PQntuples(rows); i++) {
        struct asking *a = asking_list_add(ret);
        r = a ? take_row(a, rows, i, err) : no_memory(err);
    }
    PQclear(rows);
    return r;
}

static int put(struct postgres *p, const struct asking *a, const char *epoch,
               struct gw_error *err)
{
    char noticed_us[24], asked_us[24], wait_s[24];
    struct strbuf noticed = {0}, asked = {0};
    (void)snprintf(noticed_us, sizeof(noticed_us), "%" PRId64, a->noticed_us);
    (void)snprintf(asked_us, sizeof(asked_us), "%" PRId64, a->asked_us);
    (void)snprintf(wait_s, sizeof(wait_s), "%" PRId64, a->wait_us / 1000000);
    range_set_write(&a->noticed, &noticed);
    range_set_write(&a->asked, &asked);
    const char *const values[] = {a->gateway,   epoch,
                                  noticed.text, a->noticed.count > 0 ? noticed_us : NULL,
                                  asked.text,   a->asked.count > 0 ? asked_us : NULL,
                                  wait_s};
    int r = noticed.has_failed || asked.has_failed
                ? no_memory(err)
                : postgres_do(p, put_request, values, 7, err);
    strbuf_free(&noticed);
    strbuf_free(&asked);
    return r;
}

int asking_store_write(struct postgres *p, const struct asking *asking,
                       struct gw_error *err)
{
    char epoch[24];
    (void)snprintf(epoch, sizeof(epoch), "%" PRIu64, asking->epoch);
    const char *const key[] = {asking->gateway, epoch};
    return asking_is_over(asking) ? postgres_do(p, drop_request, key, 2, err)
                                  : put(p, asking, epoch, err);
}

int asking_store_command(struct postgres *p, uint64_t *ret, struct gw_error *err)
{
    PGresult *rows = NULL;
    int r = postgres_ask(p, next_command, NULL, 0, &rows, err);
    if (r == 0 && PQntuples(rows) != 1)
        r = gw_fail(err, -EIO, "archive: the table commands has %d rows, must be one",
                    PQntuples(rows));
    if (r == 0)
        *ret = (uint64_t)number_at(rows, 0, 0);
    PQclear(rows);
    return r;
}

int asking_store_gaps(struct postgres *p, archive_gap_each *each, void *ctx,
                      struct archive_counts *ret, struct gw_error *err)
{
    PGresult *rows = NULL;
    int r = postgres_ask(p,
                         "SELECT gateway, epoch, first, last FROM gaps"
                         " ORDER BY gateway, epoch, first",
                         NULL, 0, &rows, err);
    ret->gaps = ret->missing = 0;
    for (int i = 0; r == 0 && i < PQntuples(rows); i++) {
        struct archive_range gap = {(uint64_t)number_at(rows, i, 2),
                                    (uint64_t)number_at(rows, i, 3)};
        struct archive_key key = {PQgetvalue(rows, i, 0), (uint64_t)number_at(rows, i, 1),
                                  gap.from};
        ret->gaps++;
        ret->missing += gap.to - gap.from + 1;
        if (each)
            each(ctx, &key, &gap);
    }
    PQclear(rows);
    return r;
}
