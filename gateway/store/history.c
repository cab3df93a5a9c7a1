#include "store/history.h"

#include <stdio.h>

#include "base/clock.h"
#include "store/aggregate.h"
#include "store/statement.h"

/* Keys of one millisecond, of all eras and of one; years within +-30,000 keep key
 * arithmetic in 64 bits. */
static const int64_t keys_per_ms = 4096;
static const int64_t keys_per_era = 4096 / GW_RECORD_ERAS;
static const int64_t last_ms = INT64_C(1000000000000000);

enum {
    NEWEST_KEY,
    ADD_READING,
    ADD_LATE_READING,
    ADD_TRANSITION,
    ADD_SUMMARY,
    ADD_SUMMARY_ITEM,
    ADD_FACT,
    ADD_FACT_VALUE,
    MARK_HOUR,
};

static const char *const sql[HISTORY_STATEMENTS] = {
    [NEWEST_KEY] = "SELECT max(key) FROM readings",
    [ADD_READING] = "INSERT INTO readings (key, point, value, quality)"
                    " VALUES (?1, ?2, ?3, ?4)",
    [ADD_LATE_READING] = "INSERT INTO readings (key, point, value, quality)"
                         " SELECT coalesce((SELECT max(key) FROM readings"
                         " WHERE key BETWEEN ?1 AND ?5) + 1, ?1), ?2, ?3, ?4"
                         " WHERE NOT EXISTS (SELECT 1 FROM readings WHERE key = ?5)",
    [ADD_TRANSITION] = "INSERT INTO transitions (uid, seq, rule, object, severity,"
                       " from_state, to_state, cause, actor, comment, value, time_us,"
                       " time_quality, mono_us, is_test)"
                       " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    [ADD_SUMMARY] = "INSERT INTO summaries (object, start_us, period_us)"
                    " VALUES (?, ?, ?)",
    [ADD_SUMMARY_ITEM] = "INSERT OR REPLACE INTO summary_items"
                         " (summary, metric, min, mean, max, last, valid, count)"
                         " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    [ADD_FACT] = "INSERT INTO facts (kind, rule, object, start_us, end_us, time_us,"
                 " completeness) VALUES (?, ?, ?, ?, ?, ?, ?)",
    [ADD_FACT_VALUE] = "INSERT OR REPLACE INTO fact_values (fact, name, value, text)"
                       " VALUES (?, ?, ?, ?)",
    [MARK_HOUR] = "INSERT OR IGNORE INTO unfolded (level, period) VALUES (0, ?)",
};

/* A value of before the hour may stand in it: AGGREGATE_STANDS_MS. */
static const char trim_sql[] =
    "DELETE FROM readings WHERE key < min(?1, coalesce((SELECT (min(period) * 3600000 -"
    " ?3) * 4096 FROM unfolded WHERE level = 0), ?1)) AND key <= coalesce("
    "(SELECT key FROM readings ORDER BY key LIMIT 1 OFFSET ?2 - 1), ?1)";

int history_open(struct history *h, sqlite3 *db)
{
    h->db = db;
    int rc = statements_prepare(db, sql, h->statements, HISTORY_STATEMENTS);
    if (rc != SQLITE_OK)
        return rc;
    rc = statement_row(h->statements[NEWEST_KEY], "");
    h->last_key = INT64_MIN;
    h->first_key = INT64_MAX;
    h->hour = h->noted_hour = HISTORY_NO_HOUR;
    if (rc == SQLITE_ROW
        && sqlite3_column_type(h->statements[NEWEST_KEY], 0) == SQLITE_INTEGER)
        h->last_key = sqlite3_column_int64(h->statements[NEWEST_KEY], 0);
    if (h->last_key != INT64_MIN)
        h->hour = history_key_hour(h->last_key);
    (void)sqlite3_reset(h->statements[NEWEST_KEY]); /* repeats the code of the step */
    return rc == SQLITE_ROW ? SQLITE_OK : rc;
}

void history_close(struct history *h)
{
    statements_finalize(h->statements, HISTORY_STATEMENTS);
}

int64_t history_key(int64_t time_us)
{
    if (time_us == GW_TIME_NONE)
        return 0;
    int64_t ms = time_us / 1000;
    if (time_us % 1000 < 0)
        ms--;
    if (ms > last_ms)
        ms = last_ms;
    if (ms < -last_ms)
        ms = -last_ms;
    return ms * keys_per_ms;
}

int64_t history_key_time(int64_t key)
{
    int64_t ms = key / keys_per_ms;
    if (key % keys_per_ms < 0)
        ms--;
    return ms * 1000;
}

uint32_t history_key_era(int64_t key)
{
    int64_t rest = key % keys_per_ms;
    return (uint32_t)((rest < 0 ? rest + keys_per_ms : rest) / keys_per_era);
}

int64_t history_key_hour(int64_t key)
{
    static const int64_t hour_us = INT64_C(3600000000);
    int64_t time_us = history_key_time(key);
    return time_us / hour_us - (time_us % hour_us < 0);
}

int history_pack_quality(const struct gw_reading *reading)
{
    return reading->quality + 4 * reading->reason;
}

void history_unpack_quality(int packed, struct gw_reading *ret)
{
    ret->quality = (uint8_t)(packed & 3);
    ret->reason = (uint8_t)(packed >> 2);
}

/* A row has @key: a late one may be behind a full last millisecond. */
static int note(struct history *h, int64_t key)
{
    int rc = SQLITE_OK;
    int64_t hour = history_key_hour(key);
    if (hour != h->noted_hour && clock_is_plausible(history_key_time(key)))
        rc = statement_run(h->statements[MARK_HOUR], "i", hour);
    h->noted_hour = hour;
    h->hour = hour;
    h->last_key = key > h->last_key ? key : h->last_key;
    h->first_key = key < h->first_key ? key : h->first_key;
    return rc;
}

/* The clock went back: behind the last reading of the same millisecond and era, or of the
 * next one that is not full. */
static int add_late_reading(struct history *h, const struct gw_reading *reading,
                            int64_t key)
{
    int rc = SQLITE_OK;
    int added = 0;
    for (; rc == SQLITE_OK && added == 0; key += keys_per_ms) {
        rc =
            statement_run(h->statements[ADD_LATE_READING], "iidii", key,
                          (int64_t)reading->point, reading->value,
                          (int64_t)history_pack_quality(reading), key + keys_per_era - 1);
        added = sqlite3_changes(h->db);
    }
    int64_t used = sqlite3_last_insert_rowid(h->db);
    return rc == SQLITE_OK ? note(h, used) : rc;
}

int history_reading(struct history *h, const struct gw_reading *reading, uint32_t era)
{
    int64_t key = history_key(reading->time_us) + era * keys_per_era;
    if (key <= h->last_key && key + keys_per_era - 1 > h->last_key)
        key = h->last_key + 1; /* the same millisecond and era */
    if (key <= h->last_key)
        return add_late_reading(h, reading, key);
    int rc =
        statement_run(h->statements[ADD_READING], "iidi", key, (int64_t)reading->point,
                      reading->value, (int64_t)history_pack_quality(reading));
    return rc == SQLITE_OK ? note(h, key) : rc;
}

int history_transition(struct history *h, const struct gw_transition *t)
{
    return statement_run(h->statements[ADD_TRANSITION], "iittiiitttdiiii",
                         (int64_t)t->uid, (int64_t)t->seq, t->rule, t->object,
                         (int64_t)t->severity, (int64_t)t->from, (int64_t)t->to, t->cause,
                         t->actor, t->comment, t->value, t->time_us,
                         (int64_t)t->time_quality, t->mono_us, (int64_t)t->is_test);
}

int history_summary(struct history *h, const struct gw_summary *summary)
{
    int rc = statement_run(h->statements[ADD_SUMMARY], "tii", summary->object,
                           summary->start_us, summary->period_us);
    int64_t number = sqlite3_last_insert_rowid(h->db);
    for (size_t i = 0; i < summary->count && rc == SQLITE_OK; i++) {
        const struct gw_summary_item *item = &summary->items[i];
        rc = statement_run(h->statements[ADD_SUMMARY_ITEM], "itdddddi", number,
                           item->metric, item->min, item->mean, item->max, item->last,
                           item->valid, (int64_t)item->count);
    }
    return rc;
}

/* "daily.attendance": what the county got of it. */
static void kind_of(const struct gw_fact *fact, char ret[2 * GW_ID_MAX])
{
    bool is_told = fact->period != GW_PERIOD_NONE;
    (void)snprintf(ret, (size_t)2 * GW_ID_MAX, "%s%s%s",
                   is_told ? gw_period_name(fact->period) : "", is_told ? "." : "",
                   fact->kind);
}

int history_fact(struct history *h, const struct gw_fact *fact)
{
    char kind[2 * GW_ID_MAX];
    kind_of(fact, kind);
    int rc =
        statement_run(h->statements[ADD_FACT], "tttiiid", kind, fact->rule, fact->object,
                      fact->start_us, fact->end_us, fact->time_us, fact->completeness);
    int64_t number = sqlite3_last_insert_rowid(h->db);
    for (size_t i = 0; i < fact->count && rc == SQLITE_OK; i++) {
        const struct gw_fact_value *value = &fact->values[i];
        rc = statement_run(h->statements[ADD_FACT_VALUE], "itdt", number, value->name,
                           value->value, value->text);
    }
    if (rc == SQLITE_OK && fact->revision > 0)
        rc = statement_run(h->statements[ADD_FACT_VALUE], "itdt", number, "revision",
                           (double)fact->revision, NULL);
    return rc;
}

int history_trim(struct history *h, int64_t time_us, int max, int *ret_deleted)
{
    sqlite3_stmt *st = NULL;
    int rc = sqlite3_prepare_v2(h->db, trim_sql, -1, &st, NULL);
    if (rc == SQLITE_OK)
        rc = statement_run(st, "iii", history_key(time_us), (int64_t)max,
                           AGGREGATE_STANDS_MS);
    if (rc == SQLITE_OK)
        *ret_deleted = sqlite3_changes(h->db);
    (void)sqlite3_finalize(st); /* repeats the code of the step */
    return rc;
}
