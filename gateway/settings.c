#include "settings.h"

#include <errno.h>
#include <string.h>

#include "base/clock.h"
#include "campus/campus.h"
#include "facts/fact_plan.h"
#include "pipeline/plugin_host.h"
#include "points/telemetry.h"
#include "rules/rule_diff.h"
#include "settings_files.h"
#include "shipped.h"
#include "uplink/mapping.h"

static int judge_http(const struct settings *s, struct gw_error *err)
{
    return http_check(&s->http, err);
}

static int judge_local(const struct settings *s, struct gw_error *err)
{
    return notify_check(&s->local, err);
}

/* The sections of gateway.yaml that are one table and one struct each.
 * judge, key, path  what its owner would refuse at the start, and where that is said */
static const struct section {
    const char *name;
    const struct gw_option *options;
    size_t offset;
    int (*judge)(const struct settings *s, struct gw_error *err);
    const char *key;
    const char *path;
} sections[] = {
    {"store", store_options, offsetof(struct settings, store), NULL, NULL, NULL},
    {"http", http_options, offsetof(struct settings, http), judge_http, "listen", ""},
    {"local", notify_options, offsetof(struct settings, local), judge_local, "broker",
     "local.broker"},
};

static void judge_section(struct settings *s, const struct section *section,
                          const struct config_node *node)
{
    struct gw_error err = {0};
    if (section->judge && section->judge(s, &err) < 0)
        config_fault(s->faults, config_where(config_child(node, section->key)),
                     section->path, "%s", err.text);
}

static void read_sections(struct settings *s)
{
    struct config_source source = {.arena = s->config->arena, .faults = s->faults};
    for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]); i++) {
        const struct section *section = &sections[i];
        const struct config_node *node =
            s->config->gateway ? config_child(s->config->gateway, section->name) : NULL;
        void *object = (char *)s + section->offset;
        if (!node)
            config_defaults(&source, section->options, object);
        else if (config_fill(&source, node, section->name, section->options, object,
                             NULL))
            judge_section(s, section, node);
    }
}

int settings_load(const char *folder, struct settings *ret, struct gw_error *err)
{
    *ret = (struct settings){0};
    int r = config_faults_new(&ret->faults);
    if (r < 0)
        return gw_fail(err, r, "configuration '%s': out of memory", folder);
    r = modules_load(folder, ret->faults, &ret->modules);
    if (r < 0)
        return gw_fail(err, r, "configuration '%s': out of memory", folder);
    r = config_load(folder, modules_all(ret->modules), ret->faults, &ret->config, err);
    if (r < 0)
        return r;
    read_sections(ret);
    county_load(ret->config, ret->faults, &ret->county);
    r = campus_load(ret->config, ret->faults, &ret->campus);
    if (r < 0)
        return gw_fail(err, r, "configuration '%s': out of memory", folder);
    if (ret->campus)
        ret->store.utc_offset_s = campus_offset_s(ret->campus, clock_school_us());
    return 0;
}

void settings_free(struct settings *s)
{
    s->campus = campus_free(s->campus);
    s->config = config_free(s->config);
    s->faults = config_faults_free(s->faults);
    s->modules = modules_free(s->modules);
}

static void ignore_record(void *ctx, const struct gw_record *record)
{
    (void)ctx;
    (void)record;
}

static int count_point(void *ctx, const char *name, uint32_t *ret)
{
    (void)name;
    uint32_t *last = ctx;
    *ret = ++*last;
    return 0;
}

/* @pipeline: knows also the points that plugins make. */
static void judge_telemetry(struct settings *s, struct pipeline *pipeline)
{
    const struct gw_strings *globs = &s->county.telemetry.points;
    const struct config_node *county = config_child(s->config->gateway, "county");
    const struct config_node *said =
        config_child(config_child(county, "telemetry"), "points");
    for (size_t i = 0; i < globs->count; i++)
        if (!telemetry_is_named(pipeline_points(pipeline), globs->items[i]))
            config_warning(s->faults, config_where(config_item(said, i)),
                           "county.telemetry.points",
                           "'%s' names no point (wanted: a glob over names such as "
                           "b1-203/co2, as campusctl points shows them)",
                           globs->items[i]);
}

bool settings_check(struct settings *s, FILE *out)
{
    uint32_t last_point = 0;
    const struct pipeline_ops ops = {
        .ctx = &last_point, .emit = ignore_record, .point_id = count_point};
    struct gw_error err = {0};
    struct pipeline *pipeline = NULL;
    int r = 0;

    /* A tree with faults is not fit to build on; what it lacks would be reported twice.
     */
    if (config_faults_errors(s->faults) == 0)
        r = pipeline_new(s->config, s->campus, modules_all(s->modules), &ops, s->faults,
                         &pipeline, &err);
    if (pipeline)
        judge_telemetry(s, pipeline);
    settings_judge_files(s);
    config_faults_print(s->faults, out);
    if (r < 0)
        fprintf(out, "%s: %s\n", s->config->folder, err.text);
    pipeline = pipeline_free(pipeline);
    return r == 0 && config_faults_errors(s->faults) == 0;
}

int settings_refuse(const struct settings *s, const char *then, struct gw_error *err)
{
    size_t errors = config_faults_errors(s->faults);
    return gw_fail(err, -EINVAL, "configuration '%s' has %zu error%s%s",
                   s->config->folder, errors, errors == 1 ? "" : "s", then);
}

int settings_read(const char *folder, const char *trial, bool is_alone,
                  struct settings *ret, struct gw_error *err)
{
    char then[300] = "";
    int r = settings_load(folder, ret, err);
    if (r < 0)
        return r;
    if (trial) {
        config_add_trial(ret->config, trial, is_alone, ret->faults);
        (void)snprintf(then, sizeof(then), "; '%.200s' is read over it", trial);
    }
    if (config_faults_errors(ret->faults) == 0)
        return 0;
    config_faults_print(ret->faults, stderr);
    return settings_refuse(ret, then, err);
}

int settings_diff(const struct settings *before, const struct settings *after,
                  struct config_diff **ret)
{
    int r = config_diff_new(before->config, after->config, ret);
    if (r < 0)
        return r;
    r = rules_diff(before->config, after->config, *ret);
    for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]); i++)
        (void)config_diff_options(*ret, DIFF_SECTION, sections[i].name,
                                  sections[i].options,
                                  (const char *)before + sections[i].offset,
                                  (const char *)after + sections[i].offset);
    county_diff(&before->county, &after->county, *ret);
    modules_diff(before->modules, after->modules, *ret);
    if (r == 0 && !(*ret)->has_failed)
        return 0;
    *ret = config_diff_free(*ret);
    return -ENOMEM;
}

bool settings_is_fixed(const struct diff_row *row, const char *key)
{
    static const struct {
        const char *section;
        const char *key;
    } fixed[] = {{"store", "path"}, {"http", "listen"}, {"http", "socket"}};
    for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++)
        if (row->kind == DIFF_SECTION && strcmp(row->name, fixed[i].section) == 0
            && strcmp(key, fixed[i].key) == 0)
            return true;
    return false;
}

static void print_lists(FILE *out, const struct gw_option_list *lists)
{
    for (size_t i = 0; lists && lists[i].name; i++) {
        fprintf(out, "    # %s\n    %s:\n      - # each\n", lists[i].help, lists[i].name);
        config_print_options(out, NULL, lists[i].options, 8);
    }
}

void settings_print_options(FILE *out)
{
    fprintf(out, "# gateway.yaml\n");
    county_print_options(out);
    for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]); i++)
        config_print_options(out, sections[i].name, sections[i].options, 0);
    modules_print_options(out);
    fprintf(out, "plugins:\n");
    for (const struct gw_plugin *const *p = shipped_modules.plugins; *p; p++) {
        config_print_options(out, (*p)->name, plugin_common_options, 2);
        config_print_options(out, NULL, (*p)->options, 4);
        print_lists(out, (*p)->lists);
    }
    fprintf(out, "---\n");
    campus_print_options(out);
    fprintf(out, "---\n");
    config_print_manual(out, &shipped_modules);
    fprintf(out, "---\n# devices.d/*.yaml, beside buses and devices\n");
    outputs_print_options(out);
    fprintf(out, "---\n# mappings/*.yaml and mappings.d/*.yaml\n");
    mapping_print_options(out);
    fprintf(out, "---\n# facts.yaml\n");
    facts_print_options(out);
    fprintf(out, "---\n# rules/*.yaml and rules.d/*.yaml\n");
    rules_print_options(out);
}
