/* asking_store.h - in PostgreSQL: what is missing, how far the asking for it is, and the
 * numbers of commands.  Each as the archive.h function of its kind.  Thread: one owner.
 */
#ifndef INGEST_ASKING_STORE_H
#define INGEST_ASKING_STORE_H

#include "ingest/asking.h"
#include "ingest/postgres.h"

int asking_store_load(struct postgres *p, const char *gateway, struct asking_list *ret,
                      struct gw_error *err);
int asking_store_write(struct postgres *p, const struct asking *asking,
                       struct gw_error *err);
int asking_store_gaps(struct postgres *p, archive_gap_each *each, void *ctx,
                      struct archive_counts *ret, struct gw_error *err);
int asking_store_command(struct postgres *p, uint64_t *ret, struct gw_error *err);

#endif
