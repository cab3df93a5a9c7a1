/* committer_commit.c - one transaction: where each kind of record goes. */
#include "store/committer.h"
#include "store/database.h"
#include "store/outbox_cap.h"
#include "store/outbox_recall.h"
#include "store/statement.h"

/* The record's own fault, not the disk's: it would fail for ever and stop the rest. */
static bool is_refusal(int rc)
{
    int code = rc & 0xFF;
    return code == SQLITE_CONSTRAINT || code == SQLITE_TOOBIG || code == SQLITE_MISMATCH;
}

static int write_row(struct committer *l, const struct gw_record *record)
{
    switch (record->kind) {
    case GW_RECORD_READING:
        return record->flags & GW_RECORD_LOG ? history_reading(
                   &l->history, &record->reading, gw_record_era(record->flags))
                                             : SQLITE_OK;
    case GW_RECORD_TRANSITION:
        if (record->transition.uid > l->progress.alarm_uid)
            l->progress.alarm_uid = record->transition.uid;
        return history_transition(&l->history, &record->transition);
    case GW_RECORD_SUMMARY:
        return history_summary(&l->history, &record->summary);
    case GW_RECORD_FACT:
        return history_fact(&l->history, &record->fact);
    case GW_RECORD_STATE:
        return registry_keep(&l->registry, &record->state);
    case GW_RECORD_DELIVERY:
        return deliveries_add(&l->deliveries, &record->delivery);
    case GW_RECORD_MONTH_END:
        return evidence_make(&l->outbox, &record->month_end, l->ops);
    case GW_RECORD_RECALL:
        l->recalls++; /* after the ranges: see write_all() */
        return SQLITE_OK;
    case GW_RECORD_CLOCK:
    case GW_RECORD_TIME_CORRECTION:
    case GW_RECORD_UNAVAILABLE:
    case GW_RECORD_COMMIT:
    default:
        return SQLITE_OK;
    }
}

static bool is_for_county(const struct gw_record *record)
{
    switch (record->kind) {
    case GW_RECORD_READING:
        return record->flags & GW_RECORD_TELEMETRY;
    case GW_RECORD_TRANSITION:
    case GW_RECORD_SUMMARY:
    case GW_RECORD_FACT:
    case GW_RECORD_TIME_CORRECTION:
        return true;
    case GW_RECORD_CLOCK:
    case GW_RECORD_RECALL:
    case GW_RECORD_UNAVAILABLE:
    case GW_RECORD_MONTH_END:
    case GW_RECORD_STATE:
    case GW_RECORD_DELIVERY:
    case GW_RECORD_COMMIT:
    default:
        return false;
    }
}

static int settle(struct committer *l, int rc)
{
    if (!is_refusal(rc))
        return rc;
    l->refused++;
    return SQLITE_OK;
}

/* Of what nobody will ever know the time the school's own tables have no place. */
static int write_dated(void *ctx, const struct gw_record *record)
{
    struct committer *l = ctx;
    int rc = record->unknown ? SQLITE_OK : write_row(l, record);
    if (rc == SQLITE_OK && is_for_county(record))
        rc = outbox_add(&l->outbox, record, l->ops);
    return settle(l, rc);
}

/* A reading that waits for the county stands in the log at once, under its clock's time:
 * eras tell what that is worth. */
static int hold(struct committer *l, const struct gw_record *record)
{
    int rc = undated_hold(&l->undated, record);
    if (rc == SQLITE_OK && record->kind == GW_RECORD_READING)
        rc = write_row(l, record);
    return settle(l, rc);
}

static int write_record(void *ctx, const struct gw_record *record)
{
    struct committer *l = ctx;
    if (record->kind == GW_RECORD_CLOCK)
        return undated_clock(&l->undated, &record->clock, write_dated, l);
    return undated_waits(&l->undated, record) ? hold(l, record) : write_dated(l, record);
}

static int write_recall(void *ctx, const struct gw_record *record)
{
    struct committer *l = ctx;
    return record->kind == GW_RECORD_RECALL
               ? outbox_recall(&l->outbox, &record->recall, l->ops)
               : SQLITE_OK;
}

static int write_progress(struct committer *l)
{
    l->progress.commits++;
    l->progress.seq = l->outbox.count.seq;
    return statement_run(l->keep_progress, "iii", (int64_t)l->progress.commits,
                         (int64_t)l->progress.alarm_uid, (int64_t)l->progress.seq);
}

/* After all that a commit changes of the outbox. */
static int keep_outbox(struct committer *l, const struct outbox_count *before,
                       bool *ret_tells)
{
    int rc = l->tells ? outbox_tell_dropped(&l->outbox, l->ops, ret_tells) : SQLITE_OK;
    if (rc == SQLITE_OK)
        rc = outbox_keep_cap(&l->outbox, l->outbox.count.seq - before->seq);
    return rc == SQLITE_OK ? outbox_keep_count(&l->outbox, before) : rc;
}

/* What was acknowledged before it was asked for again is asked for after it was
 * acknowledged. */
static int write_all(struct committer *l, const struct batch_list *batches,
                     const struct outbox_range *ranges, size_t range_count,
                     bool *ret_tells)
{
    const struct outbox_count before = l->outbox.count;
    deliveries_clear(&l->deliveries);
    l->recalls = 0;
    int rc = sqlite3_exec(l->db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
    if (rc == SQLITE_OK)
        rc = batch_list_each(batches, write_record, l);
    if (rc == SQLITE_OK)
        rc = undated_slice(&l->undated, write_dated, l);
    if (rc == SQLITE_OK)
        rc = deliveries_write(&l->deliveries);
    for (size_t i = 0; i < range_count && rc == SQLITE_OK; i++)
        rc = outbox_acknowledge(&l->outbox, &ranges[i]);
    if (rc == SQLITE_OK && l->recalls)
        rc = batch_list_each(batches, write_recall, l);
    if (rc == SQLITE_OK)
        rc = keep_outbox(l, &before, ret_tells);
    if (rc == SQLITE_OK)
        rc = write_progress(l);
    if (rc == SQLITE_OK)
        rc = sqlite3_exec(l->db, "COMMIT", NULL, NULL, NULL);
    return rc;
}

int committer_commit(struct committer *l, const struct batch_list *batches,
                     const struct outbox_range *ranges, size_t range_count,
                     struct gw_error *err)
{
    struct committer_progress progress = l->progress;
    struct outbox_count count = l->outbox.count;
    struct undated_now undated = l->undated.now;
    const struct history history = l->history;
    bool tells = false;
    int r = database_check_place(l->db, err);
    if (r < 0)
        return r;
    int rc = write_all(l, batches, ranges, range_count, &tells);
    if (rc == SQLITE_OK) {
        l->tells = tells;
        (void)outbox_look(&l->outbox); /* the commit is done all the same */
        return 0;
    }
    r = database_fail(l->db, rc, "cannot commit", err);
    database_rollback(l->db);
    l->progress = progress;
    l->outbox.count = count;
    l->undated.now = undated;
    l->history.last_key = history.last_key;
    l->history.hour = history.hour;
    l->history.noted_hour = HISTORY_NO_HOUR;
    return r;
}
