/* earlier.h - messages that the disk has of earlier runs, for those that came again while
 * nobody could read it.
 *
 * By the same marks as a driver's own memory: an own id is known whenever it comes; a
 * packet id and hash once, and until the driver said that nothing of before comes any
 * more.  Thread: main.
 */
#ifndef STORE_EARLIER_H
#define STORE_EARLIER_H

#include <stdbool.h>
#include <stddef.h>

#include "gw/types.h"

struct earlier;

int earlier_new(size_t buses, struct earlier **ret);
struct earlier *earlier_free(struct earlier *e);

/* earlier_add - what the disk has of @bus, 0 .. buses - 1; once each.  0 or -ENOMEM */
int earlier_add(struct earlier *e, size_t bus, const struct gw_delivered *delivered,
                const struct gw_own_ids *own_ids);

/* earlier_had - whether @delivery is one of them; asked of each message of a bus in the
 * order in which they came. */
bool earlier_had(struct earlier *e, size_t bus, const struct gw_delivery *delivery);

#endif
