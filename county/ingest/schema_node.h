/* schema_node.h - one compiled (sub)schema, between validator.c and schema_check.c. */
#ifndef INGEST_SCHEMA_NODE_H
#define INGEST_SCHEMA_NODE_H

#define PCRE2_CODE_UNIT_WIDTH 8
#include <jansson.h>
#include <pcre2.h>
#include <stdbool.h>

#include "gw/error.h"

/* Bits of schema_node.types, as JSON Schema names them; a number also takes integers. */
enum {
    SCHEMA_NULL = 1u << 0,
    SCHEMA_BOOLEAN = 1u << 1,
    SCHEMA_INTEGER = 1u << 2,
    SCHEMA_NUMBER = 1u << 3,
    SCHEMA_STRING = 1u << 4,
    SCHEMA_ARRAY = 1u << 5,
    SCHEMA_OBJECT = 1u << 6,
};

struct schema_node;

struct schema_property {
    const char *name; /* lives in the schema's own JSON */
    struct schema_node *node;
};

/* schema_node - what one schema demands; JSON values are borrowed from the root.
 * types          0 = any
 * additional     of objects: NULL and !is_closed = anything goes
 * minimum …      NAN = none; the lengths count code points or items */
struct schema_node {
    unsigned types;
    bool is_closed;
    struct schema_node *additional;
    struct schema_property *properties;
    size_t property_count;
    struct schema_node **any_of;
    size_t any_count;
    struct schema_node *items;
    const json_t *required;
    const json_t *enumeration;
    const json_t *constant;
    const char *pattern;
    pcre2_code *regex; /* compiled when pattern is set */
    double minimum;
    double maximum;
    double min_length;
    double max_length;
    double min_items;
    double max_items;
};

extern const char *const schema_type_names[7];

/* schema_check - @document against @node.  returns 0, or -EINVAL with where and why. */
int schema_check(const struct schema_node *node, const json_t *document,
                 struct gw_error *err);

#endif
