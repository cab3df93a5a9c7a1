/* moment.h - a time of the clock that comes again: each day, school day, week or month.
 *
 * Written "08:00", "school_day 18:30", "monday 06:00" or "1st 06:00"; the school's local
 * time.  "24:00" is the end of the day it belongs to.  Thread: any.
 */
#ifndef RULES_MOMENT_H
#define RULES_MOMENT_H

#include "campus/campus.h"

enum moment_each {
    MOMENT_NEVER,
    MOMENT_DAY,
    MOMENT_SCHOOL_DAY, /* with bells: also make-up and exam days */
    MOMENT_WEEK,
    MOMENT_MONTH
};

/* moment - day: 1 Monday .. 7 of a week; 1 .. 31 of a month, its last day where it has
 * fewer. */
struct moment {
    enum moment_each each;
    int day;
    int32_t clock_s;
};

/* moment_time - one of them; day_us: local midnight at which its day begins. */
struct moment_time {
    int64_t day_us;
    int64_t time_us;
};

/* moment_read - returns 0 or -EINVAL */
int moment_read(const char *text, struct moment *ret);

/* moment_next, moment_last - the first after @time_us, the last not after it.  A school
 * without a school day for 400 days has none: GW_TIME_NONE. */
struct moment_time moment_next(const struct moment *m, const struct gw_campus *campus,
                               int64_t time_us);
struct moment_time moment_last(const struct moment *m, const struct gw_campus *campus,
                               int64_t time_us);

/* moment_is_school_day - the day of @time_us has bells. */
bool moment_is_school_day(const struct gw_campus *campus, int64_t time_us);

/* moment_next_midnight - the end of @time_us's local day. */
int64_t moment_next_midnight(const struct gw_campus *campus, int64_t time_us);

#endif
