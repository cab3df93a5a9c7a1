/* stale_air.c - `stale_minutes`: how many minutes of today's lessons the air of a room
 * with a CO2 sensor was stale.  A school's own module: see docs/en/modules.md. */
#include "gw/plugin.h"

enum { ROOMS = 64 };

struct stale_air {
    double limit_ppm; /* filled by the core from the table below */
    struct gw_host *host;
    struct gw_point_info sensors[ROOMS];
    uint32_t results[ROOMS];
    double co2[ROOMS], minutes[ROOMS];
    size_t count;
};

static const struct gw_option options[] = {
    {"limit", GW_OPT_NUMBER, offsetof(struct stale_air, limit_ppm), false, 400, 10000,
     NULL, "1500", "ppm from which a minute counts"},
    {0},
};

static int start(void *self, struct gw_host *host, struct gw_error *err)
{
    struct stale_air *s = self;
    size_t n = gw_points_of(host, NULL, "co2", s->sensors, ROOMS), i = 0;
    int r = 0;
    for (; r == 0 && i < n && i < ROOMS; i++) {
        const struct gw_point_info *co2 = &s->sensors[i];
        r = gw_watch(host, co2->id, err);
        if (r == 0)
            r = gw_derive(host, co2->object, "stale_minutes", &s->results[i], err);
    }
    s->host = host;
    s->count = i;
    return r;
}

static void on_reading(void *self, const struct gw_reading *reading)
{
    struct stale_air *s = self;
    for (size_t i = 0; i < s->count; i++)
        if (s->sensors[i].id == reading->point)
            s->co2[i] = reading->quality == GW_GOOD ? reading->value : 0;
}

static void on_minute(void *self, int64_t time_us)
{
    struct stale_air *s = self;
    const struct gw_campus *campus = gw_host_campus(s->host);
    for (size_t i = 0; i < s->count; i++) {
        struct gw_phase now = gw_campus_phase(campus, s->sensors[i].object, time_us);
        s->minutes[i] += now.kind == GW_PHASE_LESSON && s->co2[i] >= s->limit_ppm;
        gw_publish(s->host, s->results[i], s->minutes[i], GW_GOOD, GW_REASON_NONE,
                   time_us);
    }
}

static void on_day(void *self, int64_t midnight_us)
{
    struct stale_air *s = self;
    for (size_t i = 0; i < s->count; i++)
        s->minutes[i] = 0;
    on_minute(self, midnight_us);
}

static const struct gw_plugin stale_air = {
    .struct_size = sizeof(struct gw_plugin),
    .name = "stale-air",
    .summary = "Minutes of lessons in stale air, by room",
    .options = options,
    .instance_size = sizeof(struct stale_air),
    .start = start,
    .on_reading = on_reading,
    .on_minute = on_minute,
    .on_day = on_day,
};

GW_PLUGINS_EXPORT(&stale_air);
