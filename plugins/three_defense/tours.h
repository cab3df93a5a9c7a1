/* tours.h - an entry of "tours". */
#ifndef TOURS_H
#define TOURS_H

#include "gw/schema.h"

/* tour_row - checkpoints: places with a point "checkpoint", in the order of the round. */
struct tour_row {
    const char *id;
    struct gw_text title;
    const char *place;
    struct gw_strings checkpoints;
    int64_t within_us;
    uint32_t per_day;
    bool is_ordered;
    bool is_all_day;
};
extern const struct gw_option tour_options[];

#endif
