/* plugin_calls.c - the functions of gw/plugin.h. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "pipeline/plugin_slots.h"

/* Marks grow with the table, which derived points make longer. */
static int mark_of(struct plugin_host *h, uint32_t point, struct plugin_mark **ret)
{
    size_t index = point_table_index(h->setup.points, point);
    if (index == POINT_NOWHERE)
        return -ENOENT;
    size_t count = point_table_count(h->setup.points);
    if (count > h->mark_count) {
        size_t room = count + count / 4;
        struct plugin_mark *marks = reallocarray(h->marks, room, sizeof(*marks));
        if (!marks)
            return -ENOMEM;
        memset(marks + h->mark_count, 0, (room - h->mark_count) * sizeof(*marks));
        h->marks = marks;
        h->mark_count = room;
    }
    *ret = &h->marks[index];
    return 0;
}

size_t gw_points_of(const struct gw_host *host, const char *object, const char *metric,
                    struct gw_point_info *ret, size_t max)
{
    const struct point_table *points = host->host->setup.points;
    size_t found = 0;
    for (size_t i = 0; i < point_table_count(points); i++) {
        const struct point_entry *entry = point_table_entry(points, i);
        if ((metric && strcmp(entry->metric->name, metric) != 0)
            || (object && strcmp(entry->object, object) != 0))
            continue;
        if (found < max)
            ret[found] = (struct gw_point_info){
                .id = entry->id,
                .name = entry->name,
                .object = entry->object,
                .metric = entry->metric->name,
                .device = entry->device,
                .width = entry->config ? entry->config->width : 0,
            };
        found++;
    }
    return found;
}

bool gw_point_is_security(const struct gw_host *host, uint32_t point)
{
    const struct point_entry *entry = point_table_find(host->host->setup.points, point);
    return entry && entry->metric->is_security;
}

bool gw_latest(const struct gw_host *host, uint32_t point, struct gw_reading *ret)
{
    const struct gw_reading *latest = point_table_get(host->host->setup.points, point);
    if (host->is_starting || !latest || latest->reason == GW_REASON_UNSEEN)
        return false;
    *ret = *latest;
    return true;
}

/* Everything that @from feeds, also through others. */
static uint64_t reach(const struct plugin_host *h, unsigned from)
{
    uint64_t reached = UINT64_C(1) << from;
    for (bool has_grown = true; has_grown;) {
        uint64_t before = reached;
        for (unsigned i = 0; i < h->count; i++)
            if (reached & (UINT64_C(1) << i))
                reached |= h->slots[i].feeds;
        has_grown = reached != before;
    }
    return reached;
}

int gw_watch(struct gw_host *host, uint32_t point, struct gw_error *err)
{
    struct plugin_host *h = host->host;
    struct plugin_mark *mark = NULL;
    int r = mark_of(h, point, &mark);
    if (r < 0)
        return gw_fail(err, r, "plugin '%s': cannot watch point %u (a point's id)",
                       host->plugin->name, point);
    if (mark->owner > 0) {
        struct gw_host *source = &h->slots[mark->owner - 1];
        if (reach(h, host->index) & (UINT64_C(1) << source->index))
            return gw_fail(err, -ELOOP,
                           "plugin '%s': '%s' comes from plugin '%s', which depends on "
                           "this one (no loops)",
                           host->plugin->name,
                           point_table_find(h->setup.points, point)->name,
                           source->plugin->name);
        source->feeds |= UINT64_C(1) << host->index;
    }
    mark->watchers |= UINT64_C(1) << host->index;
    return 0;
}

static int fail_taken(const struct gw_host *host, const struct point_entry *taken,
                      struct gw_error *err)
{
    const char *source = taken->device;
    const char *kind = "device";
    if (!source) {
        source = plugin_host_owner(host->host, taken->id);
        kind = "plugin";
    }
    return gw_fail(err, -EEXIST,
                   "plugin '%s': '%s' comes from %s '%s' already (one source a point)",
                   host->plugin->name, taken->name, kind, source);
}

/* "occupancy.door" is of the metric "occupancy". */
static const struct config_metric *metric_of(const struct plugin_host *h,
                                             const char *metric)
{
    char name[GW_ID_MAX];
    (void)snprintf(name, sizeof(name), "%.*s", (int)strcspn(metric, "."), metric);
    return config_metric(h->setup.config, name);
}

/* Each metric once, with the first point that it is wanted for. */
static void note_lacking(struct gw_host *host, const char *metric, const char *point)
{
    char quoted[GW_ID_MAX + 2];
    (void)snprintf(quoted, sizeof(quoted), "'%.*s'", (int)strcspn(metric, "."), metric);
    if (host->lacking.text && strstr(host->lacking.text, quoted))
        return;
    strbuf_format(&host->lacking, "%s%s (of %s)", host->lacking.text ? ", " : "", quoted,
                  point);
}

static int add_derived(struct gw_host *host, struct point_entry *entry,
                       struct gw_error *err)
{
    struct plugin_host *h = host->host;
    int r = h->setup.ops.point_id(h->setup.ops.ctx, entry->name, &entry->id);
    if (r == 0)
        r = point_table_add(h->setup.points, entry);
    struct plugin_mark *mark = NULL;
    if (r == 0)
        r = mark_of(h, entry->id, &mark);
    if (r != 0)
        return gw_fail(err, r, "plugin '%s': cannot add '%s': %s", host->plugin->name,
                       entry->name, strerror(-r));
    mark->owner = host->index + 1;
    return 0;
}

int gw_derive(struct gw_host *host, const char *object, const char *metric,
              uint32_t *ret_point, struct gw_error *err)
{
    return gw_derive_from(host, object, metric, 0, ret_point, err);
}

int gw_derive_from(struct gw_host *host, const char *object, const char *metric,
                   uint32_t source, uint32_t *ret_point, struct gw_error *err)
{
    struct plugin_host *h = host->host;
    const char *plugin = host->plugin->name;
    if (!host->is_starting)
        return gw_fail(err, -EPERM, "plugin '%s': '%s/%s' is declared in start() only",
                       plugin, object, metric);
    struct point_entry entry = {.metric = metric_of(h, metric),
                                .source = source,
                                .object = arena_string(h->arena, object),
                                .name = arena_format(h->arena, "%s/%s", object, metric)};
    if (!entry.object || !entry.name)
        return gw_fail(err, -ENOMEM, "plugin '%s': out of memory", plugin);
    if (!entry.metric) {
        note_lacking(host, metric, entry.name);
        *ret_point = 0;
        return 0;
    }
    if (strlen(entry.name) >= GW_NAME_MAX)
        return gw_fail(err, -ENAMETOOLONG, "plugin '%s': '%s' (at most %d characters)",
                       plugin, entry.name, GW_NAME_MAX - 1);
    if (source > 0 && !point_table_find(h->setup.points, source))
        return gw_fail(err, -ENOENT,
                       "plugin '%s': '%s' cannot follow point %u (a point's id)", plugin,
                       entry.name, source);
    const struct point_entry *taken = point_table_named(h->setup.points, entry.name);
    if (taken)
        return fail_taken(host, taken, err);
    int r = add_derived(host, &entry, err);
    if (r == 0)
        *ret_point = entry.id;
    return r;
}

void gw_publish(struct gw_host *host, uint32_t point, double value,
                enum gw_quality quality, enum gw_reason reason, int64_t time_us)
{
    const struct plugin_host *h = host->host;
    if (plugin_host_owner(h, point) != host->plugin->name)
        return; /* not declared by this plugin */
    bool is_bad = quality == GW_BAD || !isfinite(value);
    struct gw_reading reading = {
        .point = point,
        .flags = GW_DERIVED,
        .quality = (uint8_t)(is_bad ? GW_BAD : quality),
        .reason =
            (uint8_t)(is_bad && reason == GW_REASON_NONE ? GW_REASON_INPUT : reason),
        .value = is_bad ? NAN : value,
        .time_us = time_us,
        .source_us = GW_TIME_NONE,
    };
    h->setup.ops.publish(h->setup.ops.ctx, &reading);
}

/* While nobody knows the time, nobody knows whose lesson or which day it was. */
void gw_fact(struct gw_host *host, const struct gw_fact *fact)
{
    const struct plugin_host_ops *ops = &host->host->setup.ops;
    if (fact->by_calendar && !clock_school_is_known())
        return;
    ops->emit(ops->ctx, &(struct gw_record){.kind = GW_RECORD_FACT, .fact = *fact});
}

void gw_state_save(struct gw_host *host, const char *key, const void *state, size_t size)
{
    const struct plugin_host_ops *ops = &host->host->setup.ops;
    if (plugin_state_put(&host->state, key, state, size) < 0)
        gw_log(GW_LOG_ERROR, (struct gw_subject){"PLUGIN", host->plugin->name},
               "out of memory: '%s' can be loaded after a restart only", key);
    ops->emit(
        ops->ctx,
        &(struct gw_record){
            .kind = GW_RECORD_STATE,
            .state = {.owner = host->owner, .key = key, .bytes = state, .size = size}});
}

size_t gw_state_load(struct gw_host *host, const char *key, void *ret, size_t size)
{
    return plugin_state_get(&host->state, key, ret, size);
}

bool gw_state_is_away(const struct gw_host *host)
{
    return host->host->is_state_away;
}

void gw_wake(struct gw_host *host, int64_t time_us)
{
    host->due_us = time_us;
}

void gw_answer(struct gw_host *host, const char *json)
{
    free(host->answer);
    host->answer = strdup(json);
}

void gw_mark_test(struct gw_host *host, const char *object, bool is_on, int64_t time_us)
{
    const struct plugin_host_ops *ops = &host->host->setup.ops;
    if (!host->is_starting && ops->mark_test)
        ops->mark_test(ops->ctx, object, is_on, time_us);
}

const struct gw_campus *gw_host_campus(const struct gw_host *host)
{
    return host->host->setup.campus;
}

const void *gw_host_options(const struct gw_host *host)
{
    return host->self;
}
