/* rule_hold.h - a time for which something must stand; unknown stops the watch.
 * Thread: the pipeline's. */
#ifndef RULES_RULE_HOLD_H
#define RULES_RULE_HOLD_H

#include <stdbool.h>
#include <stdint.h>

/* rule_hold -
 * held_us     gathered before since_us
 * since_us    running since; GW_TIME_NONE = stopped */
struct rule_hold {
    int64_t held_us;
    int64_t since_us;
};

void rule_hold_begin_anew(struct rule_hold *h);
void rule_hold_run(struct rule_hold *h, int64_t time_us);
void rule_hold_stop(struct rule_hold *h, int64_t time_us);
void rule_hold_shift(struct rule_hold *h, int64_t delta_us); /* the clock was set */
int64_t rule_hold_elapsed(const struct rule_hold *h, int64_t time_us);
bool rule_hold_is_same(const struct rule_hold *a, const struct rule_hold *b);

#endif
