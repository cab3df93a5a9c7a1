/* stale_air.c - how many minutes of a school day the air of each classroom was stale.
 *
 * Publishes `stale_minutes` of every classroom with a CO2 sensor, and a fact
 * "stale-air" when the day ends.  A school's own module: see docs/en/modules.md. */
#include <stdio.h>

#include "gw/plugin.h"

enum { ROOMS = 64 };

/* room - co2: what was last read, -1 = not known; the rest are minutes of lessons. */
struct room {
    char id[GW_ID_MAX];
    uint32_t sensor, result;
    double co2, stale, known, all;
};

struct stale_air {
    double limit_ppm; /* filled by the core from the table below */
    struct gw_host *host;
    struct room rooms[ROOMS];
    size_t count;
};

static const struct gw_option options[] = {
    {.name = "limit",
     .type = GW_OPT_NUMBER,
     .min = 400,
     .max = 10000,
     .offset = offsetof(struct stale_air, limit_ppm),
     .fallback = "1500",
     .help = "ppm from which a minute counts"},
    {0},
};

static int start(void *self, struct gw_host *host, struct gw_error *err)
{
    struct stale_air *s = self;
    struct gw_point_info sensors[ROOMS];
    size_t n = gw_points_of(host, NULL, "co2", sensors, ROOMS);
    s->host = host;
    for (size_t i = 0; i < n && i < ROOMS; i++) {
        struct room *r = &s->rooms[s->count++];
        (void)snprintf(r->id, sizeof(r->id), "%s", sensors[i].object);
        r->sensor = sensors[i].id;
        r->co2 = -1;
        int e = gw_watch(host, r->sensor, err);
        if (e == 0)
            e = gw_derive(host, r->id, "stale_minutes", &r->result, err);
        if (e < 0)
            return e;
    }
    return 0;
}

static void on_reading(void *self, const struct gw_reading *reading)
{
    struct stale_air *s = self;
    for (size_t i = 0; i < s->count; i++)
        if (s->rooms[i].sensor == reading->point)
            s->rooms[i].co2 = reading->quality == GW_GOOD ? reading->value : -1;
}

static void on_minute(void *self, int64_t time_us)
{
    struct stale_air *s = self;
    const struct gw_campus *campus = gw_host_campus(s->host);
    for (struct room *r = s->rooms; r < s->rooms + s->count; r++) {
        if (gw_campus_phase(campus, r->id, time_us).kind != GW_PHASE_LESSON)
            continue;
        r->all++;
        r->known += r->co2 >= 0;
        r->stale += r->co2 >= s->limit_ppm;
        gw_publish(s->host, r->result, r->stale, GW_GOOD, GW_REASON_NONE, time_us);
    }
}

static void on_day(void *self, int64_t midnight_us)
{
    struct stale_air *s = self;
    for (struct room *r = s->rooms; r < s->rooms + s->count; r++) {
        const struct gw_fact_value minutes = {.name = "minutes", .value = r->stale};
        struct gw_fact fact = {
            .kind = "stale-air", .object = r->id, .values = &minutes, .count = 1};
        fact.start_us = midnight_us - INT64_C(86400000000);
        fact.end_us = fact.time_us = midnight_us;
        fact.completeness = r->all > 0 ? r->known / r->all : 0;
        if (r->known > 0)
            gw_fact(s->host, &fact);
        r->stale = r->known = r->all = 0;
    }
}

static const struct gw_plugin stale_air = {
    .struct_size = sizeof(struct gw_plugin),
    .name = "stale-air",
    .summary = "Minutes of lessons in stale air, by classroom",
    .options = options,
    .instance_size = sizeof(struct stale_air),
    .start = start,
    .on_reading = on_reading,
    .on_minute = on_minute,
    .on_day = on_day,
};

GW_PLUGINS_EXPORT(&stale_air);
