/* trial.c - what both kinds of a trial have: the span, the rules, the result. */
#include "trial.h"

#include <errno.h>
#include <string.h>

#include "base/clock.h"
#include "campus/local_time.h"
#include "trial_parts.h"

static int read_time(const struct gw_campus *campus, const char *name, const char *text,
                     int64_t *ret_us, struct gw_error *err)
{
    if (!text || clock_parse(text, ret_us) == 0
        || campus_local_time(campus, text, ret_us) == 0)
        return 0;
    return gw_fail(err, -EINVAL,
                   "%s '%.60s' is not a time (allowed: 2026-11-23, 2026-11-23T08:20, "
                   "2026-11-23T08:20:00+08:00)",
                   name, text);
}

int trial_range(const struct trial *t, const struct gw_campus *campus, int64_t *from_us,
                int64_t *to_us, struct gw_error *err)
{
    const struct trial_request *asked = t->request;
    int r = read_time(campus, "--from", asked->from, from_us, err);
    if (r == 0)
        r = read_time(campus, "--to", asked->to, to_us, err);
    if (r == 0 && asked->from && asked->to && *from_us >= *to_us)
        r = gw_fail(err, -EINVAL, "--from %s is not before --to %s", asked->from,
                    asked->to);
    return r;
}

/* What --check warns of in the file on trial; of other files it is no matter here. */
static void warn(const struct settings *settings)
{
    const char *file = config_where(settings->config->trial).file;
    const char *const names[] = {file, NULL};
    if (file)
        config_faults_print_of(settings->faults, names, stderr);
}

int trial_begin(struct trial *t, const struct settings *settings,
                struct pipeline *pipeline, struct gw_error *err)
{
    warn(settings);
    int r = trial_result_begin(t->result, pipeline_rules(pipeline));
    if (r < 0)
        return gw_fail(err, r, "out of memory");
    if (t->result->rule_count > 0)
        return 0;
    return gw_fail(err, -EINVAL,
                   "'%s' has no rule that is enabled (allowed: rules: [{id: …, …}])",
                   t->request->file);
}

int trial_finish(struct trial *t, const struct gw_campus *campus, int64_t time_us,
                 struct gw_error *err)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now); /* cannot fail */
    t->result->seconds = (double)(now.tv_sec - t->begun.tv_sec)
                         + (double)(now.tv_nsec - t->begun.tv_nsec) / 1e9;
    int r = trial_result_end(t->result, time_us, err);
    if (r < 0)
        return r;
    (t->request->is_json ? trial_print_json : trial_print)(t->result, campus, t->out);
    if (fflush(t->out) != 0 || ferror(t->out))
        return gw_fail(err, -EIO, "the result cannot be written");
    return 0;
}

int trial_run(const struct trial_request *request, FILE *out, struct gw_error *err)
{
    struct trial t = {.request = request, .out = out};
    (void)clock_gettime(CLOCK_MONOTONIC, &t.begun); /* cannot fail */
    int r = trial_result_new(&t.result, err);
    if (r == 0)
        r = request->replay ? trial_replay(&t, err) : trial_stored(&t, err);
    trial_result_free(t.result);
    return r;
}
