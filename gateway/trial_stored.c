/* trial_stored.c - a trial over what the store has kept. */
#include <errno.h>
#include <string.h>

#include "base/clock.h"
#include "store/past.h"
#include "trial_parts.h"

/* stored - unknown: names that the store has no id of */
struct stored {
    struct trial *trial;
    struct trial_result *found;
    struct settings settings;
    struct past *past;
    struct pipeline *pipeline;
    uint32_t unknown;
};

static void record(void *ctx, const struct gw_record *handed)
{
    const struct stored *s = ctx;
    trial_result_record(s->found, handed);
}

static void judged(void *ctx, const struct rule_judgement *judgement)
{
    const struct stored *s = ctx;
    trial_result_judged(s->found, judgement);
}

/* Of what was never stored nothing will come: an id that nobody has. */
static int point_id(void *ctx, const char *name, uint32_t *ret)
{
    struct stored *s = ctx;
    struct gw_error err = {0};
    int r = past_point(s->past, name, ret, &err);
    if (r != -ENOENT)
        return r;
    *ret = UINT32_MAX - 1 - s->unknown++;
    return 0;
}

static int build(struct stored *s, struct gw_error *err)
{
    struct settings *settings = &s->settings;
    const struct pipeline_ops ops = {
        .ctx = s, .emit = record, .point_id = point_id, .judged = judged};
    int r =
        pipeline_new(settings->config, settings->campus, modules_all(settings->modules),
                     &ops, settings->faults, &s->pipeline, err);
    if (r < 0)
        return r;
    if (config_faults_errors(settings->faults) > 0) {
        config_faults_print(settings->faults, stderr);
        return settings_refuse(settings, "", err);
    }
    pipeline_read_log(s->pipeline);
    return trial_begin(s->trial, settings, s->pipeline, err);
}

static const char *shown(const struct stored *s, int64_t time_us,
                         char ret[CLOCK_TEXT_MAX])
{
    clock_format(time_us / 1000000 * 1000000,
                 campus_offset_s(s->settings.campus, time_us), ret);
    return ret;
}

/* What is asked for and there: a log that has ended says nothing about later holds. */
static int find_span(struct stored *s, struct gw_error *err)
{
    char first[CLOCK_TEXT_MAX];
    char last[CLOCK_TEXT_MAX];
    int64_t first_us = 0;
    int64_t last_us = 0;
    int r = past_span(s->past, &first_us, &last_us, err);
    if (r == -ENOENT)
        return gw_fail(err, r, "nothing is stored yet in '%s'", s->settings.store.path);
    if (r < 0)
        return r;
    int64_t end_us = last_us + 1000; /* the log has milliseconds */
    int64_t from_us = first_us;
    int64_t to_us = end_us;
    r = trial_range(s->trial, s->settings.campus, &from_us, &to_us, err);
    if (r < 0)
        return r;
    s->found->stored_from_us = first_us;
    s->found->from_us = from_us > first_us ? from_us : first_us;
    s->found->to_us = to_us < end_us ? to_us : end_us;
    if (s->found->from_us < s->found->to_us)
        return 0;
    return gw_fail(err, -ENOENT, "nothing is stored of that span (allowed: %s to %s)",
                   shown(s, first_us, first), shown(s, last_us, last));
}

static void find_begin(struct stored *s)
{
    struct trial_result *found = s->found;
    int64_t wanted_us = rules_trial_from(pipeline_rules(s->pipeline), found->from_us);
    found->is_cut = wanted_us < found->stored_from_us;
    found->begun_us = found->is_cut ? found->stored_from_us : wanted_us;
}

static void put_day(void *ctx, const struct gw_state *state)
{
    pipeline_restore(ctx, state);
}

static void put_reading(void *ctx, const struct gw_reading *reading)
{
    clock_set(reading->time_us, reading->time_us);
    pipeline_logged(ctx, reading);
}

static int play(struct stored *s, struct gw_error *err)
{
    const struct trial_result *found = s->found;
    int r = past_each_state(s->past, PIPELINE_DAY_BOOK, put_day, s->pipeline, err);
    if (r < 0)
        return r;
    clock_set(found->begun_us, found->begun_us);
    pipeline_start(s->pipeline, found->begun_us);
    r = past_each_reading(s->past, found->begun_us, found->to_us, put_reading,
                          s->pipeline, err);
    if (r == 0)
        pipeline_advance(s->pipeline, found->to_us);
    clock_release();
    return r;
}

static void put_then(void *ctx, const struct gw_transition *transition)
{
    trial_result_then(ctx, transition);
}

/* then_fact - the rule whose facts are read. */
struct then_fact {
    struct trial_result *found;
    const char *rule;
};

static void put_then_fact(void *ctx, const char *object, int64_t time_us)
{
    const struct then_fact *fact = ctx;
    trial_result_then_fact(fact->found, fact->rule, object, time_us);
}

static int read_then(struct stored *s, struct gw_error *err)
{
    struct trial_result *found = s->found;
    int r = 0;
    for (size_t i = 0; i < found->rule_count && r == 0; i++) {
        struct then_fact fact = {.found = found, .rule = found->rules[i].id};
        r = past_each_transition(s->past, fact.rule, found->to_us, put_then, found, err);
        if (r == 0)
            r = past_each_fact(s->past, fact.rule, found->to_us, put_then_fact, &fact,
                               err);
    }
    return r;
}

/* A point without a reading may have been thinned out to summaries. */
static int find_summaries(struct stored *s, struct trial_input *in, struct gw_error *err)
{
    int r = 0;
    for (size_t i = 0; i < in->count && r >= 0; i++) {
        struct trial_source *source = &in->sources[i];
        char object[GW_NAME_MAX];
        size_t size = strcspn(source->point, "/");
        if (source->readings > 0 || !source->point[size])
            continue;
        (void)snprintf(object, sizeof(object), "%.*s", (int)size, source->point);
        r = past_has_summary(s->past, object, source->point + size + 1, s->found->from_us,
                             s->found->to_us, err);
        source->has_summary = r > 0;
    }
    return r < 0 ? r : 0;
}

static int find_all_summaries(struct stored *s, struct gw_error *err)
{
    int r = 0;
    for (size_t i = 0; i < s->found->rule_count; i++)
        for (size_t k = 0; k < s->found->rules[i].input_count && r == 0; k++)
            r = find_summaries(s, &s->found->rules[i].inputs[k], err);
    return r;
}

static int run(struct stored *s, struct gw_error *err)
{
    const struct trial_request *asked = s->trial->request;
    int r = settings_read(asked->folder, asked->file, true, &s->settings, err);
    if (r == 0)
        r = past_open(s->settings.store.path, &s->past, err);
    if (r == 0)
        r = find_span(s, err);
    if (r == 0)
        r = build(s, err);
    if (r < 0)
        return r;
    find_begin(s);
    r = play(s, err);
    if (r == 0)
        r = read_then(s, err);
    if (r == 0)
        r = find_all_summaries(s, err);
    return r < 0 ? r : trial_finish(s->trial, s->settings.campus, s->found->to_us, err);
}

int trial_stored(struct trial *t, struct gw_error *err)
{
    struct stored s = {.trial = t, .found = t->result};
    int r = run(&s, err);
    s.pipeline = pipeline_free(s.pipeline);
    s.past = past_close(s.past);
    settings_free(&s.settings);
    return r;
}
