/* service.h - the after-school service: when it ends, and who is there after it must.
 *
 * Its rooms are the places with the tag that the options name, or every counted classroom
 * where no place has it; rooms of boarders' evening study are left out.  Thread: the
 * pipeline's. */
#ifndef OCCUPANCY_SERVICE_H
#define OCCUPANCY_SERVICE_H

#include "rooms.h"

struct service;

/* service_new - derives the school's points if there are rooms.  returns 0 or gw_fail().
 * Owner: caller; service_free() */
int service_new(struct gw_host *host, const struct occupancy_options *options,
                const struct rooms *rooms, struct service **ret, struct gw_error *err);
struct service *service_free(struct service *s);
void service_load(struct service *s);

/* service_changed - @room tells something new at @time_us. */
void service_changed(struct service *s, const struct room *room, int64_t time_us);

/* service_clock_step - the clock was set by @delta_us and is now @time_us.  Where the
 * service begins by the new time when it did by the old, or nearly so, it goes on; else
 * the day begins anew. */
void service_clock_step(struct service *s, int64_t delta_us, int64_t time_us);

/* service_minute - the minute that ends at @time_us, after rooms_minute(). */
void service_minute(struct service *s, int64_t time_us);

#endif
