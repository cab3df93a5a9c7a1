/* trial_json.c - a backtest's result as one JSON object. */
#include <jansson.h>
#include <math.h>

#include "base/clock.h"
#include "campus/campus.h"
#include "trial_result.h"

#define DUMP_FLAGS (JSON_COMPACT | JSON_REAL_PRECISION(10))

static json_t *local(const struct gw_campus *campus, int64_t time_us)
{
    char text[CLOCK_TEXT_MAX];
    if (time_us == INT64_MAX || time_us == GW_TIME_NONE)
        return json_null();
    clock_format(time_us, campus_offset_s(campus, time_us), text);
    return json_string(text);
}

static json_t *number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *steps_json(const struct trial_rule *rule, const struct gw_campus *campus)
{
    json_t *list = json_array();
    for (size_t i = 0; i < rule->step_count; i++) {
        const struct trial_step *s = &rule->steps[i];
        json_t *row = json_object();
        (void)json_object_set_new(row, "t", local(campus, s->time_us));
        (void)json_object_set_new(row, "object", json_string(s->object));
        if (!s->is_fact) {
            (void)json_object_set_new(row, "from",
                                      json_string(gw_alarm_state_name(s->from)));
            (void)json_object_set_new(row, "to", json_string(gw_alarm_state_name(s->to)));
            (void)json_object_set_new(row, "cause", json_string(s->cause));
        }
        (void)json_object_set_new(row, "value", number(s->value));
        (void)json_array_append_new(list, row);
    }
    return list;
}

/* @only_alone: those that the other side has not. */
static json_t *alarms_json(const struct trial_result *t,
                           const struct trial_alarms *alarms, bool only_alone,
                           const struct gw_campus *campus)
{
    json_t *list = json_array();
    for (size_t i = 0; i < alarms->count; i++) {
        const struct trial_alarm *a = &alarms->items[i];
        if (!trial_result_lists(t, a) || (only_alone && a->is_matched))
            continue;
        json_t *row = json_object();
        (void)json_object_set_new(row, "object", json_string(a->object));
        (void)json_object_set_new(row, "from", local(campus, a->raised_us));
        (void)json_object_set_new(row, "to", local(campus, a->ended_us));
        (void)json_array_append_new(list, row);
    }
    return list;
}

static json_t *compared_json(const struct trial_result *t, const struct trial_rule *rule,
                             const struct gw_campus *campus)
{
    if (!rule->has_then)
        return json_null();
    json_t *row = json_object();
    (void)json_object_set_new(row, "then", alarms_json(t, &rule->then, false, campus));
    (void)json_object_set_new(row, "same", json_integer((json_int_t)rule->same));
    (void)json_object_set_new(row, "only_trial",
                              alarms_json(t, &rule->now, true, campus));
    (void)json_object_set_new(row, "only_then",
                              alarms_json(t, &rule->then, true, campus));
    return row;
}

static json_t *names_json(const struct trial_input *in, bool of_summaries)
{
    json_t *list = json_array();
    for (size_t i = 0; i < in->count; i++)
        if (in->sources[i].readings == 0 && in->sources[i].has_summary == of_summaries)
            (void)json_array_append_new(list, json_string(in->sources[i].point));
    return list;
}

static json_t *input_json(const struct trial_result *t, const struct trial_input *in)
{
    const struct trial_share share = trial_result_share(t, in);
    json_t *row = json_object();
    (void)json_object_set_new(row, "input", json_string(in->name));
    (void)json_object_set_new(row, "metric", json_string(in->metric));
    (void)json_object_set_new(row, "points", json_integer((json_int_t)in->count));
    (void)json_object_set_new(row, "readings", json_integer((json_int_t)share.readings));
    (void)json_object_set_new(row, "bad", json_real(share.bad));
    (void)json_object_set_new(row, "uncertain", json_real(share.uncertain));
    (void)json_object_set_new(row, "unheard", json_real(share.unheard));
    (void)json_object_set_new(row, "step", json_real(in->step));
    (void)json_object_set_new(row, "no_reading", names_json(in, false));
    (void)json_object_set_new(row, "only_summaries", names_json(in, true));
    return row;
}

static const char *const gap_names[] = {[RULE_GAP_SET] = "not-given",
                                        [RULE_GAP_UNHEARD] = "unheard",
                                        [RULE_GAP_BAD] = "bad",
                                        [RULE_GAP_THIN] = "thin"};

/* due and unknown are seconds, or moments of `at`. */
static json_t *judged_json(const struct trial_judged *j)
{
    const double unit = j->is_by_moments ? 1 : 1e6;
    json_t *gaps = json_array();
    json_t *row = json_object();
    for (size_t i = 0; i < j->gap_count; i++) {
        const struct trial_gap *gap = &j->gaps[i];
        if (gap->amount > 0)
            (void)json_array_append_new(gaps,
                                        json_pack("{s:s, s:s, s:f}", "input", gap->input,
                                                  "why", gap_names[gap->why], "share",
                                                  trial_judged_share(j, gap->amount)));
    }
    (void)json_object_set_new(row, "object", json_string(j->object));
    (void)json_object_set_new(row, "by", json_string(j->is_by_moments ? "moments" : "s"));
    (void)json_object_set_new(row, "due", json_real((double)j->due / unit));
    (void)json_object_set_new(row, "unknown", json_real((double)j->unknown / unit));
    (void)json_object_set_new(row, "share", json_real(trial_judged_share(j, j->unknown)));
    (void)json_object_set_new(row, "inputs", gaps);
    return row;
}

static json_t *rule_json(const struct trial_result *t, const struct trial_rule *rule,
                         const struct gw_campus *campus)
{
    json_t *row = json_object();
    json_t *inputs = json_array();
    json_t *title = json_object();
    for (size_t i = 0; i < rule->input_count; i++)
        (void)json_array_append_new(inputs, input_json(t, &rule->inputs[i]));
    (void)json_object_set_new(title, "zh", json_string(rule->title.zh));
    (void)json_object_set_new(title, "en", json_string(rule->title.en));
    (void)json_object_set_new(row, "rule", json_string(rule->id));
    (void)json_object_set_new(row, "title", title);
    (void)json_object_set_new(row, "when", json_string(rule->when));
    (void)json_object_set_new(row, "objects", json_integer((json_int_t)rule->objects));
    (void)json_object_set_new(row, rule->is_fact ? "facts" : "transitions",
                              steps_json(rule, campus));
    (void)json_object_set_new(row, "alarms", alarms_json(t, &rule->now, false, campus));
    (void)json_object_set_new(row, "compared", compared_json(t, rule, campus));
    (void)json_object_set_new(row, "inputs", inputs);
    json_t *judged = json_array();
    for (size_t i = 0; i < rule->judged_count; i++)
        (void)json_array_append_new(judged, judged_json(&rule->judged[i]));
    (void)json_object_set_new(row, "judged", judged);
    return row;
}

void trial_print_json(const struct trial_result *t, const struct gw_campus *campus,
                      FILE *out)
{
    json_t *all = json_object();
    json_t *rules = json_array();
    for (size_t i = 0; i < t->rule_count; i++)
        (void)json_array_append_new(rules, rule_json(t, &t->rules[i], campus));
    (void)json_object_set_new(all, "from", local(campus, t->from_us));
    (void)json_object_set_new(all, "to", local(campus, t->to_us));
    (void)json_object_set_new(all, "begun", local(campus, t->begun_us));
    (void)json_object_set_new(all, "stored_from", local(campus, t->stored_from_us));
    (void)json_object_set_new(all, "is_cut", json_boolean(t->is_cut));
    (void)json_object_set_new(all, "readings", json_integer((json_int_t)t->readings));
    (void)json_object_set_new(all, "refused", json_integer((json_int_t)t->refused));
    (void)json_object_set_new(all, "seconds", json_real(t->seconds));
    (void)json_object_set_new(all, "rules", rules);
    (void)json_dumpf(all, out, DUMP_FLAGS); /* the caller looks at ferror() */
    (void)fputc('\n', out);
    json_decref(all);
}
