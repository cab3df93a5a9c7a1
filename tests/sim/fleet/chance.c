#include "chance.h"

/* Steele, Lea, Flood: Fast splittable pseudorandom number generators (2014), SplitMix64.
 */
static uint64_t finish(uint64_t z)
{
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static const uint64_t golden = UINT64_C(0x9e3779b97f4a7c15);

uint64_t chance_mix(uint64_t a, uint64_t b)
{
    return finish(finish(a + golden) + b);
}

uint64_t chance_next(uint64_t *state)
{
    *state += golden;
    return finish(*state);
}

double chance_share(uint64_t *state)
{
    return (double)(chance_next(state) >> 11) / 9007199254740992.0;
}
