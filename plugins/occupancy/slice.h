/* slice.h - the people of a stretch of minutes, such as the middle of a lesson.
 * Thread: the pipeline's. */
#ifndef OCCUPANCY_SLICE_H
#define OCCUPANCY_SLICE_H

#include <stdint.h>

enum { SLICE_MINUTES_MAX = 180 };

/* slice - good minutes only; zero-initialise. */
struct slice {
    uint32_t count;
    uint16_t people[SLICE_MINUTES_MAX];
};

void slice_add(struct slice *s, double people);

/* slice_median - NAN of no minutes; between two, their mean. */
double slice_median(const struct slice *s);

/* slice_at_least, slice_at_most - how many of its minutes had so many. */
uint32_t slice_at_least(const struct slice *s, double people);
uint32_t slice_at_most(const struct slice *s, double people);

/* median_of - of @count numbers, which it sorts; NAN of none.
 * quantile_of - the one that at least @share of them do not exceed. */
double median_of(double *values, uint32_t count);
double quantile_of(double *values, uint32_t count, double share);

#endif
