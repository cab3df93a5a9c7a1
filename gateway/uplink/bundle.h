/* bundle.h - bodies of the outbox as the one body of a POST.
 *
 * A JSON array of CloudEvents, each as it is stored.  Bounded by the contract; by less
 * where a platform, or what is before it, takes less.  Thread: one owner.
 * Source: CloudEvents 1.0, HTTP protocol binding, 3.3 (batched content mode)
 */
#ifndef UPLINK_BUNDLE_H
#define UPLINK_BUNDLE_H

#include <stdbool.h>
#include <stddef.h>

struct bundle;

enum {
    BUNDLE_ROWS_MAX = 500,
    BUNDLE_BYTES_MAX = 1024 * 1024, /* from then on nothing is added; the contract has as
                                      much again for the last body */
    BUNDLE_FIRST_MID = 65536,       /* above those of a session */
};

/* bundle_new - empty.  Owner: caller; bundle_free() */
int bundle_new(struct bundle **ret);
struct bundle *bundle_free(struct bundle *b);

/* bundle_clear - forgets the bodies; the limits stay. */
void bundle_clear(struct bundle *b);

/* bundle_has_room - for one body more. */
bool bundle_has_room(const struct bundle *b);

/* bundle_add - @body is copied.  returns 0 or -ENOMEM
 * bundle_add_row - the same of a row.  returns its mid, by which sender_sent() knows it,
 *                 or -ENOMEM */
int bundle_add(struct bundle *b, const char *body, size_t size);
int bundle_add_row(struct bundle *b, const char *body, size_t size);

/* bundle_rows - their mids are BUNDLE_FIRST_MID and the next ones. */
size_t bundle_rows(const struct bundle *b);
size_t bundle_size(const struct bundle *b);

/* bundle_text - the array, or NULL when it has nothing; valid until the next call. */
const char *bundle_text(struct bundle *b, size_t *ret_size);

/* bundle_shrink - it was too large: the next ones are half of it.  false: a single body
 * was, and nothing is left to halve
 * bundle_grow - it was taken: the limits come back, by an eighth.  bundle_widen - at
 * once.
 */
bool bundle_shrink(struct bundle *b);
void bundle_grow(struct bundle *b);
void bundle_widen(struct bundle *b);

#endif
