#include "input.h"

static const int64_t second_us = 1000000;

static unsigned edges_allowed(const struct input *in)
{
    return in->rule.is_counter ? INPUT_STORM_PULSE_EDGES : INPUT_STORM_EDGES;
}

void input_start(struct input *in, const struct input_rule *rule, bool level,
                 int64_t now_us)
{
    in->rule = *rule;
    in->raw = level;
    in->told = level;
    in->is_storm = false;
    in->due_us = INT64_MAX;
    in->last_us = now_us;
    in->window_us = now_us;
    in->edges = 0;
}

/* For how long @level must last before it counts. */
static int64_t hold_us(const struct input *in, bool level)
{
    int64_t hold = in->rule.is_leading ? 0 : in->rule.debounce_us;
    bool is_pulse = level == in->rule.active;
    return is_pulse && in->rule.min_pulse_us > hold ? in->rule.min_pulse_us : hold;
}

static size_t take_level(struct input *in, bool level, int64_t machine_us,
                         struct input_change *ret)
{
    in->told = level;
    in->due_us = in->rule.is_leading ? machine_us + in->rule.debounce_us : INT64_MAX;
    in->pulses += level == in->rule.active;
    *ret = (struct input_change){.level = level, .machine_us = machine_us};
    return 1;
}

/* The quiet after a leading edge, or the hold of a level, is over at @at_us. */
static size_t take_due(struct input *in, int64_t at_us, struct input_change *ret)
{
    in->due_us = INT64_MAX;
    return in->raw != in->told ? take_level(in, in->raw, at_us, ret) : 0;
}

static size_t expire(struct input *in, int64_t now_us, struct input_change *ret)
{
    return in->due_us <= now_us ? take_due(in, in->due_us, ret) : 0;
}

/* A level that moved: it counts now, or is held, or falls into the quiet. */
static size_t move(struct input *in, int64_t machine_us, struct input_change *ret)
{
    if (in->rule.is_leading && in->due_us != INT64_MAX)
        return 0;
    in->due_us = INT64_MAX;
    if (in->raw == in->told)
        return 0; /* back before the other level had lasted */
    int64_t hold = hold_us(in, in->raw);
    if (hold == 0)
        return take_level(in, in->raw, machine_us, ret);
    in->due_us = machine_us + hold;
    return 0;
}

/* A storm ends with a second that has no more edges than allowed; while it lasts, the
 * level of each second's end counts, or the state of a storming line would be unknown. */
static size_t close_window(struct input *in, int64_t now_us, struct input_change *ret)
{
    if (now_us - in->window_us < second_us)
        return 0;
    bool was_storm = in->is_storm;
    in->is_storm = in->edges > edges_allowed(in);
    in->window_us = now_us;
    in->edges = 0;
    return was_storm && in->raw != in->told && !in->rule.is_counter
               ? take_level(in, in->raw, now_us, ret)
               : 0;
}

size_t input_edge(struct input *in, bool level, int64_t machine_us,
                  struct input_change ret[INPUT_CHANGES_MAX])
{
    int64_t now_us = machine_us > in->last_us ? machine_us : in->last_us;
    in->last_us = now_us;
    if (level == in->raw)
        return 0;
    size_t n = in->is_storm ? 0 : expire(in, now_us, ret);
    n += close_window(in, now_us, ret + n);
    in->raw = level;
    in->edges++;
    if (in->edges > edges_allowed(in)) {
        in->is_storm = true;
        in->due_us = INT64_MAX;
    }
    if (in->is_storm) {
        in->suppressed++;
        return n;
    }
    return n + move(in, now_us, ret + n);
}

size_t input_time(struct input *in, int64_t now_us,
                  struct input_change ret[INPUT_CHANGES_MAX])
{
    size_t n = in->is_storm ? 0 : expire(in, now_us, ret);
    return n + (in->is_storm ? close_window(in, now_us, ret + n) : 0);
}

int64_t input_due(const struct input *in)
{
    return in->is_storm ? in->window_us + second_us : in->due_us;
}

bool input_is_deaf(const struct input *in)
{
    return in->is_storm && in->edges > edges_allowed(in);
}
