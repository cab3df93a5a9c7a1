/* shipped.h - the drivers and plugins that are part of this build. */
#ifndef SHIPPED_H
#define SHIPPED_H

#include "config/config.h"

extern const struct config_modules shipped_modules;

#endif
