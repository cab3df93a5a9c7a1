/* stock_store.h - in PostgreSQL: what counts as received beside what is there.  Each as
 * the archive.h function of its kind.  Thread: one owner.
 */
#ifndef INGEST_STOCK_STORE_H
#define INGEST_STOCK_STORE_H

#include "ingest/archive.h"
#include "ingest/postgres.h"

int stock_store_each(struct postgres *p, const struct archive_stock *stock,
                     struct gw_error *err);
int stock_store_forget(struct postgres *p, const struct archive_key *key,
                       const struct range_set *rows, struct gw_error *err);

#endif
