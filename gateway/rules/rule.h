/* rule.h - rules from etc/rules: inputs, condition, holds; true, false or unknown.
 *
 * A rule is compiled once (one SQL expression in a private in-memory SQLite) and has
 * one instance an object.  Evaluated only when an input, a window's edge or the phase
 * changed.  Thread: the pipeline's.
 */
#ifndef RULES_RULE_H
#define RULES_RULE_H

#include "campus/campus.h"
#include "config/config.h"
#include "gw/record.h"
#include "alarms/alarm.h"
#include "points/point_table.h"

struct rules;

/* rule_gap - an input that was not known, and why.
 * RULE_GAP_SET      an attribute that nobody has given
 * RULE_GAP_UNHEARD  no reading yet, or none that is news
 * RULE_GAP_BAD      its latest reading is bad or too old
 * RULE_GAP_THIN     good readings fill too little of its window (`valid`) */
enum rule_gap_why {
    RULE_GAP_SET,
    RULE_GAP_UNHEARD,
    RULE_GAP_BAD,
    RULE_GAP_THIN,
    RULE_GAPS
};
struct rule_gap {
    const char *input;
    enum rule_gap_why why;
};

/* rule_judgement - how a rule on trial stands with an object, until the next one.
 * moment_us   of `at`; GW_TIME_NONE = it is judged all the time
 * is_due      not outside its phases
 * is_unknown  it could not be judged, for what is in gaps */
enum { RULE_GAPS_MAX = 16 };
struct rule_judgement {
    const char *rule;
    const char *object;
    int64_t time_us;
    int64_t moment_us;
    bool is_due;
    bool is_unknown;
    struct rule_gap gaps[RULE_GAPS_MAX];
    size_t gap_count;
};

/* rules_ops - what rules make happen. */
struct rules_ops {
    void *ctx;
    /* the cause of an alarm stands or is gone */
    void (*condition)(void *ctx, const struct alarm_rule *rule, const char *object,
                      bool is_active, double value, const char *cause, int64_t time_us);
    /* an alarm that stands became more urgent */
    void (*worsen)(void *ctx, const struct alarm_rule *rule, const char *object,
                   double value, int64_t time_us);
    /* a rule of severity INF came true */
    void (*fact)(void *ctx, const struct gw_fact *fact);
    /* kept state (owner "rule"): latched and held rules survive a restart */
    void (*state)(void *ctx, const struct gw_state *state);
    /* what rules exempt from has changed: rules_exemptions(); NULL = nobody asks */
    void (*exempt)(void *ctx, int64_t time_us);
    /* a rule on trial was judged; NULL = nobody asks */
    void (*judged)(void *ctx, const struct rule_judgement *judgement);
};

/* rules_load - from @config's rule files; unknown metrics, inputs, functions, unused
 * inputs and SQL's silent traps are faults; a rule on points that nobody feeds is a
 * warning.  @points: all points, derived ones too.  Owner: caller; rules_free() */
int rules_load(const struct config *config, const struct gw_campus *campus,
               const struct point_table *points, const struct rules_ops *ops,
               struct config_faults *faults, struct rules **ret);
struct rules *rules_free(struct rules *r);

/* rules_restore - kept bytes of owner "rule".
 * returns 0, -ENOENT no such rule and object any more, -EINVAL unknown form */
int rules_restore(struct rules *r, const char *key, const void *bytes, size_t size);

/* rules_start - after restore, before the first reading.  Tells every alarm whether its
 * cause stands (cause "restart"), which names them; then alarms_retire() is in order. */
void rules_start(struct rules *r, int64_t time_us);

/* rules_take_over - instead of rules_restore() and rules_start(): verdicts, holds and
 * windows of @old run on where rule and object are in both; of a rule that means
 * something else the hold begins anew.  Every rule is judged, but for windows that run
 * on.
 * @from as condition_take_over() has it. */
void rules_take_over(struct rules *r, struct rules *old, const size_t *from,
                     int64_t time_us);

/* rules_reading - feeds one reading; rules that use the point are judged before return,
 * unless it says nothing new. */
void rules_reading(struct rules *r, const struct gw_reading *reading);

/* rules_phase - some phase changed at @time_us. */
void rules_phase(struct rules *r, int64_t time_us);

/* rules_clock_step - the clock was set by @delta_us and is now @time_us: holds and
 * windows keep their length, the day that runs its verdict; phases are looked up anew.
 * rules_clock_judge - after it, and after what plugins had to say of the step.
 * rules_kept_clock_step - the same for what rules_restore() put back, before the start.
 * Both in rule_clock.c. */
void rules_clock_step(struct rules *r, int64_t delta_us, int64_t time_us);
void rules_clock_judge(struct rules *r, int64_t time_us);
void rules_kept_clock_step(struct rules *r, int64_t delta_us, int64_t time_us);

/* rules_minute - windows are judged @minute_us after each full minute of the clock: what
 * it was set by, so that a step moves none of these moments.  Not before the next
 * judgement.
 */
void rules_minute(struct rules *r, int64_t minute_us);

/* rules_next_due, rules_run - holds that end, windows whose oldest value leaves. */
int64_t rules_next_due(const struct rules *r);
void rules_run(struct rules *r, int64_t time_us);

/* rules_history_from - how far back history is of use to windows at a start at @time_us,
 * with the reading that still holds where they begin; @time_us = of none. */
int64_t rules_history_from(const struct rules *r, int64_t time_us);

/* rules_history - an older reading, in order of time, feeds windows and judges nothing:
 * between rules_restore() and rules_start(). */
void rules_history(struct rules *r, const struct gw_reading *reading);

/* rules_uses - true when @point feeds a window or a fact (then it is logged whole). */
bool rules_uses(const struct rules *r, uint32_t point);

/* rule_row - one rule as shown to people. */
struct rule_row {
    const char *id;
    struct gw_text title;
    enum gw_severity severity;
    const char *basis;
    const char *basis_edition; /* and how sure the figure is */
    const char *when;
    size_t instances;
    uint64_t evaluations;
    bool is_tried; /* stands in the file on trial */
    bool is_new;   /* and nowhere else */
    bool is_fact;  /* of severity INF */
};

/* rule_source - a point that a rule on trial reads, by which input.
 * is_latest   its latest value counts, of which the log leaves out small changes */
struct rule_source {
    const char *rule;
    const char *input;
    const struct point_entry *point;
    bool is_latest;
};

/* rules_each_source - of every rule on trial, each point of an input once. */
void rules_each_source(const struct rules *r,
                       void (*each)(void *ctx, const struct rule_source *source),
                       void *ctx);

/* rules_trial_from - from when on a trial must run so that windows, holds and counts of
 * days are at @time_us what they would be had it run for ever. */
int64_t rules_trial_from(const struct rules *r, int64_t time_us);

/* rule_exemption - of @bits of gw_campus_exempt(), by a rule that is true of an object.
 * is_heard  its inputs are known just now; else it is what it last was */
struct rule_exemption {
    uint32_t bits;
    const char *rule;
    const char *object;
    bool is_heard;
};

/* rules_exemptions - those that there are now, at most @max; returns how many. */
size_t rules_exemptions(const struct rules *r, struct rule_exemption *ret, size_t max);

/* rules_title - of the rule with this id; both texts NULL when there is none. */
struct gw_text rules_title(const struct rules *r, const char *id);

/* rules_outputs - the words of the rule with this id. */
struct gw_strings rules_outputs(const struct rules *r, const char *id);

/* rules_output - the @index-th word of any rule that a device has to answer to, each
 * once; not those that some file lists as `recipients`, who are people. ret_rule   the
 * first rule that has it; ret_mark where returns    NULL = there are no more */
const char *rules_output(const struct rules *r, size_t index, const char **ret_rule,
                         struct config_mark *ret_mark);

/* rules_name_output - some rule has @word among its outputs, be it a recipient or not. */
bool rules_name_output(const struct rules *r, const char *word);

/* rule_object - what a rule of some severity may raise an alarm about. */
struct rule_object {
    const char *rule;
    const char *object;
    const struct gw_strings *outputs;
};

/* rules_each_object - of the rules whose alarm comes as @severity, one rule after the
 * other. */
void rules_each_object(const struct rules *r, enum gw_severity severity,
                       void (*each)(void *ctx, const struct rule_object *object),
                       void *ctx);

/* rules_rows - at most @max; returns how many there are.  Thread: any. */
size_t rules_rows(const struct rules *r, struct rule_row *ret, size_t max);

/* rules_reads - @point is an input of some rule. */
bool rules_reads(const struct rules *r, uint32_t point);

void rules_print_options(FILE *out);

#endif
