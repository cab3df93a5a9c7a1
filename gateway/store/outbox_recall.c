#include "store/outbox_recall.h"

#include "store/outbox_key.h"
#include "store/outbox_statements.h"
#include "store/statement.h"

enum { EACH_ROW, MARK };

static const char *const sql[OUTBOX_RECALL_STATEMENTS] = {
    [EACH_ROW] = "SELECT key FROM outbox WHERE key BETWEEN ? AND ? ORDER BY key LIMIT ?",
    [MARK] =
        "UPDATE outbox SET priority = ?3 WHERE key BETWEEN ?1 AND ?2 AND priority > 1"
        " AND (SELECT last FROM acknowledged WHERE first <= outbox.key"
        " ORDER BY first DESC LIMIT 1) >= key",
};

/* search - what one order has found so far.
 * rows  looked at */
struct search {
    struct outbox_writer *o;
    struct gw_range missing[OUTBOX_RECALL_MISSING];
    size_t count;
    size_t rows;
};

int outbox_recall_prepare(struct outbox_writer *o)
{
    return statements_prepare(o->db, sql, o->recall_statements, OUTBOX_RECALL_STATEMENTS);
}

static bool is_full(const struct search *s)
{
    return s->rows >= OUTBOX_RECALL_ROWS || s->count == OUTBOX_RECALL_MISSING;
}

static void add_missing(struct search *s, uint64_t from, uint64_t to)
{
    if (from > to || s->count == OUTBOX_RECALL_MISSING)
        return;
    struct gw_range *last = s->count ? &s->missing[s->count - 1] : NULL;
    if (last && last->to + 1 == from)
        last->to = to;
    else
        s->missing[s->count++] = (struct gw_range){from, to};
}

/* [@from, @to] of the epoch @number; nothing when it is empty. */
static int unacknowledge(struct outbox_writer *o, int64_t number, uint64_t from,
                         uint64_t to)
{
    uint64_t removed = 0;
    if (from > to)
        return SQLITE_OK;
    int64_t first = outbox_key(number, from);
    int64_t last = outbox_key(number, to);
    int rc = statement_run(o->recall_statements[MARK], "iii", first, last,
                           (int64_t)STORE_RECALLED);
    if (rc == SQLITE_OK)
        rc = key_ranges_remove(&o->settled, first, last, &removed);
    o->count.settled -= removed;
    if (removed > 0 && first < o->count.oldest_from)
        o->count.oldest_from = first;
    return rc;
}

/* The rows that are there, run by run; between them are those that are not. */
static int recall_rows(struct search *s, int64_t number, const struct gw_range *range)
{
    sqlite3_stmt *st = s->o->recall_statements[EACH_ROW];
    uint64_t run = range->from;
    uint64_t next = range->from;
    int r = SQLITE_OK;
    int rc = statement_row(st, "iii", outbox_key(number, range->from),
                           outbox_key(number, range->to),
                           (int64_t)(OUTBOX_RECALL_ROWS - s->rows));
    while (rc == SQLITE_ROW && r == SQLITE_OK && !is_full(s)) {
        uint64_t seq = outbox_key_seq(sqlite3_column_int64(st, 0));
        if (seq != next) {
            r = unacknowledge(s->o, number, run, next - 1);
            add_missing(s, next, seq - 1);
            run = seq;
        }
        next = seq + 1;
        s->rows++;
        rc = sqlite3_step(st);
    }
    (void)sqlite3_reset(st); /* repeats the code of the step */
    if (r == SQLITE_OK && rc != SQLITE_ROW && rc != SQLITE_DONE)
        r = rc;
    if (!is_full(s))
        add_missing(s, next, range->to);
    return r == SQLITE_OK ? unacknowledge(s->o, number, run, next - 1) : r;
}

static int recall_range(struct search *s, uint64_t epoch, const struct gw_range *range)
{
    int64_t number = 0;
    uint64_t last = 0;
    int rc = outbox_find_epoch(s->o, epoch, &number, &last);
    if (rc != SQLITE_ROW && rc != SQLITE_DONE)
        return rc;
    bool is_running = rc == SQLITE_ROW && number == s->o->epoch_number;
    struct gw_range made = {range->from, range->to < last ? range->to : last};
    rc = made.from <= made.to ? recall_rows(s, number, &made) : SQLITE_OK;
    /* what the running epoch has not made yet is not gone: it will be made */
    if (rc == SQLITE_OK && !is_running && !is_full(s))
        add_missing(s, range->from > last ? range->from : last + 1, range->to);
    return rc;
}

int outbox_recall(struct outbox_writer *o, const struct gw_recall *recall,
                  const struct store_ops *ops)
{
    struct search s = {.o = o};
    int rc = SQLITE_OK;
    for (size_t i = 0; i < recall->count && rc == SQLITE_OK && !is_full(&s); i++)
        rc = recall_range(&s, recall->epoch, &recall->ranges[i]);
    if (rc != SQLITE_OK || s.count == 0)
        return rc;
    const struct gw_record answer = {.kind = GW_RECORD_UNAVAILABLE,
                                     .recall = {.epoch = recall->epoch,
                                                .ranges = s.missing,
                                                .count = s.count,
                                                .time_us = recall->time_us}};
    return outbox_add(o, &answer, ops);
}
