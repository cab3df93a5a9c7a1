/* range_set.h - which numbers of one stream are there, in memory.  Thread: one owner. */
#ifndef INGEST_RANGE_SET_H
#define INGEST_RANGE_SET_H

#include <stdbool.h>
#include <stddef.h>

#include "base/strbuf.h"
#include "ingest/archive.h"

/* Zero-initialise.  In order, with a hole between any two. */
struct range_set {
    struct archive_range *items;
    size_t count;
    size_t room;
};

void range_set_clear(struct range_set *s);

/* range_set_add - *ret_is_new: @seq was not in it.  returns 0 or -ENOMEM */
int range_set_add(struct range_set *s, uint64_t seq, bool *ret_is_new);

/* range_set_join - @range and all that is in it.  returns 0 or -ENOMEM */
int range_set_join(struct range_set *s, struct archive_range range);

/* range_set_subtract, range_set_intersect - what is in @a and not in @b, what is in both,
 * into the empty @ret, which is neither.  returns 0 or -ENOMEM; @ret is to be cleared */
int range_set_subtract(const struct range_set *a, const struct range_set *b,
                       struct range_set *ret);
int range_set_intersect(const struct range_set *a, const struct range_set *b,
                        struct range_set *ret);

/* range_set_rows - how many numbers are in it. */
uint64_t range_set_rows(const struct range_set *s);

/* range_set_find - the range that holds @seq, or NULL. */
const struct archive_range *range_set_find(const struct range_set *s, uint64_t seq);

/* range_set_read - PostgreSQL's int8multirange, "{[1,19),[21,25)}", into an empty set.
 * returns 0, -EINVAL or -ENOMEM */
int range_set_read(struct range_set *s, const char *text);
void range_set_write(const struct range_set *s, struct strbuf *out);

#endif
