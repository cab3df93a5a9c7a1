#include "field/backoff.h"

#include <inttypes.h>
#include <stdio.h>

int64_t backoff_next(struct backoff *b, uint32_t dice)
{
    b->delay_us = b->delay_us ? 2 * b->delay_us : b->first_us;
    if (b->delay_us > b->limit_us)
        b->delay_us = b->limit_us;
    int64_t tenth = b->delay_us / 10;
    return b->delay_us - tenth + (int64_t)dice * 2 * tenth / UINT32_MAX;
}

void backoff_reset(struct backoff *b)
{
    b->delay_us = 0;
}

/* Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014. */
uint32_t dice_roll(uint64_t *state)
{
    uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return (uint32_t)((z ^ (z >> 31)) >> 32);
}

const char *duration_text(int64_t us, char ret[DURATION_TEXT_MAX])
{
    int64_t seconds = (us + 500000) / 1000000;
    if (us < 950000)
        (void)snprintf(ret, DURATION_TEXT_MAX, "%.1f s", (double)us / 1e6);
    else if (seconds < 120)
        (void)snprintf(ret, DURATION_TEXT_MAX, "%" PRId64 " s", seconds);
    else if (seconds < 7200)
        (void)snprintf(ret, DURATION_TEXT_MAX, "%" PRId64 " min", (seconds + 30) / 60);
    else
        (void)snprintf(ret, DURATION_TEXT_MAX, "%" PRId64 " h", (seconds + 1800) / 3600);
    return ret;
}
