/* rooms_find.c - which places have counters, and whether they are whole. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "rooms_model.h"

static const char *const metric_of_kind[] = {
    [ROOM_IN] = "people_in", [ROOM_OUT] = "people_out", [ROOM_REGION] = "people"};
enum { KINDS = sizeof(metric_of_kind) / sizeof(metric_of_kind[0]) };

/* found - the points of each kind of input. */
struct found {
    struct gw_point_info *points[KINDS];
    size_t counts[KINDS];
    size_t total;
};

static bool is_passage(const struct gw_host *host, const char *object,
                       const char *passage)
{
    const struct gw_place *place = gw_campus_place(gw_host_campus(host), object);
    return place && strcmp(place->kind, passage) == 0;
}

/* points of one metric in places where people stay; the caller frees *ret. */
static int points_of(struct gw_host *host, enum room_input_kind kind, const char *passage,
                     struct found *f)
{
    size_t count = gw_points_of(host, NULL, metric_of_kind[kind], NULL, 0);
    struct gw_point_info *points = calloc(count + 1, sizeof(*points));
    if (!points)
        return -ENOMEM;
    count = gw_points_of(host, NULL, metric_of_kind[kind], points, count);
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (!is_passage(host, points[i].object, passage))
            points[kept++] = points[i];
    f->points[kind] = points;
    f->counts[kind] = kept;
    f->total += kept;
    return 0;
}

static int find_points(struct gw_host *host, const char *passage, struct found *f)
{
    int r = 0;
    for (size_t kind = 0; r == 0 && kind < KINDS; kind++)
        r = points_of(host, (enum room_input_kind)kind, passage, f);
    return r;
}

static struct room *room_of(struct rooms *rs, const char *place)
{
    for (size_t i = 0; i < rs->count; i++)
        if (strcmp(rs->rooms[i].place, place) == 0)
            return &rs->rooms[i];
    const struct gw_place *known = gw_campus_place(gw_host_campus(rs->host), place);
    struct room *room = &rs->rooms[rs->count++];
    *room = (struct room){.place = place,
                          .options = rs->options,
                          .is_home = known && known->class_id,
                          .zeroed_us = GW_TIME_NONE,
                          .changed_us = GW_TIME_NONE,
                          .drift = NAN,
                          .minute = {.people = NAN},
                          .last = {.people = NAN, .quality = GW_BAD},
                          .told = {.people = NAN, .quality = GW_BAD}};
    return room;
}

static bool is_same_line(const struct gw_point_info *a, const struct gw_point_info *b)
{
    return strcmp(a->object, b->object) == 0
           && strcmp(room_line_name(a->name, a->object),
                     room_line_name(b->name, b->object))
                  == 0;
}

static void check_pairs(struct gw_host *host, const struct found *f,
                        enum room_input_kind kind, enum room_input_kind other)
{
    for (size_t i = 0; i < f->counts[kind]; i++) {
        const struct gw_point_info *point = &f->points[kind][i];
        size_t k = 0;
        while (k < f->counts[other] && !is_same_line(&f->points[other][k], point))
            k++;
        if (k == f->counts[other])
            gw_refuse(host, NULL, "'%s' has no other direction ('%s/%s%s' is needed)",
                      point->name, point->object, metric_of_kind[other],
                      room_line_name(point->name, point->object));
    }
}

/* A slip in "turned" would leave the counter as it hangs. */
static void check_turned(struct gw_host *host, const struct found *f,
                         const struct occupancy_options *options)
{
    for (size_t i = 0; i < options->turned.count; i++) {
        size_t k = 0;
        while (k < f->counts[ROOM_IN]
               && strcmp(f->points[ROOM_IN][k].name, options->turned.items[i]) != 0)
            k++;
        if (k == f->counts[ROOM_IN])
            gw_refuse(
                host, options->turned.items[i],
                "'%s' is no line of a room (allowed: the name of a point people_in, "
                "such as b1-203/people_in)",
                options->turned.items[i]);
    }
}

static int add_inputs(struct rooms *rs, enum room_input_kind kind, const struct found *f,
                      struct gw_error *err)
{
    for (size_t i = 0; i < f->counts[kind]; i++) {
        const struct gw_point_info *point = &f->points[kind][i];
        struct room *room = room_of(rs, point->object);
        if (kind != ROOM_REGION && room->input_count > 0 && !room_is_counted(room))
            continue; /* a region sees the people, a line only their steps */
        if (!room_add(room, kind, point))
            return gw_fail(err, -E2BIG,
                           "occupancy: '%s' has too many points (at most %d)",
                           room->place, ROOM_INPUTS_MAX);
        int r = gw_watch(rs->host, point->id, err);
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

const struct route *rooms_route(const struct rooms *rs, uint32_t point)
{
    const struct route wanted = {.point = point};
    return bsearch(&wanted, rs->routes, rs->route_count, sizeof(wanted), by_point);
}

static void add_routes(struct rooms *rs)
{
    for (size_t i = 0; i < rs->count; i++)
        for (size_t k = 0; k < rs->rooms[i].input_count; k++)
            rs->routes[rs->route_count++] =
                (struct route){rs->rooms[i].inputs[k].point, (uint32_t)i};
    qsort(rs->routes, rs->route_count, sizeof(*rs->routes), by_point);
}

static int derive(struct rooms *rs, struct room *room, struct gw_error *err)
{
    int r = gw_derive(rs->host, room->place, "occupancy", &room->point, err);
    if (r == 0 && room_is_counted(room))
        r = gw_derive(rs->host, room->place, "occ_drift", &room->drift_point, err);
    if (r == 0 && room_is_counted(room))
        r = gw_derive(rs->host, room->place, "counter_direction", &room->direction_point,
                      err);
    return r;
}

/* Regions first: where there is one, lines are not asked. */
static int add_found(struct rooms *rs, const struct found *f, struct gw_error *err)
{
    static const enum room_input_kind order[] = {ROOM_REGION, ROOM_IN, ROOM_OUT};
    rs->rooms = calloc(f->total + 1, sizeof(*rs->rooms));
    rs->routes = calloc(f->total + 1, sizeof(*rs->routes));
    if (!rs->rooms || !rs->routes)
        return gw_fail(err, -ENOMEM, "occupancy: out of memory");
    check_pairs(rs->host, f, ROOM_IN, ROOM_OUT);
    check_pairs(rs->host, f, ROOM_OUT, ROOM_IN);
    check_turned(rs->host, f, rs->options);
    int r = 0;
    for (size_t i = 0; r == 0 && i < KINDS; i++)
        r = add_inputs(rs, order[i], f, err);
    for (size_t i = 0; r == 0 && i < rs->count; i++)
        r = derive(rs, &rs->rooms[i], err);
    if (r == 0)
        add_routes(rs);
    return r;
}

int rooms_new(struct gw_host *host, const struct occupancy_options *options,
              const char *passage, struct rooms **ret, struct gw_error *err)
{
    struct found found = {0};
    struct rooms *rs = calloc(1, sizeof(*rs));
    int r = rs ? find_points(host, passage, &found) : -ENOMEM;
    if (r < 0) {
        r = gw_fail(err, r, "occupancy: out of memory");
    } else {
        rs->host = host;
        rs->options = options;
        rs->heard_us = GW_TIME_NONE;
        rs->watched_us = GW_TIME_NONE;
        r = add_found(rs, &found, err);
    }
    for (size_t kind = 0; kind < KINDS; kind++)
        free(found.points[kind]);
    if (r < 0)
        (void)rooms_free(rs);
    else
        *ret = rs;
    return r;
}

struct rooms *rooms_free(struct rooms *rs)
{
    if (!rs)
        return NULL;
    free(rs->rooms);
    free(rs->routes);
    free(rs);
    return NULL;
}
