#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "ingest/schema_node.h"

enum { PATH_MAX_BYTES = 200 };

/* step - the way down to a value: a member's name, or without one an item's index.  It is
 * written out only when something is wrong there. */
struct step {
    const struct step *up;
    const char *name;
    size_t index;
};

struct check {
    const struct step *at;     /* NULL = the document */
    pcre2_match_data *matches; /* from the first pattern on */
    struct gw_error *err;
};

static int check_node(struct check *c, const struct schema_node *n, const json_t *v);

static int wrong(struct check *c, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void write_path(const struct step *step, char path[PATH_MAX_BYTES])
{
    if (!step)
        return;
    write_path(step->up, path);
    size_t used = strlen(path);
    if (step->name)
        (void)snprintf(path + used, PATH_MAX_BYTES - used, "%s%s", used ? "." : "",
                       step->name);
    else
        (void)snprintf(path + used, PATH_MAX_BYTES - used, "[%zu]", step->index);
}

static int wrong(struct check *c, const char *format, ...)
{
    char path[PATH_MAX_BYTES] = "";
    char what[240];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(what, sizeof(what), format, arguments);
    va_end(arguments);
    write_path(c->at, path);
    return gw_fail(c->err, -EINVAL, "%s: %s", path[0] ? path : "(the document)", what);
}

/* Goes one step down the document and back up whatever the result. */
static int check_below(struct check *c, const struct schema_node *n, const char *name,
                       size_t index, const json_t *v)
{
    struct step step = {.up = c->at, .name = name, .index = index};
    c->at = &step;
    int r = check_node(c, n, v);
    c->at = step.up;
    return r;
}

static bool is_whole(const json_t *v)
{
    return json_is_integer(v)
           || (json_is_real(v) && json_real_value(v) == floor(json_real_value(v)));
}

static unsigned types_of(const json_t *v)
{
    switch (json_typeof(v)) {
    case JSON_NULL:
        return SCHEMA_NULL;
    case JSON_TRUE:
    case JSON_FALSE:
        return SCHEMA_BOOLEAN;
    case JSON_INTEGER:
    case JSON_REAL:
        return is_whole(v) ? SCHEMA_NUMBER | SCHEMA_INTEGER : SCHEMA_NUMBER;
    case JSON_STRING:
        return SCHEMA_STRING;
    case JSON_ARRAY:
        return SCHEMA_ARRAY;
    case JSON_OBJECT:
        return SCHEMA_OBJECT;
    }
    return 0;
}

/* JSON Schema compares numbers by value: 1 and 1.0 are the same. */
static bool is_same(const json_t *a, const json_t *b)
{
    if (json_is_integer(a) && json_is_integer(b))
        return json_integer_value(a) == json_integer_value(b);
    if (json_is_number(a) && json_is_number(b))
        return json_number_value(a) == json_number_value(b);
    return json_equal(a, b) == 1;
}

static int check_type(struct check *c, const struct schema_node *n, const json_t *v)
{
    unsigned types = types_of(v);
    if (n->types == 0 || (n->types & types) != 0)
        return 0;
    char allowed[120] = "";
    for (unsigned i = 0; i < 7; i++) {
        size_t used = strlen(allowed);
        if (n->types & (1u << i))
            (void)snprintf(allowed + used, sizeof(allowed) - used, "%s%s",
                           used ? " or " : "", schema_type_names[i]);
    }
    return wrong(c, "must be %s", allowed);
}

static int check_value(struct check *c, const struct schema_node *n, const json_t *v)
{
    if (n->constant && !is_same(n->constant, v)) {
        const char *text = json_string_value(n->constant);
        return wrong(c, "must be %s%s%s", text ? "'" : "the constant",
                     text ? text : " of the schema", text ? "'" : "");
    }
    if (!n->enumeration)
        return 0;
    for (size_t i = 0; i < json_array_size(n->enumeration); i++)
        if (is_same(json_array_get(n->enumeration, i), v))
            return 0;
    return wrong(c, "not one of the values that the schema lists");
}

static int check_number(struct check *c, const struct schema_node *n, double v)
{
    if (v < n->minimum)
        return wrong(c, "%.17g is below the minimum %.17g", v, n->minimum);
    if (v > n->maximum)
        return wrong(c, "%.17g is above the maximum %.17g", v, n->maximum);
    return 0;
}

static double code_points(const char *text)
{
    size_t count = 0;
    for (; *text; text++)
        count += ((unsigned char)*text & 0xC0) != 0x80;
    return (double)count;
}

/* The text is UTF-8, as the JSON reader has seen to.  Without memory nothing matches. */
static bool does_match(struct check *c, const pcre2_code *regex, const char *text)
{
    if (!c->matches)
        c->matches = pcre2_match_data_create(1, NULL);
    return c->matches
           && pcre2_match(regex, (PCRE2_SPTR)text, PCRE2_ZERO_TERMINATED, 0,
                          PCRE2_NO_UTF_CHECK, c->matches, NULL)
                  >= 0;
}

static int check_string(struct check *c, const struct schema_node *n, const char *v)
{
    double length = code_points(v);
    if (length < n->min_length)
        return wrong(c, "%.0f characters, at least %.0f", length, n->min_length);
    if (length > n->max_length)
        return wrong(c, "%.0f characters, at most %.0f", length, n->max_length);
    if (n->pattern && !does_match(c, n->regex, v))
        return wrong(c, "does not match %s", n->pattern);
    return 0;
}

static int check_array(struct check *c, const struct schema_node *n, const json_t *v)
{
    double length = (double)json_array_size(v);
    if (length < n->min_items)
        return wrong(c, "%.0f items, at least %.0f", length, n->min_items);
    if (length > n->max_items)
        return wrong(c, "%.0f items, at most %.0f", length, n->max_items);
    for (size_t i = 0; n->items && i < json_array_size(v); i++) {
        int r = check_below(c, n->items, NULL, i, json_array_get(v, i));
        if (r < 0)
            return r;
    }
    return 0;
}

static const struct schema_node *property(const struct schema_node *n, const char *name)
{
    for (size_t i = 0; i < n->property_count; i++)
        if (strcmp(n->properties[i].name, name) == 0)
            return n->properties[i].node;
    return NULL;
}

static int check_object(struct check *c, const struct schema_node *n, const json_t *v)
{
    for (size_t i = 0; i < json_array_size(n->required); i++) {
        const char *name = json_string_value(json_array_get(n->required, i));
        if (!json_object_get(v, name))
            return wrong(c, "'%s' is missing", name);
    }
    const char *name;
    json_t *member;
    json_object_foreach((json_t *)(uintptr_t)v, name, member)
    {
        const struct schema_node *schema = property(n, name);
        if (!schema && n->is_closed)
            return wrong(c, "'%s' is not part of the contract", name);
        if (!schema)
            schema = n->additional;
        int r = schema ? check_below(c, schema, name, 0, member) : 0;
        if (r < 0)
            return r;
    }
    return 0;
}

static int check_any(struct check *c, const struct schema_node *n, const json_t *v)
{
    for (size_t i = 0; i < n->any_count; i++)
        if (check_node(c, n->any_of[i], v) == 0)
            return 0;
    return n->any_count == 0 ? 0 : -EINVAL; /* the last alternative has said why */
}

static int check_node(struct check *c, const struct schema_node *n, const json_t *v)
{
    int r = check_type(c, n, v);
    if (r == 0)
        r = check_value(c, n, v);
    if (r == 0)
        r = check_any(c, n, v);
    if (r < 0)
        return r;
    if (json_is_number(v))
        return check_number(c, n, json_number_value(v));
    if (json_is_string(v))
        return check_string(c, n, json_string_value(v));
    if (json_is_array(v))
        return check_array(c, n, v);
    if (json_is_object(v))
        return check_object(c, n, v);
    return 0;
}

int schema_check(const struct schema_node *node, const json_t *document,
                 struct gw_error *err)
{
    struct check c = {.err = err};
    int r = check_node(&c, node, document);
    pcre2_match_data_free(c.matches);
    return r;
}
