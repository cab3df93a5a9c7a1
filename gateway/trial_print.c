/* trial_print.c - a backtest's result, for people. */
#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "campus/campus.h"
#include "trial_result.h"

enum { NAMES_SHOWN = 5, TIME_MAX = CLOCK_TEXT_MAX };

/* "2026-11-23 08:38:00" in the school's time. */
static const char *local(const struct gw_campus *campus, int64_t time_us,
                         char ret[TIME_MAX])
{
    clock_format(time_us, campus_offset_s(campus, time_us), ret);
    ret[strcspn(ret, "T")] = ' ';
    ret[strlen("2026-11-23 08:38:00")] = '\0';
    return ret;
}

static void print_number(FILE *out, double value)
{
    if (isnan(value))
        (void)fputs("-", out);
    else
        (void)fprintf(out, "%.10g", value);
}

static void print_step(const struct trial_step *step, const struct gw_campus *campus,
                       FILE *out)
{
    char when[TIME_MAX];
    (void)fprintf(out, "    %s  ", local(campus, step->time_us, when));
    if (step->is_fact)
        (void)fputs("fact", out);
    else
        (void)fprintf(out, "%s -> %s", gw_alarm_state_name(step->from),
                      gw_alarm_state_name(step->to));
    (void)fputs("  ", out);
    print_number(out, step->value);
    (void)fprintf(out, "%s%s\n", step->cause[0] ? "  " : "", step->cause);
}

static void print_steps(const struct trial_rule *rule, const struct gw_campus *campus,
                        FILE *out)
{
    for (size_t i = 0; i < rule->step_count; i++) {
        if (i == 0 || strcmp(rule->steps[i - 1].object, rule->steps[i].object) != 0)
            (void)fprintf(out, "  %s\n", rule->steps[i].object);
        print_step(&rule->steps[i], campus, out);
    }
}

static size_t listed(const struct trial_result *t, const struct trial_alarms *alarms)
{
    size_t count = 0;
    for (size_t i = 0; i < alarms->count; i++)
        count += trial_result_lists(t, &alarms->items[i]);
    return count;
}

static void print_alarm(const char *what, const struct trial_alarm *alarm,
                        const struct gw_campus *campus, FILE *out)
{
    char when[TIME_MAX];
    (void)fprintf(out, "    %s  %s  %s", what, alarm->object,
                  local(campus, alarm->raised_us, when));
    if (alarm->ended_us == INT64_MAX)
        (void)fputs(" ...", out);
    else if (alarm->ended_us != alarm->raised_us)
        (void)fprintf(out, " ... %s", local(campus, alarm->ended_us, when));
    (void)fputc('\n', out);
}

static void print_alone(const struct trial_result *t, const char *what,
                        const struct trial_alarms *alarms, const struct gw_campus *campus,
                        FILE *out)
{
    for (size_t i = 0; i < alarms->count; i++)
        if (trial_result_lists(t, &alarms->items[i]) && !alarms->items[i].is_matched)
            print_alarm(what, &alarms->items[i], campus, out);
}

static void print_compared(const struct trial_result *t, const struct trial_rule *rule,
                           const struct gw_campus *campus, FILE *out)
{
    const char *what = rule->is_fact ? "fact" : "alarm";
    size_t now = listed(t, &rule->now);
    size_t then = listed(t, &rule->then);
    (void)fprintf(out, "  %zu %s%s on trial", now, what, now == 1 ? "" : "s");
    if (!rule->has_then) {
        (void)fputs("; no rule of this id was in force\n", out);
        return;
    }
    (void)fprintf(out, ", %zu as it was in force; %zu the same\n", then, rule->same);
    print_alone(t, "only on trial:", &rule->now, campus, out);
    print_alone(t, "only then:", &rule->then, campus, out);
}

static void print_names(const struct trial_input *in, bool of_summaries, FILE *out)
{
    size_t count = 0;
    for (size_t i = 0; i < in->count; i++) {
        const struct trial_source *s = &in->sources[i];
        if (s->readings > 0 || s->has_summary != of_summaries)
            continue;
        if (count < NAMES_SHOWN)
            (void)fprintf(out, "%s%s",
                          count > 0      ? ", "
                          : of_summaries ? "\n    only summaries are left of "
                                         : "\n    no reading of ",
                          s->point);
        count++;
    }
    if (count > NAMES_SHOWN)
        (void)fprintf(out, " and %zu more", count - NAMES_SHOWN);
}

static void print_share(double share, const char *what, FILE *out)
{
    if (share > 0)
        (void)fprintf(out, ", %.1f %% of the time %s", 100 * share, what);
}

static void print_input(const struct trial_result *t, const struct trial_input *in,
                        FILE *out)
{
    const struct trial_share share = trial_result_share(t, in);
    (void)fprintf(out, "  input %s = %s: %zu point%s, %llu reading%s", in->name,
                  in->metric, in->count, in->count == 1 ? "" : "s",
                  (unsigned long long)share.readings, share.readings == 1 ? "" : "s");
    print_share(share.bad, "bad", out);
    print_share(share.uncertain, "uncertain", out);
    print_share(share.unheard, "not heard yet", out);
    if (in->step > 0)
        (void)fprintf(out,
                      "; stored in steps of %g%s%s, unless a window of a rule in force "
                      "reads it",
                      in->step, in->unit[0] ? " " : "", in->unit);
    print_names(in, false, out);
    print_names(in, true, out);
    (void)fputc('\n', out);
}

static void print_rule(const struct trial_result *t, const struct trial_rule *rule,
                       const struct gw_campus *campus, FILE *out)
{
    (void)fprintf(out, "\n%s  %s\n", rule->id,
                  rule->title.zh[0] ? rule->title.zh : rule->title.en);
    if (rule->when[0])
        (void)fprintf(out, "  when %s\n", rule->when);
    if (rule->objects == 0) {
        (void)fputs("  is never judged: no object has all of its inputs (allowed: feed "
                    "their points, or give 'absent')\n",
                    out);
        return;
    }
    print_steps(rule, campus, out);
    print_compared(t, rule, campus, out);
    for (size_t i = 0; i < rule->input_count; i++)
        print_input(t, &rule->inputs[i], out);
}

void trial_print(const struct trial_result *t, const struct gw_campus *campus, FILE *out)
{
    char from[TIME_MAX];
    char to[TIME_MAX];
    (void)fprintf(out, "%s ... %s, %llu readings, %.1f s\n",
                  local(campus, t->from_us, from), local(campus, t->to_us, to),
                  (unsigned long long)t->readings, t->seconds);
    if (t->is_cut)
        (void)fprintf(out,
                      "the log begins at %s: what began earlier, and alarms that stood "
                      "then, are not known to the trial\n",
                      local(campus, t->stored_from_us, from));
    if (t->refused > 0)
        (void)fprintf(out, "%zu of the operators' actions found nothing to act on\n",
                      t->refused);
    for (size_t i = 0; i < t->rule_count; i++)
        print_rule(t, &t->rules[i], campus, out);
}
