#include "flow.h"

/* The longest silence that people are spread over. */
static const int64_t span_most_us = 600 * INT64_C(1000000);

static int64_t limited(int64_t span_us, int64_t window_us)
{
    if (span_us > span_most_us)
        span_us = span_most_us;
    return span_us > window_us ? span_us : window_us;
}

/* A full table: the two that end first become one, no sooner over than both. */
static void make_room(struct flow *f)
{
    uint32_t first = 0;
    for (uint32_t i = 1; i < f->count; i++)
        if (f->steps[i].until_us < f->steps[first].until_us)
            first = i;
    struct flow_step step = f->steps[first];
    f->steps[first] = f->steps[--f->count];
    uint32_t second = 0;
    for (uint32_t i = 1; i < f->count; i++)
        if (f->steps[i].until_us < f->steps[second].until_us)
            second = i;
    f->steps[second].rate += step.rate;
}

/* What is told in one message is over at once: fewer steps to keep with each total. */
static struct flow_step *step_until(struct flow *f, int64_t until_us)
{
    for (uint32_t i = 0; i < f->count; i++)
        if (f->steps[i].until_us == until_us)
            return &f->steps[i];
    if (f->count == FLOW_STEPS_MAX)
        make_room(f);
    struct flow_step *step = &f->steps[f->count++];
    *step = (struct flow_step){.until_us = until_us};
    return step;
}

void flow_add(struct flow *f, double people, int64_t span_us, int64_t window_us,
              int64_t time_us)
{
    int64_t spread_us = limited(span_us, window_us);
    if (people <= 0 || spread_us <= 0)
        return;
    struct flow_step *step = step_until(f, time_us + spread_us);
    step->rate += people * 1e6 / (double)spread_us;
}

double flow_rate(struct flow *f, int64_t time_us)
{
    double rate = 0;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < f->count; i++)
        if (f->steps[i].until_us > time_us) {
            rate += f->steps[i].rate;
            f->steps[kept++] = f->steps[i];
        }
    f->count = kept;
    return rate;
}

int64_t flow_next(const struct flow *f)
{
    int64_t next_us = INT64_MAX;
    for (uint32_t i = 0; i < f->count; i++)
        if (f->steps[i].until_us < next_us)
            next_us = f->steps[i].until_us;
    return next_us;
}

void flow_move(struct flow *f, int64_t delta_us)
{
    for (uint32_t i = 0; i < f->count; i++)
        f->steps[i].until_us += delta_us;
}
