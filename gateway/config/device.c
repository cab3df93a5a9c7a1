#include <errno.h>
#include <fnmatch.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "config/layers.h"
#include "config/load.h"
#include "config/manual.h"

struct device_core {
    const char *name;
    const char *bus;
    const char *template_name;
    const char *place;
    struct gw_strings places;
    const char *point_name;
    struct load_timing timing;
    const struct config_node *points;
};

enum { PRIORITY_NORMAL, PRIORITY_HIGH };
static const char *const priorities[] = {"normal", "high", NULL};

#define DEVICE(field) offsetof(struct device_core, field)
#define TIMING_OPTIONS(base)                                                         \
    {.name = "period",                                                               \
     .type = GW_OPT_DURATION,                                                        \
     .offset = (base) + offsetof(struct load_timing, period_us),                     \
     .min = 10e3,                                                                    \
     .max = 86400e6,                                                                 \
     .help = "polled devices: asked so often"},                                      \
        {.name = "supervision",                                                      \
         .type = GW_OPT_DURATION,                                                    \
         .offset = (base) + offsetof(struct load_timing, supervision_us),            \
         .min = 1e6,                                                                 \
         .max = 31 * 86400e6,                                                        \
         .help = "silent for longer: its points are stale"},                         \
    {                                                                                \
        .name = "priority", .type = GW_OPT_ENUM,                                     \
        .offset = (base) + offsetof(struct load_timing, priority),                   \
        .choices = priorities,                                                       \
        .help = "polled devices: high is read before others that are due; security " \
                "points make it high"                                                \
    }

const struct gw_option device_options[] = {
    {.name = "name",
     .type = GW_OPT_ID,
     .offset = DEVICE(name),
     .required = true,
     .help = "its name"},
    {.name = "bus",
     .type = GW_OPT_ID,
     .offset = DEVICE(bus),
     .required = true,
     .help = "the bus it hangs on"},
    {.name = "template",
     .type = GW_OPT_ID,
     .offset = DEVICE(template_name),
     .help = "options and points to start from"},
    {.name = "place",
     .type = GW_OPT_ID,
     .offset = DEVICE(place),
     .help = "where it is: an id of campus.yaml"},
    {.name = "places",
     .type = GW_OPT_STRINGS,
     .offset = DEVICE(places),
     .min = 1,
     .max = 64,
     .help = "instead of place: its points in every place that one of these globs names"},
    {.name = "point_name",
     .type = GW_OPT_ID,
     .offset = DEVICE(point_name),
     .help = "where a place has several alike: window makes desk_lux desk_lux.window"},
    TIMING_OPTIONS(DEVICE(timing)),
    {.name = "points",
     .type = GW_OPT_NODE,
     .offset = DEVICE(points),
     .help = "over the template's by metric[.name], or more of them"},
    {0},
};

const struct gw_option device_timing_options[] = {TIMING_OPTIONS(0), {0}};

/* device_bus - finds the bus; false when the name is not known. */
static bool device_bus(struct load *l, struct load_device *d, const char *name)
{
    uint32_t index = text_map_get(l->bus_names, name);

    if (index == LOAD_FAULTY)
        return false;
    if (index == UINT32_MAX) {
        struct suggest near = {.wanted = name};
        for (size_t i = 0; i < l->config->bus_count; i++)
            suggest_offer(&near, l->config->buses[i].name);
        load_unknown(l, config_where(config_child(d->node, "bus")), d->path, "bus",
                     &near);
        return false;
    }
    d->bus = index;
    d->driver = l->config->buses[index].driver;
    return l->config->buses[index].options != NULL;
}

static bool device_template(struct load *l, struct load_device *d, const char *name)
{
    struct config_mark mark = config_where(config_child(d->node, "template"));
    uint32_t index = text_map_get(l->template_names, name);

    if (index == LOAD_FAULTY)
        return false;
    if (index == UINT32_MAX) {
        struct suggest near = {.wanted = name};
        for (size_t i = 0; i < l->template_count; i++)
            suggest_offer(&near, l->template_items[i].name);
        load_unknown(l, mark, d->path, "template", &near);
        return false;
    }
    d->template = &l->template_items[index];
    if (d->driver && !load_template_fits(d->template, d->driver)) {
        config_fault(l->src.faults, mark, d->path,
                     "template '%s' is for %s, but bus '%s' is %s (allowed: a template "
                     "of the bus's driver)",
                     name, d->template->drivers.items[0], l->config->buses[d->bus].name,
                     d->driver->name);
        return false;
    }
    return true;
}

/* device_references - bus and template, before the keys can be judged. */
static bool device_references(struct load *l, struct load_device *d)
{
    const char *bus = config_scalar(config_child(d->node, "bus"));
    const char *template = config_scalar(config_child(d->node, "template"));
    bool is_good = !bus || device_bus(l, d, bus);

    if (template)
        is_good &= device_template(l, d, template);
    return is_good;
}

static bool device_place(struct load *l, struct load_device *d, const char *id)
{
    struct suggest near = {.wanted = id};

    for (size_t i = 0; i < l->place_count; i++) {
        suggest_offer(&near, l->places[i]);
        if (strcmp(l->places[i], id) == 0) {
            d->places = &l->places[i];
            d->place_count = 1;
            return true;
        }
    }
    if (l->config->campus)
        load_unknown(l, config_where(config_child(d->node, "place")), d->path, "place",
                     &near);
    return false;
}

/* device_globs - every place that a glob names, once, in campus order. */
static bool device_globs(struct load *l, struct load_device *d,
                         const struct gw_strings *globs)
{
    struct config_mark mark = config_where(config_child(d->node, "places"));
    bool is_good = true;

    d->places = arena_alloc(l->src.passing, (l->place_count + 1) * sizeof(*d->places));
    if (!d->places)
        return false;
    for (size_t i = 0; i < l->place_count; i++) {
        bool is_named = false;
        for (size_t k = 0; k < globs->count && !is_named; k++)
            is_named = fnmatch(globs->items[k], l->places[i], 0) == 0;
        if (is_named)
            d->places[d->place_count++] = l->places[i];
    }
    for (size_t k = 0; k < globs->count && l->config->campus; k++) {
        bool is_used = false;
        for (size_t i = 0; i < d->place_count && !is_used; i++)
            is_used = fnmatch(globs->items[k], d->places[i], 0) == 0;
        if (!is_used) {
            config_fault(l->src.faults, mark, d->path,
                         "'%.80s' names no place (allowed: globs over campus.yaml's "
                         "places, such as 'b1-*')",
                         globs->items[k]);
            is_good = false;
        }
    }
    return is_good && d->place_count > 0;
}

static bool device_where(struct load *l, struct load_device *d,
                         const struct device_core *core)
{
    bool has_globs = core->places.count > 0;

    if (core->place && !has_globs)
        return device_place(l, d, core->place);
    if (has_globs && !core->place)
        return device_globs(l, d, &core->places);
    config_fault(l->src.faults, config_where(d->node), d->path,
                 has_globs ? "both 'place' and 'places' stand here (allowed: one of them)"
                           : "'place' is missing (allowed: place, or places with globs)");
    return false;
}

/* device_timing - period and supervision, from the template and over it. */
static bool device_timing(struct load *l, struct load_device *d)
{
    const struct layer layers[] = {
        {.node = d->template ? d->template->device : NULL,
         .path = "device",
         .is_open = true},
        {.node = d->node, .path = d->path, .is_open = true},
    };
    bool is_good =
        layers_fill(&l->src, layers, 2, device_timing_options, &d->timing, true);

    if (!is_good || !d->driver)
        return is_good;
    if (d->driver->poll && d->timing.period_us == 0) {
        config_fault(l->src.faults, config_where(d->node), d->path,
                     "'period' is missing: %s asks its devices (allowed: a duration such "
                     "as 5s)",
                     d->driver->name);
        return false;
    }
    if (!d->driver->poll && d->timing.period_us > 0) {
        config_fault(l->src.faults, config_where(d->node), d->path,
                     "'period' has no meaning: %s waits for what its devices tell "
                     "(allowed: supervision)",
                     d->driver->name);
        return false;
    }
    if (!d->driver->poll && d->timing.priority == PRIORITY_HIGH) {
        config_fault(l->src.faults, config_where(d->node), d->path,
                     "'priority' has no meaning: %s waits for what its devices tell "
                     "(allowed: a bus of its own)",
                     d->driver->name);
        return false;
    }
    return true;
}

static bool device_options_load(struct load *l, struct load_device *d)
{
    const struct layer layers[] = {
        {.node = d->template ? d->template->device : NULL,
         .path = "device",
         .is_open = true},
        {.node = d->node, .path = d->path, .is_open = true},
    };

    d->options = arena_alloc(l->src.arena, d->driver->device_size + 1);
    return d->options
           && layers_fill(&l->src, layers, 2, d->driver->device_options, d->options,
                          true);
}

/* device_read - judges one device and plans its points; faults leave is_good false. */
static int device_read(struct load *l, struct load_device *d)
{
    struct device_core core = {0};
    if (!config_is_map(d->node)) {
        config_fault(l->src.faults, config_where(d->node), d->path,
                     "no mapping stands here (allowed: a mapping of a device's keys)");
        return 0;
    }
    bool is_good = device_references(l, d);
    const struct layer judged = {
        .node = d->node,
        .path = d->path,
        .also = d->driver ? d->driver->device_options : NULL,
        .is_open = !d->driver,
    };

    is_good &= layers_fill(&l->src, &judged, 1, device_options, &core, true);
    if (core.name)
        is_good &= load_object_add(l, "device", core.name,
                                   config_where(config_child(d->node, "name")), d->path);
    d->point_name = core.point_name;
    is_good &= device_where(l, d, &core);
    is_good &= device_timing(l, d);
    if (d->driver)
        is_good &= device_options_load(l, d);
    d->is_good = is_good && d->driver;
    return load_points_plan(l, d);
}

/* The points of the device in work are the last ones, from @first on. */
static bool has_security(const struct config *c, size_t first)
{
    bool is_security = false;
    for (size_t i = first; i < c->point_count && !is_security; i++)
        is_security = c->points[i].metric->is_security;
    return is_security;
}

static void device_make(struct load *l, const struct load_device *d)
{
    struct config *c = l->config;
    uint32_t index = (uint32_t)c->device_count;
    struct config_device *device = &c->devices[c->device_count++];
    struct gw_error err = {0};
    size_t errors = config_faults_errors(l->src.faults);

    *device = (struct config_device){
        .name = config_scalar(config_child(d->node, "name")),
        .template_name = d->template ? d->template->name : NULL,
        .bus = d->bus,
        .period_us = d->timing.period_us,
        .supervision_us = d->timing.supervision_us,
        .first_point = (uint32_t)c->point_count,
        .mark = config_where(d->node),
    };
    load_points(l, d, index);
    device->is_urgent =
        d->timing.priority == PRIORITY_HIGH || has_security(c, device->first_point);
    device->ref = (struct gw_device_ref){
        .id = index + 1,
        .name = device->name,
        .options = d->options,
        .points = c->refs + device->first_point,
        .point_count = c->point_count - device->first_point,
        .period_us = device->period_us,
    };
    /* of a point that has its fault already the driver would say that it is missing */
    bool has_all = device->ref.point_count == d->point_count * d->place_count;
    if (has_all && config_faults_errors(l->src.faults) == errors && d->driver->check
        && d->driver->check(c->buses[d->bus].options, &device->ref, &err) < 0)
        config_fault(l->src.faults, device->mark, d->path, "%s", err.text);
}

/* devices_room - arrays for all that was planned. */
static int devices_room(struct load *l, const struct load_device *devices, size_t count)
{
    struct config *c = l->config;
    size_t points = 0;

    for (size_t i = 0; i < count; i++)
        points += devices[i].point_count * devices[i].place_count;
    if (count > LOAD_DEVICES_MAX || points > LOAD_POINTS_MAX) {
        config_fault(l->src.faults, config_where(devices[0].node), "devices",
                     "%zu devices with %zu points are too many (allowed: %d and %d)",
                     count, points, LOAD_DEVICES_MAX, LOAD_POINTS_MAX);
        return 0;
    }
    c->devices = arena_alloc(l->src.arena, (count + 1) * sizeof(*c->devices));
    c->points = arena_alloc(l->src.arena, (points + 1) * sizeof(*c->points));
    c->refs = arena_alloc(l->src.arena, (points + 1) * sizeof(*c->refs));
    if (!c->devices || !c->points || !c->refs
        || text_map_new(points + 1, &l->point_names) < 0)
        return -ENOMEM;
    for (size_t i = 0; i < count; i++)
        if (devices[i].is_good)
            device_make(l, &devices[i]);
    load_twins(l, devices, count);
    return load_traits(l, devices, count);
}

int load_devices(struct load *l)
{
    size_t most = 0;
    size_t count = 0;
    int r = 0;

    for (size_t i = 0; i < l->devices.count; i++)
        most += config_count(load_section(l, l->devices.roots[i], "devices"));
    struct load_device *devices = calloc(most + 1, sizeof(*devices));
    if (!devices)
        return -ENOMEM;
    for (size_t i = 0; i < l->devices.count && r == 0; i++) {
        const struct config_node *list = load_section(l, l->devices.roots[i], "devices");
        for (size_t k = 0; k < config_count(list) && r == 0; k++) {
            devices[count].node = config_item(list, k);
            devices[count].path =
                config_path_item(&l->src, "devices", devices[count].node, k);
            r = device_read(l, &devices[count++]);
        }
    }
    if (r == 0 && count > 0)
        r = devices_room(l, devices, count);
    free(devices);
    return r;
}
