/* counter.h - how many went by, from a total that rolls over, resets or stumbles.
 *
 * Never negative.  Thread: the pipeline's.
 */
#ifndef OCCUPANCY_COUNTER_H
#define OCCUPANCY_COUNTER_H

#include <stdbool.h>
#include <stdint.h>

/* counter - zero-initialise.
 * total       last one seen
 * fallen_from the total before an unexplained fall, until it is clear what it was
 * is_backwards  it fell by no roll-over and no restart, and has not risen since */
struct counter {
    double total;
    double fallen_from;
    bool has_total;
    bool has_fallen;
    bool is_backwards;
};

/* counter_advance - people since the last total; 0 for the first, which is the base.
 *
 * A fall is a roll-over where @width bits allow it and few enough went by; a restart of
 * the device where the new total is near zero (it counts); else nothing went by.  A total
 * that jumps back to where it fell from was a stumble.
 * width   bits of the total before it rolls over, 0 = it does not */
double counter_advance(struct counter *c, double total, uint32_t width);

#endif
