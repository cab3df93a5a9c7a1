/* lamp_room.c - the night lamp test in a room: what its sensors and people say, and what
 * came of it. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "eye.h"

enum { KEPT_VERSION = 1 };

struct kept_lamp {
    uint32_t version;
    uint32_t unused;
    struct lamp_test test;
    struct lamp_result result;
};

/* Sums of minutes are not quite what they stand for: 0.7 must be 0.7. */
static double rounded(double figure)
{
    static const double steps = 1e6;
    return nearbyint(figure * steps) / steps;
}

static double *figure_of(struct lamp_result *result, enum eye_room_figure figure)
{
    return &result->figures[figure - ROOM_LAMP_DESK];
}

/* Beside the room's own state, whose key is the place alone. */
static void key_of(const struct eye_room *room, char ret[GW_NAME_MAX])
{
    (void)snprintf(ret, GW_NAME_MAX, "lamp/%s", room->place->id);
}

void lamp_room_save(struct eye *e, const struct eye_room *room)
{
    char key[GW_NAME_MAX];
    struct kept_lamp kept = {
        .version = KEPT_VERSION, .test = room->lamp, .result = room->result};
    key_of(room, key);
    gw_state_save(e->host, key, &kept, sizeof(kept));
}

void lamp_room_load(struct eye *e, struct eye_room *room)
{
    char key[GW_NAME_MAX];
    struct kept_lamp kept = {0};
    for (int f = ROOM_LAMP_DESK; f < ROOM_FIGURES; f++)
        *figure_of(&room->result, (enum eye_room_figure)f) = NAN;
    key_of(room, key);
    if (gw_state_load(e->host, key, &kept, sizeof(kept)) != sizeof(kept)
        || kept.version != KEPT_VERSION || kept.test.state > LAMP_MEASURING)
        return;
    room->lamp = kept.test;
    room->result = kept.result;
}

void lamp_room_tell_again(struct eye *e, struct eye_room *room, int64_t time_us)
{
    if (room->result.time_us == 0)
        return;
    figure_tell_again(&room->figures[ROOM_LAMP_TEST], e->host, room->result.verdict,
                      time_us);
    for (int f = ROOM_LAMP_DESK; f < ROOM_FIGURES; f++)
        figure_tell_again(&room->figures[f], e->host,
                          *figure_of(&room->result, (enum eye_room_figure)f), time_us);
}

static bool is_night(const struct eye *e, int64_t time_us)
{
    static const int64_t second_us = 1000000;
    struct gw_local end = gw_campus_local(e->campus, time_us - second_us);
    int32_t last_s = end.hour * 3600 + end.minute * 60 + end.second;
    int32_t first_s = last_s - 59;
    return first_s >= e->options.night_from_s || last_s < e->options.night_until_s;
}

static bool is_of_board(const struct input *lamps)
{
    return strcmp(lamps->name + strcspn(lamps->name, "."), ".board") == 0;
}

static bool has_lamps(const struct eye_room *room, bool of_board)
{
    const struct input *lamps = eye_room_inputs(room, INPUT_LAMPS);
    for (uint32_t i = 0; i < room->counts[INPUT_LAMPS]; i++)
        if (is_of_board(&lamps[i]) == of_board)
            return true;
    return false;
}

/* Of the board's own lamps, or the others. */
static enum lamp_light lamps_say(const struct eye_room *room, bool of_board)
{
    const struct input *lamps = eye_room_inputs(room, INPUT_LAMPS);
    uint32_t on = 0;
    uint32_t off = 0;
    uint32_t count = 0;
    for (uint32_t i = 0; i < room->counts[INPUT_LAMPS]; i++) {
        if (is_of_board(&lamps[i]) != of_board)
            continue;
        if (isnan(lamps[i].last.mean))
            return LAMP_UNKNOWN;
        count++;
        on += lamps[i].last.least > 0;
        off += lamps[i].last.most == 0;
    }
    if (on == count)
        return LAMP_LIT;
    return off == count ? LAMP_DARK : LAMP_PART;
}

/* What the sensors of @kind say by themselves. */
static enum lamp_light sensors_say(const struct eye *e, const struct eye_room *room,
                                   enum input_kind kind, struct lamp_minute *m)
{
    const struct input *inputs = eye_room_inputs(room, kind);
    uint32_t dark = 0;
    uint32_t lit = 0;
    for (uint32_t i = 0; i < room->counts[kind]; i++) {
        const struct held_minute *last = &inputs[i].last;
        if (isnan(last->mean))
            return LAMP_UNKNOWN;
        dark += last->most < e->options.dark;
        lit += last->least >= e->options.lit;
        m->ends_dark = m->ends_dark && inputs[i].held.value < e->options.dark;
        m->brightest = fmax(m->brightest, last->most);
    }
    if (dark == room->counts[kind])
        return LAMP_DARK;
    return lit == room->counts[kind] ? LAMP_LIT : LAMP_PART;
}

/* What lamps and sensors say together; dark is only what is dark to both. */
static enum lamp_light light_of(const struct eye_room *room, enum lamp_light desk,
                                enum lamp_light board)
{
    bool has = has_lamps(room, false);
    enum lamp_light lamps = has ? lamps_say(room, false) : LAMP_DARK;
    if (desk == LAMP_UNKNOWN || board == LAMP_UNKNOWN || lamps == LAMP_UNKNOWN)
        return LAMP_UNKNOWN;
    if (desk == LAMP_DARK && board == LAMP_DARK && lamps == LAMP_DARK)
        return LAMP_DARK;
    enum lamp_light light = room->counts[INPUT_DESK] > 0 ? desk : board;
    if (has)
        light = lamps;
    return light == LAMP_LIT ? LAMP_LIT : LAMP_PART;
}

/* By points `lamps` where there are, else by the light itself. */
static void look_at_light(const struct eye *e, const struct eye_room *room,
                          struct lamp_minute *m)
{
    enum lamp_light desk = sensors_say(e, room, INPUT_DESK, m);
    enum lamp_light board = sensors_say(e, room, INPUT_BOARD, m);
    m->light = light_of(room, desk, board);
    m->is_board_lit = (has_lamps(room, true) ? lamps_say(room, true) : board) == LAMP_LIT;
}

static struct lamp_minute minute_of(const struct eye *e, const struct eye_room *room,
                                    int64_t time_us)
{
    const uint32_t *counts = room->counts;
    struct lamp_minute m = {
        .is_night = is_night(e, time_us),
        .people = eye_room_people(room),
        .ends_dark = true,
        .lights = counts[INPUT_DESK] + counts[INPUT_BOARD],
    };
    m.count = m.lights + counts[INPUT_CCT] + counts[INPUT_SVM];
    for (uint32_t i = 0; i < m.count; i++)
        m.values[i] = room->inputs[i].last.mean;
    look_at_light(e, room, &m);
    return m;
}

/* The mean of the sensors of a kind, of which the first is number @first. */
static double mean_of(const struct lamp_test *t, uint32_t first, uint32_t count)
{
    double sum = 0;
    for (uint32_t i = 0; i < count; i++)
        sum += lamp_test_mean(t, first + i);
    return count > 0 ? rounded(sum / count) : NAN;
}

static double uniformity_of(const struct lamp_test *t, const struct eye_options *options,
                            uint32_t first, uint32_t count)
{
    double mean = mean_of(t, first, count);
    double least = INFINITY;
    for (uint32_t i = 0; i < count; i++)
        least = fmin(least, lamp_test_mean(t, first + i));
    return count >= options->uniformity_points && mean > 0 ? rounded(least / mean) : NAN;
}

/* A board whose lamps stayed off was not tested: what it had last time stands. */
static void read_figures(const struct eye *e, struct eye_room *room)
{
    const struct lamp_test *t = &room->lamp;
    const uint32_t *counts = room->counts;
    struct lamp_result *result = &room->result;
    uint32_t board = counts[INPUT_DESK];
    uint32_t cct = board + counts[INPUT_BOARD];
    uint32_t svm = cct + counts[INPUT_CCT];
    *figure_of(result, ROOM_LAMP_DESK) = mean_of(t, 0, counts[INPUT_DESK]);
    *figure_of(result, ROOM_LAMP_DESK_UNIFORMITY) =
        uniformity_of(t, &e->options, 0, counts[INPUT_DESK]);
    if (t->is_board_lit) {
        *figure_of(result, ROOM_LAMP_BOARD) = mean_of(t, board, counts[INPUT_BOARD]);
        *figure_of(result, ROOM_LAMP_BOARD_UNIFORMITY) =
            uniformity_of(t, &e->options, board, counts[INPUT_BOARD]);
    }
    *figure_of(result, ROOM_LAMP_CCT) = mean_of(t, cct, counts[INPUT_CCT]);
    *figure_of(result, ROOM_LAMP_SVM) = mean_of(t, svm, counts[INPUT_SVM]);
}

/* What is asked of a room: desks always, the board where it has sensors.
 * open  figures that are known and have no limit here: whether they will do the rules say
 */
struct judgement {
    uint32_t asked;
    uint32_t open;
    uint32_t known;
    uint32_t failed;
};

static void judge(struct judgement *j, double figure, double least)
{
    j->asked += least > 0;
    j->open += least <= 0 && !isnan(figure);
    j->known += least > 0 && !isnan(figure);
    j->failed += least > 0 && figure < least;
}

static struct judgement judge_all(const struct eye *e, struct eye_room *room)
{
    const struct eye_options *o = &e->options;
    struct lamp_result *result = &room->result;
    struct judgement j = {0};
    judge(&j, *figure_of(result, ROOM_LAMP_DESK), o->desk_least);
    judge(&j, *figure_of(result, ROOM_LAMP_DESK_UNIFORMITY), o->desk_uniformity_least);
    if (room->counts[INPUT_BOARD] > 0) {
        judge(&j, *figure_of(result, ROOM_LAMP_BOARD), o->board_least);
        judge(&j, *figure_of(result, ROOM_LAMP_BOARD_UNIFORMITY),
              o->board_uniformity_least);
    }
    return j;
}

static const char *verdict_name(uint32_t verdict)
{
    static const char *const names[] = {[LAMP_NONE] = "none",
                                        [LAMP_PASSED] = "passed",
                                        [LAMP_FAILED] = "failed",
                                        [LAMP_PARTIAL] = "partial"};
    return names[verdict];
}

/* First nobody knows any: no rule sees one of this test beside another of the last. */
static void tell_figures(struct eye *e, struct eye_room *room, int64_t time_us)
{
    for (int f = ROOM_LAMP_DESK; f < ROOM_FIGURES; f++)
        figure_tell(&room->figures[f], e->host, (double)NAN, time_us);
    for (int f = ROOM_LAMP_DESK; f < ROOM_FIGURES; f++)
        figure_tell(&room->figures[f], e->host,
                    *figure_of(&room->result, (enum eye_room_figure)f), time_us);
}

static void tell_result(struct eye *e, struct eye_room *room, const struct judgement *j,
                        int64_t time_us)
{
    struct lamp_result *r = &room->result;
    const struct gw_fact_value values[] = {
        {.name = "verdict", .value = NAN, .text = verdict_name(r->verdict)},
        {.name = "dark_lux", .value = room->lamp.dark_lux},
        {.name = "desk_lux", .value = *figure_of(r, ROOM_LAMP_DESK)},
        {.name = "desk_uniformity", .value = *figure_of(r, ROOM_LAMP_DESK_UNIFORMITY)},
        {.name = "board_lux", .value = *figure_of(r, ROOM_LAMP_BOARD)},
        {.name = "board_uniformity", .value = *figure_of(r, ROOM_LAMP_BOARD_UNIFORMITY)},
        {.name = "cct", .value = *figure_of(r, ROOM_LAMP_CCT)},
        {.name = "svm", .value = *figure_of(r, ROOM_LAMP_SVM)},
        {.name = "indicative", .value = r->is_indicative},
    };
    gw_fact(e->host, &(struct gw_fact){
                         .kind = "lamp-test",
                         .object = room->place->id,
                         .start_us = time_us - e->options.measure_us,
                         .end_us = time_us,
                         .time_us = time_us,
                         .values = values,
                         .count = sizeof(values) / sizeof(values[0]),
                         .completeness = j->asked > 0 ? j->known / (double)j->asked : 0});
    figure_tell(&room->figures[ROOM_LAMP_TEST], e->host, r->verdict, time_us);
    tell_figures(e, room, time_us);
}

static uint32_t month_of(const struct gw_local *date)
{
    return (uint32_t)(date->year * 100 + date->month);
}

static enum lamp_verdict verdict_of(const struct judgement *j)
{
    if (j->asked == 0)
        return LAMP_NONE;
    if (j->failed > 0)
        return LAMP_FAILED;
    return j->known == j->asked ? LAMP_PASSED : LAMP_PARTIAL;
}

static void measured(struct eye *e, struct eye_room *room, int64_t time_us)
{
    struct lamp_result *result = &room->result;
    const struct gw_local *today = eye_today(e, time_us - 1);
    read_figures(e, room);
    struct judgement j = judge_all(e, room);
    result->time_us = time_us;
    result->is_indicative =
        eye_room_is_indicative(room, today, e->options.calibration_months);
    result->verdict = verdict_of(&j);
    if (j.failed == 0 && j.open == 0
        && (room->counts[INPUT_BOARD] == 0 || room->lamp.is_board_lit))
        result->passed_month = month_of(today);
    tell_result(e, room, &j, time_us);
}

/* Stays in the school: it says when somebody was where. */
static void tell_void(struct eye *e, const struct eye_room *room, enum lamp_end end,
                      int64_t time_us)
{
    const struct gw_fact_value values[] = {
        {.name = "reason", .value = NAN, .text = lamp_end_name(end)}};
    gw_fact(e->host, &(struct gw_fact){.kind = "lamp-test-void",
                                       .object = room->place->id,
                                       .start_us = room->lamp.lit_us,
                                       .end_us = time_us,
                                       .time_us = time_us,
                                       .values = values,
                                       .count = 1,
                                       .completeness = 1,
                                       .stays = true});
}

/* Once it has passed, a month has its test; one that failed may be repeated any night. */
void lamp_room_minute(struct eye *e, struct eye_room *room, int64_t time_us)
{
    uint32_t before = room->lamp.state;
    if (!room->figures[ROOM_LAMP_TEST].is_derived
        || (before == LAMP_WAITING && !is_night(e, time_us)))
        return;
    if (room->result.passed_month == month_of(eye_today(e, time_us - 1))
        && before <= LAMP_READY)
        return;
    struct lamp_minute minute = minute_of(e, room, time_us);
    enum lamp_end end = lamp_test_minute(&room->lamp, &e->options, &minute, time_us);
    if (end == LAMP_MEASURED)
        measured(e, room, time_us);
    else if (end != LAMP_GOES_ON
             && (end != LAMP_SWITCHED_OFF || before == LAMP_MEASURING))
        tell_void(e, room, end, time_us);
    if (before != room->lamp.state || before >= LAMP_WARMING)
        lamp_room_save(e, room);
}

/* What was measured, was so many days ago; a result of the future is from before the
 * clock went wrong. */
void lamp_room_clock_step(struct eye *e, struct eye_room *room, int64_t delta_us,
                          int64_t time_us)
{
    struct lamp_result *result = &room->result;
    lamp_test_step(&room->lamp, delta_us);
    if (result->time_us != 0 && result->time_us <= time_us - delta_us) {
        uint32_t before = month_of(eye_today(e, result->time_us - 1));
        result->time_us += delta_us;
        if (result->passed_month == before)
            result->passed_month = month_of(eye_today(e, result->time_us - 1));
    }
    lamp_room_save(e, room);
}
