/* stream_store.h - the streams of a batch in PostgreSQL: locked, read, written again.
 * Thread: one owner.
 */
#ifndef INGEST_STREAM_STORE_H
#define INGEST_STREAM_STORE_H

#include "ingest/postgres.h"
#include "ingest/stream_table.h"

/* stream_store_load - in the open transaction: a lock a gateway of @batch, held until its
 * end, and what is there of each into the empty @ret. */
int stream_store_load(struct postgres *p, const struct archive_batch *batch,
                      struct stream_table *ret, struct gw_error *err);

/* stream_store_write - what the batch has added to @streams.
 * time  received_at, RFC 3339 */
int stream_store_write(struct postgres *p, const struct stream_table *streams,
                       const char *time, struct gw_error *err);

/* stream_store_ask - what is there of @key's stream, into an empty set. */
int stream_store_ask(struct postgres *p, const struct archive_key *key,
                     struct range_set *ret, struct gw_error *err);

#endif
