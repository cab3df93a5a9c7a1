/* area_kept.c - areas and zones as bytes that come back after a restart. */
#include <string.h>

#include "area.h"

enum { KEPT_VERSION = 1 };

struct kept_area {
    uint32_t version;
    uint8_t is_by_hand, hand, hand_over, mode;
    uint8_t before, unused[7];
    int64_t hand_us, from_us, entry_us;
};

struct kept_zone {
    uint32_t version;
    uint8_t is_active, is_left_out, is_pending, is_held;
    int64_t bypass_us;
    char by[GW_ACTOR_MAX];
    char why[GW_COMMENT_MAX];
};

void area_save(struct defense *d, const struct area *a)
{
    const struct kept_area kept = {.version = KEPT_VERSION,
                                   .is_by_hand = a->is_by_hand,
                                   .hand = (uint8_t)a->hand,
                                   .hand_over = (uint8_t)a->hand_over,
                                   .mode = (uint8_t)a->mode,
                                   .before = (uint8_t)a->before,
                                   .hand_us = a->hand_us,
                                   .from_us = a->from_us,
                                   .entry_us = a->entry_us};
    state_save(d, "area", a->row->id, &kept, sizeof(kept));
}

void zone_save(struct defense *d, const struct zone *z)
{
    struct kept_zone kept = {.version = KEPT_VERSION,
                             .is_active = z->is_active,
                             .is_left_out = z->is_left_out,
                             .is_pending = z->is_pending,
                             .is_held = z->is_held,
                             .bypass_us = z->bypass_us};
    memcpy(kept.by, z->bypass_by, sizeof(kept.by));
    memcpy(kept.why, z->bypass_why, sizeof(kept.why));
    state_save(d, "zone", z->device, &kept, sizeof(kept));
}

static void load_area(struct defense *d, struct area *a)
{
    struct kept_area kept;
    if (!state_load(d, "area", a->row->id, &kept, sizeof(kept))
        || kept.version != KEPT_VERSION || kept.mode > ARM_AWAY || kept.before > ARM_AWAY
        || kept.hand > ARM_AWAY || kept.hand_over > ARM_AWAY)
        return;
    a->is_by_hand = kept.is_by_hand;
    a->hand = (enum arm_mode)kept.hand;
    a->hand_over = (enum arm_mode)kept.hand_over;
    a->by_calendar = a->hand_over;
    a->mode = (enum arm_mode)kept.mode;
    a->before = (enum arm_mode)kept.before;
    a->hand_us = kept.hand_us;
    a->from_us = kept.from_us;
    a->entry_us = kept.entry_us;
}

static void load_zone(struct defense *d, struct zone *z)
{
    struct kept_zone kept;
    if (!state_load(d, "zone", z->device, &kept, sizeof(kept))
        || kept.version != KEPT_VERSION || kept.by[GW_ACTOR_MAX - 1]
        || kept.why[GW_COMMENT_MAX - 1])
        return;
    z->is_active = kept.is_active;
    z->is_left_out = z->area && kept.is_left_out;
    z->is_pending = z->area && kept.is_pending;
    z->is_held = z->area && kept.is_held;
    z->bypass_us = kept.bypass_us;
    memcpy(z->bypass_by, kept.by, sizeof(kept.by));
    memcpy(z->bypass_why, kept.why, sizeof(kept.why));
}

void areas_restored(struct defense *d)
{
    for (size_t i = 0; i < d->areas->area_count; i++)
        load_area(d, &d->areas->areas[i]);
    for (size_t i = 0; i < d->areas->zone_count; i++)
        load_zone(d, &d->areas->zones[i]);
}

void areas_clock_step(struct defense *d, int64_t delta_us, int64_t time_us)
{
    (void)time_us;
    for (size_t i = 0; i < d->areas->area_count; i++) {
        struct area *a = &d->areas->areas[i];
        if (a->hand_us != GW_TIME_NONE)
            a->hand_us += delta_us;
        if (a->from_us != GW_TIME_NONE)
            a->from_us += delta_us;
        if (a->entry_us != GW_TIME_NONE)
            a->entry_us += delta_us;
        area_save(d, a);
    }
    for (size_t i = 0; i < d->areas->zone_count; i++) {
        struct zone *z = &d->areas->zones[i];
        if (z->bypass_us != GW_TIME_NONE) {
            z->bypass_us += delta_us;
            zone_save(d, z);
        }
    }
}
