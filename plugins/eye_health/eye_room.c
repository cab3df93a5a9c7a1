#include "eye_room.h"

#include <math.h>

struct input *eye_room_inputs(const struct eye_room *room, enum input_kind kind)
{
    uint32_t first = 0;
    for (int k = 0; k < (int)kind; k++)
        first += room->counts[k];
    return &room->inputs[first];
}

double eye_room_mean(const struct eye_room *room, enum input_kind kind)
{
    const struct input *inputs = eye_room_inputs(room, kind);
    double sum = 0;
    for (uint32_t i = 0; i < room->counts[kind]; i++)
        sum += inputs[i].last.mean;
    return room->counts[kind] > 0 ? sum / room->counts[kind] : NAN;
}

double eye_room_uniformity(const struct eye_room *room, enum input_kind kind,
                           uint32_t points)
{
    const struct input *inputs = eye_room_inputs(room, kind);
    double mean = eye_room_mean(room, kind);
    double least = INFINITY;
    if (room->counts[kind] < points || !(mean > 0))
        return NAN;
    for (uint32_t i = 0; i < room->counts[kind]; i++)
        least = fmin(least, inputs[i].last.mean);
    return least / mean;
}

enum lamp_people eye_room_people(const struct eye_room *room)
{
    static const enum input_kind kinds[] = {INPUT_PEOPLE, INPUT_PRESENCE};
    enum lamp_people people = LAMP_EMPTY;
    uint32_t count = 0;
    for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++) {
        const struct input *inputs = eye_room_inputs(room, kinds[k]);
        count += room->counts[kinds[k]];
        for (uint32_t i = 0; i < room->counts[kinds[k]]; i++) {
            if (inputs[i].last.most > 0)
                return LAMP_PEOPLE;
            if (isnan(inputs[i].last.most))
                people = LAMP_PEOPLE_UNKNOWN;
        }
    }
    return count > 0 ? people : LAMP_PEOPLE_UNKNOWN;
}

bool eye_room_is_in_use(const struct eye_room *room, double present)
{
    if (room->counts[INPUT_PEOPLE] > 0)
        return eye_room_inputs(room, INPUT_PEOPLE)->last.mean >= present;
    return room->counts[INPUT_PRESENCE] == 0 || eye_room_mean(room, INPUT_PRESENCE) > 0;
}

bool eye_room_is_projecting(const struct eye_room *room)
{
    return room->projected.mean >= 0.5;
}

bool eye_room_is_indicative(const struct eye_room *room, const struct gw_local *today,
                            uint32_t months)
{
    const struct input *lights = eye_room_inputs(room, INPUT_DESK);
    for (uint32_t i = 0; i < room->counts[INPUT_DESK] + room->counts[INPUT_BOARD]; i++)
        if (!calibration_holds(lights[i].record, today, months))
            return true;
    return false;
}

void eye_room_minute_end(struct eye_room *room, double valid, int64_t from_us,
                         int64_t time_us)
{
    for (uint32_t i = 0; i < room->count; i++)
        room->inputs[i].last = held_end(&room->inputs[i].held, valid, from_us, time_us);
    room->projected = held_end(&room->projecting, valid, from_us, time_us);
}

void eye_room_forget(struct eye_room *room, int64_t from_us, int64_t time_us)
{
    bool is_panel_known = true;
    for (uint32_t i = 0; i < room->count; i++) {
        struct input *input = &room->inputs[i];
        if (input->is_heard)
            continue;
        (void)held_take(&input->held, NAN, from_us, time_us);
        is_panel_known = is_panel_known && input->kind != INPUT_PANEL
                         && input->kind != INPUT_PROJECTING;
    }
    if (!is_panel_known)
        (void)held_take(&room->projecting, NAN, from_us, time_us);
    room->is_changed = true;
}
