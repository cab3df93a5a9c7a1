/* manual.h - the core's own option tables of the configuration files, for their loaders
 * and for --print-options.  Thread: any. */
#ifndef CONFIG_MANUAL_H
#define CONFIG_MANUAL_H

#include "gw/schema.h"

extern const struct gw_option metric_options[];
extern const struct gw_option kind_options[];
extern const struct gw_option template_options[];
extern const struct gw_option bus_options[];
extern const struct gw_option device_options[];
extern const struct gw_option device_timing_options[];
extern const struct gw_option point_options[];

#endif
