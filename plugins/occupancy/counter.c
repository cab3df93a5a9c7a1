#include "counter.h"

#include <math.h>

/* Engineering choices: no standard says how a counter of people may fall.
 * MOST_BETWEEN   people between two totals at a roll-over, a school's worth
 * NEAR_ZERO      people that a restarted device may have counted before it reports */
enum { MOST_BETWEEN = 2000, NEAR_ZERO = 50 };

static bool is_roll_over(double wrapped, uint32_t width)
{
    return width > 0 && wrapped >= 0 && wrapped <= MOST_BETWEEN;
}

static double fall(struct counter *c, double total, uint32_t width)
{
    double wrapped = total + ldexp(1, (int)width) - c->total;
    if (is_roll_over(wrapped, width)) {
        c->has_fallen = false;
        return wrapped;
    }
    c->fallen_from = c->total;
    c->has_fallen = true;
    bool is_restart = total <= NEAR_ZERO && total < c->total / 2;
    c->is_backwards = !is_restart;
    return is_restart ? total : 0;
}

static bool is_stumble_over(const struct counter *c, double total)
{
    return c->has_fallen && total - c->total > NEAR_ZERO && total >= c->fallen_from
           && total - c->fallen_from <= NEAR_ZERO;
}

static double rise(struct counter *c, double total)
{
    if (!is_stumble_over(c, total))
        return total - c->total;
    c->has_fallen = false;
    return total - c->fallen_from;
}

double counter_advance(struct counter *c, double total, uint32_t width)
{
    double delta = 0;
    if (total > c->total)
        c->is_backwards = false;
    if (c->has_total && total < c->total)
        delta = fall(c, total, width);
    else if (c->has_total)
        delta = rise(c, total);
    c->total = total;
    c->has_total = true;
    return delta;
}
