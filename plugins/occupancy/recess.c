#include "recess.h"

#include <math.h>

void recess_begin(struct recess *r, double before, int64_t start_us)
{
    *r = (struct recess){.start_us = start_us, .before = before, .least = before};
}

void recess_minute(struct recess *r, double people, bool is_exempt)
{
    r->minutes++;
    r->is_exempt = r->is_exempt || is_exempt;
    if (isnan(people))
        return;
    r->good++;
    r->least = fmin(r->least, people);
}

bool recess_counts(const struct recess *r, double people)
{
    return r->start_us != 0 && r->minutes > 0 && !r->is_exempt && r->before >= people;
}

double recess_release(const struct recess *r, double valid)
{
    if (r->good < valid * r->minutes - 1e-9 || !(r->before > 0))
        return NAN;
    return 1 - r->least / r->before;
}
