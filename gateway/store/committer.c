#include "store/committer.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "store/broken.h"
#include "store/database.h"
#include "store/migrate.h"
#include "store/notice.h"
#include "store/outbox_cap.h"
#include "store/outbox_recall.h"
#include "store/rescue.h"
#include "store/restore.h"
#include "store/restored.h"
#include "store/statement.h"

/* How long what the county has can be sent again, and how many rows go in one slice.  A
 * slice of the log is many pages long, so that most of them are freed and not written. */
static const int64_t replay_keep_us = INT64_C(7) * 24 * 3600 * 1000000;
/* A start waits no longer for the check; what it has not seen, an error tells later. */
static const int64_t start_check_us = INT64_C(2) * 1000000;
static const int64_t check_us = INT64_C(10) * 1000000;
static const int64_t scrub_us = 100000;
enum { LOG_SLICE = 5000, OUTBOX_SLICE = 500 };

static const char rescued[] =
    "the database's file was deleted or moved away while it was open; it is written anew "
    "from what was open, and nothing is lost that had been committed";

static const char renewed[] =
    "the database's log was deleted or replaced while it was open; what it held is in "
    "the database's file now, and nothing is lost that had been committed";

static int note_wal_frames(void *ctx, sqlite3 *db, const char *schema, int frames)
{
    (void)db;
    (void)schema;
    int *wal_frames = ctx;
    *wal_frames = frames;
    return SQLITE_OK;
}

static int load_progress(struct committer *l, struct gw_error *err)
{
    sqlite3_stmt *st = NULL;
    int rc = sqlite3_prepare_v2(
        l->db, "SELECT commits, alarm_uid, seq FROM progress WHERE id = 1", -1, &st,
        NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_step(st);
    if (rc == SQLITE_ROW)
        l->progress = (struct committer_progress){
            .commits = (uint64_t)sqlite3_column_int64(st, 0),
            .alarm_uid = (uint64_t)sqlite3_column_int64(st, 1),
            .seq = (uint64_t)sqlite3_column_int64(st, 2),
        };
    int r = 0;
    if (rc == SQLITE_DONE)
        r = gw_fail(err, -EUCLEAN, "database '%s': broken: its progress row is gone",
                    l->path);
    else if (rc != SQLITE_ROW)
        r = database_fail_schema(l->db, rc, "cannot read its progress", err);
    (void)sqlite3_finalize(st); /* repeats the code of the step */
    return r;
}

static int prepare(struct committer *l, struct gw_error *err)
{
    int rc = registry_open(&l->registry, l->db);
    if (rc == SQLITE_OK)
        rc = history_open(&l->history, l->db);
    if (rc == SQLITE_OK)
        rc = deliveries_open(&l->deliveries, l->db);
    if (rc == SQLITE_OK)
        rc = sqlite3_prepare_v3(l->db,
                                "UPDATE progress SET commits = ?, alarm_uid = ?, seq = ?"
                                " WHERE id = 1",
                                -1, SQLITE_PREPARE_PERSISTENT, &l->keep_progress, NULL);
    return rc == SQLITE_OK ? 0 : database_fail_schema(l->db, rc, "cannot prepare", err);
}

static int load(struct committer *l, struct gw_error *err)
{
    (void)sqlite3_wal_hook(l->db, note_wal_frames, &l->wal_frames);
    l->wal_frames = 0; /* the next commit says how many there are */
    int r = load_progress(l, err);
    place_note(&l->place, l->db);
    if (r == 0)
        r = prepare(l, err);
    if (r == 0)
        r = outbox_writer_open(&l->outbox, l->db, l->progress.seq, err);
    if (r == 0) {
        l->epoch = l->outbox.epoch;
        (void)outbox_look(&l->outbox); /* not known then, until the next commit */
    }
    return r;
}

int committer_open(struct committer *l, struct gw_error *err)
{
    int r = restore_finish(l->path, NULL, err);
    if (r == 0)
        r = broken_finish(l->path, err);
    if (r == 0)
        r = broken_look(l->path, err);
    if (r == 0)
        r = database_open(l->path, &l->db, err);
    if (r == 0)
        r = database_check(l->db, start_check_us, err);
    if (r >= 0)
        r = migrate(l->db, migrations, migration_count, err);
    if (r == 0)
        r = load(l, err);
    if (r == 0)
        r = restored_tell(l->db, l->epoch, err);
    return r;
}

static void release(struct committer *l)
{
    registry_close(&l->registry);
    history_close(&l->history);
    deliveries_close(&l->deliveries);
    outbox_writer_close(&l->outbox);
    (void)sqlite3_finalize(l->keep_progress); /* repeats the error of the last step */
    l->keep_progress = NULL;
}

void committer_close(struct committer *l)
{
    release(l);
    l->db = database_close(l->db);
}

void committer_abandon(struct committer *l)
{
    release(l);
    if (l->db)
        l->db = database_abandon(l->db);
}

int committer_replace(struct committer *l, char *ret_told, size_t size,
                      struct gw_error *err)
{
    struct committer_progress before = l->progress;
    committer_abandon(l);
    int r = broken_replace(l->path, &l->registry, ret_told, size, err);
    if (r == 0)
        scrub_done(&l->scrub);
    if (r == 0)
        r = database_open(l->path, &l->db, err);
    if (r == 0)
        r = load(l, err);
    if (r < 0) {
        committer_close(l);
        l->progress = before;
        return r;
    }
    if (l->progress.alarm_uid < before.alarm_uid)
        l->progress.alarm_uid = before.alarm_uid;
    return before.commits > 0 && l->progress.commits > before.commits;
}

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
    case GW_RECORD_TIME_CORRECTION:
        return history_correct(&l->history, &record->correction);
    case GW_RECORD_STATE:
        return registry_keep(&l->registry, &record->state);
    case GW_RECORD_DELIVERY:
        return deliveries_add(&l->deliveries, &record->delivery);
    case GW_RECORD_MONTH_END:
        return evidence_make(&l->outbox, &record->month_end, l->ops);
    case GW_RECORD_RECALL:
        l->recalls++; /* after the ranges: see write_all() */
        return SQLITE_OK;
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

static int write_record(void *ctx, const struct gw_record *record)
{
    struct committer *l = ctx;
    int rc = write_row(l, record);
    if (rc == SQLITE_OK && is_for_county(record))
        rc = outbox_add(&l->outbox, record, l->ops);
    if (!is_refusal(rc))
        return rc;
    l->refused++;
    return SQLITE_OK;
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
    int64_t last_key = l->history.last_key;
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
    l->history.last_key = last_key;
    return r;
}

int committer_reopen(struct committer *l, struct gw_error *err)
{
    uint64_t commits = l->progress.commits;
    committer_close(l);
    int r = database_reopen(l->path, &l->db, err);
    /* A failed sync may leave pages that read well and are not on the disk: only what a
     * checkpoint has written and synced anew is certain. */
    if (r == 0)
        r = database_checkpoint(l->db, SQLITE_CHECKPOINT_TRUNCATE, NULL, err);
    if (r == 0)
        r = load(l, err);
    if (r == 0 && l->progress.commits < commits)
        r = gw_fail(err, -EUCLEAN, "database '%s': broken: %" PRIu64 " commits are gone",
                    l->path, commits - l->progress.commits);
    if (r < 0) {
        committer_close(l);
        l->progress.commits = commits;
        return r;
    }
    return l->progress.commits > commits;
}

/* With @db in place of the connection that is open. */
static int go_on(struct committer *l, sqlite3 *db, const char *told, struct gw_error *err)
{
    struct committer_progress before = l->progress;
    release(l);
    database_abandon(l->db);
    l->db = db;
    int r = load(l, err);
    if (r == 0)
        r = notice_keep(l->db, told, err);
    if (r < 0) {
        committer_close(l);
        l->progress = before;
    }
    return r;
}

int committer_rescue(struct committer *l, char *ret_told, size_t size,
                     struct gw_error *err)
{
    sqlite3 *db = NULL;
    int r = rescue(l->db, err);
    if (r < 0)
        return r;
    scrub_done(&l->scrub);
    r = database_reopen(l->path, &db, err);
    if (r < 0) {
        committer_close(l); /* the file that lost its name is of no use any more */
        return r;
    }
    text_copy(ret_told, size, rescued);
    return go_on(l, db, rescued, err);
}

bool committer_has_log(const struct committer *l)
{
    return place_has_log(&l->place, l->db);
}

bool committer_is_cut(struct committer *l)
{
    return place_is_cut(&l->place, l->db, l->wal_frames);
}

/* Whoever reads by the old log finds it empty, and opens the new one.  Opened before the
 * old one is closed: with that all would be lost, should the file lose its name now. */
int committer_renew_log(struct committer *l, char *ret_told, size_t size,
                        struct gw_error *err)
{
    sqlite3 *db = NULL;
    int r = database_checkpoint(l->db, SQLITE_CHECKPOINT_TRUNCATE, NULL, err);
    if (r < 0)
        return r;
    place_free_log(l->db);
    r = database_reopen(l->path, &db, err);
    if (r == 0)
        r = database_check_place(l->db, err);
    if (r < 0) {
        database_close(db);
        return r;
    }
    text_copy(ret_told, size, renewed);
    return go_on(l, db, renewed, err);
}

int committer_check(struct committer *l, struct gw_error *err)
{
    sqlite3 *db = NULL;
    int r = database_open_reader(l->path, &db, err);
    if (r == 0)
        r = database_check(db, check_us, err);
    database_close(db);
    return r;
}

int committer_checkpoint(struct committer *l, struct gw_error *err)
{
    int left = 0;
    int r = database_checkpoint(l->db, SQLITE_CHECKPOINT_PASSIVE, &left, err);
    if (r == 0)
        l->wal_frames = left;
    return r;
}

/* A page that looks broken may have another version in the log, or parents and children
 * that have: judged once all of the log is in the file.  A reader can hold that up. */
int committer_scrub(struct committer *l, struct gw_error *err)
{
    uint32_t page = 0;
    int r = scrub_slice(&l->scrub, l->path, clock_machine_us() + scrub_us, &page);
    if (r < 0)
        return gw_fail(err, r, "database '%s': cannot read its pages: %s", l->path,
                       strerror(-r));
    if (r == 0)
        return 0;
    r = committer_checkpoint(l, err);
    if (r == 0 && l->wal_frames > 0)
        scrub_return(&l->scrub, page);
    else if (r == 0 && scrub_is_broken(&l->scrub, page))
        r = gw_fail(err, -EUCLEAN, "database '%s': broken: page %u", l->path, page);
    return r;
}

int committer_trim(struct committer *l, const struct store_keep *keep, int64_t now,
                   struct gw_error *err)
{
    bool is_more = false;
    int readings = 0;
    int rows = 0;
    const struct outbox_count count = l->outbox.count;
    int rc = sqlite3_exec(l->db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
    if (rc == SQLITE_OK && keep->log_us)
        rc = history_trim(&l->history, now - keep->log_us, LOG_SLICE, &readings);
    if (rc == SQLITE_OK)
        rc = retention_slice(&l->retention, l->db, keep, now, &is_more);
    if (rc == SQLITE_OK)
        rc = outbox_trim(&l->outbox, now - replay_keep_us, OUTBOX_SLICE, &rows);
    if (rc == SQLITE_OK)
        rc = outbox_keep_count(&l->outbox, &count);
    if (rc == SQLITE_OK)
        rc = sqlite3_exec(l->db, "COMMIT", NULL, NULL, NULL);
    if (rc != SQLITE_OK) {
        int r = database_fail(l->db, rc, "cannot delete old rows", err);
        database_rollback(l->db);
        l->outbox.count = count;
        return r;
    }
    return is_more || readings == LOG_SLICE || rows == OUTBOX_SLICE;
}
