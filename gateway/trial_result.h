/* trial_result.h - what a backtest found: steps, alarms beside those of then, inputs.
 *
 * Times are school time.  Everything is copied; bounded by TRIAL_STEPS_MAX.  Thread: one.
 */
#ifndef TRIAL_RESULT_H
#define TRIAL_RESULT_H

#include <stdio.h>

#include "base/arena.h"
#include "base/hash.h"
#include "gw/error.h"
#include "gw/record.h"
#include "rules/rule.h"
#include "trial_judged.h"

enum { TRIAL_STEPS_MAX = 100000 };

/* trial_step - one transition of an alarm, or a fact (is_fact, and nothing but times).
 * number: in the order in which they came; at the end they stand by object */
struct trial_step {
    size_t number;
    char object[GW_ID_MAX];
    int64_t time_us;
    enum gw_alarm_state from;
    enum gw_alarm_state to;
    char cause[32];
    double value;
    bool is_fact;
};

/* trial_alarm - from its raise to its end, INT64_MAX = it stands; of a fact both are its
 * time.  is_matched: the other side has it too. */
struct trial_alarm {
    char object[GW_ID_MAX];
    int64_t raised_us;
    int64_t ended_us;
    bool is_matched;
};

struct trial_alarms {
    struct trial_alarm *items;
    size_t count;
    size_t room;
};

/* trial_source - a point of an input.
 * since_us     up to here its time is counted
 * bad_us       bad; uncertain_us likewise; unheard_us: before its first reading
 * has_summary  there are no readings of it, but summaries */
struct trial_source {
    const char *point;
    uint32_t id;
    uint64_t readings;
    int64_t since_us;
    int64_t bad_us;
    int64_t uncertain_us;
    int64_t unheard_us;
    bool is_heard;
    enum gw_quality quality;
    bool has_summary;
};

/* trial_input - step: what the log leaves out between two readings, 0 = nothing. */
struct trial_input {
    const char *name;
    const char *metric;
    const char *unit;
    double step;
    struct trial_source *sources;
    size_t count;
    size_t room;
};

/* trial_rule - steps and alarms of the trial; then: what was, has_then: as the rule was
 * in force in that span. */
struct trial_rule {
    const char *id;
    struct gw_text title;
    const char *when;
    size_t objects;
    bool is_fact;
    bool is_new;
    bool has_then;
    struct trial_step *steps;
    size_t step_count;
    size_t step_room;
    struct trial_alarms now;
    struct trial_alarms then;
    size_t same;
    struct trial_input *inputs;
    size_t input_count;
    size_t input_room;
    struct trial_judged *judged; /* at the end the least known first */
    size_t judged_count;
    size_t judged_room;
};

/* trial_result
 * from_us, to_us    the span that was asked for and is there; GW_TIME_NONE: by the first
 *                   and last record
 * begun_us          where the run began, so that windows and holds are as they were
 * stored_from_us    the log begins; GW_TIME_NONE = no log
 * readings          that were judged */
struct trial_result {
    struct arena *arena;
    struct trial_rule *rules;
    size_t rule_count;
    int64_t from_us;
    int64_t to_us;
    int64_t begun_us;
    int64_t stored_from_us;
    bool is_cut; /* the log begins too late for that */
    uint64_t readings;
    size_t refused; /* actions of a replay that found no such alarm */
    double seconds;
    size_t steps;
    bool is_full; /* more than TRIAL_STEPS_MAX */
    bool has_failed;
    bool is_over;
};

int trial_result_new(struct trial_result **ret, struct gw_error *err);
struct trial_result *trial_result_free(struct trial_result *t);

/* trial_result_begin - the rules on trial and their inputs.  returns 0 or -ENOMEM */
int trial_result_begin(struct trial_result *t, const struct rules *rules);

/* trial_result_record - what the pipeline on trial handed on; no call: has_failed says
 * that memory was short. */
void trial_result_record(struct trial_result *t, const struct gw_record *record);

/* trial_result_judged - how a rule on trial stands; as trial_result_record(). */
void trial_result_judged(struct trial_result *t, const struct rule_judgement *judgement);

/* trial_result_then - what the rule that was in force did: a transition, or a fact. */
void trial_result_then(struct trial_result *t, const struct gw_transition *transition);
void trial_result_then_fact(struct trial_result *t, const char *rule, const char *object,
                            int64_t time_us);

/* trial_result_end - the run has come to @time_us: shares are counted, alarms compared.
 * returns 0, -ENOMEM or -E2BIG */
int trial_result_end(struct trial_result *t, int64_t time_us, struct gw_error *err);

/* trial_share - of an input's points together: readings, and parts of the time, 0..1. */
struct trial_share {
    uint64_t readings;
    double bad;
    double uncertain;
    double unheard;
};
struct trial_share trial_result_share(const struct trial_result *t,
                                      const struct trial_input *input);

/* trial_result_lists - @alarm overlaps the span. */
bool trial_result_lists(const struct trial_result *t, const struct trial_alarm *alarm);

/* trial_print, trial_print_json - for people, or one JSON object. */
void trial_print(const struct trial_result *t, const struct gw_campus *campus, FILE *out);
void trial_print_json(const struct trial_result *t, const struct gw_campus *campus,
                      FILE *out);

#endif
