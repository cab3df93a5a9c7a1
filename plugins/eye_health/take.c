/* take.c - readings: calibrated, compensated, with screens' hysteresis. */
#include <math.h>

#include "eye.h"

/* Without a record the sensor's own figure is an indication.  What is derived from a
 * source that is not good is not better. */
static double take_light(struct eye *e, const struct input *input,
                         const struct gw_reading *reading)
{
    double lux = reading->value * (input->record ? input->record->k : 1);
    bool holds = calibration_holds(input->record, eye_today(e, reading->time_us),
                                   e->options.calibration_months);
    enum gw_quality quality = (enum gw_quality)reading->quality;
    enum gw_reason reason = quality == GW_GOOD ? GW_REASON_NONE : GW_REASON_INPUT;
    if (quality == GW_GOOD && !holds) {
        quality = GW_UNCERTAIN;
        reason = GW_REASON_CALIBRATION;
    }
    gw_publish(e->host, input->derived, lux, quality, reason, reading->time_us);
    return lux;
}

static double pressure_of(const struct eye *e, const struct input *input)
{
    double pressure_hpa = input->pressure ? input->pressure->held.value : NAN;
    return isnan(pressure_hpa) ? gw_campus_school(e->campus)->pressure_hpa : pressure_hpa;
}

/* The mean of the room's sensors; one that is bad makes it bad: the mean of the others is
 * that of another place. */
static void tell_co2(struct eye *e, struct eye_room *room, int64_t time_us)
{
    const struct input *inputs = eye_room_inputs(room, INPUT_CO2);
    double sum = 0;
    for (uint32_t i = 0; i < room->counts[INPUT_CO2]; i++)
        sum += inputs[i].held.value;
    figure_tell(&room->figures[ROOM_CO2], e->host, sum / room->counts[INPUT_CO2],
                time_us);
}

/* On as soon as one panel is; off is known only of all. */
static double panels_on(const struct eye_room *room)
{
    const struct input *inputs = eye_room_inputs(room, INPUT_PANEL);
    double on = 0;
    for (uint32_t i = 0; i < room->counts[INPUT_PANEL]; i++) {
        if (inputs[i].held.value > 0)
            return 1;
        on += inputs[i].held.value;
    }
    return on;
}

static void tell_projecting(struct eye *e, struct eye_room *room, int64_t time_us)
{
    double on = room->counts[INPUT_PROJECTING] > 0
                    ? eye_room_inputs(room, INPUT_PROJECTING)->held.value
                    : panels_on(room);
    (void)held_take(&room->projecting, on, eye_minute(e, time_us), time_us);
    figure_tell(&room->figures[ROOM_PROJECTING], e->host, on, time_us);
}

static double take_panel(const struct eye_room *room, struct input *input, double power_w)
{
    input->is_on =
        screen_is_on(input->is_on, power_w, room->screen_standby, room->screen_on);
    return input->is_on;
}

static double value_of(struct eye *e, const struct eye_room *room, struct input *input,
                       const struct gw_reading *reading)
{
    switch (input->kind) {
    case INPUT_DESK:
    case INPUT_BOARD:
        return take_light(e, input, reading);
    case INPUT_CO2:
        return co2_compensated(input->compensation, reading->value, pressure_of(e, input),
                               e->options.co2_pct_per_kpa);
    case INPUT_PANEL:
        return take_panel(room, input, reading->value);
    case INPUT_NOISE:
        return quiet_energy(reading->value);
    default:
        return reading->value;
    }
}

void eye_take(struct eye *e, struct eye_room *room, struct input *input,
              const struct gw_reading *reading)
{
    bool is_good = reading->quality == GW_GOOD;
    bool is_light = input->kind == INPUT_DESK || input->kind == INPUT_BOARD;
    double value = is_good || is_light ? value_of(e, room, input, reading) : NAN;
    input->is_heard = true;
    if (!is_good)
        value = NAN; /* told as it is, but held by nobody */
    if (held_take(&input->held, value, eye_minute(e, reading->time_us), reading->time_us))
        room->is_changed = true;
    if (input->kind == INPUT_CO2)
        tell_co2(e, room, reading->time_us);
    if (input->kind == INPUT_PANEL || input->kind == INPUT_PROJECTING)
        tell_projecting(e, room, reading->time_us);
}
