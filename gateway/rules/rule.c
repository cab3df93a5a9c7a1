#include "rules/rule.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "rules/rule_model.h"
#include "rules/rule_options.h"

int rules_load(const struct config *config, const struct gw_campus *campus,
               const struct point_table *points, const struct rules_ops *ops,
               struct config_faults *faults, struct rules **ret)
{
    struct rules *r = calloc(1, sizeof(*r));
    if (!r)
        return -ENOMEM;
    r->campus = campus;
    r->table = points;
    r->ops = *ops;
    int e = arena_new(&r->arena);
    if (e == 0)
        e = expressions_new(&r->expressions, NULL);
    if (e == 0)
        e = rule_load(r, config, faults);
    if (e == 0)
        e = rule_bind(r, config);
    if (e == 0)
        e = rules_tell_unfed(r, faults);
    if (e < 0) {
        rules_free(r);
        return e;
    }
    rules_tell_never(r, faults);
    *ret = r;
    return 0;
}

struct rules *rules_free(struct rules *r)
{
    if (!r)
        return NULL;
    for (size_t i = 0; i < r->instance_count; i++)
        for (size_t f = 0; f < r->instances[i]->feed_count; f++)
            window_free(r->instances[i]->feeds[f].window);
    for (size_t i = 0; i < r->rule_count; i++)
        rule_expressions_free(r->rules[i]);
    free(r->instances);
    deadlines_free(r->due);
    expressions_free(r->expressions);
    arena_free(r->arena);
    free(r);
    return NULL;
}

static bool instance_has_key(const struct rule_instance *instance, const char *key)
{
    const char *id = instance->rule->alarm.id;
    size_t size = strlen(id);
    return strncmp(key, id, size) == 0 && key[size] == '@'
           && strcmp(key + size + 1, instance->object) == 0;
}

int rules_restore(struct rules *r, const char *key, const void *bytes, size_t size)
{
    for (size_t i = 0; i < r->instance_count; i++)
        if (instance_has_key(r->instances[i], key))
            return rule_kept_read(r->instances[i], bytes, size);
    return -ENOENT;
}

double rule_reading_value(const struct gw_reading *reading, bool is_indicative)
{
    bool is_indication =
        reading->quality == GW_UNCERTAIN && reading->reason == GW_REASON_CALIBRATION;
    bool counts = reading->quality == GW_GOOD || (is_indicative && is_indication);
    return counts ? reading->value : (double)NAN;
}

static double reading_least(const struct gw_reading *reading)
{
    bool is_least =
        reading->quality == GW_UNCERTAIN && reading->reason == GW_REASON_AT_LEAST;
    return is_least ? reading->value : (double)NAN;
}

static bool is_same(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

static struct rule_point *rules_point(const struct rules *r, uint32_t id)
{
    size_t index = point_table_index(r->table, id);
    return index < point_table_count(r->table) ? r->points[index] : NULL;
}

/* What a reading says anew: its value; whether and how the point reports. */
enum { NEWS_VALUE = 1u << 0, NEWS_STATE = 1u << 1, NEWS_EVENT = 1u << 2 };

static uint32_t point_takes(struct rule_point *point, const struct gw_reading *reading)
{
    double value = rule_reading_value(reading, false);
    double indication = rule_reading_value(reading, true);
    double least = reading_least(reading);
    bool is_old = reading->flags & (GW_RETAINED | GW_RESUMED);
    bool has_value = !is_same(value, point->value)
                     || !is_same(indication, point->indication)
                     || !is_same(least, point->least);
    bool is_as_before =
        reading->reason == point->reason && point->is_seen && is_old == point->is_old;
    point->value = value;
    point->indication = indication;
    point->least = least;
    point->reason = reading->reason;
    point->is_seen = true;
    point->is_old = is_old;
    return (has_value ? NEWS_VALUE : 0) | (is_as_before ? 0 : NEWS_STATE);
}

/* After a reload, or when a store came, the table knows already what another start has
 * yet to see. */
static void points_prime(struct rules *r)
{
    for (size_t i = 0; i < point_table_count(r->table); i++) {
        struct rule_point *point = r->points[i];
        const struct gw_reading *reading =
            point ? point_table_get(r->table, point->entry->id) : NULL;
        if (reading && reading->reason != GW_REASON_UNSEEN)
            (void)point_takes(point, reading); /* all are judged next */
    }
}

/* Kept by a clock that was ahead of today's, in a boot that is over: since when, nobody
 * knows any more; its whole length from now on is the safe answer. */
static void holds_of_the_future_begin_now(struct rules *r, int64_t time_us)
{
    for (size_t i = 0; i < r->instance_count; i++) {
        struct rule_instance *instance = r->instances[i];
        if (instance->hold.since_us <= time_us)
            continue;
        instance->hold.since_us = time_us;
        rule_keep(r, instance);
    }
}

void rules_start(struct rules *r, int64_t time_us)
{
    holds_of_the_future_begin_now(r, time_us);
    r->settled_us = time_us + RULE_SETTLING_US;
    for (size_t i = 0; i < r->instance_count; i++)
        r->instances[i]->was_judged = true;
    rules_begin(r, "restart", time_us);
}

void rules_begin(struct rules *r, const char *cause, int64_t time_us)
{
    points_prime(r);
    for (size_t i = 0; i < r->instance_count; i++) {
        struct rule_instance *instance = r->instances[i];
        const struct rule *rule = instance->rule;
        struct alarm_rule alarm = rule_alarm(instance);
        if (rule->alarm.severity != GW_INF)
            r->ops.condition(r->ops.ctx, &alarm, instance->object, instance->is_asserted,
                             NAN, cause, time_us);
        rule_moment_begin(r, instance, time_us);
        rule_resume(r, instance, time_us);
    }
}

/* What was not good is told again after a start, or for another reason: it goes on, and
 * the next minute judges. */
static bool windows_take(struct rule_point *point, const struct gw_reading *reading)
{
    bool has_news = false;
    for (struct rule_feed *feed = point->feeds; feed; feed = feed->next)
        if (feed->window) {
            const struct rule_input *input = &feed->instance->rule->inputs[feed->input];
            double value = rule_reading_value(reading, input->is_indicative);
            if (isnan(value) && window_is_bad(feed->window))
                continue;
            has_news = true;
            (void)window_push(feed->window, reading->time_us, value); /* or not valid */
        }
    return has_news;
}

/* Counting the silent and expecting events ask nobody for values. */
static bool feed_wants(const struct rule_feed *feed, uint32_t news, bool is_in_windows)
{
    const struct rule *rule = feed->instance->rule;
    if (rule->expect.is_set)
        return news & (NEWS_STATE | NEWS_EVENT);
    if (rule->inputs[feed->input].kind == RULE_FAULTY)
        return news & NEWS_STATE;
    if (feed->window)
        return is_in_windows;
    return rule->has_windows || (news & (NEWS_VALUE | NEWS_STATE));
}

void rules_reading(struct rules *r, const struct gw_reading *reading)
{
    struct rule_point *point = rules_point(r, reading->point);
    if (!point)
        return;
    uint32_t event = rule_expect_is_event(point, reading) ? NEWS_EVENT : 0;
    uint32_t news = point_takes(point, reading) | event;
    bool is_in_windows = windows_take(point, reading);
    bool is_wanted = false;
    if (news == 0 && !is_in_windows)
        return;
    /* The feeds of one instance stand together: it is judged once. */
    for (struct rule_feed *feed = point->feeds; feed; feed = feed->next) {
        bool is_last = !feed->next || feed->next->instance != feed->instance;
        if (event && feed->instance->rule->expect.is_set)
            rule_expect_event(r, feed, reading->time_us);
        is_wanted |= feed_wants(feed, news, is_in_windows);
        if (is_last && is_wanted)
            rule_judge(r, feed->instance, reading->time_us);
        is_wanted = is_wanted && !is_last;
    }
}

/* A point that is not silent has reported within its stale time.  One that only tells of
 * changes may have done so whenever: as long again as the window is looked for. */
static int64_t feed_history_from(const struct rules *r, const struct rule_feed *feed,
                                 int64_t time_us)
{
    const struct rule_instance *in = feed->instance;
    const struct point_entry *entry = feed->point->entry;
    const struct point_entry *source =
        entry->source > 0 ? point_table_find(r->table, entry->source) : entry;
    const struct config_point *config = source->config;
    int64_t over_us = in->rule->inputs[feed->input].over_us;
    if (over_us == 0)
        over_us =
            time_us - gw_campus_phase(r->campus, in->phase_object, time_us).start_us;
    return time_us - over_us
           - (config && config->stale_us > 0 ? config->stale_us : over_us);
}

int64_t rules_history_from(const struct rules *r, int64_t time_us)
{
    int64_t from_us = time_us;
    for (size_t i = 0; i < r->instance_count; i++)
        for (size_t f = 0; f < r->instances[i]->feed_count; f++) {
            const struct rule_feed *feed = &r->instances[i]->feeds[f];
            int64_t feed_us =
                feed->window ? feed_history_from(r, feed, time_us) : time_us;
            from_us = feed_us < from_us ? feed_us : from_us;
        }
    return from_us;
}

void rules_history(struct rules *r, const struct gw_reading *reading)
{
    struct rule_point *point = rules_point(r, reading->point);
    if (point)
        (void)windows_take(point, reading);
}

void rules_minute(struct rules *r, int64_t minute_us)
{
    r->minute_us = minute_us;
}

void rules_phase(struct rules *r, int64_t time_us)
{
    for (size_t i = 0; i < r->instance_count; i++) {
        struct rule_instance *instance = r->instances[i];
        if (instance->until_us == INT64_MAX)
            continue;
        instance->until_us = time_us;
        rule_judge(r, instance, time_us);
    }
}

int64_t rules_next_due(const struct rules *r)
{
    return deadlines_first(r->due);
}

void rules_run(struct rules *r, int64_t time_us)
{
    for (;;) {
        int64_t due_us = deadlines_first(r->due);
        if (due_us > time_us || due_us == DEADLINE_NEVER)
            break;
        rule_judge(r, r->instances[deadlines_pop(r->due)], due_us);
    }
}

bool rules_reads(const struct rules *r, uint32_t point)
{
    return rules_point(r, point) != NULL;
}

bool rules_uses(const struct rules *r, uint32_t point)
{
    const struct rule_point *used = rules_point(r, point);
    for (const struct rule_feed *feed = used ? used->feeds : NULL; feed;
         feed = feed->next)
        if (feed->window || feed->instance->rule->alarm.severity == GW_INF)
            return true;
    return false;
}

void rules_each_object(const struct rules *r, enum gw_severity severity,
                       void (*each)(void *ctx, const struct rule_object *object),
                       void *ctx)
{
    for (size_t i = 0; i < r->instance_count; i++) {
        const struct rule *rule = r->instances[i]->rule;
        if (rule->alarm.severity == severity)
            each(ctx, &(struct rule_object){rule->alarm.id, r->instances[i]->object,
                                            &rule->outputs});
    }
}

size_t rules_rows(const struct rules *r, struct rule_row *ret, size_t max)
{
    for (size_t i = 0; i < r->rule_count && i < max; i++) {
        const struct rule *rule = r->rules[i];
        ret[i] = (struct rule_row){.id = rule->alarm.id,
                                   .title = rule->alarm.title,
                                   .severity = rule->alarm.severity,
                                   .basis = rule->alarm.basis,
                                   .basis_edition = rule->basis_edition,
                                   .when = rule->when,
                                   .instances = rule->instances,
                                   .evaluations = rule->evaluations,
                                   .is_tried = rule->is_tried,
                                   .is_new = rule->is_new,
                                   .is_fact = rule->alarm.severity == GW_INF};
    }
    return r->rule_count;
}

struct gw_text rules_title(const struct rules *r, const char *id)
{
    for (size_t i = 0; i < r->rule_count; i++)
        if (strcmp(r->rules[i]->alarm.id, id) == 0)
            return r->rules[i]->alarm.title;
    return (struct gw_text){0};
}

struct gw_strings rules_outputs(const struct rules *r, const char *id)
{
    for (size_t i = 0; i < r->rule_count; i++)
        if (strcmp(r->rules[i]->alarm.id, id) == 0)
            return r->rules[i]->outputs;
    return (struct gw_strings){0};
}

const char *rules_output(const struct rules *r, size_t index, const char **ret_rule,
                         struct config_mark *ret_mark)
{
    if (index >= r->output_count)
        return NULL;
    *ret_rule = r->outputs[index].rule->alarm.id;
    *ret_mark = r->outputs[index].rule->mark;
    return r->outputs[index].word;
}

bool rules_name_output(const struct rules *r, const char *word)
{
    for (size_t i = 0; i < r->rule_count; i++)
        for (size_t w = 0; w < r->rules[i]->outputs.count; w++)
            if (strcmp(r->rules[i]->outputs.items[w], word) == 0)
                return true;
    return false;
}

void rules_print_options(FILE *out)
{
    config_print_options(out, "rules", rule_options, 0);
    config_print_options(out, "severity", rule_step_options, 2);
    config_print_options(out, "expect", rule_expect_options, 2);
    config_print_options(out, "inputs", rule_input_options, 2);
    config_print_options(out, "each", rule_objects_options, 2);
}
