#include "store/key_ranges.h"

#include <stdio.h>

#include "store/statement.h"

enum { LAST_TOUCHING, LAST_INSIDE, DELETE_RANGE, ADD_RANGE };

#define LAST(condition)                                                    \
    "SELECT first, last FROM (SELECT first, last FROM %s WHERE " condition \
    " ORDER BY first DESC LIMIT 1)"

/* Ranges do not overlap: only the last one that begins before the end of a range can
 * reach its beginning. */
static const char *const forms[KEY_RANGES_STATEMENTS] = {
    [LAST_TOUCHING] = LAST("first <= ?2 + 1") " WHERE last >= ?1 - 1",
    [LAST_INSIDE] = LAST("first <= ?2") " WHERE last >= ?1",
    [DELETE_RANGE] = "DELETE FROM %s WHERE first = ?",
    [ADD_RANGE] = "INSERT INTO %s (first, last) VALUES (?, ?)",
};

int key_ranges_open(struct key_ranges *r, sqlite3 *db, const char *table)
{
    int rc = SQLITE_OK;
    for (int i = 0; i < KEY_RANGES_STATEMENTS && rc == SQLITE_OK; i++) {
        char sql[256];
        const char *const text = sql;
        (void)snprintf(sql, sizeof(sql), forms[i], table);
        rc = statements_prepare(db, &text, &r->statements[i], 1);
    }
    return rc;
}

void key_ranges_close(struct key_ranges *r)
{
    statements_finalize(r->statements, KEY_RANGES_STATEMENTS);
}

/* Takes away the range that @statement finds for [@first, @last].
 * returns SQLITE_ROW and it, SQLITE_DONE when there is none, or a failure */
static int take(struct key_ranges *r, int statement, int64_t first, int64_t last,
                int64_t ret[2])
{
    sqlite3_stmt *st = r->statements[statement];
    int rc = statement_row(st, "ii", first, last);
    for (int i = 0; i < 2 && rc == SQLITE_ROW; i++)
        ret[i] = sqlite3_column_int64(st, i);
    (void)sqlite3_reset(st); /* repeats the code of the step */
    if (rc != SQLITE_ROW)
        return rc;
    rc = statement_run(r->statements[DELETE_RANGE], "i", ret[0]);
    return rc == SQLITE_OK ? SQLITE_ROW : rc;
}

int key_ranges_add(struct key_ranges *r, int64_t *first, int64_t *last,
                   uint64_t *ret_added)
{
    int64_t other[2];
    int64_t absorbed = 0;
    int rc = take(r, LAST_TOUCHING, *first, *last, other);
    for (; rc == SQLITE_ROW; rc = take(r, LAST_TOUCHING, *first, *last, other)) {
        absorbed += other[1] - other[0] + 1;
        *first = other[0] < *first ? other[0] : *first;
        *last = other[1] > *last ? other[1] : *last;
    }
    if (rc == SQLITE_DONE)
        rc = statement_run(r->statements[ADD_RANGE], "ii", *first, *last);
    if (rc == SQLITE_OK)
        *ret_added = (uint64_t)(*last - *first + 1 - absorbed);
    return rc;
}

/* Puts back what of @range lies outside of [@first, @last]. */
static int put_back(struct key_ranges *r, const int64_t range[2], int64_t first,
                    int64_t last)
{
    int rc = SQLITE_OK;
    if (range[0] < first)
        rc = statement_run(r->statements[ADD_RANGE], "ii", range[0], first - 1);
    if (rc == SQLITE_OK && range[1] > last)
        rc = statement_run(r->statements[ADD_RANGE], "ii", last + 1, range[1]);
    return rc;
}

int key_ranges_remove(struct key_ranges *r, int64_t first, int64_t last,
                      uint64_t *ret_removed)
{
    int64_t range[2];
    uint64_t removed = 0;
    int rc = take(r, LAST_INSIDE, first, last, range);
    while (rc == SQLITE_ROW) {
        int64_t from = range[0] > first ? range[0] : first;
        int64_t to = range[1] < last ? range[1] : last;
        removed += (uint64_t)(to - from + 1);
        rc = put_back(r, range, first, last);
        if (rc == SQLITE_OK)
            rc = take(r, LAST_INSIDE, first, last, range);
    }
    if (rc != SQLITE_DONE)
        return rc;
    *ret_removed = removed;
    return SQLITE_OK;
}
