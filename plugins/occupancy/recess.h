/* recess.h - did the class leave its room at recess?
 *
 * The release is the share of those in the room at the lesson's end who had left when it
 * was emptiest.  Thread: the pipeline's. */
#ifndef OCCUPANCY_RECESS_H
#define OCCUPANCY_RECESS_H

#include <stdbool.h>
#include <stdint.h>

/* recess - the one that runs; zero-initialise.
 * start_us    0: none
 * before      people at the end of the lesson before it; NAN = unknown
 * is_exempt   rain or pollution at some minute of it */
struct recess {
    int64_t start_us;
    double before;
    double least;
    uint32_t minutes;
    uint32_t good;
    bool is_exempt;
};

void recess_begin(struct recess *r, double before, int64_t start_us);

/* recess_minute - @people NAN: not good. */
void recess_minute(struct recess *r, double people, bool is_exempt);

/* recess_counts - there was a class to be let out, and it could have been.
 * people      fewer at the lesson's end are no class */
bool recess_counts(const struct recess *r, double people);

/* recess_release - 0..1; NAN when less than @valid of its minutes were good. */
double recess_release(const struct recess *r, double valid);

#endif
