/* node.h - one node of a parsed YAML document, with where it stood.  Thread: main.
 *
 * A node belongs to one parent only (aliases are refused), so it carries its own key.
 */
#ifndef CONFIG_NODE_H
#define CONFIG_NODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "config/schema.h"

/* NODE_EMPTY: nothing written after the key, or "~"; counts as an empty list or map. */
enum node_kind { NODE_EMPTY, NODE_SCALAR, NODE_LIST, NODE_MAP };

/* config_node - there are thousands of them, so a node says nothing twice.
 * is_quoted   a scalar whose text begins behind a quote
 * count       of items
 * key         only inside a mapping, in the file of mark
 * text        of a scalar; items of the others, next only while it is read */
struct config_node {
    enum node_kind kind : 8;
    bool is_quoted : 1;
    uint32_t count;
    const char *key;
    int key_line;
    int key_column;
    struct config_mark mark;
    union {
        const char *text;
        struct config_node **items;
    };
    struct config_node *next;
};

/* node_set_key - @mark is of the file that the node stands in. */
void node_set_key(struct config_node *node, const char *key, struct config_mark mark);

/* node_keep - @root with no more than what stands at @key, in @arena for good; texts are
 * there already.  NULL = out of memory */
const struct config_node *node_keep(struct arena *arena, const struct config_node *root,
                                    const char *key);

/* node_passing - the arena of what ends with the reading. */
struct arena *node_passing(const struct config_source *src);

/* node_kind_name - "a list", "a mapping", …, for sentences. */
const char *node_kind_name(const struct config_node *node);

#endif
