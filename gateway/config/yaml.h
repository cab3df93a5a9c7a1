/* yaml.h - a YAML file as a tree of nodes; the strict half of YAML only.
 *
 * Anchors, aliases, tags and several documents are refused; what was refused is one
 * fault and ends that file.  Limits: 1 MiB, 32 levels, 200,000 nodes.  Thread: main.
 */
#ifndef CONFIG_YAML_H
#define CONFIG_YAML_H

#include <stdint.h>

#include "config/schema.h"

enum { YAML_DEPTH_MAX = 32, YAML_NODES_MAX = 200000 };

/* yaml_parse - @text of @size bytes; @name stands in the marks.
 * returns the root (NODE_EMPTY for a file of comments), or NULL (fault added) */
const struct config_node *yaml_parse(struct config_source *src, const char *name,
                                     const char *text, size_t size);

/* yaml_read - the file @path, its bytes folded into *@hash; likewise. */
const struct config_node *yaml_read(struct config_source *src, const char *path,
                                    uint64_t *hash);

#endif
