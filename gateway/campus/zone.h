/* zone.h - local time of an IANA zone or a fixed offset, without the process's TZ.
 *
 * Asia/Shanghai is built in (UTC+8, no daylight saving since 1991), so that a board
 * without tzdata works.  Immutable.  Thread: any.
 */
#ifndef CAMPUS_ZONE_H
#define CAMPUS_ZONE_H

#include <stdint.h>

#include "gw/error.h"

struct zone;

/* zone_new - "Asia/Shanghai", "Europe/Berlin", "+08:00".  Owner: caller; zone_free()
 * returns 0, -EINVAL (no such name or form) or -errno of the zone's file
 * Source: RFC 8536 (TZif), files of /usr/share/zoneinfo */
int zone_new(const char *name, struct zone **ret, struct gw_error *err);
struct zone *zone_free(struct zone *z);

/* zone_offset - seconds east of UTC at @utc_s. */
int32_t zone_offset(const struct zone *z, int64_t utc_s);

/* zone_utc - when local clocks show @local_s; the first time of two in an hour that
 * repeats; in an hour that is skipped, as if it had not been. */
int64_t zone_utc(const struct zone *z, int64_t local_s);

/* zone_utc_again - likewise, but the second time of two. */
int64_t zone_utc_again(const struct zone *z, int64_t local_s);

#endif
