/* areas.c - the areas and zones of this school: found, followed, told. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "area.h"

struct zone *areas_zone(const struct defense *d, const char *device)
{
    for (size_t i = 0; i < d->areas->zone_count; i++)
        if (strcmp(d->areas->zones[i].device, device) == 0)
            return &d->areas->zones[i];
    return NULL;
}

static struct area *area_of(const struct defense *d, const char *device)
{
    for (size_t i = 0; i < d->areas->area_count; i++)
        if (globs_match(&d->areas->areas[i].row->zones, device))
            return &d->areas->areas[i];
    return NULL;
}

/* --- what there is ---------------------------------------------------------------- */

static int add_input(struct defense *d, const struct signal *s)
{
    struct area *area = area_of(d, s->info.device);
    bool is_perimeter = strcmp(s->info.metric, "perimeter") == 0;
    struct zone *z = areas_zone(d, s->info.device);
    if (!area && !is_perimeter)
        return 0;
    if (!z) {
        z = &d->areas->zones[d->areas->zone_count++];
        *z = (struct zone){
            .device = s->info.device, .area = area, .bypass_us = GW_TIME_NONE};
        z->is_interior = area && globs_match(&area->row->interior, z->device);
        z->is_delayed = area && globs_match(&area->row->delayed, z->device);
    }
    z->is_perimeter |= is_perimeter;
    if (z->input_count == ZONE_INPUTS_MAX)
        return -E2BIG;
    z->inputs[z->input_count++] = s;
    return 0;
}

static int derive_zone(struct defense *d, struct zone *z, struct gw_error *err)
{
    int r = derive(d, z->device, "armed", &z->armed, err);
    if (r == 0)
        r = derive(d, z->device, "bypassed", &z->bypassed, err);
    if (r == 0 && !z->is_perimeter)
        r = derive(d, z->device, "intrusion", &z->intrusion, err);
    return r;
}

static int add_areas(struct defense *d, struct gw_error *err)
{
    const struct area_row *rows = d->area_rows.items;
    int r = 0;
    for (size_t i = 0; r == 0 && i < d->area_rows.count; i++) {
        struct area *a = &d->areas->areas[i];
        *a = (struct area){.row = &rows[i],
                           .from_us = GW_TIME_NONE,
                           .hand_us = GW_TIME_NONE,
                           .entry_us = GW_TIME_NONE};
        d->areas->area_count++;
        for (size_t k = 0; k < i; k++)
            if (strcmp(rows[k].id, rows[i].id) == 0)
                r = gw_fail(err, -EEXIST, "area '%s' is there twice", rows[i].id);
        if (r == 0)
            r = area_check(d, a->row, err);
        if (r == 0)
            r = derive(d, a->row->id, "arm_mode", &a->armed_mode, err);
    }
    return r;
}

static int start(struct defense *d, struct gw_error *err)
{
    struct areas *all = calloc(1, sizeof(*all));
    d->areas = all;
    if (!all)
        return gw_fail(err, -ENOMEM, "out of memory");
    all->areas = calloc(d->area_rows.count + 1, sizeof(*all->areas));
    all->zones = calloc(d->signal_count + 1, sizeof(*all->zones));
    if (!all->areas || !all->zones)
        return gw_fail(err, -ENOMEM, "out of memory");
    int r = add_areas(d, err);
    for (size_t i = 0; r == 0 && i < d->signal_count; i++)
        if (d->signals[i].info.device && area_takes_metric(d->signals[i].info.metric)
            && add_input(d, &d->signals[i]) < 0)
            r = gw_fail(err, -E2BIG, "'%s': more than %d points that tell of somebody",
                        d->signals[i].info.device, ZONE_INPUTS_MAX);
    for (size_t i = 0; r == 0 && i < all->zone_count; i++) {
        zone_check(d, &all->zones[i]);
        r = derive_zone(d, &all->zones[i], err);
    }
    return r;
}

static void stop(struct defense *d)
{
    if (d->areas) {
        free(d->areas->areas);
        free(d->areas->zones);
    }
    free(d->areas);
    d->areas = NULL;
}

/* --- time and readings ---------------------------------------------------------------
 */

static void tell_zones(struct defense *d, int64_t time_us)
{
    for (size_t i = 0; i < d->areas->zone_count; i++) {
        struct zone *z = &d->areas->zones[i];
        bool is_out = z->bypass_us != GW_TIME_NONE || z->is_left_out;
        derived_tell(d, &z->armed, zone_is_armed(z, time_us), time_us);
        derived_tell(d, &z->bypassed, is_out, time_us);
        derived_tell(d, &z->intrusion, zone_intrudes(z, time_us), time_us);
    }
}

static void end_bypasses(struct defense *d, int64_t time_us)
{
    for (size_t i = 0; i < d->areas->zone_count; i++) {
        struct zone *z = &d->areas->zones[i];
        if (z->bypass_us == GW_TIME_NONE || time_us < z->bypass_us)
            continue;
        z->bypass_us = GW_TIME_NONE;
        zone_save(d, z);
    }
}

static void save_zones(struct defense *d, const struct area *a)
{
    for (size_t i = 0; i < d->areas->zone_count; i++)
        if (d->areas->zones[i].area == a)
            zone_save(d, &d->areas->zones[i]);
}

/* Also what was due while the gateway was off, each at the time it has now. */
void areas_run(struct defense *d, int64_t time_us)
{
    const struct gw_campus *campus = gw_host_campus(d->host);
    end_bypasses(d, time_us);
    for (size_t i = 0; i < d->areas->area_count; i++) {
        struct area *a = &d->areas->areas[i];
        bool has_changed = area_settle(a, d->areas, time_us);
        has_changed |= area_follow(a, d->areas, campus, time_us);
        if (has_changed) {
            area_save(d, a);
            save_zones(d, a);
        }
        derived_tell(d, &a->armed_mode, area_in_force(a, time_us), time_us);
    }
    tell_zones(d, time_us);
}

static int64_t earlier(int64_t a, int64_t b)
{
    return b != GW_TIME_NONE && b < a ? b : a;
}

static int64_t due(const struct defense *d)
{
    int64_t at = INT64_MAX;
    for (size_t i = 0; i < d->areas->area_count; i++) {
        const struct area *a = &d->areas->areas[i];
        at = earlier(at, a->entry_us);
        if (a->before != a->mode)
            at = earlier(at, a->from_us);
        if (a->is_by_hand)
            at = earlier(at, a->hand_us);
    }
    for (size_t i = 0; i < d->areas->zone_count; i++)
        at = earlier(at, d->areas->zones[i].bypass_us);
    return at;
}

/* A phase begins at a full minute. */
static void minute(struct defense *d, int64_t time_us)
{
    areas_run(d, time_us);
}

static void take_zone(struct defense *d, struct zone *z, int64_t time_us)
{
    bool is_active = false;
    bool was_active = z->is_active;
    for (size_t i = 0; i < z->input_count; i++)
        is_active |= z->inputs[i]->last != 0;
    if (is_active == was_active)
        return;
    zone_turn(z, d->areas, is_active, time_us);
    zone_save(d, z);
    if (z->area)
        area_save(d, z->area);
    tell_zones(d, time_us);
}

static struct zone *zone_of(const struct defense *d, const struct signal *s)
{
    struct zone *z = areas_zone(d, s->info.device);
    for (size_t k = 0; z && k < z->input_count; k++)
        if (z->inputs[k] == s)
            return z;
    return NULL;
}

bool areas_watch(const struct defense *d, const struct signal *s)
{
    return zone_of(d, s) != NULL;
}

/* What is bad says nothing: the zone stays as it was, and its device is told of. */
static void take(struct defense *d, const struct signal *s, const struct gw_reading *r)
{
    struct zone *z = zone_of(d, s);
    if (z && r->quality == GW_GOOD)
        take_zone(d, z, r->time_us);
}

struct tally areas_armed(const struct defense *d)
{
    struct tally t = {.total = (unsigned)d->areas->zone_count};
    for (size_t i = 0; i < d->areas->zone_count; i++)
        t.good += d->areas->zones[i].armed.value == 1;
    return t;
}

unsigned areas_bypassed(const struct defense *d)
{
    unsigned count = 0;
    for (size_t i = 0; i < d->areas->zone_count; i++)
        count += d->areas->zones[i].bypassed.value == 1;
    return count;
}

const struct part areas_part = {
    .start = start,
    .stop = stop,
    .restored = areas_restored,
    .tell = areas_run,
    .take = take,
    .minute = minute,
    .due = due,
    .run = areas_run,
    .clock_step = areas_clock_step,
};
