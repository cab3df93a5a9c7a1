#include "store/wal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/pages.h"

enum { HEADER = 32, FRAME_HEADER = 24, CHECKED_OF_FRAME = 8, SALTS = 8, SECTOR = 512 };
enum { SIZE_AT = 8, SALTS_AT = 16, SUM_AT = 24 };                   /* in the header */
enum { PAGES_AFTER_AT = 4, FRAME_SALTS_AT = 8, FRAME_SUM_AT = 16 }; /* in a frame */
enum { PAGE_BYTES_MIN = 512 };

static const uint32_t magic = 0x377f0682; /* + 1: checksums of big-endian words */

struct sum {
    uint32_t a;
    uint32_t b;
};

/* walk - the frame that it stands at, and what the next one continues.
 * stored, computed  its checksum as it stands there, and as it should be
 * fits       its checksum continues the stored one of the frame before
 * mends      it continues the computed one: only the checksum before is damaged
 * has_salts  it was written since the log began anew, as far as its salts are sound
 * is_sound   it is what was written, behind whatever precedes it */
struct walk {
    int fd;
    size_t page_size;
    uint32_t (*word)(const unsigned char *bytes);
    unsigned char salts[SALTS];
    struct sum stored;
    struct sum computed;
    uint32_t number;
    uint32_t page;
    uint32_t pages_after;
    bool is_header_sound;
    bool fits;
    bool mends;
    bool has_salts;
    bool is_sound;
    unsigned char frame[FRAME_HEADER + PAGE_BYTES_MAX];
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

static struct sum sum_at(const unsigned char *bytes)
{
    return (struct sum){big_32(bytes), big_32(bytes + 4)};
}

static bool is_same(struct sum x, struct sum y)
{
    return x.a == y.a && x.b == y.b;
}

static struct sum add(const struct walk *w, struct sum sum, const unsigned char *bytes,
                      size_t size)
{
    for (size_t i = 0; i + 8 <= size; i += 8) {
        sum.a += w->word(bytes + i) + sum.b;
        sum.b += w->word(bytes + i + 4) + sum.a;
    }
    return sum;
}

static struct sum add_frame(const struct walk *w, struct sum sum)
{
    sum = add(w, sum, w->frame, CHECKED_OF_FRAME);
    return add(w, sum, w->frame + FRAME_HEADER, w->page_size);
}

size_t wal_page_size(int fd)
{
    unsigned char header[HEADER];
    if (pread(fd, header, HEADER, 0) != HEADER || (big_32(header) & ~1u) != magic)
        return 0;
    size_t size = big_32(header + SIZE_AT);
    bool is_one =
        size >= PAGE_BYTES_MIN && size <= PAGE_BYTES_MAX && (size & (size - 1)) == 0;
    return is_one ? size : 0;
}

off_t wal_page_at(uint32_t number, size_t page_size)
{
    return HEADER + (off_t)(number - 1) * (off_t)(FRAME_HEADER + page_size)
           + FRAME_HEADER;
}

/* false: the log ends here. */
static bool next(struct walk *w)
{
    size_t whole = FRAME_HEADER + w->page_size;
    off_t at = wal_page_at(w->number + 1, w->page_size) - FRAME_HEADER;
    if (pread(w->fd, w->frame, whole, at) != (ssize_t)whole)
        return false;
    struct sum own = sum_at(w->frame + FRAME_SUM_AT);
    struct sum sum = add_frame(w, w->stored);
    w->fits = is_same(sum, own);
    w->mends = !w->fits && is_same(add_frame(w, w->computed), own);
    w->has_salts = memcmp(w->frame + FRAME_SALTS_AT, w->salts, SALTS) == 0;
    /* salts that are damaged: what continues a frame of this log is of this log */
    w->is_sound = (w->fits || w->mends) && (w->has_salts || w->is_sound);
    w->computed = w->mends ? own : sum;
    w->stored = own;
    w->number++;
    w->page = big_32(w->frame);
    w->pages_after = big_32(w->frame + PAGES_AFTER_AT);
    return true;
}

static void rewind_to(struct walk *w, const unsigned char header[HEADER])
{
    w->number = 0;
    w->stored = sum_at(header + SUM_AT);
    w->computed = add(w, (struct sum){0}, header, SUM_AT);
    w->is_header_sound = is_same(w->stored, w->computed);
    w->is_sound = true;
}

/* Before the first frame; false: no log of ours.  A damaged header is known by the first
 * frame, which continues its checksum and has the salts too. */
static bool begin(struct walk *w)
{
    unsigned char header[HEADER];
    if (pread(w->fd, header, HEADER, 0) != HEADER)
        return false;
    for (int is_big = 0; is_big < 2; is_big++) {
        w->word = is_big ? big_32 : little_32;
        memcpy(w->salts, header + SALTS_AT, SALTS);
        rewind_to(w, header);
        if (w->is_header_sound && big_32(header) == (magic | (uint32_t)is_big)
            && big_32(header + SIZE_AT) == w->page_size)
            return true;
        if (next(w) && w->is_sound) {
            memcpy(w->salts, w->frame + FRAME_SALTS_AT, SALTS);
            rewind_to(w, header);
            w->is_header_sound = false;
            return true;
        }
    }
    return false;
}

static int walk_new(int fd, size_t page_size, struct walk **ret)
{
    struct walk *w = calloc(1, sizeof(*w));
    if (!w)
        return -ENOMEM;
    w->fd = fd;
    w->page_size = page_size;
    *ret = w;
    return 0;
}

/* The last frame of a transaction although its page is damaged.  A cut tears a frame's
 * header only where two sectors meet. */
static bool seems_an_end(const struct walk *w)
{
    off_t at = wal_page_at(w->number, w->page_size) - FRAME_HEADER;
    return w->pages_after != 0 && at / SECTOR == (at + FRAME_HEADER - 1) / SECTOR;
}

/* follows_an_end: at or behind the place where SQLite stops a transaction ended, and all
 * since then is sound.  What an older cut left behind the newest transaction has the same
 * salts, and never continues it. */
static void judge(struct walk *w, struct wal_verdict *ret)
{
    bool has_stopped = !w->is_header_sound;
    bool follows_an_end = has_stopped;
    while (next(w)) {
        bool is_end = w->is_sound && w->pages_after != 0;
        has_stopped = has_stopped || !w->fits || !w->has_salts;
        if (is_end && (!has_stopped || follows_an_end)) {
            ret->frames = w->number;
            ret->pages_after = w->pages_after;
            ret->is_damaged = has_stopped;
        }
        if (!has_stopped)
            continue;
        if (!w->is_sound)
            follows_an_end = seems_an_end(w);
        else if (is_end)
            follows_an_end = true;
    }
}

int wal_judge(int fd, size_t page_size, struct wal_verdict *ret)
{
    struct walk *w = NULL;
    int r = walk_new(fd, page_size, &w);
    *ret = (struct wal_verdict){0};
    if (r == 0 && begin(w))
        judge(w, ret);
    free(w);
    return r;
}

int wal_each(int fd, size_t page_size, uint32_t frames,
             void (*take)(void *ctx, uint32_t frame, uint32_t page), void *ctx)
{
    struct walk *w = NULL;
    int r = walk_new(fd, page_size, &w);
    bool goes_on = r == 0 && frames > 0 && begin(w);
    while (goes_on && w->number < frames) {
        uint32_t before = w->page;
        goes_on = next(w);
        if (goes_on && w->mends && w->number > 1)
            take(ctx, w->number - 1, before);
        if (goes_on && w->is_sound)
            take(ctx, w->number, w->page);
    }
    free(w);
    return r;
}
