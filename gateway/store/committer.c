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
#include "store/rescue.h"
#include "store/restore.h"
#include "store/restored.h"

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
        rc = fold_open(&l->fold, l->db, &l->history);
    if (rc == SQLITE_OK)
        rc = deliveries_open(&l->deliveries, l->db);
    if (rc == SQLITE_OK)
        rc = undated_open(&l->undated, l->db);
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
    fold_close(&l->fold);
    history_close(&l->history);
    deliveries_close(&l->deliveries);
    undated_close(&l->undated);
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

void committer_tell(const struct committer *l, struct store_status *ret)
{
    outbox_tell(&l->outbox, ret);
    ret->undated = l->undated.now.rows;
    ret->undated_given_way = l->undated.now.given_way;
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

int committer_fold(struct committer *l, int64_t now_us, struct gw_error *err)
{
    bool is_more = false;
    int64_t now_ms = now_us == GW_TIME_NONE ? INT64_MIN : now_us / 1000;
    int rc = fold_step(&l->fold, now_ms, &is_more);
    if (rc == SQLITE_OK)
        return is_more;
    int r = database_fail(l->db, rc, "cannot fold its log", err);
    database_rollback(l->db);
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
        rc = block_retention_slice(&l->block_retention, l->db, keep, now, &is_more);
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
