/* rule_fixture.h - a school of two rooms, a gate and a panic button, rules from text, and
 * a notebook of what they make happen. */
#ifndef RULE_FIXTURE_H
#define RULE_FIXTURE_H

#include <math.h>

#include "base/clock.h"
#include "config_fixture.h"
#include "points/point_table.h"
#include "rules/rule.h"

enum { HAPPENED_MAX = 64, KEPT_STATES_MAX = 16, KEPT_SIZE_MAX = 128 };

#define SECOND INT64_C(1000000)
#define MINUTE (60 * SECOND)

/* 2026-11-23, a Monday; lessons 08:20-09:00 and 09:15-09:55 in Shanghai. */
static inline int64_t at_clock(int hour, int minute, int second)
{
    int64_t midnight_s = INT64_C(1795363200);
    return (midnight_s + hour * 3600 + minute * 60 + second) * SECOND;
}

struct happened {
    char rule[GW_ID_MAX];
    char object[GW_ID_MAX];
    char cause[32];
    enum gw_severity severity;
    bool is_active;
    double value;
    int64_t time_us;
};

struct kept_state {
    char key[2 * GW_ID_MAX];
    char bytes[KEPT_SIZE_MAX];
    size_t size;
};

/* rule_school - one run of the rules; restart() keeps the states. */
struct rule_school {
    struct fixture files;
    struct point_table *points;
    struct rules *rules;
    struct happened happened[HAPPENED_MAX];
    size_t count;
    size_t facts;
    size_t staying; /* of them in the school */
    struct kept_state kept[KEPT_STATES_MAX];
    size_t kept_count;
    int64_t minute_us;
};

static const char rule_metrics[] =
    "metrics:\n"
    "  desk_lux: {unit: lx, title: lux, kind: gauge, min: 0, max: 200000}\n"
    "  people_in: {unit: '', title: in, kind: counter}\n"
    "  people_out: {unit: '', title: out, kind: counter}\n"
    "  occupancy: {unit: '', title: people, kind: gauge, min: 0}\n"
    "  projecting: {unit: '', title: on, kind: state, states: {'off': 0, 'on': 1}}\n"
    "  panic: {unit: '', title: panic, kind: state, states: {normal: 0, pressed: 1}}\n"
    "  button: {unit: '', title: button, kind: event}\n"
    "  door: {unit: '', title: door, kind: state, states: {closed: 0, open: 1}}\n";

static const char rule_devices[] =
    "buses: [{name: broker-1, driver: teller, host: 127.0.0.1}]\n"
    "devices:\n"
    "  - {name: lux-203, bus: broker-1, topic: a, place: b1-203, supervision: 15min,\n"
    "     points: [{metric: desk_lux, name: window, path: a},\n"
    "              {metric: desk_lux, name: wall, path: b},\n"
    "              {metric: occupancy, path: c}]}\n"
    "  - {name: lux-204, bus: broker-1, topic: b, place: b1-204, supervision: 15min,\n"
    "     points: [{metric: desk_lux, path: a}, {metric: occupancy, path: c},\n"
    "              {metric: projecting, path: d}]}\n"
    "  - {name: panic-gate, bus: broker-1, topic: c, place: gate-south,\n"
    "     supervision: 1h, points: [{metric: panic, path: a}, {metric: button, path: "
    "c},\n"
    "     {metric: door, path: b}]}\n";

static inline void school_condition(void *ctx, const struct alarm_rule *rule,
                                    const char *object, bool is_active, double value,
                                    const char *cause, int64_t time_us)
{
    struct rule_school *s = ctx;
    if (strcmp(cause, "restart") == 0)
        return;
    assert_true(s->count < HAPPENED_MAX);
    struct happened *h = &s->happened[s->count++];
    (void)snprintf(h->rule, sizeof(h->rule), "%s", rule->id);
    (void)snprintf(h->object, sizeof(h->object), "%s", object);
    (void)snprintf(h->cause, sizeof(h->cause), "%s", cause);
    h->severity = rule->severity;
    h->is_active = is_active;
    h->value = value;
    h->time_us = time_us;
}

static inline void school_worsen(void *ctx, const struct alarm_rule *rule,
                                 const char *object, double value, int64_t time_us)
{
    school_condition(ctx, rule, object, true, value, "severity", time_us);
}

static inline void school_fact(void *ctx, const struct gw_fact *fact)
{
    struct rule_school *s = ctx;
    assert_non_null(fact->rule);
    s->facts++;
    s->staying += fact->stays;
}

static inline void school_state(void *ctx, const struct gw_state *state)
{
    struct rule_school *s = ctx;
    size_t i = 0;
    assert_string_equal(state->owner, "rule");
    while (i < s->kept_count && strcmp(s->kept[i].key, state->key) != 0)
        i++;
    assert_true(i < KEPT_STATES_MAX && state->size <= KEPT_SIZE_MAX);
    s->kept_count += i == s->kept_count;
    (void)snprintf(s->kept[i].key, sizeof(s->kept[i].key), "%s", state->key);
    s->kept[i].size = state->size;
    if (state->bytes)
        memcpy(s->kept[i].bytes, state->bytes, state->size);
}

static inline void school_points(struct rule_school *s)
{
    struct config *c = s->files.config;
    assert_int_equal(point_table_new(&s->points), 0);
    for (uint32_t i = 0; i < c->point_count; i++) {
        struct config_point *point = &c->points[i];
        point->id = i + 1;
        struct point_entry entry = {.id = point->id,
                                    .name = point->name,
                                    .object = point->place,
                                    .metric = point->metric,
                                    .device = c->devices[point->device].name,
                                    .config = point};
        assert_int_equal(point_table_add(s->points, &entry), 0);
    }
    struct point_entry derived = {.id = (uint32_t)c->point_count + 1,
                                  .name = "lux-204/door",
                                  .object = "lux-204",
                                  .metric = config_metric(c, "door")};
    assert_int_equal(point_table_add(s->points, &derived), 0);
}

static inline void school_rules(struct rule_school *s)
{
    const struct rules_ops ops = {.ctx = s,
                                  .condition = school_condition,
                                  .worsen = school_worsen,
                                  .fact = school_fact,
                                  .state = school_state};
    assert_int_equal(rules_load(s->files.config, s->files.campus, s->points, &ops,
                                s->files.faults, &s->rules),
                     0);
}

/* school_open - @pack in rules/, @own (NULL = none) in rules.d/; faults are left in
 * files.faults. */
static inline struct rule_school *school_open(const char *pack, const char *own)
{
    struct rule_school *s = calloc(1, sizeof(*s));
    assert_non_null(s);
    fixture_open(&s->files);
    fixture_put(&s->files, "metrics.yaml", rule_metrics);
    fixture_put(&s->files, "devices.d/b1.yaml", rule_devices);
    fixture_put(&s->files, "rules/pack.yaml", pack);
    if (own)
        fixture_put(&s->files, "rules.d/own.yaml", own);
    fixture_load(&s->files);
    school_points(s);
    school_rules(s);
    return s;
}

static inline void school_close(struct rule_school *s)
{
    rules_free(s->rules);
    point_table_free(s->points);
    fixture_close(&s->files);
    free(s);
}

/* school_start - refuses a configuration with errors, prints them. */
static inline void school_start(struct rule_school *s, int64_t time_us)
{
    if (config_faults_errors(s->files.faults) > 0)
        config_faults_print(s->files.faults, stderr);
    assert_int_equal(config_faults_errors(s->files.faults), 0);
    rules_start(s->rules, time_us);
}

/* school_restart - the process ends and begins again at @time_us. */
static inline void school_restart(struct rule_school *s, int64_t time_us)
{
    rules_free(s->rules);
    school_rules(s);
    for (size_t i = 0; i < s->kept_count; i++)
        if (s->kept[i].size > 0)
            assert_int_equal(rules_restore(s->rules, s->kept[i].key, s->kept[i].bytes,
                                           s->kept[i].size),
                             0);
    rules_start(s->rules, time_us);
}

/* school_clock_step - the clock was set by @delta_us and is now @time_us. */
static inline void school_clock_step(struct rule_school *s, int64_t delta_us,
                                     int64_t time_us)
{
    s->minute_us = (s->minute_us + delta_us) % MINUTE;
    rules_minute(s->rules, s->minute_us);
    rules_clock_step(s->rules, delta_us, time_us);
    rules_clock_judge(s->rules, time_us);
}

static inline void school_read(struct rule_school *s, const char *point, int64_t time_us,
                               double value, uint16_t flags)
{
    const struct point_entry *entry = point_table_named(s->points, point);
    assert_non_null(entry);
    struct gw_reading reading = {
        .point = entry->id, .flags = flags, .value = value, .time_us = time_us};
    if (isnan(value)) {
        reading.quality = GW_BAD;
        reading.reason = GW_REASON_OFFLINE;
    }
    rules_run(s->rules, time_us);
    rules_reading(s->rules, &reading);
}

#endif
