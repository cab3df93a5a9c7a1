/* rule_model.h - a rule as read, and its instances: what the rule_*.c files share.
 *
 * Everything but windows and statements lives in one arena.  Thread: the pipeline's.
 */
#ifndef RULES_RULE_MODEL_H
#define RULES_RULE_MODEL_H

#include "points/deadlines.h"
#include "rules/expression.h"
#include "rules/moment.h"
#include "rules/rule.h"
#include "rules/rule_hold.h"
#include "rules/window.h"

enum rule_input_kind {
    RULE_LATEST,    /* the latest reading of the metric's points */
    RULE_WINDOW,    /* a function over a window of them */
    RULE_ATTRIBUTE, /* a number of the place, class or school */
    RULE_FAULTY,    /* how many of the points are silent or failed: at least, at most */
};

/* After a start, points report one after the other; until then a hold that ran before
 * runs on instead of stopping.  Source: the silence that is called stale, 180 s. */
#define RULE_SETTLING_US INT64_C(180000000)

/* How several points of a metric make one value; DEFAULT: any for states, else mean. */
enum rule_of {
    RULE_OF_DEFAULT,
    RULE_OF_MEAN,
    RULE_OF_MIN,
    RULE_OF_MAX,
    RULE_OF_SUM,
    RULE_OF_ANY,
    RULE_OF_ALL
};

enum rule_attribute {
    RULE_CAPACITY,
    RULE_ENROLLED,
    RULE_LIMIT,
    RULE_STAFF,
    RULE_NINE_YEAR,
    RULE_BUILT_AFTER_POLICY,
    RULE_EXERCISE_TARGET
};

/* rule_input - one line of "inputs".
 * metric      NULL: every metric (RULE_FAULTY of "*")
 * absent      value when the object has no such point; NAN = the object is left out
 * is_indicative  a value of a sensor without a valid calibration counts, too
 * above       from where on share and duration count; NAN = not 0
 * over_us     0 = the phase */
struct rule_input {
    const char *name;
    enum rule_input_kind kind;
    const struct config_metric *metric;
    enum rule_of of;
    double absent;
    bool is_indicative;
    enum window_function function;
    int64_t over_us;
    double valid;
    double above;
    enum rule_attribute attribute;
};

enum rule_each {
    RULE_EACH_KIND,
    RULE_EACH_TAG,
    RULE_EACH_PLACES,
    RULE_EACH_DEVICES,
    RULE_EACH_CLASSES,
    RULE_EACH_BUSES,
    RULE_EACH_SCHOOL,
    RULE_EACH_GATEWAY
};

/* rule_objects - "each": names are a kind, a tag, or globs. */
struct rule_objects {
    enum rule_each each;
    struct gw_strings names;
    const struct config_metric *metric; /* of devices; NULL = any */
};

/* rule_days - "3 of 5": on so many of the last days; of 0 = not asked. */
struct rule_days {
    uint32_t need;
    uint32_t of;
};
enum { RULE_DAYS_MAX = 31 };

/* rule_step - a severity that the alarm rises to while it stands.
 * expression  NULL = no condition
 * phases      bits of enum gw_phase_kind; 0 = in all
 * around_us   also so long as pupils come or go, as of gw_campus_rush() */
struct rule_step {
    enum gw_severity severity;
    struct expression *expression;
    uint32_t phases;
    bool is_at_arrival;
    bool is_at_departure;
    int64_t around_us;
};
enum { RULE_STEPS_MAX = 4, RULE_ORDER_MAX = 64 };

/* rule_expect - an event that is to come; what is 0 or empty is not asked.
 * within_us      at most so long after the one before
 * not_before_us  at least so long after it
 * times          so often until each moment of the rule's `at`
 * valid          share of that time in which it could be heard
 * order          names of points, or places, in which events follow each other */
struct rule_expect {
    bool is_set;
    int64_t within_us;
    int64_t not_before_us;
    uint32_t times;
    double valid;
    struct gw_strings order;
};

/* rule - as configured.
 * meaning         hash of what makes its verdict: condition, parameters, inputs, phases
 * is_own          the school's, from rules.d/, and not only the pack's
 * is_each_own     so is what it is about
 * is_tried        stands in the file on trial; is_new: and nowhere else
 * exempt          bits of gw_campus_exempt() while it is true
 * phases          bits of enum gw_phase_kind; 0 = always
 * is_slice        of lessons only start + slice_start .. end - slice_end counts
 * at              judged at these moments only; MOMENT_NEVER = all the time
 * days            what verdicts of school days raise it, clear_days what ends it */
struct rule {
    struct alarm_rule alarm;
    uint32_t exempt;
    struct rule_step steps[RULE_STEPS_MAX]; /* the most urgent first */
    size_t step_count;
    bool has_step_phases;
    struct config_mark mark;
    struct gw_strings outputs;
    bool is_own;
    bool is_each_own;
    bool is_tried;
    bool is_new;
    struct rule_objects objects;
    struct rule_input inputs[EXPRESSION_NAMES_MAX];
    size_t input_count;
    struct expression *expression;
    const char *basis_edition;
    const char *when;
    uint64_t meaning;
    int64_t hold_us;
    int64_t clear_hold_us;
    uint32_t phases;
    bool is_slice;
    int64_t slice_start_us;
    int64_t slice_end_us;
    struct moment at;
    struct rule_days days;
    struct rule_days clear_days;
    struct rule_expect expect; /* in the place of a condition */
    bool has_windows;
    bool has_phase_windows;
    size_t objects_named; /* that `each` names; instances: that have all inputs */
    size_t instances;
    _Atomic uint64_t evaluations; /* read by pages */
};

/* rule_output - a word of some rule's outputs, and the first rule that has it. */
struct rule_output {
    const char *word;
    const struct rule *rule;
};

struct rule_instance;

/* rule_point - a point that some rule reads; value NAN unless good.
 * indication  the value also while nothing but its calibration is in doubt
 * least       the value where it is so much or more (GW_REASON_AT_LEAST); else NAN
 * is_old      kept by a broker from before the connection: state, not news.  For latched
 *             rules and event metrics it is unknown, so that a "pressed" of yesterday
 *             raises nothing.  A level found at start-up (GW_STARTUP) is the contact as
 *             it is now and counts: who pressed while the gateway was off needs help. */
struct rule_point {
    const struct point_entry *entry;
    struct rule_feed *feeds; /* a chain by next, in the order of the rules */
    struct rule_feed *last;
    double value;
    double indication;
    double least;
    uint8_t reason;
    bool is_seen;
    bool is_old;
};

/* rule_feed - one point in one input of one instance. */
struct rule_feed {
    struct rule_instance *instance;
    struct rule_point *point;
    struct rule_feed *next; /* of the same point */
    struct window *window;  /* NULL for the latest value */
    uint8_t input;
};

/* rule_day - verdicts of days, the newest in bit 0, and the day that runs.
 * last_us     the last day that has a verdict; GW_TIME_NONE = none has
 * is_open     the running day may still get one
 * is_known    it was false at least once */
struct rule_day {
    uint32_t true_bits;
    uint32_t clear_bits;
    uint32_t count;
    bool is_open;
    bool is_known;
    int64_t last_us;
    int64_t start_us;
    int64_t end_us;
};

/* rule_fault - why an expectation is not met. */
enum rule_fault { RULE_MISSING, RULE_EARLY, RULE_OUT_OF_ORDER, RULE_SHORT, RULE_FAULTS };

/* rule_expected - how an expectation stands; the time since the last event is the hold.
 * faults      bits of enum rule_fault
 * count       events since the last moment
 * next        the index in `order` that is to come
 * blind       since the last moment nothing could be heard
 * kept_us     when it was last kept */
struct rule_expected {
    uint32_t faults;
    uint32_t count;
    uint32_t next;
    bool has_event;
    struct rule_hold blind;
    int64_t kept_us;
};

/* rule_instance - a rule on one object.
 * fixed       inputs that never change: attributes, absent points; else NAN
 * has_turned  since the start: what was true before it counts no more
 * was_judged  before a start or reload, or a clock that was set
 * during_since_us  since when without a break; holds of before it begin anew
 * until_us    until when is_during is known */
struct rule_instance {
    struct rule *rule;
    const char *object;
    const char *phase_object; /* whose phase counts; NULL = the school's */
    struct rule_feed *feeds;
    size_t feed_count;
    struct rule_hold hold;
    enum gw_severity severity; /* of its alarm, from when it was raised */
    bool is_asserted;
    bool has_turned;
    bool was_judged;
    bool is_during;
    int64_t during_since_us;
    int64_t phase_start_us;
    int64_t until_us;
    int64_t judged_us;         /* the last moment of `at` that was; GW_TIME_NONE = none */
    struct moment_time moment; /* the next one */
    struct rule_day day;
    struct rule_expected expected;
    size_t index;   /* among all, for its deadline */
    double fixed[]; /* by input of the rule */
};

struct rules {
    struct arena *arena;
    struct expressions *expressions;
    const struct gw_campus *campus;
    const struct point_table *table;
    struct rules_ops ops;
    struct rule **rules;
    size_t rule_count;
    struct rule_output *outputs; /* each word once */
    size_t output_count;
    struct rule_instance **instances; /* by rule, then object */
    size_t instance_count;
    size_t instance_room;
    struct rule_point **points; /* by index of the table; NULL = no rule reads it */
    struct deadlines *due;      /* by instance */
    int64_t settled_us;         /* by then everything has reported after a start */
    int64_t minute_us;          /* windows are judged so long after each full minute */
};

/* rule_values - the inputs of an instance, NAN = unknown.
 * most        differs where points of a faulty input may have failed unheard, and where
 *             nobody knows how much more than the least it is
 * is_unheard  one of its points has not reported since the start
 * is_due      and one of those has a time by which it must */
struct rule_values {
    double least[EXPRESSION_NAMES_MAX];
    double most[EXPRESSION_NAMES_MAX];
    bool is_open; /* least and most differ */
    bool is_unheard;
    bool is_due;
};

/* rule_load - reads every rule file into r->rules; faults to @faults. */
int rule_load(struct rules *r, const struct config *config, struct config_faults *faults);

/* rule_expressions_free - of @rule, also of one half read. */
void rule_expressions_free(struct rule *rule);

/* rule_inputs_read - the mapping @node of "inputs" into @rule. */
bool rule_inputs_read(struct config_source *src, const struct config *config,
                      const struct config_node *node, const char *path,
                      struct rule *rule);

/* rule_input_is_measured - its values are parts of something, or pass over numbers; not
 * words of a state, counts or attributes, which equal a number when they should. */
bool rule_input_is_measured(const struct rule_input *input);

/* rule_objects_read - the node of "each". */
bool rule_objects_read(struct config_source *src, const struct config *config,
                       const struct config_node *node, const char *path,
                       struct rule_objects *ret);

extern const struct gw_option rule_input_options[];
extern const struct gw_option rule_objects_options[];
extern const struct gw_option rule_step_options[];
extern const struct gw_option rule_expect_options[];

/* rule_input_unit - of the input's value, "" = a bare number. */
const char *rule_input_unit(const struct rule_input *input);

/* rule_bind - makes the instances, finds their points. */
int rule_bind(struct rules *r, const struct config *config);

/* rules_tell_unfed - a rule on points that nobody feeds is a warning; after rule_bind().
 * returns 0 or -ENOMEM.  In rule_unfed.c. */
int rules_tell_unfed(const struct rules *r, struct config_faults *faults);

/* rules_tell_never - a rule that can never fire is a warning; after rule_bind(). */
void rules_tell_never(const struct rules *r, struct config_faults *faults);

/* rule_reading_value - what @reading is to an input: its value, or NAN. */
double rule_reading_value(const struct gw_reading *reading, bool is_indicative);

/* rule_values_read - every input of @instance at @time_us into @ret. */
void rule_values_read(const struct rules *r, struct rule_instance *instance,
                      int64_t time_us, struct rule_values *ret);

/* rule_gap_of - why the @input-th input of @instance is not known. */
enum rule_gap_why rule_gap_of(const struct rules *r, const struct rule_instance *instance,
                              size_t input, int64_t time_us);

/* rule_watch - tells r->ops.judged, which is set, how a rule on trial stands.  In
 * rule_trial.c. */
enum rule_standing { RULE_RESTS, RULE_IS_KNOWN, RULE_IS_UNKNOWN };
void rule_watch(const struct rules *r, struct rule_instance *instance,
                enum rule_standing standing, int64_t time_us);

/* rule_verdicts - what the conditions say; clear is false while when is true. */
struct rule_verdicts {
    enum verdict when;
    enum verdict clear;
    bool is_unheard;
    bool is_due;
    double values[EXPRESSION_NAMES_MAX];
};

void rule_verdicts_read(const struct rules *r, struct rule_instance *instance,
                        int64_t time_us, struct rule_verdicts *ret);

/* rule_turn - the cause stands, or no more; @values NULL = not known.
 * rule_fact - tells the fact of a rule of severity INF. */
void rule_turn(struct rules *r, struct rule_instance *instance, const double *values,
               const char *cause, int64_t time_us);
void rule_fact(struct rules *r, const struct rule_instance *instance,
               const double *values, int64_t time_us);

/* rule_severity_begin - of an alarm that is raised; rule_severity_look - of one that
 * stands: it rises to a step that is true, and never falls.  rule_alarm - as it is. */
void rule_severity_begin(const struct rules *r, struct rule_instance *instance,
                         const double *values, int64_t time_us);
void rule_severity_look(struct rules *r, struct rule_instance *instance,
                        const double *values, int64_t time_us);
struct alarm_rule rule_alarm(const struct rule_instance *instance);

/* rule_moment_begin - finds the next moment of `at`, also one that was missed.
 * rule_moment_judge - evaluates at the moment; returns the next deadline. */
void rule_moment_begin(const struct rules *r, struct rule_instance *instance,
                       int64_t time_us);
int64_t rule_moment_judge(struct rules *r, struct rule_instance *instance,
                          int64_t time_us);

/* rule_expect_is_named - @name is the point's part ("north" of "yard/checkpoint.north"),
 * or its place. */
bool rule_expect_is_named(const struct point_entry *entry, const char *name);

/* rule_expect_is_event - @reading of @point, before it is taken, is news of an event.
 * rule_expect_event - one came; rule_expect_judge - what did not; returns the deadline.
 */
bool rule_expect_is_event(const struct rule_point *point,
                          const struct gw_reading *reading);
void rule_expect_event(struct rules *r, const struct rule_feed *feed, int64_t time_us);
int64_t rule_expect_judge(struct rules *r, struct rule_instance *instance,
                          int64_t time_us);

/* rule_day_is_open - the day of @time_us is a school day without a verdict; ends the day
 * before.  rule_day_verdict - @is_held: when has held its time, the day is true. */
bool rule_day_is_open(struct rules *r, struct rule_instance *instance, int64_t time_us);
void rule_day_verdict(struct rules *r, struct rule_instance *instance,
                      const struct rule_verdicts *v, bool is_held, int64_t time_us);

/* rule_judge - evaluates @instance at @time_us, runs its holds, sets its next deadline:
 * the end of a hold, an edge of the phase or slice, and for windows each full minute,
 * since the oldest values leave them all the time.
 * rule_resume - at a start, reload or step, which is no moment of the school: one that
 * was_judged and has windows is judged at the next reading or minute, as without it. */
void rule_judge(struct rules *r, struct rule_instance *instance, int64_t time_us);
void rule_resume(struct rules *r, struct rule_instance *instance, int64_t time_us);

/* rules_begin - the start, on whatever state the instances have: everything that their
 * points' latest readings say is heard; @cause goes to the alarms. */
void rules_begin(struct rules *r, const char *cause, int64_t time_us);

/* rule_keep - hands on the instance's state to be kept, rule_forget - that there is none;
 * rule_kept_read - takes it back.  returns 0 or -EINVAL */
void rule_keep(struct rules *r, const struct rule_instance *instance);
void rule_forget(struct rules *r, const struct rule_instance *instance);
int rule_kept_read(struct rule_instance *instance, const void *bytes, size_t size);

#endif
