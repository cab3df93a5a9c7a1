#include "occupancy.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "room.h"

enum { ZERO_SPAN_S = 7200 };

/* Where a point's readings go; sorted by point. */
struct route {
    uint32_t point;
    uint32_t room;
};

/* rooms     in the order in which their points were configured */
struct occupancy {
    int32_t zero_at_s; /* local, since midnight */
    struct gw_host *host;
    struct room *rooms;
    size_t room_count;
    struct route *routes;
    size_t route_count;
};

static const struct gw_option options[] = {
    {.name = "zero_at",
     .type = GW_OPT_CLOCK,
     .offset = offsetof(struct occupancy, zero_at_s),
     .fallback = "03:00",
     .help = "when counted rooms begin at zero again, if they are closed then"},
    {0},
};

static const char *const metric_of_kind[] = {
    [ROOM_IN] = "people_in", [ROOM_OUT] = "people_out", [ROOM_REGION] = "people"};

/* points of one metric anywhere; the caller frees *ret. */
static int points_of(struct gw_host *host, enum room_input_kind kind,
                     struct gw_point_info **ret, size_t *ret_count)
{
    size_t count = gw_points_of(host, NULL, metric_of_kind[kind], NULL, 0);
    struct gw_point_info *points = calloc(count + 1, sizeof(*points));
    if (!points)
        return -ENOMEM;
    *ret_count = gw_points_of(host, NULL, metric_of_kind[kind], points, count);
    *ret = points;
    return 0;
}

static struct room *room_of(struct occupancy *o, const char *place)
{
    for (size_t i = 0; i < o->room_count; i++)
        if (strcmp(o->rooms[i].place, place) == 0)
            return &o->rooms[i];
    struct room *room = &o->rooms[o->room_count++];
    *room = (struct room){.place = place, .zeroed_us = GW_TIME_NONE};
    return room;
}

/* "people_in.door" and "people_out.door" are the two directions of one line. */
static const char *line_name(const struct gw_point_info *point)
{
    const char *metric = point->name + strlen(point->object) + 1;
    return metric + strcspn(metric, ".");
}

static bool is_same_line(const struct gw_point_info *a, const struct gw_point_info *b)
{
    return strcmp(a->object, b->object) == 0 && strcmp(line_name(a), line_name(b)) == 0;
}

static int check_pairs(const struct gw_point_info *points, size_t count,
                       const struct gw_point_info *others, size_t other_count,
                       const char *other_metric, struct gw_error *err)
{
    for (size_t i = 0; i < count; i++) {
        size_t k = 0;
        while (k < other_count && !is_same_line(&others[k], &points[i]))
            k++;
        if (k == other_count)
            return gw_fail(err, -EINVAL,
                           "occupancy: '%s' has no other direction ('%s/%s%s' is needed)",
                           points[i].name, points[i].object, other_metric,
                           line_name(&points[i]));
    }
    return 0;
}

static int add_inputs(struct occupancy *o, enum room_input_kind kind,
                      const struct gw_point_info *points, size_t count,
                      struct gw_error *err)
{
    for (size_t i = 0; i < count; i++) {
        struct room *room = room_of(o, points[i].object);
        if (kind != ROOM_REGION && room->input_count > 0 && !room_is_counted(room))
            continue; /* a region sees the people, a line only their steps */
        if (!room_add(room, kind, &points[i]))
            return gw_fail(err, -E2BIG,
                           "occupancy: '%s' has too many points (at most %d)",
                           room->place, ROOM_INPUTS_MAX);
        int r = gw_watch(o->host, points[i].id, err);
        if (r < 0)
            return r;
    }
    return 0;
}

static int by_point(const void *a, const void *b)
{
    uint32_t left = ((const struct route *)a)->point;
    uint32_t right = ((const struct route *)b)->point;
    return (left > right) - (left < right);
}

static void add_routes(struct occupancy *o)
{
    for (size_t i = 0; i < o->room_count; i++)
        for (size_t k = 0; k < o->rooms[i].input_count; k++)
            o->routes[o->route_count++] =
                (struct route){.point = o->rooms[i].inputs[k].point, .room = (uint32_t)i};
    qsort(o->routes, o->route_count, sizeof(*o->routes), by_point);
}

static int derive_all(struct occupancy *o, struct gw_error *err)
{
    int r = 0;
    for (size_t i = 0; r == 0 && i < o->room_count; i++)
        r = gw_derive(o->host, o->rooms[i].place, "occupancy", &o->rooms[i].point, err);
    return r;
}

/* found - the points of each kind of input. */
struct found {
    struct gw_point_info *points[ROOM_REGION + 1];
    size_t counts[ROOM_REGION + 1];
    size_t total;
};

static int find_points(struct gw_host *host, struct found *f)
{
    for (enum room_input_kind kind = ROOM_IN; kind <= ROOM_REGION; kind++) {
        int r = points_of(host, kind, &f->points[kind], &f->counts[kind]);
        if (r < 0)
            return r;
        f->total += f->counts[kind];
    }
    return 0;
}

static int check_found(const struct found *f, struct gw_error *err)
{
    int r = check_pairs(f->points[ROOM_IN], f->counts[ROOM_IN], f->points[ROOM_OUT],
                        f->counts[ROOM_OUT], "people_out", err);
    if (r == 0)
        r = check_pairs(f->points[ROOM_OUT], f->counts[ROOM_OUT], f->points[ROOM_IN],
                        f->counts[ROOM_IN], "people_in", err);
    return r;
}

/* Regions first: where there is one, lines are not asked. */
static int add_found(struct occupancy *o, const struct found *f, struct gw_error *err)
{
    static const enum room_input_kind order[] = {ROOM_REGION, ROOM_IN, ROOM_OUT};
    o->room_count = 0;
    o->rooms = calloc(f->total + 1, sizeof(*o->rooms));
    o->routes = calloc(f->total + 1, sizeof(*o->routes));
    if (!o->rooms || !o->routes)
        return gw_fail(err, -ENOMEM, "occupancy: out of memory");
    int r = check_found(f, err);
    for (size_t i = 0; r == 0 && i < sizeof(order) / sizeof(order[0]); i++)
        r = add_inputs(o, order[i], f->points[order[i]], f->counts[order[i]], err);
    if (r == 0)
        r = derive_all(o, err);
    if (r == 0)
        add_routes(o);
    return r;
}

static int start(void *self, struct gw_host *host, struct gw_error *err)
{
    struct occupancy *o = self;
    struct found found = {0};
    o->host = host;
    int r = find_points(host, &found);
    r = r < 0 ? gw_fail(err, r, "occupancy: out of memory") : add_found(o, &found, err);
    for (enum room_input_kind kind = ROOM_IN; kind <= ROOM_REGION; kind++)
        free(found.points[kind]);
    return r;
}

static void stop(void *self)
{
    struct occupancy *o = self;
    free(o->rooms);
    free(o->routes);
    o->rooms = NULL;
    o->routes = NULL;
}

static void restored(void *self)
{
    struct occupancy *o = self;
    for (size_t i = 0; i < o->room_count; i++)
        room_load(&o->rooms[i], o->host);
}

static void on_reading(void *self, const struct gw_reading *reading)
{
    struct occupancy *o = self;
    const struct route wanted = {.point = reading->point};
    const struct route *route =
        bsearch(&wanted, o->routes, o->route_count, sizeof(wanted), by_point);
    if (!route)
        return;
    struct room *room = &o->rooms[route->room];
    if (room_take(room, reading))
        room_save(room, o->host);
    room_publish(room, o->host, reading->time_us, false);
}

/* The latest moment of zero_at that has passed; GW_TIME_NONE outside its span. */
static int64_t zero_moment(const struct occupancy *o, int64_t time_us)
{
    const struct gw_campus *campus = gw_host_campus(o->host);
    struct gw_local local = gw_campus_local(campus, time_us);
    int32_t second = local.hour * 3600 + local.minute * 60 + local.second;
    if (second < o->zero_at_s || second >= o->zero_at_s + ZERO_SPAN_S)
        return GW_TIME_NONE;
    return time_us - (int64_t)(second - o->zero_at_s) * 1000000;
}

static bool is_closed(const struct occupancy *o, const char *place, int64_t time_us)
{
    enum gw_phase_kind kind =
        gw_campus_phase(gw_host_campus(o->host), place, time_us).kind;
    return kind == GW_PHASE_CLOSED || kind == GW_PHASE_HOLIDAY;
}

/* Also later within the span, when the gateway was off or the room open at zero_at. */
static void zero_when_due(struct occupancy *o, struct room *room, int64_t moment_us,
                          int64_t time_us)
{
    if (moment_us == GW_TIME_NONE || !room_is_counted(room)
        || (room->zeroed_us != GW_TIME_NONE && room->zeroed_us >= moment_us)
        || !is_closed(o, room->place, time_us))
        return;
    room_zero(room, o->host, time_us);
    room_save(room, o->host);
}

static void on_minute(void *self, int64_t time_us)
{
    struct occupancy *o = self;
    int64_t moment_us = zero_moment(o, time_us);
    for (size_t i = 0; i < o->room_count; i++) {
        struct room *room = &o->rooms[i];
        room_minute(room);
        zero_when_due(o, room, moment_us, time_us);
        room_publish(room, o->host, time_us, true);
    }
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
