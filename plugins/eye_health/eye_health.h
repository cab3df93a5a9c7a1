/* eye_health.h - the plugin that knows light, screens, air and noise as pupils meet them.
 *
 * Derives calibrated illuminance, uniformity, the night lamp test, projecting, screen
 * share, compensated CO2, daily means and what of the lessons complied. */
#ifndef EYE_HEALTH_EYE_HEALTH_H
#define EYE_HEALTH_EYE_HEALTH_H

#include "gw/plugin.h"

extern const struct gw_plugin eye_health_plugin;

#endif
