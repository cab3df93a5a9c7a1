#include "campus/calendar.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "campus/calendar_spans.h"
#include "campus/civil.h"
#include "campus/names.h"

enum { DATE_SIZE = 10, FRIDAY = 5 };

/* calendar_lists - the section as written. */
struct calendar_lists {
    const struct config_node *terms;
    const struct config_node *holidays;
    const struct config_node *make_up;
    const struct config_node *exams;
    struct gw_strings public_holidays;
    uint32_t weeks;
};

const struct gw_option calendar_options[] = {
    {.name = "terms",
     .type = GW_OPT_NODE,
     .offset = offsetof(struct calendar_lists, terms),
     .help = "spans 2026-09-01..2027-01-15; where there are any, days outside of them "
             "are holidays, and weeks are counted from the first day's, or "
             "from the Monday after a first day at a weekend"},
    {.name = "holidays",
     .type = GW_OPT_NODE,
     .offset = offsetof(struct calendar_lists, holidays),
     .help = "no school: dates, or spans 2026-10-01..2026-10-07"},
    {.name = "make_up",
     .type = GW_OPT_NODE,
     .offset = offsetof(struct calendar_lists, make_up),
     .help = "days with school (调休), - 2026-10-10: friday = whose timetable is taught"},
    {.name = "exams",
     .type = GW_OPT_NODE,
     .offset = offsetof(struct calendar_lists, exams),
     .help = "school days of examinations"},
    {.name = "public_holidays",
     .type = GW_OPT_STRINGS,
     .offset = offsetof(struct calendar_lists, public_holidays),
     .help = "days of every year that are holidays by law, 10-01: one of a term that is "
             "not among the holidays is told"},
    {.name = "weeks",
     .type = GW_OPT_UINT,
     .offset = offsetof(struct calendar_lists, weeks),
     .min = 0,
     .max = 52,
     .fallback = "0",
     .help = "of a school year, by the curriculum: a term that is weeks off the half of "
             "them is told; 0 = nobody says"},
    {0},
};

/* date_at - the DATE_SIZE bytes of @text, which may be fewer. */
static void date_at(const char *text, char ret[DATE_SIZE + 1])
{
    size_t size = strnlen(text, DATE_SIZE);
    memcpy(ret, text, size);
    ret[size] = '\0';
}

/* until_of - the second day of a span "2026-10-01..2026-10-07"; NULL = there is none. */
static const char *until_of(const char *text)
{
    return strlen(text) > DATE_SIZE ? civil_until(text + DATE_SIZE) : NULL;
}

/* span_parse - "2026-10-01" or "2026-10-01..2026-10-07". */
static bool span_parse(const char *text, struct calendar_span *ret)
{
    char from[DATE_SIZE + 1];
    const char *until = until_of(text);

    if (!until && strlen(text) != DATE_SIZE)
        return false;
    date_at(text, from);
    return civil_parse(from, &ret->from) == 0
           && civil_parse(until ? until : text, &ret->to) == 0;
}

/* no_such_day - the half of @text that is a date by its form, of a month that has fewer
 * days; NULL = there is none. */
static const char *no_such_day(const char *text, int *ret_days)
{
    for (const char *at = text; at; at = at == text ? until_of(text) : NULL) {
        struct civil_date date;
        char half[DATE_SIZE + 1];
        date_at(at, half);
        if (!civil_scan(half, &date) || date.month < 1 || date.month > 12)
            continue;
        *ret_days = civil_month_days(date.year, date.month);
        if (date.day > *ret_days)
            return at;
    }
    return NULL;
}

static bool is_date_with_colon(const char *text)
{
    char date[DATE_SIZE + 1];
    int64_t day = 0;
    date_at(text, date);
    return civil_parse(date, &day) == 0 && text[DATE_SIZE] == ':';
}

static void tell_no_date(struct config_source *src, struct config_mark mark,
                         const char *path, const char *text)
{
    char wide[4];
    char narrow = 0;
    int days = 0;
    struct civil_date date;
    const char *absent = no_such_day(text, &days);
    if (absent)
        config_fault(src->faults, mark, path,
                     "'%.10s' does not exist, that month has %d days (allowed: "
                     "2026-10-01, or 2026-10-01..2026-10-07)",
                     absent, days);
    else if (text_wide(text, wide, &narrow))
        config_fault(src->faults, mark, path,
                     "'%.80s' has a full-width '%s' (allowed: '%c'; and before a weekday "
                     "a blank behind it, - 2026-10-10: friday)",
                     text, wide, narrow);
    else if (is_date_with_colon(text))
        config_fault(src->faults, mark, path,
                     "'%.80s' has no blank behind the colon (allowed: - 2026-10-10: "
                     "friday)",
                     text);
    else if (civil_scan(text, &date))
        config_fault(src->faults, mark, path,
                     "'%.80s' is no date (did you mean %04d-%02d-%02d? A month and a day "
                     "have two digits)",
                     text, date.year, date.month, date.day);
    else
        config_fault(src->faults, mark, path,
                     "'%.80s' is no date (allowed: 2026-10-01, or "
                     "2026-10-01..2026-10-07)",
                     text);
}

/* is_likely - as long as a term is, or what else stands in a calendar. */
static bool is_likely(enum gw_day_kind kind, int64_t from, int64_t to)
{
    const int64_t days = to - from + 1;
    return kind == GW_DAY_SCHOOL
               ? days > CALENDAR_TERM_DAYS_MIN && days <= CALENDAR_TERM_DAYS_MAX + 1
               : days >= 1 && days <= CALENDAR_SPAN_DAYS_MAX;
}

/* tell_backwards - the days are exchanged, or the year of one of them is wrong: whichever
 * makes something of it. */
static void tell_backwards(struct config_source *src, const struct calendar_span *span,
                           const char *path, const char *text)
{
    const char *until = until_of(text);
    const struct civil_date begin = civil_date(span->from);
    const struct civil_date end = civil_date(span->to);
    int64_t later = civil_day(end.year + 1, end.month, end.day);
    if (!is_likely(span->kind, span->to, span->from)
        && is_likely(span->kind, span->from, later))
        config_fault(src->faults, span->mark, path,
                     "'%.80s': %.10s is after %.10s (allowed: the earlier day first; is "
                     "a year wrong, and %d meant for %d or %d for %d?)",
                     text, text, until, begin.year - 1, begin.year, end.year + 1,
                     end.year);
    else if (!is_likely(span->kind, span->to, span->from))
        config_fault(src->faults, span->mark, path,
                     "'%.80s': %.10s is after %.10s (allowed: the earlier day first; is "
                     "a year wrong?)",
                     text, text, until);
    else
        config_fault(src->faults, span->mark, path,
                     "'%.80s': %.10s is after %.10s (allowed: the earlier day first, "
                     "%.10s..%.10s)",
                     text, text, until, until, text);
}

/* span_load - a date, a span, or of a make-up day "2026-10-10: friday". */
static bool span_load(struct config_source *src, const struct config_node *node,
                      const char *path, struct calendar_span *span)
{
    bool has_weekday =
        span->kind == GW_DAY_MAKE_UP && config_is_map(node) && config_count(node) == 1;
    bool has_words = !has_weekday && config_is_map(node) && config_count(node) == 1;
    if (has_words) {
        config_fault(src->faults, config_where_key(config_value(node, 0)), path,
                     "'%.80s' has something behind it (allowed: the date alone; only a "
                     "day of make_up says a weekday)",
                     config_key(node, 0));
        return false;
    }
    const char *text = has_weekday ? config_key(node, 0) : config_scalar(node);
    span->mark =
        has_weekday ? config_where_key(config_value(node, 0)) : config_where(node);
    if (!text || !span_parse(text, span)) {
        tell_no_date(src, span->mark, path, text ? text : "");
        return false;
    }
    if (span->from > span->to) {
        tell_backwards(src, span, path, text);
        return false;
    }
    if (!has_weekday)
        return true;
    const struct config_node *value = config_value(node, 0);
    const char *word = config_scalar(value);
    const char *rest = "";
    char folded[NAME_MAX_BYTES];
    text_fold(word ? word : "", folded, sizeof(folded));
    span->weekday = name_weekday(folded, &rest);
    if (span->weekday > 0 && !*rest)
        return true;
    config_fault(src->faults, config_where(value), path,
                 "'%.80s' is no weekday (allowed: monday .. sunday, or 周一 .. 周日)",
                 word ? word : "");
    return false;
}

static size_t spans_load(struct config_source *src, const struct config_node *list,
                         const char *path, enum gw_day_kind kind,
                         struct calendar_span *ret)
{
    size_t count = 0;
    if (list && !config_is_list(list))
        config_fault(src->faults, config_where(list), path,
                     "no list stands here (allowed: a list of dates)");
    for (size_t i = 0; config_is_list(list) && i < config_count(list); i++) {
        struct calendar_span span = {.kind = kind};
        if (span_load(src, config_item(list, i), path, &span))
            ret[count++] = span;
    }
    return count;
}

/* told_order - a term behind a later one is mostly of the wrong year. */
static bool told_order(struct config_source *src, const struct calendar_span *terms,
                       size_t count)
{
    bool is_told = false;
    for (size_t i = 1; i < count; i++) {
        bool is_before = terms[i].to < terms[i - 1].from;
        if (is_before)
            config_warning(src->faults, terms[i].mark, "calendar.terms",
                           "this term is before the one above it (wanted: the earlier "
                           "one first; is the year right?)");
        is_told |= is_before;
    }
    return is_told;
}

static void public_holidays_load(struct config_source *src,
                                 const struct config_node *node, struct calendar *c,
                                 const struct calendar_lists *lists)
{
    const struct config_node *list = config_child(node, "public_holidays");
    const struct config_node *holidays = config_child(node, "holidays");
    int ignored = 0;
    c->public_holidays = lists->public_holidays;
    c->holidays_mark = holidays ? config_where_key(holidays) : config_where(node);
    if (list && !config_is_list(list) && c->public_holidays.count > 0
        && strpbrk(c->public_holidays.items[0], ",]")) {
        config_fault(src->faults, config_where(list), "calendar.public_holidays",
                     "no list stands here (allowed: a list in brackets, [01-01, 10-01])");
        c->public_holidays.count = 0;
    }
    for (size_t i = 0; i < c->public_holidays.count; i++) {
        const char *day = c->public_holidays.items[i];
        if (!civil_month_day(day, &ignored) || strlen(day) != strlen("10-01"))
            config_fault(src->faults,
                         config_where(config_is_list(list) ? config_item(list, i) : list),
                         "calendar.public_holidays",
                         "'%.80s' is no day of the year (allowed: such as 10-01)", day);
    }
}

/* days_load - what is no term.  false: out of memory. */
static bool days_load(struct config_source *src, const struct calendar_lists *lists,
                      struct calendar *c)
{
    const size_t exams = config_count(lists->exams);
    size_t most = config_count(lists->holidays) + config_count(lists->make_up) + exams;
    /* an examination parts a make-up span in two */
    c->spans = arena_alloc(src->arena, (most + exams + 1) * sizeof(*c->spans));
    c->make_up =
        arena_alloc(src->arena, (config_count(lists->make_up) + 1) * sizeof(*c->make_up));
    if (!c->spans || !c->make_up)
        return false;
    c->count =
        spans_load(src, lists->holidays, "calendar.holidays", GW_DAY_HOLIDAY, c->spans);
    c->count +=
        spans_load(src, lists->exams, "calendar.exams", GW_DAY_EXAM, c->spans + c->count);
    c->make_up_count =
        spans_load(src, lists->make_up, "calendar.make_up", GW_DAY_MAKE_UP, c->make_up);
    return true;
}

bool calendar_load(struct config_source *src, const struct config_node *node,
                   struct calendar *ret)
{
    struct calendar_lists lists = {0};
    struct calendar c = {0};
    size_t errors = config_faults_errors(src->faults);

    bool is_whole = config_fill(src, node, "calendar", calendar_options, &lists, NULL);
    c.terms = arena_alloc(src->arena, (config_count(lists.terms) + 1) * sizeof(*c.terms));
    if (!c.terms || !days_load(src, &lists, &c))
        return false;
    c.term_count = spans_load(src, lists.terms, "calendar.terms", GW_DAY_SCHOOL, c.terms);
    public_holidays_load(src, node, &c, &lists);
    c.weeks = lists.weeks;
    c.weeks_mark = config_where(config_child(node, "weeks"));
    c.are_terms_doubtful = told_order(src, c.terms, c.term_count);
    (void)calendar_spans_sort(src, c.terms, c.term_count);
    calendar_days_sort(src, &c);
    c.is_sound = config_faults_errors(src->faults) == errors;
    *ret = c;
    return is_whole && (!lists.terms || config_is_list(lists.terms))
           && c.term_count == config_count(lists.terms);
}

bool calendar_is_vacation(const struct calendar *c, int64_t day)
{
    return c->term_count > 0 && !calendar_span_of(c->terms, c->term_count, day);
}

bool calendar_is_made_up(const struct calendar *c, int64_t day)
{
    return calendar_span_of(c->make_up, c->make_up_count, day) != NULL;
}

enum gw_day_kind calendar_day(const struct calendar *c, int64_t day)
{
    const struct calendar_span *span = calendar_span_of(c->spans, c->count, day);
    if (span)
        return span->kind;
    if (calendar_is_vacation(c, day))
        return GW_DAY_HOLIDAY;
    return civil_weekday(day) >= 6 ? GW_DAY_WEEKEND : GW_DAY_SCHOOL;
}

int calendar_taught(const struct calendar *c, int64_t day)
{
    switch (calendar_day(c, day)) {
    case GW_DAY_SCHOOL:
        return civil_weekday(day);
    case GW_DAY_MAKE_UP:
        return calendar_span_of(c->spans, c->count, day)->weekday;
    default:
        return 0;
    }
}

int calendar_week(const struct calendar *c, int64_t day)
{
    const struct calendar_span *term = calendar_span_of(c->terms, c->term_count, day);
    if (!term)
        return 0;
    int weekday = civil_weekday(term->from);
    int64_t monday = term->from - (weekday - 1) + (weekday > FRIDAY ? 7 : 0);
    return day < monday ? 1 : (int)((day - monday) / 7) + 1;
}

/* vacation_run - up to the terms around it, and to what else stands in the calendar.
 * Before the first term and after the last one a vacation has no end. */
static struct calendar_run vacation_run(const struct calendar *c, int64_t day)
{
    size_t term = calendar_spans_until(c->terms, c->term_count, day);
    size_t span = calendar_spans_until(c->spans, c->count, day);
    struct calendar_run run = {civil_day(1, 1, 1), civil_day(9999, 12, 31)};
    if (term > 0)
        run.first = c->terms[term - 1].to + 1;
    if (span > 0 && c->spans[span - 1].to >= run.first)
        run.first = c->spans[span - 1].to + 1;
    if (term < c->term_count)
        run.last = c->terms[term].from - 1;
    if (span < c->count && c->spans[span].from <= run.last)
        run.last = c->spans[span].from - 1;
    return run;
}

struct calendar_run calendar_run(const struct calendar *c, int64_t day)
{
    const struct calendar_span *span = calendar_span_of(c->spans, c->count, day);
    if (span)
        return (struct calendar_run){span->from, span->to};
    return calendar_is_vacation(c, day) ? vacation_run(c, day)
                                        : (struct calendar_run){day, day};
}
