/* alarm.h - alarms keyed (rule, object), the ISA-18.2 table, operator actions.
 *
 * The pipeline thread owns them; rows for pages are copied under one leaf lock.  Each
 * step is emitted as GW_RECORD_TRANSITION, then GW_RECORD_STATE (owner "alarm", key =
 * id), so that both are in one commit.
 */
#ifndef ALARMS_ALARM_H
#define ALARMS_ALARM_H

#include "base/arena.h"
#include "gw/error.h"
#include "gw/record.h"

struct alarms;

enum alarm_event {
    ALARM_RAISE,
    ALARM_CLEAR,
    ALARM_ACKNOWLEDGE,
    ALARM_RESET, /* of a latched alarm whose cause is gone */
    ALARM_SHELVE,
    ALARM_UNSHELVE,
    ALARM_SUPPRESS,
    ALARM_UNSUPPRESS,
    ALARM_OUT,
    ALARM_IN,
    ALARM_EVENTS
};

/* alarm_next - the table: what @event makes of @state.  @is_latching: the rule latches.
 */
enum gw_alarm_state alarm_next(enum gw_alarm_state state, enum alarm_event event,
                               bool is_latching);

/* alarm_row - one alarm as shown to people.  Its words live as long as the alarms: those
 * of a rule or object that is no longer configured are those it stood with. */
struct alarm_row {
    char id[2 * GW_ID_MAX]; /* "TF-01@panic-gate" */
    char rule[GW_ID_MAX];
    char object[GW_ID_MAX];
    struct gw_text title;
    struct gw_text action; /* what to do */
    struct gw_text place;  /* where the object is; empty = nowhere */
    const char *basis;
    const char *unit; /* of the values */
    enum gw_severity severity;
    enum gw_alarm_state state;
    bool is_active; /* the cause stands now */
    bool is_test;   /* of a drill or test */
    uint64_t uid;
    uint32_t seq;
    uint32_t raised;     /* activations since the start of records */
    double value;        /* at the last change of its cause */
    double raised_value; /* that raised it, or made it more urgent */
    int64_t raised_us;
    int64_t changed_us;
    char actor[GW_ACTOR_MAX];
    char comment[GW_COMMENT_MAX];
};

/* alarm_rule - what alarms need to know of a rule. */
struct alarm_rule {
    const char *id;
    struct gw_text title;
    struct gw_text action;
    const char *basis;
    enum gw_severity severity;
    bool is_latching;
    const char *unit; /* of what it is raised with; NULL = none */
};

/* alarms_ops - emit gets every transition and every kept state; place answers what the
 * place of an object is called, NULL = it has none (or, as a function, none has). */
struct alarms_ops {
    void *ctx;
    void (*emit)(void *ctx, const struct gw_record *record);
    const struct gw_text *(*place)(void *ctx, const char *object);
};

/* alarms_new - Owner: caller. */
int alarms_new(const struct alarms_ops *ops, struct alarms **ret);
struct alarms *alarms_free(struct alarms *a);

/* alarms_restore - kept bytes of owner "alarm", after a restart, before the first event;
 * numbers for the time being (GW_ALARM_UID_PROVISIONAL) become such for life.
 * returns 0 or -EINVAL for bytes of an unknown form (ignored, counted). */
int alarms_restore(struct alarms *a, const char *key, const void *bytes, size_t size);

/* alarms_begin_behind - @uid is the last one ever given, by the store's book: no alarm
 * gets it again, also when kept bytes are lost or of an unknown form. */
void alarms_begin_behind(struct alarms *a, uint64_t uid);

/* alarms_keep - hands on every alarm to be kept anew. */
void alarms_keep(struct alarms *a);

/* alarms_take_over - every alarm of @old as it is, before rules name them anew.
 * returns 0 or -ENOMEM */
int alarms_take_over(struct alarms *a, const struct alarms *old);

/* alarms_condition - the rule's cause on @object stands (or not) since @time_us.
 * Saying what is known already only renews the alarm's texts.
 * @cause: "rule", "phase-end", "restart" … */
void alarms_condition(struct alarms *a, const struct alarm_rule *rule, const char *object,
                      bool is_active, double value, const char *cause, int64_t time_us);

/* alarms_worsen - the cause that stands became more urgent: @rule's severity.  Who
 * acknowledged the lesser alarm has not seen this one: it is unacknowledged again, cause
 * "severity"; a hidden one stays hidden, but no P1 is shelved. */
void alarms_worsen(struct alarms *a, const struct alarm_rule *rule, const char *object,
                   double value, int64_t time_us);

/* alarm_command - an operator's action.
 * until_us    of shelve, school time; 0 otherwise */
struct alarm_command {
    char id[2 * GW_ID_MAX];
    enum alarm_event event;
    char actor[GW_ACTOR_MAX];
    char comment[GW_COMMENT_MAX];
    int64_t until_us;
};

/* Source: ISA-18.2 wants shelving limited in time; 8 h is the longest shift. */
enum { ALARM_SHELVE_MINUTES_MAX = 8 * 60 };

/* alarms_operate - shelving is for at most 8 h, needs a comment and is never for P1;
 * shelving a shelved alarm sets its end anew.
 * returns 0 (also when it was so already: no transition), -ENOENT no such alarm,
 * -EPERM not allowed in this state; @err says what is. */
int alarms_operate(struct alarms *a, const struct alarm_command *command, int64_t time_us,
                   struct gw_error *err);

/* alarms_mark_test - alarms about @object that are raised from normal are of a test; off:
 * whose cause still stands is a real one from now on, cause "test-end".  Not kept: said
 * again after a restart, before alarms_retire().  returns 0 or -ENOMEM */
int alarms_mark_test(struct alarms *a, const char *object, bool is_on, int64_t time_us);

/* alarms_retire - once all rules named their alarms (rules_start()): an alarm whose rule
 * or object is no longer configured returns, cause "configuration"; one of a test that
 * ended meanwhile is no more of a test. */
void alarms_retire(struct alarms *a, int64_t time_us);

/* alarms_next_due, alarms_run - shelving that ends. */
int64_t alarms_next_due(const struct alarms *a);
void alarms_run(struct alarms *a, int64_t time_us);

/* alarms_clock_step - the clock was set by @delta_us: shelving keeps its length, times of
 * before it was ever set become true. */
void alarms_clock_step(struct alarms *a, int64_t delta_us);

/* alarms_snapshot - rows copied into @arena: unacknowledged ones first, then returned,
 * acknowledged, hidden, normal; each by severity, then newest first.
 * @all: also normal ones.  returns the count.  Thread: any. */
size_t alarms_snapshot(struct alarms *a, bool all, struct arena *arena,
                       struct alarm_row **ret);

#endif
