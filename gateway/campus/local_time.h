/* local_time.h - a moment as people write it, in the school's time.  Thread: any. */
#ifndef CAMPUS_LOCAL_TIME_H
#define CAMPUS_LOCAL_TIME_H

#include <stdint.h>

#include "campus/campus.h"

/* campus_local_time - "2026-11-23" (its midnight), "2026-11-23T08:20" or with a space.
 * returns 0 or -EINVAL */
int campus_local_time(const struct gw_campus *c, const char *text, int64_t *ret_us);

/* campus_midnight - the midnight @days after that of @time_us. */
int64_t campus_midnight(const struct gw_campus *c, int64_t time_us, int days);

#endif
