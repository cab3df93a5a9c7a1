/* store_bench - bytes written for each stored reading, and readings a second, beside a
 * bare SQLite loop with the same guarantee.  One JSON line a figure.
 *
 * Bytes are those that SQLite hands to the kernel (log, checkpoints, file), counted in
 * its pwrite(); the blocks that reach the disk are taken from /proc/self/io.
 */
#include <inttypes.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "counted_writes.h"
#include "store/store.h"

enum {
    POINTS = 1000,
    RATE = 200,     /* readings in the batch of one second */
    SECONDS = 1800, /* written before, and again after, the old ones are to go */
    BULK = 500,
    BULK_COMMITS = 400,
    PAIRS = 3,
    BYTES_MAX = 120, /* the target */
};

/* What the readings come in: readings in each message, and whether it has an own id; how
 * often each counter of the stairs tells its total, with which its state is kept. */
struct form {
    const char *name;
    int readings; /* 0 = no messages */
    bool has_own_id;
    int stairs_every_s; /* 0 = no stairs */
};

/* The stairs of a big school, a counter of two directions on each, and what is kept with
 * a total: as plugins/occupancy/stairs.c does with the default window of ten seconds. */
enum {
    STAIRS = 8,
    LINES = 2 * STAIRS,
    WINDOW_S = 10,
    LINE_BYTES = 40,
    FLOW_BYTES = 8,
    STEP_BYTES = 16
};

static const struct form polled = {.name = "polled"};

static const struct form forms[] = {
    {.name = "polled"},
    {.name = "one message each", .readings = 1},
    {.name = "two in a message with an id of its own", .readings = 2, .has_own_id = true},
    {.name = "one message each, with an id of its own",
     .readings = 1,
     .has_own_id = true},
    {.name = "polled, each stair told each minute", .stairs_every_s = 60},
    {.name = "polled, each stair told each second", .stairs_every_s = 1},
};

static const int64_t second_us = 1000000;
static const int64_t start_us = INT64_C(1795395600) * 1000000;
static const int64_t log_kept_us = INT64_C(3) * 86400 * 1000000;

static long long blocks_written(void)
{
    long long bytes = 0;
    char line[128];
    FILE *io = fopen("/proc/self/io", "re");
    while (io && fgets(line, sizeof(line), io))
        if (sscanf(line, "write_bytes: %lld", &bytes) == 1)
            break;
    if (io)
        (void)fclose(io);
    return bytes;
}

/* A folder on the disk that the build is on; /tmp may be memory. */
static void make_folder(char *ret, size_t size)
{
    char exe[3000];
    ssize_t length = readlink("/proc/self/exe", exe, sizeof(exe) - 1);
    if (length < 0)
        die("cannot find itself");
    exe[length] = '\0';
    if (snprintf(ret, size, "%s-XXXXXX", exe) >= (int)size || !mkdtemp(ret))
        die("cannot make a folder");
}

static void remove_folder(const char *folder)
{
    static const char *const names[] = {"/campus.db", "/campus.db-wal", "/campus.db-shm",
                                        "/campus.db.lock", "/campus.db.reserve"};
    char path[4096];
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        (void)snprintf(path, sizeof(path), "%s%s", folder, names[i]);
        (void)unlink(path);
    }
    (void)rmdir(folder);
}

/* Readings as a school has them: one decimal, one second apart, all points in turn. */
static struct gw_record reading(int index, int64_t time_us)
{
    double value = 20 + index % 97 * 0.1;
    return (struct gw_record){.kind = GW_RECORD_READING,
                              .flags = GW_RECORD_LOG,
                              .reading = {.point = (uint32_t)(index % POINTS) + 1,
                                          .value = value,
                                          .time_us = time_us}};
}

static void add_delivery(struct store *s, const struct form *form, uint64_t ticket)
{
    struct gw_record record = {
        .kind = GW_RECORD_DELIVERY,
        .delivery = {.ticket = ticket,
                     .forget = ticket > RATE ? ticket - RATE : 0,
                     .hash = ticket * 0x9E3779B97F4A7C15u,
                     .message_id = form->has_own_id ? 0 : (uint16_t)(ticket % 65535 + 1),
                     .bus = 1}};
    store_add(s, &record);
}

static void add_state(struct store *s, const char *key, size_t size, int64_t time_us)
{
    char bytes[FLOW_BYTES + WINDOW_S * STEP_BYTES] = {0};
    for (size_t i = 0; i + sizeof(time_us) <= size; i += sizeof(time_us))
        memcpy(bytes + i, &time_us, sizeof(time_us));
    struct gw_record record = {
        .kind = GW_RECORD_STATE,
        .state = {.owner = "plugin/occupancy", .key = key, .bytes = bytes, .size = size}};
    store_add(s, &record);
}

/* The totals of this second. */
static void add_stairs(struct store *s, int64_t time_us, const struct form *form)
{
    int every = form->stairs_every_s;
    int second = (int)(time_us / second_us % every);
    size_t steps = every < WINDOW_S ? WINDOW_S / every : 1;
    char key[64];
    for (int i = 0; i < LINES; i++) {
        if (i * every / LINES != second)
            continue;
        (void)snprintf(key, sizeof(key), "stair-flow/b%d-stairs", i / 2 + 1);
        add_state(s, key, FLOW_BYTES + steps * STEP_BYTES, time_us);
        (void)snprintf(key, sizeof(key), "stair-line/%d", i + 1);
        add_state(s, key, LINE_BYTES, time_us);
    }
}

static void add_second(struct store *s, int64_t time_us, int rows,
                       const struct form *form, uint64_t *count)
{
    for (int i = 0; i < rows; i++) {
        uint64_t number = (*count)++;
        int index = (int)(number % INT32_MAX);
        struct gw_record record = reading(index, time_us + i * (second_us / rows));
        store_add(s, &record);
        if (form->readings && *count % (unsigned)form->readings == 0)
            add_delivery(s, form, *count / (unsigned)form->readings);
    }
    if (form->stairs_every_s)
        add_stairs(s, time_us, form);
    store_flush(s);
}

static struct store *open_store(const char *path)
{
    struct store *s = NULL;
    struct gw_error err = {0};
    struct store_config config = {
        .path = path,
        .commit_interval_us = second_us,
        .commit_rows = 500,
        .keep = {.log_us = INT64_C(3) * 86400 * second_us},
    };
    struct store_ops ops = {0};
    if (store_open(&config, &s, &err) < 0 || store_run(s, &ops, &err) < 0)
        die(err.text);
    return s;
}

static void run_seconds(struct store *s, int64_t from_us, const struct form *form,
                        uint64_t *count)
{
    for (int i = 0; i < SECONDS; i++) {
        clock_set((int64_t)i * second_us, from_us + (int64_t)i * second_us);
        add_second(s, from_us + (int64_t)i * second_us, RATE, form, count);
    }
}

static void print_figure(const char *figure, double value, const char *unit, double limit,
                         double ratio, const char *target, bool reached)
{
    printf("{\"figure\":\"%s\",\"value\":%.4g,\"unit\":\"%s\",\"limit\":%.4g,"
           "\"ratio\":%.4g,\"target\":%s,\"reached\":%s}\n",
           figure, value, unit, limit, ratio, target, reached ? "true" : "false");
}

/* The second half: as many old readings go as new ones come. */
static void bench_bytes(const struct form *form)
{
    char folder[4000];
    char path[4096];
    char figure[128];
    uint64_t count = 0;
    make_folder(folder, sizeof(folder));
    (void)snprintf(path, sizeof(path), "%s/campus.db", folder);
    struct store *s = open_store(path);
    run_seconds(s, start_us, form, &count);
    long long bytes = bytes_written;
    long long blocks = blocks_written();
    run_seconds(s, start_us + log_kept_us, form, &count);
    s = store_close(s);
    double readings = (double)RATE * SECONDS;
    double each = (double)(bytes_written - bytes) / readings;
    double blocks_each = (double)(blocks_written() - blocks) / readings;
    (void)snprintf(figure, sizeof(figure), "store: bytes written per reading, %s",
                   form->name);
    print_figure(figure, each, "B", BYTES_MAX, each / BYTES_MAX, "1.0",
                 each <= BYTES_MAX);
    (void)snprintf(figure, sizeof(figure), "store: disk blocks per reading, %s",
                   form->name);
    print_figure(figure, blocks_each, "B", BYTES_MAX, blocks_each / BYTES_MAX, "null",
                 true);
    clock_release();
    remove_folder(folder);
}

static double rate_of_store(const char *path)
{
    uint64_t count = 0;
    struct store *s = open_store(path);
    double began = now_s();
    for (int i = 0; i < BULK_COMMITS; i++) {
        clock_set((int64_t)i * second_us, start_us + (int64_t)i * second_us);
        add_second(s, start_us + (int64_t)i * second_us, BULK, &polled, &count);
    }
    double rate = (double)BULK * BULK_COMMITS / (now_s() - began);
    s = store_close(s);
    clock_release();
    return rate;
}

static double rate_of_sqlite(const char *path)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *st = NULL;
    if (sqlite3_open(path, &db) != SQLITE_OK
        || sqlite3_exec(db,
                        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                        "CREATE TABLE log (time INTEGER, point INTEGER, value REAL);",
                        NULL, NULL, NULL)
               != SQLITE_OK
        || sqlite3_prepare_v2(db, "INSERT INTO log VALUES (?, ?, ?)", -1, &st, NULL)
               != SQLITE_OK)
        die(sqlite3_errmsg(db));
    double began = now_s();
    for (int i = 0; i < BULK_COMMITS; i++) {
        (void)sqlite3_exec(db, "BEGIN", NULL, NULL, NULL);
        for (int j = 0; j < BULK; j++) {
            struct gw_record record = reading(i * BULK + j, start_us + i * second_us);
            (void)sqlite3_bind_int64(st, 1, record.reading.time_us);
            (void)sqlite3_bind_int64(st, 2, record.reading.point);
            (void)sqlite3_bind_double(st, 3, record.reading.value);
            if (sqlite3_step(st) != SQLITE_DONE)
                die(sqlite3_errmsg(db));
            (void)sqlite3_reset(st);
        }
        if (sqlite3_exec(db, "COMMIT", NULL, NULL, NULL) != SQLITE_OK)
            die(sqlite3_errmsg(db));
    }
    double rate = (double)BULK * BULK_COMMITS / (now_s() - began);
    (void)sqlite3_finalize(st);
    (void)sqlite3_close(db);
    return rate;
}

static double in_new_folder(double (*measure)(const char *path))
{
    char folder[4000];
    char path[4096];
    make_folder(folder, sizeof(folder));
    (void)snprintf(path, sizeof(path), "%s/campus.db", folder);
    double rate = measure(path);
    remove_folder(folder);
    return rate;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

static void bench_rate(void)
{
    double bare[PAIRS];
    double ours[PAIRS];
    for (int i = 0; i < PAIRS; i++) {
        bare[i] = in_new_folder(rate_of_sqlite);
        ours[i] = in_new_folder(rate_of_store);
    }
    qsort(bare, PAIRS, sizeof(bare[0]), ascending);
    qsort(ours, PAIRS, sizeof(ours[0]), ascending);
    print_figure("store: readings committed, 500 a commit", ours[PAIRS / 2], "1/s",
                 bare[PAIRS / 2], ours[PAIRS / 2] / bare[PAIRS / 2], "null", true);
}

int main(void)
{
    count_writes();
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
        bench_bytes(&forms[i]);
    bench_rate();
    return 0;
}
