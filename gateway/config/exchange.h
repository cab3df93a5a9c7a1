/* exchange.h - two headings of a table that were exchanged, so that each stands above
 * what belongs to the other.  Thread: one while it loads.
 */
#ifndef CONFIG_EXCHANGE_H
#define CONFIG_EXCHANGE_H

#include "config/csv.h"

/* column_trait - what may stand in a column; NULL: anything.
 * is_unique  each text once
 * is_sparse  most of its cells are empty */
struct column_trait {
    bool (*fits)(const void *ctx, const char *text);
    bool is_unique;
    bool is_sparse;
};

/* exchange - a table and its columns.
 * at   where each of the @count columns stands, SIZE_MAX = nowhere
 * ctx  for fits() */
struct exchange {
    const struct csv *csv;
    const size_t *at;
    const struct column_trait *traits;
    size_t count;
    const void *ctx;
};

/* exchange_find - the first two columns (indices of @at) of which every cell fits the
 * other, and most rows do not fit as they stand; the left one is @ret_a.
 * returns false: there are none */
bool exchange_find(const struct exchange *e, size_t *ret_a, size_t *ret_b);

#endif
