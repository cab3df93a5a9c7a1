/* pipeline_build.c - makes the stages, ties them together and takes them apart. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/object_place.h"
#include "pipeline/pipeline_parts.h"

/* What the plugins know of a moment is the school's; the county gets what comes of it. */
static void emit_fact(struct pipeline *p, const struct gw_fact *fact)
{
    struct gw_record record = {.kind = GW_RECORD_FACT, .fact = *fact};
    if (p->facts)
        record.fact.stays = facts_stays(p->facts, fact);
    p->ops.emit(p->ops.ctx, &record);
    if (p->facts)
        facts_hear(p->facts, fact);
}

static void emit(void *ctx, const struct gw_record *record)
{
    struct pipeline *p = ctx;
    if (record->kind == GW_RECORD_FACT) {
        emit_fact(p, &record->fact);
        return;
    }
    if (record->kind == GW_RECORD_TRANSITION && p->outputs)
        outputs_transition(p->outputs, &record->transition, p->now_us);
    p->ops.emit(p->ops.ctx, record);
    if (record->kind == GW_RECORD_TRANSITION && p->river.plugins)
        plugin_host_alarm(p->river.plugins, &record->transition);
    if (record->kind == GW_RECORD_TRANSITION && p->facts)
        facts_alarm(p->facts, &record->transition);
}

static void publish(void *ctx, const struct gw_reading *reading)
{
    struct pipeline *p = ctx;
    if (river_publish(&p->river, reading) < 0)
        gw_complain(&p->flooded,
                    (struct gw_subject){
                        "PLUGIN", plugin_host_owner(p->river.plugins, reading->point)},
                    "a derived reading found no room (at most %d wait): dropped",
                    RIVER_FRONT_MAX);
}

static void rule_condition(void *ctx, const struct alarm_rule *rule, const char *object,
                           bool is_active, double value, const char *cause,
                           int64_t time_us)
{
    struct pipeline *p = ctx;
    alarms_condition(p->alarms, rule, object, is_active, value, cause, time_us);
}

static void rule_worsen(void *ctx, const struct alarm_rule *rule, const char *object,
                        double value, int64_t time_us)
{
    struct pipeline *p = ctx;
    alarms_worsen(p->alarms, rule, object, value, time_us);
}

static const struct gw_text *place_title(void *ctx, const char *object)
{
    const struct pipeline *p = ctx;
    const struct gw_place *place = object_place(p->points, p->campus, object);
    return place ? &place->title : NULL;
}

static void rule_fact(void *ctx, const struct gw_fact *fact)
{
    emit(ctx, &(struct gw_record){.kind = GW_RECORD_FACT, .fact = *fact});
}

static void rule_state(void *ctx, const struct gw_state *state)
{
    emit(ctx, &(struct gw_record){.kind = GW_RECORD_STATE, .state = *state});
}

static void rule_judged(void *ctx, const struct rule_judgement *judgement)
{
    const struct pipeline *p = ctx;
    p->ops.judged(p->ops.ctx, judgement);
}

static void rule_exempt(void *ctx, int64_t time_us)
{
    day_entries_measure(ctx, time_us);
}

static void switch_output(void *ctx, const struct output_command *command)
{
    const struct pipeline *p = ctx;
    if (p->ops.output)
        p->ops.output(p->ops.ctx, command);
}

static int point_id(void *ctx, const char *name, uint32_t *ret)
{
    const struct pipeline *p = ctx;
    return p->ops.point_id(p->ops.ctx, name, ret);
}

static int add_point(struct pipeline *p, struct config *config, size_t index,
                     struct gw_error *err)
{
    const struct config_point *point = &config->points[index];
    uint32_t id = 0;
    int r = point_id(p, point->name, &id);
    if (r == 0) {
        config_set_point_id(config, index, id);
        r = point_table_add(p->points, &(struct point_entry){
                                           .id = id,
                                           .name = point->name,
                                           .object = point->place,
                                           .metric = point->metric,
                                           .device = config->devices[point->device].name,
                                           .config = point,
                                       });
    }
    return r == 0 ? 0 : gw_fail(err, r, "point '%s': %s", point->name, strerror(-r));
}

static int add_points(struct pipeline *p, struct config *config, struct gw_error *err)
{
    int r = 0;
    for (size_t i = 0; r == 0 && i < config->point_count; i++)
        r = add_point(p, config, i, err);
    return r;
}

static void mark_test(void *ctx, const char *object, bool is_on, int64_t time_us)
{
    struct pipeline *p = ctx;
    if (alarms_mark_test(p->alarms, object, is_on, time_us) < 0)
        gw_log(GW_LOG_ERROR, (struct gw_subject){"ALARM", object},
               "out of memory: its alarms are not marked as of a test");
}

static int start_plugins(struct pipeline *p, const struct config_modules *modules,
                         struct config_faults *faults)
{
    const struct plugin_host_setup setup = {
        .config = p->config,
        .campus = p->campus,
        .plugins = modules ? modules->plugins : NULL,
        .points = p->points,
        .ops = {.ctx = p,
                .publish = publish,
                .emit = emit,
                .point_id = point_id,
                .mark_test = mark_test},
    };
    return plugin_host_new(&setup, faults, &p->river.plugins);
}

/* Where the catalogue has it. */
static int add_own_point(struct pipeline *p, const struct config *config,
                         const char *object, const char *metric)
{
    struct point_entry entry = {
        .name = arena_format(config->arena, "%s/%s", object, metric),
        .object = object,
        .metric = config_metric(config, metric),
    };
    if (!entry.name)
        return -ENOMEM;
    if (!entry.metric)
        return 0;
    int r = point_id(p, entry.name, &entry.id);
    return r == 0 ? point_table_add(p->points, &entry) : r;
}

/* What the daemon knows of itself and its buses; no device feeds them. */
static int add_own_points(struct pipeline *p, const struct config *config)
{
    static const char *const of_gateway[] = {
        "store_state",    "store_writes", "disk_free",        "clock_error",
        "county_link",    "county_id",    "certificate_days", "output_faults",
        "outbox_rows",    "outbox_bytes", "outbox_age",       "outbox_fill",
        "outbox_dropped",
    };
    int r = 0;
    for (size_t i = 0; i < sizeof(of_gateway) / sizeof(of_gateway[0]) && r == 0; i++)
        r = add_own_point(p, config, "gateway", of_gateway[i]);
    for (size_t i = 0; i < config->bus_count && r == 0; i++)
        r = add_own_point(p, config, config->buses[i].name, bus_watch_metric);
    return r;
}

static int load_rules(struct pipeline *p, struct config_faults *faults)
{
    const struct rules_ops ops = {.ctx = p,
                                  .condition = rule_condition,
                                  .worsen = rule_worsen,
                                  .fact = rule_fact,
                                  .exempt = rule_exempt,
                                  .state = rule_state,
                                  .judged = p->ops.judged ? rule_judged : NULL};
    return rules_load(p->config, p->campus, p->points, &ops, faults, &p->river.rules);
}

static int load_outputs(struct pipeline *p, struct config_faults *faults)
{
    const struct outputs_setup setup = {
        .config = p->config,
        .campus = p->campus,
        .points = p->points,
        .rules = p->river.rules,
        .ctx = p,
        .command = switch_output,
    };
    return outputs_load(&setup, faults, &p->outputs);
}

static int load_facts(struct pipeline *p, struct config_faults *faults)
{
    const struct facts_setup setup = {
        .config = p->config,
        .campus = p->campus,
        .points = p->points,
        .emit = emit,
        .ctx = p,
    };
    return facts_load(&setup, faults, &p->facts);
}

/* After plugins have added their points: every stage has its array beside the table. */
static int add_stages(struct pipeline *p, struct config_faults *faults)
{
    int r = condition_new(p->points, &p->condition);
    if (r == 0)
        r = bus_watch_new(p->config, p->points, &p->buses);
    if (r == 0)
        r = storage_rule_new(p->points, &p->river.storage);
    if (r == 0)
        r = summary_new(p->points, emit, p, &p->river.summary);
    if (r == 0)
        r = alarms_new(&(struct alarms_ops){p, emit, place_title}, &p->alarms);
    if (r == 0)
        r = load_rules(p, faults);
    if (r == 0)
        r = load_outputs(p, faults);
    if (r == 0)
        r = load_facts(p, faults);
    return r;
}

static int build(struct pipeline *p, struct config *config,
                 const struct config_modules *modules, struct config_faults *faults,
                 struct gw_error *err)
{
    p->counts = calloc(config->bus_count + 1, sizeof(*p->counts));
    int r = p->counts ? point_table_new(&p->points) : -ENOMEM;
    if (r == 0)
        r = add_points(p, config, err);
    if (r < 0)
        return r;
    r = start_plugins(p, modules, faults);
    if (r == 0)
        r = add_own_points(p, config);
    if (r == 0)
        r = add_stages(p, faults);
    return r == 0 ? 0 : gw_fail(err, r, "the pipeline cannot be built: %s", strerror(-r));
}

int pipeline_new(struct config *config, const struct gw_campus *campus,
                 const struct config_modules *modules, const struct pipeline_ops *ops,
                 struct config_faults *faults, struct pipeline **ret,
                 struct gw_error *err)
{
    struct pipeline *p = calloc(1, sizeof(*p));
    if (!p)
        return gw_fail(err, -ENOMEM, "the pipeline cannot be built: out of memory");
    p->config = config;
    p->campus = campus;
    p->ops = *ops;
    p->ticks.campus = campus;
    int r = build(p, config, modules, faults, err);
    if (r < 0) {
        pipeline_free(p);
        return r;
    }
    p->river.points = p->points;
    p->river.emit = emit;
    p->river.ctx = p;
    *ret = p;
    return 0;
}

struct pipeline *pipeline_free(struct pipeline *p)
{
    if (!p)
        return NULL;
    facts_free(p->facts);
    outputs_free(p->outputs);
    rules_free(p->river.rules);
    alarms_free(p->alarms);
    summary_free(p->river.summary);
    telemetry_free(p->river.telemetry);
    storage_rule_free(p->river.storage);
    bus_watch_free(p->buses);
    condition_free(p->condition);
    plugin_host_free(p->river.plugins);
    point_table_free(p->points);
    river_done(&p->river);
    free(p->counts);
    free(p);
    return NULL;
}
