/* archive_sqlite.c - the archive in one file: a demo, a test, a small county. */
#include "ingest/archive_kind.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "ingest/sqlite_asking.h"
#include "ingest/sqlite_stock.h"
#include "ingest/sqlite_tables.h"

enum { BUSY_MS = 1000 };

enum statement {
    BEGIN,
    COMMIT,
    ROLLBACK,
    INSERT_MESSAGE,
    FIND_DIGEST,
    INSERT_LETTER,
    TRIM_LETTERS,
    FIND_SAME,
    PUT_PRESENCE,
    FIND_LEFT,
    FIND_RIGHT,
    PUT_RANGE,
    DELETE_RANGE,
    COUNT_ROWS,
    COUNT_LETTERS,
    COUNT_DUPLICATES,
    READ_ROWS,
    READ_BIRTH,
    STATEMENTS
};

static const char *const sql[STATEMENTS] = {
    [BEGIN] = "BEGIN IMMEDIATE",
    [COMMIT] = "COMMIT",
    [ROLLBACK] = "ROLLBACK",
    [INSERT_MESSAGE] = "INSERT INTO messages (gateway, epoch, seq, topic, type, time,"
                       " received_us, digest, body) VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9)",
    [FIND_DIGEST] = "SELECT 1 FROM messages WHERE digest = ?2 AND gateway = ?1 LIMIT 1",
    [INSERT_LETTER] =
        "INSERT INTO dead_letters (topic, received_us, fault, payload, digest)"
        " SELECT ?1,?2,?3,?4,?5 WHERE NOT EXISTS (SELECT 1 FROM dead_letters"
        " WHERE digest = ?5)",
    [TRIM_LETTERS] = "DELETE FROM dead_letters WHERE id <= ?1",
    [FIND_SAME] = "SELECT EXISTS (SELECT 1 FROM messages WHERE gateway = ?1"
                  " AND epoch = ?2 AND seq = ?3 AND digest = ?4)"
                  " OR EXISTS (SELECT 1 FROM dead_letters WHERE digest = ?5)",
    /* a broker repeats what it retained */
    [PUT_PRESENCE] = "INSERT INTO presence (gateway, topic, received_us, body)"
                     " VALUES (?1,?2,?3,?4) ON CONFLICT DO UPDATE SET"
                     " received_us = excluded.received_us, body = excluded.body"
                     " WHERE body <> excluded.body",
    [FIND_LEFT] = "SELECT first, last FROM ranges WHERE gateway = ?1 AND epoch = ?2"
                  " AND first <= ?3 ORDER BY first DESC LIMIT 1",
    [FIND_RIGHT] = "SELECT first, last FROM ranges WHERE gateway = ?1 AND epoch = ?2"
                   " AND first = ?3",
    [PUT_RANGE] = "INSERT OR REPLACE INTO ranges (gateway, epoch, first, last)"
                  " VALUES (?1,?2,?3,?4)",
    [DELETE_RANGE] =
        "DELETE FROM ranges WHERE gateway = ?1 AND epoch = ?2 AND first = ?3",
    [COUNT_ROWS] = "SELECT count(*) FROM messages",
    [COUNT_LETTERS] = "SELECT count(*) FROM dead_letters",
    [COUNT_DUPLICATES] = "SELECT coalesce(sum(n - 1), 0) FROM (SELECT count(*) AS n"
                         " FROM messages WHERE topic <> 'telemetry'"
                         " GROUP BY digest, gateway HAVING n > 1)",
    [READ_ROWS] = "SELECT body FROM messages WHERE gateway = ?1 AND type IN (?2, ?3, ?4)"
                  " ORDER BY epoch, seq",
    [READ_BIRTH] = "SELECT body FROM presence WHERE gateway = ?1 AND topic = 'birth'",
};

struct sqlite_archive {
    struct archive archive;
    sqlite3 *db;
    sqlite3_stmt *statements[STATEMENTS];
    bool is_open; /* a transaction is */
    uint64_t rows;
    uint64_t duplicates;
    struct {
        uint64_t rows;
        uint64_t duplicates;
    } before; /* at the last commit */
};

static int fail(struct sqlite_archive *a, const char *what, struct gw_error *err)
{
    int code = sqlite3_errcode(a->db) == SQLITE_FULL ? -ENOSPC : -EIO;
    return gw_fail(err, code, "archive: %s: %s", what, sqlite3_errmsg(a->db));
}

static void bind_text(sqlite3_stmt *s, int index, const char *text)
{
    (void)sqlite3_bind_text(s, index, text, -1, SQLITE_STATIC);
}

static void bind_key(sqlite3_stmt *s, const struct archive_key *key)
{
    bind_text(s, 1, key->gateway);
    (void)sqlite3_bind_int64(s, 2, (sqlite3_int64)key->epoch);
    (void)sqlite3_bind_int64(s, 3, (sqlite3_int64)key->seq);
}

/* Runs a statement to its first row; the caller has bound it.  returns SQLITE_ROW,
 * SQLITE_DONE or an error; *ret gets @count columns. */
static int step(struct sqlite_archive *a, enum statement which, sqlite3_int64 *ret,
                int count)
{
    sqlite3_stmt *s = a->statements[which];
    int r = sqlite3_step(s);
    for (int i = 0; r == SQLITE_ROW && i < count; i++)
        ret[i] = sqlite3_column_int64(s, i);
    (void)sqlite3_reset(s); /* the step's own result is what counts */
    return r;
}

static int run(struct sqlite_archive *a, enum statement which, struct gw_error *err)
{
    int r = step(a, which, NULL, 0);
    return r == SQLITE_DONE ? 0 : fail(a, sql[which], err);
}

static int count(struct sqlite_archive *a, enum statement which, uint64_t *ret,
                 struct gw_error *err)
{
    sqlite3_int64 value = 0;
    if (step(a, which, &value, 1) != SQLITE_ROW)
        return fail(a, sql[which], err);
    *ret = (uint64_t)value;
    return 0;
}

static int prepare(struct sqlite_archive *a, const char *path, bool only_reads,
                   struct gw_error *err)
{
    const int flags = SQLITE_OPEN_READWRITE | (only_reads ? 0 : SQLITE_OPEN_CREATE);
    if (sqlite3_open_v2(path, &a->db, flags, NULL) != SQLITE_OK)
        return gw_fail(err, -EIO, "archive '%s': %s", path,
                       a->db ? sqlite3_errmsg(a->db) : "out of memory");
    (void)sqlite3_busy_timeout(a->db, BUSY_MS); /* a look into the file from outside */
    int r = only_reads ? sqlite_tables_check(a->db, err) : sqlite_tables_make(a->db, err);
    if (r < 0)
        return r;
    for (int i = 0; i < STATEMENTS; i++)
        if (sqlite3_prepare_v3(a->db, sql[i], -1, SQLITE_PREPARE_PERSISTENT,
                               &a->statements[i], NULL)
            != SQLITE_OK)
            return fail(a, sql[i], err);
    r = count(a, COUNT_ROWS, &a->before.rows, err);
    if (r == 0)
        r = count(a, COUNT_DUPLICATES, &a->before.duplicates, err);
    a->rows = a->before.rows;
    a->duplicates = a->before.duplicates;
    return r;
}

static struct sqlite_archive *own(struct archive *archive)
{
    return (struct sqlite_archive *)archive;
}

static void close_file(struct archive *archive)
{
    struct sqlite_archive *a = own(archive);
    for (int i = 0; i < STATEMENTS; i++)
        (void)sqlite3_finalize(a->statements[i]);
    (void)sqlite3_close(a->db);
    free(a);
}

static int open_file(const char *path, bool only_reads, struct archive **ret,
                     struct gw_error *err)
{
    struct sqlite_archive *a = calloc(1, sizeof(*a));
    if (!a)
        return gw_fail(err, -ENOMEM, "archive '%s': out of memory", path);
    a->archive.kind = &archive_sqlite;
    int r = prepare(a, path, only_reads, err);
    if (r < 0) {
        close_file(&a->archive);
        return r;
    }
    *ret = &a->archive;
    return 0;
}

/* The file is locked as a whole: who writes does not matter. */
static int begin(struct archive *archive, const struct archive_batch *batch,
                 struct gw_error *err)
{
    (void)batch;
    struct sqlite_archive *a = own(archive);
    if (a->is_open)
        return 0;
    int r = run(a, BEGIN, err);
    a->is_open = r == 0;
    return r;
}

static int commit(struct archive *archive, struct gw_error *err)
{
    struct sqlite_archive *a = own(archive);
    if (!a->is_open)
        return 0;
    int r = run(a, COMMIT, err);
    if (r < 0)
        return r;
    a->is_open = false;
    a->before.rows = a->rows;
    a->before.duplicates = a->duplicates;
    return 0;
}

static void rollback(struct archive *archive)
{
    struct sqlite_archive *a = own(archive);
    if (!a->is_open)
        return;
    (void)step(a, ROLLBACK, NULL, 0); /* SQLite may have rolled back by itself */
    a->is_open = false;
    a->rows = a->before.rows;
    a->duplicates = a->before.duplicates;
}

static int put_range(struct sqlite_archive *a, const struct archive_key *key,
                     uint64_t first, uint64_t last, struct gw_error *err)
{
    sqlite3_stmt *s = a->statements[PUT_RANGE];
    bind_key(s, &(struct archive_key){key->gateway, key->epoch, first});
    (void)sqlite3_bind_int64(s, 4, (sqlite3_int64)last);
    return run(a, PUT_RANGE, err);
}

/* Joins @key's seq with the ranges at its left and right.  *ret_is_new: it was in
 * none. */
static int enter(struct sqlite_archive *a, const struct archive_key *key,
                 bool *ret_is_new, struct gw_error *err)
{
    struct archive_range range = {key->seq, key->seq};
    sqlite3_int64 found[2];
    bind_key(a->statements[FIND_LEFT], key);
    int r = step(a, FIND_LEFT, found, 2);
    if (r != SQLITE_ROW && r != SQLITE_DONE)
        return fail(a, sql[FIND_LEFT], err);
    if (r == SQLITE_ROW && (uint64_t)found[1] >= key->seq) {
        *ret_is_new = false;
        return 0;
    }
    if (r == SQLITE_ROW && (uint64_t)found[1] + 1 == key->seq)
        range.from = (uint64_t)found[0];

    struct archive_key right = {key->gateway, key->epoch, key->seq + 1};
    bind_key(a->statements[FIND_RIGHT], &right);
    r = step(a, FIND_RIGHT, found, 2);
    if (r == SQLITE_ROW) {
        range.to = (uint64_t)found[1];
        bind_key(a->statements[DELETE_RANGE], &right);
        if (run(a, DELETE_RANGE, err) < 0)
            return -EIO;
    } else if (r != SQLITE_DONE) {
        return fail(a, sql[FIND_RIGHT], err);
    }
    r = put_range(a, key, range.from, range.to, err);
    if (r == 0)
        *ret_is_new = true;
    return r;
}

static int insert_message(struct sqlite_archive *a, const struct archive_message *m,
                          struct gw_error *err)
{
    sqlite3_stmt *s = a->statements[FIND_DIGEST];
    bind_text(s, 1, m->key.gateway);
    (void)sqlite3_bind_int64(s, 2, (sqlite3_int64)m->digest);
    int r = step(a, FIND_DIGEST, NULL, 0);
    if (r != SQLITE_ROW && r != SQLITE_DONE)
        return fail(a, sql[FIND_DIGEST], err);
    bool is_duplicate = r == SQLITE_ROW && strcmp(m->topic, "telemetry") != 0;

    s = a->statements[INSERT_MESSAGE];
    bind_key(s, &m->key);
    bind_text(s, 4, m->topic);
    bind_text(s, 5, m->type);
    bind_text(s, 6, m->time);
    (void)sqlite3_bind_int64(s, 7, clock_school_us());
    (void)sqlite3_bind_int64(s, 8, (sqlite3_int64)m->digest);
    (void)sqlite3_bind_text64(s, 9, m->body, m->size, SQLITE_STATIC, SQLITE_UTF8);
    r = run(a, INSERT_MESSAGE, err);
    if (r < 0)
        return r;
    a->rows++;
    a->duplicates += is_duplicate;
    return 0;
}

static int add(struct archive *archive, const struct archive_message *message,
               bool *ret_is_new, struct gw_error *err)
{
    struct sqlite_archive *a = own(archive);
    bool is_new = false;
    int r = enter(a, &message->key, &is_new, err);
    if (r == 0 && is_new)
        r = insert_message(a, message, err);
    if (r == 0)
        *ret_is_new = is_new;
    return r;
}

static int insert_letter(struct sqlite_archive *a, const struct archive_letter *letter,
                         struct gw_error *err)
{
    sqlite3_stmt *s = a->statements[INSERT_LETTER];
    bind_text(s, 1, letter->topic);
    (void)sqlite3_bind_int64(s, 2, clock_school_us());
    bind_text(s, 3, letter->fault);
    (void)sqlite3_bind_blob64(s, 4, letter->size ? letter->payload : "", letter->size,
                              SQLITE_STATIC);
    (void)sqlite3_bind_int64(s, 5, (sqlite3_int64)letter->digest);
    int r = run(a, INSERT_LETTER, err);
    if (r < 0 || sqlite3_changes(a->db) == 0)
        return r;
    (void)sqlite3_bind_int64(a->statements[TRIM_LETTERS], 1,
                             sqlite3_last_insert_rowid(a->db) - ARCHIVE_LETTERS_MAX);
    return run(a, TRIM_LETTERS, err);
}

static int reject(struct archive *archive, const struct archive_letter *letter,
                  bool *ret_is_new, struct gw_error *err)
{
    struct sqlite_archive *a = own(archive);
    bool is_new = true;
    int r = 0;
    if (letter->key.gateway)
        r = enter(a, &letter->key, &is_new, err);
    if (r == 0 && is_new)
        r = insert_letter(a, letter, err);
    if (r == 0)
        *ret_is_new = is_new;
    return r;
}

static int compare(struct archive *archive, struct archive_repeat *repeats, size_t count,
                   struct gw_error *err)
{
    struct sqlite_archive *a = own(archive);
    sqlite3_stmt *s = a->statements[FIND_SAME];
    for (size_t i = 0; i < count; i++) {
        sqlite3_int64 is_same = 0;
        bind_key(s, &repeats[i].key);
        (void)sqlite3_bind_int64(s, 4, (sqlite3_int64)repeats[i].digest);
        (void)sqlite3_bind_int64(s, 5, (sqlite3_int64)repeats[i].letter);
        if (step(a, FIND_SAME, &is_same, 1) != SQLITE_ROW)
            return fail(a, sql[FIND_SAME], err);
        repeats[i].is_conflict = !is_same;
    }
    return 0;
}

static int presence(struct archive *archive, const struct archive_presence *p,
                    struct gw_error *err)
{
    struct sqlite_archive *a = own(archive);
    sqlite3_stmt *s = a->statements[PUT_PRESENCE];
    bind_text(s, 1, p->gateway);
    bind_text(s, 2, p->topic);
    (void)sqlite3_bind_int64(s, 3, clock_school_us());
    (void)sqlite3_bind_text64(s, 4, p->body, p->size, SQLITE_STATIC, SQLITE_UTF8);
    return run(a, PUT_PRESENCE, err);
}

static int find(struct archive *archive, const struct archive_key *key,
                struct archive_range *ret, struct gw_error *err)
{
    struct sqlite_archive *a = own(archive);
    sqlite3_int64 found[2];
    bind_key(a->statements[FIND_LEFT], key);
    int r = step(a, FIND_LEFT, found, 2);
    if (r != SQLITE_ROW && r != SQLITE_DONE)
        return fail(a, sql[FIND_LEFT], err);
    if (r == SQLITE_DONE || (uint64_t)found[1] < key->seq)
        return 0;
    *ret = (struct archive_range){(uint64_t)found[0], (uint64_t)found[1]};
    return 1;
}

static int gaps(struct archive *archive, archive_gap_each *each, void *ctx,
                struct archive_counts *ret, struct gw_error *err)
{
    return sqlite_asking_gaps(own(archive)->db, each, ctx, ret, err);
}

static int gone(struct archive *archive, const struct archive_key *key,
                const struct range_set *ranges, struct gw_error *err)
{
    return sqlite_asking_gone(own(archive)->db, key, ranges, err);
}

static int askings(struct archive *archive, const char *gateway, struct asking_list *ret,
                   struct gw_error *err)
{
    return sqlite_asking_load(own(archive)->db, gateway, ret, err);
}

static int keep_asking(struct archive *archive, const struct asking *asking,
                       struct gw_error *err)
{
    return sqlite_asking_write(own(archive)->db, asking, err);
}

static int command(struct archive *archive, uint64_t *ret, struct gw_error *err)
{
    return sqlite_asking_command(own(archive)->db, ret, err);
}

static int count_all(struct archive *archive, struct archive_counts *ret,
                     struct gw_error *err)
{
    struct sqlite_archive *a = own(archive);
    struct archive_counts counts = {.rows = a->rows,
                                    .duplicates = (int64_t)a->duplicates};
    int r = count(a, COUNT_LETTERS, &counts.dead_letters, err);
    if (r == 0)
        r = sqlite_asking_count(a->db, &counts, err);
    if (r == 0)
        *ret = counts;
    return r;
}

static int stock(struct archive *archive, const struct archive_stock *s,
                 struct gw_error *err)
{
    return sqlite_stock_each(own(archive)->db, s, err);
}

static int forget(struct archive *archive, const struct archive_key *key,
                  const struct range_set *rows, struct gw_error *err)
{
    return sqlite_stock_forget(own(archive)->db, key, rows, err);
}

/* The first column of each row is a body. */
static int read_bodies(struct sqlite_archive *a, enum statement which, archive_each *each,
                       void *ctx, struct gw_error *err)
{
    sqlite3_stmt *s = a->statements[which];
    int rc = SQLITE_ROW;
    int r = 0;
    while (r == 0 && (rc = sqlite3_step(s)) == SQLITE_ROW)
        r = each(ctx, (const char *)sqlite3_column_text(s, 0),
                 (size_t)sqlite3_column_bytes(s, 0));
    (void)sqlite3_reset(s);
    return rc == SQLITE_ROW || rc == SQLITE_DONE ? r : fail(a, sql[which], err);
}

static int read_rows(struct archive *archive, const struct archive_query *query,
                     archive_each *each, void *ctx, struct gw_error *err)
{
    struct sqlite_archive *a = own(archive);
    bind_text(a->statements[READ_ROWS], 1, query->gateway);
    for (int i = 0; i < ARCHIVE_TYPES; i++)
        bind_text(a->statements[READ_ROWS], 2 + i, query->types[i]);
    return read_bodies(a, READ_ROWS, each, ctx, err);
}

static int read_birth(struct archive *archive, const char *gateway, archive_each *each,
                      void *ctx, struct gw_error *err)
{
    struct sqlite_archive *a = own(archive);
    bind_text(a->statements[READ_BIRTH], 1, gateway);
    return read_bodies(a, READ_BIRTH, each, ctx, err);
}

const struct archive_kind archive_sqlite = {
    .open = open_file,
    .close = close_file,
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
    .count = count_all,
    .stock = stock,
    .forget = forget,
    .read = read_rows,
    .birth = read_birth,
};
