/* store_rig.h - a store in a folder of its own, and records to put into it. */
#ifndef TESTS_STORE_RIG_H
#define TESTS_STORE_RIG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <math.h>
#include <poll.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "store/outbox.h"
#include "store/query.h"
#include "store/store.h"

/* What the store called back; written by its thread, read after a flush or a wait. */
struct rig {
    char folder[64];
    char path[96];
    struct store_config config;
    struct store *store;
    struct store_ops ops;
    atomic_uint_fast64_t committed;
    atomic_int appended;
    atomic_uint_fast64_t last_seq; /* the encoder was given */
};

static inline void rig_committed(void *ctx, uint16_t bus, uint64_t ticket)
{
    struct rig *rig = ctx;
    (void)bus;
    rig->committed = ticket;
}

static inline char *rig_encode(void *ctx, const struct gw_record *record, uint64_t epoch,
                               uint64_t seq, int *ret_priority)
{
    struct rig *rig = ctx;
    char *body = NULL;
    rig->last_seq = seq;
    *ret_priority = record->kind == GW_RECORD_TRANSITION ? 0 : 1;
    if (asprintf(&body, "{\"epoch\":%llu,\"seq\":%llu}", (unsigned long long)epoch,
                 (unsigned long long)seq)
        < 0)
        return NULL;
    return body;
}

static inline void rig_appended(void *ctx)
{
    ((struct rig *)ctx)->appended++;
}

static inline void rig_open(struct rig *rig)
{
    struct gw_error err = {0};
    int r = store_open(&rig->config, &rig->store, &err);
    if (r < 0)
        print_error("%s\n", err.text);
    assert_int_equal(r, 0);
}

static inline void rig_run(struct rig *rig)
{
    struct gw_error err = {0};
    assert_int_equal(store_run(rig->store, &rig->ops, &err), 0);
}

static inline int rig_setup(void **state)
{
    struct rig *rig = calloc(1, sizeof(*rig));
    (void)snprintf(rig->folder, sizeof(rig->folder), "/tmp/gw-store-XXXXXX");
    if (!mkdtemp(rig->folder))
        return -1;
    (void)snprintf(rig->path, sizeof(rig->path), "%s/campus.db", rig->folder);
    rig->config = (struct store_config){.path = rig->path,
                                        .commit_interval_us = 1000000,
                                        .commit_rows = 500,
                                        .keep = {.log_us = INT64_C(3) * 86400 * 1000000}};
    rig->ops = (struct store_ops){.ctx = rig,
                                  .committed = rig_committed,
                                  .encode = rig_encode,
                                  .appended = rig_appended};
    clock_set(1, 0); /* readings of 1970 are new */
    *state = rig;
    return 0;
}

static inline int rig_teardown(void **state)
{
    struct rig *rig = *state;
    rig->store = store_close(rig->store);
    DIR *dir = opendir(rig->folder);
    for (struct dirent *e = dir ? readdir(dir) : NULL; e; e = readdir(dir))
        if (e->d_name[0] != '.')
            (void)unlinkat(dirfd(dir), e->d_name, 0);
    if (dir)
        closedir(dir);
    (void)rmdir(rig->folder);
    clock_release();
    free(rig);
    return 0;
}

/* Close and open again, as a restart does. */
static inline void rig_restart(struct rig *rig)
{
    rig->store = store_close(rig->store);
    rig_open(rig);
}

/* One number from the file, by a connection of its own. */
static inline int64_t rig_number(struct rig *rig, const char *sql)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *st = NULL;
    assert_int_equal(sqlite3_open_v2(rig->path, &db, SQLITE_OPEN_READWRITE, NULL), 0);
    assert_int_equal(sqlite3_exec(db, "PRAGMA wal_autocheckpoint = 0", NULL, NULL, NULL),
                     0);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &st, NULL), SQLITE_OK);
    int64_t number = sqlite3_step(st) == SQLITE_ROW ? sqlite3_column_int64(st, 0) : -1;
    sqlite3_finalize(st);
    sqlite3_close(db);
    return number;
}

static inline struct gw_record rig_reading(uint32_t point, double value, int64_t time_us)
{
    return (struct gw_record){.kind = GW_RECORD_READING,
                              .flags = GW_RECORD_LOG,
                              .reading = {.point = point,
                                          .value = value,
                                          .time_us = time_us,
                                          .source_us = GW_TIME_NONE}};
}

static inline struct gw_record rig_telemetry(uint32_t point, double value)
{
    struct gw_record record = rig_reading(point, value, 1000000);
    record.flags = GW_RECORD_TELEMETRY;
    return record;
}

static inline struct gw_record rig_delivery(uint16_t bus, uint64_t ticket,
                                            uint64_t forget)
{
    return (struct gw_record){.kind = GW_RECORD_DELIVERY,
                              .delivery = {.ticket = ticket,
                                           .forget = forget,
                                           .hash = 0xABCD000000000000u + ticket,
                                           .message_id = (uint16_t)ticket,
                                           .bus = bus}};
}

static inline struct gw_record rig_transition(uint64_t uid, const char *rule,
                                              const char *object, int64_t time_us)
{
    struct gw_record record = {.kind = GW_RECORD_TRANSITION};
    struct gw_transition *t = &record.transition;
    t->uid = uid;
    t->seq = 1;
    (void)snprintf(t->rule, sizeof(t->rule), "%s", rule);
    (void)snprintf(t->object, sizeof(t->object), "%s", object);
    (void)snprintf(t->cause, sizeof(t->cause), "rule");
    t->to = GW_ALARM_UNACKNOWLEDGED;
    t->value = NAN;
    t->time_us = time_us;
    t->time_quality = GW_TIME_GOOD;
    return record;
}

static inline void rig_add(struct rig *rig, struct gw_record record)
{
    store_add(rig->store, &record);
}

/* Waits at most 5 s for the store's thread; true when it came so far. */
static inline bool rig_wait(atomic_uint_fast64_t *value, uint64_t wanted)
{
    for (int i = 0; i < 5000 && *value != wanted; i++)
        (void)poll(NULL, 0, 1);
    return *value == wanted;
}

/* Waits at most 5 s for the store to report a fault, or none. */
static inline bool rig_wait_for_fault(struct rig *rig, bool wanted)
{
    struct store_status status = {0};
    for (int i = 0; i < 5000; i++) {
        store_status(rig->store, &status);
        if ((status.fault[0] != '\0') == wanted && (!wanted || status.failures > 0))
            return true;
        (void)poll(NULL, 0, 1);
    }
    return false;
}

static inline void rig_add_message(struct rig *rig, uint64_t ticket)
{
    rig_add(rig, rig_reading((uint32_t)ticket, 1, 1000));
    rig_add(rig, rig_telemetry((uint32_t)ticket, 1));
    rig_add(rig, rig_delivery(1, ticket, 0));
}

/* One message must be there exactly once, and the county's rows have no gap. */
static inline void rig_check_once(struct rig *rig, int64_t messages)
{
    assert_int_equal(rig_number(rig, "SELECT count(*) FROM readings"), messages);
    assert_int_equal(rig_number(rig, "SELECT count(DISTINCT point) FROM readings"),
                     messages);
    assert_int_equal(rig_number(rig, "SELECT count(*) FROM outbox"), messages);
    assert_int_equal(rig_number(rig, "SELECT max(key) & 65535 FROM outbox"), messages);
    assert_int_equal(rig_number(rig, "SELECT seq FROM progress"), messages);
}

#define RIG_TEST(test) cmocka_unit_test_setup_teardown(test, rig_setup, rig_teardown)

#endif
