/* options.h - what a school may set of the plugin; the defaults stand in option_table.c
 * and, with their basis, in the manual.  Read-only after the start. */
#ifndef OCCUPANCY_OPTIONS_H
#define OCCUPANCY_OPTIONS_H

#include "gw/schema.h"

/* Unless the school says another one, or tags no place with it. */
#define OCCUPANCY_SERVICE_TAG "after_school_service"

/* occupancy_options - shares 0..1, times of day in seconds since midnight.
 * turned      "place/people_in[.line]" of lines whose in and out change places
 * stair_width metres, by place */
struct occupancy_options {
    int32_t zero_at_s;
    double drift_share;
    double drift_people;
    double below_zero;
    double reversed_people;
    uint32_t reversed_days;
    struct gw_strings turned;
    int64_t frozen_after_us;
    int64_t frozen_recess_us;
    double valid;
    int64_t slice_start_us;
    int64_t slice_end_us;
    uint32_t class_size_lessons;
    double stayed_people;
    double stayed_share;
    double away_people;
    int64_t attendance_after_us;
    double recess_people;
    double recess_share;
    int64_t early_by_us;
    int32_t day_at_s;
    int32_t service_from_s;
    int32_t service_until_s;
    double service_peak;
    double service_share;
    int64_t service_empty_us;
    int64_t service_return_us;
    const char *service_tag;
    const char *evening_tag;
    struct gw_map stair_width;
    int64_t stair_window_us;
};

/* occupancy_option_table - the struct stands first in the plugin's instance. */
extern const struct gw_option occupancy_option_table[];

#endif
