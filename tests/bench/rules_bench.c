/* rules_bench.c - raw samples through condition, plugins and rules, and nothing else.
 *
 * rules_bench FOLDER READINGS: every point of the configuration in turn, 200 readings a
 * second of school time from a Monday's first lesson on; gauges differ each time, states
 * change now and then.  Then once more what each point said last, at one moment, of all
 * points that feed no window: nobody may judge that.  Prints one JSON object.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "pipeline/pipeline.h"
#include "shipped.h"

enum { RULES_MAX = 200, STATE_EVERY = 50 };

static const int64_t step_us = 5000;
static const int64_t start_us = INT64_C(1795393500) * 1000000; /* 2026-11-23 08:25 */

/* bench - @emitted is what the store would get. */
struct bench {
    struct config *config;
    struct config_faults *faults;
    struct gw_campus *campus;
    struct pipeline *pipeline;
    uint32_t ids;
    uint64_t emitted;
    uint64_t chance;
};

static void emit(void *ctx, const struct gw_record *record)
{
    struct bench *b = ctx;
    b->emitted += record->kind == GW_RECORD_READING;
}

static int point_id(void *ctx, const char *name, uint32_t *ret)
{
    struct bench *b = ctx;
    (void)name;
    *ret = ++b->ids;
    return 0;
}

static int build(struct bench *b, const char *folder, struct gw_error *err)
{
    const struct pipeline_ops ops = {.ctx = b, .emit = emit, .point_id = point_id};
    int r = config_faults_new(&b->faults);
    if (r == 0)
        r = config_load(folder, &shipped_modules, b->faults, &b->config, err);
    if (r == 0)
        r = campus_load(b->config, b->faults, &b->campus);
    if (r == 0)
        r = pipeline_new(b->config, b->campus, &shipped_modules, &ops, b->faults,
                         &b->pipeline, err);
    if (r < 0 || config_faults_errors(b->faults) == 0)
        return r;
    config_faults_print(b->faults, stderr);
    return -EINVAL;
}

static uint32_t chance(struct bench *b)
{
    b->chance = b->chance * UINT64_C(6364136223846793005) + 1442695040888963407u;
    return (uint32_t)(b->chance >> 33);
}

/* What a school at work says: around the middle of what its rules take for good. */
static double value_of(struct bench *b, const struct config_point *point, double last)
{
    const char *metric = point->metric->name;
    if (point->metric->kind == METRIC_COUNTER)
        return last + chance(b) % 2;
    if (point->metric->kind != METRIC_GAUGE)
        return chance(b) % STATE_EVERY == 0 ? last == 0 : last;
    if (strstr(metric, "lux"))
        return 600 + chance(b) % 100;
    if (strcmp(metric, "co2") == 0)
        return 800 + chance(b) % 100;
    return 18 + (chance(b) % 100) * 0.05;
}

static void feed(struct bench *b, size_t index, double value, int64_t time_us)
{
    const struct gw_sample sample = {.point = b->config->points[index].id,
                                     .quality = GW_GOOD,
                                     .raw = value,
                                     .source_us = GW_TIME_NONE,
                                     .mono_us = time_us - start_us};
    pipeline_sample(b->pipeline, &sample, time_us);
}

static uint64_t evaluations(const struct bench *b, size_t *ret_rules)
{
    struct rule_row rows[RULES_MAX];
    uint64_t sum = 0;
    *ret_rules = rules_rows(pipeline_rules(b->pipeline), rows, RULES_MAX);
    for (size_t i = 0; i < *ret_rules && i < RULES_MAX; i++)
        sum += rows[i].evaluations;
    return sum;
}

/* @point, or what a plugin derives of it alone, is in a window. */
static bool feeds_a_window(const struct bench *b, uint32_t point)
{
    const struct rules *rules = pipeline_rules(b->pipeline);
    const struct point_table *points = pipeline_points(b->pipeline);
    bool feeds = rules_uses(rules, point);
    for (size_t i = 0; i < point_table_count(points) && !feeds; i++) {
        const struct point_entry *entry = point_table_entry(points, i);
        feeds = entry->source == point && rules_uses(rules, entry->id);
    }
    return feeds;
}

/* All at one moment, so that no minute passes. */
static size_t rest(struct bench *b, const double *last, int64_t time_us)
{
    const struct config *c = b->config;
    size_t fed = 0;
    for (size_t i = 0; i < c->point_count; i++) {
        if (feeds_a_window(b, c->points[i].id)
            || c->points[i].metric->kind == METRIC_EVENT)
            continue;
        feed(b, i, last[i], time_us);
        fed++;
    }
    return fed;
}

static void run(struct bench *b, uint64_t readings, double *last)
{
    const struct config *c = b->config;
    size_t rules = 0;
    int64_t time_us = start_us;
    pipeline_start(b->pipeline, start_us);
    int64_t begin_us = clock_machine_us();
    for (uint64_t n = 0; n < readings; n++) {
        size_t i = n % c->point_count;
        last[i] = value_of(b, &c->points[i], last[i]);
        time_us += step_us;
        feed(b, i, last[i], time_us);
    }
    double seconds = (double)(clock_machine_us() - begin_us) / 1e6;
    uint64_t busy = evaluations(b, &rules);
    size_t resting = rest(b, last, time_us);
    uint64_t at_rest = evaluations(b, &rules) - busy;
    printf("{\"points\":%zu,\"rules\":%zu,\"readings\":%" PRIu64 ",\"seconds\":%.6f,"
           "\"emitted\":%" PRIu64 ",\"evaluations\":%" PRIu64
           ",\"resting\":%zu,\"evaluations_at_rest\":%" PRIu64 "}\n",
           c->point_count, rules, readings, seconds, b->emitted, busy, resting, at_rest);
}

int main(int argc, char **argv)
{
    struct bench b = {.chance = 20261123};
    struct gw_error err = {0};
    if (argc != 3) {
        fprintf(stderr, "usage: rules_bench FOLDER READINGS\n");
        return 2;
    }
    int r = build(&b, argv[1], &err);
    double *last = r == 0 ? calloc(b.config->point_count + 1, sizeof(*last)) : NULL;
    if (last)
        run(&b, strtoull(argv[2], NULL, 10), last);
    else
        fprintf(stderr, "%s\n", err.text);
    free(last);
    pipeline_free(b.pipeline);
    campus_free(b.campus);
    config_free(b.config);
    config_faults_free(b.faults);
    return last ? 0 : 1;
}
