#include "ingest/validator.h"

#include <errno.h>
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ingest/schema_node.h"

struct validator {
    json_t *schema;
    struct schema_node *root;
};

const char *const schema_type_names[7] = {
    "null", "boolean", "integer", "number", "string", "array", "object",
};

/* Where in the schema: "/properties/data/items". */
struct place {
    const char *file;
    char path[256];
};

static int node_new(const json_t *schema, struct place place, struct schema_node **ret,
                    struct gw_error *err);

static struct place place_below(const struct place *place, const char *step)
{
    struct place below = *place;
    size_t used = strlen(below.path);
    (void)snprintf(below.path + used, sizeof(below.path) - used, "/%s", step);
    return below;
}

static int bad(const struct place *place, const char *what, struct gw_error *err)
{
    return gw_fail(err, -EINVAL, "schema '%s': %s: %s", place->file,
                   place->path[0] ? place->path : "/", what);
}

static struct schema_node *node_free(struct schema_node *n)
{
    if (!n)
        return NULL;
    for (size_t i = 0; i < n->property_count; i++)
        node_free(n->properties[i].node);
    for (size_t i = 0; i < n->any_count; i++)
        node_free(n->any_of[i]);
    node_free(n->additional);
    node_free(n->items);
    pcre2_code_free(n->regex);
    free(n->properties);
    free(n->any_of);
    free(n);
    return NULL;
}

static unsigned type_bit(const char *name)
{
    for (unsigned i = 0; name && i < 7; i++)
        if (strcmp(schema_type_names[i], name) == 0)
            return 1u << i;
    return 0;
}

static int read_type(struct schema_node *n, const json_t *value,
                     const struct place *place, struct gw_error *err)
{
    size_t count = json_is_array(value) ? json_array_size(value) : 1;
    for (size_t i = 0; i < count; i++) {
        const json_t *name = json_is_array(value) ? json_array_get(value, i) : value;
        unsigned bit = type_bit(json_string_value(name));
        if (bit == 0)
            return bad(place, "not a type (null, boolean, integer, number, …)", err);
        n->types |= bit;
    }
    return count > 0 ? 0 : bad(place, "an empty list of types", err);
}

static int read_properties(struct schema_node *n, const json_t *value,
                           const struct place *place, struct gw_error *err)
{
    if (!json_is_object(value))
        return bad(place, "must be an object", err);
    n->properties = calloc(json_object_size(value) + 1, sizeof(*n->properties));
    if (!n->properties)
        return gw_fail(err, -ENOMEM, "schema '%s': out of memory", place->file);

    const char *name;
    json_t *schema;
    json_object_foreach((json_t *)(uintptr_t)value, name, schema)
    {
        struct schema_property *p = &n->properties[n->property_count];
        int r = node_new(schema, place_below(place, name), &p->node, err);
        if (r < 0)
            return r;
        p->name = name;
        n->property_count++;
    }
    return 0;
}

static int read_additional(struct schema_node *n, const json_t *value,
                           const struct place *place, struct gw_error *err)
{
    if (json_is_boolean(value)) {
        n->is_closed = json_is_false(value);
        return 0;
    }
    return node_new(value, *place, &n->additional, err);
}

static int read_items(struct schema_node *n, const json_t *value,
                      const struct place *place, struct gw_error *err)
{
    return node_new(value, *place, &n->items, err);
}

static int read_any_of(struct schema_node *n, const json_t *value,
                       const struct place *place, struct gw_error *err)
{
    size_t count = json_array_size(value);
    if (count == 0)
        return bad(place, "must be a list of schemas", err);
    n->any_of = calloc(count, sizeof(struct schema_node *));
    if (!n->any_of)
        return gw_fail(err, -ENOMEM, "schema '%s': out of memory", place->file);
    for (size_t i = 0; i < count; i++) {
        char step[24];
        (void)snprintf(step, sizeof(step), "%zu", i);
        int r = node_new(json_array_get(value, i), place_below(place, step),
                         &n->any_of[i], err);
        if (r < 0)
            return r;
        n->any_count++;
    }
    return 0;
}

static int read_required(struct schema_node *n, const json_t *value,
                         const struct place *place, struct gw_error *err)
{
    if (!json_is_array(value))
        return bad(place, "must be a list of names", err);
    for (size_t i = 0; i < json_array_size(value); i++)
        if (!json_is_string(json_array_get(value, i)))
            return bad(place, "must be a list of names", err);
    n->required = value;
    return 0;
}

static bool is_scalar(const json_t *value)
{
    return value && !json_is_object(value) && !json_is_array(value);
}

static int read_enum(struct schema_node *n, const json_t *value,
                     const struct place *place, struct gw_error *err)
{
    if (json_array_size(value) == 0)
        return bad(place, "must be a list of values", err);
    for (size_t i = 0; i < json_array_size(value); i++)
        if (!is_scalar(json_array_get(value, i)))
            return bad(place, "only scalars can be listed", err);
    n->enumeration = value;
    return 0;
}

static int read_const(struct schema_node *n, const json_t *value,
                      const struct place *place, struct gw_error *err)
{
    if (!is_scalar(value))
        return bad(place, "only a scalar can be demanded", err);
    n->constant = value;
    return 0;
}

static int read_pattern(struct schema_node *n, const json_t *value,
                        const struct place *place, struct gw_error *err)
{
    const char *pattern = json_string_value(value);
    int fault = 0;
    PCRE2_SIZE at = 0;
    if (pattern)
        n->regex = pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED,
                                 PCRE2_UTF | PCRE2_DOLLAR_ENDONLY, &fault, &at, NULL);
    if (!n->regex)
        return bad(place, "not a regular expression, as PCRE2 reads them", err);
    (void)pcre2_jit_compile(n->regex, PCRE2_JIT_COMPLETE); /* without, it is slower */
    n->pattern = pattern;
    return 0;
}

/* The keywords that only explain. */
static int read_annotation(struct schema_node *n, const json_t *value,
                           const struct place *place, struct gw_error *err)
{
    (void)n;
    return json_is_string(value) ? 0 : bad(place, "must be a string", err);
}

#define LIMIT(field) offsetof(struct schema_node, field)

static const struct {
    const char *name;
    int (*read)(struct schema_node *n, const json_t *value, const struct place *place,
                struct gw_error *err);
    size_t limit; /* with read == NULL: the number's field */
} keywords[] = {
    {"$schema", read_annotation, 0},
    {"$id", read_annotation, 0},
    {"title", read_annotation, 0},
    {"description", read_annotation, 0},
    {"type", read_type, 0},
    {"properties", read_properties, 0},
    {"required", read_required, 0},
    {"additionalProperties", read_additional, 0},
    {"items", read_items, 0},
    {"anyOf", read_any_of, 0},
    {"enum", read_enum, 0},
    {"const", read_const, 0},
    {"pattern", read_pattern, 0},
    {"minimum", NULL, LIMIT(minimum)},
    {"maximum", NULL, LIMIT(maximum)},
    {"minLength", NULL, LIMIT(min_length)},
    {"maxLength", NULL, LIMIT(max_length)},
    {"minItems", NULL, LIMIT(min_items)},
    {"maxItems", NULL, LIMIT(max_items)},
};

static int read_limit(struct schema_node *n, size_t offset, const json_t *value,
                      const struct place *place, struct gw_error *err)
{
    if (!json_is_number(value))
        return bad(place, "must be a number", err);
    double limit = json_number_value(value);
    memcpy((char *)n + offset, &limit, sizeof(limit));
    return 0;
}

static int read_keyword(struct schema_node *n, const char *name, const json_t *value,
                        const struct place *place, struct gw_error *err)
{
    struct place below = place_below(place, name);
    for (size_t i = 0; i < sizeof(keywords) / sizeof(keywords[0]); i++) {
        if (strcmp(keywords[i].name, name) != 0)
            continue;
        if (!keywords[i].read)
            return read_limit(n, keywords[i].limit, value, &below, err);
        return keywords[i].read(n, value, &below, err);
    }
    return bad(&below, "a keyword that this validator does not check", err);
}

static int node_new(const json_t *schema, struct place place, struct schema_node **ret,
                    struct gw_error *err)
{
    if (!json_is_object(schema))
        return bad(&place, "a schema must be an object", err);
    struct schema_node *n = calloc(1, sizeof(*n));
    if (!n)
        return gw_fail(err, -ENOMEM, "schema '%s': out of memory", place.file);
    n->minimum = n->maximum = NAN;
    n->min_length = n->max_length = n->min_items = n->max_items = NAN;

    const char *name;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)schema, name, value)
    {
        int r = read_keyword(n, name, value, &place, err);
        if (r < 0) {
            node_free(n);
            return r;
        }
    }
    *ret = n;
    return 0;
}

int validator_new(const char *path, struct validator **ret, struct gw_error *err)
{
    struct validator *v = calloc(1, sizeof(*v));
    if (!v)
        return gw_fail(err, -ENOMEM, "schema '%s': out of memory", path);
    json_error_t fault;
    v->schema = json_load_file(path, JSON_REJECT_DUPLICATES, &fault);
    int r = v->schema ? node_new(v->schema, (struct place){.file = path}, &v->root, err)
                      : gw_fail(err, -EINVAL, "schema '%s': line %d: %s", path,
                                fault.line, fault.text);
    if (r < 0) {
        validator_free(v);
        return r;
    }
    *ret = v;
    return 0;
}

struct validator *validator_free(struct validator *v)
{
    if (!v)
        return NULL;
    node_free(v->root);
    json_decref(v->schema);
    free(v);
    return NULL;
}

int validator_check(const struct validator *v, const json_t *document,
                    struct gw_error *err)
{
    return schema_check(v->root, document, err);
}
