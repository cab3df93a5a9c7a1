#include "config/schema.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "config/layers.h"
#include "config/node.h"
#include "config/suggest.h"
#include "config/yaml_slip.h"
#include "config/value.h"

enum { OPTIONS_MAX = 128, NAMES_TEXT_MAX = 500 };

/* names_text - what may stand in this mapping, for the sentence of an unknown key. */
struct names_text {
    struct suggest near;
    char text[NAMES_TEXT_MAX];
};

static void names_offer(struct names_text *names, const char *name)
{
    size_t used = strlen(names->text);
    suggest_offer(&names->near, name);
    (void)snprintf(names->text + used, sizeof(names->text) - used, "%s%s",
                   used ? ", " : "", name); /* a list that is cut is still a help */
}

static bool layer_accepts(const struct layer *layer, const char *key)
{
    for (size_t i = 0; layer->accept && layer->accept[i]; i++)
        if (strcmp(layer->accept[i], key) == 0)
            return true;
    for (size_t i = 0; layer->also && layer->also[i].name; i++)
        if (strcmp(layer->also[i].name, key) == 0)
            return true;
    return false;
}

static size_t option_index(const struct gw_option *options, const char *key, size_t size)
{
    size_t i = 0;
    while (
        options[i].name
        && (strlen(options[i].name) != size || memcmp(options[i].name, key, size) != 0))
        i++;
    assert(i < OPTIONS_MAX);
    return i;
}

/* layer_offer - every key that the mapping may have. */
static void layer_offer(const struct layer *layer, const struct gw_option *options,
                        struct names_text *names)
{
    for (size_t i = 0; layer->accept && layer->accept[i]; i++)
        names_offer(names, layer->accept[i]);
    for (size_t i = 0; layer->also && layer->also[i].name; i++)
        names_offer(names, layer->also[i].name);
    for (size_t i = 0; options[i].name; i++)
        names_offer(names, options[i].name);
}

bool layers_mean(const struct layer *layers, size_t count,
                 const struct gw_option *options, const char *name)
{
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < config_count(layers[i].node); k++) {
            const char *key = config_key(layers[i].node, k);
            struct names_text names = {.near = {.wanted = key}};
            if (!key)
                break; /* no mapping, which is told where it is read */
            layer_offer(&layers[i], options, &names);
            if (names.near.best && strcmp(names.near.best, name) == 0)
                return true;
        }
    return false;
}

/* layer_unknown - returns the option that is meant by the key, or the end of @options:
 * what stands there misspelt is not missing besides. */
static size_t layer_unknown(struct config_source *src, const struct layer *layer,
                            const struct gw_option *options,
                            const struct config_node *node)
{
    struct names_text names = {.near = {.wanted = node->key}};
    char path[300];

    layer_offer(layer, options, &names);
    (void)snprintf(path, sizeof(path), "%s%s%s", layer->path, *layer->path ? "." : "",
                   node->key); /* a path that is cut is still a help */
    const char *slip = yaml_slip_mark(node->key, strlen(node->key));
    if (slip)
        config_fault(src->faults, config_where_key(node), path, "unknown key (it has %s)",
                     config_faults_say(src->faults, slip));
    else if (*node->key && strspn(node->key, "0123456789") == strlen(node->key))
        config_fault(src->faults, config_where_key(node), path,
                     "unknown key (is it behind a decimal comma? a number has a point: "
                     "0.1)");
    else if (names.near.best)
        config_fault(src->faults, config_where_key(node), path,
                     "unknown key (did you mean '%s'?)", names.near.best);
    else
        config_fault(src->faults, config_where_key(node), path,
                     "unknown key (allowed: %s)", names.text);
    const char *meant = names.near.best ? names.near.best : "";
    if (slip) /* what stands between its marks and blanks */
        meant = node->key + strspn(node->key, " \xe3\x80\xc2\xa0");
    return option_index(options, meant, strcspn(meant, ":\xef\xe3\xc2"));
}

/* layer_read - one mapping into @object; marks what it named in @seen. */
static bool layer_read(struct config_source *src, const struct layer *layer,
                       const struct gw_option *options, void *object, bool *seen)
{
    bool here[OPTIONS_MAX] = {false};
    bool is_good = true;

    if (!layer->node)
        return true;
    if (!config_is_map(layer->node)) {
        config_fault(src->faults, layer->node->mark, layer->path,
                     "%s stands here (allowed: a mapping)",
                     config_faults_say(src->faults, node_kind_name(layer->node)));
        return false;
    }
    for (size_t i = 0; i < layer->node->count; i++) {
        const struct config_node *node = layer->node->items[i];
        size_t k = option_index(options, node->key, strlen(node->key));
        if (!options[k].name) {
            if (layer->is_open || layer_accepts(layer, node->key))
                continue;
            seen[layer_unknown(src, layer, options, node)] = true;
            is_good = false;
        } else if (!here[k]) { /* a duplicate was reported when the file was read */
            here[k] = seen[k] = true;
            is_good &= value_read(src, node, layer->path, &options[k],
                                  (char *)object + options[k].offset);
        }
    }
    return is_good;
}

static bool layer_missing(struct config_source *src, const struct layer *layer,
                          const struct gw_option *option)
{
    char allowed[400];
    bool is_node = option->type == GW_OPT_NODE && option->help;

    value_allowed(src->faults, option, allowed, sizeof(allowed));
    config_fault(src->faults, config_where(layer->node), layer->path,
                 "'%s' is missing (allowed: %s)", option->name,
                 is_node ? config_faults_say(src->faults, option->help) : allowed);
    return false;
}

bool layers_fill(struct config_source *src, const struct layer *layers, size_t count,
                 const struct gw_option *options, void *object, bool is_complete)
{
    static const struct gw_option none[] = {{0}};
    bool seen[OPTIONS_MAX + 1] = {false}; /* one for a key of none */
    bool is_good = true;

    if (!options)
        options = none;
    config_defaults(src, options, object);
    for (size_t i = 0; i < count; i++)
        is_good &= layer_read(src, &layers[i], options, object, seen);
    const struct layer *last = &layers[count - 1];
    if (last->node && !config_is_map(last->node))
        return false;
    for (size_t k = 0; options[k].name && is_complete; k++)
        if (options[k].required && !seen[k])
            is_good = layer_missing(src, last, &options[k]);
    return is_good;
}

bool config_fill(struct config_source *src, const struct config_node *node,
                 const char *path, const struct gw_option *options, void *object,
                 const char *const *accept)
{
    const struct layer layer = {.node = node, .path = path, .accept = accept};
    return layers_fill(src, &layer, 1, options, object, true);
}

void config_defaults(struct config_source *src, const struct gw_option *options,
                     void *object)
{
    for (size_t k = 0; options && options[k].name; k++)
        value_default(src, &options[k], (char *)object + options[k].offset);
}

bool config_read_option(struct config_source *src, const struct config_node *node,
                        const char *path, const struct gw_option *option, void *field)
{
    return value_read(src, node, path, option, field);
}
