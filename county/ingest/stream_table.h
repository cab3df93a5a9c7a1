/* stream_table.h - what is there of the streams of one batch, and what the batch adds.
 * Thread: one owner.
 */
#ifndef INGEST_STREAM_TABLE_H
#define INGEST_STREAM_TABLE_H

#include "base/hash.h"
#include "ingest/range_set.h"

/* stream - one epoch of one gateway.
 * ranges         with what the batch adds
 * rows, letters  that the batch adds */
struct stream {
    char *gateway;
    uint64_t epoch;
    struct range_set ranges;
    uint64_t rows;
    uint64_t letters;
};

/* Zero-initialise. */
struct stream_table {
    struct stream *items;
    size_t count;
    size_t room;
    struct text_map *places; /* "<gateway>/<epoch>" to the item */
};

void stream_table_clear(struct stream_table *t);

/* stream_table_find - the stream of @key, or NULL. */
struct stream *stream_table_find(const struct stream_table *t,
                                 const struct archive_key *key);

/* stream_table_make - the same, made empty when it is not there.  NULL = out of memory
 * Life: until the next one is made */
struct stream *stream_table_make(struct stream_table *t, const struct archive_key *key);

#endif
