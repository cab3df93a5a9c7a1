/* store.h - one thread, one connection, every write: WAL, FULL, group commit.
 *
 * Main adds records to the open batch; the batch is sealed when it holds an alarm,
 * has commit_rows, is commit_interval old, or a bus asks.  A commit that fails (disk
 * full) is tried again until it succeeds; meanwhile nothing is acknowledged and
 * store_has_room() says when what comes again by itself should give way.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "base/evidence.h"
#include "gw/error.h"
#include "gw/record.h"
#include "gw/schema.h"

struct store;

/* store_keep - how long rows stay, by the school's time; 0 = for ever. */
struct store_keep {
    int64_t log_us;       /* readings */
    int64_t minutes_us;   /* their minutes */
    int64_t summaries_us; /* quarters of an hour: of points, and of places as told */
    int64_t days_us;      /* days of points */
    int64_t evidence_us;  /* alarms' transitions, facts */
};

/* store_config - gateway.yaml's section "store". */
struct store_config {
    const char *path; /* of a file: ":memory:" and URIs are refused */
    int64_t commit_interval_us;
    uint32_t commit_rows;
    uint32_t outbox_rows; /* over so many old rows give way (outbox_cap.h); 0 = never */
    struct store_keep keep;
    double endurance_tb; /* of the card, by its data sheet; 0 = nobody says */
    int32_t
        utc_offset_s; /* of the school's zone: days of aggregates are its; no option */
};
extern const struct gw_option store_options[];

/* store_priority - of a row for the county.  Alarms are sent first; at the outbox's cap
 * what stands last here gives way first, and nothing up to STORE_DROPPED ever does. */
enum store_priority {
    STORE_ALARM,
    STORE_DROPPED,     /* what tells of rows that gave way, and signed files */
    STORE_PERIOD,      /* facts of days, weeks and months */
    STORE_FACT,        /* of lessons and the like */
    STORE_ENVIRONMENT, /* a place over a quarter of an hour */
    STORE_TELEMETRY,
    STORE_RECALLED, /* of these four what the county once had and asked for again */
    STORE_PRIORITIES
};

/* store_dropped - @rows rows of @epoch that gave way, as @count ranges of seq. */
enum { STORE_DROPPED_RANGES_MAX = 100 };
struct store_range {
    uint64_t from;
    uint64_t to;
};
struct store_dropped {
    uint64_t epoch;
    const struct store_range *ranges;
    size_t count;
    uint64_t rows;
};

/* store_ops
 * committed  everything of @bus up to @ticket is on disk; store thread
 * encode     the county's body of @record, or NULL when it is not for the county: asked
 *            for transitions, summaries, facts and readings with GW_RECORD_TELEMETRY,
 *            inside the commit on the store thread; @epoch and @seq are this row's, and
 *            come again when the commit must.  Owner: the store frees it with free().
 *            *ret_priority: enum store_priority
 * encode_dropped  likewise the body that tells of @dropped; NULL = not now
 * seal       the county's body of the monthly file of evidence, signed, and what the next
 *            file says of it; NULL: not now, and it is asked again with the next
 *            GW_RECORD_MONTH_END.  As encode else.  NULL = no files are made
 * appended   new outbox rows are committed; store thread
 * recalled   rows that were acknowledged are to be sent once more, and that is committed;
 *            store thread; may be NULL
 * settled    a commit succeeded or failed: marks up to @kept are on the disk; @fault ""
 * or why the rest is not; store thread.  NULL = nobody asks acknowledge_before_commit
 * calls committed from store_add(), on main */
struct store_ops {
    void *ctx;
    void (*committed)(void *ctx, uint16_t bus, uint64_t ticket);
    char *(*encode)(void *ctx, const struct gw_record *record, uint64_t epoch,
                    uint64_t seq, int *ret_priority);
    char *(*encode_dropped)(void *ctx, const struct store_dropped *dropped,
                            uint64_t epoch, uint64_t seq);
    char *(*seal)(void *ctx, const struct evidence_month *month, uint64_t epoch,
                  uint64_t seq, struct evidence_file *ret);
    void (*appended)(void *ctx);
    void (*recalled)(void *ctx);
    void (*settled)(void *ctx, uint64_t kept, const char *fault);
    bool acknowledge_before_commit; /* the seeded fault that tests must catch */
};

/* store_sides - what SQLite and the store keep beside a database, as "campus.db-wal";
 * ends with NULL. */
extern const char *const store_sides[];

/* store_open - opens, checks, migrates; makes the epoch on first use; no thread yet.
 * A file that cannot be opened is no reason not to guard a school: the store is away
 * then.  Its ids are for the time being, what is added waits in memory, and store_run()
 * tries to open it again and again.  Once store_can_open(), everything that holds ids is
 * taken down, store_come() called, and built again: ids and states are those of the disk
 * with what happened since, and store_run() writes that.
 * returns 0; 1 with a store that is away and in @err why; or -errno, for another gateway
 *         on this file above all.  Owner: caller; store_close() */
int store_open(const struct store_config *config, struct store **ret,
               struct gw_error *err);

/* store_leave - before store_run(), or when that failed: away.
 * store_try_last - at the end of a run: whether records wait that a last try to open
 * found a file for.  Then store_come(), build, store_run(); store_close() writes them.
 * store_carried_alarm_uid - the highest uid that waits with them, 0 = none.
 * Thread: main; store_is_away() any. */
bool store_is_away(const struct store *s);
bool store_can_open(const struct store *s);
void store_come(struct store *s);
bool store_try_last(struct store *s);
uint64_t store_carried_alarm_uid(const struct store *s);
int store_leave(struct store *s, const struct gw_error *why, struct gw_error *err);

/* Stable ids of names, new ones where there are none.  Before store_run() they are not on
 * the disk yet; while it runs each call is one transaction on the store's thread, waits
 * for it, and may be -ETIMEDOUT: the disk takes nothing.
 * Thread: main before store_run(); then any but main, one at a time. */
int store_point_id(struct store *s, const char *name, uint32_t *ret,
                   struct gw_error *err);
int store_point_ids(struct store *s, const char *const *names, size_t count,
                    uint32_t *ret, struct gw_error *err);
int store_bus_id(struct store *s, const char *name, uint16_t *ret, struct gw_error *err);

/* store_delivered - what is kept of @bus, until the same bus is asked for again; nothing
 * after a failure, which is logged.
 * returns  false: away; tickets begin behind one that stands for all before
 * Thread:  as the ids */
bool store_delivered(struct store *s, uint16_t bus, struct gw_delivered *ret,
                     struct gw_own_ids *ret_ids);

/* Before store_run(): kept states, the last alarm's uid.  Thread: main. */
int store_each_state(struct store *s,
                     void (*each)(void *ctx, const struct gw_state *state), void *ctx,
                     struct gw_error *err);
uint64_t store_epoch(const struct store *s);
const char *store_path(const struct store *s); /* thread: any */
uint64_t store_last_alarm_uid(const struct store *s);

/* store_run - starts the writer thread, or the one that tries to open. */
int store_run(struct store *s, const struct store_ops *ops, struct gw_error *err);

/* store_add - copies @record into the open batch, also when there is no room; one that
 * finds no memory is lost and told in the log.
 * store_has_room - false when so much waits for the disk that the caller should add only
 * what nobody says again. */
void store_add(struct store *s, const struct gw_record *record);
bool store_has_room(struct store *s);

/* store_seal - gives the open batch to the writer when the commit rules say so at
 * machine time @now_us.  Call it between messages only: a message's readings and its
 * delivery belong to one batch, and nothing else seals.  returns when to call again,
 * INT64_MAX = after the next store_add().  store_flush - now, and waits until it is
 * committed or a commit failed. */
int64_t store_seal(struct store *s, int64_t now_us);
void store_flush(struct store *s);

/* store_urge - what was added until now is committed as soon as store_seal() is called.
 * returns its mark.  Thread: main.
 * store_progress - how far the disk is, as settled() tells it, and also that it does not
 * answer: @fault "" means that nothing is in the way of the rest.  A store that is away
 * keeps no mark.  Thread: main. */
struct store_progress {
    uint64_t kept;
    char fault[400];
};
uint64_t store_urge(struct store *s);
void store_progress(struct store *s, struct store_progress *ret);

/* store_clock_was_set - while the daemon was down, or shortly before: how old a reading
 * is says its stamp no more, and old ones stay for the time being.  What is set later the
 * store sees. */
void store_clock_was_set(struct store *s);

/* store_look - a reader met a broken page (-EUCLEAN) on a fresh connection: the writer
 * looks at the file, at most once a minute, and replaces it where it is broken.
 * Thread: any. */
void store_look(struct store *s);

/* store_settle - waits at most 10 s until all that was sealed is committed.
 * returns 0 or -ETIMEDOUT.  Thread: any. */
int store_settle(struct store *s);

/* store_set_pace - other commit rules, times to keep and cap from now on (path is not
 * looked at).  Thread: main. */
void store_set_pace(struct store *s, const struct store_config *config);

/* store_acknowledge - the county has [from, to] of @epoch; written with the next commit.
 */
void store_acknowledge(struct store *s, uint64_t epoch, uint64_t from, uint64_t to);

/* store_tell_dropped - the link is up: what gave way and was not told becomes rows with
 * the next commit.  Thread: any. */
void store_tell_dropped(struct store *s);

/* store_peek - the minutes of @point in the hour that runs, as the log has them at school
 * time @now_us; its bytes are a block (block.h).
 * returns whether there are any, and when the hour began.  Thread: any. */
struct block;
bool store_peek(struct store *s, uint32_t point, int64_t now_us, int64_t *ret_hour_us,
                struct block *ret);

/* store_heard - people were told of the notice: a stop in order ends it.  Until then, and
 * after a kill or a power cut, the next start tells it again.  Thread: main. */
void store_heard(struct store *s);

/* store_close - last commit, checkpoint, close; accepts half-open; returns NULL. */
struct store *store_close(struct store *s);

struct store_status {
    uint64_t commits;
    uint64_t rows;
    uint64_t failures;
    uint64_t waiting; /* batches sealed and not yet committed */
    int64_t oldest_wait_us;
    uint64_t outbox_total;        /* rows ever made = last seq */
    uint64_t outbox_acknowledged; /* of them */
    uint64_t outbox_dropped;      /* that gave way at the cap */
    uint64_t outbox_untold;       /* of these, not told to the county yet */
    uint64_t outbox_waiting;      /* all others */
    uint64_t outbox_rows;         /* that are there, kept for a replay too */
    uint64_t outbox_bytes;        /* of their bodies */
    uint64_t outbox_cap;          /* rows; 0 = none */
    int64_t outbox_oldest_s;      /* when the oldest that waits was made; 0 = none */
    uint64_t undated;             /* rows that wait until the time is known */
    uint64_t undated_given_way;   /* the oldest of them, for lack of room */
    uint64_t file_bytes;
    uint64_t sqlite_bytes;      /* of memory that SQLite has, every connection's */
    uint64_t given_up_evidence; /* summaries and facts that found no memory while away */
    uint64_t given_up_transitions; /* the same of alarms' transitions */
    char notice[512]; /* the file was broken, and what became of it (store_heard()) */
    char fault[512];  /* what is wrong now, else the notice */
    bool is_away;
};
void store_status(struct store *s, struct store_status *ret);

#endif
