/* check.c - what the lists name is there: a slip would leave a sensor as it reads. */
#include <errno.h>
#include <string.h>

#include "eye.h"

static bool has_input(const struct eye *e, enum input_kind kind, const char *name,
                      const char *device)
{
    for (size_t i = 0; i < e->room_count; i++) {
        const struct input *inputs = eye_room_inputs(&e->rooms[i], kind);
        for (uint32_t k = 0; k < e->rooms[i].counts[kind]; k++)
            if ((name && strcmp(inputs[k].name, name) == 0)
                || (device && inputs[k].device && strcmp(inputs[k].device, device) == 0))
                return true;
    }
    return false;
}

static int check_calibrations(const struct eye *e, struct gw_error *err)
{
    const struct calibration_row *rows = e->calibrations.items;
    int r = 0;
    for (size_t i = 0; r == 0 && i < e->calibrations.count; i++) {
        const char *point = rows[i].point;
        r = calibration_check(&rows[i], err);
        if (r == 0 && !has_input(e, INPUT_DESK, point, NULL)
            && !has_input(e, INPUT_BOARD, point, NULL))
            r = gw_fail(err, -EINVAL,
                        "eye_health: calibrations: '%s' is no light sensor of a place "
                        "(allowed: a point of desk_lux or board_lux)",
                        point);
        for (size_t k = 0; r == 0 && k < i; k++)
            if (strcmp(rows[k].point, point) == 0)
                r = gw_fail(err, -EINVAL,
                            "eye_health: calibrations: '%s' stands there twice (one "
                            "record a sensor, the newest)",
                            point);
    }
    return r;
}

static int check_co2(const struct eye *e, struct gw_error *err)
{
    const struct co2_row *rows = e->co2_sensors.items;
    for (size_t i = 0; i < e->co2_sensors.count; i++)
        if (!has_input(e, INPUT_CO2, NULL, rows[i].device))
            return gw_fail(err, -EINVAL,
                           "eye_health: co2_sensors: '%s' is no device of a place that "
                           "measures co2 (allowed: the name of one)",
                           rows[i].device);
    return 0;
}

static int check_screens(const struct eye *e, struct gw_error *err)
{
    const struct screen_row *rows = e->screens.items;
    for (size_t i = 0; i < e->screens.count; i++) {
        const struct eye_room *room = eye_room_at(e, rows[i].place);
        if (!room || room->counts[INPUT_PANEL] == 0)
            return gw_fail(err, -EINVAL,
                           "eye_health: screens: '%s' has no panel_power (allowed: a "
                           "place that has)",
                           rows[i].place);
        if (rows[i].standby > rows[i].on)
            return gw_fail(err, -EINVAL,
                           "eye_health: screens: '%s': standby %g W is above on %g W "
                           "(allowed: at most as much)",
                           rows[i].place, rows[i].standby, rows[i].on);
    }
    if (e->options.screen_standby > e->options.screen_on)
        return gw_fail(
            err, -EINVAL,
            "eye_health: screen_standby %g W is above screen_on %g W (allowed: "
            "at most as much)",
            e->options.screen_standby, e->options.screen_on);
    return 0;
}

int eye_check(const struct eye *e, struct gw_error *err)
{
    int r = check_calibrations(e, err);
    if (r == 0)
        r = check_co2(e, err);
    if (r == 0)
        r = check_screens(e, err);
    return r;
}
