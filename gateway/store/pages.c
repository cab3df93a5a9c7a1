#include "store/pages.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/database.h"

enum { PAGE_BYTES_MIN = 512, WAL_HEADER = 32, FRAME_HEADER = 24, CHECKED_OF_FRAME = 8 };
enum { SIZE_AT = 16 }; /* in the file's header: big-endian 16 bit, 1 = 65536 */

static const uint32_t wal_magic = 0x377f0682; /* + 1: checksums of big-endian words */

/* frames: by page, the frame of the log that holds it, 0 = the file does. */
struct pages {
    int fd;
    int wal;
    size_t size;
    uint32_t count;
    uint32_t *frames;
};

static uint32_t big_32(const unsigned char *bytes)
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8
           | bytes[3];
}

static uint32_t little_32(const unsigned char *bytes)
{
    return (uint32_t)bytes[3] << 24 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[1] << 8
           | bytes[0];
}

static bool is_page_size(size_t size)
{
    return size >= PAGE_BYTES_MIN && size <= PAGE_BYTES_MAX && (size & (size - 1)) == 0;
}

/* --- the log -------------------------------------------------------------- */

/* log - a walk through the frames; sum: the running checksum. */
struct log {
    const struct pages *pages;
    unsigned char header[WAL_HEADER];
    uint32_t (*word)(const unsigned char *bytes);
    uint32_t sum[2];
    unsigned char frame[FRAME_HEADER + PAGE_BYTES_MAX];
};

static void add_to_sum(struct log *l, const unsigned char *bytes, size_t size)
{
    for (size_t i = 0; i + 8 <= size; i += 8) {
        l->sum[0] += l->word(bytes + i) + l->sum[1];
        l->sum[1] += l->word(bytes + i + 4) + l->sum[0];
    }
}

/* returns false: no log, or none of this format. */
static bool begin_log(struct log *l)
{
    if (pread(l->pages->wal, l->header, WAL_HEADER, 0) != WAL_HEADER)
        return false;
    uint32_t magic = big_32(l->header);
    if ((magic & ~1u) != wal_magic)
        return false;
    l->word = magic & 1 ? big_32 : little_32;
    add_to_sum(l, l->header, FRAME_HEADER);
    return l->sum[0] == big_32(l->header + 24) && l->sum[1] == big_32(l->header + 28);
}

/* The next frame with its page; false: the log's sound part ends here. */
static bool next_frame(struct log *l, uint32_t number)
{
    size_t whole = FRAME_HEADER + l->pages->size;
    off_t at = WAL_HEADER + (off_t)(number - 1) * (off_t)whole;
    if (pread(l->pages->wal, l->frame, whole, at) != (ssize_t)whole
        || memcmp(l->frame + 8, l->header + 16, 8) != 0)
        return false;
    add_to_sum(l, l->frame, CHECKED_OF_FRAME);
    add_to_sum(l, l->frame + FRAME_HEADER, l->pages->size);
    return l->sum[0] == big_32(l->frame + 16) && l->sum[1] == big_32(l->frame + 20);
}

static int widen(struct pages *p, uint32_t count)
{
    if (count <= p->count)
        return 0;
    uint32_t *frames = realloc(p->frames, ((size_t)count + 1) * sizeof(*frames));
    if (!frames)
        return -ENOMEM;
    memset(frames + p->count + 1, 0, (size_t)(count - p->count) * sizeof(*frames));
    p->frames = frames;
    p->count = count;
    return 0;
}

/* Frames of a transaction count once its last one is there. */
static uint32_t committed_frames(struct log *l, uint32_t *ret_pages)
{
    uint32_t committed = 0;
    for (uint32_t number = 1; next_frame(l, number); number++) {
        uint32_t pages_after = big_32(l->frame + 4);
        if (pages_after == 0)
            continue;
        committed = number;
        *ret_pages = pages_after;
    }
    return committed;
}

static int lay_log_over(struct pages *p)
{
    struct log *l = calloc(1, sizeof(*l));
    if (!l)
        return -ENOMEM;
    l->pages = p;
    uint32_t pages_after = 0;
    uint32_t committed = begin_log(l) ? committed_frames(l, &pages_after) : 0;
    /* each frame brings one page at most: a number beyond that is made up */
    uint64_t count_max = (uint64_t)p->count + committed;
    int r = widen(p, pages_after < count_max ? pages_after : (uint32_t)count_max);
    for (uint32_t number = 1; number <= committed && r == 0; number++) {
        unsigned char page[4];
        off_t at =
            WAL_HEADER + (off_t)(number - 1) * (off_t)(FRAME_HEADER + pages_size(p));
        if (pread(p->wal, page, sizeof(page), at) == (ssize_t)sizeof(page)
            && big_32(page) >= 1 && big_32(page) <= p->count)
            p->frames[big_32(page)] = number;
    }
    free(l);
    return r;
}

/* --- the file ------------------------------------------------------------- */

/* The header's word, then the log's, then what this store makes. */
static size_t find_size(const struct pages *p)
{
    unsigned char bytes[WAL_HEADER];
    if (pread(p->fd, bytes, 2, SIZE_AT) == 2) {
        size_t size = (size_t)bytes[0] << 8 | bytes[1];
        if (size == 1)
            size = PAGE_BYTES_MAX;
        if (size == DATABASE_PAGE_BYTES)
            return size;
    }
    if (p->wal >= 0 && pread(p->wal, bytes, WAL_HEADER, 0) == WAL_HEADER
        && (big_32(bytes) & ~1u) == wal_magic && is_page_size(big_32(bytes + 8)))
        return big_32(bytes + 8);
    return DATABASE_PAGE_BYTES;
}

static int prepare(struct pages *p, const char *path)
{
    char wal[4096];
    struct stat st;
    if (snprintf(wal, sizeof(wal), "%s-wal", path) >= (int)sizeof(wal))
        return -ENAMETOOLONG;
    p->fd = open(path, O_RDONLY | O_CLOEXEC);
    if (p->fd < 0 || fstat(p->fd, &st) < 0)
        return -errno;
    p->wal = open(wal, O_RDONLY | O_CLOEXEC); /* a clean close leaves none */
    p->size = find_size(p);
    uint64_t count = (uint64_t)st.st_size / p->size;
    p->frames = calloc(1, sizeof(*p->frames));
    if (!p->frames)
        return -ENOMEM;
    int r = widen(p, count < UINT32_MAX ? (uint32_t)count : UINT32_MAX - 1);
    return r == 0 && p->wal >= 0 ? lay_log_over(p) : r;
}

int pages_open(const char *path, struct pages **ret)
{
    struct pages *p = calloc(1, sizeof(*p));
    if (!p)
        return -ENOMEM;
    p->fd = -1;
    p->wal = -1;
    int r = prepare(p, path);
    if (r < 0) {
        pages_close(p);
        return r;
    }
    *ret = p;
    return 0;
}

struct pages *pages_close(struct pages *p)
{
    if (!p)
        return NULL;
    if (p->fd >= 0)
        close(p->fd);
    if (p->wal >= 0)
        close(p->wal);
    free(p->frames);
    free(p);
    return NULL;
}

uint32_t pages_count(const struct pages *p)
{
    return p->count;
}

size_t pages_size(const struct pages *p)
{
    return p->size;
}

bool pages_read(const struct pages *p, uint32_t number, unsigned char *ret)
{
    if (number < 1 || number > p->count)
        return false;
    uint32_t frame = p->frames[number];
    int fd = frame ? p->wal : p->fd;
    off_t at = frame ? WAL_HEADER + FRAME_HEADER
                           + (off_t)(frame - 1) * (off_t)(FRAME_HEADER + p->size)
                     : (off_t)(number - 1) * (off_t)p->size;
    return pread(fd, ret, p->size, at) == (ssize_t)p->size;
}
