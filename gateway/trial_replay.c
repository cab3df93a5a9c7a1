/* trial_replay.c - a trial over a replay file: it is played twice, with the rules as they
 * are and with those on trial. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "playback.h"
#include "trial_parts.h"

/* then_step - what some rule did in the first run. */
struct then_step {
    char rule[GW_ID_MAX];
    char object[GW_ID_MAX];
    enum gw_alarm_state to;
    int64_t time_us;
    bool is_fact;
};

/* twice - the steps of the first run wait until the second has named its rules. */
struct twice {
    struct trial *trial;
    struct then_step *steps;
    size_t count;
    size_t room;
    bool has_failed;
};

static void add_then(struct twice *w, const struct then_step *step)
{
    if (w->count == w->room) {
        size_t room = w->room > 0 ? 2 * w->room : 256;
        struct then_step *steps = room <= (size_t)8 * TRIAL_STEPS_MAX
                                      ? realloc(w->steps, room * sizeof(*steps))
                                      : NULL;
        w->has_failed |= !steps;
        if (!steps)
            return;
        w->steps = steps;
        w->room = room;
    }
    w->steps[w->count++] = *step;
}

static void record_then(void *ctx, const struct gw_record *record)
{
    const struct gw_transition *t = &record->transition;
    const struct gw_fact *f = &record->fact;
    bool is_fact = record->kind == GW_RECORD_FACT && f->rule;
    if (record->kind != GW_RECORD_TRANSITION && !is_fact)
        return;
    struct then_step step = {.is_fact = is_fact,
                             .to = is_fact ? GW_ALARM_NORMAL : t->to,
                             .time_us = is_fact ? f->time_us : t->time_us};
    (void)snprintf(step.rule, sizeof(step.rule), "%s", is_fact ? f->rule : t->rule);
    (void)snprintf(step.object, sizeof(step.object), "%s",
                   is_fact ? f->object : t->object);
    add_then(ctx, &step);
}

static void put_then(const struct twice *w)
{
    for (size_t i = 0; i < w->count; i++) {
        const struct then_step *step = &w->steps[i];
        struct gw_transition t = {.to = step->to, .time_us = step->time_us};
        memcpy(t.rule, step->rule, sizeof(t.rule));
        memcpy(t.object, step->object, sizeof(t.object));
        if (step->is_fact)
            trial_result_then_fact(w->trial->result, t.rule, t.object, t.time_us);
        else
            trial_result_then(w->trial->result, &t);
    }
}

static int begin_then(void *ctx, const struct settings *settings,
                      struct pipeline *pipeline, struct gw_error *err)
{
    (void)ctx, (void)settings, (void)pipeline, (void)err;
    return 0;
}

static int end_then(void *ctx, const struct settings *settings, struct gw_error *err)
{
    const struct twice *w = ctx;
    (void)settings;
    return w->has_failed ? gw_fail(err, -ENOMEM, "out of memory") : 0;
}

static int begin(void *ctx, const struct settings *settings, struct pipeline *pipeline,
                 struct gw_error *err)
{
    const struct twice *w = ctx;
    struct trial_result *found = w->trial->result;
    int r = trial_range(w->trial, settings->campus, &found->from_us, &found->to_us, err);
    return r < 0 ? r : trial_begin(w->trial, settings, pipeline, err);
}

static void record(void *ctx, const struct gw_record *handed)
{
    const struct twice *w = ctx;
    trial_result_record(w->trial->result, handed);
}

static void judged(void *ctx, const struct rule_judgement *judgement)
{
    const struct twice *w = ctx;
    trial_result_judged(w->trial->result, judgement);
}

static void refused(void *ctx)
{
    const struct twice *w = ctx;
    w->trial->result->refused++;
}

static int end(void *ctx, const struct settings *settings, struct gw_error *err)
{
    const struct twice *w = ctx;
    struct trial_result *found = w->trial->result;
    int64_t end_us = clock_school_us();
    if (found->from_us == GW_TIME_NONE || found->from_us > end_us)
        return gw_fail(err, -ENOENT, "'%s' has no reading in that span",
                       w->trial->request->replay);
    clock_release();
    put_then(w);
    return trial_finish(w->trial, settings->campus, end_us, err);
}

int trial_replay(struct trial *t, struct gw_error *err)
{
    const struct trial_request *asked = t->request;
    struct twice w = {.trial = t};
    const struct playback_watch then = {
        .ctx = &w, .begin = begin_then, .record = record_then, .end = end_then};
    const struct playback_watch now = {.ctx = &w,
                                       .trial = asked->file,
                                       .begin = begin,
                                       .record = record,
                                       .judged = judged,
                                       .refused = refused,
                                       .end = end};
    if (strcmp(asked->replay, "-") == 0)
        return gw_fail(err, -EINVAL,
                       "a trial reads the replay twice (allowed: --replay FILE)");
    int r = playback_watched(asked->folder, asked->replay, &then, err);
    clock_release();
    if (r == 0)
        r = playback_watched(asked->folder, asked->replay, &now, err);
    free(w.steps);
    return r;
}
