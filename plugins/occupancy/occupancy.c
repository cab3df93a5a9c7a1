#include "occupancy.h"

#include <stdlib.h>

#include "rooms.h"

/* People pass here and do not stay: their flow counts, not their number. */
static const char passage[] = "stairs";

/* options first: the core fills them. */
struct occupancy {
    struct occupancy_options options;
    struct gw_host *host;
    struct rooms *rooms;
};

#define OPTION(field) offsetof(struct occupancy, options.field)
static const struct gw_option options[] = {
    {.name = "zero_at",
     .type = GW_OPT_CLOCK,
     .offset = OPTION(zero_at_s),
     .fallback = "03:00",
     .help = "when counted rooms begin at zero again, if they are closed then"},
    {.name = "drift_share",
     .type = GW_OPT_SHARE,
     .offset = OPTION(drift_share),
     .fallback = "10%",
     .help = "share of the day's people in: a balance at zero_at further from zero makes "
             "the room bad until a night that closes"},
    {.name = "drift_people",
     .type = GW_OPT_NUMBER,
     .offset = OPTION(drift_people),
     .max = 1000,
     .fallback = "3",
     .help = "persons: a smaller balance is no drift, however few came"},
    {.name = "below_zero",
     .type = GW_OPT_NUMBER,
     .offset = OPTION(below_zero),
     .max = 1000,
     .fallback = "5",
     .help = "persons: a balance further below zero makes the room uncertain"},
    {.name = "reversed_people",
     .type = GW_OPT_NUMBER,
     .offset = OPTION(reversed_people),
     .min = 1,
     .max = 1000,
     .fallback = "10",
     .help = "persons below zero that are evidence of a counter mounted the wrong way "
             "round"},
    {.name = "reversed_days",
     .type = GW_OPT_UINT,
     .offset = OPTION(reversed_days),
     .min = 1,
     .max = 30,
     .fallback = "3",
     .help = "days of evidence in a row until it is named"},
    {.name = "turned",
     .type = GW_OPT_STRINGS,
     .offset = OPTION(turned),
     .max = 256,
     .help = "points people_in of counters mounted the wrong way round: their in and out "
             "change places"},
    {.name = "frozen_after",
     .type = GW_OPT_DURATION,
     .offset = OPTION(frozen_after_us),
     .max = 86400e6,
     .fallback = "2h",
     .help = "a class's room without any change for so long, while most others move, is "
             "uncertain; 0s: never"},
    {.name = "valid",
     .type = GW_OPT_SHARE,
     .offset = OPTION(valid),
     .fallback = "80%",
     .help = "share of a minute, lesson or recess that must be good for it to count"},
    {0},
};

static int start(void *self, struct gw_host *host, struct gw_error *err)
{
    struct occupancy *o = self;
    o->host = host;
    return rooms_new(host, &o->options, passage, &o->rooms, err);
}

static void stop(void *self)
{
    struct occupancy *o = self;
    o->rooms = rooms_free(o->rooms);
}

static void restored(void *self)
{
    struct occupancy *o = self;
    rooms_load(o->rooms);
}

static void on_reading(void *self, const struct gw_reading *reading)
{
    struct occupancy *o = self;
    (void)rooms_reading(o->rooms, reading);
}

static void on_minute(void *self, int64_t time_us)
{
    struct occupancy *o = self;
    rooms_minute(o->rooms, time_us);
}

const struct gw_plugin occupancy_plugin = {
    .struct_size = sizeof(struct gw_plugin),
    .name = "occupancy",
    .summary = "people in a room, from counters at its doors or a sensor of its regions",
    .options = options,
    .instance_size = sizeof(struct occupancy),
    .start = start,
    .stop = stop,
    .restored = restored,
    .on_reading = on_reading,
    .on_minute = on_minute,
};
