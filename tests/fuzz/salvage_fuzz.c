/* salvage_fuzz.c - a database file of any bytes, and a log beside it, into a new one.
 *
 *     pages of the file (1 byte), how (1 byte), the file, the log
 *
 * how, bit 0: the log's checksums are set right before it is read; no fuzzer guesses
 * them.
 */
#include <fcntl.h>
#include <unistd.h>

#include "base/clock.h"
#include "fuzz.h"
#include "store/database.h"
#include "store/migrate.h"
#include "store/salvage.h"

enum { SIZE = DATABASE_PAGE_BYTES, WAL_HEADER = 32, FRAME_HEADER = 24 };

#define NOW_US INT64_C(1795393200000000) /* 2026-11-23T08:20:00+08:00 */

static char folder[128];
static char path[160];
static char wal[168];
static unsigned char *empty; /* a new database, migrated */
static sqlite3_int64 empty_size;

static void remove_files(void)
{
    (void)unlink(path);
    (void)unlink(wal);
    (void)rmdir(folder);
    sqlite3_free(empty);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    const char *base = getenv("TMPDIR");
    sqlite3 *db = NULL;
    fuzz_hush();
    (void)snprintf(folder, sizeof(folder), "%.100s/campus-fuzz-XXXXXX",
                   base ? base : "/tmp");
    fuzz_claim(mkdtemp(folder), "a folder can be made");
    (void)snprintf(path, sizeof(path), "%s/campus.db", folder);
    (void)snprintf(wal, sizeof(wal), "%s-wal", path);
    fuzz_claim(sqlite3_open(":memory:", &db) == SQLITE_OK
                   && migrate(db, migrations, migration_count, NULL) == 0,
               "there is a new database");
    empty = sqlite3_serialize(db, "main", &empty_size, 0);
    fuzz_claim(empty, "a database can be copied");
    (void)sqlite3_close(db);
    (void)atexit(remove_files);
    return 0;
}

static sqlite3 *new_database(void)
{
    sqlite3 *db = NULL;
    unsigned char *copy = sqlite3_malloc64((sqlite3_uint64)empty_size);
    fuzz_claim(copy && sqlite3_open(":memory:", &db) == SQLITE_OK, "there is memory");
    memcpy(copy, empty, (size_t)empty_size);
    fuzz_claim(sqlite3_deserialize(db, "main", copy, empty_size, empty_size,
                                   SQLITE_DESERIALIZE_FREEONCLOSE
                                       | SQLITE_DESERIALIZE_RESIZEABLE)
                   == SQLITE_OK,
               "a database can be copied");
    return db;
}

/* --- the log's checksums ------------------------------------------------------ */

static uint32_t word(const unsigned char *at, bool is_big)
{
    return is_big ? (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8
                        | at[3]
                  : (uint32_t)at[3] << 24 | (uint32_t)at[2] << 16 | (uint32_t)at[1] << 8
                        | at[0];
}

static void put_sum(unsigned char *at, const uint32_t sum[2])
{
    for (int i = 0; i < 8; i++)
        at[i] = (unsigned char)(sum[i / 4] >> (24 - 8 * (i % 4)));
}

static void add_to_sum(uint32_t sum[2], const unsigned char *at, size_t size, bool is_big)
{
    for (size_t i = 0; i + 8 <= size; i += 8) {
        sum[0] += word(at + i, is_big) + sum[1];
        sum[1] += word(at + i + 4, is_big) + sum[0];
    }
}

static void set_right(unsigned char *log, size_t size)
{
    static const unsigned char magic[] = {0x37, 0x7f, 0x06};
    uint32_t sum[2] = {0};
    if (size < WAL_HEADER)
        return;
    memcpy(log, magic, sizeof(magic));
    log[3] = (unsigned char)(0x82 | (log[3] & 1));
    bool is_big = log[3] & 1;
    add_to_sum(sum, log, WAL_HEADER - 8, is_big);
    put_sum(log + WAL_HEADER - 8, sum);
    for (size_t at = WAL_HEADER; at + FRAME_HEADER + SIZE <= size;
         at += FRAME_HEADER + SIZE) {
        memcpy(log + at + 8, log + 16, 8);
        add_to_sum(sum, log + at, 8, is_big);
        add_to_sum(sum, log + at + FRAME_HEADER, SIZE, is_big);
        put_sum(log + at + 16, sum);
    }
}

/* --- what must hold ------------------------------------------------------------ */

static int64_t number(sqlite3 *db, const char *sql)
{
    int64_t ret = -1;
    fuzz_claim(database_number(db, sql, &ret, NULL) == 0, "the new database reads");
    return ret;
}

static void claim_none(sqlite3 *db, const char *what, const char *sql)
{
    fuzz_claim(number(db, sql) == 0, what);
}

static void check_promises(sqlite3 *db, const struct salvage_report *report)
{
    claim_none(db, "the new database is sound",
               "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <>"
               " 'ok'");
    claim_none(db, "an item is of a row that is there",
               "SELECT count(*) FROM pragma_foreign_key_check");
    claim_none(db, "a message for the county is of an epoch and can be read",
               "SELECT count(*) FROM outbox WHERE NOT json_valid(body)"
               " OR key >> 48 NOT IN (SELECT number FROM epochs)");
    claim_none(db, "ranges of the county do not meet",
               "SELECT count(*) FROM acknowledged a JOIN acknowledged b"
               " ON a.first < b.first AND a.last >= b.first");
    claim_none(db, "numbers for life have room to rise",
               "SELECT count(*) FROM progress WHERE alarm_uid >= 1 << 50 OR seq <> 0");
    fuzz_claim(number(db, "SELECT count(*) FROM progress") == 1, "progress has its row");
    fuzz_claim(number(db, "SELECT count(*) FROM readings") == (int64_t)report->readings,
               "the readings are those that were told");
    fuzz_claim(report->unread_pages == 0 && report->is_whole, "there was time for all");
}

static void put(const char *name, const unsigned char *bytes, size_t size)
{
    int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    fuzz_claim(fd >= 0 && write(fd, bytes, size) == (ssize_t)size && close(fd) == 0,
               "a file can be written");
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const struct salvage_limits unlimited = {INT64_MAX, INT64_MAX};
    struct salvage_report report = {0};
    if (size < 2)
        return 0;
    size_t left = size - 2;
    size_t file_size = (size_t)bytes[0] * SIZE < left ? (size_t)bytes[0] * SIZE : left;
    size_t log_size = left - file_size;
    unsigned char *log = (unsigned char *)fuzz_copy(bytes + 2 + file_size, log_size);
    if (bytes[1] & 1)
        set_right(log, log_size);
    clock_set(NOW_US, NOW_US);
    put(path, bytes + 2, file_size);
    put(wal, log, log_size);
    free(log);
    sqlite3 *db = new_database();
    fuzz_claim(salvage(path, db, &unlimited, &report, NULL) == 0,
               "a source that reads badly is no error");
    check_promises(db, &report);
    (void)sqlite3_close(db);
    return 0;
}
