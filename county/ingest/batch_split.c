#include "ingest/batch_split.h"

#include <errno.h>
#include <stdbool.h>

/* reader - a place in the text.
 * depth   of brackets and braces within the element */
struct reader {
    const char *at;
    const char *end;
    size_t depth;
};

static void skip_space(struct reader *r)
{
    while (r->at < r->end
           && (*r->at == ' ' || *r->at == '\t' || *r->at == '\n' || *r->at == '\r'))
        r->at++;
}

/* Behind the closing quote; or the end of the text, when there is none. */
static void skip_string(struct reader *r)
{
    r->at++;
    while (r->at < r->end && *r->at != '"')
        r->at += *r->at == '\\' && r->end - r->at > 1 ? 2 : 1;
    if (r->at < r->end)
        r->at++;
}

static bool ends_element(const struct reader *r)
{
    return r->depth == 0 && (*r->at == ',' || *r->at == ']');
}

static struct batch_part read_element(struct reader *r)
{
    const char *start = r->at;
    r->depth = 0;
    while (r->at < r->end && !ends_element(r)) {
        if (*r->at == '"') {
            skip_string(r);
            continue;
        }
        r->depth += *r->at == '{' || *r->at == '[';
        r->depth -= r->depth > 0 && (*r->at == '}' || *r->at == ']');
        r->at++;
    }
    return (struct batch_part){start, (size_t)(r->at - start)};
}

/* The array is empty, or its elements, up to the closing bracket. */
static int read_elements(struct reader *r, struct batch_part *ret, size_t max)
{
    size_t count = 0;
    skip_space(r);
    if (r->at < r->end && *r->at == ']')
        return 0;
    for (;;) {
        skip_space(r);
        struct batch_part part = read_element(r);
        if (part.size == 0 || r->at == r->end)
            return -EINVAL;
        if (count == max)
            return -E2BIG;
        ret[count++] = part;
        if (*r->at == ']')
            return (int)count;
        r->at++;
    }
}

int batch_split(const char *text, size_t size, struct batch_part *ret, size_t max)
{
    struct reader r = {text, text + size, 0};
    skip_space(&r);
    if (r.at == r.end || *r.at != '[')
        return -EINVAL;
    r.at++;
    int count = read_elements(&r, ret, max);
    if (count < 0)
        return count;
    r.at++; /* the closing bracket */
    skip_space(&r);
    return r.at == r.end ? count : -EINVAL;
}
