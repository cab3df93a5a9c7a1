/* lesson_run.h - the minutes of a lesson in a room that comply, and of how many that is
 * known.  Kept as it is.  Thread: the pipeline's. */
#ifndef EYE_HEALTH_LESSON_RUN_H
#define EYE_HEALTH_LESSON_RUN_H

#include <stdbool.h>
#include <stdint.h>

#include "options.h"

enum lesson_quantity { LESSON_LIGHT, LESSON_CO2, LESSON_TEMPERATURE, LESSON_QUANTITIES };

/* lesson_minute - means of a minute; NAN = unknown.
 * has         the room has sensors for it, and a limit is set */
struct lesson_minute {
    bool is_in_use;
    bool is_projecting;
    bool is_indicative; /* its light sensors lack a calibration */
    double values[LESSON_QUANTITIES];
    bool has[LESSON_QUANTITIES];
};

/* lesson_run - zero-initialise; start_us 0: none runs.
 * minutes     of its middle that were seen
 * used        of them, in which the room was in use
 * projecting  of those, when the desks may be darker */
struct lesson_run {
    int64_t start_us;
    uint32_t minutes;
    uint32_t used;
    uint32_t projecting;
    uint32_t known[LESSON_QUANTITIES];
    uint32_t compliant[LESSON_QUANTITIES];
    uint8_t has[LESSON_QUANTITIES];
    uint8_t is_indicative;
    uint8_t is_told;
    uint8_t unused[3];
};

/* lesson_tally - the lessons of a day.
 * known, due  minutes, all quantities together */
struct lesson_tally {
    uint32_t lessons;
    uint32_t judged[LESSON_QUANTITIES];
    uint32_t compliant[LESSON_QUANTITIES];
    uint32_t known;
    uint32_t due;
};

void lesson_run_add(struct lesson_run *run, const struct eye_options *options,
                    const struct lesson_minute *minute);

/* lesson_run_due - minutes that should be known of each quantity: the middle's @minutes
 * less those in which nobody was there. */
uint32_t lesson_run_due(const struct lesson_run *run, uint32_t minutes);

/* lesson_run_completeness - of all quantities that the room has, 0..1. */
double lesson_run_completeness(const struct lesson_run *run, uint32_t minutes);

/* lesson_run_count - the lesson goes into the day: a quantity is judged when enough of
 * its minutes are known, and complies when enough of those do. */
void lesson_run_count(const struct lesson_run *run, const struct eye_options *options,
                      uint32_t minutes, struct lesson_tally *day);

/* lesson_tally_add - @other's lessons, too. */
void lesson_tally_add(struct lesson_tally *t, const struct lesson_tally *other);

/* lesson_tally_share - of the judged lessons; NAN of none. */
double lesson_tally_share(const struct lesson_tally *t, enum lesson_quantity quantity);
double lesson_tally_completeness(const struct lesson_tally *t);

#endif
