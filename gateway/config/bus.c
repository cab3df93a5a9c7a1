#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "config/layers.h"
#include "config/load.h"
#include "config/manual.h"

struct bus_core {
    const char *name;
    const char *driver;
};

const struct gw_option bus_options[] = {
    {.name = "name",
     .type = GW_OPT_ID,
     .offset = offsetof(struct bus_core, name),
     .required = true,
     .help = "its name"},
    {.name = "driver",
     .type = GW_OPT_ID,
     .offset = offsetof(struct bus_core, driver),
     .required = true,
     .help = "who speaks on it"},
    {0},
};

const struct gw_driver *load_driver(const struct load *l, const char *name)
{
    for (size_t i = 0; name && l->modules->drivers[i]; i++)
        if (strcmp(l->modules->drivers[i]->name, name) == 0)
            return l->modules->drivers[i];
    return NULL;
}

static void bus_unknown_driver(struct load *l, const struct config_node *node,
                               const char *path, const char *name)
{
    struct suggest near = {.wanted = name};

    for (size_t i = 0; l->modules->drivers[i]; i++)
        suggest_offer(&near, l->modules->drivers[i]->name);
    load_unknown(l, config_where(config_child(node, "driver")), path, "driver", &near);
}

/* bus_options_load - the driver's own options; NULL when they are faulty. */
static void *bus_options_load(struct load *l, const struct config_node *node,
                              const char *path, const struct gw_driver *driver)
{
    const struct layer own = {.node = node, .path = path, .is_open = true};
    void *options = arena_alloc(l->src.arena, driver->bus_size + 1);
    struct gw_error err = {0};

    if (!options || !layers_fill(&l->src, &own, 1, driver->bus_options, options, true))
        return NULL;
    if (driver->check_bus && driver->check_bus(options, &err) < 0) {
        config_fault(l->src.faults, config_where(node), path, "%s", err.text);
        return NULL;
    }
    return options;
}

static int bus_load(struct load *l, const struct config_node *node, const char *path)
{
    struct bus_core core = {0};
    struct config *c = l->config;
    const char *driver_name = config_scalar(config_child(node, "driver"));
    const struct gw_driver *driver = load_driver(l, driver_name);
    const struct layer judged = {
        .node = node,
        .path = path,
        .also = driver ? driver->bus_options : NULL,
        .is_open = !driver,
    };

    (void)layers_fill(&l->src, &judged, 1, bus_options, &core, true); /* says so itself */

    if (core.driver && !driver)
        bus_unknown_driver(l, node, path, core.driver);
    void *options = driver ? bus_options_load(l, node, path, driver) : NULL;
    if (!core.name)
        return 0;
    struct config_mark mark = config_where(config_child(node, "name"));
    if (!load_object_add(l, "bus", core.name, mark, path))
        return 0;
    if (c->bus_count == LOAD_BUSES_MAX)
        config_fault(l->src.faults, mark, path, "one bus too many (allowed: %d)",
                     LOAD_BUSES_MAX);
    /* Without options a bus is faulty, but its devices can be judged by its driver. */
    bool is_kept = driver && c->bus_count < LOAD_BUSES_MAX;
    int r = text_map_put(l->bus_names, core.name,
                         is_kept ? (uint32_t)c->bus_count : LOAD_FAULTY);
    if (r == 0 && is_kept)
        c->buses[c->bus_count++] = (struct config_bus){
            .name = core.name, .driver = driver, .options = options, .mark = mark};
    return r;
}

int load_buses(struct load *l)
{
    int r = text_map_new(LOAD_BUSES_MAX, &l->bus_names);

    l->config->buses =
        arena_alloc(l->src.arena, LOAD_BUSES_MAX * sizeof(*l->config->buses));
    if (!l->config->buses)
        return -ENOMEM;
    for (size_t i = 0; i < l->devices.count && r == 0; i++) {
        const struct config_node *list = load_section(l, l->devices.roots[i], "buses");
        for (size_t k = 0; k < config_count(list) && r == 0; k++) {
            const struct config_node *node = config_item(list, k);
            r = bus_load(l, node, config_path_item(&l->src, "buses", node, k));
        }
    }
    return r;
}
