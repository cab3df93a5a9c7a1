/* today.h - days and bells when the clock is set.  Thread: the pipeline's. */
#ifndef OCCUPANCY_TODAY_H
#define OCCUPANCY_TODAY_H

#include "gw/campus.h"

/* By no more than that the bells before and after a step are nearly the same. */
#define SLIGHT_STEP_US (3 * INT64_C(60000000))

static inline bool step_is_slight(int64_t delta_us)
{
    return delta_us <= SLIGHT_STEP_US && delta_us >= -SLIGHT_STEP_US;
}

/* day_has_begun - a day (its midnight) that is today's, or tomorrow's that has begun once
 * before the clock was set back. */
static inline bool day_has_begun(int64_t day_us, int64_t midnight_us)
{
    return day_us >= midnight_us && day_us - midnight_us <= INT64_C(25) * 3600 * 1000000;
}

#endif
