/* rooms_model.h - what is behind struct rooms; for rooms.c and rooms_find.c. */
#ifndef OCCUPANCY_ROOMS_MODEL_H
#define OCCUPANCY_ROOMS_MODEL_H

#include "rooms.h"

/* route - where a point's readings go; sorted by point. */
struct route {
    uint32_t point;
    uint32_t room;
};

/* rooms - in the order in which their points were configured.
 * heard_us    the last minute before this one; GW_TIME_NONE: none yet
 * watched_us  since then nothing was missed; GW_TIME_NONE: nothing ever was
 * is_restored the first minute after a start is still to come */
struct rooms {
    struct gw_host *host;
    const struct occupancy_options *options;
    struct room *rooms;
    size_t count;
    struct route *routes;
    size_t route_count;
    int64_t heard_us;
    int64_t watched_us;
    bool is_restored;
};

const struct route *rooms_route(const struct rooms *rs, uint32_t point);

#endif
