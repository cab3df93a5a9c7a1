#include "store/scrub.h"

#include "base/clock.h"

enum { SLICE_MIN = 256, SLICES_A_DAY = 8640 };

static int begin(struct scrub *s, const char *path)
{
    int r = s->pages ? 0 : pages_open_file(path, &s->pages);
    if (r == 0 && !s->cells)
        r = cells_new(s->pages, &s->cells);
    return r;
}

static uint32_t slice_of(uint32_t pages)
{
    uint32_t size = pages / SLICES_A_DAY + 1;
    return size > SLICE_MIN ? size : SLICE_MIN;
}

int scrub_slice(struct scrub *s, const char *path, int64_t until_us, uint32_t *ret_page)
{
    int r = begin(s, path);
    if (r < 0)
        return r;
    pages_recount(s->pages);
    uint32_t count = pages_count(s->pages);
    if (s->done >= count)
        s->done = 0;
    uint32_t left = count - s->done;
    uint32_t size = slice_of(count) < left ? slice_of(count) : left;
    uint32_t end = s->done + size;
    pages_forget(s->pages, s->done + 1, size);
    while (s->done < end && clock_machine_us() < until_us)
        if (cells_damage(s->cells, ++s->done) > 0) {
            *ret_page = s->done;
            return 1;
        }
    return 0;
}

bool scrub_is_broken(struct scrub *s, uint32_t page)
{
    pages_recount(s->pages);
    pages_forget(s->pages, page, 1);
    return cells_damage(s->cells, page) > 0;
}

void scrub_return(struct scrub *s, uint32_t page)
{
    s->done = page - 1;
}

void scrub_done(struct scrub *s)
{
    s->cells = cells_free(s->cells);
    s->pages = pages_close(s->pages);
    s->done = 0;
}
