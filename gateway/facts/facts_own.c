/* facts_own.c - what the gateway knows of itself: how long it ran, how many of its
 * devices spoke, which alarms there were and how soon somebody answered. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "facts/fact_cover.h"
#include "facts/facts_parts.h"

#define MINUTE_US INT64_C(60000000)
#define LOOK_AT_DEVICES_US (15 * MINUTE_US)

static const char from_gateway[] = "gateway";
static const char from_alarms[] = "alarms";

static bool is_from(const struct facts *f, size_t plan, const char *from)
{
    return strcmp(f->plans.items[plan].from, from) == 0;
}

/* The school's row of @day; a new one has nothing of anything. */
static struct fact_row *own_row(struct facts *f, size_t plan, int64_t day)
{
    const struct fact_row *before = fact_book_find(f->book, plan, FACT_ALL, day);
    struct fact_row *row = facts_row(f, plan, FACT_ALL, day);
    if (before || !row)
        return row;
    row->share = 1;
    for (size_t i = 0; i < f->plans.items[plan].name_count; i++)
        row->values[i] = 0;
    return row;
}

static double *value_of(const struct facts *f, size_t plan, struct fact_row *row,
                        const char *name)
{
    static double nowhere;
    size_t at = fact_plan_name(&f->plans.items[plan], name);
    return at == FACT_NONE ? &nowhere : &row->values[at];
}

static void gateway_minute(struct facts *f, size_t plan, int64_t time_us)
{
    int64_t midnight_us = gw_campus_midnight(f->setup.campus, time_us - 1);
    struct fact_row *row = own_row(f, plan, facts_day(f, time_us - 1, NULL));
    if (!row)
        return;
    ++*value_of(f, plan, row, "minutes");
    int64_t minutes = (time_us - midnight_us) / MINUTE_US;
    *value_of(f, plan, row, "minutes_of") = (double)minutes;
    if (time_us % LOOK_AT_DEVICES_US == 0) {
        *value_of(f, plan, row, "devices") += (double)f->device_count;
        *value_of(f, plan, row, "devices_heard") += (double)facts_devices_look(f);
    }
    fact_book_keep(f->book, plan, row);
}

static void alarms_minute(struct facts *f, size_t plan, int64_t time_us)
{
    int64_t day = facts_day(f, time_us - 1, NULL);
    if (fact_book_find(f->book, plan, FACT_ALL, day))
        return;
    struct fact_row *row = own_row(f, plan, day);
    if (row)
        fact_book_keep(f->book, plan, row);
}

void facts_own_minute(struct facts *f, int64_t time_us)
{
    for (size_t p = 0; p < f->plans.count; p++) {
        if (is_from(f, p, from_gateway))
            gateway_minute(f, p, time_us);
        if (is_from(f, p, from_alarms))
            alarms_minute(f, p, time_us);
    }
}

double facts_online(const struct facts *f, int64_t day)
{
    for (size_t p = 0; p < f->plans.count; p++) {
        size_t minutes = fact_plan_name(&f->plans.items[p], "minutes");
        size_t whole = fact_plan_name(&f->plans.items[p], "minutes_of");
        if (!is_from(f, p, from_gateway) || minutes == FACT_NONE || whole == FACT_NONE)
            continue;
        const struct fact_row *row = fact_book_find(f->book, p, FACT_ALL, day);
        return row && row->values[whole] > 0
                   ? fmin(1, row->values[minutes] / row->values[whole])
                   : 0;
    }
    return NAN;
}

/* The day is over: it had so many minutes, whether the gateway ran or not. */
static void end_gateway_day(struct facts *f, size_t plan, int64_t day)
{
    int64_t noon_us = fact_day_noon(f->setup.campus, day);
    int64_t start_us = gw_campus_midnight(f->setup.campus, noon_us);
    int64_t end_us =
        gw_campus_midnight(f->setup.campus, fact_day_noon(f->setup.campus, day + 1));
    int64_t minutes = (end_us - start_us) / MINUTE_US;
    struct fact_row *row = own_row(f, plan, day);
    if (!row || *value_of(f, plan, row, "minutes_of") == (double)minutes)
        return;
    *value_of(f, plan, row, "minutes_of") = (double)minutes;
    fact_book_keep(f->book, plan, row);
}

static void end_alarms_day(struct facts *f, size_t plan, int64_t day)
{
    double online = facts_online(f, day);
    struct fact_row *row = fact_book_find(f->book, plan, FACT_ALL, day);
    if (!row || isnan(online) || row->share == online)
        return;
    row->share = online;
    fact_book_keep(f->book, plan, row);
}

static void end_day(struct facts *f, int64_t day,
                    void (*end)(struct facts *f, size_t plan, int64_t day),
                    const char *from)
{
    for (size_t p = 0; p < f->plans.count; p++)
        if (is_from(f, p, from))
            end(f, p, day);
}

void facts_own_days(struct facts *f, int64_t time_us)
{
    int64_t today = facts_day(f, time_us, NULL);
    int64_t since = fact_book_clock(f->book)->since_day;
    int64_t first = facts_first_kept(today);
    for (int64_t day = since > first ? since : first; day < today; day++) {
        end_day(f, day, end_gateway_day, from_gateway);
        end_day(f, day, end_alarms_day, from_alarms);
    }
}

/* The oldest gives way: it was not answered for long. */
static void open_alarm(struct facts *f, const struct gw_transition *t)
{
    if (f->open_count == FACTS_OPEN_MAX)
        memmove(f->open, f->open + 1, --f->open_count * sizeof(f->open[0]));
    f->open[f->open_count++] = (struct facts_open){t->uid, t->time_us};
}

/* Seconds since it was raised; NAN = before this run. */
static double close_alarm(struct facts *f, const struct gw_transition *t)
{
    for (size_t i = 0; i < f->open_count; i++) {
        if (f->open[i].uid != t->uid)
            continue;
        double seconds = (double)(t->time_us - f->open[i].raised_us) / 1e6;
        f->open_count--;
        memmove(f->open + i, f->open + i + 1, (f->open_count - i) * sizeof(f->open[0]));
        return seconds;
    }
    return NAN;
}

static void note(struct facts *f, const struct gw_transition *t, const char *what,
                 double value)
{
    char name[GW_ID_MAX];
    (void)snprintf(name, sizeof(name), "p%d%s", (int)t->severity + 1, what);
    for (size_t p = 0; p < f->plans.count; p++) {
        struct fact_row *row = is_from(f, p, from_alarms)
                                   ? own_row(f, p, facts_day(f, t->time_us, NULL))
                                   : NULL;
        if (!row)
            continue;
        *value_of(f, p, row, name) += value;
        fact_book_keep(f->book, p, row);
    }
}

void facts_alarm(struct facts *f, const struct gw_transition *t)
{
    if (t->is_test || t->time_us == GW_TIME_NONE || t->severity > GW_P4)
        return;
    if (t->seq == 1 && t->to == GW_ALARM_UNACKNOWLEDGED) {
        open_alarm(f, t);
        note(f, t, "", 1);
    }
    if (strcmp(t->cause, "acknowledge") != 0)
        return;
    double seconds = close_alarm(f, t);
    if (isnan(seconds))
        return;
    note(f, t, "_answered", 1);
    note(f, t, "_answer_s", seconds);
}
