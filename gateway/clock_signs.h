/* clock_signs.h - by what one sees whether a machine that was started knows the time.
 *
 * A clock of before this software is wrong for certain (base/clock.h).  One that was made
 * up is plausible: a board without a battery for it goes on where it stood when it was
 * switched off, or at the day its image was built.  Thread: main. */
#ifndef CLOCK_SIGNS_H
#define CLOCK_SIGNS_H

#include <stdbool.h>
#include <stdint.h>

/* clock_signs
 * is_new_boot   the machine was started since the last run
 * was_doubted   and was_set since: of this boot, while it is none
 * is_followed   a time server is: base/time_server.h
 * is_awaited    one is waited for
 * has_battery   the machine has a clock of its own
 * now_us        what the clock says
 * known_us      what it said when it was last known to be right; 0 = nobody kept that */
struct clock_signs {
    bool is_new_boot;
    bool was_doubted;
    bool was_set;
    bool is_followed;
    bool is_awaited;
    bool has_battery;
    int64_t now_us;
    int64_t known_us;
};

/* clock_signs_look - what the machine says; the other members stay. */
void clock_signs_look(struct clock_signs *ret);

/* clock_signs_doubt - why nobody knows whether the clock is right, for the log; NULL:
 * there is no reason to doubt it. */
const char *clock_signs_doubt(const struct clock_signs *signs);

#endif
