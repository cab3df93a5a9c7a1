/* eye_room.h - one place with sensors of light, air, noise or screens.  Thread: the
 * pipeline's. */
#ifndef EYE_HEALTH_EYE_ROOM_H
#define EYE_HEALTH_EYE_ROOM_H

#include "calibration.h"
#include "co2.h"
#include "figure.h"
#include "held.h"
#include "lamp_test.h"
#include "lesson_run.h"
#include "quiet.h"

/* What an input is; the sensors of the lamp test stand together, light first. */
enum input_kind {
    INPUT_DESK,
    INPUT_BOARD,
    INPUT_CCT,
    INPUT_SVM,
    INPUT_LAMPS,
    INPUT_PANEL,
    INPUT_PROJECTING, /* a device tells it itself */
    INPUT_CO2,
    INPUT_PRESSURE,
    INPUT_TEMPERATURE,
    INPUT_PM25,
    INPUT_NOISE,
    INPUT_WINDOW,
    INPUT_PEOPLE,
    INPUT_PRESENCE,
    INPUT_KINDS
};

/* input - a point of the room.
 * derived     desk and board: calibrated; else 0
 * record      desk and board: its calibration, or NULL
 * pressure    co2: where its pressure comes from, or NULL: the school's figure
 * held        calibrated, compensated; noise as energy, panels as on
 * last        of the last full minute */
struct input {
    uint32_t point;
    uint32_t derived;
    const char *name;
    const char *device;
    enum input_kind kind;
    enum co2_compensation compensation;
    bool is_heard; /* since the start */
    bool is_on;    /* a panel is, by its hysteresis */
    const struct calibration_row *record;
    const struct input *pressure;
    struct held held;
    struct held_minute last;
};

/* What a room derives beside its inputs. */
enum eye_room_figure {
    ROOM_DESK_UNIFORMITY,
    ROOM_BOARD_UNIFORMITY,
    ROOM_PROJECTING,
    ROOM_CO2, /* compensated, mean of its sensors */
    ROOM_CO2_DAY,
    ROOM_PM25_DAY,
    ROOM_NOISE_EMPTY,
    ROOM_FRESH_AIR,
    ROOM_LIGHT_COMPLIANCE,
    ROOM_CO2_COMPLIANCE,
    ROOM_TEMPERATURE_COMPLIANCE,
    ROOM_LAMP_TEST,
    ROOM_LAMP_DESK,
    ROOM_LAMP_DESK_UNIFORMITY,
    ROOM_LAMP_BOARD,
    ROOM_LAMP_BOARD_UNIFORMITY,
    ROOM_LAMP_CCT,
    ROOM_LAMP_SVM,
    ROOM_FIGURES
};

/* day_mean - minutes of a day that are known, of those that count. */
struct day_mean {
    double sum;
    uint32_t known;
    uint32_t minutes;
};

/* eye_room_day - today, kept as it is. */
struct eye_room_day {
    int64_t midnight_us;
    uint32_t is_told;
    uint32_t unused;
    struct day_mean co2;
    struct day_mean pm25;
    double co2_told;
    double pm25_told; /* of yesterday */
    struct lesson_tally lessons;
};

/* lamp_result - of the room's last valid test; time_us 0: none yet.
 * verdict     enum lamp_verdict
 * passed_month  100 * year + month of the last one that passed */
enum lamp_verdict { LAMP_NONE, LAMP_PASSED, LAMP_FAILED, LAMP_PARTIAL };
struct lamp_result {
    int64_t time_us;
    uint32_t verdict;
    uint32_t passed_month;
    uint32_t is_indicative;
    uint32_t unused;
    double figures[ROOM_FIGURES - ROOM_LAMP_DESK];
};

/* room - found at the start; inputs in the order of their kinds. */
struct eye_room {
    const struct gw_place *place;
    struct input *inputs;
    uint32_t count;
    uint32_t counts[INPUT_KINDS];
    struct figure figures[ROOM_FIGURES];
    double screen_standby;
    double screen_on;
    struct held projecting;
    struct held_minute projected;
    struct lesson_run lesson;
    struct quiet quiet;
    struct eye_room_day day;
    struct lamp_test lamp;
    struct lamp_result result;
    bool is_changed; /* since it was kept */
};

/* eye_room_derive - what its sensors allow and @options ask for.  0 or gw_fail() */
int eye_room_derive(struct eye_room *room, const struct eye_options *options,
                    struct gw_host *host, struct gw_error *err);

/* eye_room_inputs - the first of @kind; there are counts[kind], in a row. */
struct input *eye_room_inputs(const struct eye_room *room, enum input_kind kind);

/* eye_room_mean - over all inputs of @kind in the last minute; NAN when one is unknown.
 */
double eye_room_mean(const struct eye_room *room, enum input_kind kind);

/* eye_room_uniformity - least by mean of the last minute; NAN with fewer than @points, or
 * one unknown. */
double eye_room_uniformity(const struct eye_room *room, enum input_kind kind,
                           uint32_t points);

/* eye_room_people - who was in the room throughout the last minute. */
enum lamp_people eye_room_people(const struct eye_room *room);

/* eye_room_is_in_use - at least @present persons; also where nobody counts. */
bool eye_room_is_in_use(const struct eye_room *room, double present);

/* eye_room_is_projecting - for the greater part of the last minute. */
bool eye_room_is_projecting(const struct eye_room *room);

/* eye_room_is_indicative - a light sensor lacks a valid calibration at @today. */
bool eye_room_is_indicative(const struct eye_room *room, const struct gw_local *today,
                            uint32_t months);

/* eye_room_minute_end - the minute from @from_us to @time_us, of every input. */
void eye_room_minute_end(struct eye_room *room, double valid, int64_t from_us,
                         int64_t time_us);

/* eye_room_forget - the gateway was off for too long: who has not spoken since is
 * unknown. */
void eye_room_forget(struct eye_room *room, int64_t from_us, int64_t time_us);

/* eye_room_save, eye_room_load - what comes back after a restart. */
void eye_room_save(struct eye_room *room, struct gw_host *host);
void eye_room_load(struct eye_room *room, struct gw_host *host);

#endif
