#include "tour.h"

#include "gw/types.h"

void tour_begin(struct tour *t, size_t point_count, int64_t within_us)
{
    *t = (struct tour){
        .point_count = point_count, .within_us = within_us, .last_us = GW_TIME_NONE};
    for (size_t i = 0; i < TOUR_POINTS_MAX; i++)
        t->read_us[i] = GW_TIME_NONE;
}

bool tour_expire(struct tour *t, int64_t time_us)
{
    bool has_expired = false;
    bool has_reads = false;
    for (size_t i = 0; i < t->point_count; i++) {
        if (t->read_us[i] == GW_TIME_NONE)
            continue;
        if (time_us - t->read_us[i] > t->within_us) {
            t->read_us[i] = GW_TIME_NONE;
            has_expired = true;
        } else {
            has_reads = true;
        }
    }
    bool breaks = has_expired && !t->is_broken;
    t->broken += breaks;
    t->is_broken = has_reads && (t->is_broken || has_expired);
    return breaks;
}

static bool is_whole(const struct tour *t)
{
    for (size_t i = 0; i < t->point_count; i++)
        if (t->read_us[i] == GW_TIME_NONE)
            return false;
    return t->point_count > 0;
}

static bool is_in_order(const struct tour *t)
{
    for (size_t i = 1; i < t->point_count; i++)
        if (t->read_us[i] < t->read_us[i - 1])
            return false;
    return true;
}

bool tour_read(struct tour *t, size_t index, int64_t time_us)
{
    (void)tour_expire(t, time_us);
    t->read_us[index] = time_us;
    if (!is_whole(t))
        return false;
    bool in_order = is_in_order(t);
    bool is_round = in_order || !t->is_ordered;
    t->disordered += !in_order;
    t->rounds += is_round;
    t->last_us = is_round ? time_us : t->last_us;
    t->is_broken = false;
    for (size_t i = 0; i < t->point_count; i++)
        t->read_us[i] = GW_TIME_NONE;
    return is_round;
}

void tour_step(struct tour *t, int64_t delta_us)
{
    for (size_t i = 0; i < t->point_count; i++)
        if (t->read_us[i] != GW_TIME_NONE)
            t->read_us[i] += delta_us;
}
