#include "store/pages.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/database.h"
#include "store/wal.h"

enum { SIZE_AT = 16 }; /* in the file's header: big-endian 16 bit, 1 = 65536 */

/* frames: by page, the frame of the log that holds it, 0 = the file does; NULL = the file
 * alone. */
struct pages {
    int fd;
    int wal;
    size_t size;
    uint32_t count;
    uint32_t *frames;
    bool is_log_damaged;
};

/* --- the log -------------------------------------------------------------- */

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

static void lay_frame(void *ctx, uint32_t frame, uint32_t page)
{
    struct pages *p = ctx;
    if (page >= 1 && page <= p->count)
        p->frames[page] = frame;
}

static int lay_log_over(struct pages *p)
{
    struct wal_verdict log;
    int r = wal_judge(p->wal, p->size, &log);
    if (r < 0)
        return r;
    p->is_log_damaged = log.is_damaged;
    /* each frame brings one page at most: a number beyond that is made up */
    uint64_t count_max = (uint64_t)p->count + log.frames;
    r = widen(p, log.pages_after < count_max ? log.pages_after : (uint32_t)count_max);
    return r == 0 ? wal_each(p->wal, p->size, log.frames, lay_frame, p) : r;
}

/* --- the file ------------------------------------------------------------- */

/* The header's word, then the log's, then what this store makes. */
static size_t find_size(const struct pages *p)
{
    unsigned char bytes[2];
    if (pread(p->fd, bytes, 2, SIZE_AT) == 2) {
        size_t size = (size_t)bytes[0] << 8 | bytes[1];
        if (size == 1)
            size = PAGE_BYTES_MAX;
        if (size == DATABASE_PAGE_BYTES)
            return size;
    }
    size_t size = p->wal >= 0 ? wal_page_size(p->wal) : 0;
    return size > 0 ? size : DATABASE_PAGE_BYTES;
}

static int open_file(struct pages *p, const char *path)
{
    p->fd = open(path, O_RDONLY | O_CLOEXEC);
    return p->fd < 0 ? -errno : 0;
}

static int open_log(struct pages *p, const char *path)
{
    char wal[4096];
    if (snprintf(wal, sizeof(wal), "%s-wal", path) >= (int)sizeof(wal))
        return -ENAMETOOLONG;
    p->wal = open(wal, O_RDONLY | O_CLOEXEC); /* a clean close leaves none */
    return 0;
}

static uint32_t count_file(const struct pages *p)
{
    struct stat st;
    uint64_t count = fstat(p->fd, &st) == 0 ? (uint64_t)st.st_size / p->size : 0;
    return count < UINT32_MAX ? (uint32_t)count : UINT32_MAX - 1;
}

static int prepare(struct pages *p, const char *path)
{
    int r = open_file(p, path);
    if (r == 0)
        r = open_log(p, path);
    if (r < 0)
        return r;
    p->size = find_size(p);
    p->frames = calloc(1, sizeof(*p->frames));
    if (!p->frames)
        return -ENOMEM;
    r = widen(p, count_file(p));
    return r == 0 && p->wal >= 0 ? lay_log_over(p) : r;
}

static int prepare_file(struct pages *p, const char *path)
{
    int r = open_file(p, path);
    if (r < 0)
        return r;
    p->size = find_size(p);
    pages_recount(p);
    return 0;
}

static int open_by(int (*prepare_it)(struct pages *p, const char *path), const char *path,
                   struct pages **ret)
{
    struct pages *p = calloc(1, sizeof(*p));
    if (!p)
        return -ENOMEM;
    p->fd = -1;
    p->wal = -1;
    int r = prepare_it(p, path);
    if (r < 0) {
        pages_close(p);
        return r;
    }
    *ret = p;
    return 0;
}

int pages_open(const char *path, struct pages **ret)
{
    return open_by(prepare, path, ret);
}

int pages_open_file(const char *path, struct pages **ret)
{
    return open_by(prepare_file, path, ret);
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

void pages_recount(struct pages *p)
{
    p->count = count_file(p);
}

/* Whole pages of the kernel's memory: what is not yet written stays in it. */
void pages_forget(const struct pages *p, uint32_t first, uint32_t count)
{
    const off_t whole = 65536;
    off_t from = (off_t)(first - 1) * (off_t)p->size / whole * whole;
    off_t to = ((off_t)(first - 1 + count) * (off_t)p->size / whole + 1) * whole;
    (void)posix_fadvise(p->fd, from, to - from, POSIX_FADV_DONTNEED); /* only a wish */
}

bool pages_log_is_damaged(const struct pages *p)
{
    return p->is_log_damaged;
}

bool pages_read(const struct pages *p, uint32_t number, unsigned char *ret)
{
    if (number < 1 || number > p->count)
        return false;
    uint32_t frame = p->frames ? p->frames[number] : 0;
    int fd = frame ? p->wal : p->fd;
    off_t at = frame ? wal_page_at(frame, p->size) : (off_t)(number - 1) * (off_t)p->size;
    return pread(fd, ret, p->size, at) == (ssize_t)p->size;
}
