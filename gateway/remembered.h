/* remembered.h - orders given while there is no store: what they changed began without
 * what the disk knows, so they are done again on it when it comes.
 *
 * Only what gives way then is remembered, the day book and what plugins keep: what was
 * done to an alarm waits in the store.  In memory, at most REMEMBERED_BYTES.  Thread:
 * main.
 */
#ifndef REMEMBERED_H
#define REMEMBERED_H

#include <stddef.h>
#include <stdint.h>

#include "operation.h"

enum { REMEMBERED_BYTES = 1 << 20 };

/* remembered_order - operation.to tells nobody; a list is this one's own copy. */
struct remembered_order {
    struct operation operation;
    int64_t time_us; /* school time at which it was given */
};

/* remembered - in the order in which they were given; zero-initialise. */
struct remembered {
    struct remembered_order *orders;
    size_t count;
    size_t room;
    size_t bytes;
};

/* remembered_add - returns 0, or gw_fail() with -ENOSPC or -ENOMEM */
int remembered_add(struct remembered *r, const struct operation *operation,
                   int64_t time_us, struct gw_error *err);

/* remembered_clock_set - the clock was set by @delta_us: what was given an hour ago was
 * given an hour ago, and what holds for an hour still does. */
void remembered_clock_set(struct remembered *r, int64_t delta_us);

/* remembered_clear - forgets and frees all. */
void remembered_clear(struct remembered *r);

#endif
