/* day.c - the day's figures of every room and of the school, and the month's of its
 * lamps. */
#include <math.h>

#include "eye.h"

static const char school[] = "school";
static const char kept_key[] = "school";

static const enum eye_room_figure figure_of[LESSON_QUANTITIES] = {
    [LESSON_LIGHT] = ROOM_LIGHT_COMPLIANCE,
    [LESSON_CO2] = ROOM_CO2_COMPLIANCE,
    [LESSON_TEMPERATURE] = ROOM_TEMPERATURE_COMPLIANCE};

static const char *const metric_of[LESSON_QUANTITIES] = {
    [LESSON_LIGHT] = "light_compliance",
    [LESSON_CO2] = "co2_compliance",
    [LESSON_TEMPERATURE] = "temperature_compliance"};

static bool has_figure(const struct eye *e, enum eye_room_figure figure)
{
    for (size_t i = 0; i < e->room_count; i++)
        if (e->rooms[i].figures[figure].is_derived)
            return true;
    return false;
}

int day_find(struct eye *e, struct gw_error *err)
{
    int r = 0;
    e->kept = (struct school_kept){.lamps_told = NAN};
    for (int q = 0; r == 0 && q < LESSON_QUANTITIES; q++) {
        e->kept.told[q] = NAN;
        if (has_figure(e, figure_of[q]))
            r = figure_derive(&e->school[q], e->host, school, metric_of[q], err);
    }
    if (r == 0 && has_figure(e, ROOM_LAMP_TEST))
        r = figure_derive(&e->lamps, e->host, school, "lamp_pass_share", err);
    return r;
}

static void save(const struct eye *e)
{
    gw_state_save(e->host, kept_key, &e->kept, sizeof(e->kept));
}

void day_load(struct eye *e)
{
    struct school_kept kept;
    if (gw_state_load(e->host, kept_key, &kept, sizeof(kept)) == sizeof(kept))
        e->kept = kept;
}

static void tell_room_again(struct eye *e, struct eye_room *room, int64_t time_us)
{
    const struct eye_room_day *day = &room->day;
    figure_tell_again(&room->figures[ROOM_CO2_DAY], e->host, day->co2_told, time_us);
    figure_tell_again(&room->figures[ROOM_PM25_DAY], e->host, day->pm25_told, time_us);
    figure_tell_again(&room->figures[ROOM_PROJECTING], e->host, room->projecting.value,
                      time_us);
    for (int q = 0; day->is_told && q < LESSON_QUANTITIES; q++)
        figure_tell_again(&room->figures[figure_of[q]], e->host,
                          lesson_tally_share(&day->lessons, (enum lesson_quantity)q),
                          time_us);
}

void day_tell_again(struct eye *e, int64_t time_us)
{
    for (size_t i = 0; i < e->room_count; i++)
        tell_room_again(e, &e->rooms[i], time_us);
    for (int q = 0; q < LESSON_QUANTITIES; q++)
        figure_tell_again(&e->school[q], e->host, e->kept.told[q], time_us);
    figure_tell_again(&e->lamps, e->host, e->kept.lamps_told, time_us);
}

static double mean_of(const struct eye *e, const struct day_mean *mean)
{
    static const double slack = 1e-9; /* of a share of minutes */
    bool is_valid =
        mean->known > 0 && mean->known >= e->options.mean_valid * mean->minutes - slack;
    return is_valid ? mean->sum / mean->known : NAN;
}

static double share_known(const struct day_mean *mean)
{
    return mean->minutes > 0 ? mean->known / (double)mean->minutes : 0;
}

/* One mean of a day as a fact, with how much of the day it is of. */
static void tell_mean(struct eye *e, const struct eye_room *room, const char *kind,
                      const struct day_mean *mean, int64_t end_us, int64_t time_us)
{
    const struct gw_fact_value values[] = {
        {.name = "mean", .value = mean_of(e, mean)},
        {.name = "minutes", .value = mean->minutes},
    };
    if (mean->minutes > 0)
        gw_fact(e->host, &(struct gw_fact){.kind = kind,
                                           .by_calendar = true,
                                           .object = room->place->id,
                                           .start_us = room->day.midnight_us,
                                           .end_us = end_us,
                                           .time_us = time_us,
                                           .values = values,
                                           .count = sizeof(values) / sizeof(values[0]),
                                           .completeness = share_known(mean)});
}

/* PM2.5 of a day that is over, of whatever minutes were seen of its 24 hours; its mean
 * stands until the next if it was yesterday. */
static void end_day(struct eye *e, struct eye_room *room, int64_t midnight_us,
                    int64_t time_us)
{
    static const int64_t minute_us = 60000000;
    int64_t end_us = eye_next_midnight(e, room->day.midnight_us);
    uint32_t minutes = (uint32_t)((end_us - room->day.midnight_us) / minute_us);
    struct day_mean *pm25 = &room->day.pm25;
    if (room->counts[INPUT_PM25] == 0 || pm25->minutes == 0)
        return;
    if (pm25->minutes < minutes) /* not where the clock was set back */
        pm25->minutes = minutes;
    tell_mean(e, room, "pm25-day", pm25, end_us, time_us);
    if (end_us == midnight_us)
        room->day.pm25_told = mean_of(e, pm25);
}

static void new_day(struct eye *e, struct eye_room *room, int64_t midnight_us,
                    int64_t time_us)
{
    room->day.pm25_told = NAN;
    end_day(e, room, midnight_us, time_us);
    room->day = (struct eye_room_day){
        .midnight_us = midnight_us, .co2_told = NAN, .pm25_told = room->day.pm25_told};
    figure_tell(&room->figures[ROOM_PM25_DAY], e->host, room->day.pm25_told, time_us);
    figure_tell(&room->figures[ROOM_CO2_DAY], e->host, NAN, time_us);
    for (int q = 0; q < LESSON_QUANTITIES; q++)
        figure_tell(&room->figures[figure_of[q]], e->host, NAN, time_us);
    room->is_changed = true;
}

static void tell_tally(struct eye *e, const char *object, const struct lesson_tally *t,
                       int64_t start_us, int64_t time_us)
{
    const struct gw_fact_value values[] = {
        {.name = "lessons", .value = t->lessons},
        {.name = "light_judged", .value = t->judged[LESSON_LIGHT]},
        {.name = "light_compliant", .value = t->compliant[LESSON_LIGHT]},
        {.name = "co2_judged", .value = t->judged[LESSON_CO2]},
        {.name = "co2_compliant", .value = t->compliant[LESSON_CO2]},
        {.name = "temperature_judged", .value = t->judged[LESSON_TEMPERATURE]},
        {.name = "temperature_compliant", .value = t->compliant[LESSON_TEMPERATURE]},
    };
    gw_fact(e->host, &(struct gw_fact){.kind = "environment-day",
                                       .by_calendar = true,
                                       .object = object,
                                       .start_us = start_us,
                                       .end_us = time_us,
                                       .time_us = time_us,
                                       .values = values,
                                       .count = sizeof(values) / sizeof(values[0]),
                                       .completeness = lesson_tally_completeness(t)});
}

static void tell_room(struct eye *e, struct eye_room *room, int64_t time_us)
{
    struct eye_room_day *day = &room->day;
    day->is_told = 1;
    day->co2_told = mean_of(e, &day->co2);
    room->is_changed = true;
    figure_tell(&room->figures[ROOM_CO2_DAY], e->host, day->co2_told, time_us);
    tell_mean(e, room, "co2-day", &day->co2, time_us, time_us);
    for (int q = 0; q < LESSON_QUANTITIES; q++)
        figure_tell(&room->figures[figure_of[q]], e->host,
                    lesson_tally_share(&day->lessons, (enum lesson_quantity)q), time_us);
    if (day->lessons.lessons > 0)
        tell_tally(e, room->place->id, &day->lessons, day->midnight_us, time_us);
}

/* Of the rooms that can be tested: passed, failed or in part in the month. */
struct lamp_count {
    uint32_t rooms;
    uint32_t tested;
    uint32_t passed;
    uint32_t partial;
};

static uint32_t month_of(const struct eye *e, int64_t time_us)
{
    struct gw_local local = gw_campus_local(e->campus, time_us);
    return (uint32_t)(local.year * 100 + local.month);
}

static struct lamp_count count_lamps(const struct eye *e, uint32_t month)
{
    struct lamp_count count = {0};
    for (size_t i = 0; i < e->room_count; i++) {
        const struct lamp_result *result = &e->rooms[i].result;
        if (!e->rooms[i].figures[ROOM_LAMP_TEST].is_derived)
            continue;
        count.rooms++;
        if (result->time_us == 0 || month_of(e, result->time_us - 1) != month)
            continue;
        count.tested++;
        count.passed += result->verdict == LAMP_PASSED;
        count.partial += result->verdict == LAMP_PARTIAL;
    }
    return count;
}

/* 达标率: of those tested this month, which the fact's completeness counts. */
static double pass_share(const struct lamp_count *count)
{
    return count->tested > 0 ? count->passed / (double)count->tested : NAN;
}

/* The midnight at which the month of @time_us began. */
static int64_t month_start(const struct eye *e, int64_t time_us)
{
    static const int64_t hour_us = INT64_C(3600000000);
    int64_t day = gw_campus_local(e->campus, time_us).day;
    int64_t noon_us = gw_campus_midnight(e->campus, time_us) + 12 * hour_us;
    return gw_campus_midnight(e->campus, noon_us - 24 * (day - 1) * hour_us);
}

static void tell_month(struct eye *e, uint32_t month, int64_t time_us)
{
    struct lamp_count count = count_lamps(e, month);
    int64_t end_us = month_start(e, time_us - 1);
    const struct gw_fact_value values[] = {
        {.name = "month", .value = month},
        {.name = "rooms", .value = count.rooms},
        {.name = "tested", .value = count.tested},
        {.name = "passed", .value = count.passed},
        {.name = "partial", .value = count.partial},
        {.name = "share", .value = pass_share(&count)},
    };
    if (count.rooms == 0)
        return;
    gw_fact(e->host,
            &(struct gw_fact){.kind = "lamp-tests-month",
                              .by_calendar = true,
                              .object = school,
                              .start_us = month_start(e, end_us - 1),
                              .end_us = end_us,
                              .time_us = time_us,
                              .values = values,
                              .count = sizeof(values) / sizeof(values[0]),
                              .completeness = count.tested / (double)count.rooms});
}

static void tell_school(struct eye *e, int64_t midnight_us, int64_t time_us)
{
    struct lesson_tally all = {0};
    struct lamp_count lamps = count_lamps(e, e->kept.month);
    for (size_t i = 0; i < e->room_count; i++)
        lesson_tally_add(&all, &e->rooms[i].day.lessons);
    for (int q = 0; q < LESSON_QUANTITIES; q++) {
        e->kept.told[q] = lesson_tally_share(&all, (enum lesson_quantity)q);
        figure_tell(&e->school[q], e->host, e->kept.told[q], time_us);
    }
    e->kept.lamps_told = pass_share(&lamps);
    figure_tell(&e->lamps, e->host, e->kept.lamps_told, time_us);
    if (all.lessons > 0)
        tell_tally(e, school, &all, midnight_us, time_us);
    e->kept.told_midnight_us = midnight_us;
    save(e);
}

/* A month that has begun once before the clock was set back begins no second time. */
static void month_minute(struct eye *e, int64_t time_us)
{
    static const int64_t ahead_us = INT64_C(3600000000);
    uint32_t month = month_of(e, time_us - 1);
    if (e->kept.month == month || e->kept.month == month_of(e, time_us + ahead_us))
        return;
    if (e->kept.month != 0)
        tell_month(e, e->kept.month, time_us);
    e->kept.month = month;
    save(e);
}

bool eye_day_is_due(const struct eye *e, int64_t time_us)
{
    struct gw_local local = gw_campus_local(e->campus, time_us - 1);
    return local.hour * 3600 + local.minute * 60 + local.second + 1
           >= e->options.day_at_s;
}

/* The minute that ends at midnight is the old day's. */
void day_begin(struct eye *e, int64_t time_us)
{
    int64_t midnight_us = gw_campus_midnight(e->campus, time_us - 1);
    for (size_t i = 0; i < e->room_count; i++)
        if (!eye_has_begun(e->rooms[i].day.midnight_us, midnight_us))
            new_day(e, &e->rooms[i], midnight_us, time_us);
}

void day_minute(struct eye *e, int64_t time_us)
{
    int64_t midnight_us = gw_campus_midnight(e->campus, time_us - 1);
    bool is_due = eye_day_is_due(e, time_us);
    for (size_t i = 0; is_due && i < e->room_count; i++)
        if (!e->rooms[i].day.is_told && e->rooms[i].day.midnight_us == midnight_us)
            tell_room(e, &e->rooms[i], time_us);
    if (is_due && e->kept.told_midnight_us != midnight_us)
        tell_school(e, midnight_us, time_us);
    month_minute(e, time_us);
}

/* The day that runs is the same day under its right name, and so is the month. */
void day_rename(struct eye *e, int64_t before_us, int64_t after_us)
{
    for (size_t i = 0; i < e->room_count; i++)
        eye_rename_day(e, &e->rooms[i].day.midnight_us, before_us, after_us);
    eye_rename_day(e, &e->kept.told_midnight_us, before_us, after_us);
    if (e->kept.month == month_of(e, before_us - 1))
        e->kept.month = month_of(e, after_us - 1);
    save(e);
}
