/* calendar_check.c - days of the calendar that are hardly meant so. */
#include <stdio.h>

#include "campus/calendar.h"
#include "campus/civil.h"
#include "campus/names.h"

enum {
    DATE_MAX = 48,
    BETWEEN_TERMS_MAX = 300,
    TERM_DAYS_OFF = 21,
    HOLIDAY_IN_TERM_MAX = 21,
    VACATION_DAYS_MIN = 10,
    FEBRUARY = 2,
    FRIDAY = 5,
};

/* checker - is_taught: of each weekday 1..7; NULL = nobody knows.
 * are_terms_told: what only follows from their slip is not told. */
struct checker {
    const struct calendar *c;
    struct config_faults *faults;
    const bool *is_taught;
    bool are_terms_told;
    bool are_weeks_told;
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
    for (int64_t day = s->from; day <= s->to && day <= s->from + CALENDAR_SPAN_DAYS_MAX;
         day++)
        if (is_so(k->c, day))
            return day;
    return INT64_MIN;
}

static bool is_weekend(const struct calendar *c, int64_t day)
{
    (void)c;
    return civil_weekday(day) > FRIDAY;
}

/* is_day_off - of a weekend, without make-up. */
static bool is_day_off(const struct calendar *c, int64_t day)
{
    return is_weekend(c, day) && !calendar_is_made_up(c, day);
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
    if (day == INT64_MIN || k->are_terms_told)
        return day != INT64_MIN;
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
    int64_t day = day_that(k, s, is_day_off);
    if (!told_outside(k, s, path) && day != INT64_MIN)
        config_warning(k->faults, s->mark, path,
                       "%s is a %s, and there would be school (wanted: days with school; "
                       "a span stops before the weekend; or the day among make_up, too)",
                       date_text(day, date), weekday_word(k, civil_weekday(day)));
}

static bool is_taken(const struct calendar *c, int64_t day)
{
    return calendar_is_vacation(c, day) || calendar_day(c, day) == GW_DAY_HOLIDAY;
}

/* other_year - the same day a year later or before, or in a year of the first or last
 * term, where that is in a term and no holiday; INT64_MIN = none. */
static int64_t other_year(const struct calendar *c, int64_t day)
{
    if (c->term_count == 0)
        return INT64_MIN;
    const struct civil_date date = civil_date(day);
    const struct calendar_span *first = &c->terms[0];
    const struct calendar_span *last = &c->terms[c->term_count - 1];
    const int years[] = {date.year + 1,
                         date.year - 1,
                         civil_date(first->from).year,
                         civil_date(first->to).year,
                         civil_date(last->from).year,
                         civil_date(last->to).year};
    for (size_t i = 0; i < sizeof(years) / sizeof(years[0]); i++) {
        int64_t other = civil_day(years[i], date.month, date.day);
        if (!is_taken(c, other))
            return other;
    }
    return INT64_MIN;
}

static const char holidays_path[] = "calendar.holidays";

/* is_in_term - all days of @s are of one term. */
static bool is_in_term(const struct calendar *c, const struct calendar_span *s)
{
    for (size_t i = 0; i < c->term_count; i++)
        if (c->terms[i].from <= s->from && s->to <= c->terms[i].to)
            return true;
    return false;
}

static bool is_long(const struct checker *k, const struct calendar_span *s)
{
    static const char *const paths[] = {
        [GW_DAY_HOLIDAY] = holidays_path,
        [GW_DAY_MAKE_UP] = "calendar.make_up",
        [GW_DAY_EXAM] = "calendar.exams",
    };
    const int days = (int)(s->to - s->from + 1);
    if (s->is_told)
        return true;
    if (days > CALENDAR_SPAN_DAYS_MAX)
        config_warning(k->faults, s->mark, paths[s->kind],
                       "lasts %d days (wanted: the days alone; is the year right?)",
                       days);
    else if (s->kind == GW_DAY_HOLIDAY && days > HOLIDAY_IN_TERM_MAX
             && is_in_term(k->c, s))
        config_warning(k->faults, s->mark, holidays_path,
                       "takes %d days out of a term (wanted: the days off; is the month "
                       "right?)",
                       days);
    else
        return false;
    return true;
}

/* has_public - a holiday by law is among the days of @s. */
static bool has_public(const struct checker *k, const struct calendar_span *s)
{
    for (size_t i = 0; i < k->c->public_holidays.count; i++)
        for (int64_t day = s->from; day <= s->to; day++) {
            const struct civil_date date = civil_date(day);
            int of = 0;
            if (civil_month_day(k->c->public_holidays.items[i], &of)
                && of == 100 * date.month + date.day)
                return true;
        }
    return false;
}

/* is_between - @day is of a vacation between two terms, or of the months of the Spring
 * Festival, which stands in the notice of the year whoever has school then. */
static bool is_between(const struct calendar *c, int64_t day)
{
    return (day > c->terms[0].to && day < c->terms[c->term_count - 1].from)
           || civil_date(day).month <= FEBRUARY;
}

/* check_free - a day off on which there is no school anyway: hardly the day meant. */
static void check_free(const struct checker *k, const struct calendar_span *s)
{
    char date[DATE_MAX];
    size_t vacation = 0;
    size_t count = 0;
    for (int64_t day = s->from; day <= s->to; day++, count++) {
        if (is_ordinary(k->c, day))
            return;
        vacation += calendar_is_vacation(k->c, day);
    }
    if (has_public(k, s))
        return;
    if (vacation == 0)
        config_warning(k->faults, s->mark, holidays_path,
                       "%s is a %s, and there is no school anyway (wanted: a day that "
                       "would have school)",
                       date_text(s->from, date), weekday_word(k, civil_weekday(s->from)));
    else if (vacation == count && count <= VACATION_DAYS_MIN && k->c->term_count > 1
             && !is_between(k->c, s->from))
        config_warning(k->faults, s->mark, holidays_path,
                       "%s is in the vacation, and there is no school anyway (wanted: a "
                       "day of a term; is the month right?)",
                       date_text(s->from, date));
}

static void check_holiday(const struct checker *k, const struct calendar_span *s)
{
    char date[DATE_MAX];
    char other_date[DATE_MAX];
    bool is_idle =
        calendar_is_vacation(k->c, s->from) && calendar_is_vacation(k->c, s->to);
    int64_t other = is_idle && !k->are_terms_told ? other_year(k->c, s->from) : INT64_MIN;
    if (other != INT64_MIN)
        config_warning(k->faults, s->mark, holidays_path,
                       "%s is outside the terms, and %s is not (wanted: days of a term; "
                       "is the year right?)",
                       date_text(s->from, date), date_text(other, other_date));
    else if (!k->are_terms_told)
        check_free(k, s);
}

/* is_off_half - weeks more or less than half of a school year. */
static bool is_off_half(const struct calendar *c, int64_t days)
{
    const int64_t half = (int64_t)c->weeks * 7 / 2;
    return half > 0 && (days > half + TERM_DAYS_OFF || days < half - TERM_DAYS_OFF);
}

/* told_weeks - every term is as far off, and in the same direction: the weeks are wrong.
 */
static bool told_weeks(const struct checker *k)
{
    const struct calendar *c = k->c;
    int64_t days = 0;
    size_t longer = 0;
    for (size_t i = 0; i < c->term_count; i++) {
        int64_t its = c->terms[i].to - c->terms[i].from + 1;
        if (!is_off_half(c, its) || its > CALENDAR_TERM_DAYS_MAX
            || its < CALENDAR_TERM_DAYS_MIN)
            return false;
        longer += its > (int64_t)c->weeks * 7 / 2;
        days += its;
    }
    if (c->term_count < 2 || (longer != 0 && longer != c->term_count))
        return false;
    config_warning(k->faults, c->weeks_mark, "calendar.weeks",
                   "%u weeks, and the %zu terms last %d days, each about %d weeks "
                   "(wanted: those of a school year, of two terms)",
                   (unsigned)c->weeks, c->term_count, (int)days,
                   (int)(days / 7 / (int64_t)c->term_count));
    return true;
}

/* told_term - a term has some twenty weeks, and vacations are shorter than a year. */
static bool told_term(const struct checker *k, size_t index)
{
    const struct calendar_span *term = &k->c->terms[index];
    int64_t days = term->to - term->from + 1;
    bool has_before = index > 0 && !k->c->are_terms_doubtful;
    int64_t between = has_before ? term->from - term[-1].to - 1 : 0;
    bool is_odd = days > CALENDAR_TERM_DAYS_MAX || days < CALENDAR_TERM_DAYS_MIN;
    bool is_off = is_odd || (!k->are_weeks_told && is_off_half(k->c, days));
    if (is_off && !is_odd)
        config_warning(k->faults, term->mark, "calendar.terms",
                       "is a term of %d days, and a school year has %u weeks (wanted: "
                       "about half of them; is the month right?)",
                       (int)days, (unsigned)k->c->weeks);
    else if (is_odd)
        config_warning(k->faults, term->mark, "calendar.terms",
                       "is a term of %d days (wanted: its first and last day; is the "
                       "year right?)",
                       (int)days);
    else if (between > BETWEEN_TERMS_MAX)
        config_warning(k->faults, term->mark, "calendar.terms",
                       "this term begins %d days after the one before it ends (wanted: "
                       "terms that follow one another; is the year right?)",
                       (int)between);
    return is_off || between > BETWEEN_TERMS_MAX;
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
    if (k->c->count < DAYS_MIN || outside < k->c->count || 2 * moved < k->c->count)
        return false;
    char date[DATE_MAX];
    config_warning(k->faults, k->c->terms[0].mark, "calendar.terms",
                   "none of the %zu days and spans of the calendar is in a term, such as "
                   "%s (wanted: terms of the same school year; is the year right?)",
                   k->c->count, date_text(k->c->spans[0].from, date));
    return true;
}

/* told_school - where most days that have school by the calendar are outside the terms, a
 * term is missing or ends too early, and the days may be right. */
static bool told_school(const struct checker *k)
{
    enum { DAYS_MIN = 3 };
    const struct calendar_span *first = NULL;
    char date[DATE_MAX];
    size_t outside = 0;
    size_t count = 0;
    for (size_t i = 0; i < k->c->count; i++) {
        const struct calendar_span *s = &k->c->spans[i];
        bool is_outside =
            s->kind != GW_DAY_HOLIDAY && calendar_is_vacation(k->c, s->from);
        first = is_outside && !first ? s : first;
        count += s->kind != GW_DAY_HOLIDAY;
        outside += is_outside;
    }
    if (outside < DAYS_MIN || 2 * outside <= count)
        return false;
    config_warning(k->faults, k->c->terms[0].mark, "calendar.terms",
                   "%zu of the %zu days of make_up and exams are in no term, such as %s "
                   "at %s:%d:%d (wanted: terms that have them; is one missing, or the "
                   "first or last day of one wrong?)",
                   outside, count, date_text(first->from, date), first->mark.file,
                   first->mark.line, first->mark.column);
    return true;
}

/* is_left_out - @day is of a term, and there would be school. */
static bool is_left_out(const struct checker *k, int64_t day)
{
    enum gw_day_kind kind = calendar_day(k->c, day);
    return !calendar_is_vacation(k->c, day) && kind != GW_DAY_HOLIDAY
           && (kind == GW_DAY_MAKE_UP || civil_weekday(day) <= FRIDAY);
}

/* check_public - days that are holidays by law and were left out, told once. */
static void check_public(const struct checker *k)
{
    int64_t first = INT64_MAX;
    size_t count = 0;
    if (k->c->term_count == 0)
        return;
    const int from = civil_date(k->c->terms[0].from).year;
    const int to = civil_date(k->c->terms[k->c->term_count - 1].to).year;
    for (size_t i = 0; i < k->c->public_holidays.count; i++)
        for (int year = from; year <= to; year++) {
            int of = 0;
            (void)civil_month_day(k->c->public_holidays.items[i], &of);
            int64_t day = civil_day(year, of / 100, of % 100);
            if (!is_left_out(k, day))
                continue;
            first = day < first ? day : first;
            count++;
        }
    char date[DATE_MAX];
    if (count > 0)
        config_warning(k->faults, k->c->holidays_mark, holidays_path,
                       "%s is a public holiday, and there would be school; so on %zu in "
                       "all (wanted: them among the holidays)",
                       date_text(first, date), count);
}

void calendar_check(const struct calendar *c, struct config_faults *faults,
                    const bool *is_taught)
{
    struct checker k = {c, faults, is_taught, c->are_terms_doubtful, false};
    k.are_weeks_told = told_weeks(&k);
    for (size_t i = 0; i < c->term_count; i++)
        k.are_terms_told |= told_term(&k, i);
    if (c->is_sound && !k.are_terms_told)
        k.are_terms_told = told_terms(&k) || told_school(&k);
    size_t told = config_faults_warnings(faults);
    for (size_t i = 0; i < c->make_up_count; i++)
        if (!is_long(&k, &c->make_up[i]) && c->is_sound)
            check_make_up(&k, &c->make_up[i]);
    for (size_t i = 0; i < c->count; i++) {
        const struct calendar_span *s = &c->spans[i];
        if (s->kind == GW_DAY_MAKE_UP || is_long(&k, s) || !c->is_sound)
            continue;
        if (s->kind == GW_DAY_EXAM)
            check_exam(&k, s);
        else
            check_holiday(&k, s);
    }
    /* a holiday of a wrong year is that slip alone */
    if (c->is_sound && !k.are_terms_told && config_faults_warnings(faults) == told)
        check_public(&k);
}
