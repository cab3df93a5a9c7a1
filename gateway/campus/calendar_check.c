/* calendar_check.c - days of the calendar that are hardly meant so. */
#include <stdio.h>

#include "campus/calendar.h"
#include "campus/civil.h"
#include "campus/names.h"

enum { DATE_MAX = 48, HOLIDAY_DAYS_MAX = 120, FRIDAY = 5 };

/* checker - is_taught: of each weekday 1..7; NULL = nobody knows. */
struct checker {
    const struct calendar *c;
    struct config_faults *faults;
    const bool *is_taught;
};

static const char *date_text(int64_t day, char ret[DATE_MAX])
{
    const struct civil_date date = civil_date(day);
    (void)snprintf(ret, DATE_MAX, "%04d-%02d-%02d", date.year, date.month, date.day);
    return ret;
}

static const char *weekday_word(const struct checker *k, int weekday)
{
    return name_of_weekday(weekday, config_faults_is_chinese(k->faults));
}

/* day_that - the first day of @s for which @is_so, or INT64_MIN. */
static int64_t day_that(const struct checker *k, const struct calendar_span *s,
                        bool (*is_so)(const struct calendar *c, int64_t day))
{
    for (int64_t day = s->from; day <= s->to && day <= s->from + HOLIDAY_DAYS_MAX; day++)
        if (is_so(k->c, day))
            return day;
    return INT64_MIN;
}

static bool is_weekend(const struct calendar *c, int64_t day)
{
    (void)c;
    return civil_weekday(day) > FRIDAY;
}

static bool is_ordinary(const struct calendar *c, int64_t day)
{
    return !is_weekend(c, day) && !calendar_is_vacation(c, day);
}

/* told_outside - a day on which the bells ring is in no term. */
static bool told_outside(const struct checker *k, const struct calendar_span *s,
                         const char *path)
{
    char date[DATE_MAX];
    int64_t day = day_that(k, s, calendar_is_vacation);
    if (day == INT64_MIN)
        return false;
    config_warning(k->faults, s->mark, path,
                   "%s is outside the terms, and there would be school (wanted: a day of "
                   "a term)",
                   date_text(day, date));
    return true;
}

static void check_make_up(const struct checker *k, const struct calendar_span *s)
{
    static const char path[] = "calendar.make_up";
    char date[DATE_MAX];
    int64_t day = day_that(k, s, is_ordinary);
    bool is_known = told_outside(k, s, path) || day == INT64_MIN;
    if (!is_known && s->weekday > 0)
        config_warning(k->faults, s->mark, path,
                       "%s is a %s, which has school anyway; as it stands %s's timetable "
                       "is taught then (wanted: a Saturday or Sunday with school; leave "
                       "it where that is meant)",
                       date_text(day, date), weekday_word(k, civil_weekday(day)),
                       weekday_word(k, s->weekday));
    else if (!is_known)
        config_warning(k->faults, s->mark, path,
                       "%s is a %s, which has school anyway (wanted: a Saturday or "
                       "Sunday with school)",
                       date_text(day, date), weekday_word(k, civil_weekday(day)));
    if (s->weekday > 0 && k->is_taught && !k->is_taught[s->weekday])
        config_warning(k->faults, s->mark, path,
                       "timetable.csv has no lesson on %s (wanted: a weekday that has, "
                       "or columns of this one)",
                       weekday_word(k, s->weekday));
}

static void check_exam(const struct checker *k, const struct calendar_span *s)
{
    static const char path[] = "calendar.exams";
    char date[DATE_MAX];
    int64_t day = day_that(k, s, is_weekend);
    if (!told_outside(k, s, path) && day != INT64_MIN)
        config_warning(k->faults, s->mark, path,
                       "%s is a %s, and there would be school (wanted: days with school; "
                       "a span stops before the weekend)",
                       date_text(day, date), weekday_word(k, civil_weekday(day)));
}

/* other_year - the same day a year later or before, where that is in a term and no
 * holiday; INT64_MIN = neither. */
static int64_t other_year(const struct calendar *c, int64_t day)
{
    const struct civil_date date = civil_date(day);
    for (int years = 1; years >= -1; years -= 2) {
        int64_t other = civil_day(date.year + years, date.month, date.day);
        if (!calendar_is_vacation(c, other) && calendar_day(c, other) != GW_DAY_HOLIDAY)
            return other;
    }
    return INT64_MIN;
}

static const char holidays_path[] = "calendar.holidays";

static bool is_long(const struct checker *k, const struct calendar_span *s)
{
    bool is_so = s->kind == GW_DAY_HOLIDAY && s->to - s->from >= HOLIDAY_DAYS_MAX;
    if (is_so)
        config_warning(k->faults, s->mark, holidays_path,
                       "lasts %d days (wanted: the days off; is the year right?)",
                       (int)(s->to - s->from + 1));
    return is_so;
}

static void check_holiday(const struct checker *k, const struct calendar_span *s)
{
    char date[DATE_MAX];
    char other_date[DATE_MAX];
    bool is_idle =
        calendar_is_vacation(k->c, s->from) && calendar_is_vacation(k->c, s->to);
    int64_t other = is_idle ? other_year(k->c, s->from) : INT64_MIN;
    if (other != INT64_MIN)
        config_warning(k->faults, s->mark, holidays_path,
                       "%s is outside the terms, and %s is not (wanted: days of a term; "
                       "is the year right?)",
                       date_text(s->from, date), date_text(other, other_date));
}

/* A term has some twenty weeks. */
static void check_term(const struct checker *k, const struct calendar_span *term)
{
    int64_t days = term->to - term->from + 1;
    if (days > CALENDAR_TERM_DAYS_MAX || days < CALENDAR_TERM_DAYS_MIN)
        config_warning(k->faults, term->mark, "calendar.terms",
                       "is a term of %d days (wanted: its first and last day; is the "
                       "year right?)",
                       (int)days);
}

/* told_terms - where nearly all days of the calendar are outside the terms, and would be
 * inside with the terms a year later or before, the terms are wrong and not the days. */
static bool told_terms(const struct checker *k)
{
    enum { DAYS_MIN = 3 };
    size_t outside = 0;
    size_t moved = 0;
    for (size_t i = 0; i < k->c->count; i++) {
        outside += calendar_is_vacation(k->c, k->c->spans[i].from);
        moved += other_year(k->c, k->c->spans[i].from) != INT64_MIN;
    }
    if (k->c->count < DAYS_MIN || outside < k->c->count || 4 * moved < 3 * k->c->count)
        return false;
    char date[DATE_MAX];
    config_warning(k->faults, k->c->terms[0].mark, "calendar.terms",
                   "none of the %zu days and spans of the calendar is in a term, such as "
                   "%s (wanted: terms of the same school year; is the year right?)",
                   k->c->count, date_text(k->c->spans[0].from, date));
    return true;
}

void calendar_check(const struct calendar *c, struct config_faults *faults,
                    const bool *is_taught)
{
    const struct checker k = {c, faults, is_taught};
    for (size_t i = 0; i < c->term_count; i++)
        check_term(&k, &c->terms[i]);
    if (c->is_sound && told_terms(&k))
        return;
    for (size_t i = 0; i < c->count; i++) {
        const struct calendar_span *s = &c->spans[i];
        if (is_long(&k, s) || !c->is_sound)
            continue;
        if (s->kind == GW_DAY_MAKE_UP)
            check_make_up(&k, s);
        else if (s->kind == GW_DAY_EXAM)
            check_exam(&k, s);
        else
            check_holiday(&k, s);
    }
}
