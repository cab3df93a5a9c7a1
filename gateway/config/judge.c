#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "config/load.h"

/* The last look at what fits each by itself: points side by side, security points. */

static int by_place_and_metric(const void *a, const void *b)
{
    const struct config_point *x = *(const struct config_point *const *)a;
    const struct config_point *y = *(const struct config_point *const *)b;
    int order = strcmp(x->place, y->place);
    if (order == 0)
        order = strcmp(x->metric->name, y->metric->name);
    return order != 0 ? order : strcmp(x->name, y->name);
}

static bool is_same_kind(const struct config_point *x, const struct config_point *y)
{
    return strcmp(x->place, y->place) == 0 && x->metric == y->metric;
}

/* is_unnamed - "<place>/<metric>" without ".<name>". */
static bool is_unnamed(const struct config_point *p)
{
    return strlen(p->name) == strlen(p->place) + 1 + strlen(p->metric->name);
}

/* judge_names - the unnamed one sorts first among its like. */
static void judge_names(struct load *l, const struct config_point *const *sorted,
                        size_t count)
{
    for (size_t i = 0; i + 1 < count; i++) {
        const struct config_point *p = sorted[i];
        const struct config_point *other = sorted[i + 1];
        if (is_unnamed(p) && is_same_kind(p, other))
            config_fault(l->src.faults, p->mark, p->name,
                         "needs a 'name': '%s' at %s:%d:%d is of the same metric in the "
                         "same place (allowed: one without a name, or all with one: "
                         "'point_name' at the device, 'name' at a point)",
                         other->name, other->mark.file, other->mark.line,
                         other->mark.column);
    }
}

static void judge_supervision(struct load *l)
{
    const struct config *c = l->config;

    for (size_t i = 0; i < c->point_count; i++) {
        const struct config_point *p = &c->points[i];
        const struct config_device *d = &c->devices[p->device];
        if (p->metric->is_security && p->stale_us == 0)
            config_warning(l->src.faults, d->mark, d->name,
                           "security point '%s' without supervision: its silence is "
                           "never noticed (wanted: supervision: …)",
                           p->name);
    }
}

int load_judge(struct load *l)
{
    const struct config *c = l->config;
    const struct config_point **sorted = calloc(c->point_count + 1, sizeof(*sorted));

    if (!sorted)
        return -ENOMEM;
    for (size_t i = 0; i < c->point_count; i++)
        sorted[i] = &c->points[i];
    qsort(sorted, c->point_count, sizeof(*sorted), by_place_and_metric);
    judge_names(l, sorted, c->point_count);
    judge_supervision(l);
    for (uint32_t i = 0; i < c->bus_count; i++) {
        load_judge_port(l, i);
        load_judge_server(l, i);
        load_judge_called(l, i);
        load_judge_bus_time(l, i);
    }
    free(sorted);
    return 0;
}
