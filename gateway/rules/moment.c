#include "rules/moment.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "config/quantity.h"

enum { LOOK_DAYS = 400, WORD_MAX = 16 };

#define SECOND_US INT64_C(1000000)
#define HOUR_US (3600 * SECOND_US)

static const char *const weekdays[] = {"monday", "tuesday",  "wednesday", "thursday",
                                       "friday", "saturday", "sunday"};

/* "1st", "2nd", "3rd", "4th" … "31st" */
static int read_day_of_month(const char *word)
{
    char *end = NULL;
    long day = strtol(word, &end, 10);
    if (end == word || day < 1 || day > 31 || word[0] == '0' || word[0] == '+')
        return -EINVAL;
    const char *ending = day % 10 == 1 ? "st" : day % 10 == 2 ? "nd" : "rd";
    if (day % 10 == 0 || day % 10 > 3 || day / 10 == 1)
        ending = "th";
    return strcmp(end, ending) == 0 ? (int)day : -EINVAL;
}

static int read_day(const char *word, struct moment *ret)
{
    if (strcmp(word, "day") == 0 || strcmp(word, "school_day") == 0) {
        ret->each = word[0] == 'd' ? MOMENT_DAY : MOMENT_SCHOOL_DAY;
        return 0;
    }
    ret->each = MOMENT_WEEK;
    for (ret->day = 1; ret->day <= 7; ret->day++)
        if (strcmp(word, weekdays[ret->day - 1]) == 0)
            return 0;
    ret->each = MOMENT_MONTH;
    ret->day = read_day_of_month(word);
    return ret->day > 0 ? 0 : -EINVAL;
}

int moment_read(const char *text, struct moment *ret)
{
    struct moment m = {.each = MOMENT_DAY};
    const char *clock = strrchr(text, ' ');
    if (clock) {
        char word[WORD_MAX] = "";
        size_t length = strcspn(text, " ");
        clock++;
        if (length >= sizeof(word) || text + length + strspn(text + length, " ") != clock)
            return -EINVAL;
        memcpy(word, text, length);
        if (read_day(word, &m) < 0)
            return -EINVAL;
    }
    if (quantity_clock(clock ? clock : text, &m.clock_s) < 0)
        return -EINVAL;
    *ret = m;
    return 0;
}

/* 36 h after a midnight it is the next day, also where days have 23 or 25 hours. */
int64_t moment_next_midnight(const struct gw_campus *campus, int64_t time_us)
{
    int64_t today_us = gw_campus_midnight(campus, time_us);
    return gw_campus_midnight(campus, today_us + 36 * HOUR_US);
}

bool moment_is_school_day(const struct gw_campus *campus, int64_t time_us)
{
    enum gw_day_kind kind = gw_campus_day(campus, time_us);
    return kind != GW_DAY_WEEKEND && kind != GW_DAY_HOLIDAY;
}

static bool day_fits(const struct moment *m, const struct gw_campus *campus,
                     int64_t day_us)
{
    if (m->each == MOMENT_DAY)
        return true;
    if (m->each == MOMENT_SCHOOL_DAY)
        return moment_is_school_day(campus, day_us);
    struct gw_local local = gw_campus_local(campus, day_us);
    if (m->each == MOMENT_WEEK)
        return local.weekday == m->day;
    int64_t next_us = moment_next_midnight(campus, day_us);
    bool is_last = gw_campus_local(campus, next_us).day == 1;
    return local.day == m->day || (local.day < m->day && is_last);
}

/* By the clock on the wall: where the day is longer or shorter before it, so is this. */
static int64_t time_of(const struct moment *m, const struct gw_campus *campus,
                       int64_t day_us)
{
    int64_t time_us = day_us + m->clock_s * SECOND_US;
    int shift_s = campus_offset_s(campus, time_us) - campus_offset_s(campus, day_us);
    return time_us - shift_s * SECOND_US;
}

static struct moment_time none(void)
{
    return (struct moment_time){GW_TIME_NONE, GW_TIME_NONE};
}

struct moment_time moment_next(const struct moment *m, const struct gw_campus *campus,
                               int64_t time_us)
{
    int64_t day_us = gw_campus_midnight(campus, time_us);
    day_us = gw_campus_midnight(campus, day_us - 1); /* its 24:00 may be still to come */
    for (int i = 0; i < LOOK_DAYS && m->each != MOMENT_NEVER; i++) {
        int64_t at_us = time_of(m, campus, day_us);
        if (at_us > time_us && day_fits(m, campus, day_us))
            return (struct moment_time){day_us, at_us};
        day_us = moment_next_midnight(campus, day_us);
    }
    return none();
}

struct moment_time moment_last(const struct moment *m, const struct gw_campus *campus,
                               int64_t time_us)
{
    int64_t day_us = gw_campus_midnight(campus, time_us);
    for (int i = 0; i < LOOK_DAYS && m->each != MOMENT_NEVER; i++) {
        int64_t at_us = time_of(m, campus, day_us);
        if (at_us <= time_us && day_fits(m, campus, day_us))
            return (struct moment_time){day_us, at_us};
        day_us = gw_campus_midnight(campus, day_us - 1);
    }
    return none();
}
