#include "eye_health.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include "eye.h"

/* Silence after which a gateway that was off knows nothing any more.  Source: the silence
 * that is called stale. */
static const int64_t unheard_us = 180000000;

const char eye_heard_key[] = "heard";

#define EYE(field) offsetof(struct eye, field)
static const struct gw_option_list lists[] = {
    {"calibrations", calibration_options, sizeof(struct calibration_row),
     EYE(calibrations), "records of light sensors; one without is an indication"},
    {"co2_sensors", co2_options, sizeof(struct co2_row), EYE(co2_sensors),
     "CO2 sensors that are not as co2_compensation says"},
    {"screens", screen_options, sizeof(struct screen_row), EYE(screens),
     "panels and projectors that need powers of their own"},
    {0},
};

const struct gw_local *eye_today(struct eye *e, int64_t time_us)
{
    int64_t midnight_us = gw_campus_midnight(e->campus, time_us);
    if (e->today_us != midnight_us || e->today.year == 0) {
        e->today = gw_campus_local(e->campus, midnight_us);
        e->today_us = midnight_us;
    }
    return &e->today;
}

/* A phase of the day by its name; lesson and the like unless said. */
static void read_hours(struct eye *e)
{
    const struct gw_strings *names = &e->options.school_hours;
    e->hours = 0;
    if (names->count == 0)
        e->hours = 1u << GW_PHASE_LESSON | 1u << GW_PHASE_RECESS
                   | 1u << GW_PHASE_LONG_RECESS | 1u << GW_PHASE_AFTER_SCHOOL;
    for (size_t i = 0; i < names->count; i++) {
        int phase = 0;
        while (phase < GW_PHASES
               && strcmp(gw_phase_name((enum gw_phase_kind)phase), names->items[i]) != 0)
            phase++;
        if (phase < GW_PHASES)
            e->hours |= 1u << phase;
        else
            gw_refuse(e->host, names->items[i],
                      "unknown phase '%s' (allowed: lesson, recess, long_recess, lunch, "
                      "after_school, evening_study)",
                      names->items[i]);
    }
}

static int start(void *self, struct gw_host *host, struct gw_error *err)
{
    struct eye *e = self;
    e->host = host;
    e->campus = gw_host_campus(host);
    e->heard_us = GW_TIME_NONE;
    read_hours(e);
    int r = eye_find(e, err);
    if (r == 0)
        r = eye_check(e, err);
    if (r == 0)
        r = screens_find(e, err);
    if (r == 0)
        r = day_find(e, err);
    return r;
}

static void stop(void *self)
{
    eye_done(self);
}

static void restored(void *self)
{
    struct eye *e = self;
    int64_t heard_us = GW_TIME_NONE;
    if (gw_state_load(e->host, eye_heard_key, &heard_us, sizeof(heard_us))
        == sizeof(heard_us))
        e->heard_us = heard_us;
    for (size_t i = 0; i < e->room_count; i++) {
        eye_room_load(&e->rooms[i], e->host);
        lamp_room_load(e, &e->rooms[i]);
    }
    screens_load(e);
    day_load(e);
    e->is_restored = true;
}

static void on_reading(void *self, const struct gw_reading *reading)
{
    struct eye *e = self;
    const struct route *route = eye_route(e, reading->point);
    if (!route)
        return;
    struct eye_room *room = &e->rooms[route->room];
    eye_take(e, room, &room->inputs[route->input], reading);
}

static void after_restart(struct eye *e, int64_t time_us)
{
    bool is_long = e->heard_us != GW_TIME_NONE && time_us - e->heard_us > unheard_us;
    e->is_restored = false;
    for (size_t i = 0; i < e->room_count; i++) {
        if (is_long)
            eye_room_forget(&e->rooms[i], eye_minute(e, time_us), time_us);
        lamp_room_tell_again(e, &e->rooms[i], time_us);
    }
    screens_tell_again(e, time_us);
    day_tell_again(e, time_us);
}

static void minute_in(struct eye *e, struct eye_room *room, int64_t time_us)
{
    uint32_t points = e->options.uniformity_points;
    eye_room_minute_end(room, e->options.valid, eye_minute(e, time_us), time_us);
    figure_tell(&room->figures[ROOM_DESK_UNIFORMITY], e->host,
                eye_room_uniformity(room, INPUT_DESK, points), time_us);
    figure_tell(&room->figures[ROOM_BOARD_UNIFORMITY], e->host,
                eye_room_uniformity(room, INPUT_BOARD, points), time_us);
    air_minute(e, room, time_us);
    lesson_minute_end(e, room, time_us);
    lamp_room_minute(e, room, time_us);
}

static void on_minute(void *self, int64_t time_us)
{
    struct eye *e = self;
    if (e->room_count == 0)
        return;
    if (e->is_restored)
        after_restart(e, time_us);
    day_begin(e, time_us);
    for (size_t i = 0; i < e->room_count; i++)
        minute_in(e, &e->rooms[i], time_us);
    screens_minute(e, time_us);
    day_minute(e, time_us);
    for (size_t i = 0; i < e->room_count; i++)
        if (e->rooms[i].is_changed)
            eye_room_save(&e->rooms[i], e->host);
    e->heard_us = time_us;
    gw_state_save(e->host, eye_heard_key, &time_us, sizeof(time_us));
}

static void on_clock_step(void *self, int64_t delta_us, int64_t time_us)
{
    struct eye *e = self;
    if (e->room_count > 0)
        eye_clock_step(e, delta_us, time_us);
}

/* What the running minute has so far. */
static void keep(void *self)
{
    struct eye *e = self;
    for (size_t i = 0; i < e->room_count; i++) {
        if (e->rooms[i].is_changed)
            eye_room_save(&e->rooms[i], e->host);
        if (e->rooms[i].lamp.state != LAMP_WAITING)
            lamp_room_save(e, &e->rooms[i]);
    }
}

const struct gw_plugin eye_health_plugin = {
    .struct_size = sizeof(struct gw_plugin),
    .name = "eye_health",
    .summary = "light at desk and board, night lamp tests, screens, CO2, noise, and what "
               "of the lessons complied",
    .options = eye_option_table,
    .instance_size = sizeof(struct eye),
    .start = start,
    .stop = stop,
    .restored = restored,
    .on_reading = on_reading,
    .on_minute = on_minute,
    .lists = lists,
    .on_clock_step = on_clock_step,
    .keep = keep,
};
