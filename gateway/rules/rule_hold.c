#include "rules/rule_hold.h"

#include "gw/types.h"

void rule_hold_begin_anew(struct rule_hold *h)
{
    h->held_us = 0;
    h->since_us = GW_TIME_NONE;
}

void rule_hold_run(struct rule_hold *h, int64_t time_us)
{
    if (h->since_us == GW_TIME_NONE)
        h->since_us = time_us;
}

void rule_hold_stop(struct rule_hold *h, int64_t time_us)
{
    if (h->since_us != GW_TIME_NONE)
        h->held_us += time_us - h->since_us;
    h->since_us = GW_TIME_NONE;
}

void rule_hold_shift(struct rule_hold *h, int64_t delta_us)
{
    if (h->since_us != GW_TIME_NONE)
        h->since_us += delta_us;
}

int64_t rule_hold_elapsed(const struct rule_hold *h, int64_t time_us)
{
    return h->held_us + (h->since_us == GW_TIME_NONE ? 0 : time_us - h->since_us);
}

bool rule_hold_is_same(const struct rule_hold *a, const struct rule_hold *b)
{
    return a->held_us == b->held_us && a->since_us == b->since_us;
}
