#include "trial_result.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Raised no further apart than this an alarm is the one of then: the log has its times in
 * milliseconds, and rules with windows are judged each minute. */
#define SAME_US (INT64_C(60) * 1000000)

/* Room for one more item of @size in an array of the arena. */
static void *grown(struct arena *arena, void *items, size_t count, size_t *room,
                   size_t size)
{
    if (count < *room)
        return items;
    size_t wanted = *room > 0 ? 2 * *room : 8;
    void *copy = arena_alloc(arena, wanted * size);
    if (copy && count > 0)
        memcpy(copy, items, count * size);
    *room = copy ? wanted : *room;
    return copy;
}

int trial_result_new(struct trial_result **ret, struct gw_error *err)
{
    struct trial_result *t = calloc(1, sizeof(*t));
    int r = t ? arena_new(&t->arena) : -ENOMEM;
    if (r < 0) {
        free(t);
        return gw_fail(err, r, "out of memory");
    }
    t->from_us = GW_TIME_NONE;
    t->to_us = INT64_MAX;
    t->begun_us = GW_TIME_NONE;
    t->stored_from_us = GW_TIME_NONE;
    *ret = t;
    return 0;
}

struct trial_result *trial_result_free(struct trial_result *t)
{
    if (t)
        arena_free(t->arena);
    free(t);
    return NULL;
}

static struct trial_rule *rule_of(const struct trial_result *t, const char *id)
{
    for (size_t i = 0; id && i < t->rule_count; i++)
        if (strcmp(t->rules[i].id, id) == 0)
            return &t->rules[i];
    return NULL;
}

static const char *copied(struct trial_result *t, const char *text)
{
    const char *copy = arena_string(t->arena, text ? text : "");
    t->has_failed |= copy == NULL;
    return copy ? copy : "";
}

static struct trial_input *input_of(struct trial_result *t, struct trial_rule *rule,
                                    const struct rule_source *source)
{
    for (size_t i = 0; i < rule->input_count; i++)
        if (strcmp(rule->inputs[i].name, source->input) == 0)
            return &rule->inputs[i];
    struct trial_input *inputs = grown(t->arena, rule->inputs, rule->input_count,
                                       &rule->input_room, sizeof(*inputs));
    if (!inputs) {
        t->has_failed = true;
        return NULL;
    }
    rule->inputs = inputs;
    struct trial_input *input = &inputs[rule->input_count++];
    const struct config_metric *metric = source->point->metric;
    *input = (struct trial_input){.name = copied(t, source->input),
                                  .metric = copied(t, metric->name),
                                  .unit = copied(t, metric->unit),
                                  .step = source->is_latest ? metric->dead_band : 0};
    return input;
}

static void add_source(void *ctx, const struct rule_source *source)
{
    struct trial_result *t = ctx;
    struct trial_rule *rule = rule_of(t, source->rule);
    struct trial_input *input = rule ? input_of(t, rule, source) : NULL;
    if (!input)
        return;
    struct trial_source *sources =
        grown(t->arena, input->sources, input->count, &input->room, sizeof(*sources));
    if (!sources) {
        t->has_failed = true;
        return;
    }
    input->sources = sources;
    sources[input->count++] =
        (struct trial_source){.point = copied(t, source->point->name),
                              .id = source->point->id,
                              .since_us = t->from_us};
}

static int by_id(const void *a, const void *b)
{
    const struct trial_source *x = a;
    const struct trial_source *y = b;
    return x->id < y->id ? -1 : x->id > y->id;
}

static void add_rule(struct trial_result *t, const struct rule_row *row)
{
    t->rules[t->rule_count++] = (struct trial_rule){
        .id = copied(t, row->id),
        .title = {copied(t, row->title.zh), copied(t, row->title.en)},
        .when = copied(t, row->when),
        .objects = row->instances,
        .is_fact = row->is_fact,
        .is_new = row->is_new,
        .has_then = !row->is_new,
    };
}

int trial_result_begin(struct trial_result *t, const struct rules *rules)
{
    size_t count = rules_rows(rules, NULL, 0);
    struct rule_row *rows = calloc(count + 1, sizeof(*rows));
    t->rules = arena_alloc(t->arena, (count + 1) * sizeof(*t->rules));
    if (!rows || !t->rules) {
        free(rows);
        return -ENOMEM;
    }
    (void)rules_rows(rules, rows, count); /* as many as before */
    for (size_t i = 0; i < count; i++)
        if (rows[i].is_tried)
            add_rule(t, &rows[i]);
    free(rows);
    rules_each_source(rules, add_source, t);
    for (size_t i = 0; i < t->rule_count; i++)
        for (size_t k = 0; k < t->rules[i].input_count; k++)
            qsort(t->rules[i].inputs[k].sources, t->rules[i].inputs[k].count,
                  sizeof(struct trial_source), by_id);
    return t->has_failed ? -ENOMEM : 0;
}

/* The time from since_us to @time_us was as the last reading said, as far as it was asked
 * for. */
static void count_time(const struct trial_result *t, struct trial_source *s,
                       int64_t time_us)
{
    time_us = time_us < t->to_us ? time_us : t->to_us;
    int64_t span_us = time_us - s->since_us;
    if (span_us <= 0)
        return;
    if (!s->is_heard)
        s->unheard_us += span_us;
    else if (s->quality == GW_BAD)
        s->bad_us += span_us;
    else if (s->quality == GW_UNCERTAIN)
        s->uncertain_us += span_us;
    s->since_us = time_us;
}

static bool is_before(const struct trial_result *t, int64_t time_us)
{
    return t->from_us != GW_TIME_NONE && time_us < t->from_us;
}

/* A replay begins with its first reading. */
static void begin_at(struct trial_result *t, int64_t time_us)
{
    t->from_us = time_us;
    for (size_t i = 0; i < t->rule_count; i++)
        for (size_t k = 0; k < t->rules[i].input_count; k++)
            for (size_t s = 0; s < t->rules[i].inputs[k].count; s++)
                t->rules[i].inputs[k].sources[s].since_us = time_us;
}

static void take_reading(struct trial_result *t, const struct gw_reading *reading)
{
    const struct trial_source wanted = {.id = reading->point};
    for (size_t i = 0; i < t->rule_count; i++)
        for (size_t k = 0; k < t->rules[i].input_count; k++) {
            struct trial_input *in = &t->rules[i].inputs[k];
            struct trial_source *s =
                bsearch(&wanted, in->sources, in->count, sizeof(wanted), by_id);
            if (!s)
                continue;
            count_time(t, s, reading->time_us);
            s->quality = (enum gw_quality)reading->quality;
            s->is_heard = true;
            s->readings += !is_before(t, reading->time_us) && reading->time_us <= t->to_us
                           && reading->reason != GW_REASON_STALE; /* nobody said that */
        }
}

static struct trial_alarm *open_alarm(struct trial_alarms *alarms, const char *object)
{
    for (size_t i = alarms->count; i > 0; i--)
        if (strcmp(alarms->items[i - 1].object, object) == 0)
            return alarms->items[i - 1].ended_us == INT64_MAX ? &alarms->items[i - 1]
                                                              : NULL;
    return NULL;
}

static void add_alarm(struct trial_result *t, struct trial_alarms *alarms,
                      const char *object, int64_t raised_us, int64_t ended_us)
{
    struct trial_alarm *items =
        grown(t->arena, alarms->items, alarms->count, &alarms->room, sizeof(*items));
    t->has_failed |= !items;
    if (!items)
        return;
    alarms->items = items;
    struct trial_alarm *alarm = &items[alarms->count++];
    *alarm = (struct trial_alarm){.raised_us = raised_us, .ended_us = ended_us};
    (void)snprintf(alarm->object, sizeof(alarm->object), "%s", object); /* as long */
}

/* Shelved and the like hide an alarm and do not end it. */
static void take_transition(struct trial_result *t, struct trial_alarms *alarms,
                            const struct gw_transition *step)
{
    struct trial_alarm *open = open_alarm(alarms, step->object);
    bool is_active =
        step->to == GW_ALARM_UNACKNOWLEDGED || step->to == GW_ALARM_ACKNOWLEDGED;
    bool is_hidden = step->to == GW_ALARM_SHELVED || step->to == GW_ALARM_SUPPRESSED
                     || step->to == GW_ALARM_OUT_OF_SERVICE;
    if (is_active && !open)
        add_alarm(t, alarms, step->object, step->time_us, INT64_MAX);
    else if (!is_active && !is_hidden && open)
        open->ended_us = step->time_us;
    if (open && is_before(t, open->ended_us))
        *open = alarms->items[--alarms->count]; /* of no span that was asked for */
}

static void add_step(struct trial_result *t, struct trial_rule *rule,
                     const struct trial_step *step)
{
    if (is_before(t, step->time_us) || step->time_us > t->to_us)
        return;
    if (t->steps == TRIAL_STEPS_MAX) {
        t->is_full = true;
        return;
    }
    struct trial_step *steps =
        grown(t->arena, rule->steps, rule->step_count, &rule->step_room, sizeof(*steps));
    t->has_failed |= !steps;
    if (!steps)
        return;
    rule->steps = steps;
    steps[rule->step_count] = *step;
    steps[rule->step_count++].number = t->steps++;
}

static void take_step(struct trial_result *t, const struct gw_transition *transition)
{
    struct trial_rule *rule = rule_of(t, transition->rule);
    if (!rule)
        return;
    struct trial_step step = {.time_us = transition->time_us,
                              .from = transition->from,
                              .to = transition->to,
                              .value = transition->value};
    memcpy(step.object, transition->object, sizeof(step.object));
    memcpy(step.cause, transition->cause, sizeof(step.cause));
    add_step(t, rule, &step);
    take_transition(t, &rule->now, transition);
}

static void take_fact(struct trial_result *t, const struct gw_fact *fact)
{
    struct trial_rule *rule = rule_of(t, fact->rule);
    struct trial_step step = {.time_us = fact->time_us, .is_fact = true};
    if (!rule)
        return;
    step.value = fact->count > 0 ? fact->values[0].value : 0;
    (void)snprintf(step.object, sizeof(step.object), "%s", fact->object); /* as long */
    add_step(t, rule, &step);
    add_alarm(t, &rule->now, step.object, step.time_us, step.time_us);
}

void trial_result_record(struct trial_result *t, const struct gw_record *record)
{
    if (t->is_over || t->is_full)
        return;
    if (record->kind == GW_RECORD_READING && t->from_us == GW_TIME_NONE)
        begin_at(t, record->reading.time_us);
    t->readings += record->kind == GW_RECORD_READING;
    if (record->kind == GW_RECORD_READING)
        take_reading(t, &record->reading);
    else if (record->kind == GW_RECORD_TRANSITION)
        take_step(t, &record->transition);
    else if (record->kind == GW_RECORD_FACT)
        take_fact(t, &record->fact);
}

static struct trial_judged *judged_of(struct trial_result *t, struct trial_rule *rule,
                                      const struct rule_judgement *judgement)
{
    for (size_t i = 0; i < rule->judged_count; i++)
        if (strcmp(rule->judged[i].object, judgement->object) == 0)
            return &rule->judged[i];
    struct trial_judged *judged = grown(t->arena, rule->judged, rule->judged_count,
                                        &rule->judged_room, sizeof(*judged));
    t->has_failed |= !judged;
    if (!judged)
        return NULL;
    rule->judged = judged;
    struct trial_judged *one = &judged[rule->judged_count++];
    *one =
        (struct trial_judged){.since_us = judgement->time_us, .moment_us = GW_TIME_NONE};
    (void)snprintf(one->object, sizeof(one->object), "%s", judgement->object);
    return one;
}

void trial_result_judged(struct trial_result *t, const struct rule_judgement *judgement)
{
    struct trial_rule *rule = rule_of(t, judgement->rule);
    if (t->is_over || !rule)
        return;
    struct trial_judged *judged = judged_of(t, rule, judgement);
    if (judged)
        trial_judged_take(judged, judgement, t->arena, t->from_us, t->to_us);
}

void trial_result_then(struct trial_result *t, const struct gw_transition *transition)
{
    struct trial_rule *rule = rule_of(t, transition->rule);
    if (!rule)
        return;
    rule->has_then = true;
    take_transition(t, &rule->then, transition);
}

void trial_result_then_fact(struct trial_result *t, const char *rule_id,
                            const char *object, int64_t time_us)
{
    struct trial_rule *rule = rule_of(t, rule_id);
    if (!rule)
        return;
    rule->has_then = true;
    if (!is_before(t, time_us))
        add_alarm(t, &rule->then, object, time_us, time_us);
}

struct trial_share trial_result_share(const struct trial_result *t,
                                      const struct trial_input *input)
{
    struct trial_share share = {0};
    double all_us = (double)(t->to_us - t->from_us) * (double)input->count;
    for (size_t i = 0; i < input->count && all_us > 0; i++) {
        const struct trial_source *s = &input->sources[i];
        share.readings += s->readings;
        share.bad += (double)s->bad_us / all_us;
        share.uncertain += (double)s->uncertain_us / all_us;
        share.unheard += (double)s->unheard_us / all_us;
    }
    return share;
}

bool trial_result_lists(const struct trial_result *t, const struct trial_alarm *alarm)
{
    return alarm->raised_us <= t->to_us && alarm->ended_us >= t->from_us;
}

static int by_object_and_time(const void *a, const void *b)
{
    const struct trial_alarm *x = a;
    const struct trial_alarm *y = b;
    int order = strcmp(x->object, y->object);
    return order != 0                    ? order
           : x->raised_us < y->raised_us ? -1
                                         : x->raised_us > y->raised_us;
}

static int by_object_and_number(const void *a, const void *b)
{
    const struct trial_step *x = a;
    const struct trial_step *y = b;
    int order = strcmp(x->object, y->object);
    return order != 0 ? order : x->number < y->number ? -1 : x->number > y->number;
}

/* Those that stood at the beginning are one, whenever they were raised. */
static bool is_same(const struct trial_result *t, const struct trial_alarm *x,
                    const struct trial_alarm *y)
{
    bool stood = is_before(t, x->raised_us) && is_before(t, y->raised_us);
    return strcmp(x->object, y->object) == 0
           && (stood || llabs(x->raised_us - y->raised_us) <= SAME_US);
}

/* Both in order of object and time: what is not of both is passed by. */
static void compare(const struct trial_result *t, struct trial_rule *rule)
{
    struct trial_alarms *now = &rule->now;
    struct trial_alarms *then = &rule->then;
    size_t i = 0;
    size_t k = 0;
    qsort(now->items, now->count, sizeof(*now->items), by_object_and_time);
    qsort(then->items, then->count, sizeof(*then->items), by_object_and_time);
    while (i < now->count && k < then->count) {
        struct trial_alarm *x = &now->items[i];
        struct trial_alarm *y = &then->items[k];
        bool is_pair =
            trial_result_lists(t, x) && trial_result_lists(t, y) && is_same(t, x, y);
        bool is_past = !trial_result_lists(t, x)
                       || (trial_result_lists(t, y) && by_object_and_time(x, y) < 0);
        if (is_pair) {
            x->is_matched = true;
            y->is_matched = true;
            rule->same++;
        }
        i += is_pair || is_past;
        k += is_pair || !is_past;
    }
}

/* Those that could be judged least first. */
static int by_unknown(const void *a, const void *b)
{
    const struct trial_judged *x = a;
    const struct trial_judged *y = b;
    double more = trial_judged_share(y, y->unknown) - trial_judged_share(x, x->unknown);
    return more > 0 ? 1 : more < 0 ? -1 : strcmp(x->object, y->object);
}

static void end_judged(const struct trial_result *t, struct trial_rule *rule)
{
    for (size_t i = 0; i < rule->judged_count; i++)
        trial_judged_end(&rule->judged[i], t->from_us, t->to_us);
    qsort(rule->judged, rule->judged_count, sizeof(*rule->judged), by_unknown);
}

int trial_result_end(struct trial_result *t, int64_t time_us, struct gw_error *err)
{
    t->is_over = true;
    t->to_us = time_us < t->to_us ? time_us : t->to_us;
    if (t->has_failed)
        return gw_fail(err, -ENOMEM, "out of memory");
    if (t->is_full)
        return gw_fail(err, -E2BIG,
                       "more than %d transitions (allowed: a shorter span, fewer rules)",
                       TRIAL_STEPS_MAX);
    for (size_t i = 0; i < t->rule_count; i++) {
        struct trial_rule *rule = &t->rules[i];
        for (size_t k = 0; k < rule->input_count; k++)
            for (size_t s = 0; s < rule->inputs[k].count; s++)
                count_time(t, &rule->inputs[k].sources[s], t->to_us);
        end_judged(t, rule);
        qsort(rule->steps, rule->step_count, sizeof(*rule->steps), by_object_and_number);
        if (rule->has_then)
            compare(t, rule);
    }
    return 0;
}
