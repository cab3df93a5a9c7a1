/* plugin_state.h - the bytes one plugin keeps over a restart, by key.
 * Thread: the pipeline's. */
#ifndef PIPELINE_PLUGIN_STATE_H
#define PIPELINE_PLUGIN_STATE_H

#include <stddef.h>

/* Zero-initialise. */
struct plugin_state {
    struct plugin_state_item *items;
    size_t count;
    size_t room;
};

/* plugin_state_put - copies @bytes; NULL removes the key.  returns 0 or -ENOMEM */
int plugin_state_put(struct plugin_state *s, const char *key, const void *bytes,
                     size_t size);

/* plugin_state_get - copies at most @size bytes; returns the kept size, 0 = none. */
size_t plugin_state_get(const struct plugin_state *s, const char *key, void *ret,
                        size_t size);

void plugin_state_done(struct plugin_state *s);

#endif
