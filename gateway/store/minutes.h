/* minutes.h - the running hour of every point.
 *
 * One writer, the store's thread; whoever wants to look takes a copy under the lock, in
 * which nothing is allocated.  About 160 bytes a point, and what its minutes take.
 */
#ifndef STORE_MINUTES_H
#define STORE_MINUTES_H

#include "store/tally.h"

struct minutes;

int minutes_new(struct minutes **ret);
struct minutes *minutes_free(struct minutes *m);

/* minutes_begin - the hour from @hour_ms on.  @goes_on: it follows on the one that was,
 * of which every row was seen; else nothing is known of before. */
void minutes_begin(struct minutes *m, int64_t hour_ms, bool goes_on);
int64_t minutes_hour_ms(const struct minutes *m);

/* minutes_row - of @point: of the hour, or of the AGGREGATE_STANDS_MS before it; in the
 * log's order.  returns 0 or -ENOMEM */
int minutes_row(struct minutes *m, uint32_t point, const struct tally_row *row);

/* minutes_end - time goes on to the hour's end for all of them.  returns 0 or -ENOMEM */
int minutes_end(struct minutes *m);

/* minutes_block - the block of the @index-th point, by number; false: there are no more.
 * @ret_size 0: it has none. */
bool minutes_block(struct minutes *m, size_t index, uint32_t *ret_point,
                   const void **ret_bytes, size_t *ret_size);

/* minutes_peek - what @point's hour is at school time @time_ms; its bytes and pen.used
 * are a block.  returns whether there is any, and which hour.  Thread: any. */
bool minutes_peek(struct minutes *m, uint32_t point, int64_t time_ms,
                  int64_t *ret_hour_ms, struct block *ret);

#endif
