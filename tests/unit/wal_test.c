/* A log that SQLite wrote, with each byte flipped, and as cuts of the power leave it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/wal.h"

enum { SIZE = 1024, HEADER = 32, FRAME_HEADER = 24, WHOLE = FRAME_HEADER + SIZE };
enum { TRANSACTIONS = 5, FRAMES_MAX = 200, SECTOR = 512, STEP = 3 };
enum { SALT_AT = 16 };

/* log - last_start: the first frame of the last transaction. */
struct log {
    char folder[32];
    char path[64];
    char wal[72];
    sqlite3 *db;
    int fd; /* of a copy: SQLite's own stays as it is */
    unsigned char *bytes;
    size_t size;
    uint32_t frames;
    uint32_t last_start;
};

static uint32_t big_32(const unsigned char *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static const unsigned char *frame(const struct log *l, uint32_t number)
{
    return l->bytes + HEADER + (size_t)(number - 1) * WHOLE;
}

static void run(struct log *l, const char *sql)
{
    assert_int_equal(sqlite3_exec(l->db, sql, NULL, NULL, NULL), SQLITE_OK);
}

/* Rows over several pages. */
static void commit(struct log *l, int rows)
{
    char sql[200];
    (void)snprintf(sql, sizeof(sql),
                   "WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)"
                   " INSERT INTO rows(text) SELECT hex(randomblob(200)) FROM n",
                   rows);
    run(l, sql);
}

static void read_log(struct log *l)
{
    int fd = open(l->wal, O_RDONLY | O_CLOEXEC);
    struct stat st;
    assert_int_equal(fstat(fd, &st), 0);
    free(l->bytes);
    l->size = (size_t)st.st_size;
    l->bytes = malloc(l->size);
    assert_int_equal(read(fd, l->bytes, l->size), st.st_size);
    close(fd);
    assert_int_equal((l->size - HEADER) % WHOLE, 0);
    l->frames = (uint32_t)((l->size - HEADER) / WHOLE);
    assert_in_range(l->frames, 2 * TRANSACTIONS, FRAMES_MAX - 1);
    l->last_start = l->frames;
    while (l->last_start > 1 && big_32(frame(l, l->last_start - 1) + 4) == 0)
        l->last_start--;
    assert_in_range(l->last_start, 2, l->frames - 1);
}

/* The copy that is judged. */
static void lay(const struct log *l, const unsigned char *bytes, size_t size)
{
    assert_int_equal(ftruncate(l->fd, 0), 0);
    assert_int_equal(pwrite(l->fd, bytes, size, 0), (ssize_t)size);
}

static int setup(void **state)
{
    struct log *l = calloc(1, sizeof(*l));
    char copy[80];
    (void)snprintf(l->folder, sizeof(l->folder), "/tmp/gw-wal-XXXXXX");
    if (!mkdtemp(l->folder))
        return -1;
    (void)snprintf(l->path, sizeof(l->path), "%s/campus.db", l->folder);
    (void)snprintf(l->wal, sizeof(l->wal), "%s-wal", l->path);
    (void)snprintf(copy, sizeof(copy), "%s/copy", l->folder);
    l->fd = open(copy, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    (void)unlink(copy);
    assert_int_equal(sqlite3_open(l->path, &l->db), SQLITE_OK);
    run(l, "PRAGMA page_size = 1024; PRAGMA journal_mode = WAL;"
           "PRAGMA wal_autocheckpoint = 0; PRAGMA synchronous = FULL;"
           "CREATE TABLE rows (id INTEGER PRIMARY KEY, text TEXT)");
    for (int i = 0; i < TRANSACTIONS; i++)
        commit(l, 4);
    read_log(l);
    *state = l;
    return 0;
}

static int teardown(void **state)
{
    struct log *l = *state;
    sqlite3_close(l->db);
    close(l->fd);
    (void)unlink(l->path);
    (void)rmdir(l->folder);
    free(l->bytes);
    free(l);
    return 0;
}

static struct wal_verdict judged(const struct log *l)
{
    struct wal_verdict verdict;
    assert_int_equal(wal_judge(l->fd, SIZE, &verdict), 0);
    return verdict;
}

/* taken - which frames are given, and that each has its page's number. */
struct taken {
    const struct log *log;
    uint32_t last;
    uint32_t count;
};

static void take(void *ctx, uint32_t number, uint32_t page)
{
    struct taken *taken = ctx;
    assert_in_range(number, taken->last + 1, taken->log->frames);
    assert_int_equal(page, big_32(frame(taken->log, number)));
    taken->last = number;
    taken->count++;
}

static uint32_t frames_taken(const struct log *l, uint32_t frames)
{
    struct taken taken = {.log = l};
    assert_int_equal(wal_each(l->fd, SIZE, frames, take, &taken), 0);
    return taken.count;
}

static void a_sound_log_is_whole(void **state)
{
    struct log *l = *state;
    lay(l, l->bytes, l->size);
    struct wal_verdict verdict = judged(l);
    assert_false(verdict.is_damaged);
    assert_int_equal(verdict.frames, l->frames);
    assert_int_equal(verdict.pages_after, big_32(frame(l, l->frames) + 4));
    assert_int_equal(frames_taken(l, verdict.frames), l->frames);
}

/* All transactions are there, but for the one page that the flip hit. */
static void a_flip_before_the_last_transaction_is_damage(void **state)
{
    struct log *l = *state;
    size_t end = (size_t)(frame(l, l->last_start) - l->bytes);
    lay(l, l->bytes, l->size);
    for (size_t at = 0; at < end; at += at < HEADER + 2 * WHOLE ? 1 : STEP) {
        unsigned char flipped = l->bytes[at] ^ (unsigned char)(1u << (at % 8));
        assert_int_equal(pwrite(l->fd, &flipped, 1, (off_t)at), 1);
        struct wal_verdict verdict = judged(l);
        if (!verdict.is_damaged || verdict.frames != l->frames)
            fail_msg("byte %zu: damaged %d, %u of %u frames", at, verdict.is_damaged,
                     verdict.frames, l->frames);
        assert_true(frames_taken(l, verdict.frames) >= l->frames - 1);
        assert_int_equal(pwrite(l->fd, l->bytes + at, 1, (off_t)at), 1);
    }
}

/* Sectors of the last transaction in any order, over zeros and over an older log. */
static void a_cut_within_the_last_transaction_is_none(void **state)
{
    struct log *l = *state;
    unsigned char *older = calloc(1, FRAMES_MAX * WHOLE);
    unsigned char *cut = malloc(FRAMES_MAX * WHOLE);
    memcpy(older, l->bytes, l->size);
    run(l, "PRAGMA wal_checkpoint(RESTART)");
    for (int i = 0; i < TRANSACTIONS; i++)
        commit(l, 4);
    read_log(l);
    const size_t start = (size_t)(frame(l, l->last_start) - l->bytes);
    srandom(1);
    for (int i = 0; i < 3000; i++) {
        memset(cut, 0, l->size);
        if (i % 2)
            memcpy(cut, older, l->size);
        memcpy(cut, l->bytes, start);
        for (size_t at = start; at < l->size;) {
            size_t next = (at / SECTOR + 1) * SECTOR;
            next = next < l->size ? next : l->size;
            if (random() % 3)
                memcpy(cut + at, l->bytes + at, next - at);
            at = next;
        }
        lay(l, cut, l->size);
        assert_false(judged(l).is_damaged);
        assert_in_range(judged(l).frames, l->last_start - 1, l->frames);
    }
    free(older);
    free(cut);
}

/* A header whose first frames did not follow it: the old ones are of no use. */
static void old_frames_behind_a_new_header_are_none(void **state)
{
    struct log *l = *state;
    unsigned char *mixed = malloc(l->size);
    memcpy(mixed, l->bytes, l->size);
    run(l, "PRAGMA wal_checkpoint(RESTART)");
    commit(l, 4);
    int fd = open(l->wal, O_RDONLY | O_CLOEXEC);
    assert_int_equal(pread(fd, mixed, HEADER, 0), HEADER);
    for (int torn = 0; torn < 2; torn++) {
        mixed[SALT_AT] ^= (unsigned char)torn;
        lay(l, mixed, l->size);
        assert_false(judged(l).is_damaged);
        assert_int_equal(judged(l).frames, 0);
    }
    close(fd);
    free(mixed);
}

/* What a cut transaction left lies behind the newest, with the same salts. */
static void what_an_older_cut_left_behind_is_none(void **state)
{
    struct log *l = *state;
    size_t first = l->size;
    commit(l, 30);
    read_log(l);
    unsigned char *left = malloc(l->size);
    size_t size = l->size;
    memcpy(left, l->bytes, size);
    char wal[80];
    char path[72];
    sqlite3 *other = NULL;
    /* the long transaction never was: another, shorter one is written over its start */
    (void)snprintf(path, sizeof(path), "%s/again.db", l->folder);
    (void)snprintf(wal, sizeof(wal), "%s-wal", path);
    int in = open(l->path, O_RDONLY | O_CLOEXEC);
    int out = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    static unsigned char file[1 << 16];
    ssize_t file_size = read(in, file, sizeof(file));
    assert_int_equal(write(out, file, (size_t)file_size), file_size);
    close(in);
    close(out);
    out = open(wal, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    left[first + FRAME_HEADER + 9] ^= 1;
    assert_int_equal(write(out, left, size), (ssize_t)size);
    close(out);
    assert_int_equal(sqlite3_open(path, &other), SQLITE_OK);
    assert_int_equal(sqlite3_exec(other,
                                  "PRAGMA wal_autocheckpoint = 0;"
                                  "INSERT INTO rows(text) VALUES (hex(randomblob(200)))",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    int fd = open(wal, O_RDONLY | O_CLOEXEC);
    assert_int_equal(pread(fd, left, size, 0), (ssize_t)size);
    close(fd);
    sqlite3_close(other);
    (void)unlink(path);
    lay(l, left, size);
    assert_false(judged(l).is_damaged);
    assert_in_range(judged(l).frames, (first - HEADER) / WHOLE + 1, l->frames - 1);
    free(left);
}

/* A cut between the two sectors of a frame's header, over what an older cut left: the end
 * of the newer transaction before the checksum of the older, which goes on behind it. */
static void an_end_torn_over_what_was_left_is_none(void **state)
{
    struct log *l = *state;
    const size_t last = (size_t)big_32(frame(l, l->frames) + 4);
    commit(l, 120);
    read_log(l);
    uint32_t torn = l->last_start + 1;
    while ((size_t)(frame(l, torn) - l->bytes) % SECTOR <= SECTOR - FRAME_HEADER)
        torn++;
    assert_in_range(torn, l->last_start + 1, l->frames - 1);
    unsigned char *cut = malloc(l->size);
    memcpy(cut, l->bytes, l->size);
    cut[frame(l, torn - 1) - l->bytes + FRAME_HEADER] ^= 1;
    assert_int_equal(big_32(frame(l, torn) + 4), 0);
    cut[frame(l, torn) - l->bytes + 7] = (unsigned char)last;
    lay(l, cut, l->size);
    assert_false(judged(l).is_damaged);
    assert_int_equal(judged(l).frames, l->last_start - 1);
    free(cut);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_sound_log_is_whole, setup, teardown),
        cmocka_unit_test_setup_teardown(a_flip_before_the_last_transaction_is_damage,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(a_cut_within_the_last_transaction_is_none, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(old_frames_behind_a_new_header_are_none, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(what_an_older_cut_left_behind_is_none, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(an_end_torn_over_what_was_left_is_none, setup,
                                        teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
