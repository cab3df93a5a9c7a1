#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
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

static void metric_load(struct load *l, const struct config_node *node, const char *name)
{
    struct config_metric *m = &l->config->metrics[l->config->metric_count];
    const char *path = arena_format(l->src.arena, "metrics.%s", name);

    if (!path)
        return;
    bool is_good = config_fill(&l->src, node, path, metric_options, m, NULL);
    m->name = name;
    m->mark = config_where_key(node);
    if (!config_child(node, "min"))
        m->min = (double)NAN;
    if (!config_child(node, "max"))
        m->max = (double)NAN;
    if (is_good)
        metric_check(l, m, path);
    if (!config_metric(l->config, name)) /* a duplicate key is reported already */
        l->config->metric_count++;
}

int load_metrics(struct load *l)
{
    static const char *const keys[] = {"metrics", NULL};
    const struct config_node *map = config_child(l->metrics, "metrics");
    size_t count = config_count(map);

    load_check_keys(l, l->metrics, keys);
    if (map && !config_is_map(map)) {
        config_fault(l->src.faults, config_where(map), "metrics",
                     "a list stands here (allowed: a mapping of names to metrics)");
        return 0;
    }
    l->config->metrics =
        arena_alloc(l->src.arena, (count + 1) * sizeof(*l->config->metrics));
    if (!l->config->metrics)
        return -ENOMEM;
    for (size_t i = 0; i < count; i++)
        metric_load(l, config_value(map, i), config_key(map, i));
    return 0;
}

const struct config_metric *config_metric(const struct config *c, const char *name)
{
    for (size_t i = 0; i < c->metric_count; i++)
        if (strcmp(c->metrics[i].name, name) == 0)
            return &c->metrics[i];
    return NULL;
}
