#include "slice.h"

#include <math.h>
#include <stdlib.h>

void slice_add(struct slice *s, double people)
{
    if (s->count < SLICE_MINUTES_MAX)
        s->people[s->count++] = (uint16_t)fmin(fmax(0, people), UINT16_MAX);
}

double slice_median(const struct slice *s)
{
    double values[SLICE_MINUTES_MAX];
    for (uint32_t i = 0; i < s->count; i++)
        values[i] = s->people[i];
    return median_of(values, s->count);
}

uint32_t slice_at_least(const struct slice *s, double people)
{
    uint32_t minutes = 0;
    for (uint32_t i = 0; i < s->count; i++)
        minutes += s->people[i] >= people;
    return minutes;
}

uint32_t slice_at_most(const struct slice *s, double people)
{
    uint32_t minutes = 0;
    for (uint32_t i = 0; i < s->count; i++)
        minutes += s->people[i] <= people;
    return minutes;
}

static int by_value(const void *a, const void *b)
{
    double left = *(const double *)a;
    double right = *(const double *)b;
    return (left > right) - (left < right);
}

double median_of(double *values, uint32_t count)
{
    if (count == 0)
        return NAN;
    qsort(values, count, sizeof(*values), by_value);
    return (values[(count - 1) / 2] + values[count / 2]) / 2;
}

double quantile_of(double *values, uint32_t count, double share)
{
    if (count == 0)
        return NAN;
    qsort(values, count, sizeof(*values), by_value);
    double needed = ceil(share * count - 1e-9);
    uint32_t index = needed < 1 ? 0 : (uint32_t)needed - 1;
    return values[index < count ? index : count - 1];
}
