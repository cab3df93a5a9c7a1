/* minute.h - the people a region sensor saw during a minute: their median over time.
 *
 * A sensor that reports at a fixed pace gives the median of its samples; one that reports
 * only what changes is not misread for being quiet.  Thread: the pipeline's. */
#ifndef OCCUPANCY_MINUTE_H
#define OCCUPANCY_MINUTE_H

#include <stddef.h>
#include <stdint.h>

enum { MINUTE_PIECES_MAX = 24 };

/* minute_piece - a value that stood for so long; NAN while the sensor was bad. */
struct minute_piece {
    double people;
    int64_t span_us;
};

/* minute - of the one that runs; zero-initialise and minute_hold() the first value.
 * since_us    people stand since then */
struct minute {
    double people;
    int64_t since_us;
    struct minute_piece pieces[MINUTE_PIECES_MAX];
    uint32_t count;
};

/* minute_hold - from @time_us on there are @people; NAN: nobody knows. */
void minute_hold(struct minute *m, double people, int64_t time_us);

/* minute_step - the clock was set by @delta_us: what stands, stood as long as it did. */
void minute_step(struct minute *m, int64_t delta_us);

/* minute_end - the minute that ends at @time_us; the next begins with what stands.
 * valid       share of the minute that must be known, 0..1
 * length_us   of the minute: the first after the clock was set has 30 to 90 s
 * returns     the median, or NAN */
double minute_end(struct minute *m, double valid, int64_t length_us, int64_t time_us);

#endif
