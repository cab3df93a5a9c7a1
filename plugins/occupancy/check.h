/* check.h - options that contradict one another, and tags that are nearly one of them.
 * Thread: the pipeline's, in start(). */
#ifndef OCCUPANCY_CHECK_H
#define OCCUPANCY_CHECK_H

#include "gw/plugin.h"
#include "options.h"

void occupancy_check(struct gw_host *host, const struct occupancy_options *options);

#endif
