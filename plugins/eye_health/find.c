/* find.c - which places have sensors, and what is derived from them. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "eye.h"

static const char *const metric_of_kind[INPUT_KINDS] = {
    [INPUT_DESK] = "desk_lux",
    [INPUT_BOARD] = "board_lux",
    [INPUT_CCT] = "color_temperature",
    [INPUT_SVM] = "flicker_svm",
    [INPUT_LAMPS] = "lamps",
    [INPUT_PANEL] = "panel_power",
    [INPUT_PROJECTING] = "projecting",
    [INPUT_CO2] = "co2",
    [INPUT_PRESSURE] = "pressure",
    [INPUT_TEMPERATURE] = "temperature",
    [INPUT_PM25] = "pm25",
    [INPUT_NOISE] = "noise",
    [INPUT_WINDOW] = "window",
    [INPUT_PEOPLE] = "occupancy",
    [INPUT_PRESENCE] = "presence",
};

/* What each sensor's own derived point is of. */
static const char *const derived_of_kind[INPUT_KINDS] = {
    [INPUT_DESK] = "desk_light", [INPUT_BOARD] = "board_light"};

static int out_of_memory(struct gw_error *err)
{
    return gw_fail(err, -ENOMEM, "eye_health: out of memory");
}

static enum input_kind kind_of(const char *metric)
{
    int kind = 0;
    while (kind < INPUT_KINDS && strcmp(metric, metric_of_kind[kind]) != 0)
        kind++;
    return (enum input_kind)kind;
}

struct eye_room *eye_room_at(const struct eye *e, const char *place)
{
    for (size_t i = 0; place && i < e->room_count; i++)
        if (strcmp(e->rooms[i].place->id, place) == 0)
            return &e->rooms[i];
    return NULL;
}

static int by_point(const void *a, const void *b)
{
    uint32_t left = ((const struct route *)a)->point;
    uint32_t right = ((const struct route *)b)->point;
    return (left > right) - (left < right);
}

const struct route *eye_route(const struct eye *e, uint32_t point)
{
    const struct route wanted = {.point = point};
    if (e->route_count == 0)
        return NULL;
    return bsearch(&wanted, e->routes, e->route_count, sizeof(wanted), by_point);
}

static const struct calibration_row *record_of(const struct eye *e, const char *point)
{
    const struct calibration_row *rows = e->calibrations.items;
    for (size_t i = 0; i < e->calibrations.count; i++)
        if (strcmp(rows[i].point, point) == 0)
            return &rows[i];
    return NULL;
}

static enum co2_compensation compensation_of(const struct eye *e, const char *device)
{
    const struct co2_row *rows = e->co2_sensors.items;
    enum co2_compensation found =
        (enum co2_compensation)(e->options.co2_compensation + CO2_NONE);
    for (size_t i = 0; device && i < e->co2_sensors.count; i++)
        if (strcmp(rows[i].device, device) == 0 && rows[i].compensation != CO2_DEFAULT)
            found = (enum co2_compensation)rows[i].compensation;
    return found;
}

static struct input input_of(const struct eye *e, const struct gw_point_info *info)
{
    struct input input = {.point = info->id,
                          .name = info->name,
                          .device = info->device,
                          .kind = kind_of(info->metric),
                          .held = held_nothing,
                          .last = {NAN, NAN, NAN}};
    if (input.kind == INPUT_DESK || input.kind == INPUT_BOARD)
        input.record = record_of(e, info->name);
    if (input.kind == INPUT_CO2)
        input.compensation = compensation_of(e, info->device);
    return input;
}

/* A temperature without a limit is nobody's business here. */
static bool is_wanted(const struct eye *e, enum input_kind kind)
{
    return kind < INPUT_KINDS
           && (kind != INPUT_TEMPERATURE || e->options.temperature_most > 0);
}

/* A place where people are counted or seen, and nothing else, is no room of this plugin.
 */
static bool is_own(enum input_kind kind)
{
    return kind < INPUT_WINDOW;
}

/* The points of @place among @points into @ret, in the order of kinds. */
static uint32_t gather(const struct eye *e, const struct gw_point_info *points,
                       size_t count, struct eye_room *room, struct input *ret)
{
    uint32_t found = 0;
    bool has_own = false;
    for (int kind = 0; kind < INPUT_KINDS; kind++)
        for (size_t i = 0; i < count; i++) {
            if (strcmp(points[i].metric, metric_of_kind[kind]) != 0
                || strcmp(points[i].object, room->place->id) != 0)
                continue;
            room->counts[kind]++;
            has_own = has_own || is_own((enum input_kind)kind);
            ret[found++] = input_of(e, &points[i]);
        }
    return has_own ? found : 0;
}

static void eye_room_init(const struct eye *e, struct eye_room *room,
                          const struct gw_place *place, struct input *inputs)
{
    const struct screen_row *rows = e->screens.items;
    *room = (struct eye_room){.place = place,
                              .inputs = inputs,
                              .screen_standby = e->options.screen_standby,
                              .screen_on = e->options.screen_on,
                              .projecting = held_nothing,
                              .projected = {NAN, NAN, NAN},
                              .day = {.co2_told = NAN, .pm25_told = NAN}};
    for (size_t i = 0; i < e->screens.count; i++)
        if (strcmp(rows[i].place, place->id) == 0) {
            room->screen_standby = rows[i].standby;
            room->screen_on = rows[i].on;
        }
}

/* Only what this plugin reads; places are few, points are many. */
static size_t read_points(const struct eye *e, struct gw_point_info *points)
{
    size_t count = 0;
    size_t all = gw_points_of(e->host, NULL, NULL, NULL, 0);
    (void)gw_points_of(e->host, NULL, NULL, points, all);
    for (size_t i = 0; i < all; i++)
        if (is_wanted(e, kind_of(points[i].metric)))
            points[count++] = points[i];
    return count;
}

static int find_rooms(struct eye *e, const struct gw_point_info *points, size_t count,
                      struct gw_error *err)
{
    size_t place_count = 0;
    uint32_t used = 0;
    const struct gw_place *places = gw_campus_places(e->campus, &place_count);
    e->rooms = calloc(place_count + 1, sizeof(*e->rooms));
    e->inputs = calloc(count + 1, sizeof(*e->inputs));
    if (!e->rooms || !e->inputs)
        return out_of_memory(err);
    for (size_t i = 0; i < place_count; i++) {
        struct eye_room *room = &e->rooms[e->room_count];
        eye_room_init(e, room, &places[i], &e->inputs[used]);
        room->count = gather(e, points, count, room, &e->inputs[used]);
        used += room->count;
        e->room_count += room->count > 0;
    }
    return 0;
}

/* The sensor's own, its room's, or any of the school: air pressure is one for all. */
static const struct input *pressure_for(const struct eye *e, const struct eye_room *room,
                                        const struct input *co2)
{
    const struct input *found =
        room->counts[INPUT_PRESSURE] > 0 ? eye_room_inputs(room, INPUT_PRESSURE) : NULL;
    for (uint32_t i = 0; i < room->counts[INPUT_PRESSURE]; i++)
        if (co2->device && found[i].device && strcmp(found[i].device, co2->device) == 0)
            return &found[i];
    for (size_t i = 0; !found && i < e->room_count; i++)
        if (e->rooms[i].counts[INPUT_PRESSURE] > 0)
            found = eye_room_inputs(&e->rooms[i], INPUT_PRESSURE);
    return found;
}

static void find_pressures(struct eye *e)
{
    for (size_t i = 0; i < e->room_count; i++) {
        struct input *co2 = eye_room_inputs(&e->rooms[i], INPUT_CO2);
        for (uint32_t k = 0; k < e->rooms[i].counts[INPUT_CO2]; k++) {
            co2[k].pressure = pressure_for(e, &e->rooms[i], &co2[k]);
            if (co2[k].compensation != CO2_NONE && !co2[k].pressure
                && isnan(gw_campus_school(e->campus)->pressure_hpa))
                gw_refuse(e->host, NULL,
                          "to compensate '%s' the air pressure must be known (allowed: a "
                          "point of pressure; school: {altitude: 1650} in campus.yaml)",
                          co2[k].name);
        }
    }
}

static int add_routes(struct eye *e, size_t count, struct gw_error *err)
{
    e->routes = calloc(count + 1, sizeof(*e->routes));
    if (!e->routes)
        return out_of_memory(err);
    for (size_t i = 0; i < e->room_count; i++)
        for (uint32_t k = 0; k < e->rooms[i].count; k++)
            e->routes[e->route_count++] =
                (struct route){e->rooms[i].inputs[k].point, (uint32_t)i, k};
    if (e->route_count > 0)
        qsort(e->routes, e->route_count, sizeof(*e->routes), by_point);
    return 0;
}

/* "b1-203/desk_lux.window" gives b1-203/desk_light.window. */
static int derive_own(struct eye *e, const struct eye_room *room, struct input *input,
                      struct gw_error *err)
{
    const char *base = derived_of_kind[input->kind];
    char metric[GW_NAME_MAX] = "";
    const char *name = input->name + strlen(room->place->id) + 1;
    if (!base)
        return 0;
    if (snprintf(metric, sizeof(metric), "%s%s", base, name + strcspn(name, "."))
        >= (int)sizeof(metric))
        return gw_fail(err, -ENAMETOOLONG, "eye_health: '%s' is too long", input->name);
    return gw_derive_from(e->host, room->place->id, metric, input->point, &input->derived,
                          err);
}

static int start_inputs(struct eye *e, struct eye_room *room, struct gw_error *err)
{
    int r = 0;
    for (uint32_t i = 0; r == 0 && i < room->count; i++) {
        r = gw_watch(e->host, room->inputs[i].point, err);
        if (r == 0)
            r = derive_own(e, room, &room->inputs[i], err);
    }
    return r;
}

int eye_find(struct eye *e, struct gw_error *err)
{
    size_t all = gw_points_of(e->host, NULL, NULL, NULL, 0);
    struct gw_point_info *points = calloc(all + 1, sizeof(*points));
    if (!points)
        return out_of_memory(err);
    size_t count = read_points(e, points);
    int r = find_rooms(e, points, count, err);
    free(points);
    if (r == 0)
        find_pressures(e);
    if (r == 0)
        r = add_routes(e, count, err);
    for (size_t i = 0; r == 0 && i < e->room_count; i++)
        r = start_inputs(e, &e->rooms[i], err);
    for (size_t i = 0; r == 0 && i < e->room_count; i++)
        r = eye_room_derive(&e->rooms[i], &e->options, e->host, err);
    return r;
}

void eye_done(struct eye *e)
{
    free(e->rooms);
    free(e->inputs);
    free(e->routes);
    free(e->classes);
}
