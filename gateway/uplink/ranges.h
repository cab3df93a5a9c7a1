/* ranges.h - what the platform has answered, until the store's commit hides it.
 *
 * A set of closed ranges per epoch, joined where they touch.  It is bounded: the
 * ranges that were added first give way, since their commit is long past.
 * Thread: one owner.
 */
#ifndef UPLINK_RANGES_H
#define UPLINK_RANGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ranges;

enum { RANGES_MAX = 1024 };

/* ranges_new - empty.  Owner: caller; ranges_free() */
int ranges_new(struct ranges **ret);
struct ranges *ranges_free(struct ranges *r);

/* ranges_add - joins [@from, @to] of @epoch in and hands every piece that was not there
 * yet to @each, in order; NULL is fine. */
void ranges_add(struct ranges *r, uint64_t epoch, uint64_t from, uint64_t to,
                void (*each)(void *ctx, uint64_t epoch, uint64_t from, uint64_t to),
                void *ctx);

/* ranges_remove - takes [@from, @to] of @epoch out again. */
void ranges_remove(struct ranges *r, uint64_t epoch, uint64_t from, uint64_t to);

bool ranges_holds(const struct ranges *r, uint64_t epoch, uint64_t seq);
size_t ranges_count(const struct ranges *r);

#endif
