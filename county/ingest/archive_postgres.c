/* archive_postgres.c - the archive of a county, with as many receivers as it takes.
 *
 * A batch locks the gateways it is about, reads what is there of them, sends the rows
 * that are new as one COPY while the rest is still being judged, and writes the ranges
 * last.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "ingest/archive_kind.h"
#include "ingest/asking_store.h"
#include "ingest/copy_row.h"
#include "ingest/deferred.h"
#include "ingest/month_tables.h"
#include "ingest/repeat_store.h"
#include "ingest/stock_store.h"
#include "ingest/stream_store.h"

enum { CHUNK_BYTES = 64 * 1024 };

static const char copy_messages[] =
    "COPY messages (gateway, epoch, seq, month, topic, type, time, received_at, digest,"
    " body) FROM STDIN (FORMAT binary)";

static const char insert_message[] =
    "INSERT INTO messages (gateway, epoch, seq, month, topic, type, time, received_at,"
    " digest, body) VALUES ($1, $2, $3, date_trunc('month', $4::timestamptz), $5, $6, $7,"
    " $4::timestamptz, $8, $9) ON CONFLICT DO NOTHING";

/* Of two receivers with the same letter the second sees the first one's; nobody waits for
 * a gateway while it holds this lock ("letter" in ASCII). */
static const char lock_letters[] = "SELECT pg_advisory_xact_lock(119178759169394)";

/* Not ON CONFLICT: that would use up an id each time, and trim_letters counts by them. */
static const char insert_letter[] =
    "INSERT INTO dead_letters (topic, received_at, fault, payload, digest)"
    " SELECT $1, $2::timestamptz, $3, $4::bytea, $5::bigint"
    " WHERE NOT EXISTS (SELECT 1 FROM dead_letters WHERE digest = $5::bigint)";

static const char trim_letters[] =
    "DELETE FROM dead_letters WHERE id <= (SELECT max(id) - $1 FROM dead_letters)";

static const char put_presence[] =
    "INSERT INTO presence (gateway, received_at, topic, body) VALUES ($1, $2, $3, $4)"
    " ON CONFLICT (gateway, topic)"
    " DO UPDATE SET received_at = excluded.received_at, body = excluded.body"
    " WHERE presence.body <> excluded.body"; /* a broker repeats what it retained */

static const char put_gone[] =
    "INSERT INTO streams AS s (gateway, epoch, ranges, gone, rows, letters, first_at,"
    " last_at) VALUES ($1, $2, '{}', $3, 0, 0, $4, $4)"
    " ON CONFLICT (gateway, epoch) DO UPDATE SET gone = s.gone + excluded.gone";

/* postgres_archive - streams and deferred are the batch's.
 * rows     of the COPY, not sent yet
 * time_us  received_at of the whole batch, and as text in UTC
 * month    as month_tables_make() keeps it
 * has_letters  among the deferred */
struct postgres_archive {
    struct archive archive;
    struct postgres *postgres;
    struct stream_table streams;
    struct deferred deferred;
    struct strbuf rows;
    int64_t time_us;
    char time[CLOCK_TEXT_MAX];
    int month;
    bool is_copying;
    bool is_careful;
    bool has_letters;
};

static int no_memory(struct gw_error *err)
{
    return gw_fail(err, -ENOMEM, "archive: out of memory");
}

static struct postgres_archive *own(struct archive *archive)
{
    return (struct postgres_archive *)archive;
}

static void forget_batch(struct postgres_archive *a)
{
    deferred_clear(&a->deferred);
    a->has_letters = false;
    a->is_copying = false;
    strbuf_clear(&a->rows);
    stream_table_clear(&a->streams);
}

static void close_database(struct archive *archive)
{
    struct postgres_archive *a = own(archive);
    forget_batch(a);
    strbuf_free(&a->rows);
    postgres_close(a->postgres);
    free(a);
}

static int open_database(const char *address, bool only_reads, struct archive **ret,
                         struct gw_error *err)
{
    struct postgres_archive *a = calloc(1, sizeof(*a));
    if (!a)
        return no_memory(err);
    a->archive.kind = &archive_postgres;
    int r = only_reads ? postgres_open_to_read(address, &a->postgres, err)
                       : postgres_open(address, &a->postgres, err);
    if (r < 0) {
        free(a);
        return r;
    }
    *ret = &a->archive;
    return 0;
}

static int begin(struct archive *archive, const struct archive_batch *batch,
                 struct gw_error *err)
{
    struct postgres_archive *a = own(archive);
    forget_batch(a);
    a->is_careful = batch->is_careful;
    a->time_us = clock_school_us();
    clock_format(a->time_us, 0, a->time);
    int r = postgres_ready(a->postgres, err);
    if (r == 0)
        r = month_tables_make(a->postgres, a->time_us, &a->month, err);
    if (r == 0)
        r = postgres_run(a->postgres, "BEGIN ISOLATION LEVEL READ COMMITTED", err);
    return r == 0 ? stream_store_load(a->postgres, batch, &a->streams, err) : r;
}

/* The stream of @key, with its seq in it.  *ret_is_new: it was not. */
static int enter(struct postgres_archive *a, const struct archive_key *key,
                 struct stream **ret, bool *ret_is_new, struct gw_error *err)
{
    *ret = stream_table_make(&a->streams, key);
    if (!*ret || range_set_add(&(*ret)->ranges, key->seq, ret_is_new) < 0)
        return no_memory(err);
    return 0;
}

static int send_rows(struct postgres_archive *a, struct gw_error *err)
{
    if (a->rows.has_failed)
        return no_memory(err);
    int r = postgres_copy_put(a->postgres, a->rows.text, a->rows.used, err);
    strbuf_clear(&a->rows);
    return r;
}

static int copy_message(struct postgres_archive *a, const struct archive_message *m,
                        struct gw_error *err)
{
    if (!a->is_copying) {
        int r = postgres_copy(a->postgres, copy_messages, err);
        if (r < 0)
            return r;
        a->is_copying = true;
        copy_begin(&a->rows);
    }
    copy_row(&a->rows, 10);
    copy_text(&a->rows, m->key.gateway);
    copy_bigint(&a->rows, (int64_t)m->key.epoch);
    copy_bigint(&a->rows, (int64_t)m->key.seq);
    copy_month(&a->rows, a->time_us);
    copy_text(&a->rows, m->topic);
    copy_text(&a->rows, m->type);
    if (m->time_us != ARCHIVE_NO_TIME)
        copy_time(&a->rows, m->time_us);
    else
        copy_null(&a->rows);
    copy_time(&a->rows, a->time_us);
    copy_bigint(&a->rows, (int64_t)m->digest);
    copy_jsonb(&a->rows, m->body, m->size);
    return a->rows.used >= CHUNK_BYTES ? send_rows(a, err) : 0;
}

/* @bytes as a text that ends with NUL.  Owner: caller; free() */
static char *text_of(const void *bytes, size_t size)
{
    char *text = malloc(size + 1);
    if (text) {
        memcpy(text, bytes, size);
        text[size] = '\0';
    }
    return text;
}

static int insert_one(struct postgres_archive *a, const struct archive_message *m,
                      struct gw_error *err)
{
    char epoch[24], seq[24], digest[24];
    char *body = text_of(m->body, m->size);
    if (!body)
        return no_memory(err);
    (void)snprintf(epoch, sizeof(epoch), "%" PRIu64, m->key.epoch);
    (void)snprintf(seq, sizeof(seq), "%" PRIu64, m->key.seq);
    (void)snprintf(digest, sizeof(digest), "%" PRId64, (int64_t)m->digest);
    const char *const values[] = {m->key.gateway, epoch,   seq,    a->time, m->topic,
                                  m->type,        m->time, digest, body};
    int r = postgres_do(a->postgres, insert_message, values, 9, err);
    free(body);
    return r;
}

static int add(struct archive *archive, const struct archive_message *message,
               bool *ret_is_new, struct gw_error *err)
{
    struct postgres_archive *a = own(archive);
    struct stream *stream = NULL;
    int r = enter(a, &message->key, &stream, ret_is_new, err);
    if (r < 0 || !*ret_is_new)
        return r;
    stream->rows++;
    return a->is_careful ? insert_one(a, message, err) : copy_message(a, message, err);
}

/* bytea's text form.  Owner: caller; free() */
static char *hex_of(const unsigned char *bytes, size_t size)
{
    static const char digits[] = "0123456789abcdef";
    char *text = malloc(2 * size + 3);
    if (!text)
        return NULL;
    memcpy(text, "\\x", 2);
    for (size_t i = 0; i < size; i++) {
        text[2 + 2 * i] = digits[bytes[i] >> 4];
        text[3 + 2 * i] = digits[bytes[i] & 15];
    }
    text[2 + 2 * size] = '\0';
    return text;
}

/* The fault quotes what came, cut where it is too long.  Owner: caller; free() */
static char *mended(const char *text)
{
    char *copy = strdup(text);
    if (copy)
        text_mend(copy);
    return copy;
}

static int reject(struct archive *archive, const struct archive_letter *letter,
                  bool *ret_is_new, struct gw_error *err)
{
    struct postgres_archive *a = own(archive);
    struct stream *stream = NULL;
    *ret_is_new = true;
    int r = letter->key.gateway ? enter(a, &letter->key, &stream, ret_is_new, err) : 0;
    if (r < 0 || !*ret_is_new)
        return r;
    if (stream)
        stream->letters++;
    char digest[24];
    (void)snprintf(digest, sizeof(digest), "%" PRId64, (int64_t)letter->digest);
    char *const values[] = {mended(letter->topic), strdup(a->time), mended(letter->fault),
                            hex_of(letter->payload, letter->size), strdup(digest)};
    a->has_letters = true;
    return deferred_add(&a->deferred, insert_letter, values, 5) == 0 ? 0 : no_memory(err);
}

static int presence(struct archive *archive, const struct archive_presence *p,
                    struct gw_error *err)
{
    struct postgres_archive *a = own(archive);
    char *const values[] = {strdup(p->gateway), strdup(a->time), strdup(p->topic),
                            text_of(p->body, p->size)};
    return deferred_add(&a->deferred, put_presence, values, 4) == 0 ? 0 : no_memory(err);
}

static int gone(struct archive *archive, const struct archive_key *key,
                const struct range_set *ranges, struct gw_error *err)
{
    struct postgres_archive *a = own(archive);
    struct strbuf text = {0};
    char epoch[24];
    (void)snprintf(epoch, sizeof(epoch), "%" PRIu64, key->epoch);
    range_set_write(ranges, &text);
    char *const values[] = {strdup(key->gateway), strdup(epoch), strbuf_take(&text),
                            strdup(a->time)};
    return deferred_add(&a->deferred, put_gone, values, 4) == 0 ? 0 : no_memory(err);
}

static int askings(struct archive *archive, const char *gateway, struct asking_list *ret,
                   struct gw_error *err)
{
    struct postgres_archive *a = own(archive);
    int r = postgres_ready(a->postgres, err);
    return r == 0 ? asking_store_load(a->postgres, gateway, ret, err) : r;
}

static int keep_asking(struct archive *archive, const struct asking *asking,
                       struct gw_error *err)
{
    return asking_store_write(own(archive)->postgres, asking, err);
}

static int command(struct archive *archive, uint64_t *ret, struct gw_error *err)
{
    return asking_store_command(own(archive)->postgres, ret, err);
}

static int end_copy(struct postgres_archive *a, struct gw_error *err)
{
    if (!a->is_copying)
        return 0;
    copy_end(&a->rows);
    int r = send_rows(a, err);
    if (r == 0)
        r = postgres_copy_end(a->postgres, err);
    a->is_copying = r < 0;
    return r;
}

static int trim(struct postgres_archive *a, struct gw_error *err)
{
    char keep[16];
    const char *const values[] = {keep};
    (void)snprintf(keep, sizeof(keep), "%d", ARCHIVE_LETTERS_MAX);
    return postgres_do(a->postgres, trim_letters, values, 1, err);
}

/* All that waited for the COPY to end. */
static int catch_up(struct postgres_archive *a, struct gw_error *err)
{
    int r = end_copy(a, err);
    if (r == 0 && a->has_letters)
        r = postgres_run(a->postgres, lock_letters, err);
    if (r == 0)
        r = deferred_run(&a->deferred, a->postgres, err);
    if (r == 0)
        deferred_clear(&a->deferred);
    return r;
}

static int compare(struct archive *archive, struct archive_repeat *repeats, size_t count,
                   struct gw_error *err)
{
    struct postgres_archive *a = own(archive);
    int r = catch_up(a, err);
    return r == 0 ? repeat_store_compare(a->postgres, repeats, count, err) : r;
}

static int commit(struct archive *archive, struct gw_error *err)
{
    struct postgres_archive *a = own(archive);
    int r = catch_up(a, err);
    if (r == 0 && a->has_letters)
        r = trim(a, err);
    if (r == 0)
        r = stream_store_write(a->postgres, &a->streams, a->time, err);
    return r == 0 ? postgres_run(a->postgres, "COMMIT", err) : r;
}

static void rollback(struct archive *archive)
{
    struct postgres_archive *a = own(archive);
    postgres_abandon(a->postgres);
    forget_batch(a);
}

static int find(struct archive *archive, const struct archive_key *key,
                struct archive_range *ret, struct gw_error *err)
{
    struct postgres_archive *a = own(archive);
    const struct stream *stream = stream_table_find(&a->streams, key);
    struct range_set asked = {0};
    int r = stream ? 0 : stream_store_ask(a->postgres, key, &asked, err);
    const struct archive_range *range =
        r == 0 ? range_set_find(stream ? &stream->ranges : &asked, key->seq) : NULL;
    if (range)
        *ret = *range;
    range_set_clear(&asked);
    return r < 0 ? r : range != NULL;
}

static uint64_t number_at(const PGresult *rows, int row, int column)
{
    return strtoull(PQgetvalue(rows, row, column), NULL, 10);
}

static int gaps(struct archive *archive, archive_gap_each *each, void *ctx,
                struct archive_counts *ret, struct gw_error *err)
{
    return asking_store_gaps(own(archive)->postgres, each, ctx, ret, err);
}

static int stock(struct archive *archive, const struct archive_stock *s,
                 struct gw_error *err)
{
    return stock_store_each(own(archive)->postgres, s, err);
}

static int forget(struct archive *archive, const struct archive_key *key,
                  const struct range_set *rows, struct gw_error *err)
{
    return stock_store_forget(own(archive)->postgres, key, rows, err);
}

static int count(struct archive *archive, struct archive_counts *ret,
                 struct gw_error *err)
{
    struct postgres_archive *a = own(archive);
    PGresult *rows = NULL;
    int r = postgres_ready(a->postgres, err);
    if (r == 0)
        r = postgres_ask(a->postgres,
                         "SELECT (SELECT coalesce(sum(rows), 0) FROM streams),"
                         " (SELECT count(*) FROM dead_letters), count(*),"
                         " coalesce(sum(missing), 0),"
                         " (SELECT coalesce(sum(rows), 0) FROM asked),"
                         " (SELECT coalesce(sum(rows), 0) FROM gone) FROM gaps",
                         NULL, 0, &rows, err);
    if (r == 0)
        *ret = (struct archive_counts){.rows = number_at(rows, 0, 0),
                                       .duplicates = -1,
                                       .dead_letters = number_at(rows, 0, 1),
                                       .gaps = number_at(rows, 0, 2),
                                       .missing = number_at(rows, 0, 3),
                                       .asked = number_at(rows, 0, 4),
                                       .gone = number_at(rows, 0, 5)};
    PQclear(rows);
    return r;
}

/* By when it was received, on a board whose clock may be a little ahead: the message's
 * own time is whatever its sender wrote. */
static const char read_sql[] =
    "SELECT body FROM messages WHERE gateway = $1 AND type IN ($2, $3, $4)"
    " AND ($5::timestamptz IS NULL"
    " OR month >= date_trunc('month', $5::timestamptz - interval '7 days'))"
    " ORDER BY epoch, seq";

/* The first column of each row is a body. */
static int read_bodies(PGresult *rows, archive_each *each, void *ctx)
{
    int r = 0;
    for (int i = 0; r == 0 && i < PQntuples(rows); i++)
        r = each(ctx, PQgetvalue(rows, i, 0), (size_t)PQgetlength(rows, i, 0));
    PQclear(rows);
    return r;
}

static int read_rows(struct archive *archive, const struct archive_query *query,
                     archive_each *each, void *ctx, struct gw_error *err)
{
    const char *const values[] = {query->gateway, query->types[0], query->types[1],
                                  query->types[2], query->since};
    PGresult *rows = NULL;
    int r = postgres_ask(own(archive)->postgres, read_sql, values, 5, &rows, err);
    return r == 0 ? read_bodies(rows, each, ctx) : r;
}

static int read_birth(struct archive *archive, const char *gateway, archive_each *each,
                      void *ctx, struct gw_error *err)
{
    PGresult *rows = NULL;
    int r =
        postgres_ask(own(archive)->postgres,
                     "SELECT body FROM presence WHERE gateway = $1 AND topic = 'birth'",
                     &gateway, 1, &rows, err);
    return r == 0 ? read_bodies(rows, each, ctx) : r;
}

const struct archive_kind archive_postgres = {
    .open = open_database,
    .close = close_database,
    .begin = begin,
    .add = add,
    .reject = reject,
    .compare = compare,
    .presence = presence,
    .gone = gone,
    .askings = askings,
    .keep_asking = keep_asking,
    .command = command,
    .commit = commit,
    .rollback = rollback,
    .find = find,
    .gaps = gaps,
    .count = count,
    .stock = stock,
    .forget = forget,
    .read = read_rows,
    .birth = read_birth,
};
