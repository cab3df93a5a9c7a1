/* clock_kept.h - where the wall clock stood against machine time, kept over a restart.
 *
 * Holds and shelvings are kept by school time.  When the clock is set while the daemon is
 * down, they would end at once or never; but in the same boot machine time goes on and
 * tells by how much it was set.  Thread: main.
 */
#ifndef CLOCK_KEPT_H
#define CLOCK_KEPT_H

#include <stdbool.h>

#include "base/clock.h"
#include "gw/record.h"

/* clock_kept - the bytes are the kept form; earlier ones end behind the boot.
 * ahead_us    school time less machine time of this boot; 0 = not known
 * known_us    the last school time that was kept and known to be right; 0 = none
 * is_doubted  nobody knew since this boot began: see clock_doubt() */
struct clock_kept {
    int64_t ahead_us;
    char boot[GW_BOOT_MAX];
    int64_t known_us;
    int64_t is_doubted;
};

/* clock_kept_state - to be kept; its bytes are @kept's. */
struct gw_state clock_kept_state(const struct clock_kept *kept);

/* clock_kept_read - false: @state is somebody else's, or of no use. */
bool clock_kept_read(const struct gw_state *state, struct clock_kept *ret);

/* clock_kept_moved - by how much the clock was set since @before; 0 for less than
 * CLOCK_STEP_US, and when @now is of another boot, where nobody can tell. */
int64_t clock_kept_moved(const struct clock_kept *before, const struct clock_kept *now);

#endif
