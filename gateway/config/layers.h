/* layers.h - one struct from several mappings: the later one wins, key by key.
 * Thread: main. */
#ifndef CONFIG_LAYERS_H
#define CONFIG_LAYERS_H

#include "config/schema.h"

/* layer - one mapping over the one before.
 * node      NULL = not there
 * accept    further keys that somebody else reads; NULL = none
 * also      a table whose keys somebody else reads; NULL = none
 * is_open   unknown keys are judged elsewhere */
struct layer {
    const struct config_node *node;
    const char *path;
    const char *const *accept;
    const struct gw_option *also;
    bool is_open;
};

/* layers_fill - every value of every layer is read and judged where it stands; what no
 * layer has gets its default, or is a fault of the last layer when it is required and
 * @is_complete.  returns true without any fault */
bool layers_fill(struct config_source *src, const struct layer *layers, size_t count,
                 const struct gw_option *options, void *object, bool is_complete);

/* layers_mean - key @name of @options stands in a layer, be it misspelt. */
bool layers_mean(const struct layer *layers, size_t count,
                 const struct gw_option *options, const char *name);

#endif
