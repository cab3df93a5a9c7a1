/* batch_config.h - county.batch: where batches go, and when.  Thread: main. */
#ifndef UPLINK_BATCH_CONFIG_H
#define UPLINK_BATCH_CONFIG_H

#include "config/config.h"
#include "uplink/county.h"

/* batch_config_load - @node: {url, after}, or NULL: none.  Faults are added. */
void batch_config_load(struct config_source *src, const struct config_node *node,
                       struct county_batch *ret);
void batch_config_print(FILE *out);

/* batch_config_check - the address, and what it needs of the section @county. */
void batch_config_check(const struct config_node *county, struct config_faults *faults,
                        const struct county_config *c);

/* batch_config_is_tls - by its address. */
bool batch_config_is_tls(const struct county_batch *batch);

#endif
