#include "pipeline/school_ticks.h"

#include "campus/campus.h"

#define MINUTE_US INT64_C(60000000)
#define HOUR_US INT64_C(3600000000)

void school_ticks_start(struct school_ticks *t, int64_t time_us)
{
    school_ticks_next_minute(t, time_us);
    school_ticks_next_midnight(t, time_us);
    school_ticks_next_phase(t, time_us);
}

void school_ticks_next_minute(struct school_ticks *t, int64_t time_us)
{
    t->minute_us = (time_us / MINUTE_US + 1) * MINUTE_US;
}

/* 36 h after a midnight it is the next day, also where days have 23 or 25 hours. */
void school_ticks_next_midnight(struct school_ticks *t, int64_t time_us)
{
    int64_t today_us = gw_campus_midnight(t->campus, time_us);
    t->midnight_us = gw_campus_midnight(t->campus, today_us + 36 * HOUR_US);
}

void school_ticks_next_phase(struct school_ticks *t, int64_t time_us)
{
    t->phase_us = campus_next_change(t->campus, time_us);
}
