#include "facts/facts.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "campus/civil.h"
#include "facts/fact_cover.h"
#include "facts/facts_parts.h"

/* So long after its end a month may still be told again. */
enum { KEEP_DAYS = 7 };

/* The leave that is declared of a class's day: the day book's, not the plugin's. */
static const char leave_name[] = "leave";

static size_t class_index(const struct facts *f, const char *id)
{
    size_t count = 0;
    const struct gw_class *classes = gw_campus_classes(f->setup.campus, &count);
    for (size_t i = 0; i < count; i++)
        if (strcmp(classes[i].id, id) == 0)
            return i;
    return count;
}

/* What is there to measure with.  Nothing is asked of a plan that needs nothing. */
static void find_equipment(struct facts *f, size_t plan)
{
    const struct fact_plan *p = &f->plans.items[plan];
    const struct point_table *points = f->setup.points;
    f->is_equipped[plan] = !p->needs;
    for (size_t i = 0; p->needs && i < point_table_count(points); i++) {
        const struct point_entry *entry = point_table_entry(points, i);
        if (strcmp(entry->metric->name, p->needs) != 0)
            continue;
        const struct gw_place *place = gw_campus_place(f->setup.campus, entry->object);
        f->is_equipped[plan] = true;
        if (place && place->class_id)
            f->equipped[plan * f->class_count + class_index(f, place->class_id)] = true;
    }
}

static int build(struct facts *f, struct config_faults *faults)
{
    int r = fact_plans_load(f->setup.config, faults, &f->plans);
    if (r == 0)
        r = fact_book_new(&f->plans, f->setup.emit, f->setup.ctx, &f->book);
    (void)gw_campus_classes(f->setup.campus, &f->class_count);
    f->is_equipped = calloc(f->plans.count + 1, sizeof(*f->is_equipped));
    f->equipped =
        calloc((f->plans.count + 1) * (f->class_count + 1), sizeof(*f->equipped));
    if (!f->is_equipped || !f->equipped)
        return -ENOMEM;
    for (size_t p = 0; p < f->plans.count && r == 0; p++)
        find_equipment(f, p);
    return r == 0 ? facts_devices_find(f) : r;
}

int facts_load(const struct facts_setup *setup, struct config_faults *faults,
               struct facts **ret)
{
    struct facts *f = calloc(1, sizeof(*f));
    if (!f)
        return -ENOMEM;
    f->setup = *setup;
    int r = build(f, faults);
    if (r < 0)
        (void)facts_free(f);
    else
        *ret = f;
    return r;
}

struct facts *facts_free(struct facts *f)
{
    if (!f)
        return NULL;
    fact_book_free(f->book);
    free(f->is_equipped);
    free(f->equipped);
    free(f->devices);
    free(f);
    return NULL;
}

int facts_restore(struct facts *f, const char *key, const void *bytes, size_t size)
{
    return strcmp(key, FACTS_DEVICES_KEY) == 0
               ? facts_devices_restore(f, bytes, size)
               : fact_book_restore(f->book, key, bytes, size);
}

int64_t facts_day(const struct facts *f, int64_t time_us, int32_t *ret_second)
{
    struct gw_local at = gw_campus_local(f->setup.campus, time_us);
    if (ret_second)
        *ret_second = at.hour * 3600 + at.minute * 60 + at.second;
    return civil_day(at.year, at.month, at.day);
}

bool facts_is_fixed(const struct facts *f, size_t plan, const char *object, int64_t day)
{
    const struct fact_plan *p = &f->plans.items[plan];
    if (!p->is_pupils || !gw_campus_is_withheld(f->setup.campus, object))
        return false;
    for (unsigned period = GW_PERIOD_DAY; period <= GW_PERIOD_MONTH; period++) {
        struct fact_span span = fact_span_of((enum gw_period)period, day);
        if (fact_book_told(f->book, plan, &span, ""))
            return true;
    }
    return false;
}

struct fact_row *facts_row(struct facts *f, size_t plan, const char *object, int64_t day)
{
    if (facts_is_fixed(f, plan, object, day))
        return NULL;
    struct fact_row *row = fact_book_row(f->book, plan, object, day);
    if (!row)
        gw_complain(&f->short_of_memory,
                    (struct gw_subject){"FACTS", f->plans.items[plan].id},
                    "out of memory: evidence about '%s' is not counted", object);
    return row;
}

bool facts_stays(const struct facts *f, const struct gw_fact *fact)
{
    if (fact->rule || fact->period != GW_PERIOD_NONE)
        return fact->stays;
    for (size_t i = 0; i < f->plans.leave.count; i++)
        if (strcmp(f->plans.leave.items[i], fact->kind) == 0)
            return fact->stays;
    return true;
}

static const struct gw_fact_value *value_named(const struct gw_fact *fact,
                                               const char *name)
{
    for (size_t i = 0; i < fact->count; i++)
        if (strcmp(fact->values[i].name, name) == 0)
            return &fact->values[i];
    return NULL;
}

/* A word counts by its place among the plan's. */
static double number_of(const struct fact_plan *plan, const struct gw_fact_value *value)
{
    if (!value)
        return NAN;
    for (size_t i = 0; value->text && i < plan->words.count; i++)
        if (strcmp(plan->words.items[i], value->text) == 0)
            return (double)i;
    return value->text ? (double)NAN : value->value;
}

static const char *object_of(const struct fact_plan *plan, const struct gw_fact *fact)
{
    const struct gw_fact_value *value = plan->by ? value_named(fact, plan->by) : NULL;
    return value ? value->text : fact->object;
}

static bool is_about(const struct facts *f, const struct fact_plan *plan,
                     const struct gw_fact *fact)
{
    switch (plan->about) {
    case FACT_ABOUT_CLASSES:
        return gw_campus_class(f->setup.campus, fact->object) != NULL;
    case FACT_ABOUT_PLACES:
        return gw_campus_place(f->setup.campus, fact->object) != NULL;
    case FACT_ABOUT_SCHOOL:
    default:
        return strcmp(fact->object, "school") == 0;
    }
}

/* What leave the day book has of the row's class and day; nobody said: none. */
static double leave_of(const struct facts *f, const struct fact_row *row, int64_t time_us)
{
    double leave = gw_campus_class_day(f->setup.campus, row->object, time_us).leave;
    return isnan(leave) ? 0 : leave;
}

static void enter(struct facts *f, size_t plan, const struct gw_fact *fact)
{
    const struct fact_plan *p = &f->plans.items[plan];
    const char *object = object_of(p, fact);
    struct fact_row *row =
        object ? facts_row(f, plan, object, facts_day(f, fact->start_us, NULL)) : NULL;
    if (!row)
        return;
    row->share = fmax(0, fmin(1, fact->completeness));
    for (size_t i = 0; i < p->name_count; i++)
        row->values[i] = number_of(p, value_named(fact, p->names[i]));
    size_t leave = fact_plan_name(p, leave_name);
    if (leave != FACT_NONE && p->about == FACT_ABOUT_CLASSES)
        row->values[leave] = leave_of(f, row, fact->start_us);
    fact_book_keep(f->book, plan, row);
}

void facts_hear(struct facts *f, const struct gw_fact *fact)
{
    if (fact->rule || fact->period != GW_PERIOD_NONE || !clock_is_trusted(fact->time_us))
        return;
    for (size_t p = 0; p < f->plans.count; p++)
        if (strcmp(f->plans.items[p].from, fact->kind) == 0
            && is_about(f, &f->plans.items[p], fact))
            enter(f, p, fact);
}

/* Leave that was entered since, also of days before. */
static void look_up_leave(struct facts *f, size_t plan)
{
    size_t leave = fact_plan_name(&f->plans.items[plan], leave_name);
    size_t count = 0;
    struct fact_row *const *rows = fact_book_rows(f->book, plan, &count);
    if (leave == FACT_NONE || f->plans.items[plan].about != FACT_ABOUT_CLASSES)
        return;
    for (size_t i = 0; i < count; i++) {
        double now = leave_of(f, rows[i], fact_day_noon(f->setup.campus, rows[i]->day));
        if (now == rows[i]->values[leave]
            || facts_is_fixed(f, plan, rows[i]->object, rows[i]->day))
            continue;
        rows[i]->values[leave] = now;
        fact_book_keep(f->book, plan, rows[i]);
    }
}

/* How many of the day's moments of telling are past. */
static int64_t moment_of(const struct fact_plans *plans, int32_t second)
{
    return (second >= plans->period_s) + (second >= plans->morning_s)
           + (second >= plans->evening_s);
}

/* Of what was before the first start nothing is told. */
static void begin(struct facts *f, int64_t time_us)
{
    struct fact_clock *clock = fact_book_clock(f->book);
    int32_t second = 0;
    int64_t today = facts_day(f, time_us, &second);
    if (clock->told_day > 0 || f->plans.count == 0 || !clock_is_trusted(time_us))
        return;
    *clock = (struct fact_clock){today, today, moment_of(&f->plans, second)};
    fact_book_keep_clock(f->book);
}

/* The months before @today's, once what is told of their last day in the morning is told.
 * Which of them have their file already the store knows. */
static void end_months(const struct facts *f, int64_t time_us)
{
    const struct fact_plans *plans = &f->plans;
    const int32_t told_s =
        plans->morning_s > plans->period_s ? plans->morning_s : plans->period_s;
    const struct gw_local at = gw_campus_local(f->setup.campus, time_us);
    if (at.day == 1 && at.hour * 3600 + at.minute * 60 + at.second < told_s)
        return;
    const struct gw_month_end end = {.month = at.year * 12 + at.month - 1,
                                     .time_us = time_us};
    f->setup.emit(f->setup.ctx,
                  &(struct gw_record){.kind = GW_RECORD_MONTH_END, .month_end = end});
}

void facts_start(struct facts *f, int64_t time_us)
{
    fact_book_restored(f->book);
    begin(f, time_us);
}

void facts_stop(struct facts *f)
{
    if (f->plans.count > 0)
        (void)facts_devices_look(f);
}

int facts_take_over(struct facts *f, const struct facts *old, int64_t time_us)
{
    memcpy(f->open, old->open, sizeof(f->open));
    f->open_count = old->open_count;
    facts_devices_take_over(f, old);
    int r = fact_book_take_over(f->book, old->book);
    begin(f, time_us);
    return r;
}

int64_t facts_first_kept(int64_t today)
{
    return fact_span_of(GW_PERIOD_MONTH, today - KEEP_DAYS).first;
}

void facts_minute(struct facts *f, int64_t time_us)
{
    struct fact_clock *clock = fact_book_clock(f->book);
    int32_t second = 0;
    int64_t today = facts_day(f, time_us, &second);
    int64_t moment = moment_of(&f->plans, second);
    if (f->plans.count == 0 || !clock_is_trusted(time_us))
        return; /* whose day it would be nobody knows */
    begin(f, time_us);
    facts_own_minute(f, time_us);
    if (clock->told_day == today && clock->told_moment == moment)
        return;
    if (clock->since_day > today) /* the clock was wrong */
        clock->since_day = today;
    if (moment > 0) {
        for (size_t p = 0; p < f->plans.count; p++)
            look_up_leave(f, p);
        facts_own_days(f, time_us);
        facts_tell(f, time_us);
        end_months(f, time_us);
        fact_book_forget(f->book, facts_first_kept(today));
    }
    clock->told_day = today;
    clock->told_moment = moment;
    fact_book_keep_clock(f->book);
}
