/* options.h - what a school may set of the plugin; the defaults stand in occupancy.c's
 * table and, with their basis, in etc/gateway.yaml.  Read-only after the start. */
#ifndef OCCUPANCY_OPTIONS_H
#define OCCUPANCY_OPTIONS_H

#include "gw/schema.h"

/* occupancy_options - shares 0..1, times of day in seconds since midnight.
 * turned      "place/people_in[.line]" of lines whose in and out change places */
struct occupancy_options {
    int32_t zero_at_s;
    double drift_share;
    double drift_people;
    double below_zero;
    double reversed_people;
    uint32_t reversed_days;
    struct gw_strings turned;
    int64_t frozen_after_us;
    double valid;
};

#endif
