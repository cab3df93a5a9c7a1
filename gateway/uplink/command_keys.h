/* command_keys.h - county.command_keys: the public keys of who may order.  Thread: main.
 */
#ifndef UPLINK_COMMAND_KEYS_H
#define UPLINK_COMMAND_KEYS_H

#include "config/config.h"
#include "uplink/county_order.h"

/* command_keys_load - @node: {name: base64 of 32 bytes}, or NULL: nobody may.  Faults are
 * added; what is faulty is left out. */
void command_keys_load(struct config_source *src, const struct config_node *node,
                       struct county_keys *ret);

#endif
