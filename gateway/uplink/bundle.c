#include "uplink/bundle.h"

#include <errno.h>
#include <stdlib.h>

#include "base/strbuf.h"

enum { BYTES_MIN = 1024 };

struct bundle {
    struct strbuf text; /* without the last bracket until it is asked for */
    size_t bodies;
    size_t rows;
    size_t rows_max;
    size_t bytes_max;
};

int bundle_new(struct bundle **ret)
{
    struct bundle *b = calloc(1, sizeof(*b));
    if (!b)
        return -ENOMEM;
    bundle_widen(b);
    *ret = b;
    return 0;
}

struct bundle *bundle_free(struct bundle *b)
{
    if (b)
        strbuf_free(&b->text);
    free(b);
    return NULL;
}

void bundle_clear(struct bundle *b)
{
    strbuf_free(&b->text); /* a batch is rare, and may be large */
    b->bodies = 0;
    b->rows = 0;
}

bool bundle_has_room(const struct bundle *b)
{
    return b->rows < b->rows_max && b->text.used < b->bytes_max;
}

int bundle_add(struct bundle *b, const char *body, size_t size)
{
    strbuf_add(&b->text, b->bodies == 0 ? "[" : ",");
    strbuf_add_bytes(&b->text, body, size);
    b->bodies++;
    return b->text.has_failed ? -ENOMEM : 0;
}

int bundle_add_row(struct bundle *b, const char *body, size_t size)
{
    int r = bundle_add(b, body, size);
    return r < 0 ? r : BUNDLE_FIRST_MID + (int)b->rows++;
}

size_t bundle_rows(const struct bundle *b)
{
    return b->rows;
}

size_t bundle_size(const struct bundle *b)
{
    return b->text.used;
}

const char *bundle_text(struct bundle *b, size_t *ret_size)
{
    if (b->bodies == 0)
        return NULL;
    strbuf_add(&b->text, "]");
    *ret_size = b->text.used;
    return b->text.has_failed ? NULL : b->text.text;
}

static size_t half(size_t value, size_t least)
{
    return value / 2 > least ? value / 2 : least;
}

static size_t more(size_t value, size_t most)
{
    value += value / 8 + 1;
    return value < most ? value : most;
}

bool bundle_shrink(struct bundle *b)
{
    if (b->rows <= 1)
        return false;
    b->rows_max = half(b->rows, 1);
    b->bytes_max = half(b->text.used, BYTES_MIN);
    return true;
}

void bundle_grow(struct bundle *b)
{
    b->rows_max = more(b->rows_max, BUNDLE_ROWS_MAX);
    b->bytes_max = more(b->bytes_max, BUNDLE_BYTES_MAX);
}

void bundle_widen(struct bundle *b)
{
    b->rows_max = BUNDLE_ROWS_MAX;
    b->bytes_max = BUNDLE_BYTES_MAX;
}
