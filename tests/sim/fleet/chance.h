/* chance.h - numbers that look random and are the same for the same seed. */
#ifndef FLEET_CHANCE_H
#define FLEET_CHANCE_H

#include <stdint.h>

/* chance_mix - one number of two: any change of either changes all of it. */
uint64_t chance_mix(uint64_t a, uint64_t b);

/* chance_next - the next number of @state; chance_share - the same as 0 ≤ x < 1. */
uint64_t chance_next(uint64_t *state);
double chance_share(uint64_t *state);

#endif
