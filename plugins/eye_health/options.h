/* options.h - what a school may set of the plugin; option_table.c has the defaults.  What
 * a standard says has none: it stands in etc/gateway.yaml with its basis, and what is not
 * set is not judged.  Read-only after the start. */
#ifndef EYE_HEALTH_OPTIONS_H
#define EYE_HEALTH_OPTIONS_H

#include "gw/schema.h"

/* eye_options - shares 0..1, times of day in seconds since midnight; of what a standard
 * says 0 = not judged. */
struct eye_options {
    /* What a standard says. */
    double desk_least;
    double desk_uniformity_least;
    double board_least;
    double board_uniformity_least;
    double co2_most;
    double temperature_least;
    double temperature_most;
    /* Light. */
    uint32_t calibration_months;
    uint32_t uniformity_points;
    /* The night lamp test. */
    int32_t night_from_s;
    int32_t night_until_s;
    double dark;
    double lit;
    int64_t warm_up_us;
    int64_t measure_us;
    double steady;
    double row;
    /* Screens. */
    double screen_standby;
    double screen_on;
    /* Air and noise. */
    int co2_compensation; /* index of co2_words */
    double co2_pct_per_kpa;
    struct gw_strings school_hours;
    double mean_valid;
    int64_t noise_over_us;
    bool fresh_air;
    double breath_primary;
    double breath_older;
    double outdoor_co2;
    /* Lessons and days. */
    double valid;
    int64_t slice_start_us;
    int64_t slice_end_us;
    double present;
    double lesson_share;
    int32_t day_at_s;
};

/* The struct stands first in the plugin's instance. */
extern const struct gw_option eye_option_table[];

#endif
