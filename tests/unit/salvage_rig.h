/* salvage_rig.h - a database with rows of every kind, to be broken and salvaged. */
#ifndef TESTS_SALVAGE_RIG_H
#define TESTS_SALVAGE_RIG_H

#include "broken_rig.h"

#include "store/database.h"
#include "store/migrate.h"
#include "store/salvage.h"

enum {
    POINTS = 40,
    BUSES = 3,
    ALARMS = 60,
    ACKNOWLEDGED = 10,
    STATES = 25,
    READINGS = 4000,
    BODY_STEP = 37, /* bodies of the county grow by so much: short, long, overflowing */
};

/* What became of the file is a state too. */
#define NOT_THE_NOTICE " WHERE owner <> 'store'"

/* Every table of the file, counted as it was before the fault. */
static const char *const tables[] = {
    "points",  "buses",       "readings", "transitions", "summaries", "summary_items",
    "facts",   "fact_values", "states",   "deliveries",  "outbox",    "hours",
    "minutes", "quarters",    "days",     "unfolded"};
static const struct salvage_limits unlimited = {INT64_MAX, INT64_MAX};
enum { TABLES = sizeof(tables) / sizeof(tables[0]) };

static inline char *encode_long(void *ctx, const struct gw_record *record, uint64_t epoch,
                                uint64_t seq, int *ret_priority)
{
    (void)ctx;
    char *body = NULL;
    *ret_priority = record->kind == GW_RECORD_TRANSITION ? 0 : 1;
    if (asprintf(&body, "{\"epoch\":\"%llu\",\"seq\":%llu,\"text\":\"%0*d\"}",
                 (unsigned long long)epoch, (unsigned long long)seq, (int)seq * BODY_STEP,
                 7)
        < 0)
        return NULL;
    return body;
}

static inline void point_name(int i, char ret[64])
{
    (void)snprintf(ret, 64, "b1-%03d/desk_lux.row%d", i, i % 3);
}

static inline void ask_names(struct rig *rig, uint32_t points[POINTS],
                             uint16_t buses[BUSES])
{
    char name[64];
    for (int i = 0; i < POINTS; i++) {
        point_name(i, name);
        assert_int_equal(store_point_id(rig->store, name, &points[i], NULL), 0);
    }
    for (int i = 0; i < BUSES; i++) {
        (void)snprintf(name, sizeof(name), "rs485-%d", i);
        assert_int_equal(store_bus_id(rig->store, name, &buses[i], NULL), 0);
    }
}

static inline void add_evidence(struct rig *rig)
{
    const struct gw_summary_item item = {.metric = "co2", .mean = 700.5, .count = 15};
    const struct gw_fact_value value = {.name = "minutes", .value = 31.5};
    struct gw_record summary = {.kind = GW_RECORD_SUMMARY,
                                .summary = {.object = "b1-203",
                                            .start_us = 1000,
                                            .period_us = 900000000,
                                            .items = &item,
                                            .count = 1}};
    struct gw_record fact = {.kind = GW_RECORD_FACT,
                             .fact = {.kind = "lesson",
                                      .object = "b1-203",
                                      .values = &value,
                                      .count = 1,
                                      .completeness = 0.5}};
    rig_add(rig, summary);
    rig_add(rig, fact);
}

/* Blocks as the store makes them, by a connection of its own: hours of days that are not
 * packed yet, and of other days all the rest. */
static inline void add_blocks(struct rig *rig, const uint32_t points[POINTS])
{
    char sql[512];
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open_v2(rig->path, &db, SQLITE_OPEN_READWRITE, NULL), 0);
    assert_int_equal(sqlite3_exec(db,
                                  "PRAGMA busy_timeout = 10000;"
                                  "PRAGMA wal_autocheckpoint = 0;"
                                  "INSERT INTO unfolded VALUES (1, 5194, 0)",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    for (int i = 0; i < POINTS; i++) {
        (void)snprintf(sql, sizeof(sql),
                       "INSERT INTO hours VALUES ((498700 << 32) + %u, CAST(x'118000' ||"
                       " zeroblob(%d) AS BLOB));"
                       "INSERT INTO minutes VALUES ((%u << 24) + 5190, CAST(x'14' ||"
                       " zeroblob(%d) AS BLOB));"
                       "INSERT INTO quarters VALUES ((%u << 24) + 5190, CAST(x'12' ||"
                       " randomblob(%d) AS BLOB));"
                       "INSERT INTO days VALUES ((%u << 24) + 648, CAST(x'13' ||"
                       " randomblob(%d) AS BLOB));",
                       points[i], i * 11, points[i], i * 200, points[i], i * 60,
                       points[i], i * 5);
        assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    }
    sqlite3_close(db);
}

static inline void fill(struct rig *rig, uint32_t points[POINTS], uint16_t buses[BUSES])
{
    static const char bytes[400] = "kept";
    rig->ops.encode = encode_long;
    rig_open(rig);
    ask_names(rig, points, buses);
    rig_run(rig);
    for (int i = 0; i < READINGS; i++)
        rig_add(rig, rig_reading(points[i % POINTS], i + 0.25, 1000 * INT64_C(1) * i));
    for (uint64_t i = 1; i <= ALARMS; i++) {
        char object[32];
        (void)snprintf(object, sizeof(object), "b1-%03d", (int)i);
        rig_add(rig, rig_transition(i, "EY-01", object, 1000 * (int64_t)i));
        rig_add(rig, rig_delivery(buses[1], i, 0));
    }
    for (int i = 0; i < STATES; i++) {
        char key[32];
        (void)snprintf(key, sizeof(key), "EY-01@b1-%03d", i);
        rig_add(rig, (struct gw_record){.kind = GW_RECORD_STATE,
                                        .state = {"alarm", key, bytes, sizeof(bytes)}});
    }
    for (int i = 0; i < 12; i++)
        add_evidence(rig);
    store_flush(rig->store);
    add_blocks(rig, points);
    store_acknowledge(rig->store, store_epoch(rig->store), 1, ACKNOWLEDGED);
}

static inline void count_tables(struct rig *rig, int64_t ret[TABLES])
{
    char sql[96];
    for (int i = 0; i < TABLES; i++) {
        (void)snprintf(sql, sizeof(sql), "SELECT count(*) FROM %s%s", tables[i],
                       strcmp(tables[i], "states") == 0 ? NOT_THE_NOTICE : "");
        ret[i] = rig_number(rig, sql);
    }
}

/* The file of fill() aside, as @ret_copy; an empty database in its place.
 * returns how many pages the copy has */
static inline off_t set_aside(struct rig *rig, char ret_copy[128], sqlite3 **ret_db)
{
    struct gw_error err = {0};
    uint32_t points[POINTS];
    uint16_t buses[BUSES];
    fill(rig, points, buses);
    rig->store = store_close(rig->store);
    (void)snprintf(ret_copy, 128, "%s.copy", rig->path);
    copy_file(rig->path, ret_copy);
    assert_int_equal(unlink(rig->path), 0);
    assert_int_equal(database_open(rig->path, ret_db, &err), 0);
    assert_int_equal(migrate(*ret_db, migrations, migration_count, &err), 0);
    return size_of(ret_copy) / DATABASE_PAGE_BYTES;
}

#endif
