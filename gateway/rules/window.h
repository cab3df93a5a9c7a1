/* window.h - the last minutes of one point, weighed by time.
 *
 * A value holds until the next reading or until it goes bad.  A window keeps at most
 * WINDOW_READINGS_MAX of them; what is older counts as not seen, which the share of
 * valid time then tells.  Thread: one owner.
 */
#ifndef RULES_WINDOW_H
#define RULES_WINDOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { WINDOW_READINGS_MAX = 4096 };

/* window_function
 * MEAN    over time
 * MIN MAX of what held at any moment of it
 * LAST    the newest good value, also when the point has gone bad since
 * COUNT   good readings in it
 * DELTA   newest less oldest good value
 * SHARE   of the time in which the value was on: not 0, or above a threshold
 * DURATION  in minutes, of the same
 * MEDIAN  the least value that held, or less did, for half of the good time
 * CHANGES how often the value differed from the good one before it */
enum window_function {
    WINDOW_MEAN,
    WINDOW_MIN,
    WINDOW_MAX,
    WINDOW_LAST,
    WINDOW_COUNT,
    WINDOW_DELTA,
    WINDOW_SHARE,
    WINDOW_DURATION,
    WINDOW_MEDIAN,
    WINDOW_CHANGES,
    WINDOW_FUNCTIONS
};

struct window;

/* window_new - @span_us kept back from the newest reading; 0 = until window_value() is
 * asked for a later start. */
int window_new(int64_t span_us, struct window **ret);
struct window *window_free(struct window *w);

/* window_push - a reading at @time_us; NAN = not good from here on.  A time before the
 * last one (the clock was set back) empties it first.
 * returns 0 or -ENOMEM (the reading is not in it) */
int window_push(struct window *w, int64_t time_us, double value);

/* window_is_bad - the newest reading in it is not good. */
bool window_is_bad(const struct window *w);

/* window_value - of (@from_us, @to_us]; forgets what lies before.
 * @valid: share of that time with a good value, below which the answer is NAN; LAST and
 * COUNT do not ask for it.  @above: of SHARE and DURATION; NAN = not 0. */
double window_value(struct window *w, enum window_function function, int64_t from_us,
                    int64_t to_us, double valid, double above);

/* window_shift - the clock was set by @delta_us: what it holds keeps its age. */
void window_shift(struct window *w, int64_t delta_us);

size_t window_length(const struct window *w);

#endif
