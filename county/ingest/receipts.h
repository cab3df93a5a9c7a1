/* receipts.h - what one batch took, turned into acknowledgements after its commit.
 *
 * A copy of an old message is a receipt too: its gateway has not heard the first
 * acknowledgement.  Thread: one owner.
 */
#ifndef INGEST_RECEIPTS_H
#define INGEST_RECEIPTS_H

#include "gw/error.h"
#include "ingest/archive.h"

struct receipts;

/* Ranges in one acknowledgement; the rest goes into a further one. */
enum { RECEIPTS_RANGES_MAX = 100 };

int receipts_new(struct receipts **ret);
struct receipts *receipts_free(struct receipts *r);

/* receipts_add - @key is copied.  returns 0 or -ENOMEM */
int receipts_add(struct receipts *r, const struct archive_key *key);
size_t receipts_count(const struct receipts *r);

/* receipts_clear - forgets them: the batch was rolled back. */
void receipts_clear(struct receipts *r);

/* receipts_answer - hands {"epoch": …, "ranges": [[from, to], …]} for every gateway and
 * epoch to @publish, then clears.  The ranges are the archive's own around what came, so
 * that one acknowledgement that was lost is made good by the next.
 * returns 0, or the first fault of @publish or the archive */
int receipts_answer(struct receipts *r, struct archive *archive,
                    int (*publish)(void *ctx, const char *gateway, const char *body,
                                   struct gw_error *err),
                    void *ctx, struct gw_error *err);

#endif
