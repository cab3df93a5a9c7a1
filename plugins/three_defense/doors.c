/* doors.c - doors and gates: forced while locked; dormitories: exits opened at night,
 * lamps after lights-out. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "defense.h"

/* door - a place with contacts, and perhaps a lock.
 * lights_s      lights-out of its pupils' stage, seconds since midnight, -1 = none stated
 * forced_us     since when it is open though it was locked, GW_TIME_NONE = it is not */
struct door {
    const char *place;
    bool is_dormitory;
    int32_t lights_s;
    bool is_open;
    bool is_locked;
    int64_t forced_us;
    struct derived forced;
    struct derived night_exit;
    struct derived lights_out;
};

struct doors {
    size_t count;
    struct door items[];
};

static bool is_contact(const char *metric)
{
    return strcmp(metric, "gate") == 0 || strcmp(metric, "door") == 0;
}

static bool has_contact(const struct defense *d, const char *place)
{
    return signal_metric(d, place, "gate") || signal_metric(d, place, "door");
}

/* Whose dormitory it is, a tag says: primary, junior or senior; else the school's. */
static int32_t lights_of(const struct defense *d, const struct gw_place *place)
{
    const struct gw_school *school = gw_campus_school(gw_host_campus(d->host));
    enum gw_stage stage = school->stage;
    for (int i = 0; i < GW_STAGES; i++)
        if (gw_place_has_tag(place, gw_stage_name((enum gw_stage)i)))
            stage = (enum gw_stage)i;
    return school->lights_out_s[stage];
}

static int add(struct defense *d, const struct gw_place *place, struct gw_error *err)
{
    struct door *door = &d->doors->items[d->doors->count];
    bool is_dormitory = place->kind && strcmp(place->kind, "dormitory") == 0;
    bool has_door = has_contact(d, place->id);
    int32_t lights_s = lights_of(d, place);
    bool has_lamps =
        is_dormitory && lights_s >= 0 && signal_metric(d, place->id, "circuit");
    int r = 0;
    *door = (struct door){
        .place = place->id, .is_dormitory = is_dormitory, .forced_us = GW_TIME_NONE};
    door->lights_s = lights_s;
    if (has_door && signal_metric(d, place->id, "door_lock"))
        r = derive(d, place->id, "forced", &door->forced, err);
    if (r == 0 && has_door && is_dormitory)
        r = derive(d, place->id, "night_exit", &door->night_exit, err);
    if (r == 0 && has_lamps)
        r = derive(d, place->id, "lights_out", &door->lights_out, err);
    d->doors->count += has_door || has_lamps;
    return r;
}

static int start(struct defense *d, struct gw_error *err)
{
    size_t count = 0;
    const struct gw_place *places = gw_campus_places(gw_host_campus(d->host), &count);
    d->doors = calloc(1, sizeof(*d->doors) + count * sizeof(d->doors->items[0]));
    if (!d->doors)
        return gw_fail(err, -ENOMEM, "out of memory");
    int r = 0;
    for (size_t i = 0; r == 0 && i < count; i++)
        r = add(d, &places[i], err);
    return r;
}

static void stop(struct defense *d)
{
    free(d->doors);
    d->doors = NULL;
}

/* --- kept ------------------------------------------------------------------------- */

struct kept_door {
    uint32_t version;
    uint8_t is_open, is_locked, unused[2];
    int64_t forced_us;
};

static void save(struct defense *d, const struct door *door)
{
    const struct kept_door kept = {.version = 1,
                                   .is_open = door->is_open,
                                   .is_locked = door->is_locked,
                                   .forced_us = door->forced_us};
    state_save(d, "door", door->place, &kept, sizeof(kept));
}

static void restored(struct defense *d)
{
    for (size_t i = 0; i < d->doors->count; i++) {
        struct door *door = &d->doors->items[i];
        struct kept_door kept;
        if (!state_load(d, "door", door->place, &kept, sizeof(kept)) || kept.version != 1)
            continue;
        door->is_open = kept.is_open;
        door->is_locked = kept.is_locked;
        door->forced_us = kept.forced_us;
    }
}

static void clock_step(struct defense *d, int64_t delta_us, int64_t time_us)
{
    (void)time_us;
    for (size_t i = 0; i < d->doors->count; i++) {
        struct door *door = &d->doors->items[i];
        if (door->forced_us == GW_TIME_NONE)
            continue;
        door->forced_us += delta_us;
        save(d, door);
    }
}

/* --- time and readings ------------------------------------------------------------- */

static int32_t second_of(const struct gw_local *at)
{
    return at->hour * 3600 + at->minute * 60 + at->second;
}

/* From the evening into the morning. */
static bool is_between(int32_t second_s, int32_t from_s, int32_t to_s)
{
    return from_s <= to_s ? second_s >= from_s && second_s < to_s
                          : second_s >= from_s || second_s < to_s;
}

static bool is_boarding(const struct defense *d, const struct door *door, int64_t time_us)
{
    return gw_campus_phase(gw_host_campus(d->host), door->place, time_us).kind
           == GW_PHASE_BOARDING_NIGHT;
}

static bool is_lights_out(const struct defense *d, const struct door *door,
                          int64_t time_us)
{
    const struct gw_campus *campus = gw_host_campus(d->host);
    struct gw_local at = gw_campus_local(campus, time_us);
    int32_t from_s = door->lights_s + (int32_t)(d->lights_grace_us / SECOND_US);
    return is_boarding(d, door, time_us)
           && is_between(second_of(&at), from_s % 86400, d->night_to_s);
}

static void tell_door(struct defense *d, struct door *door, int64_t time_us)
{
    struct gw_local at = gw_campus_local(gw_host_campus(d->host), time_us);
    bool is_night = is_boarding(d, door, time_us)
                    && is_between(second_of(&at), d->night_from_s, d->night_to_s);
    derived_tell(d, &door->forced, door->forced_us != GW_TIME_NONE, time_us);
    derived_tell(d, &door->night_exit, is_night && door->is_open, time_us);
    derived_tell(d, &door->lights_out, is_lights_out(d, door, time_us), time_us);
}

static void tell(struct defense *d, int64_t time_us)
{
    for (size_t i = 0; i < d->doors->count; i++)
        tell_door(d, &d->doors->items[i], time_us);
}

/* The lock's word may come a little after the contact's: then nobody forced it. */
static void turn_lock(const struct defense *d, struct door *door, bool is_locked,
                      int64_t time_us)
{
    door->is_locked = is_locked;
    if (!is_locked && door->forced_us != GW_TIME_NONE
        && time_us - door->forced_us <= d->unlock_grace_us)
        door->forced_us = GW_TIME_NONE;
}

static void turn_contact(struct door *door, bool is_open, int64_t time_us)
{
    if (is_open && !door->is_open && door->is_locked)
        door->forced_us = time_us;
    if (!is_open)
        door->forced_us = GW_TIME_NONE;
    door->is_open = is_open;
}

/* Several leaves of one door: open when one is. */
static bool any_open(const struct defense *d, const char *place)
{
    for (size_t i = 0; i < d->signal_count; i++)
        if (strcmp(d->signals[i].info.object, place) == 0
            && is_contact(d->signals[i].info.metric) && d->signals[i].last != 0)
            return true;
    return false;
}

static void take(struct defense *d, const struct signal *s, const struct gw_reading *r)
{
    bool is_lock = strcmp(s->info.metric, "door_lock") == 0;
    if (r->quality != GW_GOOD || (!is_lock && !is_contact(s->info.metric)))
        return;
    for (size_t i = 0; i < d->doors->count; i++) {
        struct door *door = &d->doors->items[i];
        if (strcmp(door->place, s->info.object) != 0)
            continue;
        if (is_lock)
            turn_lock(d, door, r->value != 0, r->time_us);
        else
            turn_contact(door, any_open(d, door->place), r->time_us);
        save(d, door);
        tell_door(d, door, r->time_us);
    }
}

const struct part doors_part = {
    .start = start,
    .stop = stop,
    .restored = restored,
    .tell = tell,
    .take = take,
    .minute = tell,
    .clock_step = clock_step,
};
