/* co2.h - what a CO2 sensor would read at sea level.  Thread: any.
 *
 * NDIR counts molecules: at 835 hPa an uncompensated sensor reads about 18 % low, one
 * whose maker quotes 1.58 %/kPa about 28 %. */
#ifndef EYE_HEALTH_CO2_H
#define EYE_HEALTH_CO2_H

#include "gw/schema.h"

enum co2_compensation { CO2_DEFAULT, CO2_NONE, CO2_RATIO, CO2_PCT_PER_KPA };

/* Words of it: for the default of the school, and for one sensor. */
extern const char *const co2_words[];
extern const char *const co2_sensor_words[];

/* co2_row - one entry of the option "co2_sensors". */
struct co2_row {
    const char *device;
    int compensation;
};

extern const struct gw_option co2_options[];

/* co2_compensated - ppm; NAN where @pressure_hpa is needed and NAN.
 * pct_per_kpa how much less is read for each kPa below 101.325 */
double co2_compensated(enum co2_compensation compensation, double ppm,
                       double pressure_hpa, double pct_per_kpa);

#endif
