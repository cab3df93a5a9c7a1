/* air.c - a minute of air and noise: the day's means, the noise of an empty room, fresh
 * air. */
#include <math.h>

#include "eye.h"

/* Below so much above the air out of doors the estimate is noise. */
static const double least_rise_ppm = 100;

static void add_minute(struct day_mean *mean, double value)
{
    mean->minutes++;
    if (isnan(value))
        return;
    mean->known++;
    mean->sum += value;
}

static bool is_lesson(const struct eye *e, const struct eye_room *room, int64_t time_us)
{
    struct gw_lesson lesson;
    return gw_campus_phase(e->campus, room->place->id, time_us).kind == GW_PHASE_LESSON
           || gw_campus_taught(e->campus, room->place->id, time_us, &lesson);
}

static bool is_school_day(const struct eye *e, int64_t time_us)
{
    enum gw_day_kind kind = gw_campus_day(e->campus, time_us);
    return kind == GW_DAY_SCHOOL || kind == GW_DAY_MAKE_UP;
}

static bool are_windows_closed(const struct eye_room *room)
{
    const struct input *windows = eye_room_inputs(room, INPUT_WINDOW);
    for (uint32_t i = 0; i < room->counts[INPUT_WINDOW]; i++)
        if (!(windows[i].last.most == 0))
            return false;
    return true;
}

/* Windows closed, nobody there, nobody taught: what the clause asks for. */
static bool is_quiet_minute(const struct eye *e, const struct eye_room *room,
                            int64_t time_us)
{
    return eye_room_people(room) == LAMP_EMPTY && are_windows_closed(room)
           && is_school_day(e, time_us) && !is_lesson(e, room, time_us);
}

static void noise_minute(struct eye *e, struct eye_room *room, int64_t time_us)
{
    static const int64_t minute_us = 60000000;
    uint32_t minutes = (uint32_t)(e->options.noise_over_us / minute_us);
    if (!room->figures[ROOM_NOISE_EMPTY].is_derived)
        return;
    uint32_t before = room->quiet.count;
    double energy =
        is_quiet_minute(e, room, time_us - 1) ? eye_room_mean(room, INPUT_NOISE) : NAN;
    double level = quiet_minute(&room->quiet, energy, minutes);
    figure_tell(&room->figures[ROOM_NOISE_EMPTY], e->host, level, time_us);
    if (before > 0 || room->quiet.count > 0)
        room->is_changed = true;
}

/* What one person breathes out leaves with the air: G / (C - C0), of a steady state. */
static void fresh_air_minute(struct eye *e, struct eye_room *room, int64_t time_us)
{
    const char *class_id = room->place->class_id;
    const struct gw_class *class = class_id ? gw_campus_class(e->campus, class_id) : NULL;
    bool is_older = class && class->stage != GW_PRIMARY;
    double litres = is_older ? e->options.breath_older : e->options.breath_primary;
    double rise_ppm = eye_room_mean(room, INPUT_CO2) - e->options.outdoor_co2;
    bool is_known =
        eye_room_is_in_use(room, e->options.present) && rise_ppm >= least_rise_ppm;
    if (room->figures[ROOM_FRESH_AIR].is_derived)
        figure_tell(&room->figures[ROOM_FRESH_AIR], e->host,
                    is_known ? litres * 1000 / rise_ppm : NAN, time_us);
}

void air_minute(struct eye *e, struct eye_room *room, int64_t time_us)
{
    struct gw_phase phase = gw_campus_phase(e->campus, room->place->id, time_us - 1);
    if (room->counts[INPUT_PM25] > 0) {
        add_minute(&room->day.pm25, eye_room_mean(room, INPUT_PM25));
        room->is_changed = true;
    }
    if (room->counts[INPUT_CO2] > 0 && (e->hours >> phase.kind & 1)) {
        add_minute(&room->day.co2, eye_room_mean(room, INPUT_CO2));
        room->is_changed = true;
    }
    figure_repeat(&room->figures[ROOM_CO2], e->host, time_us);
    noise_minute(e, room, time_us);
    fresh_air_minute(e, room, time_us);
}
