/* area.c - arming: calendar, hand, delays; pure, the time is an argument. */
#include "area.h"

#include <string.h>

#define AREA(field) offsetof(struct area_row, field)
const struct gw_option area_options[] = {
    {.name = "id",
     .type = GW_OPT_ID,
     .offset = AREA(id),
     .required = true,
     .help = "the area's name"},
    {.name = "title", .type = GW_OPT_TEXT, .offset = AREA(title), .help = "for people"},
    {.name = "zones",
     .type = GW_OPT_STRINGS,
     .offset = AREA(zones),
     .required = true,
     .help = "devices, by name or pattern (fence-*): contacts, beams, movement"},
    {.name = "interior",
     .type = GW_OPT_STRINGS,
     .offset = AREA(interior),
     .help = "those of them that are not armed while people stay"},
    {.name = "delayed",
     .type = GW_OPT_STRINGS,
     .offset = AREA(delayed),
     .help = "those of them on the way to where one disarms: they begin the entry delay"},
    {.name = "away",
     .type = GW_OPT_STRINGS,
     .offset = AREA(away),
     .help =
         "phases in which it is armed; closed and holiday unless away or stay is said"},
    {.name = "stay",
     .type = GW_OPT_STRINGS,
     .offset = AREA(stay),
     .help = "phases in which all but the interior is armed, such as boarding_night"},
    {.name = "by_hand",
     .type = GW_OPT_BOOL,
     .offset = AREA(is_by_hand),
     .fallback = "false",
     .help = "true: the calendar arms nothing"},
    {.name = "entry_delay",
     .type = GW_OPT_DURATION,
     .offset = AREA(entry_us),
     .max = 300e6,
     .fallback = "30s",
     .help = "from a delayed zone to the alarm"},
    {.name = "exit_delay",
     .type = GW_OPT_DURATION,
     .offset = AREA(exit_us),
     .max = 3600e6,
     .fallback = "60s",
     .help = "from arming until it watches"},
    {0},
};

const char *arm_mode_name(enum arm_mode mode)
{
    static const char *const names[] = {
        [ARM_DISARMED] = "disarmed", [ARM_STAY] = "stay", [ARM_AWAY] = "away"};
    return names[mode];
}

static bool names_phase(const struct gw_strings *phases, const char *name)
{
    for (size_t i = 0; i < phases->count; i++)
        if (strcmp(phases->items[i], name) == 0)
            return true;
    return false;
}

/* A gap between two bells is closed as well; nobody arms a school for ten minutes. */
static bool is_night(const struct gw_campus *campus, const struct gw_phase *phase)
{
    return gw_campus_midnight(campus, phase->start_us)
           != gw_campus_midnight(campus, phase->end_us - 1);
}

static enum arm_mode wanted_in(const struct area_row *row, const struct gw_campus *campus,
                               struct gw_phase phase)
{
    const char *name = gw_phase_name(phase.kind);
    if (row->is_by_hand || (phase.kind == GW_PHASE_CLOSED && !is_night(campus, &phase)))
        return ARM_DISARMED;
    if (row->away.count == 0 && row->stay.count == 0)
        return phase.kind == GW_PHASE_CLOSED || phase.kind == GW_PHASE_HOLIDAY
                   ? ARM_AWAY
                   : ARM_DISARMED;
    if (names_phase(&row->away, name))
        return ARM_AWAY;
    return names_phase(&row->stay, name) ? ARM_STAY : ARM_DISARMED;
}

/* The pupils of one stage are still there when those of another have gone. */
enum arm_mode area_wanted(const struct area_row *row, const struct gw_campus *campus,
                          int64_t time_us)
{
    const uint32_t stages = gw_campus_stages(campus);
    enum arm_mode least = ARM_AWAY;
    for (int stage = 0; stage < GW_STAGES; stage++) {
        if (!(stages >> stage & 1))
            continue;
        enum arm_mode wanted = wanted_in(
            row, campus, gw_campus_stage_phase(campus, (enum gw_stage)stage, time_us));
        least = wanted < least ? wanted : least;
    }
    return least;
}

enum arm_mode area_in_force(const struct area *a, int64_t time_us)
{
    return time_us >= a->from_us ? a->mode : a->before;
}

bool zone_is_covered(const struct zone *z, enum arm_mode mode)
{
    return mode == ARM_AWAY || (mode == ARM_STAY && !z->is_interior);
}

bool zone_is_armed(const struct zone *z, int64_t time_us)
{
    if (z->bypass_us != GW_TIME_NONE || z->is_left_out)
        return false;
    return !z->area || zone_is_covered(z, area_in_force(z->area, time_us));
}

bool zone_intrudes(const struct zone *z, int64_t time_us)
{
    if (z->is_perimeter || !zone_is_armed(z, time_us))
        return false;
    return z->is_held || (z->is_active && !z->is_pending);
}

static bool is_alarmed(const struct areas *all, const struct area *a)
{
    for (size_t i = 0; i < all->zone_count; i++)
        if (all->zones[i].area == a && all->zones[i].is_held)
            return true;
    return false;
}

/* Who opens the door has time to disarm; also for the rooms behind it, but only then. */
static bool waits(struct zone *z, const struct areas *all, int64_t time_us)
{
    struct area *a = z->area;
    if (!a || !zone_is_armed(z, time_us) || is_alarmed(all, a))
        return false;
    if (z->is_delayed && a->entry_us == GW_TIME_NONE && a->row->entry_us > 0)
        a->entry_us = time_us + a->row->entry_us;
    return a->entry_us != GW_TIME_NONE && (z->is_delayed || z->is_interior);
}

void zone_turn(struct zone *z, const struct areas *all, bool is_active, int64_t time_us)
{
    if (!is_active)
        z->is_left_out = false;
    else if (!z->is_active && !z->is_perimeter && waits(z, all, time_us))
        z->is_pending = true;
    z->is_active = is_active;
}

/* What is open when the delay ends cannot be watched before it was shut. */
static void arm_zones(struct area *a, struct areas *all, enum arm_mode was)
{
    for (size_t i = 0; i < all->zone_count; i++) {
        struct zone *z = &all->zones[i];
        if (z->area == a && z->is_active && zone_is_covered(z, a->mode)
            && !zone_is_covered(z, was))
            z->is_left_out = true;
    }
}

static void disarm_zones(struct area *a, struct areas *all)
{
    a->entry_us = GW_TIME_NONE;
    for (size_t i = 0; i < all->zone_count; i++) {
        struct zone *z = &all->zones[i];
        if (z->area != a || zone_is_covered(z, a->mode))
            continue;
        z->is_left_out = false;
        z->is_pending = false;
        z->is_held = false;
    }
}

static void change_mode(struct area *a, struct areas *all, enum arm_mode to,
                        int64_t time_us)
{
    enum arm_mode was = area_in_force(a, time_us);
    a->before = was < to ? was : to;
    a->mode = to;
    a->from_us = was < to ? time_us + a->row->exit_us : time_us;
    if (was >= to)
        disarm_zones(a, all);
    else if (a->row->exit_us == 0)
        arm_zones(a, all, was);
    if (a->from_us <= time_us)
        a->before = to;
}

static bool is_hand_over(const struct area *a, int64_t time_us)
{
    return a->hand_us == GW_TIME_NONE ? a->by_calendar != a->hand_over
                                      : time_us >= a->hand_us;
}

bool area_follow(struct area *a, struct areas *all, const struct gw_campus *campus,
                 int64_t time_us)
{
    enum arm_mode wanted = area_wanted(a->row, campus, time_us);
    bool has_changed = wanted != a->by_calendar;
    a->by_calendar = wanted;
    if (a->is_by_hand && is_hand_over(a, time_us)) {
        a->is_by_hand = false;
        has_changed = true;
    }
    enum arm_mode mode = a->is_by_hand ? a->hand : wanted;
    if (mode != a->mode) {
        change_mode(a, all, mode, time_us);
        has_changed = true;
    }
    return has_changed;
}

bool area_settle(struct area *a, struct areas *all, int64_t time_us)
{
    bool has_changed = false;
    if (a->before != a->mode && time_us >= a->from_us) {
        arm_zones(a, all, a->before);
        a->before = a->mode;
        has_changed = true;
    }
    if (a->entry_us == GW_TIME_NONE || time_us < a->entry_us)
        return has_changed;
    a->entry_us = GW_TIME_NONE;
    for (size_t i = 0; i < all->zone_count; i++) {
        struct zone *z = &all->zones[i];
        if (z->area != a || !z->is_pending)
            continue;
        z->is_pending = false;
        z->is_held = true;
    }
    return true;
}
