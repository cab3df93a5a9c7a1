/* value_text.c - an option's value as it would be written, and whether two are equal. */
#include <inttypes.h>
#include <string.h>

#include "config/node.h"
#include "config/value.h"

static void add_text(struct strbuf *out, const char *text)
{
    strbuf_add(out, text ? text : "nothing");
}

/* The largest unit that says it exactly. */
static void add_duration(struct strbuf *out, int64_t us)
{
    static const struct {
        const char *name;
        int64_t us;
    } units[] = {{"d", 86400 * INT64_C(1000000)},
                 {"h", 3600 * INT64_C(1000000)},
                 {"min", 60 * INT64_C(1000000)},
                 {"s", INT64_C(1000000)}};
    for (size_t i = 0; us != 0 && i < sizeof(units) / sizeof(units[0]); i++)
        if (us % units[i].us == 0) {
            strbuf_format(out, "%" PRId64 "%s", us / units[i].us, units[i].name);
            return;
        }
    strbuf_format(out, us == 0 ? "0s" : "%.15gms", (double)us / 1000);
}

static void add_clock(struct strbuf *out, int32_t seconds)
{
    strbuf_format(out, "%02d:%02d", seconds / 3600, seconds / 60 % 60);
    if (seconds % 60 != 0)
        strbuf_format(out, ":%02d", seconds % 60);
}

static void add_title(struct strbuf *out, const struct gw_text *text)
{
    add_text(out, text->zh);
    if (text->zh && text->en && strcmp(text->zh, text->en) != 0)
        strbuf_format(out, " / %s", text->en);
}

static void add_strings(struct strbuf *out, const struct gw_strings *list)
{
    strbuf_add(out, "[");
    for (size_t i = 0; i < list->count; i++)
        strbuf_format(out, "%s%s", i > 0 ? ", " : "", list->items[i]);
    strbuf_add(out, "]");
}

static void add_numbers(struct strbuf *out, const struct gw_numbers *list)
{
    strbuf_add(out, "[");
    for (size_t i = 0; i < list->count; i++)
        strbuf_format(out, "%s%.15g", i > 0 ? ", " : "", list->items[i]);
    strbuf_add(out, "]");
}

static void add_map(struct strbuf *out, const struct gw_map *map)
{
    strbuf_add(out, "{");
    for (size_t i = 0; i < map->count; i++)
        strbuf_format(out, "%s%s: %.15g", i > 0 ? ", " : "", map->keys[i],
                      map->values[i]);
    strbuf_add(out, "}");
}

void node_print(struct strbuf *out, const struct config_node *node)
{
    if (!node || node->kind == NODE_EMPTY || node->kind == NODE_SCALAR) {
        add_text(out, node && node->kind == NODE_SCALAR ? node->text : NULL);
        return;
    }
    bool is_map = node->kind == NODE_MAP;
    strbuf_add(out, is_map ? "{" : "[");
    for (size_t i = 0; i < node->count; i++) {
        strbuf_add(out, i > 0 ? ", " : "");
        if (is_map)
            strbuf_format(out, "%s: ", node->items[i]->key);
        node_print(out, node->items[i]);
    }
    strbuf_add(out, is_map ? "}" : "]");
}

bool node_equals(const struct config_node *a, const struct config_node *b)
{
    if (!a || !b || a->kind != b->kind || a->count != b->count)
        return a == b;
    if (a->kind == NODE_SCALAR)
        return strcmp(a->text, b->text) == 0;
    for (size_t i = 0; i < a->count; i++) {
        const struct config_node *other =
            a->kind == NODE_MAP ? config_child(b, a->items[i]->key) : b->items[i];
        if (!node_equals(a->items[i], other))
            return false;
    }
    return true;
}

void value_print(struct strbuf *out, const struct gw_option *option, const void *field)
{
    switch (option->type) {
    case GW_OPT_BOOL:
        strbuf_add(out, *(const bool *)field ? "true" : "false");
        break;
    case GW_OPT_INT:
        strbuf_format(out, "%" PRId32, *(const int32_t *)field);
        break;
    case GW_OPT_UINT:
        strbuf_format(out, "%" PRIu32, *(const uint32_t *)field);
        break;
    case GW_OPT_NUMBER:
        strbuf_format(out, "%.15g", *(const double *)field);
        break;
    case GW_OPT_SHARE:
        strbuf_format(out, "%.15g%%", *(const double *)field * 100);
        break;
    case GW_OPT_STRING:
    case GW_OPT_PATH:
    case GW_OPT_FILE:
    case GW_OPT_ID:
        add_text(out, *(const char *const *)field);
        break;
    case GW_OPT_TEXT:
        add_title(out, field);
        break;
    case GW_OPT_ENUM:
        strbuf_add(out, option->choices[*(const int *)field]);
        break;
    case GW_OPT_DURATION:
        add_duration(out, *(const int64_t *)field);
        break;
    case GW_OPT_CLOCK:
        add_clock(out, *(const int32_t *)field);
        break;
    case GW_OPT_STRINGS:
        add_strings(out, field);
        break;
    case GW_OPT_NUMBERS:
        add_numbers(out, field);
        break;
    case GW_OPT_MAP:
        add_map(out, field);
        break;
    case GW_OPT_NODE:
        node_print(out, *(const struct config_node *const *)field);
        break;
    }
}

static bool texts_equal(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

/* Open bounds are NAN, and as equal as any. */
static bool numbers_equal(double a, double b)
{
    return a == b || (a != a && b != b);
}

static bool strings_equal(const struct gw_strings *a, const struct gw_strings *b)
{
    bool is_equal = a->count == b->count;
    for (size_t i = 0; is_equal && i < a->count; i++)
        is_equal = texts_equal(a->items[i], b->items[i]);
    return is_equal;
}

static bool lists_equal(const struct gw_numbers *a, const struct gw_numbers *b)
{
    bool is_equal = a->count == b->count;
    for (size_t i = 0; is_equal && i < a->count; i++)
        is_equal = numbers_equal(a->items[i], b->items[i]);
    return is_equal;
}

/* The order of a mapping's keys means nothing. */
static bool maps_equal(const struct gw_map *a, const struct gw_map *b)
{
    bool is_equal = a->count == b->count;
    for (size_t i = 0; is_equal && i < a->count; i++) {
        size_t k = 0;
        while (k < b->count && strcmp(a->keys[i], b->keys[k]) != 0)
            k++;
        is_equal = k < b->count && numbers_equal(a->values[i], b->values[k]);
    }
    return is_equal;
}

bool value_equals(const struct gw_option *option, const void *a, const void *b)
{
    const struct gw_text *x = a;
    const struct gw_text *y = b;
    switch (option->type) {
    case GW_OPT_BOOL:
        return *(const bool *)a == *(const bool *)b;
    case GW_OPT_INT:
    case GW_OPT_CLOCK:
        return *(const int32_t *)a == *(const int32_t *)b;
    case GW_OPT_UINT:
        return *(const uint32_t *)a == *(const uint32_t *)b;
    case GW_OPT_ENUM:
        return *(const int *)a == *(const int *)b;
    case GW_OPT_DURATION:
        return *(const int64_t *)a == *(const int64_t *)b;
    case GW_OPT_NUMBER:
    case GW_OPT_SHARE:
        return numbers_equal(*(const double *)a, *(const double *)b);
    case GW_OPT_STRING:
    case GW_OPT_PATH:
    case GW_OPT_FILE:
    case GW_OPT_ID:
        return texts_equal(*(const char *const *)a, *(const char *const *)b);
    case GW_OPT_TEXT:
        return texts_equal(x->zh, y->zh) && texts_equal(x->en, y->en);
    case GW_OPT_STRINGS:
        return strings_equal(a, b);
    case GW_OPT_NUMBERS:
        return lists_equal(a, b);
    case GW_OPT_MAP:
        return maps_equal(a, b);
    case GW_OPT_NODE:
        return node_equals(*(const struct config_node *const *)a,
                           *(const struct config_node *const *)b);
    }
    return false;
}
