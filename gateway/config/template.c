#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "config/layers.h"
#include "config/load.h"
#include "config/manual.h"

#define TEMPLATE(field) offsetof(struct load_template, field)
const struct gw_option template_options[] = {
    {.name = "template",
     .type = GW_OPT_ID,
     .offset = TEMPLATE(name),
     .required = true,
     .help = "its name"},
    {.name = "title",
     .type = GW_OPT_TEXT,
     .offset = TEMPLATE(title),
     .required = true,
     .help = "for people"},
    {.name = "source",
     .type = GW_OPT_STRING,
     .offset = TEMPLATE(source),
     .help = "where the map was read, and how sure it is"},
    {.name = "driver",
     .type = GW_OPT_STRINGS,
     .offset = TEMPLATE(drivers),
     .required = true,
     .min = 1,
     .max = 16,
     .help = "the driver it is for; \"modbus\" stands for every modbus-…"},
    {.name = "device",
     .type = GW_OPT_NODE,
     .offset = TEMPLATE(device),
     .help = "the driver's device options, as defaults of the device"},
    {.name = "points",
     .type = GW_OPT_NODE,
     .offset = TEMPLATE(points),
     .help = "what the device tells"},
    {0},
};

/* driver_matches - @name is @driver's, or that of its family. */
static bool driver_matches(const char *name, const char *driver)
{
    size_t size = strlen(name);
    return strncmp(name, driver, size) == 0
           && (driver[size] == '\0' || driver[size] == '-');
}

bool load_template_fits(const struct load_template *t, const struct gw_driver *driver)
{
    for (size_t i = 0; i < t->drivers.count; i++)
        if (driver_matches(t->drivers.items[i], driver->name))
            return true;
    return false;
}

/* template_check - the device's part against the driver's tables, without a device;
 * what is missing may still come from the device. */
static void template_check(struct load *l, const struct load_template *t,
                           const struct gw_driver *driver)
{
    struct load_timing timing = {0};
    const struct layer keys = {
        .node = t->device, .path = "device", .also = driver->device_options};
    const struct layer values = {.node = t->device, .path = "device", .is_open = true};
    struct config_source judged = l->src;
    judged.arena = l->src.passing; /* what is read here is not kept */
    void *scratch = arena_alloc(judged.arena, driver->device_size + 1);

    if (!scratch)
        return;
    layers_fill(&judged, &keys, 1, device_timing_options, &timing, false);
    layers_fill(&judged, &values, 1, driver->device_options, scratch, false);
    for (size_t i = 0; i < config_count(t->points); i++) {
        const struct config_node *node = config_item(t->points, i);
        load_point_judge(l, driver, node, load_point_path(l, "points", node, i));
    }
}

/* template_drivers - every driver it names is there; checks it against the first. */
static bool template_drivers(struct load *l, const struct load_template *t,
                             const struct config_node *root)
{
    const struct gw_driver *first = NULL;
    const struct config_node *node = config_child(root, "driver");

    for (size_t i = 0; i < t->drivers.count; i++) {
        struct suggest near = {.wanted = t->drivers.items[i]};
        const struct gw_driver *found = NULL;
        for (size_t k = 0; l->modules->drivers[k] && !found; k++) {
            suggest_offer(&near, l->modules->drivers[k]->name);
            if (driver_matches(near.wanted, l->modules->drivers[k]->name))
                found = l->modules->drivers[k];
        }
        if (!found) {
            load_unknown(l, config_where(node), "driver", "driver", &near);
            return false;
        }
        first = first ? first : found;
    }
    if (first)
        template_check(l, t, first);
    return first != NULL;
}

static int template_load(struct load *l, const struct config_node *root)
{
    struct load_template *t = &l->template_items[l->template_count];
    struct config_mark mark = config_where(config_child(root, "template"));
    bool is_good = config_fill(&l->src, root, "", template_options, t, NULL);

    if (is_good && t->points && !config_is_list(t->points)) {
        config_fault(l->src.faults, config_where(t->points), "points",
                     "a mapping stands here (allowed: a list)");
        is_good = false;
    }
    if (is_good)
        is_good = template_drivers(l, t, root);
    if (!t->name)
        return 0;
    int r = text_map_put(l->template_names, t->name,
                         is_good ? (uint32_t)l->template_count : LOAD_FAULTY);
    if (r == -EEXIST)
        config_fault(l->src.faults, mark, "template",
                     "'%s' is already the name of another template (allowed: one name "
                     "once)",
                     t->name);
    if (r == 0 && is_good)
        l->template_count++;
    return r == -ENOMEM ? r : 0;
}

int load_templates(struct load *l)
{
    int r = text_map_new(l->templates.count + 1, &l->template_names);

    l->template_items =
        arena_alloc(l->src.arena, (l->templates.count + 1) * sizeof(*l->template_items));
    if (!l->template_items)
        return -ENOMEM;
    for (size_t i = 0; i < l->templates.count && r == 0; i++)
        r = template_load(l, l->templates.roots[i]);
    return r;
}
