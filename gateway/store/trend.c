#include "store/trend.h"

#include <errno.h>
#include <stdlib.h>

#include "store/database.h"
#include "store/fold.h"
#include "store/pack.h"
#include "store/query_parts.h"
#include "store/statement.h"

#define MINUTE_US INT64_C(60000000)
#define HOUR_US (60 * MINUTE_US)
#define DAY_US (24 * HOUR_US)
#define PACK_US (PACK_DAYS * DAY_US)
#define DAYS_US (FOLD_DAYS_OF_BLOCK * DAY_US)
enum { HOUR_MINUTES = 60 };

enum { GET_HOUR, GET_MINUTES, GET_QUARTERS, GET_DAYS, FIRST_OF, IS_UNFOLDED = 7 };

static const char *const sql[TREND_STATEMENTS] = {
    [GET_HOUR] = "SELECT block FROM hours WHERE key = ?",
    [GET_MINUTES] = "SELECT block FROM minutes WHERE key = ?",
    [GET_QUARTERS] = "SELECT block FROM quarters WHERE key = ?",
    [GET_DAYS] = "SELECT block FROM days WHERE key = ?",
    [FIRST_OF + TREND_MINUTES] =
        "SELECT key FROM minutes WHERE key >= ?1 AND key < ?1 + (1 << 24) LIMIT 1",
    [FIRST_OF + TREND_QUARTERS] =
        "SELECT key FROM quarters WHERE key >= ?1 AND key < ?1 + (1 << 24) LIMIT 1",
    [FIRST_OF + TREND_DAYS] =
        "SELECT key FROM days WHERE key >= ?1 AND key < ?1 + (1 << 24) LIMIT 1",
    [IS_UNFOLDED] = "SELECT 1 FROM unfolded WHERE level = ?1 AND period = ?2",
};

/* Minutes, and the level they are of. */
static const struct step {
    enum trend_level level;
    int64_t minutes;
} steps[] = {
    {TREND_MINUTES, 1},    {TREND_MINUTES, 2},    {TREND_MINUTES, 5},
    {TREND_MINUTES, 10},   {TREND_QUARTERS, 15},  {TREND_QUARTERS, 30},
    {TREND_QUARTERS, 60},  {TREND_QUARTERS, 120}, {TREND_QUARTERS, 240},
    {TREND_QUARTERS, 720}, {TREND_DAYS, 1440},    {TREND_DAYS, 2880},
    {TREND_DAYS, 10080},   {TREND_DAYS, 40320},
};
enum { STEPS = sizeof(steps) / sizeof(steps[0]) };

static const char *const names[TREND_LEVELS] = {"minutes", "quarters", "days"};

const char *trend_level_name(enum trend_level level)
{
    return names[level];
}

/* drawing - a trend while it is read: a value for each step.
 * from_us, to_us  what is drawn of it now */
struct drawing {
    struct query *query;
    const struct trend_ask *ask;
    int64_t from_us;
    int64_t to_us;
    int64_t first_us;
    int64_t step_us;
    size_t count;
    struct trend_value *values;
};

static int64_t floor_to(int64_t time_us, int64_t step_us)
{
    int64_t rest = time_us % step_us;
    return time_us - (rest < 0 ? rest + step_us : rest);
}

static void add(struct drawing *d, int64_t start_us, const struct aggregate *a)
{
    int64_t step = (start_us - d->first_us) / d->step_us;
    if (start_us >= d->from_us && start_us < d->to_us && step < (int64_t)d->count)
        aggregate_add(&d->values[step].aggregate, a);
}

static void add_block(struct drawing *d, const void *bytes, size_t size, int64_t start_us,
                      int64_t span_us, unsigned spans)
{
    struct block_reader r;
    struct aggregate a;
    unsigned index = 0;
    block_open(&r, bytes, size, (uint32_t)(span_us / 1000), spans);
    while (block_next(&r, &index, &a))
        add(d, start_us + index * span_us, &a);
}

/* --- the parts of it ---------------------------------------------------------------- */

/* The row @key, NULL: there is none.  The caller resets its statement. */
static int get(struct drawing *d, int which, int64_t key, const void **ret_bytes,
               size_t *ret_size)
{
    sqlite3_stmt *st = d->query->trend[which];
    int rc = statement_row(st, "i", key);
    *ret_bytes = rc == SQLITE_ROW ? sqlite3_column_blob(st, 0) : NULL;
    *ret_size = rc == SQLITE_ROW ? (size_t)sqlite3_column_bytes(st, 0) : 0;
    return rc == SQLITE_ROW || rc == SQLITE_DONE ? SQLITE_OK : rc;
}

static void done(struct drawing *d, int which)
{
    (void)sqlite3_reset(d->query->trend[which]); /* repeats the code of the step */
}

static int is_unfolded(struct drawing *d, enum fold_level level, int64_t period,
                       bool *ret)
{
    sqlite3_stmt *st = d->query->trend[IS_UNFOLDED];
    int rc = statement_row(st, "ii", (int64_t)level, period);
    *ret = rc == SQLITE_ROW;
    done(d, IS_UNFOLDED);
    return rc == SQLITE_ROW || rc == SQLITE_DONE ? SQLITE_OK : rc;
}

/* The hour that runs, or what is stored of it: on its own, else in the pack. */
static int add_hour(struct drawing *d, int64_t hour, const struct pack_hour *packed,
                    bool is_fresh)
{
    struct pack_hour h = *packed;
    int rc = SQLITE_OK;
    int64_t start_us = hour * HOUR_US;
    if (start_us >= d->to_us || start_us + HOUR_US <= d->from_us)
        return SQLITE_OK;
    if (d->ask->running && d->ask->hour_us == start_us) {
        h = (struct pack_hour){d->ask->running->bytes, d->ask->running->pen.used};
    } else if (is_fresh) {
        struct pack_hour own;
        rc = get(d, GET_HOUR, fold_hour_key(hour, d->ask->point), &own.bytes, &own.size);
        h = own.size > 0 ? own : h;
    }
    if (h.size > 0)
        add_block(d, h.bytes, h.size, start_us, MINUTE_US, HOUR_MINUTES);
    done(d, GET_HOUR);
    return rc;
}

static int add_minutes(struct drawing *d, int64_t pack, bool is_fresh)
{
    struct pack_hour hours[PACK_HOURS];
    const void *bytes = NULL;
    size_t size = 0;
    int rc = get(d, GET_MINUTES, fold_key(d->ask->point, pack), &bytes, &size);
    pack_read(bytes, size, hours);
    for (unsigned i = 0; i < PACK_HOURS && rc == SQLITE_OK; i++)
        rc = add_hour(d, pack * PACK_HOURS + i, &hours[i], is_fresh);
    done(d, GET_MINUTES);
    return rc;
}

static int add_pack(struct drawing *d, int64_t pack, enum trend_level level)
{
    const void *bytes = NULL;
    size_t size = 0;
    bool is_fresh = false;
    int rc = is_unfolded(d, FOLD_PACK, pack, &is_fresh);
    is_fresh = is_fresh || (d->ask->running && d->ask->hour_us / PACK_US == pack);
    if (rc != SQLITE_OK || level == TREND_MINUTES || is_fresh)
        return rc == SQLITE_OK ? add_minutes(d, pack, is_fresh) : rc;
    rc = get(d, GET_QUARTERS, fold_key(d->ask->point, pack), &bytes, &size);
    if (size > 0)
        add_block(d, bytes, size, pack * PACK_US, 15 * MINUTE_US, 4 * PACK_HOURS);
    done(d, GET_QUARTERS);
    return rc;
}

static int add_packs(struct drawing *d, enum trend_level level)
{
    int rc = SQLITE_OK;
    for (int64_t pack = d->from_us / PACK_US;
         pack * PACK_US < d->to_us && rc == SQLITE_OK; pack++)
        rc = add_pack(d, pack, level);
    return rc;
}

/* 32 days, of their quarters where they are not folded yet. */
static int add_32_days(struct drawing *d, int64_t days)
{
    const void *bytes = NULL;
    size_t size = 0;
    bool is_fresh = false;
    int rc = is_unfolded(d, FOLD_DAYS, days, &is_fresh);
    if (rc == SQLITE_OK && !is_fresh)
        rc = get(d, GET_DAYS, fold_key(d->ask->point, days), &bytes, &size);
    if (size > 0)
        add_block(d, bytes, size, days * DAYS_US - d->ask->offset_us, DAY_US,
                  FOLD_DAYS_OF_BLOCK);
    done(d, GET_DAYS);
    return rc == SQLITE_OK && size == 0 ? add_packs(d, TREND_QUARTERS) : rc;
}

static int add_days(struct drawing *d)
{
    int64_t end_us = d->to_us;
    int64_t days = (d->from_us + d->ask->offset_us) / DAYS_US;
    int rc = SQLITE_OK;
    for (; d->from_us < end_us && rc == SQLITE_OK; days++) {
        int64_t next_us = (days + 1) * DAYS_US - d->ask->offset_us;
        d->to_us = next_us < end_us ? next_us : end_us;
        rc = add_32_days(d, days);
        d->from_us = next_us;
    }
    return rc;
}

/* --- which of them ------------------------------------------------------------------ */

/* Where each level begins, INT64_MAX = it has nothing.  The hours of the last days belong
 * to every one, and quarters to days. */
static int find_oldest(struct drawing *d, int64_t ret[TREND_LEVELS])
{
    static const int64_t period_us[TREND_LEVELS] = {PACK_US, PACK_US, DAYS_US};
    int rc = SQLITE_OK;
    for (int level = 0; level < TREND_LEVELS; level++)
        ret[level] = INT64_MAX;
    for (int level = 0; level < TREND_LEVELS && rc == SQLITE_OK; level++) {
        sqlite3_stmt *st = d->query->trend[FIRST_OF + level];
        rc = statement_row(st, "i", fold_key(d->ask->point, 0));
        if (rc == SQLITE_ROW)
            ret[level] =
                (sqlite3_column_int64(st, 0) & ((1 << 24) - 1)) * period_us[level];
        done(d, FIRST_OF + level);
        rc = rc == SQLITE_ROW || rc == SQLITE_DONE ? SQLITE_OK : rc;
    }
    int64_t quarters_us = ret[TREND_QUARTERS];
    ret[TREND_DAYS] -= ret[TREND_DAYS] != INT64_MAX ? d->ask->offset_us : 0;
    ret[TREND_DAYS] = ret[TREND_DAYS] < quarters_us ? ret[TREND_DAYS] : quarters_us;
    return rc;
}

static size_t count_steps(const struct drawing *d, int64_t step_us)
{
    int64_t first_us =
        floor_to(d->ask->from_us + d->ask->offset_us, step_us) - d->ask->offset_us;
    return (size_t)((d->ask->to_us - first_us + step_us - 1) / step_us);
}

/* The finest that has few enough, and that reaches back as far as any does. */
static const struct step *pick(const struct drawing *d,
                               const int64_t oldest[TREND_LEVELS])
{
    int64_t first_us = INT64_MAX;
    for (int level = 0; level < TREND_LEVELS; level++)
        first_us = oldest[level] < first_us ? oldest[level] : first_us;
    first_us = first_us > d->ask->from_us ? first_us : d->ask->from_us;
    const struct step *step = steps;
    while (step < steps + STEPS - 1
           && (step->level < d->ask->level || oldest[step->level] > first_us
               || count_steps(d, step->minutes * MINUTE_US) > d->ask->max))
        step++;
    return step;
}

static int prepare(struct query *q)
{
    return q->trend[0] ? SQLITE_OK
                       : statements_prepare(q->db, sql, q->trend, TREND_STATEMENTS);
}

static int draw(struct drawing *d, struct trend *ret)
{
    int64_t oldest[TREND_LEVELS];
    int rc = find_oldest(d, oldest);
    if (rc != SQLITE_OK)
        return rc;
    const struct step *step = pick(d, oldest);
    d->step_us = step->minutes * MINUTE_US;
    d->first_us =
        floor_to(d->ask->from_us + d->ask->offset_us, d->step_us) - d->ask->offset_us;
    d->from_us = d->first_us;
    d->to_us = d->ask->to_us;
    d->count = count_steps(d, d->step_us);
    d->values = calloc(d->count + 1, sizeof(*d->values));
    if (!d->values)
        return SQLITE_NOMEM;
    for (size_t i = 0; i < d->count; i++)
        d->values[i] =
            (struct trend_value){d->first_us + (int64_t)i * d->step_us, aggregate_none()};
    ret->level = step->level;
    return step->level == TREND_DAYS ? add_days(d) : add_packs(d, step->level);
}

static void take_values(struct drawing *d, struct trend *ret)
{
    size_t count = 0;
    ret->rows = 0;
    for (size_t i = 0; i < d->count; i++) {
        if (aggregate_is_none(&d->values[i].aggregate))
            continue;
        ret->rows += d->values[i].aggregate.count;
        d->values[count++] = d->values[i];
    }
    ret->step_us = d->step_us;
    ret->values = d->values;
    ret->count = count;
}

/* In one transaction, so that what is folded meanwhile is there once. */
int query_trend(struct query *q, const struct trend_ask *ask, struct trend *ret,
                struct gw_error *err)
{
    struct drawing d = {.query = q, .ask = ask};
    if (ask->from_us >= ask->to_us || ask->max < 2)
        return gw_fail(err, -EINVAL, "history: from is not before to");
    query_begin(q);
    int rc = prepare(q);
    if (rc == SQLITE_OK)
        rc = sqlite3_exec(q->db, "BEGIN", NULL, NULL, NULL);
    if (rc == SQLITE_OK)
        rc = draw(&d, ret);
    int r = query_end(q, rc == SQLITE_OK ? SQLITE_DONE : rc, err);
    database_rollback(q->db); /* nothing was written */
    if (r < 0) {
        free(d.values);
        return r;
    }
    take_values(&d, ret);
    return 0;
}
