/* flow.h - people a second, from totals that are told now and then.
 *
 * Those counted since the last total are spread over the time since then, and over the
 * window at least: a counter that reports each minute gives the minute's mean, one that
 * reports each step the mean of the window.  Thread: the pipeline's. */
#ifndef OCCUPANCY_FLOW_H
#define OCCUPANCY_FLOW_H

#include <stdint.h>

enum { FLOW_STEPS_MAX = 64 };

struct flow_step {
    double rate; /* people a second */
    int64_t until_us;
};

/* flow - zero-initialise. */
struct flow {
    struct flow_step steps[FLOW_STEPS_MAX];
    uint32_t count;
};

/* flow_add - @people passed in the @span_us until @time_us. */
void flow_add(struct flow *f, double people, int64_t span_us, int64_t window_us,
              int64_t time_us);

/* flow_rate - people a second at @time_us; what is over is forgotten. */
double flow_rate(struct flow *f, int64_t time_us);

/* flow_move - the clock was set by @delta_us: what flows ends as much later. */
void flow_move(struct flow *f, int64_t delta_us);

/* flow_next - when the rate changes next by itself; INT64_MAX = not. */
int64_t flow_next(const struct flow *f);

#endif
