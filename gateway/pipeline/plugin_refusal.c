/* plugin_refusal.c - what a plugin refuses of its options, told where it was written. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "config/suggest.h"
#include "pipeline/plugin_slots.h"

enum { PATH_MAX_BYTES = 300, SENTENCE_MAX = 400 };

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

void gw_refuse(struct gw_host *host, const char *text, const char *format, ...)
{
    char sentence[SENTENCE_MAX];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(sentence, sizeof(sentence), format, args); /* cut, it still helps */
    va_end(args);
    if (!host->faults)
        return;
    struct place p = {.text = text};
    const struct config_node *section =
        plugin_section(host->host->setup.config, host->plugin->name);
    int used = snprintf(p.path, sizeof(p.path), "plugins.%s", host->plugin->name);
    bool is_found = text && section && place_find(&p, section, (size_t)used);
    config_fault(host->faults,
                 is_found
                     ? config_where(p.node)
                     : plugin_section_mark(host->host->setup.config, host->plugin->name),
                 p.path, "%s", sentence);
}

const char *gw_nearest(const char *wanted, const char *const *names, size_t count)
{
    struct suggest near = {.wanted = wanted};
    for (size_t i = 0; i < count; i++)
        suggest_offer(&near, names[i]);
    return near.best;
}
