#include "pipeline/plugin_host.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/strbuf.h"
#include "pipeline/plugin_slots.h"

/* So long without a slow call a plugin is quick again. */
enum { QUICK_MINUTES = 60 };

struct plugin_common {
    bool is_enabled;
};

const struct gw_option plugin_common_options[] = {
    {.name = "enabled",
     .type = GW_OPT_BOOL,
     .offset = offsetof(struct plugin_common, is_enabled),
     .fallback = "true",
     .help = "false turns the plugin off"},
    {0},
};
const struct config_node *plugin_section(const struct config *config, const char *plugin)
{
    const struct config_node *all =
        config->gateway ? config_child(config->gateway, "plugins") : NULL;
    return all && plugin ? config_child(all, plugin) : all;
}

static const struct gw_option *options_of(const struct gw_plugin *plugin)
{
    static const struct gw_option none[] = {{0}};
    return plugin->options ? plugin->options : none;
}

static size_t option_count(const struct gw_option *options)
{
    size_t n = 0;
    while (options[n].name)
        n++;
    return n;
}

static size_t list_count(const struct gw_option_list *lists)
{
    size_t n = 0;
    while (lists && lists[n].name)
        n++;
    return n;
}

/* The tables share one mapping: each must accept the others' keys. */
static const char **accepted(struct arena *arena, const struct gw_plugin *plugin)
{
    const struct gw_option *options = options_of(plugin);
    size_t n = option_count(options);
    size_t m = list_count(plugin->lists);
    const char **keys = arena_alloc(arena, (n + m + 2) * sizeof(*keys));
    for (size_t i = 0; keys && i < n; i++)
        keys[i] = options[i].name;
    for (size_t i = 0; keys && i < m; i++)
        keys[n + i] = plugin->lists[i].name;
    if (keys)
        keys[n + m] = plugin_common_options[0].name;
    return keys;
}

static bool fill_list(struct config_source *src, const struct config_node *node,
                      const char *path, const struct gw_option_list *list,
                      struct gw_rows *ret)
{
    const char *at = arena_format(src->arena, "%s.%s", path, list->name);
    size_t count = config_count(node);
    char *rows = arena_alloc(src->arena, (count + 1) * list->row_size);
    bool is_good = true;
    if (!at || !rows)
        return false;
    if (!config_is_list(node)) {
        config_fault(src->faults, config_where(node), at, "a list of mappings is needed");
        return false;
    }
    for (size_t i = 0; i < count; i++)
        is_good &= config_fill(src, config_item(node, i), at, list->options,
                               rows + i * list->row_size, NULL);
    *ret = (struct gw_rows){.items = rows, .count = count};
    return is_good;
}

static bool fill_lists(struct config_source *src, const struct config_node *node,
                       const char *path, const struct gw_plugin *plugin, void *self)
{
    bool is_good = true;
    for (size_t i = 0; i < list_count(plugin->lists); i++) {
        const struct gw_option_list *list = &plugin->lists[i];
        const struct config_node *child = config_child(node, list->name);
        struct gw_rows *rows = (void *)((char *)self + list->offset);
        if (child)
            is_good &= fill_list(src, child, path, list, rows);
    }
    return is_good;
}

/* returns 1 = filled, 0 = turned off or faulty, or -ENOMEM */
static int fill_options(struct plugin_host *h, struct gw_host *slot,
                        struct config_faults *faults)
{
    const struct gw_plugin *plugin = slot->plugin;
    struct config_source src = {.arena = h->arena, .faults = faults};
    const struct config_node *node = plugin_section(h->setup.config, plugin->name);
    const struct gw_option *options = options_of(plugin);
    const char *path = arena_format(h->arena, "plugins.%s", plugin->name);
    const char **keys = accepted(h->arena, plugin);
    struct plugin_common common = {.is_enabled = true};
    if (!path || !keys)
        return -ENOMEM;
    if (node)
        (void)config_fill(&src, node, path, plugin_common_options, &common, keys);
    if (!common.is_enabled)
        return 0;
    slot->self = calloc(1, plugin->instance_size > 0 ? plugin->instance_size : 1);
    if (!slot->self)
        return -ENOMEM;
    if (!node) {
        config_defaults(&src, options, slot->self);
        return 1;
    }
    bool is_good = config_fill(&src, node, path, options, slot->self, keys);
    return fill_lists(&src, node, path, plugin, slot->self) && is_good ? 1 : 0;
}

struct config_mark plugin_section_mark(const struct config *config, const char *plugin)
{
    const struct config_node *node = plugin_section(config, plugin);
    if (node)
        return config_where(node);
    return (struct config_mark){.file = "gateway.yaml", .line = 1, .column = 1};
}

static void stop(struct gw_host *slot)
{
    if (slot->self && slot->plugin->stop)
        slot->plugin->stop(slot->self);
    free(slot->self);
    slot->self = NULL;
}

/* Everything that the catalogue lacks at once, or else what start() said. */
static void fault_start(const struct plugin_host *h, struct gw_host *slot,
                        const char *text, struct config_faults *faults)
{
    const char *plugin = slot->plugin->name;
    char *lacking = strbuf_take(&slot->lacking);
    struct config_mark mark = plugin_section_mark(h->setup.config, plugin);
    if (lacking && *lacking)
        config_fault(
            faults, mark, "plugins",
            "plugin '%s' makes points of metrics that metrics.yaml lacks: %s "
            "(allowed: to define them there, as the metrics.yaml of this version "
            "does, or in a file of yours in metrics.d/)",
            plugin, lacking);
    else
        config_fault(faults, mark, "plugins", "%s", text);
    free(lacking);
    stop(slot);
}

static int start(struct plugin_host *h, const struct gw_plugin *plugin,
                 struct config_faults *faults)
{
    struct gw_host *slot = &h->slots[h->count];
    *slot = (struct gw_host){
        .host = h, .plugin = plugin, .index = h->count, .due_us = INT64_MAX};
    (void)snprintf(slot->owner, sizeof(slot->owner), "plugin/%s", plugin->name);
    h->count++;
    int r = fill_options(h, slot, faults);
    if (r <= 0) {
        free(slot->self); /* never started */
        slot->self = NULL;
        return r;
    }
    struct gw_error err = {0};
    slot->is_starting = true;
    slot->faults = faults;
    r = plugin->start ? plugin->start(slot->self, slot, &err) : 0;
    slot->is_starting = false;
    slot->faults = NULL;
    if (r < 0 || slot->lacking.text)
        fault_start(h, slot, err.text, faults);
    return 0;
}

static bool is_plugin(const struct plugin_host *h, const char *name)
{
    for (unsigned i = 0; i < h->count; i++)
        if (strcmp(h->slots[i].plugin->name, name) == 0)
            return true;
    return false;
}

static void check_names(const struct plugin_host *h, struct config_faults *faults)
{
    const struct config_node *all = plugin_section(h->setup.config, NULL);
    struct strbuf allowed = {0};
    for (unsigned i = 0; i < h->count; i++)
        strbuf_format(&allowed, "%s%s", i > 0 ? ", " : "", h->slots[i].plugin->name);
    for (size_t i = 0; all && i < config_count(all); i++)
        if (!is_plugin(h, config_key(all, i)))
            config_fault(faults, config_where(config_value(all, i)), "plugins",
                         "unknown plugin '%s' (%s)", config_key(all, i),
                         allowed.text ? allowed.text : "none is built in");
    strbuf_free(&allowed);
}

int plugin_host_new(const struct plugin_host_setup *setup, struct config_faults *faults,
                    struct plugin_host **ret)
{
    struct plugin_host *h = calloc(1, sizeof(*h));
    if (!h)
        return -ENOMEM;
    h->setup = *setup;
    int r = arena_new(&h->arena);
    for (size_t i = 0; r == 0 && setup->plugins && setup->plugins[i]; i++)
        r = h->count < PLUGINS_MAX ? start(h, setup->plugins[i], faults) : -E2BIG;
    if (r < 0) {
        plugin_host_free(h);
        return r;
    }
    check_names(h, faults);
    struct gw_error err = {0};
    if (plugin_commands_gather(h, &err) < 0)
        config_fault(faults, plugin_section_mark(h->setup.config, NULL), "plugins", "%s",
                     err.text);
    *ret = h;
    return 0;
}

struct plugin_host *plugin_host_free(struct plugin_host *h)
{
    if (!h)
        return NULL;
    for (unsigned i = h->count; i-- > 0;) {
        stop(&h->slots[i]);
        plugin_state_done(&h->slots[i].state);
    }
    free(h->marks);
    arena_free(h->arena);
    free(h);
    return NULL;
}

void plugin_host_rest(struct plugin_host *h)
{
    for (unsigned i = 0; i < h->count; i++)
        stop(&h->slots[i]);
}

int plugin_host_restore(struct plugin_host *h, const char *plugin, const char *key,
                        const void *bytes, size_t size)
{
    for (unsigned i = 0; i < h->count; i++)
        if (strcmp(h->slots[i].plugin->name, plugin) == 0)
            return plugin_state_put(&h->slots[i].state, key, bytes, size);
    return -ENOENT;
}

void plugin_end_call(struct gw_host *slot, int64_t began_us)
{
    int64_t took_us = clock_machine_us() - began_us;
    if (took_us <= PLUGIN_SLOW_US)
        return;
    slot->quick = 0;
    gw_complain(&slot->slowness, (struct gw_subject){"PLUGIN", slot->plugin->name},
                "plugin '%s' held everything up for %.1f ms (at most %d ms a call)",
                slot->plugin->name, (double)took_us / 1000.0, PLUGIN_SLOW_US / 1000);
}

void plugin_host_restored(struct plugin_host *h)
{
    for (unsigned i = 0; i < h->count; i++)
        if (h->slots[i].self && h->slots[i].plugin->restored)
            h->slots[i].plugin->restored(h->slots[i].self);
}

void plugin_host_state_away(struct plugin_host *h)
{
    h->is_state_away = true;
}

void plugin_host_keep(struct plugin_host *h)
{
    for (unsigned i = 0; i < h->count; i++)
        if (h->slots[i].self && h->slots[i].plugin->keep)
            h->slots[i].plugin->keep(h->slots[i].self);
}

void plugin_host_take_over(struct plugin_host *h, struct plugin_host *old)
{
    plugin_host_keep(old);
    for (unsigned i = 0; i < h->count; i++)
        for (unsigned k = 0; k < old->count; k++) {
            struct gw_host *slot = &h->slots[i];
            struct gw_host *from = &old->slots[k];
            if (strcmp(slot->plugin->name, from->plugin->name) != 0)
                continue;
            slot->state = from->state;
            from->state = (struct plugin_state){0};
            slot->slowness = from->slowness;
            slot->quick = from->quick;
        }
    plugin_host_restored(h);
}

void plugin_host_reading(struct plugin_host *h, const struct gw_reading *reading)
{
    size_t index = point_table_index(h->setup.points, reading->point);
    if (index >= h->mark_count)
        return;
    uint64_t watchers = h->marks[index].watchers;
    for (unsigned i = 0; i < h->count; i++) {
        struct gw_host *slot = &h->slots[i];
        if (!(watchers >> i & 1) || !slot->self || !slot->plugin->on_reading)
            continue;
        int64_t began_us = clock_machine_us();
        slot->plugin->on_reading(slot->self, reading);
        plugin_end_call(slot, began_us);
    }
}

void plugin_host_alarm(struct plugin_host *h, const struct gw_transition *transition)
{
    for (unsigned i = 0; i < h->count; i++) {
        struct gw_host *slot = &h->slots[i];
        if (!slot->self || !slot->plugin->on_alarm)
            continue;
        int64_t began_us = clock_machine_us();
        slot->plugin->on_alarm(slot->self, transition);
        plugin_end_call(slot, began_us);
    }
}

void plugin_host_phase(struct plugin_host *h, const char *object,
                       const struct gw_phase *phase)
{
    for (unsigned i = 0; i < h->count; i++) {
        struct gw_host *slot = &h->slots[i];
        if (!slot->self || !slot->plugin->on_phase)
            continue;
        int64_t began_us = clock_machine_us();
        slot->plugin->on_phase(slot->self, object, phase);
        plugin_end_call(slot, began_us);
    }
}

int64_t plugin_host_next_due(const struct plugin_host *h)
{
    int64_t due_us = INT64_MAX;
    for (unsigned i = 0; i < h->count; i++)
        if (h->slots[i].self && h->slots[i].plugin->on_due && h->slots[i].due_us < due_us)
            due_us = h->slots[i].due_us;
    return due_us;
}

void plugin_host_run(struct plugin_host *h, int64_t time_us)
{
    for (unsigned i = 0; i < h->count; i++) {
        struct gw_host *slot = &h->slots[i];
        if (!slot->self || !slot->plugin->on_due || slot->due_us > time_us)
            continue;
        slot->due_us = INT64_MAX;
        int64_t began_us = clock_machine_us();
        slot->plugin->on_due(slot->self, time_us);
        plugin_end_call(slot, began_us);
    }
}

void plugin_host_clock_step(struct plugin_host *h, int64_t delta_us, int64_t time_us)
{
    for (unsigned i = 0; i < h->count; i++) {
        struct gw_host *slot = &h->slots[i];
        if (slot->due_us != INT64_MAX)
            slot->due_us += delta_us;
        if (slot->self && slot->plugin->on_clock_step)
            slot->plugin->on_clock_step(slot->self, delta_us, time_us);
    }
}

static void end_minute(struct gw_host *slot)
{
    if (slot->quick < QUICK_MINUTES)
        slot->quick++;
    else
        gw_relieve(&slot->slowness, (struct gw_subject){"PLUGIN", slot->plugin->name},
                   "plugin '%s' is quick again", slot->plugin->name);
}

void plugin_host_minute(struct plugin_host *h, int64_t time_us)
{
    for (unsigned i = 0; i < h->count; i++) {
        struct gw_host *slot = &h->slots[i];
        if (!slot->self)
            continue;
        end_minute(slot);
        int64_t began_us = clock_machine_us();
        if (slot->plugin->on_minute)
            slot->plugin->on_minute(slot->self, time_us);
        plugin_end_call(slot, began_us);
    }
}

void plugin_host_day(struct plugin_host *h, int64_t midnight_us)
{
    for (unsigned i = 0; i < h->count; i++) {
        struct gw_host *slot = &h->slots[i];
        if (!slot->self || !slot->plugin->on_day)
            continue;
        int64_t began_us = clock_machine_us();
        slot->plugin->on_day(slot->self, midnight_us);
        plugin_end_call(slot, began_us);
    }
}

const char *plugin_host_owner(const struct plugin_host *h, uint32_t point)
{
    size_t index = point_table_index(h->setup.points, point);
    if (index >= h->mark_count || h->marks[index].owner == 0)
        return NULL;
    return h->slots[h->marks[index].owner - 1].plugin->name;
}
