#include "pipeline/school_ticks.h"

#include "campus/campus.h"

#define MINUTE_US INT64_C(60000000)
#define HOUR_US INT64_C(3600000000)

static void look_ahead(struct school_ticks *t, int64_t time_us)
{
    school_ticks_next_minute(t, time_us);
    school_ticks_next_midnight(t, time_us);
    school_ticks_next_phase(t, time_us);
}

void school_ticks_start(struct school_ticks *t, int64_t time_us)
{
    look_ahead(t, time_us);
    t->heard_us = t->minute_us - MINUTE_US;
    t->day_us = gw_campus_midnight(t->campus, time_us);
}

int64_t school_ticks_step(struct school_ticks *t, int64_t before_us, int64_t after_us)
{
    int64_t today_us = gw_campus_midnight(t->campus, after_us);
    look_ahead(t, after_us);
    t->heard_us += after_us - before_us;
    if (!gw_campus_crosses_midnight(t->campus, before_us, after_us)) {
        if (today_us != gw_campus_midnight(t->campus, before_us))
            t->day_us = today_us;
        return GW_TIME_NONE;
    }
    if (today_us <= t->day_us)
        return GW_TIME_NONE; /* back over it */
    t->day_us = today_us;
    return today_us;
}

bool school_ticks_is_minute(struct school_ticks *t, int64_t time_us)
{
    if (time_us - t->heard_us < MINUTE_US / 2)
        return false;
    t->heard_us = time_us;
    return true;
}

bool school_ticks_is_day(struct school_ticks *t)
{
    if (t->midnight_us <= t->day_us)
        return false;
    t->day_us = t->midnight_us;
    return true;
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
