/* lessons.h - every class's school day: lessons, recesses, attendance, exercise.
 *
 * A class takes part when the room it is at home in is counted.  Thread: the pipeline's.
 */
#ifndef OCCUPANCY_LESSONS_H
#define OCCUPANCY_LESSONS_H

#include "rooms.h"

struct lessons;

/* lessons_new - one book a class; derives their points.  returns 0 or gw_fail().
 * Owner: caller; lessons_free().  @rooms and @options outlive it. */
int lessons_new(struct gw_host *host, const struct occupancy_options *options,
                const struct rooms *rooms, struct lessons **ret, struct gw_error *err);
struct lessons *lessons_free(struct lessons *ls);

void lessons_load(struct lessons *ls);

/* lessons_minute - the minute that ends at @time_us, after rooms_minute(). */
void lessons_minute(struct lessons *ls, int64_t time_us);

/* lessons_clock_step - the clock was set by @delta_us and is now @time_us.  A day with
 * the same bells and lessons goes on under its right name; by a few minutes it is the
 * same day.  Else what it has so far was counted under other bells: it is unknown, and
 * the day of the class begins anew. */
void lessons_clock_step(struct lessons *ls, int64_t delta_us, int64_t time_us);

#endif
