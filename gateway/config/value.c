#include "config/value.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "config/node.h"
#include "config/quantity.h"
#include "config/suggest.h"
#include "config/yaml.h"

enum { ALLOWED_MAX = 400, VALUE_PATH_MAX = 300 };

/* value - one reading of one option. */
struct value {
    struct config_source *src;
    const struct config_node *node;
    const char *path;
    const struct gw_option *option;
};

static const char out_of_range[] = "is out of range";

static void value_path(const struct value *v, char ret[VALUE_PATH_MAX])
{
    (void)snprintf(ret, VALUE_PATH_MAX, "%s%s%s", v->path, *v->path ? "." : "",
                   v->option->name); /* a path that is cut is still a help */
}

/* A full-width form is the slip, unless what is meant by it would be no id either. */
static bool has_wide(const struct value *v, const char *text, char ret[4],
                     char *ret_narrow)
{
    char folded[VALUE_PATH_MAX];
    text_fold(text, folded, sizeof(folded));
    return text_wide(text, ret, ret_narrow)
           && (v->option->type != GW_OPT_ID || config_is_id(folded));
}

/* has_quote - of a Chinese keyboard, where YAML wants its own. */
static bool has_quote(const char *text, char ret[4], char *ret_narrow)
{
    static const char *const quotes[] = {"“", "”", NULL};
    assert(text);
    for (size_t i = 0; quotes[i]; i++)
        if (strncmp(text, quotes[i], 3) == 0) {
            memcpy(ret, quotes[i], 4);
            *ret_narrow = '"';
            return true;
        }
    return false;
}

static bool value_fault(const struct value *v, const struct config_node *at,
                        const char *what)
{
    char allowed[ALLOWED_MAX];
    char path[VALUE_PATH_MAX];

    what = config_faults_say(v->src->faults, what);
    value_allowed(v->src->faults, v->option, allowed, sizeof(allowed));
    value_path(v, path);
    char wide[4];
    char narrow = 0;
    if (at->kind == NODE_SCALAR
        && (has_quote(at->text, wide, &narrow) || has_wide(v, at->text, wide, &narrow)))
        config_fault(v->src->faults, at->mark, path,
                     "'%.80s' %s: it has a full-width '%s', '%c' is meant (allowed: %s)",
                     at->text, what, wide, narrow, allowed);
    else if (at->kind == NODE_SCALAR)
        config_fault(v->src->faults, at->mark, path, "'%.80s' %s (allowed: %s)", at->text,
                     what, allowed);
    else
        config_fault(v->src->faults, at->mark, path, "%s stands here (allowed: %s)",
                     config_faults_say(v->src->faults, node_kind_name(at)), allowed);
    return false;
}

/* value_result - turns what a quantity said into a fault. */
static bool value_result(const struct value *v, const struct config_node *at, int r,
                         const char *what)
{
    if (r == 0)
        return true;
    return value_fault(v, at, r == -ERANGE ? out_of_range : what);
}

static bool within(const struct value *v, const struct config_node *at, double x)
{
    const struct gw_option *o = v->option;
    if ((o->min == 0 && o->max == 0) || (x >= o->min && x <= o->max))
        return true;
    return value_fault(v, at, out_of_range);
}

static bool is_scalar(const struct value *v)
{
    return v->node->kind == NODE_SCALAR || value_fault(v, v->node, "");
}

static bool read_bool(const struct value *v, void *field)
{
    bool is_true = strcmp(v->node->text, "true") == 0;
    if (!is_true && strcmp(v->node->text, "false") != 0)
        return value_fault(v, v->node, "is neither true nor false");
    *(bool *)field = is_true;
    return true;
}

static bool read_whole(const struct value *v, int64_t least, int64_t most, int64_t *ret)
{
    int64_t x = 0;
    int r = quantity_whole(v->node->text, &x);
    if (r == 0 && (x < least || x > most))
        r = -ERANGE;
    if (!value_result(v, v->node, r, "is not a whole number"))
        return false;
    *ret = x;
    return within(v, v->node, (double)x);
}

static bool read_int(const struct value *v, void *field)
{
    int64_t x = 0;
    if (!read_whole(v, INT32_MIN, INT32_MAX, &x))
        return false;
    *(int32_t *)field = (int32_t)x;
    return true;
}

static bool read_uint(const struct value *v, void *field)
{
    int64_t x = 0;
    if (!read_whole(v, 0, UINT32_MAX, &x))
        return false;
    *(uint32_t *)field = (uint32_t)x;
    return true;
}

static bool read_number(const struct value *v, void *field)
{
    double x = 0;
    int r = quantity_number(v->node->text, &x);
    if (!value_result(v, v->node, r, "is not a number"))
        return false;
    *(double *)field = x;
    return within(v, v->node, x);
}

static bool read_share(const struct value *v, void *field)
{
    double x = 0;
    int r = quantity_share(v->node->text, &x);
    if (!value_result(v, v->node, r, "is not a share: the % is needed"))
        return false;
    *(double *)field = x;
    return within(v, v->node, x);
}

static bool read_string(const struct value *v, void *field)
{
    *(const char **)field = v->node->text;
    return true;
}

/* A service runs in /, whoever checks it by hand elsewhere. */
static bool read_path(const struct value *v, void *field)
{
    const char *text = v->node->text;
    size_t bytes = strlen(text);
    if (bytes == 0)
        return value_fault(v, v->node, "is empty");
    if (v->option->max > 0 && (double)bytes > v->option->max)
        return value_fault(v, v->node, "is too long");
    if (*text != '/') {
        char path[VALUE_PATH_MAX];
        value_path(v, path);
        config_warning(v->src->faults, v->node->mark, path,
                       "'%.80s' is no whole path: it counts from the folder that the "
                       "gateway starts in, / as a service (wanted: a path that begins "
                       "with /)",
                       text);
    }
    return read_string(v, field);
}

static bool is_alphanumeric(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool config_is_id(const char *text)
{
    bool is_good = strlen(text) < GW_ID_MAX && is_alphanumeric(text[0]);
    for (size_t i = 0; is_good && text[i]; i++)
        is_good = is_alphanumeric(text[i]) || strchr("._-", text[i]);
    return is_good;
}

static bool read_id(const struct value *v, void *field)
{
    if (!config_is_id(v->node->text))
        return value_fault(v, v->node, "is not an id");
    return read_string(v, field);
}

static bool read_text(const struct value *v, void *field)
{
    static const struct gw_option languages[] = {
        {.name = "zh", .type = GW_OPT_STRING, .offset = offsetof(struct gw_text, zh)},
        {.name = "en", .type = GW_OPT_STRING, .offset = offsetof(struct gw_text, en)},
        {0},
    };
    struct gw_text text = {0};

    if (v->node->kind == NODE_SCALAR) {
        text.zh = v->node->text;
    } else if (v->node->kind == NODE_MAP) {
        char path[VALUE_PATH_MAX];
        value_path(v, path);
        if (!config_fill(v->src, v->node, path, languages, &text, NULL))
            return false;
    }
    if (!text.zh && !text.en)
        return value_fault(v, v->node, "");
    if (!text.en)
        text.en = text.zh;
    if (!text.zh)
        text.zh = text.en;
    *(struct gw_text *)field = text;
    return true;
}

static bool read_enum(const struct value *v, void *field)
{
    struct suggest near = {.wanted = v->node->text};
    char what[GW_ID_MAX * 2];

    for (int i = 0; v->option->choices[i]; i++) {
        suggest_offer(&near, v->option->choices[i]);
        if (strcmp(v->option->choices[i], v->node->text) == 0) {
            *(int *)field = i;
            return true;
        }
    }
    if (!near.best)
        return value_fault(v, v->node, "is not known");
    (void)snprintf(what, sizeof(what),
                   config_faults_say(v->src->faults, "is not known, did you mean '%s'?"),
                   near.best);
    return value_fault(v, v->node, what);
}

static bool read_duration(const struct value *v, void *field)
{
    double bare = 0;
    int64_t us = 0;
    int r = quantity_duration(v->node->text, &us);
    bool has_no_unit = r == -EINVAL && quantity_number(v->node->text, &bare) == 0;
    if (!value_result(v, v->node, r, has_no_unit ? "has no unit" : "is not a duration"))
        return false;
    *(int64_t *)field = us;
    return within(v, v->node, (double)us);
}

static bool read_clock(const struct value *v, void *field)
{
    int32_t seconds = 0;
    int r = quantity_clock(v->node->text, &seconds);
    if (!value_result(v, v->node, r, "is not a time of day"))
        return false;
    *(int32_t *)field = seconds;
    return within(v, v->node, seconds);
}

/* has_length - @count within the option's bounds. */
static bool has_length(const struct value *v, size_t count)
{
    const struct gw_option *o = v->option;
    if ((o->min == 0 && o->max == 0)
        || ((double)count >= o->min && (double)count <= o->max))
        return true;
    char allowed[ALLOWED_MAX];
    char path[VALUE_PATH_MAX];
    value_allowed(v->src->faults, o, allowed, sizeof(allowed));
    value_path(v, path);
    config_fault(v->src->faults, v->node->mark, path, "%zu stand here (allowed: %s)",
                 count, allowed);
    return false;
}

/* read_strings - a single text is a list of one. */
static bool read_strings(const struct value *v, void *field)
{
    bool is_one = v->node->kind == NODE_SCALAR;
    size_t count = is_one ? 1 : v->node->count;

    if (v->node->kind == NODE_MAP)
        return value_fault(v, v->node, "");
    const char **items = arena_alloc(v->src->arena, (count + 1) * sizeof(*items));
    bool is_good = items && has_length(v, count);
    for (size_t i = 0; items && i < count; i++) {
        const struct config_node *item = is_one ? v->node : v->node->items[i];
        if (item->kind != NODE_SCALAR)
            is_good = value_fault(v, item, "");
        else
            items[i] = item->text;
    }
    if (is_good)
        *(struct gw_strings *)field = (struct gw_strings){items, count};
    return is_good;
}

static bool item_number(const struct value *v, const struct config_node *item,
                        double *ret)
{
    if (item->kind != NODE_SCALAR)
        return value_fault(v, item, "");
    int64_t whole = 0; /* 0xFFFF is a usual way to write a sentinel */
    int r = quantity_whole(item->text, &whole);
    if (r == 0)
        *ret = (double)whole;
    else
        r = quantity_number(item->text, ret);
    return value_result(v, item, r, "is not a number");
}

static bool read_numbers(const struct value *v, void *field)
{
    bool is_one = v->node->kind == NODE_SCALAR;
    size_t count = is_one ? 1 : v->node->count;

    if (v->node->kind == NODE_MAP)
        return value_fault(v, v->node, "");
    double *items = arena_alloc(v->src->arena, (count + 1) * sizeof(*items));
    bool is_good = items && has_length(v, count);
    for (size_t i = 0; items && i < count; i++)
        is_good &= item_number(v, is_one ? v->node : v->node->items[i], &items[i]);
    if (is_good)
        *(struct gw_numbers *)field = (struct gw_numbers){items, count};
    return is_good;
}

static bool read_map(const struct value *v, void *field)
{
    size_t count = v->node->count;

    if (!config_is_map(v->node))
        return value_fault(v, v->node, "is not a mapping");
    const char **keys = arena_alloc(v->src->arena, (count + 1) * sizeof(*keys));
    double *values = arena_alloc(v->src->arena, (count + 1) * sizeof(*values));
    bool is_good = keys && values && has_length(v, count);
    for (size_t i = 0; keys && values && i < count; i++) {
        keys[i] = arena_string(v->src->arena, v->node->items[i]->key);
        is_good &= keys[i] && item_number(v, v->node->items[i], &values[i]);
    }
    if (is_good)
        *(struct gw_map *)field = (struct gw_map){keys, values, count};
    return is_good;
}

static bool read_node(const struct value *v, void *field)
{
    *(const struct config_node **)field = v->node;
    return true;
}

static const struct {
    bool (*read)(const struct value *v, void *field);
    size_t size;
    bool takes_scalar; /* and nothing else */
} types[] = {
    [GW_OPT_BOOL] = {read_bool, sizeof(bool), true},
    [GW_OPT_INT] = {read_int, sizeof(int32_t), true},
    [GW_OPT_UINT] = {read_uint, sizeof(uint32_t), true},
    [GW_OPT_NUMBER] = {read_number, sizeof(double), true},
    [GW_OPT_SHARE] = {read_share, sizeof(double), true},
    [GW_OPT_STRING] = {read_string, sizeof(const char *), true},
    [GW_OPT_ID] = {read_id, sizeof(const char *), true},
    [GW_OPT_TEXT] = {read_text, sizeof(struct gw_text), false},
    [GW_OPT_ENUM] = {read_enum, sizeof(int), true},
    [GW_OPT_DURATION] = {read_duration, sizeof(int64_t), true},
    [GW_OPT_CLOCK] = {read_clock, sizeof(int32_t), true},
    [GW_OPT_STRINGS] = {read_strings, sizeof(struct gw_strings), false},
    [GW_OPT_NUMBERS] = {read_numbers, sizeof(struct gw_numbers), false},
    [GW_OPT_MAP] = {read_map, sizeof(struct gw_map), false},
    [GW_OPT_NODE] = {read_node, sizeof(const struct config_node *), false},
    [GW_OPT_PATH] = {read_path, sizeof(const char *), true},
    [GW_OPT_FILE] = {read_path, sizeof(const char *), true},
};

bool value_read(struct config_source *src, const struct config_node *node,
                const char *path, const struct gw_option *option, void *field)
{
    const struct value v = {src, node, path, option};
    if (types[option->type].takes_scalar && !is_scalar(&v))
        return false;
    return types[option->type].read(&v, field);
}

void value_default(struct config_source *src, const struct gw_option *option, void *field)
{
    static const char name[] = "built-in default";
    struct config_node plain = {.kind = NODE_SCALAR, .text = option->fallback};

    memset(field, 0, types[option->type].size);
    if (!option->fallback)
        return;
    plain.mark = (struct config_mark){name, 1, 1};
    const struct config_node *node = &plain;
    bool is_plain = *option->fallback && !strchr("[{\"'", *option->fallback)
                    && option->type != GW_OPT_NODE;
    if (!is_plain)
        node = yaml_parse(src, name, option->fallback, strlen(option->fallback));
    if (node && (node->kind != NODE_EMPTY || option->type == GW_OPT_NODE))
        (void)value_read(src, node, "", option, field); /* says so itself */
}
