/* area_check.c - what is wrong with an area as it is written. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "area.h"
#include "refusal.h"

/* What tells that somebody is there. */
static const char *const zone_metrics[] = {"perimeter", "door",     "window",
                                           "motion",    "presence", "gate"};

bool area_takes_metric(const char *metric)
{
    for (size_t i = 0; i < sizeof(zone_metrics) / sizeof(zone_metrics[0]); i++)
        if (strcmp(zone_metrics[i], metric) == 0)
            return true;
    return false;
}

/* zone_devices - each device that may be a zone, by name; the caller's to free. */
static const char **zone_devices(const struct defense *d, size_t *ret_count)
{
    const char **names = calloc(d->signal_count + 1, sizeof(*names));
    size_t count = 0;
    if (!names)
        return NULL;
    for (size_t i = 0; i < d->signal_count; i++)
        if (d->signals[i].info.device && area_takes_metric(d->signals[i].info.metric))
            names[count++] = d->signals[i].info.device;
    *ret_count = names_sort(names, count);
    return names;
}

static void check_phases(const struct defense *d, const struct gw_strings *phases)
{
    const char *names[GW_PHASES];
    char text[GW_ALLOWED_MAX];
    for (int kind = 0; kind < GW_PHASES; kind++)
        names[kind] = gw_phase_name((enum gw_phase_kind)kind);
    for (size_t i = 0; i < phases->count; i++) {
        bool is_phase = false;
        for (int kind = 0; kind < GW_PHASES && !is_phase; kind++)
            is_phase = strcmp(names[kind], phases->items[i]) == 0;
        if (!is_phase)
            gw_refuse(d->host, phases->items[i], "there is no phase '%s' (%s)",
                      phases->items[i],
                      gw_allowed(d->host, phases->items[i], names, GW_PHASES, text));
    }
}

static void check_both(const struct defense *d, const struct area_row *row)
{
    for (size_t i = 0; i < row->stay.count; i++)
        for (size_t k = 0; k < row->away.count; k++)
            if (strcmp(row->stay.items[i], row->away.items[k]) == 0)
                gw_refuse(
                    d->host, row->stay.items[i],
                    "phase '%s' stands under away, too (allowed: under one of them)",
                    row->stay.items[i]);
}

static bool matches_any(const char *glob, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (glob_matches(glob, names[i]))
            return true;
    return false;
}

static void refuse_undisarmed(const struct defense *d, const char *text,
                              const char *device)
{
    gw_refuse(
        d->host, text,
        "'%s' is never disarmed and no zone of an area (panic, fire, gas, tamper and "
        "mains are watched at all times: GB 50394 5.2.3)",
        device);
}

static void check_zones(const struct defense *d, const struct gw_strings *zones,
                        const char *const *names, size_t count)
{
    char text[GW_ALLOWED_MAX];
    for (size_t i = 0; i < zones->count; i++) {
        const char *zone = zones->items[i];
        if (matches_any(zone, names, count))
            continue;
        if (device_is_never_disarmed(d, zone))
            refuse_undisarmed(d, zone, zone);
        else
            gw_refuse(
                d->host, zone,
                "no device '%s' tells of a door, window, movement or perimeter (%s)",
                zone, gw_allowed(d->host, zone, names, count, text));
    }
}

/* What is said of some zones is said of zones of this area. */
static void check_some(const struct defense *d, const struct area_row *row,
                       const struct gw_strings *some, const char *const *names,
                       size_t count)
{
    const char **own = calloc(count + 1, sizeof(*own));
    char text[GW_ALLOWED_MAX];
    size_t own_count = 0;
    if (!own)
        return; /* what has no memory left ends at the next step */
    for (size_t i = 0; i < count; i++)
        if (globs_match(&row->zones, names[i]))
            own[own_count++] = names[i];
    for (size_t i = 0; i < some->count; i++)
        if (own_count > 0 && !matches_any(some->items[i], own, own_count))
            gw_refuse(d->host, some->items[i], "area '%s' has no zone '%s' (%s)", row->id,
                      some->items[i],
                      gw_allowed(d->host, some->items[i], own, own_count, text));
    free(own);
}

int area_check(const struct defense *d, const struct area_row *row, struct gw_error *err)
{
    size_t count = 0;
    const char **names = zone_devices(d, &count);
    if (!names)
        return gw_fail(err, -ENOMEM, "out of memory");
    check_phases(d, &row->away);
    check_phases(d, &row->stay);
    check_both(d, row);
    check_zones(d, &row->zones, names, count);
    check_some(d, row, &row->interior, names, count);
    check_some(d, row, &row->delayed, names, count);
    free(names);
    return 0;
}

/* The entry of @globs that made @device what it is not. */
static const char *entry_of(const struct gw_strings *globs, const char *device)
{
    for (size_t i = 0; i < globs->count; i++)
        if (glob_matches(globs->items[i], device))
            return globs->items[i];
    return NULL;
}

/* A zone is armed and disarmed by one area. */
static void check_one_area(const struct defense *d, const struct zone *z)
{
    for (size_t i = 0; i < d->areas->area_count; i++) {
        const struct area *other = &d->areas->areas[i];
        const char *entry = entry_of(&other->row->zones, z->device);
        if (other != z->area && entry)
            gw_refuse(d->host, entry,
                      "'%s' is a zone of area '%s', too (allowed: of one)", z->device,
                      z->area->row->id);
    }
}

void zone_check(const struct defense *d, const struct zone *z)
{
    if (!z->area)
        return;
    const struct area_row *row = z->area->row;
    check_one_area(d, z);
    if (device_is_never_disarmed(d, z->device))
        refuse_undisarmed(d, entry_of(&row->zones, z->device), z->device);
    if (z->is_delayed && z->is_perimeter)
        gw_refuse(d->host, entry_of(&row->delayed, z->device),
                  "'%s' is a perimeter, which has no delay", z->device);
}
