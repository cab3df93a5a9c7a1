/* minutes_bench - what the folding of the log writes for each reading, and a history of
 * 30 days beside a bare SQLite query for the same bytes.  One JSON line a figure.
 *
 * The folding is measured apart from the log: over the four days in which a pack is made
 * and an old one goes, of as many points as a school has at 12 readings a minute each.
 */
#include <inttypes.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "counted_writes.h"
#include "store/committer.h"
#include "store/pack.h"
#include "store/trend.h"

enum {
    POINTS = 100,
    A_MINUTE = 2,           /* readings of each: an aggregate as any other */
    READINGS_A_MINUTE = 12, /* that the figure is for: 200/s of 1,000 points */
    DAYS = 16,
    HOURS_MEASURED = 96,
    PAIRS = 7,
    TURNS = 200,
    HISTORY_DAYS = 30,
    HISTORY_MAX = 2000,
    BYTES_MAX = 120, /* of all that is written for a reading */
};

static const int64_t second_us = 1000000;
static const int64_t day_us = INT64_C(86400) * 1000000;
static const int64_t start_us = INT64_C(5192) * 4 * 86400 * 1000000; /* a pack begins */

/* --- what it writes --------------------------------------------------------------- */

static void add_minute(struct committer *l, int64_t time_us, struct gw_error *err)
{
    struct batch_list list = {0};
    struct batch *b = NULL;
    if (batch_new(&b) < 0)
        die("out of memory");
    for (int i = 0; i < POINTS * A_MINUTE; i++) {
        struct gw_record record = {
            .kind = GW_RECORD_READING,
            .flags = GW_RECORD_LOG,
            .reading = {.point = (uint32_t)(i % POINTS) + 1,
                        .value = 20 + (double)(random() % 97) / 10,
                        .time_us = time_us + second_us * 60 * i / POINTS / A_MINUTE}};
        if (batch_add(b, &record) < 0)
            die("out of memory");
    }
    batch_list_add(&list, b);
    if (committer_commit(l, &list, NULL, 0, err) < 0)
        die(err->text);
    batch_list_free(&list);
}

static void checkpoint(struct committer *l, struct gw_error *err)
{
    if (committer_checkpoint(l, err) < 0)
        die(err->text);
}

/* returns the bytes */
static long long fold_all(struct committer *l, int64_t now_us, struct gw_error *err)
{
    static const struct store_keep keep = {.minutes_us = INT64_C(8) * 86400 * 1000000};
    int r = 1;
    checkpoint(l, err);
    long long before = bytes_written;
    while (r == 1)
        r = committer_fold(l, now_us, err);
    while (r == 0 && (r = committer_trim(l, &keep, now_us, err)) == 1)
        r = 0;
    if (r < 0)
        die(err->text);
    checkpoint(l, err);
    return bytes_written - before;
}

static void bench_bytes(struct committer *l)
{
    static const struct store_keep log = {.log_us = INT64_C(7200) * 1000000};
    const double readings = (double)POINTS * READINGS_A_MINUTE * 60 * HOURS_MEASURED;
    struct gw_error err = {0};
    long long bytes = 0;
    for (int hour = 0; hour < DAYS * 24; hour++) {
        int64_t time_us = start_us + second_us * 3600 * hour;
        for (int minute = 0; minute < 60; minute++)
            add_minute(l, time_us + second_us * 60 * minute, &err);
        long long written = fold_all(l, time_us + second_us * 3600 - 1, &err);
        bytes += hour >= DAYS * 24 - HOURS_MEASURED ? written : 0;
        while (committer_trim(l, &log, time_us, &err) == 1)
            ;
    }
    double each = (double)bytes / readings;
    printf(
        "{\"figure\":\"store: bytes per reading, for minutes and what is made of them\","
        "\"value\":%.4g,\"unit\":\"B\",\"limit\":%d,\"ratio\":%.4g,"
        "\"target\":null,\"reached\":true}\n",
        each, BYTES_MAX, each / BYTES_MAX);
}

/* --- what reading takes ----------------------------------------------------------- */

/* A month of packs of every point, as the folding makes them. */
static void add_packs(sqlite3 *db, const struct block *hour)
{
    static uint8_t bytes[PACK_BYTES_MAX];
    static struct block quarters;
    struct pack_hour hours[PACK_HOURS];
    sqlite3_stmt *st[2] = {0};
    for (unsigned i = 0; i < PACK_HOURS; i++)
        hours[i] = (struct pack_hour){hour->bytes, hour->pen.used};
    int size = (int)pack_write(hours, bytes);
    pack_quarters(hours, &quarters);
    (void)sqlite3_exec(db, "BEGIN", NULL, NULL, NULL);
    (void)sqlite3_prepare_v2(db, "INSERT INTO minutes VALUES (?, ?)", -1, &st[0], NULL);
    (void)sqlite3_prepare_v2(db, "INSERT INTO quarters VALUES (?, ?)", -1, &st[1], NULL);
    for (int64_t pack = 5000; pack < 5010; pack++)
        for (uint32_t point = 1; point <= POINTS; point++) {
            (void)sqlite3_bind_blob(st[0], 2, bytes, size, SQLITE_STATIC);
            (void)sqlite3_bind_blob(st[1], 2, quarters.bytes, quarters.pen.used,
                                    SQLITE_STATIC);
            for (int i = 0; i < 2; i++) {
                (void)sqlite3_bind_int64(st[i], 1, fold_key(point, pack));
                if (sqlite3_step(st[i]) != SQLITE_DONE)
                    die(sqlite3_errmsg(db));
                (void)sqlite3_reset(st[i]);
            }
        }
    (void)sqlite3_finalize(st[0]);
    (void)sqlite3_finalize(st[1]);
    (void)sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
}

static void fill_hour(struct block *hour)
{
    block_begin(hour, 60000);
    for (unsigned i = 0; i < 60; i++) {
        double low = 20 + (double)(random() % 40) / 10;
        struct aggregate a = {.count = 12,
                              .valid_ms = 60000,
                              .active_ms = 60000,
                              .min = low,
                              .max = low + (double)(random() % 50) / 10,
                              .mean = low,
                              .last = low};
        block_add(hour, i, &a);
    }
}

/* The bytes that the history of a point is made of, by one statement and with as much
 * memory: another point each time, so that neither has its pages from the turn before. */
static double bare_s(sqlite3 *db, const char *table, int64_t from, int64_t to)
{
    char sql[128];
    sqlite3_stmt *st = NULL;
    long long sum = 0;
    (void)snprintf(sql, sizeof(sql), "SELECT block FROM %s WHERE key BETWEEN ? AND ?",
                   table);
    if (sqlite3_prepare_v2(db, sql, -1, &st, NULL) != SQLITE_OK)
        die(sqlite3_errmsg(db));
    double began = now_s();
    for (uint32_t turn = 0; turn < TURNS; turn++) {
        uint32_t point = turn % POINTS + 1;
        (void)sqlite3_bind_int64(st, 1, fold_key(point, from));
        (void)sqlite3_bind_int64(st, 2, fold_key(point, to));
        while (sqlite3_step(st) == SQLITE_ROW) {
            const uint8_t *bytes = sqlite3_column_blob(st, 0);
            int size = sqlite3_column_bytes(st, 0);
            for (int i = 0; i < size; i++)
                sum += bytes[i];
        }
        (void)sqlite3_reset(st);
    }
    double took = now_s() - began;
    (void)sqlite3_finalize(st);
    if (sum == 0)
        die("nothing was read");
    return took / TURNS;
}

static double trend_s(struct query *q, int64_t from_us, int64_t to_us,
                      enum trend_level expected)
{
    struct gw_error err = {0};
    double began = now_s();
    for (uint32_t turn = 0; turn < TURNS; turn++) {
        const struct trend_ask ask = {.point = turn % POINTS + 1,
                                      .from_us = from_us,
                                      .to_us = to_us,
                                      .max = HISTORY_MAX};
        struct trend trend;
        if (query_trend(q, &ask, &trend, &err) < 0)
            die(err.text);
        if (trend.level != expected || trend.count < HISTORY_MAX / 2)
            die("the history is not whole");
        free(trend.values);
    }
    return (now_s() - began) / TURNS;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

/* A span that ends @hours before the last pack does. */
static void bench_history(const char *path, const char *figure, const char *table,
                          int hours, enum trend_level level)
{
    double bare[PAIRS];
    double ours[PAIRS];
    double ratios[PAIRS];
    struct query *q = NULL;
    sqlite3 *db = NULL;
    int64_t to_us = INT64_C(5010) * 4 * day_us;
    int64_t from_us = to_us - second_us * 3600 * hours;
    if (query_open(path, &q, NULL) < 0 || sqlite3_open(path, &db) != SQLITE_OK
        || sqlite3_exec(db, "PRAGMA cache_size = -512", NULL, NULL, NULL) != SQLITE_OK)
        die("cannot open");
    for (int i = 0; i < PAIRS; i++) {
        bare[i] = bare_s(db, table, from_us / day_us / 4, 5009);
        ours[i] = trend_s(q, from_us, to_us, level);
        ratios[i] = ours[i] / bare[i];
    }
    qsort(bare, PAIRS, sizeof(bare[0]), ascending);
    qsort(ours, PAIRS, sizeof(ours[0]), ascending);
    qsort(ratios, PAIRS, sizeof(ratios[0]), ascending);
    double ratio = ratios[PAIRS / 2];
    bool has_target = level == TREND_QUARTERS; /* a month */
    printf(
        "{\"figure\":\"store: history of one point, %s\",\"value\":%.4g,"
        "\"unit\":\"us\",\"limit\":%.4g,\"ratio\":%.4g,\"target\":%s,\"reached\":%s}\n",
        figure, ours[PAIRS / 2] * 1e6, bare[PAIRS / 2] * 1e6, ratio,
        has_target ? "3.0" : "null", !has_target || ratio <= 3 ? "true" : "false");
    query_close(q);
    sqlite3_close(db);
}

int main(int argc, char **argv)
{
    static const struct store_ops nobody = {0};
    struct committer l = {.ops = &nobody};
    struct gw_error err = {0};
    struct block hour;
    char folder[4000];
    char path[4096];
    (void)argc;
    count_writes();
    (void)snprintf(folder, sizeof(folder), "%s-XXXXXX", argv[0]);
    if (!mkdtemp(folder))
        die("cannot make a folder");
    (void)snprintf(path, sizeof(path), "%s/campus.db", folder);
    l.path = path;
    if (minutes_new(&l.fold.minutes) < 0 || committer_open(&l, &err) < 0)
        die(err.text);
    srandom(1);
    bench_bytes(&l);
    fill_hour(&hour);
    add_packs(l.db, &hour);
    checkpoint(&l, &err);
    bench_history(path, "30 days", "quarters", HISTORY_DAYS * 24, TREND_QUARTERS);
    bench_history(path, "30 hours of minutes", "minutes", 30, TREND_MINUTES);
    committer_close(&l);
    minutes_free(l.fold.minutes);
    (void)unlink(path);
    (void)rmdir(folder);
    return 0;
}
