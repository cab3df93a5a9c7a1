/* held.h - a value that holds until the next one, told minute by minute.
 *
 * A sensor that reports often and one that reports only what changes give the same
 * minute.  Thread: the pipeline's. */
#ifndef EYE_HEALTH_HELD_H
#define EYE_HEALTH_HELD_H

#include <stdbool.h>
#include <stdint.h>

/* held - start with held_nothing.
 * value       since since_us; NAN while nobody knows
 * sum         of the running minute, value times microseconds
 * known_us    of it with a value
 * least, most of it */
struct held {
    double value;
    int64_t since_us;
    double sum;
    double known_us;
    double least;
    double most;
};

extern const struct held held_nothing;

/* held_minute - NAN throughout when too little of it is known.
 * mean        over time */
struct held_minute {
    double mean;
    double least;
    double most;
};

/* held_take - from @time_us on it is @value; false when it is so already.
 * from_us     when the running minute began */
bool held_take(struct held *h, double value, int64_t from_us, int64_t time_us);

/* held_step - the clock was set by @delta_us: what stood, stood as long as it did. */
void held_step(struct held *h, int64_t delta_us);

/* held_end - the minute from @from_us to @time_us; the next begins with what stands.
 * valid       share of the minute that must be known, 0..1 */
struct held_minute held_end(struct held *h, double valid, int64_t from_us,
                            int64_t time_us);

#endif
