/* calibration.h - commissioning records of light sensors: what the desk has, per what a
 * sensor on the wall sees.  Thread: any.
 *
 * Source: GB/T 5700 measures on a grid at desk height; a fixed sensor needs a factor. */
#ifndef EYE_HEALTH_CALIBRATION_H
#define EYE_HEALTH_CALIBRATION_H

#include "gw/campus.h"
#include "gw/error.h"

/* calibration_row - one entry of the option "calibrations".
 * k           E at the desk / E of the sensor
 * date        "2026-09-01"
 * reference   lx that the meter at the desk showed */
struct calibration_row {
    const char *point;
    double k;
    const char *date;
    const char *method;
    double reference;
};

extern const struct gw_option calibration_options[];

/* calibration_has_date - its date exists. */
bool calibration_has_date(const struct calibration_row *row);

/* calibration_is_future - @row says that it was made after @today. */
bool calibration_is_future(const struct calibration_row *row,
                           const struct gw_local *today);

/* calibration_holds - @row was made by @today and is not older than @months; NULL: no. */
bool calibration_holds(const struct calibration_row *row, const struct gw_local *today,
                       uint32_t months);

#endif
