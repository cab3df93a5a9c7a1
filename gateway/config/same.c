#include "config/same.h"

#include <string.h>

#include "config/diff.h"
#include "config/manual.h"
#include "config/value.h"

#define DEVICE(field) offsetof(struct config_device, field)
const struct gw_option same_device_options[] = {
    {.name = "template", .type = GW_OPT_STRING, .offset = DEVICE(template_name)},
    {.name = "period", .type = GW_OPT_DURATION, .offset = DEVICE(period_us)},
    {.name = "supervision", .type = GW_OPT_DURATION, .offset = DEVICE(supervision_us)},
    {.name = "urgent", .type = GW_OPT_BOOL, .offset = DEVICE(is_urgent)},
    {0},
};

#define POINT(field) offsetof(struct config_point, field)
const struct gw_option same_point_options[] = {
    {.name = "scale", .type = GW_OPT_NUMBER, .offset = POINT(scale)},
    {.name = "offset", .type = GW_OPT_NUMBER, .offset = POINT(offset)},
    {.name = "width", .type = GW_OPT_UINT, .offset = POINT(width)},
    {.name = "invalid", .type = GW_OPT_NUMBERS, .offset = POINT(invalid)},
    {.name = "stale", .type = GW_OPT_DURATION, .offset = POINT(stale_us)},
    {.name = "writable", .type = GW_OPT_BOOL, .offset = POINT(is_writable)},
    {0},
};

bool options_equal(const struct gw_option *options, const void *a, const void *b)
{
    for (const struct gw_option *o = options; o && o->name; o++)
        if (!value_equals(o, (const char *)a + o->offset, (const char *)b + o->offset))
            return false;
    return true;
}

/* What a number means: not its title, nor how long and how finely it is kept. */
static bool same_metric(const struct config_metric *a, const struct config_metric *b)
{
    static const char *const kept[] = {"title", "dead_band", "longest_silence",
                                       "security", NULL};
    for (const struct gw_option *o = metric_options; o->name; o++) {
        size_t i = 0;
        while (kept[i] && strcmp(kept[i], o->name) != 0)
            i++;
        if (!kept[i]
            && !value_equals(o, (const char *)a + o->offset, (const char *)b + o->offset))
            return false;
    }
    return true;
}

static const struct config_bus *find_bus(const struct config *c, const char *name,
                                         uint32_t *ret_index)
{
    for (size_t i = 0; i < c->bus_count; i++)
        if (strcmp(c->buses[i].name, name) == 0) {
            *ret_index = (uint32_t)i;
            return &c->buses[i];
        }
    return NULL;
}

static const struct gw_point_ref *find_point(const struct gw_device_ref *device,
                                             const char *name)
{
    for (size_t i = 0; i < device->point_count; i++)
        if (strcmp(device->points[i].name, name) == 0)
            return &device->points[i];
    return NULL;
}

/* What a command makes of a value before the driver sees it. */
static bool same_output(const struct config_point *a, const struct config_point *b)
{
    return a->is_writable == b->is_writable
           && (!a->is_writable
               || (a->scale == b->scale && a->offset == b->offset
                   && same_metric(a->metric, b->metric)));
}

static bool same_points(const struct config *before, const struct config_device *a,
                        const struct config *after, const struct config_device *b)
{
    const struct gw_option *options = after->buses[b->bus].driver->point_options;
    bool is_same = a->ref.point_count == b->ref.point_count;
    for (size_t i = 0; is_same && i < a->ref.point_count; i++) {
        const struct gw_point_ref *x = &a->ref.points[i];
        const struct gw_point_ref *y = find_point(&b->ref, x->name);
        is_same =
            y && options_equal(options, x->options, y->options)
            && same_output(&before->points[a->first_point + i],
                           &after->points[b->first_point + (size_t)(y - b->ref.points)]);
    }
    return is_same;
}

static const struct config_device *find_device(const struct config *c, uint32_t bus,
                                               const char *name)
{
    for (size_t i = 0; i < c->device_count; i++)
        if (c->devices[i].bus == bus && strcmp(c->devices[i].name, name) == 0)
            return &c->devices[i];
    return NULL;
}

static size_t count_devices(const struct config *c, uint32_t bus)
{
    size_t count = 0;
    for (size_t i = 0; i < c->device_count; i++)
        count += c->devices[i].bus == bus;
    return count;
}

/* Buses are known by it at their brokers. */
static bool same_gateway(const struct config *before, const struct config *after)
{
    const char *a = config_gateway_id(before);
    const char *b = config_gateway_id(after);
    return a == b || (a && b && strcmp(a, b) == 0);
}

bool config_same_bus(const struct config *before, const struct config *after,
                     const char *name)
{
    uint32_t x = 0;
    uint32_t y = 0;
    const struct config_bus *a = find_bus(before, name, &x);
    const struct config_bus *b = find_bus(after, name, &y);
    bool is_same = a && b && same_gateway(before, after) && a->driver == b->driver
                   && options_equal(b->driver->bus_options, a->options, b->options)
                   && count_devices(before, x) == count_devices(after, y);
    for (size_t i = 0; is_same && i < before->device_count; i++) {
        const struct config_device *old = &before->devices[i];
        if (old->bus != x)
            continue;
        const struct config_device *new = find_device(after, y, old->name);
        is_same = new && old->is_urgent == new->is_urgent
                  && old->ref.period_us
                         == new->ref.period_us &&options_equal(b->driver->device_options,
                                                               old->ref.options,
                                                               new->ref.options)
                  && same_points(before, old, after, new);
    }
    return is_same;
}

bool config_same_value(const struct config *before, const struct config_point *a,
                       const struct config *after, const struct config_point *b)
{
    const struct config_device *x = &before->devices[a->device];
    const struct config_device *y = &after->devices[b->device];
    const struct gw_driver *driver = after->buses[y->bus].driver;
    return before->buses[x->bus].driver == driver
           && strcmp(before->buses[x->bus].name, after->buses[y->bus].name) == 0
           && a->scale == b->scale && a->offset == b->offset && a->width == b->width
           && same_metric(a->metric, b->metric)
           && options_equal(driver->device_options, x->ref.options, y->ref.options)
           && options_equal(driver->point_options,
                            before->refs[a - before->points].options,
                            after->refs[b - after->points].options);
}
