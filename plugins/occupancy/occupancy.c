#include "occupancy.h"

#include "check.h"
#include "lessons.h"
#include "rooms.h"
#include "service.h"
#include "stairs.h"

/* People pass here and do not stay: their flow counts, not their number. */
static const char passage[] = "stairs";

/* options first: the core fills them. */
struct occupancy {
    struct occupancy_options options;
    struct rooms *rooms;
    struct lessons *lessons;
    struct service *service;
    struct stairs *stairs;
};

static int start(void *self, struct gw_host *host, struct gw_error *err)
{
    struct occupancy *o = self;
    occupancy_check(host, &o->options);
    int r = rooms_new(host, &o->options, passage, &o->rooms, err);
    if (r == 0)
        r = lessons_new(host, &o->options, o->rooms, &o->lessons, err);
    if (r == 0)
        r = service_new(host, &o->options, o->rooms, &o->service, err);
    if (r == 0)
        r = stairs_new(host, &o->options, passage, &o->stairs, err);
    return r;
}

static void stop(void *self)
{
    struct occupancy *o = self;
    o->stairs = stairs_free(o->stairs);
    o->service = service_free(o->service);
    o->lessons = lessons_free(o->lessons);
    o->rooms = rooms_free(o->rooms);
}

static void restored(void *self)
{
    struct occupancy *o = self;
    rooms_load(o->rooms);
    lessons_load(o->lessons);
    service_load(o->service);
    stairs_load(o->stairs);
}

static void keep(void *self)
{
    const struct occupancy *o = self;
    rooms_keep(o->rooms);
}

static void on_reading(void *self, const struct gw_reading *reading)
{
    struct occupancy *o = self;
    if (stairs_reading(o->stairs, reading))
        return;
    const struct room *room = rooms_reading(o->rooms, reading);
    if (room)
        service_changed(o->service, room, reading->time_us);
}

static void on_minute(void *self, int64_t time_us)
{
    struct occupancy *o = self;
    rooms_minute(o->rooms, time_us);
    lessons_minute(o->lessons, time_us);
    service_minute(o->service, time_us);
}

static void on_clock_step(void *self, int64_t delta_us, int64_t time_us)
{
    struct occupancy *o = self;
    rooms_clock_step(o->rooms, delta_us, time_us);
    lessons_clock_step(o->lessons, delta_us, time_us);
    service_clock_step(o->service, delta_us, time_us);
    stairs_clock_step(o->stairs, delta_us);
}

static void on_due(void *self, int64_t time_us)
{
    struct occupancy *o = self;
    stairs_due(o->stairs, time_us);
}

const struct gw_plugin occupancy_plugin = {
    .struct_size = sizeof(struct gw_plugin),
    .name = "occupancy",
    .summary = "people in rooms, lessons, recesses, on stairs and in the after-school "
               "service",
    .options = occupancy_option_table,
    .instance_size = sizeof(struct occupancy),
    .start = start,
    .stop = stop,
    .restored = restored,
    .on_reading = on_reading,
    .on_minute = on_minute,
    .on_due = on_due,
    .on_clock_step = on_clock_step,
    .keep = keep,
};
