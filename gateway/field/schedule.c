#include "field/schedule.h"

#include "field/device.h"

enum { DEAD_SHARE = 25 /* one part in so many of the bus's time */ };

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

struct device *schedule_pick(const struct schedule *s, struct device *devices,
                             size_t count, int64_t *ret_due_us)
{
    struct device *first = NULL;
    int64_t first_us = INT64_MAX;
    int64_t probe_us = count_alive(devices, count) ? s->probe_earliest_us : 0;
    for (size_t i = 0; i < count; i++) {
        struct device *d = &devices[i];
        int64_t due_us = d->due_us;
        if (d->health == FIELD_OFFLINE && due_us < probe_us)
            due_us = probe_us;
        if (!d->is_unplanned && due_us < first_us) {
            first = d;
            first_us = due_us;
        }
    }
    *ret_due_us = first_us;
    return first;
}

void schedule_probed(struct schedule *s, int64_t spent_us, int64_t now_us)
{
    s->probe_earliest_us = now_us + spent_us * (DEAD_SHARE - 1);
}

void schedule_revive(struct device *devices, size_t count, int64_t now_us)
{
    for (size_t i = 0; i < count; i++)
        if (devices[i].health == FIELD_OFFLINE && devices[i].due_us > now_us)
            devices[i].due_us = now_us;
}
