/* eye_room_figures.c - what a room derives, by the sensors that it has. */
#include "eye_room.h"

#define HAS(kind) (1u << (kind))

/* needs       every kind of input that must be there
 * any         one of these kinds must; 0 = not asked
 * asks_points uniformity_points of it */
static const struct {
    const char *metric;
    uint32_t needs;
    uint32_t any;
    bool asks_points;
} rows[ROOM_FIGURES] = {
    [ROOM_DESK_UNIFORMITY] = {"desk_uniformity", HAS(INPUT_DESK), 0, true},
    [ROOM_BOARD_UNIFORMITY] = {"board_uniformity", HAS(INPUT_BOARD), 0, true},
    [ROOM_PROJECTING] = {"projecting", HAS(INPUT_PANEL), 0, false},
    [ROOM_CO2] = {"co2_comp", HAS(INPUT_CO2), 0, false},
    [ROOM_CO2_DAY] = {"co2_day", HAS(INPUT_CO2), 0, false},
    [ROOM_PM25_DAY] = {"pm25_day", HAS(INPUT_PM25), 0, false},
    [ROOM_NOISE_EMPTY] = {"noise_empty", HAS(INPUT_NOISE) | HAS(INPUT_WINDOW),
                          HAS(INPUT_PEOPLE) | HAS(INPUT_PRESENCE), false},
    [ROOM_FRESH_AIR] = {"fresh_air", HAS(INPUT_CO2) | HAS(INPUT_PEOPLE), 0, false},
    [ROOM_LIGHT_COMPLIANCE] = {"light_compliance", HAS(INPUT_DESK), 0, false},
    [ROOM_CO2_COMPLIANCE] = {"co2_compliance", HAS(INPUT_CO2), 0, false},
    [ROOM_TEMPERATURE_COMPLIANCE] = {"temperature_compliance", HAS(INPUT_TEMPERATURE), 0,
                                     false},
    [ROOM_LAMP_TEST] = {"lamp_test", 0, HAS(INPUT_DESK) | HAS(INPUT_BOARD), false},
    [ROOM_LAMP_DESK] = {"lamp_desk", HAS(INPUT_DESK), 0, false},
    [ROOM_LAMP_DESK_UNIFORMITY] = {"lamp_desk_uniformity", HAS(INPUT_DESK), 0, true},
    [ROOM_LAMP_BOARD] = {"lamp_board", HAS(INPUT_BOARD), 0, false},
    [ROOM_LAMP_BOARD_UNIFORMITY] = {"lamp_board_uniformity", HAS(INPUT_BOARD), 0, true},
    [ROOM_LAMP_CCT] = {"lamp_cct", HAS(INPUT_CCT), HAS(INPUT_DESK) | HAS(INPUT_BOARD),
                       false},
    [ROOM_LAMP_SVM] = {"lamp_svm", HAS(INPUT_SVM), HAS(INPUT_DESK) | HAS(INPUT_BOARD),
                       false},
};

/* The night lamp test needs to know that nobody is there. */
static bool is_possible(const struct eye_room *room, const struct eye_options *options,
                        enum eye_room_figure figure, uint32_t has)
{
    bool knows_people = has & (HAS(INPUT_PEOPLE) | HAS(INPUT_PRESENCE));
    uint32_t lights = room->counts[INPUT_DESK] + room->counts[INPUT_BOARD]
                      + room->counts[INPUT_CCT] + room->counts[INPUT_SVM];
    if (figure >= ROOM_LAMP_TEST && (!knows_people || lights > LAMP_VALUES_MAX))
        return false;
    if (figure == ROOM_PROJECTING && room->counts[INPUT_PROJECTING] > 0)
        return false;
    if (figure == ROOM_FRESH_AIR && !options->fresh_air)
        return false;
    if (rows[figure].asks_points) {
        uint32_t points = rows[figure].needs & HAS(INPUT_DESK)
                              ? room->counts[INPUT_DESK]
                              : room->counts[INPUT_BOARD];
        return points >= options->uniformity_points;
    }
    return true;
}

/* Compliance of what no limit is set for is nothing. */
static bool is_judged(const struct eye_options *options, enum eye_room_figure figure)
{
    switch (figure) {
    case ROOM_LIGHT_COMPLIANCE:
        return options->desk_least > 0;
    case ROOM_CO2_COMPLIANCE:
        return options->co2_most > 0;
    case ROOM_TEMPERATURE_COMPLIANCE:
        return options->temperature_most > 0;
    default:
        return true;
    }
}

int eye_room_derive(struct eye_room *room, const struct eye_options *options,
                    struct gw_host *host, struct gw_error *err)
{
    uint32_t has = 0;
    int r = 0;
    for (int kind = 0; kind < INPUT_KINDS; kind++)
        has |= room->counts[kind] > 0 ? HAS(kind) : 0;
    for (int f = 0; r == 0 && f < ROOM_FIGURES; f++) {
        bool fits = (has & rows[f].needs) == rows[f].needs
                    && (rows[f].any == 0 || (has & rows[f].any));
        if (fits && is_judged(options, (enum eye_room_figure)f)
            && is_possible(room, options, (enum eye_room_figure)f, has))
            r = figure_derive(&room->figures[f], host, room->place->id, rows[f].metric,
                              err);
    }
    return r;
}
