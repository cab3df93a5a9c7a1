#include "quiet.h"

#include <math.h>
#include <string.h>

double quiet_energy(double level)
{
    return pow(10, level / 10);
}

double quiet_level(double energy)
{
    return 10 * log10(energy);
}

static void add(struct quiet *q, double energy)
{
    if (q->count == QUIET_MINUTES_MAX) {
        memmove(q->energy, q->energy + 1, sizeof(q->energy) - sizeof(q->energy[0]));
        q->count--;
    }
    q->energy[q->count++] = energy;
}

double quiet_minute(struct quiet *q, double energy, uint32_t minutes)
{
    double sum = 0;
    if (isnan(energy)) {
        *q = (struct quiet){0};
        return NAN;
    }
    add(q, energy);
    if (q->count < minutes)
        return NAN;
    for (uint32_t i = q->count - minutes; i < q->count; i++)
        sum += q->energy[i];
    return quiet_level(sum / minutes);
}
