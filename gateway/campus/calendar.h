/* calendar.h - terms, holidays, make-up days and examinations by date.
 * Immutable once loaded.  Thread: any. */
#ifndef CAMPUS_CALENDAR_H
#define CAMPUS_CALENDAR_H

#include "config/schema.h"
#include "gw/campus.h"

/* calendar_span - days since 1970-01-01, both ends included.
 * weekday     of a make-up day: whose timetable is taught, 1..7, 0 = not said
 * is_told     how long it lasts */
struct calendar_span {
    int64_t from;
    int64_t to;
    enum gw_day_kind kind;
    int weekday;
    bool is_told;
    struct config_mark mark;
};

/* calendar - spans in order, none over another; terms likewise.  Where terms are given,
 * what is outside of them is holiday.
 * make_up   as written: an examination may be on such a day, of which spans has it alone
 * public_holidays  of every year, "10-01"; holidays_mark  where the others are written
 * weeks     of a school year, which has two terms; 0 = nobody says; weeks_mark  where
 * is_sound  nothing of it was a fault
 * are_terms_doubtful  one was warned of: what is in no term may be in the right one */
struct calendar {
    struct calendar_span *spans;
    size_t count;
    struct calendar_span *make_up;
    size_t make_up_count;
    struct calendar_span *terms;
    size_t term_count;
    struct gw_strings public_holidays;
    struct config_mark holidays_mark;
    uint32_t weeks;
    struct config_mark weeks_mark;
    bool is_sound;
    bool are_terms_doubtful;
};

/* A term has some twenty weeks: what is shorter or longer is hardly one. */
enum { CALENDAR_TERM_DAYS_MIN = 28, CALENDAR_TERM_DAYS_MAX = 200 };

/* What else stands in the calendar lasts less: the longest are summer vacations. */
enum { CALENDAR_SPAN_DAYS_MAX = 120 };

extern const struct gw_option calendar_options[];

/* calendar_load - the section; faults are added.  Lives in the arena.
 * returns  false where terms may be lost among them */
bool calendar_load(struct config_source *src, const struct config_node *node,
                   struct calendar *ret);

/* calendar_check - of one that is sound, warns of what is hardly meant so: school outside
 * the terms or on a Sunday, a make-up day that has school anyway, holidays of another
 * year or on days without school, school on a public holiday.
 * is_taught  of each weekday 1..7: the timetable has a lesson; NULL = nobody knows */
void calendar_check(const struct calendar *c, struct config_faults *faults,
                    const bool *is_taught);

enum gw_day_kind calendar_day(const struct calendar *c, int64_t day);

/* calendar_is_vacation - there are terms, and @day is in none of them. */
bool calendar_is_vacation(const struct calendar *c, int64_t day);

/* calendar_is_made_up - school was put on @day, and it may be one of examinations. */
bool calendar_is_made_up(const struct calendar *c, int64_t day);

/* calendar_taught - the weekday whose timetable is taught on @day, 1 Monday .. 7 Sunday;
 * 0 = none, or nobody knows. */
int calendar_taught(const struct calendar *c, int64_t day);

/* calendar_week - of the term: 1 for the week (from Monday) that the term begins in, or
 * the one after a weekend that it begins at; 0 = outside every term. */
int calendar_week(const struct calendar *c, int64_t day);

/* calendar_run - the first and last day of the span that @day is in, or of the
 * vacation; else @day itself. */
struct calendar_run {
    int64_t first;
    int64_t last;
};
struct calendar_run calendar_run(const struct calendar *c, int64_t day);

#endif
