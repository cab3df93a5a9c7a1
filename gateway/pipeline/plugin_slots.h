/* plugin_slots.h - what plugin_host.c and plugin_calls.c share: one slot a plugin.
 * Not for others. */
#ifndef PIPELINE_PLUGIN_SLOTS_H
#define PIPELINE_PLUGIN_SLOTS_H

#include "base/arena.h"
#include "base/strbuf.h"
#include "gw/log.h"
#include "pipeline/plugin_host.h"
#include "pipeline/plugin_state.h"

/* gw_host - one plugin instance.
 * feeds       plugins that watch a point of this one, as bits
 * quick       full minutes since its last slow call
 * due_us      when it wants to be woken, INT64_MAX = never
 * answer      of the command in work, NULL = none yet
 * faults      of the configuration, during start() only
 * lacking     metrics that it derives and nobody defines, as a list for people */
struct gw_host {
    struct plugin_host *host;
    const struct gw_plugin *plugin;
    void *self; /* NULL = not running */
    char owner[GW_ID_MAX];
    unsigned index;
    uint64_t feeds;
    bool is_starting;
    unsigned quick;
    struct gw_complaint slowness;
    struct plugin_state state;
    int64_t due_us;
    char *answer;
    struct config_faults *faults;
    struct strbuf lacking;
};

/* plugin_mark - by index of the point table.
 * watchers    as bits
 * owner       index + 1 of the plugin that derives it, 0 = a device */
struct plugin_mark {
    uint64_t watchers;
    unsigned owner;
};

struct plugin_host {
    struct plugin_host_setup setup;
    struct arena *arena; /* names of derived points, options */
    struct gw_host slots[PLUGINS_MAX];
    unsigned count;
    struct plugin_mark *marks;
    size_t mark_count;
    bool is_state_away;
    const struct gw_command_info **commands; /* of all plugins, NULL-terminated */
};

/* plugin_commands_gather - once all have started: fills h->commands.
 * returns 0, -EEXIST two plugins have one, -ENOMEM */
int plugin_commands_gather(struct plugin_host *h, struct gw_error *err);

/* plugin_section - "plugins.NAME" of gateway.yaml, of NULL all of them; NULL = not there.
 * plugin_section_mark - where it stands, or should. */
const struct config_node *plugin_section(const struct config *config, const char *plugin);
struct config_mark plugin_section_mark(const struct config *config, const char *plugin);

/* plugin_end_call - a call into @slot's plugin that began at @began_us of machine time is
 * over: complains of a slow one. */
void plugin_end_call(struct gw_host *slot, int64_t began_us);

#endif
