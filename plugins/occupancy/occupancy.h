/* occupancy.h - the plugin that knows how many people are in a room.
 *
 * Derives <place>/occupancy wherever a place has the points people_in and people_out
 * (one or several lines, each with the same name), or people (regions, which win).
 */
#ifndef OCCUPANCY_OCCUPANCY_H
#define OCCUPANCY_OCCUPANCY_H

#include "gw/plugin.h"

extern const struct gw_plugin occupancy_plugin;

#endif
