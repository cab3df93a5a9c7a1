/* deferred.h - statements that wait until a COPY has ended: nothing else can run
 * meanwhile. Thread: one owner.
 */
#ifndef INGEST_DEFERRED_H
#define INGEST_DEFERRED_H

#include "ingest/postgres.h"

enum { DEFERRED_VALUES_MAX = 5 };

struct deferred_item {
    const char *sql;
    char *values[DEFERRED_VALUES_MAX];
    size_t count;
};

/* Zero-initialise. */
struct deferred {
    struct deferred_item *items;
    size_t count;
    size_t room;
};

/* deferred_add - one more statement; @sql lives for good.
 * values   @count of them, at most DEFERRED_VALUES_MAX, taken over, also when it fails;
 *          one that is NULL is an allocation that failed
 * returns  0 or -ENOMEM */
int deferred_add(struct deferred *d, const char *sql, char *const *values, size_t count);

/* deferred_run - all of them in their order. */
int deferred_run(const struct deferred *d, struct postgres *p, struct gw_error *err);

void deferred_clear(struct deferred *d);

#endif
