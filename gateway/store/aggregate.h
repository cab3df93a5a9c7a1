/* aggregate.h - what a point's logged readings were over a span: a minute, a quarter of
 * an hour, a day.
 *
 * A good reading stands until the next one of its point, at most AGGREGATE_STANDS_MS: the
 * log leaves out what lies in the dead band and says it again after the longest silence.
 * So times are weights: the mean is over the time that a good value stood, and of a state
 * 0/1 it is the share that was 1.  A bad or uncertain reading ends the value before it.
 */
#ifndef STORE_AGGREGATE_H
#define STORE_AGGREGATE_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

/* Twice the longest silence of most metrics (etc/metrics.yaml). */
#define AGGREGATE_STANDS_MS (INT64_C(20) * 60000)

/* aggregate - of one span.
 * count      readings of the log, whatever their quality; of events, how many came
 * valid_ms   how long a good value stood
 * active_ms  of that, how long it was not zero: a state's time in all but its first
 * min, max   of good values that came or stood; NAN, with mean and last: there was none
 * mean       by time; kept to 1/255 of max - min, of longer spans to 1/65535
 * last       the newest of them
 * fall       by how much readings fell below the one before, in all; what a counter rose
 *            by is last - the last before the span + fall.  NAN = not kept: it fell more
 *            than once in an hour and is no counter */
struct aggregate {
    uint32_t count;
    uint32_t valid_ms;
    uint32_t active_ms;
    double min;
    double max;
    double mean;
    double last;
    double fall;
};

static inline struct aggregate aggregate_none(void)
{
    return (struct aggregate){
        .min = (double)NAN, .max = (double)NAN, .mean = (double)NAN, .last = (double)NAN};
}

static inline bool aggregate_has_value(const struct aggregate *a)
{
    return !isnan(a->last);
}

static inline bool aggregate_is_none(const struct aggregate *a)
{
    return a->count == 0 && !aggregate_has_value(a);
}

/* aggregate_add - @later, of a span behind @a's, becomes part of it. */
static inline void aggregate_add(struct aggregate *a, const struct aggregate *later)
{
    uint32_t valid_ms = a->valid_ms + later->valid_ms;
    a->count += later->count;
    a->active_ms += later->active_ms;
    a->fall += later->fall;
    if (aggregate_has_value(later)) {
        if (!aggregate_has_value(a))
            a->min = a->max = a->mean = later->mean;
        a->min = later->min < a->min ? later->min : a->min;
        a->max = later->max > a->max ? later->max : a->max;
        if (valid_ms > 0)
            a->mean += (later->mean - a->mean) * later->valid_ms / valid_ms;
        else
            a->mean = later->mean;
        a->last = later->last;
    }
    a->valid_ms = valid_ms;
}

#endif
