/* check.c - what the options name is there, and they do not contradict one another: a
 * slip would leave a sensor as it reads. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "eye.h"

enum name_of { NAME_OF_POINT, NAME_OF_DEVICE, NAME_OF_PLACE };

/* The names of inputs of @kind, of their devices or of their places, for a hint. */
struct names {
    const char **items;
    size_t count;
};

static const char *name_as(const struct eye_room *room, const struct input *input,
                           enum name_of what)
{
    if (what == NAME_OF_PLACE)
        return room->place->id;
    return what == NAME_OF_DEVICE ? input->device : input->name;
}

static size_t input_count(const struct eye *e)
{
    size_t count = 0;
    for (size_t i = 0; i < e->room_count; i++)
        count += e->rooms[i].count;
    return count;
}

static void add_names(const struct eye *e, enum input_kind kind, enum name_of what,
                      struct names *names)
{
    for (size_t i = 0; i < e->room_count; i++) {
        const struct input *inputs = eye_room_inputs(&e->rooms[i], kind);
        for (uint32_t k = 0; k < e->rooms[i].counts[kind]; k++)
            if (name_as(&e->rooms[i], &inputs[k], what))
                names->items[names->count++] = name_as(&e->rooms[i], &inputs[k], what);
    }
}

static bool has_name(const struct names *names, const char *name)
{
    for (size_t i = 0; i < names->count; i++)
        if (strcmp(names->items[i], name) == 0)
            return true;
    return false;
}

/* Mostly from a table of last year, or a year that was mistyped. */
static void check_age(const struct eye *e, const struct calibration_row *row)
{
    static const int64_t set_s = 1704067200; /* 2024: before, no clock was set */
    const uint32_t months = e->options.calibration_months;
    time_t now_s = time(NULL);
    if (now_s < set_s)
        return;
    struct gw_local today = gw_campus_local(e->campus, (int64_t)now_s * 1000000);
    if (calibration_is_future(row, &today))
        gw_warn(e->host, row->date, "'%s' is yet to come: the record counts from then on",
                row->date);
    else if (!calibration_holds(row, &today, months))
        gw_warn(e->host, row->date,
                "'%s' is more than %u months ago: the record counts no more (wanted: to "
                "measure anew, or another calibration_months)",
                row->date, months);
}

static void check_calibration(const struct eye *e, const struct names *lights, size_t row)
{
    const struct calibration_row *rows = e->calibrations.items;
    const char *point = rows[row].point;
    char text[GW_ALLOWED_MAX];
    if (!calibration_has_date(&rows[row]))
        gw_refuse(e->host, rows[row].date, "'%s' is not a date (allowed: 2026-09-01)",
                  rows[row].date);
    else
        check_age(e, &rows[row]);
    if (!has_name(lights, point))
        gw_refuse(e->host, point,
                  "'%s' is no point of desk_lux or board_lux of a place (%s)", point,
                  gw_allowed(e->host, point, lights->items, lights->count, text));
    for (size_t k = 0; k < row; k++)
        if (strcmp(rows[k].point, point) == 0) {
            gw_refuse(e->host, point,
                      "'%s' stands there twice (one record a sensor, the newest)", point);
            return;
        }
}

static void check_co2(const struct eye *e, const struct names *devices)
{
    const struct co2_row *rows = e->co2_sensors.items;
    char text[GW_ALLOWED_MAX];
    for (size_t i = 0; i < e->co2_sensors.count; i++)
        if (!has_name(devices, rows[i].device))
            gw_refuse(e->host, rows[i].device,
                      "'%s' is no device of a place that measures co2 (%s)",
                      rows[i].device,
                      gw_allowed(e->host, rows[i].device, devices->items, devices->count,
                                 text));
}

static void check_screens(const struct eye *e, const struct names *places)
{
    const struct screen_row *rows = e->screens.items;
    char text[GW_ALLOWED_MAX];
    for (size_t i = 0; i < e->screens.count; i++) {
        const char *place = rows[i].place;
        if (!has_name(places, place))
            gw_refuse(e->host, place, "'%s' has no panel_power (%s)", place,
                      gw_allowed(e->host, place, places->items, places->count, text));
        if (rows[i].standby > rows[i].on)
            gw_refuse(e->host, place,
                      "standby %g W is above on %g W (allowed: at most as much)",
                      rows[i].standby, rows[i].on);
    }
}

static void check_options(const struct eye *e)
{
    const struct eye_options *o = &e->options;
    if (o->screen_standby > o->screen_on)
        gw_refuse_option(e->host, "screen_standby", "screen_on",
                         "%g W is above screen_on, %g W (allowed: at most as much)",
                         o->screen_standby, o->screen_on);
    if (o->temperature_least > o->temperature_most)
        gw_refuse_option(e->host, "temperature_least", "temperature_most",
                         "%g °C is above temperature_most, %g °C (allowed: at most as "
                         "much)",
                         o->temperature_least, o->temperature_most);
    if (o->dark >= o->lit)
        gw_refuse_option(e->host, "dark", "lit",
                         "%g lx is not below lit, %g lx (allowed: less, or no lamp is "
                         "ever seen to come on)",
                         o->dark, o->lit);
    if (o->night_from_s == o->night_until_s)
        gw_refuse_option(
            e->host, "night_until", "night_from",
            "%02d:%02d is when the night begins and ends (allowed: two times; "
            "a night goes over midnight)",
            o->night_from_s / 3600, o->night_from_s / 60 % 60);
}

int eye_check(const struct eye *e, struct gw_error *err)
{
    const char **items = calloc(4 * input_count(e) + 1, sizeof(*items));
    if (!items)
        return gw_fail(err, -ENOMEM, "eye_health: out of memory");
    struct names lights = {items, 0};
    add_names(e, INPUT_DESK, NAME_OF_POINT, &lights);
    add_names(e, INPUT_BOARD, NAME_OF_POINT, &lights);
    struct names devices = {items + lights.count, 0};
    add_names(e, INPUT_CO2, NAME_OF_DEVICE, &devices);
    struct names places = {devices.items + devices.count, 0};
    add_names(e, INPUT_PANEL, NAME_OF_PLACE, &places);
    for (size_t i = 0; i < e->calibrations.count; i++)
        check_calibration(e, &lights, i);
    check_co2(e, &devices);
    check_screens(e, &places);
    check_options(e);
    free(items);
    return 0;
}
