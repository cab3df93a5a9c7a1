/* deadlines.h - one deadline an item, the earliest first: a heap that knows its places.
 *
 * Items are indexes 0..count-1.  Equal times come out by index, so that a replay is
 * the same every time.  Thread: one owner.
 */
#ifndef POINTS_DEADLINES_H
#define POINTS_DEADLINES_H

#include <stddef.h>
#include <stdint.h>

/* No deadline. */
#define DEADLINE_NEVER INT64_MAX

struct deadlines;

/* deadlines_new - for @count items, none with a deadline. */
int deadlines_new(size_t count, struct deadlines **ret);
struct deadlines *deadlines_free(struct deadlines *d);

/* deadlines_set - moves @item's deadline; DEADLINE_NEVER takes it away. */
void deadlines_set(struct deadlines *d, size_t item, int64_t time_us);

/* deadlines_shift - moves all there are by @delta_us. */
void deadlines_shift(struct deadlines *d, int64_t delta_us);

/* deadlines_get - @item's deadline, DEADLINE_NEVER when it has none. */
int64_t deadlines_get(const struct deadlines *d, size_t item);

/* deadlines_first - the earliest time, DEADLINE_NEVER when there is none. */
int64_t deadlines_first(const struct deadlines *d);

/* deadlines_pop - takes the earliest away; SIZE_MAX when there is none. */
size_t deadlines_pop(struct deadlines *d);

#endif
