/* input.h - what the edges of one input line mean: bounce, pulses, storms.
 *
 * Pure: time is an argument, machine time in microseconds, as the kernel stamped the
 * edge; so a bus that comes late judges as one that came at once.  An edge that does not
 * change the level (the kernel reads it a moment after the edge) is none.  Thread: the
 * bus.
 */
#ifndef GPIO_INPUT_H
#define GPIO_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* More edges in one second are a storm: a loose wire, a lamp's cable beside it, a contact
 * that burns.  A hand presses some five times a second and each press bounces some ten
 * times, so 200 is beyond any contact at work.  Counters: a water meter's sensor gives
 * 225 pulses, 450 edges, a second at its full 30 l/min (source: data sheet of YF-S201, f
 * = 7.5 Hz per l/min); 4,000 leave room for eight times that. */
enum { INPUT_STORM_EDGES = 200, INPUT_STORM_PULSE_EDGES = 4000, INPUT_CHANGES_MAX = 2 };

/* input_rule - how a line is judged.
 * active       the level of a pulse, of a contact that is not at rest
 * debounce_us  LATE: a level counts once it lasted so long; LEADING: the first edge
 * counts at once, then nothing for so long, then the level that is there min_pulse_us the
 * active level counts once it lasted so long is_counter   pulses are counted instead of
 * levels told */
struct input_rule {
    bool active;
    bool is_leading;
    bool is_counter;
    int64_t debounce_us;
    int64_t min_pulse_us;
};

/* input - zero-initialise, then input_start().
 * raw         the wire's level after the last edge
 * told        the level that counts
 * due_us      LATE: @raw counts then; LEADING: the quiet ends then; INT64_MAX = neither
 * last_us     time of the last edge: time does not go back
 * window_us   begin of the second in which edges are counted
 * pulses      active levels that counted, for life
 * suppressed  edges of storms, neither told nor counted, for life */
struct input {
    struct input_rule rule;
    bool raw;
    bool told;
    bool is_storm;
    int64_t due_us;
    int64_t last_us;
    int64_t window_us;
    unsigned edges;
    uint64_t pulses;
    uint64_t suppressed;
};

/* input_change - a level that counts now, since @machine_us. */
struct input_change {
    bool level;
    int64_t machine_us;
};

/* input_start - @level was found on the wire: it counts.  Pulses stay as they were. */
void input_start(struct input *in, const struct input_rule *rule, bool level,
                 int64_t now_us);

/* input_edge - the line went to @level; also for a level that was read.
 * returns  how many changes of the level that counts it brought, in @ret */
size_t input_edge(struct input *in, bool level, int64_t machine_us,
                  struct input_change ret[INPUT_CHANGES_MAX]);

/* input_time - what became due up to @now_us; call it only when no edge waits. */
size_t input_time(struct input *in, int64_t now_us,
                  struct input_change ret[INPUT_CHANGES_MAX]);

/* input_due - when input_time() is to be called, INT64_MAX = never. */
int64_t input_due(const struct input *in);

/* input_is_deaf - this second had its edges: no more is taken before input_due(). */
bool input_is_deaf(const struct input *in);

#endif
