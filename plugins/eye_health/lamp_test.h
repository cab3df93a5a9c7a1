/* lamp_test.h - the night lamp test of one room, minute by minute.
 *
 * Dark, then all lamps on and the room left, a warm-up, a few minutes' mean.  What
 * disturbs it ends it with a reason; the next one begins when it has been dark again.
 * Kept over a restart as it is.  Thread: the pipeline's.
 *
 * Source: GB/T 5700 (no daylight, lamps warmed up); the times are a proposal. */
#ifndef EYE_HEALTH_LAMP_TEST_H
#define EYE_HEALTH_LAMP_TEST_H

#include <stdbool.h>
#include <stdint.h>

#include "options.h"

/* Sensors of light, colour and flicker; a room with more has no test. */
enum { LAMP_VALUES_MAX = 48 };

enum lamp_light { LAMP_UNKNOWN, LAMP_DARK, LAMP_PART, LAMP_LIT };
enum lamp_people { LAMP_PEOPLE_UNKNOWN, LAMP_EMPTY, LAMP_PEOPLE };

/* lamp_minute - what the room was throughout a minute.
 * is_night    no daylight by the clock
 * is_board_lit  the board's lamps, too
 * ends_dark   all sensors were dark at its end
 * brightest   lx, of all sensors
 * values      each sensor's mean; the first @lights of them are lx.  NAN = unknown */
struct lamp_minute {
    bool is_night;
    bool is_board_lit;
    bool ends_dark;
    enum lamp_light light;
    enum lamp_people people;
    double brightest;
    double values[LAMP_VALUES_MAX];
    uint32_t lights;
    uint32_t count;
};

enum lamp_state { LAMP_WAITING, LAMP_READY, LAMP_WARMING, LAMP_MEASURING };

/* Why a test is over; of SWITCHED_OFF before it was measured nobody need hear. */
enum lamp_end {
    LAMP_GOES_ON,
    LAMP_MEASURED,
    LAMP_OCCUPIED,
    LAMP_HALF_LIT,
    LAMP_UNSTEADY,
    LAMP_SENSOR,
    LAMP_DAYLIGHT,
    LAMP_SWITCHED_OFF,
    LAMP_INTERRUPTED,
    LAMP_ENDS
};

/* lamp_test - zero-initialise.
 * lit_us      since when all lamps are on
 * last_us     the minute before
 * was_empty   nobody was there since then
 * dark_lux    the brightest before
 * minutes     measured */
struct lamp_test {
    uint32_t state;
    uint32_t minutes;
    int64_t lit_us;
    int64_t last_us;
    double dark_lux;
    uint8_t was_empty;
    uint8_t is_board_lit;
    uint8_t unused[6];
    double sums[LAMP_VALUES_MAX];
    double least[LAMP_VALUES_MAX];
    double most[LAMP_VALUES_MAX];
};

/* lamp_test_minute - the minute that ends at @time_us.  LAMP_MEASURED: lamp_test_mean()
 * answers until the next minute. */
enum lamp_end lamp_test_minute(struct lamp_test *t, const struct eye_options *options,
                               const struct lamp_minute *minute, int64_t time_us);

/* lamp_test_step - the clock was set by @delta_us: what runs goes on as long as it would
 * have. */
void lamp_test_step(struct lamp_test *t, int64_t delta_us);

/* lamp_test_mean - of value @index over the measured minutes; NAN = unknown. */
double lamp_test_mean(const struct lamp_test *t, uint32_t index);

/* lamp_end_name - "occupied", "half-lit", … */
const char *lamp_end_name(enum lamp_end end);

#endif
