#include "field/schedule.h"

#include "config/config.h"
#include "field/device.h"

static const int64_t spread_limit_us = INT64_C(10) * 1000000;

int64_t schedule_first(int64_t now_us, int64_t period_us, size_t index, size_t count)
{
    int64_t spread = period_us < spread_limit_us ? period_us : spread_limit_us;
    return now_us + spread * (int64_t)index / (int64_t)count;
}

int64_t schedule_after(int64_t phase_us, int64_t period_us, int64_t now_us)
{
    if (now_us < phase_us)
        return phase_us;
    return phase_us + ((now_us - phase_us) / period_us + 1) * period_us;
}

static size_t count_alive(const struct device *devices, size_t count)
{
    size_t alive = 0;
    for (size_t i = 0; i < count; i++)
        alive += !devices[i].is_unplanned && devices[i].health != FIELD_OFFLINE;
    return alive;
}

/* How a device stands in the queue: what is smaller comes first. */
struct turn {
    int64_t due_us;
    int64_t deadline_us;
    bool is_due;
    bool is_urgent;
};

static struct turn turn_of(const struct device *d, int64_t probe_us, int64_t now_us)
{
    bool is_dead = d->health == FIELD_OFFLINE;
    struct turn t = {.due_us = d->due_us, .deadline_us = device_deadline(d)};
    if (is_dead && t.due_us < probe_us)
        t.due_us = probe_us;
    t.is_due = t.due_us <= now_us;
    t.is_urgent = (d->is_urgent && !is_dead) || t.deadline_us <= now_us;
    return t;
}

static bool comes_first(const struct turn *a, const struct turn *b)
{
    if (a->is_due != b->is_due)
        return a->is_due;
    if (!a->is_due)
        return a->due_us < b->due_us;
    if (a->is_urgent != b->is_urgent)
        return a->is_urgent;
    return a->deadline_us < b->deadline_us;
}

struct device *schedule_pick(const struct schedule *s, struct device *devices,
                             size_t count, int64_t now_us, int64_t *ret_due_us)
{
    struct device *first = NULL;
    struct turn best = {.due_us = INT64_MAX};
    int64_t probe_us = count_alive(devices, count) ? s->probe_earliest_us : 0;
    for (size_t i = 0; i < count; i++) {
        struct turn turn = turn_of(&devices[i], probe_us, now_us);
        if (devices[i].is_unplanned || (first && !comes_first(&turn, &best)))
            continue;
        first = &devices[i];
        best = turn;
    }
    *ret_due_us = best.due_us;
    return first;
}

void schedule_probed(struct schedule *s, int64_t spent_us, int64_t now_us)
{
    s->probe_earliest_us = now_us + spent_us * (CONFIG_DEAD_PART - 1);
}

void schedule_revive(struct device *devices, size_t count, int64_t now_us)
{
    for (size_t i = 0; i < count; i++)
        if (devices[i].health == FIELD_OFFLINE && devices[i].due_us > now_us)
            devices[i].due_us = now_us;
}
