/* clock.c - minutes of lights, tests and means when the clock is set. */
#include "eye.h"

static const int64_t minute_us = 60000000;
static const int64_t longest_day_us = INT64_C(25) * 3600 * 1000000;

int64_t eye_minute(const struct eye *e, int64_t time_us)
{
    bool is_heard = e->heard_us != GW_TIME_NONE && time_us >= e->heard_us
                    && time_us - e->heard_us <= minute_us + minute_us / 2;
    return is_heard ? e->heard_us : (time_us - 1) / minute_us * minute_us;
}

bool eye_has_begun(int64_t day_us, int64_t midnight_us)
{
    return day_us >= midnight_us && day_us - midnight_us <= longest_day_us;
}

/* 36 h after a midnight it is the next day, also where days have 23 or 25 hours. */
int64_t eye_next_midnight(const struct eye *e, int64_t midnight_us)
{
    return gw_campus_midnight(e->campus, midnight_us + INT64_C(36) * 60 * minute_us);
}

void eye_rename_day(const struct eye *e, int64_t *day_us, int64_t before_us,
                    int64_t after_us)
{
    int64_t old_us = gw_campus_midnight(e->campus, before_us - 1);
    int64_t new_us = gw_campus_midnight(e->campus, after_us - 1);
    if (*day_us == old_us)
        *day_us = new_us;
    else if (*day_us == gw_campus_midnight(e->campus, old_us - 1))
        *day_us = gw_campus_midnight(e->campus, new_us - 1);
}

static void room_step(struct eye *e, struct eye_room *room, int64_t delta_us,
                      int64_t time_us)
{
    for (uint32_t i = 0; i < room->count; i++)
        held_step(&room->inputs[i].held, delta_us);
    held_step(&room->projecting, delta_us);
    lesson_clock_step(e, room, delta_us);
    lamp_room_clock_step(e, room, delta_us, time_us);
}

void eye_clock_step(struct eye *e, int64_t delta_us, int64_t time_us)
{
    const int64_t before_us = time_us - delta_us;
    if (e->heard_us != GW_TIME_NONE)
        e->heard_us += delta_us;
    gw_state_save(e->host, eye_heard_key, &e->heard_us, sizeof(e->heard_us));
    for (size_t i = 0; i < e->room_count; i++)
        room_step(e, &e->rooms[i], delta_us, time_us);
    if (!gw_campus_crosses_midnight(e->campus, before_us, time_us)) {
        day_rename(e, before_us, time_us);
        screens_rename(e, before_us, time_us);
    }
    for (size_t i = 0; i < e->room_count; i++)
        eye_room_save(&e->rooms[i], e->host);
}
