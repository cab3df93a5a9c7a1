#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "config/layers.h"
#include "config/load.h"
#include "config/manual.h"

/* A polled point is stale after three missed turns, but not before this (DOMAIN 1.1). */
static const int64_t STALE_LEAST_US = 180000000;
static const int64_t STALE_PERIODS = 3;

#define POINT(field) offsetof(struct load_point, field)
const struct gw_option point_options[] = {
    {.name = "metric",
     .type = GW_OPT_ID,
     .offset = POINT(metric),
     .required = true,
     .help = "what it measures: a name of metrics.yaml"},
    {.name = "name",
     .type = GW_OPT_ID,
     .offset = POINT(name),
     .help = "where a place has several of the metric: desk_lux.window"},
    {.name = "scale",
     .type = GW_OPT_NUMBER,
     .offset = POINT(scale),
     .fallback = "1",
     .help = "value = raw * scale + offset"},
    {.name = "offset",
     .type = GW_OPT_NUMBER,
     .offset = POINT(offset),
     .fallback = "0",
     .help = "value = raw * scale + offset"},
    {.name = "width",
     .type = GW_OPT_UINT,
     .offset = POINT(width),
     .min = 0,
     .max = 64,
     .fallback = "0",
     .help = "counters: bits before it rolls over, 0 = it does not"},
    {.name = "invalid",
     .type = GW_OPT_NUMBERS,
     .offset = POINT(invalid),
     .min = 0,
     .max = 16,
     .help = "raw values that mean \"no value\""},
    {.name = "stale",
     .type = GW_OPT_DURATION,
     .offset = POINT(stale_us),
     .min = 0,
     .max = 31 * 86400e6,
     .help = "silent for longer: stale, 0s = never; the larger of 3 periods and 180s "
             "unless said, for event sources the device's supervision"},
    {.name = "writable",
     .type = GW_OPT_BOOL,
     .offset = POINT(is_writable),
     .help = "an output: commands may change it; false unless said or the driver knows "
             "it for an output"},
    {0},
};

static bool same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static const char *node_metric(const struct config_node *node)
{
    return config_scalar(config_child(node, "metric"));
}

static const char *node_name(const struct config_node *node)
{
    return config_scalar(config_child(node, "name"));
}

const char *load_point_path(struct load *l, const char *path,
                            const struct config_node *node, size_t index)
{
    const char *metric = node_metric(node);
    const char *name = node_name(node);

    if (!metric)
        return arena_format(l->src.passing, "%s[%zu]", path, index);
    return arena_format(l->src.passing, "%s.%s%s%s", path, metric, name ? "." : "",
                        name ? name : "");
}

/* point_metric - the catalogue's entry; a fault when there is none. */
static const struct config_metric *point_metric(struct load *l,
                                                const struct config_node *node,
                                                const char *path, const char *name)
{
    const struct config_metric *metric = config_metric(l->config, name);
    struct suggest near = {.wanted = name};

    for (size_t i = 0; !metric && i < l->config->metric_count; i++)
        suggest_offer(&near, l->config->metrics[i].name);
    if (!metric && l->metrics.count > 0)
        load_unknown(l, config_where(config_child(node, "metric")), path, "metric",
                     &near);
    return metric;
}

/* Every reading would be the offset, and no raw value what a command wants. */
static void point_scale(struct load *l, const struct config_node *node, const char *path,
                        double scale)
{
    const struct config_node *said = config_child(node, "scale");
    if (said && scale == 0)
        config_fault(l->src.faults, config_where(said), path,
                     "'scale: 0' makes every reading the same (allowed: any other "
                     "number, 1 unless said)");
}

void load_point_judge(struct load *l, const struct gw_driver *driver,
                      const struct config_node *node, const char *path)
{
    struct config_source judged = l->src;
    struct load_point core = {0};
    const struct layer keys = {
        .node = node,
        .path = path,
        .also = driver ? driver->point_options : NULL,
        .is_open = !driver,
    };

    judged.arena = l->src.passing; /* what is read here is not kept */
    if (layers_fill(&judged, &keys, 1, point_options, &core, true)) {
        point_metric(l, node, path, core.metric);
        point_scale(l, node, path, core.scale);
    }
    if (!driver || !config_is_map(node))
        return;
    const struct layer values = {.node = node, .path = path, .is_open = true};
    void *scratch = arena_alloc(l->src.passing, driver->point_size + 1);
    if (scratch)
        layers_fill(&judged, &values, 1, driver->point_options, scratch, false);
}

/* plan_find - the entry of the same metric[.name] so far, or NULL. */
static struct load_point_plan *plan_find(const struct load_device *d,
                                         const struct config_node *node)
{
    for (size_t i = 0; i < d->point_count; i++) {
        const struct load_point_plan *p = &d->points[i];
        const struct config_node *other = p->own ? p->own : p->base;
        if (same_text(node_metric(other), node_metric(node))
            && same_text(node_name(other), node_name(node)))
            return &d->points[i];
    }
    return NULL;
}

static void plan_twice(struct load *l, const struct config_node *node, const char *path,
                       const struct config_node *first)
{
    config_fault(l->src.faults, config_where(node), path,
                 "stands twice in this list, first at line %d (allowed: once; two of a "
                 "metric need a 'name')",
                 config_where(first).line);
}

static void plan_base(struct load *l, struct load_device *d,
                      const struct config_node *list)
{
    for (size_t i = 0; i < config_count(list); i++) {
        const struct config_node *node = config_item(list, i);
        const char *path = load_point_path(l, "points", node, i);
        const struct load_point_plan *twin = plan_find(d, node);
        if (!node_metric(node))
            continue; /* reported when the template was read */
        if (twin)
            plan_twice(l, node, path, twin->base);
        else
            d->points[d->point_count++] =
                (struct load_point_plan){.base = node, .base_path = path};
    }
}

static void plan_own(struct load *l, struct load_device *d,
                     const struct config_node *list)
{
    const char *base = arena_format(l->src.passing, "%s.points", d->path);

    for (size_t i = 0; base && i < config_count(list); i++) {
        const struct config_node *node = config_item(list, i);
        const char *path = load_point_path(l, base, node, i);
        load_point_judge(l, d->driver, node, path);
        if (!node_metric(node))
            continue;
        struct load_point_plan *twin = plan_find(d, node);
        if (twin && twin->own) {
            plan_twice(l, node, path, twin->own);
        } else {
            if (!twin)
                twin = &d->points[d->point_count++];
            twin->own = node;
            twin->own_path = path;
        }
    }
}

int load_points_plan(struct load *l, struct load_device *d)
{
    const struct config_node *base = d->template ? d->template->points : NULL;
    const struct config_node *own = config_child(d->node, "points");

    if (own && !config_is_list(own)) {
        config_fault(l->src.faults, config_where(own), d->path,
                     "'points' is no list (allowed: a list of mappings)");
        own = NULL;
    }
    d->points = arena_alloc(l->src.passing, (config_count(base) + config_count(own) + 1)
                                                * sizeof(*d->points));
    if (!d->points)
        return -ENOMEM;
    plan_base(l, d, base);
    plan_own(l, d, own);
    if (d->is_good && d->point_count == 0)
        config_fault(l->src.faults, config_where(d->node), d->path,
                     "has no points (allowed: a template with points, or points: […])");
    return 0;
}

/* That nobody presses a button is no silence: of a device that tells by itself, points
 * that are not events show that it lives. */
static int64_t point_stale(const struct load_device *d, const struct load_point_plan *p,
                           const struct load_point *core,
                           const struct config_metric *metric)
{
    if (config_child(p->own, "stale") || config_child(p->base, "stale"))
        return core->stale_us;
    if (d->timing.supervision_us > 0 || !d->driver->poll)
        return metric->kind == METRIC_EVENT ? 0 : d->timing.supervision_us;
    int64_t periods = STALE_PERIODS * d->timing.period_us;
    return periods > STALE_LEAST_US ? periods : STALE_LEAST_US;
}

/* point_is_writable - what is said, where the driver lets it be said. */
static bool point_is_writable(struct load *l, const struct load_device *d,
                              const struct load_point_plan *p,
                              const struct load_point *core, const void *options)
{
    const struct gw_driver *driver = d->driver;
    enum gw_direction direction = driver->write ? GW_EITHER : GW_INPUT;
    const struct config_node *said = config_child(p->own, "writable");
    const char *path = said ? p->own_path : p->base_path;
    if (!said)
        said = config_child(p->base, "writable");
    if (driver->write && driver->direction)
        direction = driver->direction(d->options, options);
    if (direction == GW_INPUT && core->is_writable)
        config_fault(l->src.faults, config_where(said), path,
                     "'writable: true' stands at a point that %s only reads (allowed: at "
                     "an output)",
                     driver->name);
    return said ? core->is_writable : direction == GW_OUTPUT;
}

/* point_full_name - "<place>/<metric>[.<name>]"; the device's name for its points stands
 * before their own: "window", "low" or "window-low". */
static const char *point_full_name(struct load *l, const char *of_device,
                                   const struct load_point *core, const char *place)
{
    const char *of_all = of_device ? of_device : "";
    const char *own = core->name ? core->name : "";

    return arena_format(l->src.arena, "%s/%s%s%s%s%s", place, core->metric,
                        *of_all || *own ? "." : "", of_all, *of_all && *own ? "-" : "",
                        own);
}

/* point_take_name - its full name, which nobody may have yet. */
static const char *point_take_name(struct load *l, const char *name,
                                   const struct config_point *point, const char *path)
{
    const struct config *c = l->config;
    if (!name)
        return NULL;
    if (strlen(name) >= GW_NAME_MAX) {
        config_fault(l->src.faults, point->mark, path,
                     "'%s' is too long (allowed: %d letters)", name, GW_NAME_MAX - 1);
        return NULL;
    }
    uint32_t taken = text_map_get(l->point_names, name);
    if (taken != UINT32_MAX) {
        const struct config_point *other = &c->points[taken];
        config_fault(l->src.faults, point->mark, path,
                     "point '%s' is fed by '%s' already, at %s:%d:%d (allowed: one "
                     "source a point; 'point_name: …' at a device tells its points from "
                     "those of another)",
                     name, c->devices[other->device].name, other->mark.file,
                     other->mark.line, other->mark.column);
        return NULL;
    }
    if (text_map_put(l->point_names, name, (uint32_t)c->point_count) < 0)
        return NULL;
    return name;
}

/* point_add - one more point; its driver's options are its own copy. */
static void point_add(struct load *l, const struct load_device *d,
                      const struct config_point *point, const void *options)
{
    struct config *c = l->config;
    size_t size = d->driver->point_size;
    void *own = size > 0 ? arena_copy(l->src.arena, options, size) : NULL;

    c->points[c->point_count] = *point;
    c->refs[c->point_count++] = (struct gw_point_ref){
        .name = point->name,
        .place = point->place,
        .metric = point->metric->name,
        .options = own,
    };
}

static void points_of_plan(struct load *l, const struct load_device *d,
                           const struct load_point_plan *p, uint32_t device)
{
    struct load_point core = {0};
    const struct layer layers[] = {
        {.node = p->base, .path = p->base_path, .is_open = true},
        {.node = p->own,
         .path = p->own_path ? p->own_path : p->base_path,
         .is_open = true},
    };
    const struct layer *only = p->base ? layers : layers + 1;
    size_t count = p->base && p->own ? 2 : 1;
    void *options = arena_alloc(l->src.passing, d->driver->point_size + 1);

    bool is_good =
        options && layers_fill(&l->src, only, count, point_options, &core, true);
    is_good =
        options
        && layers_fill(&l->src, only, count, d->driver->point_options, options, true)
        && is_good;
    const struct config_metric *metric =
        is_good ? config_metric(l->config, core.metric) : NULL;
    bool is_writable = metric && point_is_writable(l, d, p, &core, options);
    for (size_t i = 0; metric && i < d->place_count; i++) {
        struct config_point point = {
            .place = d->places[i],
            .metric = metric,
            .device = device,
            .scale = core.scale,
            .offset = core.offset,
            .width = core.width,
            .invalid = core.invalid,
            .stale_us = point_stale(d, p, &core, metric),
            .is_writable = is_writable,
            .mark = config_where(p->own ? p->own : d->node),
        };
        point.name =
            point_take_name(l, point_full_name(l, d->point_name, &core, point.place),
                            &point, p->own ? p->own_path : d->path);
        if (point.name)
            point_add(l, d, &point, options);
    }
}

void load_points(struct load *l, const struct load_device *d, uint32_t index)
{
    for (size_t i = 0; i < d->point_count; i++)
        points_of_plan(l, d, &d->points[i], index);
}
