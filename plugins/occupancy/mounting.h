/* mounting.h - whether a line's in and out are mounted the wrong way round.
 *
 * A counter that is turned sees people leave before anybody came: the room's balance goes
 * deep below zero and would stay above it, were the line's directions exchanged.  A day
 * that says so is evidence; several in a row are named.  Never corrected in silence.
 * Thread: the pipeline's. */
#ifndef OCCUPANCY_MOUNTING_H
#define OCCUPANCY_MOUNTING_H

#include <stdbool.h>
#include <stdint.h>

/* mounting - of one line; zero-initialise.
 * passes        in less out through it since the room was zeroed
 * least, most   of the room's balance since then, had this line been turned
 * days          in a row that speak for it */
struct mounting {
    double passes;
    double least;
    double most;
    uint32_t days;
};

/* balance - of a room since it was zeroed. */
struct balance {
    double now;
    double least;
    double most;
};

/* mounting_step - the room's balance is @now after a pass somewhere. */
void mounting_step(struct mounting *m, double now);

/* mounting_no_day - the day that ends says nothing of how it hangs; the next begins. */
void mounting_no_day(struct mounting *m);

/* mounting_day - judges the day that ends with @room's zeroing, and begins the next.
 * people      so many below zero are evidence
 * returns     true when the day spoke for it */
bool mounting_day(struct mounting *m, const struct balance *room, double people);

#endif
