#include "store/outbox_cap.h"

#include <stdlib.h>

#include "store/outbox_key.h"
#include "store/outbox_statements.h"
#include "store/statement.h"

enum {
    RANGES_A_WALK = 256,
    ROWS_A_COMMIT = 500, /* beside as many as came in */
    RANGES_A_ROW = STORE_DROPPED_RANGES_MAX,
    ROWS_TOLD_A_COMMIT = 16
};

/* key_range - as a row of the tables of ranges has it. */
struct key_range {
    int64_t first;
    int64_t last;
};

/* What the bound @st finds, at most @max; SQLITE_OK or SQLite's code. */
static int read_ranges(sqlite3_stmt *st, int64_t key, struct key_range *ret, size_t max,
                       size_t *ret_count)
{
    int rc = statement_row(st, "ii", key, (int64_t)max);
    size_t count = 0;
    for (; rc == SQLITE_ROW && count < max; rc = sqlite3_step(st), count++)
        ret[count] =
            (struct key_range){sqlite3_column_int64(st, 0), sqlite3_column_int64(st, 1)};
    (void)sqlite3_reset(st); /* repeats the code of the step */
    *ret_count = count;
    return rc == SQLITE_DONE || rc == SQLITE_ROW ? SQLITE_OK : rc;
}

static int trim_range(struct outbox_writer *o, const struct key_range *range,
                      int64_t time_us, int64_t max, int *ret_deleted)
{
    sqlite3_stmt *st = o->statements[OUTBOX_TRIM_RANGE];
    (void)sqlite3_bind_int64(st, 1, range->first); /* four numbers: cannot fail */
    (void)sqlite3_bind_int64(st, 2, range->last);
    (void)sqlite3_bind_int64(st, 3, max);
    (void)sqlite3_bind_int64(st, 4, time_us / 1000000);
    return outbox_delete(o, st, NULL, NULL, ret_deleted);
}

/* Settled ranges without rows are passed by the next time, up to the first that has. */
static int note_empty(struct outbox_writer *o, const struct key_range *range,
                      bool *is_first)
{
    sqlite3_stmt *st = o->statements[OUTBOX_RANGE_ROW];
    if (!*is_first)
        return SQLITE_OK;
    int rc = statement_row(st, "ii", range->first, range->last);
    (void)sqlite3_reset(st); /* repeats the code of the step */
    if (rc == SQLITE_DONE)
        o->count.trimmed_to = range->last + 1;
    else
        *is_first = false;
    return rc == SQLITE_ROW || rc == SQLITE_DONE ? SQLITE_OK : rc;
}

int outbox_trim(struct outbox_writer *o, int64_t time_us, int max, int *ret_deleted)
{
    struct key_range ranges[RANGES_A_WALK];
    size_t count = 0;
    bool is_first = true;
    *ret_deleted = 0;
    int rc = read_ranges(o->statements[OUTBOX_RANGES_FROM], o->count.trimmed_to, ranges,
                         RANGES_A_WALK, &count);
    for (size_t i = 0; i < count && rc == SQLITE_OK && *ret_deleted < max; i++) {
        rc = trim_range(o, &ranges[i], time_us, max - *ret_deleted, ret_deleted);
        if (rc == SQLITE_OK)
            rc = note_empty(o, &ranges[i], &is_first);
    }
    return rc;
}

/* dropping - a run of keys in a row, becoming one range.
 * is_recalled  the county had them and asks for them once more: no loss to be told, and
 *              when it asks again the answer says that they are gone */
struct dropping {
    struct outbox_writer *o;
    struct key_range run; /* last 0 = none yet */
    bool is_recalled;
};

static int end_run(struct dropping *d)
{
    uint64_t added = 0;
    int rc = SQLITE_OK;
    if (d->run.last && d->is_recalled)
        rc = outbox_settle(d->o, d->run.first, d->run.last);
    else if (d->run.last)
        rc = key_ranges_add(&d->o->untold, &d->run.first, &d->run.last, &added);
    d->o->count.untold += added;
    d->o->count.dropped += added;
    d->run = (struct key_range){0};
    return rc;
}

static int note_dropped(void *ctx, int64_t key)
{
    struct dropping *d = ctx;
    int rc = d->run.last && d->run.last + 1 != key ? end_run(d) : SQLITE_OK;
    if (!d->run.last)
        d->run.first = key;
    d->run.last = key;
    return rc;
}

/* The oldest of what is needed least, whether the county will ever have it or not. */
static int drop(struct outbox_writer *o, int max)
{
    struct dropping d = {.o = o};
    int dropped = 0;
    int rc = SQLITE_OK;
    for (int priority = STORE_PRIORITIES - 1;
         priority > STORE_DROPPED && dropped < max && rc == SQLITE_OK; priority--) {
        sqlite3_stmt *st = o->statements[OUTBOX_DROP];
        (void)sqlite3_bind_int64(st, 1, priority); /* two numbers: cannot fail */
        (void)sqlite3_bind_int64(st, 2, max - dropped);
        d.is_recalled = priority == STORE_RECALLED;
        rc = outbox_delete(o, st, note_dropped, &d, &dropped);
        if (rc == SQLITE_OK)
            rc = end_run(&d);
    }
    return rc;
}

static bool has_settled(const struct outbox_writer *o)
{
    return o->count.rows > outbox_waiting(o);
}

int outbox_keep_cap(struct outbox_writer *o, uint64_t added)
{
    if (!o->cap || o->count.rows <= o->cap)
        return SQLITE_OK;
    uint64_t most = added + ROWS_A_COMMIT;
    uint64_t over = o->count.rows - o->cap;
    int max = (int)(over < most ? over : most);
    int trimmed = 0;
    int rc = SQLITE_OK;
    int64_t walked_from = o->count.trimmed_to;
    if (has_settled(o))
        rc = outbox_trim(o, INT64_MAX, max, &trimmed);
    bool goes_on = has_settled(o) && (trimmed > 0 || o->count.trimmed_to != walked_from);
    return rc != SQLITE_OK || goes_on ? rc : drop(o, max - trimmed);
}

/* One row for @ranges of @epoch; SQLITE_DONE: it cannot be said now. */
static int tell_ranges(struct outbox_writer *o, const struct store_ops *ops,
                       uint64_t epoch, const struct key_range *ranges, size_t count)
{
    struct store_range told[RANGES_A_ROW];
    struct store_dropped dropped = {.epoch = epoch, .ranges = told, .count = count};
    for (size_t i = 0; i < count; i++) {
        told[i] = (struct store_range){outbox_key_seq(ranges[i].first),
                                       outbox_key_seq(ranges[i].last)};
        dropped.rows += told[i].to - told[i].from + 1;
    }
    char *body = ops->encode_dropped(ops->ctx, &dropped, o->epoch, o->count.seq + 1);
    if (!body)
        return SQLITE_DONE;
    int rc = outbox_insert(o, STORE_DROPPED, OUTBOX_SUMMARY, body);
    free(body);
    for (size_t i = 0; i < count && rc == SQLITE_OK; i++) {
        uint64_t removed = 0;
        rc = key_ranges_remove(&o->untold, ranges[i].first, ranges[i].last, &removed);
        o->count.untold -= removed;
        if (rc == SQLITE_OK)
            rc = outbox_settle(o, ranges[i].first, ranges[i].last);
    }
    return rc;
}

/* The oldest epoch of which something was dropped: SQLITE_ROW, SQLITE_DONE, a failure. */
static int find_untold(struct outbox_writer *o, int64_t *ret_number, uint64_t *ret_epoch)
{
    sqlite3_stmt *st = o->statements[OUTBOX_UNTOLD_EPOCH];
    int rc = statement_row(st, "");
    *ret_number = rc == SQLITE_ROW ? sqlite3_column_int64(st, 0) : 0;
    *ret_epoch = rc == SQLITE_ROW ? (uint64_t)sqlite3_column_int64(st, 1) : 0;
    (void)sqlite3_reset(st); /* repeats the code of the step */
    return rc;
}

int outbox_tell_dropped(struct outbox_writer *o, const struct store_ops *ops,
                        bool *ret_is_left)
{
    int rc = o->count.untold && ops->encode_dropped ? SQLITE_ROW : SQLITE_DONE;
    for (int i = 0; i < ROWS_TOLD_A_COMMIT && rc == SQLITE_ROW; i++) {
        struct key_range ranges[RANGES_A_ROW];
        size_t count = 0;
        int64_t number = 0;
        uint64_t epoch = 0;
        rc = find_untold(o, &number, &epoch);
        if (rc != SQLITE_ROW)
            break;
        rc = read_ranges(o->statements[OUTBOX_UNTOLD], number, ranges, RANGES_A_ROW,
                         &count);
        if (rc == SQLITE_OK)
            rc = tell_ranges(o, ops, epoch, ranges, count);
        rc = rc == SQLITE_OK ? SQLITE_ROW : rc;
    }
    *ret_is_left = rc == SQLITE_ROW && o->count.untold > 0;
    return rc == SQLITE_ROW || rc == SQLITE_DONE ? SQLITE_OK : rc;
}
