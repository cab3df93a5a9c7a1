#include "co2.h"

#include <math.h>

/* The standard atmosphere, hPa.  Source: ISO 2533. */
static const double sea_level_hpa = 1013.25;

const char *const co2_sensor_words[] = {[CO2_DEFAULT] = "default",
                                        [CO2_NONE] = "none",
                                        [CO2_RATIO] = "ratio",
                                        [CO2_PCT_PER_KPA] = "pct_per_kpa",
                                        NULL};
const char *const co2_words[] = {"none", "ratio", "pct_per_kpa", NULL};

#define ROW(field) offsetof(struct co2_row, field)
const struct gw_option co2_options[] = {
    {.name = "device",
     .type = GW_OPT_ID,
     .offset = ROW(device),
     .required = true,
     .help = "that measures co2"},
    {.name = "compensation",
     .type = GW_OPT_ENUM,
     .offset = ROW(compensation),
     .required = true,
     .choices = co2_sensor_words,
     .help = "none: it compensates itself; ratio: it reads true x P / 1013; pct_per_kpa: "
             "its maker quotes so many % a kPa"},
    {0},
};

double co2_compensated(enum co2_compensation compensation, double ppm,
                       double pressure_hpa, double pct_per_kpa)
{
    double below_kpa = (sea_level_hpa - pressure_hpa) / 10;
    if (compensation == CO2_RATIO)
        return ppm * sea_level_hpa / pressure_hpa;
    if (compensation == CO2_PCT_PER_KPA)
        return ppm / (1 - pct_per_kpa / 100 * below_kpa);
    return ppm;
}
