/* quiet.h - the background noise of a room in which nobody is: the mean level of the last
 * minutes, if all of them were quiet ones.  Kept as it is.  Thread: the pipeline's. */
#ifndef EYE_HEALTH_QUIET_H
#define EYE_HEALTH_QUIET_H

#include <stdint.h>

enum { QUIET_MINUTES_MAX = 30 };

/* quiet - zero-initialise.
 * energy      of each minute in a row, 10^(L/10), the oldest first */
struct quiet {
    uint32_t count;
    uint32_t unused;
    double energy[QUIET_MINUTES_MAX];
};

/* quiet_energy - of a level in dB; quiet_level - back.  NAN stays NAN. */
double quiet_energy(double level);
double quiet_level(double energy);

/* quiet_minute - @energy of the minute, NAN: it was none of the kind, or not known.
 * minutes     so many in a row are asked for, 1..QUIET_MINUTES_MAX
 * returns     LAeq of them in dB, or NAN */
double quiet_minute(struct quiet *q, double energy, uint32_t minutes);

#endif
