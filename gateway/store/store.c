#include "store/store.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/text.h"
#include "gw/log.h"
#include "store/batch.h"
#include "store/database.h"
#include "store/committer.h"
#include "store/foreign.h"
#include "store/lock.h"
#include "store/notice.h"
#include "store/reserve.h"
#include "store/store_parts.h"

/* What may wait for a disk that does not answer: 100 s of 200 messages a second. */
enum {
    WAITING_BATCHES_MAX = 256,
    WAITING_ROWS_MAX = CARRY_ROWS_MAX,
    WAITING_BYTES_MAX = CARRY_BYTES_MAX,
};

const char *const store_sides[] = {".lock", ".reserve", "-wal", "-shm", "-journal", NULL};

#define FIELD(member) offsetof(struct store_config, member)
#define DAYS(n) ((n)*86400e6)

const struct gw_option store_options[] = {
    {.name = "path",
     .type = GW_OPT_PATH,
     .offset = FIELD(path),
     .fallback = "/var/lib/campus-gateway/campus.db",
     .help = "the database file; its folder must exist and be writable"},
    {.name = "commit_interval",
     .type = GW_OPT_DURATION,
     .offset = FIELD(commit_interval_us),
     .min = 100e3,
     .max = 60e6,
     .fallback = "1s",
     .help = "longest wait of a reading for its commit; alarms do not wait"},
    {.name = "commit_rows",
     .type = GW_OPT_UINT,
     .offset = FIELD(commit_rows),
     .min = 1,
     .max = 5000,
     .fallback = "500",
     .help = "rows that are committed without waiting"},
    {.name = "keep_readings",
     .type = GW_OPT_DURATION,
     .offset = FIELD(keep.log_us),
     .min = DAYS(1),
     .max = DAYS(400),
     .fallback = "3d",
     .help = "how long readings stay: for windows after a restart, test-rule and history "
             "to the second"},
    {.name = "keep_minutes",
     .type = GW_OPT_DURATION,
     .offset = FIELD(keep.minutes_us),
     .min = DAYS(3),
     .max = DAYS(400),
     .fallback = "30d",
     .help = "how long what readings were over each minute stays"},
    {.name = "keep_summaries",
     .type = GW_OPT_DURATION,
     .offset = FIELD(keep.summaries_us),
     .min = DAYS(31),
     .max = DAYS(3650),
     .fallback = "400d",
     .help = "how long 15-minute summaries stay, of places and of points: a school year "
             "and what it is compared with"},
    {.name = "keep_days",
     .type = GW_OPT_DURATION,
     .offset = FIELD(keep.days_us),
     .min = DAYS(366),
     .max = DAYS(3650),
     .fallback = "1096d",
     .help = "how long what readings were over each day stays: three years"},
    {.name = "keep_evidence",
     .type = GW_OPT_DURATION,
     .offset = FIELD(keep.evidence_us),
     .min = DAYS(366),
     .max = DAYS(3650),
     .fallback = "1096d",
     .help = "how long alarms and facts stay: three years"},
    {.name = "endurance",
     .type = GW_OPT_NUMBER,
     .offset = FIELD(endurance_tb),
     .min = 0,
     .max = 100000,
     .fallback = "0",
     .help = "terabytes that the card or disk may be written by its data sheet (TBW): "
             "`campusctl status` says how many years that is; 0 = not known"},
    {.name = "outbox_rows",
     .type = GW_OPT_UINT,
     .offset = FIELD(outbox_rows),
     .min = 1000,
     .max = 100e6,
     .fallback = "1000000",
     .help = "rows for the county at most: over it the least needed give way, alarms "
             "never"},
    {0},
};

/* Broken files are kept and replaced: the service starts. */
static int replace_broken(struct store *s, const struct gw_error *broken,
                          struct gw_error *err)
{
    char told[sizeof(s->notice.text)];
    int r = committer_replace(&s->committer, told, sizeof(told), err);
    if (r < 0)
        return r;
    gw_log(GW_LOG_ERROR, (struct gw_subject){"STORE", s->path}, "%s; %s", broken->text,
           told);
    return 0;
}

static int look_whose(const struct store *s, struct gw_error *err)
{
    static const char *const what[] = {[FOREIGN_FILE] = "no database",
                                       [FOREIGN_DATABASE] = "another program's database"};
    enum foreign foreign = foreign_look(s->path);
    return foreign == FOREIGN_OURS
               ? 0
               : gw_fail(err, -EEXIST,
                         "store '%s': is %s, and is left as it is; move it away, or give "
                         "store.path a file of its own",
                         s->path, what[foreign]);
}

/* SQLite tells a disk without room for its shared memory by an I/O error. */
static int open_file(struct store *s, struct gw_error *err)
{
    int r = committer_open(&s->committer, err);
    if ((r != -ENOSPC && r != -EIO) || !reserve_spend(s->path))
        return r;
    committer_close(&s->committer);
    return committer_open(&s->committer, err);
}

int store_open_file(struct store *s, struct gw_error *err)
{
    struct gw_error broken = {0};
    int r = look_whose(s, err);
    if (r == 0 && s->lock_fd < 0)
        r = lock_take(s->path, &s->lock_fd, err);
    if (r < 0)
        return r;
    r = open_file(s, &broken);
    if (r == -EUCLEAN)
        r = replace_broken(s, &broken, err);
    else if (r < 0)
        (void)gw_fail(err, r, "%s", broken.text);
    if (r == 0)
        r = notice_read(s->committer.db, s->notice.text, sizeof(s->notice.text), err);
    if (r < 0)
        committer_close(&s->committer);
    return r;
}

static int store_prepare(struct store *s, const char *path, struct gw_error *err)
{
    if (!path || strcmp(path, ":memory:") == 0 || strncmp(path, "file:", 5) == 0)
        return gw_fail(err, -EINVAL, "store: path: '%s' is not the name of a file",
                       path ? path : "");
    s->path = strdup(path);
    if (!s->path || batch_new(&s->open) < 0)
        return gw_fail(err, -ENOMEM, "store '%s': out of memory", path);
    s->committer.path = s->path;
    s->committer.ops = &s->ops;
    s->committer.fold.offset_ms = INT64_C(1000) * s->config.utc_offset_s;
    if (minutes_new(&s->committer.fold.minutes) < 0)
        return gw_fail(err, -ENOMEM, "store '%s': out of memory", path);
    int r = store_open_file(s, err);
    if (r == 0 || r == -EADDRINUSE || r == -ENOMEM)
        return r;
    struct gw_error why = *err;
    r = store_leave(s, &why, err);
    return r < 0 ? r : 1;
}

int store_open(const struct store_config *config, struct store **ret,
               struct gw_error *err)
{
    struct gw_error unheard;
    struct store *s = calloc(1, sizeof(*s));
    if (!s)
        return gw_fail(err, -ENOMEM, "store: out of memory");
    s->config = *config;
    s->lock_fd = -1;
    int r = store_prepare(s, config->path, err ? err : &unheard);
    if (r < 0) {
        store_close(s);
        return r;
    }
    *ret = s;
    return r;
}

uint64_t store_epoch(const struct store *s)
{
    return s->committer.epoch;
}

const char *store_path(const struct store *s)
{
    return s->path;
}

uint64_t store_last_alarm_uid(const struct store *s)
{
    if (s->is_away)
        return GW_ALARM_UID_PROVISIONAL;
    return s->committer.progress.alarm_uid;
}

int store_settle(struct store *s)
{
    return s->writer ? writer_settle(s->writer) : 0;
}

void store_set_pace(struct store *s, const struct store_config *config)
{
    s->config.commit_interval_us = config->commit_interval_us;
    s->config.commit_rows = config->commit_rows;
    s->config.keep = config->keep;
    s->config.outbox_rows = config->outbox_rows;
    if (s->writer)
        writer_set_pace(s->writer, config);
}

int store_run(struct store *s, const struct store_ops *ops, struct gw_error *err)
{
    if (s->is_away)
        return opener_start(s->path, store_try_open, s, &s->away, &s->opener, err);
    int r = registry_commit(&s->committer.registry, err);
    if (r == 0 && s->carry)
        r = store_bring_in(s, err);
    if (r < 0)
        return r;
    (void)reserve_keep(s->path, 0); /* no room: the writer tries again each minute */
    s->ops = *ops;
    r = writer_start(&s->committer, &s->ops, &s->config, &s->writer, err);
    if (r == 0)
        s->carry = carry_free(s->carry); /* not before: else store_leave() needs it */
    return r;
}

bool store_has_room(struct store *s)
{
    if (s->is_away)
        return carry_has_room(s->carry, CARRY_READINGS);
    struct writer_backlog backlog =
        s->writer ? writer_backlog(s->writer) : (struct writer_backlog){0};
    return backlog.batches < WAITING_BATCHES_MAX
           && backlog.rows + batch_rows(s->open) < WAITING_ROWS_MAX
           && backlog.bytes + batch_bytes(s->open) < WAITING_BYTES_MAX;
}

void store_add(struct store *s, const struct gw_record *record)
{
    int r = s->is_away ? store_keep(s, record) : batch_add(s->open, record);
    if (r < 0) {
        gw_log(GW_LOG_ERROR, (struct gw_subject){"STORE", s->path},
               "out of memory; one record is lost");
        return;
    }
    if (s->ops.acknowledge_before_commit && record->kind == GW_RECORD_DELIVERY)
        s->ops.committed(s->ops.ctx, record->delivery.bus, record->delivery.ticket);
}

/* Gives the open batch to the writer and begins a new one. */
static void seal(struct store *s)
{
    struct batch *next = NULL;
    if (!s->writer || batch_is_empty(s->open) || batch_new(&next) < 0)
        return; /* without memory for a new one it stays open and is tried again */
    writer_give(s->writer, s->open);
    s->open = next;
}

int64_t store_seal(struct store *s, int64_t now_us)
{
    if (batch_is_empty(s->open))
        return INT64_MAX;
    int64_t due_us = batch_opened_us(s->open) + s->config.commit_interval_us;
    if (batch_is_urgent(s->open) || batch_rows(s->open) >= s->config.commit_rows
        || now_us >= due_us)
        seal(s);
    return batch_is_empty(s->open) ? INT64_MAX : due_us;
}

/* No mark of a store that is away is ever kept: it begins to count when it comes. */
uint64_t store_urge(struct store *s)
{
    if (!s->writer)
        return UINT64_MAX;
    uint64_t given = writer_given(s->writer);
    if (batch_is_empty(s->open))
        return given;
    batch_urge(s->open);
    return given + 1;
}

static void away_fault(struct store *s, char *ret, size_t size)
{
    text_copy(ret, size, s->away.text);
    if (s->opener)
        opener_fault(s->opener, ret, size);
}

void store_progress(struct store *s, struct store_progress *ret)
{
    *ret = (struct store_progress){0};
    if (s->writer)
        writer_progress(s->writer, ret);
    else
        away_fault(s, ret->fault, sizeof(ret->fault));
}

void store_flush(struct store *s)
{
    if (!s->writer)
        return;
    seal(s);
    writer_flush(s->writer);
}

void store_clock_was_set(struct store *s)
{
    if (s->writer)
        writer_clock_was_set(s->writer);
}

void store_look(struct store *s)
{
    if (s->writer)
        writer_look(s->writer);
}

void store_acknowledge(struct store *s, uint64_t epoch, uint64_t from, uint64_t to)
{
    if (s->writer)
        writer_acknowledge(
            s->writer, &(struct outbox_range){.epoch = epoch, .from = from, .to = to});
}

void store_tell_dropped(struct store *s)
{
    if (s->writer)
        writer_tell_dropped(s->writer);
}

void store_heard(struct store *s)
{
    s->is_notice_heard = true;
}

/* A checkpoint would make a file that looks whole of one that was cut. */
static bool leave_cut(struct store *s)
{
    if (!committer_is_cut(&s->committer))
        return false;
    gw_log(GW_LOG_ERROR, (struct gw_subject){"STORE", s->path},
           "the database's file or its log was cut short; the next start saves what is "
           "left");
    committer_abandon(&s->committer);
    return true;
}

/* Whatever cannot be done here the next start does. */
static void leave_tidy(struct store *s)
{
    struct gw_error err = {0};
    sqlite3 *db = s->committer.db;
    if (registry_commit(&s->committer.registry, &err) < 0)
        gw_log(GW_LOG_ERROR, (struct gw_subject){"STORE", s->path}, "%s", err.text);
    int r = s->is_notice_heard ? notice_forget(db, &err) : 0;
    /* The last connection to close would do it too; readers may still be there. */
    if (r == 0)
        r = database_checkpoint(db, SQLITE_CHECKPOINT_TRUNCATE, NULL, &err);
    if (r < 0)
        gw_log(GW_LOG_NOTICE, (struct gw_subject){"STORE", s->path},
               "%s; the next start does it", err.text);
}

struct store *store_close(struct store *s)
{
    if (!s)
        return NULL;
    seal(s);
    s->writer = writer_stop(s->writer);
    s->opener = opener_stop(s->opener);
    if (s->is_away && carry_rows(s->carry) > 0)
        gw_log(GW_LOG_ERROR, (struct gw_subject){"STORE", s->path},
               "stopped with %zu rows that found no store; messages that were not "
               "acknowledged come again",
               carry_rows(s->carry));
    carry_free(s->carry);
    if (s->committer.db && !leave_cut(s))
        leave_tidy(s);
    committer_close(&s->committer);
    s->committer.fold.minutes = minutes_free(s->committer.fold.minutes);
    scrub_done(&s->committer.scrub);
    registry_forget(&s->committer.registry);
    batch_free(s->open);
    store_names_done(s);
    free(s->path);
    if (s->lock_fd >= 0)
        close(s->lock_fd);
    free(s);
    return NULL;
}

bool store_peek(struct store *s, uint32_t point, int64_t now_us, int64_t *ret_hour_us,
                struct block *ret)
{
    int64_t hour_ms = 0;
    bool is_any =
        minutes_peek(s->committer.fold.minutes, point, now_us / 1000, &hour_ms, ret);
    *ret_hour_us = hour_ms * 1000;
    return is_any;
}

static uint64_t file_size(const char *path, const char *suffix)
{
    char name[4096];
    struct stat st;
    if (snprintf(name, sizeof(name), "%s%s", path, suffix) >= (int)sizeof(name)
        || stat(name, &st) < 0)
        return 0;
    return (uint64_t)st.st_size;
}

void store_status(struct store *s, struct store_status *ret)
{
    *ret = (struct store_status){0};
    ret->is_away = s->is_away;
    if (s->is_away) {
        away_fault(s, ret->fault, sizeof(ret->fault));
    } else if (s->writer) {
        writer_status(s->writer, ret);
    } else {
        committer_tell(&s->committer, ret);
    }
    if (!s->is_away && !ret->notice[0])
        text_copy(ret->notice, sizeof(ret->notice), s->notice.text);
    if (!ret->fault[0])
        text_copy(ret->fault, sizeof(ret->fault), ret->notice);
    ret->given_up_evidence = s->given_up[CARRY_EVIDENCE];
    ret->given_up_transitions = s->given_up[CARRY_TRANSITIONS];
    ret->file_bytes = file_size(s->path, "") + file_size(s->path, "-wal");
    ret->sqlite_bytes = (uint64_t)sqlite3_memory_used();
}
