/* A line that was copied and not finished: two devices that would read the same thing, or
 * that answer to one address. */
#include <string.h>
#include <strings.h>

#include "config/load.h"
#include "config/node.h"
#include "config/value.h"

/* Keys that say whose a reading is, not where it comes from. */
static bool is_ours(const char *key)
{
    static const char *const ours[] = {"name",   "bus",        "template",
                                       "place",  "places",     "supervision",
                                       "period", "point_name", NULL};
    size_t i = 0;
    while (ours[i] && strcmp(ours[i], key) != 0)
        i++;
    return ours[i] != NULL;
}

static bool is_equal_node(const struct config_node *a, const struct config_node *b,
                          const char *key)
{
    return node_equals(config_child(a, key), config_child(b, key));
}

/* twin_key - the first of @a's driver keys when @b has all of them and says the same;
 * NULL when they differ, say none, or fill in their place ("{place}") by themselves.
 * Points that both write out are compared as a whole. */
static const char *twin_key(const struct config_node *a, const struct config_node *b)
{
    const char *first = NULL;
    for (size_t i = 0; i < config_count(a); i++) {
        const char *key = config_key(a, i);
        const char *mine = config_scalar(config_value(a, i));
        const char *other = config_scalar(config_child(b, key));
        if (is_ours(key) || (!mine && is_equal_node(a, b, key)))
            continue;
        if (!mine || !other || strcmp(mine, other) != 0 || strchr(mine, '{'))
            return NULL;
        first = first ? first : key;
    }
    return first;
}

static void say_twins(struct load *l, const struct load_device *d,
                      const struct load_device *before)
{
    const char *key = twin_key(d->node, before->node);
    if (key && twin_key(before->node, d->node))
        config_warning(l->src.faults, config_where(config_child(d->node, key)), d->path,
                       "'%s' is that of '%s', which has the same template and bus: both "
                       "will say the same (wanted: another %s)",
                       key, config_scalar(config_child(before->node, "name")), key);
}

/* Several rows of one slave are meant where they share its template or are written out:
 * a meter of many rooms.  Two models behind one address answer at once, mostly. */
static void say_one_unit(struct load *l, const struct load_device *d,
                         const struct load_device *before)
{
    struct config_mark mark = config_where(before->node);
    if (d->driver->same_unit && d->driver->same_unit(d->options, before->options))
        config_warning(
            l->src.faults, config_where(d->node), d->path,
            "is the same unit on its bus as '%s' at %s:%d:%d, but has template "
            "'%s' instead of '%s' (wanted: a unit of its own, unless one "
            "device is both)",
            config_scalar(config_child(before->node, "name")), mark.file, mark.line,
            mark.column, d->template->name, before->template->name);
}

/* Two buses are two sessions: each gets the message, and each takes it. */
static void say_heard_twice(struct load *l, const struct load_device *d,
                            const struct load_device *before)
{
    const struct config_bus *other = &l->config->buses[before->bus];
    const char *key = twin_key(d->node, before->node);
    if (key && twin_key(before->node, d->node))
        config_warning(l->src.faults, config_where(config_child(d->node, key)), d->path,
                       "'%s' is that of '%s' on bus '%s', which hears the same broker: "
                       "each message counts twice (wanted: one of them)",
                       key, config_scalar(config_child(before->node, "name")),
                       other->name);
}

/* is_heard_twice - by two buses that hear the same. */
static bool is_heard_twice(const struct load *l, const struct load_device *d,
                           const struct load_device *before)
{
    const struct config_bus *a = &l->config->buses[d->bus];
    const struct config_bus *b = &l->config->buses[before->bus];
    char mine[GW_NAME_MAX] = "";
    char other[GW_NAME_MAX] = "";
    if (d->bus == before->bus || a->driver != b->driver || !a->driver->source)
        return false;
    a->driver->source(a->options, mine);
    b->driver->source(b->options, other);
    return *mine && strcasecmp(mine, other) == 0;
}

static void compare(struct load *l, const struct load_device *d,
                    const struct load_device *before)
{
    bool is_one_model = before->template == d->template;
    if (!before->is_good)
        return;
    if (is_one_model && is_heard_twice(l, d, before))
        say_heard_twice(l, d, before);
    if (!before->template || !d->template || before->bus != d->bus)
        return;
    if (is_one_model)
        say_twins(l, d, before);
    else
        say_one_unit(l, d, before);
}

void load_twins(struct load *l, const struct load_device *devices, size_t count)
{
    for (size_t i = 1; i < count; i++)
        for (size_t k = 0; devices[i].is_good && k < i; k++)
            compare(l, &devices[i], &devices[k]);
}
