/* gone.h - rows that a gateway says will never come: unavailable, dropped.  Thread: any.
 */
#ifndef INGEST_GONE_H
#define INGEST_GONE_H

#include <jansson.h>

#include "ingest/range_set.h"

/* gone_is_told - a message of @type names some. */
bool gone_is_told(const char *type);

/* gone_read - which rows, of which epoch: of a body that keeps its schema.
 * ret      empty; their ranges, to be cleared in either case.  A row can tell only of
 *          rows before it: what it names of its own epoch beyond itself is left out, or
 *          a hole among the rows to come would never be asked for
 * returns  0; -EINVAL: a range ends before it begins, or an epoch of more than 63 bits;
 *          -ENOMEM */
int gone_read(const json_t *body, uint64_t *ret_epoch, struct range_set *ret,
              struct gw_error *err);

#endif
