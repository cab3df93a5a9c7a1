/* trial_print.c - a backtest's result, for people, in their language. */
#include <math.h>
#include <stdarg.h>
#include <string.h>

#include "base/clock.h"
#include "base/language.h"
#include "campus/campus.h"
#include "config/chinese.h"
#include "trial_result.h"

enum { NAMES_SHOWN = 5, OBJECTS_SHOWN = 20, TIME_MAX = CLOCK_TEXT_MAX, NUMBER_MAX = 40 };

/* say - @english, or what chinese.h has for it. */
__attribute__((format(printf, 2, 3))) static void say(FILE *out, const char *english, ...)
{
    va_list args;
    va_start(args, english);
    (void)vfprintf(out, language_is_chinese() ? chinese_format(english) : english, args);
    va_end(args);
}

/* "37.5 %" */
static const char *percent(double share, char ret[NUMBER_MAX])
{
    (void)snprintf(ret, NUMBER_MAX, "%.1f %%", 100 * share);
    return ret;
}

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
    (void)fputs("    ", out);
    say(out, what, "");
    (void)fprintf(out, "  %s  %s", alarm->object, local(campus, alarm->raised_us, when));
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

/* It has no transition in the span. */
static void print_standing(const struct trial_result *t, const struct trial_rule *rule,
                           const struct gw_campus *campus, FILE *out)
{
    for (size_t i = 0; i < rule->now.count; i++)
        if (rule->now.items[i].raised_us < t->from_us
            && trial_result_lists(t, &rule->now.items[i]))
            print_alarm("raised before:%s", &rule->now.items[i], campus, out);
}

static void print_compared(const struct trial_result *t, const struct trial_rule *rule,
                           const struct gw_campus *campus, FILE *out)
{
    static const char *const counts[2][2] = {
        {"  %zu alarms on trial", "  %zu alarm on trial"},
        {"  %zu facts on trial", "  %zu fact on trial"}};
    size_t now = listed(t, &rule->now);
    size_t then = listed(t, &rule->then);
    say(out, counts[rule->is_fact][now == 1], now);
    if (!rule->has_then) {
        say(out, "; no rule of this id was in force");
        (void)fputc('\n', out);
        print_standing(t, rule, campus, out);
        return;
    }
    say(out, ", %zu as it was in force; %zu the same", then, rule->same);
    (void)fputc('\n', out);
    print_alone(t, "only on trial:%s", &rule->now, campus, out);
    print_alone(t, "only then:%s", &rule->then, campus, out);
}

/* --- what could not be judged ------------------------------------------------------ */

static void print_gaps(const struct trial_judged *j, FILE *out)
{
    static const char *const texts[] = {
        [RULE_GAP_SET] = "%s not given (%s)",
        [RULE_GAP_UNHEARD] = "%s not heard (%s)",
        [RULE_GAP_BAD] = "%s bad or too old (%s)",
        [RULE_GAP_THIN] = "%s with too little of its window (%s)",
    };
    char share[NUMBER_MAX];
    bool is_first = true;
    for (size_t i = 0; i < j->gap_count; i++) {
        const struct trial_gap *gap = &j->gaps[i];
        if (gap->amount == 0)
            continue;
        say(out, is_first ? ": " : "; ");
        say(out, texts[gap->why], gap->input,
            percent(trial_judged_share(j, gap->amount), share));
        is_first = false;
    }
    (void)fputc('\n', out);
}

static void print_unknown(const struct trial_judged *j, FILE *out)
{
    char share[NUMBER_MAX];
    if (j->is_by_moments)
        say(out, "  %s: could not be judged %zu of %zu times", j->object,
            (size_t)j->unknown, (size_t)j->due);
    else
        say(out, "  %s: could not be judged %s of the time", j->object,
            percent(trial_judged_share(j, j->unknown), share));
    print_gaps(j, out);
}

/* "0 alarms" says little where nobody could know. */
static void print_judged(const struct trial_rule *rule, FILE *out)
{
    size_t resting = 0;
    size_t unknown = 0;
    for (size_t i = 0; i < rule->judged_count; i++) {
        resting += rule->judged[i].due == 0;
        unknown += rule->judged[i].unknown > 0;
        if (rule->judged[i].unknown > 0 && unknown <= OBJECTS_SHOWN)
            print_unknown(&rule->judged[i], out);
    }
    if (unknown > OBJECTS_SHOWN) {
        say(out, "  and %zu more that could not always be judged",
            unknown - OBJECTS_SHOWN);
        (void)fputc('\n', out);
    }
    resting += rule->objects - rule->judged_count;
    if (resting == 0)
        return;
    say(out,
        "  %zu of %zu objects were never to be judged: none of the rule's phases or "
        "moments is in the span",
        resting, rule->objects);
    (void)fputc('\n', out);
}

/* --- inputs ------------------------------------------------------------------------ */

static void print_names(const struct trial_input *in, bool of_summaries, FILE *out)
{
    const char *head =
        of_summaries ? "\n    only summaries are left of %s" : "\n    no reading of %s";
    size_t count = 0;
    for (size_t i = 0; i < in->count; i++) {
        const struct trial_source *s = &in->sources[i];
        if (s->readings > 0 || s->has_summary != of_summaries)
            continue;
        if (count < NAMES_SHOWN)
            say(out, count > 0 ? ", %s" : head, s->point);
        count++;
    }
    if (count > NAMES_SHOWN)
        say(out, " and %zu more", count - NAMES_SHOWN);
}

static void print_share(double share, const char *what, FILE *out)
{
    char text[NUMBER_MAX];
    if (share > 0)
        say(out, what, percent(share, text));
}

static void print_input(const struct trial_result *t, const struct trial_input *in,
                        FILE *out)
{
    const struct trial_share share = trial_result_share(t, in);
    char step[NUMBER_MAX];
    (void)snprintf(step, sizeof(step), "%g", in->step);
    say(out, "  input %s = %s: %zu point%s, %zu reading%s", in->name, in->metric,
        in->count, in->count == 1 ? "" : "s", (size_t)share.readings,
        share.readings == 1 ? "" : "s");
    print_share(share.bad, ", %s of the time bad", out);
    print_share(share.uncertain, ", %s of the time uncertain", out);
    print_share(share.unheard, ", %s of the time not heard yet", out);
    if (in->step > 0)
        say(out,
            "; stored in steps of %s%s%s, unless a window of a rule in force reads it",
            step, in->unit[0] ? " " : "", in->unit);
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
        say(out, "  is never judged: no object has all of its inputs (allowed: feed "
                 "their points, or give 'absent')");
        (void)fputc('\n', out);
        return;
    }
    print_steps(rule, campus, out);
    print_compared(t, rule, campus, out);
    print_judged(rule, out);
    for (size_t i = 0; i < rule->input_count; i++)
        print_input(t, &rule->inputs[i], out);
}

void trial_print(const struct trial_result *t, const struct gw_campus *campus, FILE *out)
{
    char from[TIME_MAX];
    char to[TIME_MAX];
    char took[NUMBER_MAX];
    (void)snprintf(took, sizeof(took), "%.1f", t->seconds);
    say(out, "%s ... %s, %zu readings, %s s", local(campus, t->from_us, from),
        local(campus, t->to_us, to), (size_t)t->readings, took);
    (void)fputc('\n', out);
    if (t->is_cut) {
        say(out,
            "the log begins at %s: what began earlier, and alarms that stood then, are "
            "not known to the trial",
            local(campus, t->stored_from_us, from));
        (void)fputc('\n', out);
    }
    if (t->refused > 0) {
        say(out, "%zu of the operators' actions found nothing to act on", t->refused);
        (void)fputc('\n', out);
    }
    for (size_t i = 0; i < t->rule_count; i++)
        print_rule(t, &t->rules[i], campus, out);
}
