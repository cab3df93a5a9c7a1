/* three_defense.h - plugin: 人防、物防、技防: areas and their arming, patrols, posts,
 * doors, tests and drills, and the sheet of the day.
 *
 * It only watches: no panic line, fire panel or gas valve hangs on it.  Times and
 * thresholds that alarm are the rules'; here is what they are judged on.
 */
#ifndef THREE_DEFENSE_H
#define THREE_DEFENSE_H

#include "gw/plugin.h"

extern const struct gw_plugin three_defense_plugin;

#endif
