/* rooms.h - every place whose people are counted: found, fed, zeroed at night, watched
 * for sensors that stand still.  Thread: the pipeline's. */
#ifndef OCCUPANCY_ROOMS_H
#define OCCUPANCY_ROOMS_H

#include "room.h"

struct rooms;

/* rooms_new - places with people_in and people_out, or people (regions, which win);
 * without @passage, the kind of place that people only pass.  Watches and derives.
 * returns 0 and *ret, or gw_fail().  Owner: caller; rooms_free() */
int rooms_new(struct gw_host *host, const struct occupancy_options *options,
              const char *passage, struct rooms **ret, struct gw_error *err);
struct rooms *rooms_free(struct rooms *rs);

/* rooms_find - the room at @place, or NULL. */
const struct room *rooms_find(const struct rooms *rs, const char *place);

const struct room *rooms_all(const struct rooms *rs, size_t *ret_count);

/* rooms_load - what was kept; nobody has spoken yet. */
void rooms_load(struct rooms *rs);

/* rooms_keep - before the end: the minutes of rooms where nothing moves, too. */
void rooms_keep(const struct rooms *rs);

/* rooms_reading - the room that took it, or NULL. */
const struct room *rooms_reading(struct rooms *rs, const struct gw_reading *reading);

/* rooms_clock_step - the clock was set by @delta_us and is now @time_us. */
void rooms_clock_step(struct rooms *rs, int64_t delta_us, int64_t time_us);

/* rooms_minute - every room's last minute ends at @time_us. */
void rooms_minute(struct rooms *rs, int64_t time_us);

#endif
