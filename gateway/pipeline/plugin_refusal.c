/* plugin_refusal.c - what a plugin refuses of its options, told where it was written. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "config/suggest.h"
#include "pipeline/plugin_slots.h"

enum { PATH_MAX_BYTES = 300 };

/* place - where a text of a section stands; node NULL = not found yet. */
struct place {
    const char *text;
    const struct config_node *node;
    char path[PATH_MAX_BYTES];
};

/* The very text, not its like: the options hold what the section holds. */
static bool place_find(struct place *p, const struct config_node *node, size_t used)
{
    if (used >= sizeof(p->path))
        return false;
    if (config_scalar(node) == p->text) {
        p->node = node;
        return true;
    }
    size_t count = config_scalar(node) ? 0 : config_count(node);
    for (size_t i = 0; i < count && !p->node; i++) {
        bool is_map = config_is_map(node);
        int more = is_map ? snprintf(p->path + used, sizeof(p->path) - used, ".%s",
                                     config_key(node, i))
                          : 0;
        (void)place_find(p, is_map ? config_value(node, i) : config_item(node, i),
                         used + (size_t)more);
        if (!p->node)
            p->path[used] = '\0';
    }
    return p->node != NULL;
}

/* The plugin's own section first: a name of its options may be a place's, too. */
static void place_of(const struct gw_host *host, const char *text, struct place *ret)
{
    const struct config *config = host->host->setup.config;
    const char *plugin = host->plugin->name;
    const struct config_node *section = plugin_section(config, plugin);
    int used = snprintf(ret->path, sizeof(ret->path), "plugins.%s", plugin);
    if (text && section && place_find(ret, section, (size_t)used))
        return;
    ret->path[0] = '\0';
    if (text && config->campus && place_find(ret, config->campus, 0))
        memmove(ret->path, ret->path + 1, strlen(ret->path)); /* the first '.' */
    else
        (void)snprintf(ret->path, sizeof(ret->path), "plugins.%s", plugin);
}

static void tell(const struct gw_host *host, const struct place *p, bool is_warning,
                 const char *format, va_list args)
{
    const struct config *config = host->host->setup.config;
    config_vfault(host->faults,
                  p->node ? config_where(p->node)
                          : plugin_section_mark(config, host->plugin->name),
                  p->path, is_warning, format, args);
}

void gw_refuse(struct gw_host *host, const char *text, const char *format, ...)
{
    struct place p = {.text = text};
    va_list args;
    if (!host->faults)
        return;
    place_of(host, text, &p);
    va_start(args, format);
    tell(host, &p, false, format, args);
    va_end(args);
}

void gw_warn(struct gw_host *host, const char *text, const char *format, ...)
{
    struct place p = {.text = text};
    va_list args;
    if (!host->faults)
        return;
    place_of(host, text, &p);
    va_start(args, format);
    tell(host, &p, true, format, args);
    va_end(args);
}

void gw_refuse_option(struct gw_host *host, const char *option, const char *other,
                      const char *format, ...)
{
    const struct config *config = host->host->setup.config;
    const struct config_node *section = plugin_section(config, host->plugin->name);
    struct place p = {.node = section ? config_child(section, option) : NULL};
    va_list args;
    if (!host->faults)
        return;
    if (!p.node && section && other && config_child(section, other)) {
        p.node = config_child(section, other);
        option = other;
    }
    (void)snprintf(p.path, sizeof(p.path), "plugins.%s.%s", host->plugin->name, option);
    va_start(args, format);
    tell(host, &p, false, format, args);
    va_end(args);
}

/* Cut in front of a name, and it is said. */
static void list_names(const char *const *names, size_t count, char *ret, size_t room)
{
    static const char more[] = "…";
    size_t used = 0;
    for (size_t i = 0; i < count; i++) {
        size_t size = strlen(names[i]) + 2;
        if (used + size + sizeof(more) > room) {
            (void)snprintf(ret + used, room - used, "%s", more);
            return;
        }
        used += (size_t)snprintf(ret + used, room - used, "%s%s", names[i],
                                 i + 1 < count ? ", " : "");
    }
}

const char *gw_allowed(const struct gw_host *host, const char *wanted,
                       const char *const *names, size_t count, char ret[GW_ALLOWED_MAX])
{
    const char *near = gw_nearest(wanted, names, count);
    const char *form = near    ? "did you mean '%s'?"
                       : count ? "allowed: %s"
                               : "allowed: none yet, there is no such one%s";
    char list[GW_ALLOWED_MAX - 32] = "";
    if (!near)
        list_names(names, count, list, sizeof(list));
    if (host->faults)
        form = config_faults_say(host->faults, form);
    (void)snprintf(ret, GW_ALLOWED_MAX, form, near ? near : list);
    return ret;
}

const char *gw_nearest(const char *wanted, const char *const *names, size_t count)
{
    struct suggest near = {.wanted = wanted};
    for (size_t i = 0; i < count; i++)
        suggest_offer(&near, names[i]);
    return near.best;
}
