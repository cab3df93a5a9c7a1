/* outbox_recall.h - acknowledged rows that the county wants once more.
 *
 * What is kept is unacknowledged again; of what is not kept any more, or was of no epoch
 * of this database, one row of kind UNAVAILABLE says so.  Of numbers that the running
 * epoch has not reached nothing is said.  One order looks at so much only, as a commit is
 * waited for: the rest stays as it is, and is asked for again.  Thread: the writer's.
 */
#ifndef STORE_OUTBOX_RECALL_H
#define STORE_OUTBOX_RECALL_H

#include "store/outbox_writer.h"

/* Rows that are looked at in one order; pieces that one answer names. */
enum { OUTBOX_RECALL_ROWS = 10000, OUTBOX_RECALL_MISSING = 100 };

/* outbox_recall_prepare - of outbox_writer_open(). */
int outbox_recall_prepare(struct outbox_writer *o);

/* outbox_recall - SQLITE_OK or SQLite's code. */
int outbox_recall(struct outbox_writer *o, const struct gw_recall *recall,
                  const struct store_ops *ops);

#endif
