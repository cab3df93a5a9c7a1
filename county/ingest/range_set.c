#include "ingest/range_set.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

void range_set_clear(struct range_set *s)
{
    free(s->items);
    *s = (struct range_set){0};
}

/* The first range that does not end before @seq. */
static size_t place_of(const struct range_set *s, uint64_t seq)
{
    size_t low = 0;
    size_t high = s->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (s->items[middle].to < seq)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static int insert(struct range_set *s, size_t at, struct archive_range range)
{
    if (s->count == s->room) {
        size_t room = s->room ? 2 * s->room : 8;
        struct archive_range *items = realloc(s->items, room * sizeof(*items));
        if (!items)
            return -ENOMEM;
        s->items = items;
        s->room = room;
    }
    memmove(&s->items[at + 1], &s->items[at], (s->count - at) * sizeof(*s->items));
    s->items[at] = range;
    s->count++;
    return 0;
}

static void take_out(struct range_set *s, size_t at)
{
    s->count--;
    memmove(&s->items[at], &s->items[at + 1], (s->count - at) * sizeof(*s->items));
}

int range_set_add(struct range_set *s, uint64_t seq, bool *ret_is_new)
{
    size_t at = place_of(s, seq);
    *ret_is_new = at == s->count || s->items[at].from > seq;
    if (!*ret_is_new)
        return 0;
    bool joins_left = at > 0 && s->items[at - 1].to + 1 == seq;
    bool joins_right = at < s->count && s->items[at].from == seq + 1;
    if (joins_left && joins_right) {
        s->items[at - 1].to = s->items[at].to;
        take_out(s, at);
    } else if (joins_left) {
        s->items[at - 1].to = seq;
    } else if (joins_right) {
        s->items[at].from = seq;
    } else {
        return insert(s, at, (struct archive_range){seq, seq});
    }
    return 0;
}

int range_set_join(struct range_set *s, struct archive_range range)
{
    size_t at = place_of(s, range.from > 1 ? range.from - 1 : range.from);
    size_t end = at;
    for (; end < s->count && s->items[end].from <= range.to + 1; end++) {
        if (s->items[end].from < range.from)
            range.from = s->items[end].from;
        if (s->items[end].to > range.to)
            range.to = s->items[end].to;
    }
    if (end == at)
        return insert(s, at, range);
    s->items[at] = range;
    memmove(&s->items[at + 1], &s->items[end], (s->count - end) * sizeof(*s->items));
    s->count -= end - at - 1;
    return 0;
}

static int append(struct range_set *s, uint64_t from, uint64_t to)
{
    return from <= to ? insert(s, s->count, (struct archive_range){from, to}) : 0;
}

int range_set_subtract(const struct range_set *a, const struct range_set *b,
                       struct range_set *ret)
{
    int r = 0;
    for (size_t i = 0; r == 0 && i < a->count; i++) {
        struct archive_range left = a->items[i];
        for (size_t k = place_of(b, left.from);
             r == 0 && k < b->count && b->items[k].from <= left.to; k++) {
            r = append(ret, left.from, b->items[k].from - 1);
            left.from = b->items[k].to + 1;
        }
        if (r == 0)
            r = append(ret, left.from, left.to);
    }
    return r;
}

int range_set_intersect(const struct range_set *a, const struct range_set *b,
                        struct range_set *ret)
{
    int r = 0;
    for (size_t i = 0; r == 0 && i < a->count; i++) {
        const struct archive_range *x = &a->items[i];
        for (size_t k = place_of(b, x->from);
             r == 0 && k < b->count && b->items[k].from <= x->to; k++) {
            const struct archive_range *y = &b->items[k];
            r = append(ret, x->from > y->from ? x->from : y->from,
                       x->to < y->to ? x->to : y->to);
        }
    }
    return r;
}

uint64_t range_set_rows(const struct range_set *s)
{
    uint64_t rows = 0;
    for (size_t i = 0; i < s->count; i++)
        rows += s->items[i].to - s->items[i].from + 1;
    return rows;
}

const struct archive_range *range_set_find(const struct range_set *s, uint64_t seq)
{
    size_t at = place_of(s, seq);
    return at < s->count && s->items[at].from <= seq ? &s->items[at] : NULL;
}

/* A number and the @end behind it.  *at moves on. */
static bool read_number(const char **at, char end, uint64_t *ret)
{
    char *stop;
    if (**at < '0' || **at > '9')
        return false;
    *ret = strtoull(*at, &stop, 10);
    *at = stop + 1;
    return *stop == end;
}

static int read_range(struct range_set *s, const char **at)
{
    struct archive_range range;
    if (!read_number(at, ',', &range.from) || !read_number(at, ')', &range.to)
        || range.from >= range.to)
        return -EINVAL;
    range.to--;
    bool is_next = s->count == 0 || range.from > s->items[s->count - 1].to + 1;
    return is_next ? insert(s, s->count, range) : -EINVAL;
}

int range_set_read(struct range_set *s, const char *text)
{
    char before = '{';
    int r = 0;
    if (strcmp(text, "{}") == 0)
        return 0;
    while (r == 0 && *text == before) {
        if (*++text != '[')
            return -EINVAL;
        text++;
        r = read_range(s, &text);
        before = ',';
    }
    return r < 0 || strcmp(text, "}") == 0 ? r : -EINVAL;
}

void range_set_write(const struct range_set *s, struct strbuf *out)
{
    strbuf_add(out, "{");
    for (size_t i = 0; i < s->count; i++)
        strbuf_format(out, "%s[%" PRIu64 ",%" PRIu64 ")", i > 0 ? "," : "",
                      s->items[i].from, s->items[i].to + 1);
    strbuf_add(out, "}");
}
