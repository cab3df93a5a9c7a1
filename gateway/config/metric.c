#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "config/layers.h"
#include "config/load.h"
#include "config/manual.h"

static const char *const kinds[] = {"gauge", "counter", "state", "event", NULL};

#define METRIC(field) offsetof(struct config_metric, field)
const struct gw_option metric_options[] = {
    {.name = "unit",
     .type = GW_OPT_STRING,
     .offset = METRIC(unit),
     .required = true,
     .help = "of the value, \"\" for states and counts"},
    {.name = "title",
     .type = GW_OPT_TEXT,
     .offset = METRIC(title),
     .required = true,
     .help = "for people"},
    {.name = "kind",
     .type = GW_OPT_ENUM,
     .offset = METRIC(kind),
     .required = true,
     .choices = kinds,
     .help = "what the values mean"},
    {.name = "min",
     .type = GW_OPT_NUMBER,
     .offset = METRIC(min),
     .help = "smallest valid value; open unless said"},
    {.name = "max",
     .type = GW_OPT_NUMBER,
     .offset = METRIC(max),
     .help = "largest valid value; open unless said"},
    {.name = "dead_band",
     .type = GW_OPT_NUMBER,
     .offset = METRIC(dead_band),
     .min = 0,
     .max = 1e9,
     .fallback = "0",
     .help = "a smaller change is not stored"},
    {.name = "longest_silence",
     .type = GW_OPT_DURATION,
     .offset = METRIC(longest_silence_us),
     .min = 1e6,
     .max = 7 * 86400e6,
     .fallback = "10min",
     .help = "stored at least so often"},
    {.name = "states",
     .type = GW_OPT_MAP,
     .offset = METRIC(states),
     .min = 1,
     .max = 64,
     .help = "words of a state and their numbers"},
    {.name = "security",
     .type = GW_OPT_BOOL,
     .offset = METRIC(is_security),
     .fallback = "false",
     .help = "its points want supervision: silence is a fault"},
    {0},
};

_Static_assert(sizeof(enum config_metric_kind) == sizeof(int),
               "GW_OPT_ENUM fills an int");

/* metric_name_is_good - it stands in SQL, in topics and before ".name". */
static bool metric_name_is_good(const char *name)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789_";
    return name[0] >= 'a' && name[0] <= 'z' && strspn(name, letters) == strlen(name)
           && strlen(name) < GW_ID_MAX;
}

static void metric_check(struct load *l, const struct config_metric *m, const char *path)
{
    struct config_faults *faults = l->src.faults;

    if (!metric_name_is_good(m->name))
        config_fault(faults, m->mark, path,
                     "'%.80s' is not a metric's name (allowed: a-z, 0-9 and '_', a "
                     "letter first, at most 63)",
                     m->name);
    if (m->min > m->max)
        config_fault(faults, m->mark, path,
                     "min %g is above max %g (allowed: min <= max)", m->min, m->max);
    if (m->kind == METRIC_STATE && m->states.count == 0)
        config_fault(faults, m->mark, path,
                     "'states' is missing (allowed: a mapping of names to numbers)");
    if (m->kind != METRIC_STATE && m->kind != METRIC_EVENT && m->states.count > 0)
        config_fault(faults, m->mark, path,
                     "a %s has no 'states' (allowed: for state and event)",
                     kinds[m->kind]);
}

/* metric_layers - what each file says of @name, in their order. */
static size_t metric_layers(struct load *l, const char *name, const char *path,
                            struct layer *layers)
{
    size_t count = 0;
    for (size_t i = 0; i < l->metrics.count; i++) {
        const struct config_node *map = config_child(l->metrics.roots[i], "metrics");
        const struct config_node *node = config_child(map, name);
        if (node)
            layers[count++] = (struct layer){.node = node, .path = path};
    }
    return count;
}

static bool layers_have(const struct layer *layers, size_t count, const char *key)
{
    for (size_t i = 0; i < count; i++)
        if (config_child(layers[i].node, key))
            return true;
    return false;
}

static int metric_load(struct load *l, const char *name)
{
    struct config_metric *m = &l->config->metrics[l->config->metric_count];
    const char *path = arena_format(l->src.passing, "metrics.%s", name);
    struct layer *layers =
        arena_alloc(l->src.passing, (l->metrics.count + 1) * sizeof(*layers));
    const char *kept = arena_string(l->src.arena, name);

    if (!path || !layers || !kept)
        return -ENOMEM;
    size_t count = metric_layers(l, name, path, layers);
    bool is_good = layers_fill(&l->src, layers, count, metric_options, m, true);
    m->name = kept;
    m->mark = config_where_key(layers[count - 1].node);
    if (!layers_have(layers, count, "min"))
        m->min = (double)NAN;
    if (!layers_have(layers, count, "max"))
        m->max = (double)NAN;
    if (is_good)
        metric_check(l, m, path);
    l->config->metric_count++;
    return 0;
}

/* metric_map - the mapping of one file, or NULL and perhaps a fault. */
static const struct config_node *metric_map(struct load *l,
                                            const struct config_node *root)
{
    static const char *const keys[] = {"metrics", "kinds", NULL};
    const struct config_node *map = config_child(root, "metrics");

    load_check_keys(l, root, keys);
    if (!map || config_is_map(map))
        return map;
    config_fault(l->src.faults, config_where(map), "metrics",
                 "a list stands here (allowed: a mapping of names to metrics)");
    return NULL;
}

int load_metrics(struct load *l)
{
    size_t count = 0;
    for (size_t i = 0; i < l->metrics.count; i++)
        count += config_count(config_child(l->metrics.roots[i], "metrics"));
    l->config->metrics =
        arena_alloc(l->src.arena, (count + 1) * sizeof(*l->config->metrics));
    if (!l->config->metrics)
        return -ENOMEM;

    int r = 0;
    for (size_t i = 0; i < l->metrics.count; i++) {
        const struct config_node *map = metric_map(l, l->metrics.roots[i]);
        for (size_t k = 0; k < config_count(map) && r == 0; k++)
            if (!config_metric(l->config, config_key(map, k)))
                r = metric_load(l, config_key(map, k));
    }
    return r;
}

const struct config_metric *config_metric(const struct config *c, const char *name)
{
    for (size_t i = 0; i < c->metric_count; i++)
        if (strcmp(c->metrics[i].name, name) == 0)
            return &c->metrics[i];
    return NULL;
}
