/* standstill.h - is a room that stands still a sensor that stands still?  Thread: the
 * pipeline's. */
#ifndef OCCUPANCY_STANDSTILL_H
#define OCCUPANCY_STANDSTILL_H

#include "rooms.h"

/* standstill_is_frozen - the counter of @room, a class's own, is not to be believed:
 * - nobody passed its door over the whole of today's last recess that is over, though the
 *   room was not empty, or
 * - it says the same for so long, while most other homes move.
 * Only its next change ends it, or the day. */
bool standstill_is_frozen(const struct rooms *rs, const struct room *room,
                          int64_t time_us);

/* standstill_is_exempt - in rain or bad air, at some minute of the span: a class may well
 * stay where it is. */
bool standstill_is_exempt(const struct gw_campus *campus, int64_t from_us, int64_t to_us);

#endif
