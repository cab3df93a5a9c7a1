/* opener.h - tries to open what cannot be opened yet, until it can.
 *
 * After 0.5 s, doubling to 30 s, in a thread of its own: a disk that hangs holds up
 * nobody.  A fault is told when its sentence changes.  Thread: any, but for the try.
 */
#ifndef STORE_OPENER_H
#define STORE_OPENER_H

#include <stdbool.h>
#include <stddef.h>

#include "gw/error.h"

struct opener;

/* opener_start - calls @try in its thread until it returns 0.
 * path   for the log, borrowed for life
 * first  why it could not be opened so far
 * returns 0 or -errno.  Owner: caller; opener_stop() */
int opener_start(const char *path, int (*try)(void *ctx, struct gw_error *err), void *ctx,
                 const struct gw_error *first, struct opener **ret, struct gw_error *err);

bool opener_is_done(const struct opener *o);

/* opener_fault - why the last try failed. */
void opener_fault(struct opener *o, char *ret, size_t size);

/* opener_stop - waits for a try under way; returns NULL. */
struct opener *opener_stop(struct opener *o);

#endif
