/* repeat_store.h - copies of what is there in PostgreSQL, told from conflicts.
 * Thread: one owner.
 */
#ifndef INGEST_REPEAT_STORE_H
#define INGEST_REPEAT_STORE_H

#include "ingest/archive.h"
#include "ingest/postgres.h"

/* repeat_store_compare - as archive_compare(), in the open transaction, after its COPY
 * and its letters. */
int repeat_store_compare(struct postgres *p, struct archive_repeat *repeats, size_t count,
                         struct gw_error *err);

#endif
