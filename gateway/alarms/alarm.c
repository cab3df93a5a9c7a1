#include "alarms/alarm.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "alarms/alarm_kept.h"
#include "alarms/alarm_list.h"
#include "alarms/alarm_state.h"
#include "alarms/test_objects.h"

static const int64_t shelve_max_us = INT64_C(60000000) * ALARM_SHELVE_MINUTES_MAX;

struct alarms {
    struct alarm_list *list;
    struct arena *words; /* of alarms that stood before this configuration or start */
    struct alarms_ops ops;
    uint64_t uid;   /* the last one given */
    uint64_t begin; /* behind this one the run began */
    int64_t due_us; /* the first shelving to end */
    struct test_objects tests;
};

/* alarm_step - why and by whom an alarm moves. */
struct alarm_step {
    const char *cause;
    const char *actor;
    const char *comment;
    int64_t time_us;
};

int alarms_new(const struct alarms_ops *ops, struct alarms **ret)
{
    struct alarms *a = calloc(1, sizeof(*a));
    if (!a)
        return -ENOMEM;
    int r = alarm_list_new(&a->list);
    if (r == 0)
        r = arena_new(&a->words);
    if (r < 0) {
        alarms_free(a);
        return r;
    }
    a->ops = *ops;
    a->due_us = INT64_MAX;
    *ret = a;
    return 0;
}

struct alarms *alarms_free(struct alarms *a)
{
    if (a) {
        alarm_list_free(a->list);
        arena_free(a->words);
        test_objects_done(&a->tests);
    }
    free(a);
    return NULL;
}

void alarms_begin_behind(struct alarms *a, uint64_t uid)
{
    if (uid > a->uid)
        a->uid = uid;
    if (uid > a->begin)
        a->begin = uid;
}

int alarms_restore(struct alarms *a, const char *key, const void *bytes, size_t size)
{
    struct alarm alarm;
    int r = alarm_unpack(key, bytes, size, &alarm);
    if (r == 0)
        r = alarm_own_words(&alarm.row, a->words);
    if (r < 0)
        return r;
    alarm.row.uid = gw_alarm_uid(alarm.row.uid, a->begin);
    r = alarm_list_set(a->list, &alarm);
    if (r < 0)
        return r;
    if (alarm.row.uid > a->uid)
        a->uid = alarm.row.uid;
    if (alarm.row.state == GW_ALARM_SHELVED && alarm.until_us < a->due_us)
        a->due_us = alarm.until_us;
    return 0;
}

/* Words are the old configuration's: the rules of the new one name the alarm again, and
 * one that they do not know stands with those it had. */
int alarms_take_over(struct alarms *a, const struct alarms *old)
{
    int r = 0;
    for (size_t i = 0; r == 0 && i < alarm_list_count(old->list); i++) {
        struct alarm alarm = *alarm_list_at(old->list, i);
        alarm.is_named = false;
        if (alarm.row.state == GW_ALARM_NORMAL)
            alarm_forget_words(&alarm.row);
        r = alarm_own_words(&alarm.row, a->words);
        if (r == 0)
            r = alarm_list_set(a->list, &alarm);
    }
    alarms_begin_behind(a, old->uid);
    a->due_us = old->due_us;
    return r;
}

/* Stores the alarm's new value and hands it on to be kept. */
static void alarm_keep(struct alarms *a, const struct alarm *alarm)
{
    /* Without memory for the row the alarm still goes out; its next step adds it. */
    (void)alarm_list_set(a->list, alarm);
    char kept[ALARM_KEPT_MAX];
    struct gw_record record = {
        .kind = GW_RECORD_STATE,
        .state = {.owner = "alarm",
                  .key = alarm->row.id,
                  .bytes = kept,
                  .size = alarm_pack(alarm, kept)},
    };
    a->ops.emit(a->ops.ctx, &record);
}

void alarms_keep(struct alarms *a)
{
    for (size_t i = 0; i < alarm_list_count(a->list); i++) {
        struct alarm alarm = *alarm_list_at(a->list, i);
        alarm_keep(a, &alarm);
    }
}

static struct gw_transition transition_of(const struct alarm_row *row,
                                          enum gw_alarm_state from,
                                          const struct alarm_step *step)
{
    bool is_known = clock_is_trusted(step->time_us);
    struct gw_transition t = {
        .uid = row->uid,
        .seq = row->seq,
        .severity = row->severity,
        .from = from,
        .to = row->state,
        .value = row->value,
        .time_us = is_known ? step->time_us : GW_TIME_NONE,
        .time_quality = is_known ? GW_TIME_GOOD : GW_TIME_UNKNOWN,
        .mono_us = clock_machine_us(),
        .is_test = row->is_test,
    };
    memcpy(t.rule, row->rule, sizeof(t.rule));
    memcpy(t.object, row->object, sizeof(t.object));
    (void)snprintf(t.cause, sizeof(t.cause), "%s", step->cause);
    (void)snprintf(t.actor, sizeof(t.actor), "%s", step->actor);
    (void)snprintf(t.comment, sizeof(t.comment), "%s", step->comment);
    return t;
}

/* Puts @alarm into state @to: one transition, then the kept state, in this order. */
static void alarm_move(struct alarms *a, struct alarm *alarm, enum gw_alarm_state to,
                       const struct alarm_step *step)
{
    struct alarm_row *row = &alarm->row;
    enum gw_alarm_state from = row->state;
    if (from == GW_ALARM_NORMAL) {
        row->uid = ++a->uid;
        row->seq = 0;
    }
    row->seq++;
    row->state = to;
    row->changed_us = step->time_us;
    if (from == GW_ALARM_NORMAL || to == GW_ALARM_UNACKNOWLEDGED) {
        row->actor[0] = '\0'; /* nobody has seen it yet */
        row->comment[0] = '\0';
    }
    if (to == GW_ALARM_NORMAL)
        alarm->is_latched = false;
    if (to != GW_ALARM_SHELVED)
        alarm->until_us = GW_TIME_NONE;
    if (step->actor[0]) {
        (void)snprintf(row->actor, sizeof(row->actor), "%s", step->actor);
        (void)snprintf(row->comment, sizeof(row->comment), "%s", step->comment);
    }
    struct gw_record record = {
        .kind = GW_RECORD_TRANSITION,
        .transition = transition_of(row, from, step),
    };
    a->ops.emit(a->ops.ctx, &record);
    alarm_keep(a, alarm);
}

static void alarm_name(struct alarm *alarm, const struct alarm_rule *rule)
{
    alarm->row.title = rule->title;
    alarm->row.action = rule->action;
    alarm->row.basis = rule->basis;
    alarm->row.unit = rule->unit;
    alarm->row.severity = rule->severity;
    alarm->is_latching = rule->is_latching;
    alarm->is_named = true;
}

static void alarm_locate(const struct alarms *a, struct alarm *alarm)
{
    const struct gw_text *place =
        a->ops.place ? a->ops.place(a->ops.ctx, alarm->row.object) : NULL;
    alarm->row.place = place ? *place : (struct gw_text){0};
}

/* The alarm of (rule, object) as it is, or a new normal one. */
static struct alarm alarm_of(const struct alarms *a, const struct alarm_rule *rule,
                             const char *object)
{
    struct alarm alarm = {.until_us = GW_TIME_NONE};
    struct alarm_row *row = &alarm.row;
    (void)snprintf(row->rule, sizeof(row->rule), "%s", rule->id);
    (void)snprintf(row->object, sizeof(row->object), "%s", object);
    (void)snprintf(row->id, sizeof(row->id), "%s@%s", row->rule, row->object);
    row->value = NAN;
    row->raised_value = NAN;
    row->raised_us = GW_TIME_NONE;
    row->changed_us = GW_TIME_NONE;
    const struct alarm *known = alarm_list_find(a->list, row->id);
    if (known)
        alarm = *known;
    if (known && !known->is_named)
        alarm_locate(a, &alarm);
    alarm_name(&alarm, rule);
    return alarm;
}

void alarms_condition(struct alarms *a, const struct alarm_rule *rule, const char *object,
                      bool is_active, double value, const char *cause, int64_t time_us)
{
    struct alarm alarm = alarm_of(a, rule, object);
    if (alarm.row.is_active == is_active) {
        if (alarm_list_find(a->list, alarm.row.id))
            (void)alarm_list_set(a->list, &alarm); /* replaces: needs no memory */
        return;
    }

    alarm.row.is_active = is_active;
    alarm.row.value = value;
    if (is_active) {
        alarm_locate(a, &alarm);
        alarm.row.raised_value = value;
        alarm.row.raised_us = time_us;
        alarm.row.raised++;
        alarm.is_latched = alarm.is_latching;
        /* a real one is no test, whatever comes on top of it */
        alarm.row.is_test = test_objects_has(&a->tests, object)
                            && (alarm.row.state == GW_ALARM_NORMAL || alarm.row.is_test);
    }
    enum gw_alarm_state to = alarm_next(
        alarm.row.state, is_active ? ALARM_RAISE : ALARM_CLEAR, alarm.is_latching);
    struct alarm_step step = {
        .cause = cause, .actor = "", .comment = "", .time_us = time_us};
    if (to == alarm.row.state)
        alarm_keep(a, &alarm);
    else
        alarm_move(a, &alarm, to, &step);
}

static bool is_shown(const struct alarm *alarm)
{
    return alarm->row.state == GW_ALARM_UNACKNOWLEDGED
           || alarm->row.state == GW_ALARM_ACKNOWLEDGED;
}

void alarms_worsen(struct alarms *a, const struct alarm_rule *rule, const char *object,
                   double value, int64_t time_us)
{
    struct alarm alarm = alarm_of(a, rule, object);
    struct alarm_step step = {
        .cause = "severity", .actor = "", .comment = "", .time_us = time_us};
    bool is_too_grave = rule->severity == GW_P1 && alarm.row.state == GW_ALARM_SHELVED;
    alarm.row.value = value;
    if (alarm.row.is_active && isfinite(value))
        alarm.row.raised_value = value;
    if (alarm.row.is_active)
        alarm.row.raised_us = time_us;
    if (alarm.row.is_active && (is_shown(&alarm) || is_too_grave))
        alarm_move(a, &alarm, GW_ALARM_UNACKNOWLEDGED, &step);
    else if (alarm_list_find(a->list, alarm.row.id))
        alarm_keep(a, &alarm);
}

/* What a hidden alarm is when it comes into view again. */
static enum gw_alarm_state alarm_uncovered(const struct alarm *alarm)
{
    if (alarm->row.is_active)
        return GW_ALARM_UNACKNOWLEDGED;
    return alarm->is_latched ? GW_ALARM_LATCHED : GW_ALARM_NORMAL;
}

static int command_refuse(const struct alarm *alarm, enum alarm_event event,
                          struct gw_error *err)
{
    char allowed[128];
    alarm_allowed(alarm->row.state, alarm->row.severity, allowed, sizeof(allowed));
    return gw_fail(err, -EPERM, "alarm '%s' is %s: '%s' is not possible (allowed: %s)",
                   alarm->row.id, alarm_state_phrase(alarm->row.state),
                   alarm_event_cause(event),
                   allowed[0] ? allowed : "nothing, until its cause is gone");
}

static int shelve_check(const struct alarm *alarm, const struct alarm_command *command,
                        int64_t time_us, struct gw_error *err)
{
    const char *id = alarm->row.id;
    if (alarm->row.severity == GW_P1)
        return gw_fail(err, -EPERM, "alarm '%s': a P1 alarm is never shelved", id);
    if (!command->comment[0])
        return gw_fail(err, -EPERM, "alarm '%s': shelving needs a comment that says why",
                       id);
    if (command->until_us <= time_us || command->until_us > time_us + shelve_max_us)
        return gw_fail(err, -EPERM,
                       "alarm '%s': shelving must end in the future (at most 8 h)", id);
    return 0;
}

static void alarms_find_due(struct alarms *a)
{
    a->due_us = INT64_MAX;
    for (size_t i = 0; i < alarm_list_count(a->list); i++) {
        const struct alarm *alarm = alarm_list_at(a->list, i);
        if (alarm->row.state == GW_ALARM_SHELVED && alarm->until_us < a->due_us)
            a->due_us = alarm->until_us;
    }
}

int alarms_operate(struct alarms *a, const struct alarm_command *command, int64_t time_us,
                   struct gw_error *err)
{
    const struct alarm *known = alarm_list_find(a->list, command->id);
    if (!known)
        return gw_fail(err, -ENOENT,
                       "no alarm '%s' was ever raised (allowed: an id as "
                       "RULE@OBJECT from the list of alarms)",
                       command->id);
    struct alarm alarm = *known;
    enum alarm_event event = command->event;
    if (event < ALARM_ACKNOWLEDGE || event >= ALARM_EVENTS)
        return gw_fail(err, -EPERM, "alarm '%s': only its rule raises or clears it",
                       command->id);
    if (alarm_is_so(alarm.row.state, event))
        return 0;

    enum gw_alarm_state to = alarm_next(alarm.row.state, event, alarm.is_latching);
    if (event == ALARM_SHELVE && to == GW_ALARM_SHELVED) {
        int r = shelve_check(&alarm, command, time_us, err);
        if (r < 0)
            return r;
        alarm.until_us = command->until_us;
    } else if (to == alarm.row.state) {
        return command_refuse(&alarm, event, err);
    }
    if (alarm_is_hidden(alarm.row.state) && to == GW_ALARM_NORMAL)
        to = alarm_uncovered(&alarm);
    struct alarm_step step = {.cause = alarm_event_cause(event),
                              .actor = command->actor,
                              .comment = command->comment,
                              .time_us = time_us};
    alarm_move(a, &alarm, to, &step);
    alarms_find_due(a);
    return 0;
}

int64_t alarms_next_due(const struct alarms *a)
{
    return a->due_us;
}

/* A time of a clock that nobody had set becomes true when it is. */
static void step_unknown(int64_t *time_us, int64_t delta_us)
{
    if (*time_us != GW_TIME_NONE && !clock_is_plausible(*time_us))
        *time_us += delta_us;
}

void alarms_clock_step(struct alarms *a, int64_t delta_us)
{
    for (size_t i = 0; i < alarm_list_count(a->list); i++) {
        struct alarm alarm = *alarm_list_at(a->list, i);
        if (alarm.row.state == GW_ALARM_SHELVED)
            alarm.until_us += delta_us;
        step_unknown(&alarm.row.raised_us, delta_us);
        step_unknown(&alarm.row.changed_us, delta_us);
        alarm_keep(a, &alarm);
    }
    alarms_find_due(a);
}

void alarms_run(struct alarms *a, int64_t time_us)
{
    if (time_us < a->due_us)
        return;
    for (size_t i = 0; i < alarm_list_count(a->list); i++) {
        struct alarm alarm = *alarm_list_at(a->list, i);
        if (alarm.row.state != GW_ALARM_SHELVED || alarm.until_us > time_us)
            continue;
        struct alarm_step step = {
            .cause = "shelve-end", .actor = "", .comment = "", .time_us = time_us};
        alarm_move(a, &alarm, alarm_uncovered(&alarm), &step);
    }
    alarms_find_due(a);
}

/* What stands longer than its test lasted is real, and nobody has acknowledged that. */
static void end_test(struct alarms *a, const struct alarm *of_test, int64_t time_us)
{
    struct alarm alarm = *of_test;
    struct alarm_step step = {
        .cause = "test-end", .actor = "", .comment = "", .time_us = time_us};
    alarm.row.is_test = false;
    if (is_shown(&alarm))
        alarm_move(a, &alarm, GW_ALARM_UNACKNOWLEDGED, &step);
    else
        alarm_keep(a, &alarm);
}

static bool outlives_test(const struct alarms *a, const struct alarm *alarm)
{
    return alarm->row.is_test && alarm->row.is_active
           && !test_objects_has(&a->tests, alarm->row.object);
}

static void end_tests(struct alarms *a, int64_t time_us)
{
    for (size_t i = 0; i < alarm_list_count(a->list); i++)
        if (outlives_test(a, alarm_list_at(a->list, i)))
            end_test(a, alarm_list_at(a->list, i), time_us);
}

int alarms_mark_test(struct alarms *a, const char *object, bool is_on, int64_t time_us)
{
    int r = is_on ? test_objects_add(&a->tests, object) : 0;
    if (!is_on) {
        test_objects_remove(&a->tests, object);
        end_tests(a, time_us);
    }
    return r;
}

void alarms_retire(struct alarms *a, int64_t time_us)
{
    end_tests(a, time_us);
    for (size_t i = 0; i < alarm_list_count(a->list); i++) {
        struct alarm alarm = *alarm_list_at(a->list, i);
        bool is_named = alarm.is_named;
        alarm.is_named = false;
        (void)alarm_list_set(a->list, &alarm); /* replaces: needs no memory */
        if (is_named || !alarm.row.is_active)
            continue;
        struct alarm_step step = {
            .cause = "configuration", .actor = "", .comment = "", .time_us = time_us};
        enum gw_alarm_state to =
            alarm_next(alarm.row.state, ALARM_CLEAR, alarm.is_latching);
        alarm.row.is_active = false;
        if (to == alarm.row.state)
            alarm_keep(a, &alarm);
        else
            alarm_move(a, &alarm, to, &step);
    }
}

size_t alarms_snapshot(struct alarms *a, bool all, struct arena *arena,
                       struct alarm_row **ret)
{
    return alarm_list_snapshot(a->list, all, arena, ret);
}
