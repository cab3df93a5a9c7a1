/* same.h - the resolved structs as option tables, for comparing them.  Thread: any. */
#ifndef CONFIG_SAME_H
#define CONFIG_SAME_H

#include "gw/schema.h"

extern const struct gw_option same_device_options[]; /* of struct config_device */
extern const struct gw_option same_point_options[];  /* of struct config_point */

#endif
