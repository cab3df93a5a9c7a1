/* What the drivers say of their devices, beside each other and beside the catalogue. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "config/load.h"
#include "config/quantity.h"

enum { DURATION_TEXT = 32 };

/* owner - a device and what it needs for itself. */
struct owner {
    const struct load_device *device;
    char thing[GW_NAME_MAX];
};

static void judge_doubt(struct load *l, const struct load_device *d,
                        const struct gw_traits *traits)
{
    const struct config_node *said =
        traits->doubt ? config_child(d->node, traits->doubted) : NULL;
    const char *path = arena_format(l->src.passing, "%s.%s", d->path, traits->doubted);
    if (said && path)
        config_warning(l->src.faults, config_where(said), path,
                       "%s; leave it where it is meant",
                       config_faults_say(l->src.faults, traits->doubt));
}

/* A device would be missed between two of its words. */
static void judge_patience(struct load *l, const struct load_device *d,
                           const struct gw_traits *traits)
{
    const struct config_node *said = config_child(d->node, "supervision");
    char again[DURATION_TEXT];
    if (d->timing.supervision_us == 0 || d->timing.supervision_us > traits->again_us)
        return;
    quantity_duration_text(traits->again_us, again, sizeof(again));
    config_warning(l->src.faults, config_where(said ? said : d->node), d->path,
                   "tells its state every %s, and would be missed in between (wanted: a "
                   "longer supervision, such as 1min)",
                   again);
}

/* What a template says has its source. */
static void judge_points(struct load *l, const struct load_device *d,
                         const struct config_device *device)
{
    const char *file = config_where(d->node).file;
    for (size_t i = 0; d->driver->doubt && i < device->ref.point_count; i++) {
        const struct config_point *p = &l->config->points[device->first_point + i];
        const char *doubt =
            strcmp(p->mark.file, file) == 0
                ? d->driver->doubt(d->options, device->ref.points[i].options)
                : NULL;
        if (doubt)
            config_warning(l->src.faults, p->mark, d->path,
                           "%s; leave it where it is meant",
                           config_faults_say(l->src.faults, doubt));
    }
}

/* A meter gives 100 to 10,000 pulses for what its metric counts in. */
static void judge_pulse(struct load *l, const struct load_device *d,
                        const struct config_point *p)
{
    if (p->scale == 1 && *p->metric->unit)
        config_warning(l->src.faults, p->mark, d->path,
                       "each pulse counts as 1 %s of '%s' (wanted: scale, such as 0.001 "
                       "where the meter gives 1000 pulses for it); leave it where it is "
                       "meant",
                       p->metric->unit, p->metric->name);
}

/* A count of 1 and more is no state: it would raise what no hand has touched. */
static void judge_count(struct load *l, const struct load_device *d,
                        const struct config_device *device)
{
    for (size_t i = 0; i < device->ref.point_count; i++) {
        const struct config_point *p = &l->config->points[device->first_point + i];
        if (p->metric->kind != METRIC_COUNTER)
            config_fault(l->src.faults, p->mark, d->path,
                         "counts pulses, and '%s' is no counter (allowed: a metric of "
                         "kind counter, such as energy; or no pulses)",
                         p->metric->name);
        else
            judge_pulse(l, d, p);
    }
}

static void judge_end(struct load *l, const struct load_device *d,
                      const struct config_device *device)
{
    const struct config_node *said = config_child(d->node, "max_on");
    for (size_t i = 0; i < device->ref.point_count; i++)
        if (l->config->points[device->first_point + i].is_writable)
            return;
    if (said)
        config_warning(l->src.faults, config_where(said), d->path,
                       "max_on ends nothing here: no point of the device is switched "
                       "(wanted: writable: true at one, or no max_on)");
}

static void judge_alone(struct load *l, const struct load_device *d,
                        const struct owner *owners, size_t count)
{
    const struct owner *mine = &owners[count];
    for (size_t i = 0; i < count; i++) {
        const struct config_node *other = owners[i].device->node;
        const struct config_mark mark = config_where(other);
        if (strcmp(owners[i].thing, mine->thing) != 0)
            continue;
        config_fault(l->src.faults, config_where(d->node), d->path,
                     "'%s' is that of '%s' at %s:%d:%d (allowed: one device each, which "
                     "reads it or switches it)",
                     mine->thing, config_scalar(config_child(other, "name")), mark.file,
                     mark.line, mark.column);
        return;
    }
}

int load_traits(struct load *l, const struct load_device *devices, size_t count)
{
    const struct config *c = l->config;
    struct owner *owners = calloc(count + 1, sizeof(*owners));
    size_t owner_count = 0;
    size_t made = 0; /* only the good ones are */
    if (!owners)
        return -ENOMEM;
    for (size_t i = 0; i < count; i++) {
        const struct load_device *d = &devices[i];
        struct gw_traits traits = {0};
        const struct config_device *device = d->is_good ? &c->devices[made++] : NULL;
        if (device)
            judge_points(l, d, device);
        if (!device || !d->driver->traits)
            continue;
        d->driver->traits(c->buses[d->bus].options, d->options, &traits);
        judge_doubt(l, d, &traits);
        judge_patience(l, d, &traits);
        if (traits.longest_us > 0)
            judge_end(l, d, device);
        if (traits.is_count)
            judge_count(l, d, device);
        if (!*traits.alone)
            continue;
        owners[owner_count].device = d;
        memcpy(owners[owner_count].thing, traits.alone, sizeof(traits.alone));
        judge_alone(l, d, owners, owner_count++);
    }
    free(owners);
    return 0;
}

int64_t config_longest_on(const struct config *c, const struct config_point *point)
{
    const struct config_device *device = &c->devices[point->device];
    const struct config_bus *bus = &c->buses[device->bus];
    struct gw_traits traits = {0};
    if (bus->driver->traits)
        bus->driver->traits(bus->options, device->ref.options, &traits);
    return traits.longest_us;
}
