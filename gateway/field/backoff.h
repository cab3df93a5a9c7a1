/* backoff.h - delays between tries that double up to a limit, with jitter.
 *
 * A plain value; time and dice are arguments.  Thread: one owner.
 */
#ifndef FIELD_BACKOFF_H
#define FIELD_BACKOFF_H

#include <stddef.h>
#include <stdint.h>

struct backoff {
    int64_t first_us;
    int64_t limit_us;
    int64_t delay_us; /* of the last try; 0 = none yet */
};

/* backoff_next - the delay before the next try: first_us, then twice the last one up to
 * limit_us, each ±10 % as @dice (0..UINT32_MAX) falls. */
int64_t backoff_next(struct backoff *b, uint32_t dice);

void backoff_reset(struct backoff *b);

/* dice_roll - the next number of a splitmix64 sequence; spreads gateways and buses that
 * fail together.  Not for secrets. */
uint32_t dice_roll(uint64_t *state);

/* duration_text - "0.5 s", "8 s", "3 min", "2 h": for a person, not exact. */
enum { DURATION_TEXT_MAX = 24 };
const char *duration_text(int64_t us, char ret[DURATION_TEXT_MAX]);

#endif
