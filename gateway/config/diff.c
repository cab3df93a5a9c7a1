#include "config/diff.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "config/diff_pen.h"
#include "config/manual.h"
#include "config/node.h"
#include "config/same.h"
#include "config/value.h"

static const char hidden[] = "(not shown)";

/* --- rows -------------------------------------------------------------------- */

struct diff_row *diff_row_add(struct config_diff *d, enum diff_kind kind,
                              enum diff_what what, const char *name)
{
    if (d->count == d->room) {
        size_t room = d->room ? 2 * d->room : 16;
        struct diff_row *rows = reallocarray(d->rows, room, sizeof(*rows));
        if (!rows) {
            d->has_failed = true;
            return NULL;
        }
        d->rows = rows;
        d->room = room;
    }
    const char *copy = arena_string(d->arena, name);
    if (!copy) {
        d->has_failed = true;
        return NULL;
    }
    d->rows[d->count] = (struct diff_row){.kind = kind, .what = what, .name = copy};
    return &d->rows[d->count++];
}

/* Secrets stand in files of their own; what a key's name calls one is not shown even so.
 */
static bool is_secret(const char *key)
{
    static const char *const words[] = {"password", "secret", "token", NULL};
    const char *last = strrchr(key, '.');
    last = last ? last + 1 : key;
    for (size_t i = 0; words[i]; i++)
        if (strstr(last, words[i]) && !strstr(last, "_file"))
            return true;
    return false;
}

/* Takes both texts over. */
static void add_key(struct config_diff *d, struct diff_row *row, const char *key,
                    char *before, char *after)
{
    struct diff_key *keys =
        arena_alloc(d->arena, (row->key_count + 1) * sizeof(*row->keys));
    if (keys && before && after) {
        bool shows = !is_secret(key);
        if (row->key_count > 0)
            memcpy(keys, row->keys, row->key_count * sizeof(*keys));
        row->keys = keys;
        keys[row->key_count++] = (struct diff_key){
            .key = arena_string(d->arena, key),
            .before = shows ? arena_string(d->arena, before) : hidden,
            .after = shows ? arena_string(d->arena, after) : hidden,
        };
        const struct diff_key *added = &keys[row->key_count - 1];
        d->has_failed |= !added->key || !added->before || !added->after;
    } else {
        d->has_failed = true;
    }
    free(before);
    free(after);
}

static char *value_text(const struct gw_option *option, const void *object)
{
    struct strbuf text = {0};
    value_print(&text, option, (const char *)object + option->offset);
    return strbuf_take(&text);
}

static char *plain_text(const char *text)
{
    return strdup(text ? text : "nothing");
}

static struct diff_row *pen_row(struct pen *pen)
{
    if (pen->row == 0) {
        if (!diff_row_add(pen->diff, pen->kind, DIFF_CHANGED, pen->name))
            return NULL;
        pen->row = pen->diff->count;
    }
    return &pen->diff->rows[pen->row - 1];
}

static const struct config_node *node_at(const struct gw_option *option,
                                         const void *object)
{
    const struct config_node *node;
    memcpy(&node, (const char *)object + option->offset, sizeof(node));
    return node;
}

static void pen_option(struct pen *pen, const struct gw_option *option, const void *a,
                       const void *b)
{
    if (value_equals(option, (const char *)a + option->offset,
                     (const char *)b + option->offset))
        return;
    struct diff_row *row = pen_row(pen);
    if (row)
        add_key(pen->diff, row, option->name, value_text(option, a),
                value_text(option, b));
}

void pen_options(struct pen *pen, const struct gw_option *options, const void *a,
                 const void *b)
{
    for (const struct gw_option *o = options; o && o->name; o++)
        if (o->type == GW_OPT_NODE)
            pen_nodes(pen, o->name, node_at(o, a), node_at(o, b));
        else
            pen_option(pen, o, a, b);
}

static void pen_text(struct pen *pen, const char *key, const char *a, const char *b)
{
    if (a == b || (a && b && strcmp(a, b) == 0))
        return;
    struct diff_row *row = pen_row(pen);
    if (row)
        add_key(pen->diff, row, key, plain_text(a), plain_text(b));
}

void pen_nodes(struct pen *pen, const char *key, const struct config_node *a,
               const struct config_node *b)
{
    if (node_equals(a, b))
        return;
    if (!a || !b || a->kind != NODE_MAP || b->kind != NODE_MAP) {
        struct strbuf before = {0};
        struct strbuf after = {0};
        struct diff_row *row = pen_row(pen);
        node_print(&before, a);
        node_print(&after, b);
        if (row)
            add_key(pen->diff, row, key, strbuf_take(&before), strbuf_take(&after));
        strbuf_free(&before);
        strbuf_free(&after);
        return;
    }
    const char *dot = *key ? "." : "";
    for (size_t i = 0; i < a->count; i++) {
        const char *name = a->items[i]->key;
        const char *path = arena_format(pen->diff->arena, "%s%s%s", key, dot, name);
        pen_nodes(pen, path ? path : name, a->items[i], config_child(b, name));
    }
    for (size_t i = 0; i < b->count; i++) {
        const char *name = b->items[i]->key;
        const char *path = arena_format(pen->diff->arena, "%s%s%s", key, dot, name);
        if (!config_child(a, name))
            pen_nodes(pen, path ? path : name, NULL, b->items[i]);
    }
}

/* --- lists of objects, matched by name ---------------------------------------- */

/* list - the objects of one kind in both trees.  changed: adds what differs in one that
 * is in both. */
struct list {
    struct config_diff *diff;
    const struct config *before;
    const struct config *after;
    enum diff_kind kind;
    size_t before_count;
    size_t after_count;
    const char *(*name)(const struct config *c, size_t index);
    void (*changed)(const struct list *l, size_t before, size_t after);
};

static int list_compare(const struct list *l)
{
    struct text_map *names = NULL;
    struct text_map *kept = NULL;
    int r = text_map_new(l->before_count, &names);
    if (r == 0)
        r = text_map_new(l->after_count, &kept);
    for (size_t i = 0; r == 0 && i < l->before_count; i++)
        r = text_map_put(names, l->name(l->before, i), (uint32_t)i);
    for (size_t i = 0; r == 0 && i < l->after_count; i++)
        r = text_map_put(kept, l->name(l->after, i), (uint32_t)i);
    for (size_t i = 0; r == 0 && i < l->after_count; i++) {
        uint32_t old = text_map_get(names, l->name(l->after, i));
        if (old == UINT32_MAX)
            (void)diff_row_add(l->diff, l->kind, DIFF_ADDED, l->name(l->after, i));
        else
            l->changed(l, old, i);
    }
    for (size_t i = 0; r == 0 && i < l->before_count; i++)
        if (text_map_get(kept, l->name(l->before, i)) == UINT32_MAX)
            (void)diff_row_add(l->diff, l->kind, DIFF_REMOVED, l->name(l->before, i));
    text_map_free(names);
    text_map_free(kept);
    return r;
}

static const char *metric_name(const struct config *c, size_t i)
{
    return c->metrics[i].name;
}

static void metric_changed(const struct list *l, size_t before, size_t after)
{
    struct pen pen = {
        .diff = l->diff, .kind = l->kind, .name = metric_name(l->after, after)};
    pen_options(&pen, metric_options, &l->before->metrics[before],
                &l->after->metrics[after]);
}

static const char *bus_name(const struct config *c, size_t i)
{
    return c->buses[i].name;
}

static void bus_changed(const struct list *l, size_t before, size_t after)
{
    const struct config_bus *a = &l->before->buses[before];
    const struct config_bus *b = &l->after->buses[after];
    struct pen pen = {.diff = l->diff, .kind = l->kind, .name = b->name};
    pen_text(&pen, "driver", a->driver->name, b->driver->name);
    if (a->driver == b->driver)
        pen_options(&pen, b->driver->bus_options, a->options, b->options);
}

static const char *device_name(const struct config *c, size_t i)
{
    return c->devices[i].name;
}

static void device_changed(const struct list *l, size_t before, size_t after)
{
    const struct config_device *a = &l->before->devices[before];
    const struct config_device *b = &l->after->devices[after];
    const struct config_bus *x = &l->before->buses[a->bus];
    const struct config_bus *y = &l->after->buses[b->bus];
    struct pen pen = {.diff = l->diff, .kind = l->kind, .name = b->name};
    pen_text(&pen, "bus", x->name, y->name);
    pen_options(&pen, same_device_options, a, b);
    if (x->driver == y->driver)
        pen_options(&pen, y->driver->device_options, a->ref.options, b->ref.options);
}

static const char *point_name(const struct config *c, size_t i)
{
    return c->points[i].name;
}

static void point_changed(const struct list *l, size_t before, size_t after)
{
    const struct config_point *a = &l->before->points[before];
    const struct config_point *b = &l->after->points[after];
    const struct config_device *x = &l->before->devices[a->device];
    const struct config_device *y = &l->after->devices[b->device];
    const struct gw_driver *driver = l->after->buses[y->bus].driver;
    struct pen pen = {.diff = l->diff, .kind = l->kind, .name = b->name};
    pen_text(&pen, "device", x->name, y->name);
    pen_options(&pen, same_point_options, a, b);
    if (l->before->buses[x->bus].driver == driver)
        pen_options(&pen, driver->point_options, l->before->refs[before].options,
                    l->after->refs[after].options);
}

static int compare_resolved(struct config_diff *d, const struct config *before,
                            const struct config *after)
{
    const struct list lists[] = {
        {d, before, after, DIFF_METRIC, before->metric_count, after->metric_count,
         metric_name, metric_changed},
        {d, before, after, DIFF_BUS, before->bus_count, after->bus_count, bus_name,
         bus_changed},
        {d, before, after, DIFF_DEVICE, before->device_count, after->device_count,
         device_name, device_changed},
        {d, before, after, DIFF_POINT, before->point_count, after->point_count,
         point_name, point_changed},
    };
    int r = 0;
    for (size_t i = 0; r == 0 && i < sizeof(lists) / sizeof(lists[0]); i++)
        r = list_compare(&lists[i]);
    return r;
}

/* --- what only its nodes describe here ------------------------------------------ */

const struct config_node *diff_item(const struct config_node *list, const char *id)
{
    for (size_t i = 0; i < config_count(list); i++) {
        const char *other = config_scalar(config_child(config_item(list, i), "id"));
        if (other && strcmp(other, id) == 0)
            return config_item(list, i);
    }
    return NULL;
}

/* Items of @key in campus.yaml, by their id. */
static void compare_items(struct config_diff *d, enum diff_kind kind, const char *key,
                          const struct config *before, const struct config *after)
{
    const struct config_node *a = config_child(before->campus, key);
    const struct config_node *b = config_child(after->campus, key);
    for (size_t i = 0; i < config_count(b); i++) {
        const struct config_node *item = config_item(b, i);
        const char *id = config_scalar(config_child(item, "id"));
        const struct config_node *old = id ? diff_item(a, id) : NULL;
        struct pen pen = {.diff = d, .kind = kind, .name = id};
        if (old)
            pen_nodes(&pen, "", old, item);
        else if (id)
            (void)diff_row_add(d, kind, DIFF_ADDED, id);
    }
    for (size_t i = 0; i < config_count(a); i++) {
        const char *id = config_scalar(config_child(config_item(a, i), "id"));
        if (id && !diff_item(b, id))
            (void)diff_row_add(d, kind, DIFF_REMOVED, id);
    }
}

static void compare_section(struct config_diff *d, const struct config_node *before,
                            const struct config_node *after, const char *name)
{
    struct pen pen = {.diff = d, .kind = DIFF_SECTION, .name = name};
    pen_nodes(&pen, "", config_child(before, name), config_child(after, name));
}

static void compare_written(struct config_diff *d, const struct config *before,
                            const struct config *after)
{
    static const char *const campus[] = {"timezone", "school",  "stages",   "subjects",
                                         "bells",    "seasons", "calendar", NULL};
    for (size_t i = 0; campus[i]; i++)
        compare_section(d, before->campus, after->campus, campus[i]);
    struct pen table = {.diff = d, .kind = DIFF_SECTION, .name = "timetable"};
    pen_text(&table, "timetable", csv_version(before->timetable),
             csv_version(after->timetable));
    compare_section(d, before->gateway, after->gateway, "plugins");
    diff_lists(d, "outputs", &(struct diff_files){before->wiring, before->device_files},
               &(struct diff_files){after->wiring, after->device_files});
    diff_lists(d, "recipients", &(struct diff_files){before->rules, before->rule_files},
               &(struct diff_files){after->rules, after->rule_files});
    compare_items(d, DIFF_PLACE, "places", before, after);
    compare_items(d, DIFF_CLASS, "classes", before, after);
}

/* --- the whole -------------------------------------------------------------------- */

int config_diff_new(const struct config *before, const struct config *after,
                    struct config_diff **ret)
{
    struct config_diff *d = calloc(1, sizeof(*d));
    int r = d ? arena_new(&d->arena) : -ENOMEM;
    if (r == 0) {
        compare_written(d, before, after);
        r = compare_resolved(d, before, after);
    }
    if (r == 0 && d->has_failed)
        r = -ENOMEM;
    if (r < 0)
        config_diff_free(d);
    else
        *ret = d;
    return r;
}

struct config_diff *config_diff_free(struct config_diff *d)
{
    if (!d)
        return NULL;
    arena_free(d->arena);
    free(d->rows);
    free(d);
    return NULL;
}

bool config_diff_options(struct config_diff *d, enum diff_kind kind, const char *name,
                         const struct gw_option *options, const void *before,
                         const void *after)
{
    struct pen pen = {.diff = d, .kind = kind, .name = name};
    pen_options(&pen, options, before, after);
    return pen.row > 0;
}

bool config_diff_has(const struct config_diff *d, enum diff_kind kind, const char *name)
{
    for (size_t i = 0; i < d->count; i++)
        if (d->rows[i].kind == kind && (!name || strcmp(d->rows[i].name, name) == 0))
            return true;
    return false;
}

const char *diff_kind_name(enum diff_kind kind)
{
    static const char *const names[DIFF_KINDS] = {
        [DIFF_SECTION] = "section", [DIFF_METRIC] = "metric", [DIFF_PLACE] = "place",
        [DIFF_CLASS] = "class",     [DIFF_BUS] = "bus",       [DIFF_DEVICE] = "device",
        [DIFF_POINT] = "point",     [DIFF_RULE] = "rule",
    };
    return names[kind];
}

const char *diff_what_name(enum diff_what what)
{
    static const char *const names[] = {
        [DIFF_CHANGED] = "changed", [DIFF_ADDED] = "added", [DIFF_REMOVED] = "removed"};
    return names[what];
}
