/* outbox_cap.h - what leaves the outbox: rows that were kept long enough, and over the
 * cap whatever is needed least; and what the county is told of it.
 *
 * Over the cap rows go in this order, the oldest of each first:
 *   rows that the county has, kept for a replay, and of what follows those that it had
 *   and asked for again
 *   telemetry, environment, facts of lessons, facts of days, weeks and months
 * Alarms never go, nor what tells of dropped rows.  A commit takes away as many rows as
 * it added and a few hundred more: its cost does not grow with the outbox.
 * Thread: the writer's.
 */
#ifndef STORE_OUTBOX_CAP_H
#define STORE_OUTBOX_CAP_H

#include "store/outbox_writer.h"

/* outbox_trim - deletes at most @max settled rows made before @time_us. */
int outbox_trim(struct outbox_writer *o, int64_t time_us, int max, int *ret_deleted);

/* outbox_keep_cap - after @added rows, in their transaction. */
int outbox_keep_cap(struct outbox_writer *o, uint64_t added);

/* outbox_tell_dropped - rows that name what was dropped and not told, an epoch and at
 * most 100 ranges each; @ret_is_left: there is more than one commit should hold. */
int outbox_tell_dropped(struct outbox_writer *o, const struct store_ops *ops,
                        bool *ret_is_left);

#endif
