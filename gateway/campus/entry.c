#include "campus/entry_judge.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "campus/civil.h"
#include "campus/names.h"
#include "campus/namesakes.h"
#include "campus/school.h"
#include "config/sheet.h"

/* desk - one entry being judged.
 * today, now_s  the local day and its second */
struct desk {
    const struct gw_campus *c;
    struct day_book *book;
    const struct campus_entry *entry;
    const struct gw_class *class;
    int64_t today;
    int32_t now_s;
    struct entry_days changed;
    struct entry_refusals *refusals;
    struct gw_error *err;
};

static int book_failed(const struct desk *d, int r)
{
    if (r == -ENOSPC)
        return gw_fail(d->err, r, "the day book is full (allowed: %d notes)",
                       DAY_BOOK_NOTES_MAX);
    return r < 0 ? gw_fail(d->err, r, "out of memory") : 0;
}

static void note_day(struct desk *d, int64_t day)
{
    for (size_t i = 0; i < d->changed.count; i++)
        if (d->changed.days[i] == day)
            return;
    d->changed.days[d->changed.count++] = day;
}

static bool is_good(const struct desk *d, enum entry_key key)
{
    return !(d->entry->faulty >> key & 1);
}

/* is_clean - nothing speaks against the entry. */
static bool is_clean(const struct desk *d)
{
    return d->entry->faulty == 0 && d->refusals->count == 0;
}

/* refuse_day - why there is no lesson on @day. */
static void refuse_day(const struct desk *d, enum entry_key key, int64_t day)
{
    const struct civil_date date = civil_date(day);
    const char *why = "%04d-%02d-%02d is no school day (allowed: a day with bells)";
    if (calendar_is_vacation(&d->c->calendar, day))
        why = "%04d-%02d-%02d is no school day, it is outside the terms (allowed: a day "
              "with bells)";
    else if (calendar_day(&d->c->calendar, day) == GW_DAY_HOLIDAY)
        why = "%04d-%02d-%02d is no school day but a holiday (allowed: a day with bells)";
    else if (calendar_day(&d->c->calendar, day) == GW_DAY_WEEKEND)
        why = "%04d-%02d-%02d is no school day but a weekend (allowed: a day with bells)";
    entry_refuse(d->refusals, key, -EINVAL, why, date.year, date.month, date.day);
}

/* day_of - returns false and a refusal, or without one where @key is not readable. */
static bool day_of(struct desk *d, enum entry_key key, int64_t said, int64_t *ret)
{
    int64_t day = said == ENTRY_TODAY ? d->today : said;
    const struct civil_date date = civil_date(day);
    if (!is_good(d, key))
        return false;
    *ret = day;
    if (day < d->today - DAY_BOOK_KEPT_DAYS || day > d->today + DAY_BOOK_AHEAD_DAYS) {
        entry_refuse(d->refusals, key, -EINVAL,
                     "day %04d-%02d-%02d is too far away (allowed: %d days back, %d "
                     "ahead)",
                     date.year, date.month, date.day, DAY_BOOK_KEPT_DAYS,
                     DAY_BOOK_AHEAD_DAYS);
        return false;
    }
    enum gw_stage stage = d->class ? d->class->stage : d->c->stage;
    bool has_bells = school_bells(d->c, stage, day) != NULL;
    if (!has_bells)
        refuse_day(d, key, day);
    return has_bells;
}

/* lesson_day - a day whose lessons can be changed: what was entered before it became one
 * of examinations can be taken back. */
static bool lesson_day(struct desk *d, enum entry_key key, int64_t said, int64_t *ret)
{
    if (!day_of(d, key, said, ret))
        return false;
    if (d->entry->is_undo || calendar_day(&d->c->calendar, *ret) != GW_DAY_EXAM)
        return true;
    const struct civil_date date = civil_date(*ret);
    entry_refuse(d->refusals, key, -EINVAL,
                 "%04d-%02d-%02d is a day of examinations, its timetable rests (allowed: "
                 "a day by the timetable)",
                 date.year, date.month, date.day);
    return false;
}

const struct gw_class *entry_judge_class(const struct gw_campus *c, const char *text,
                                         struct entry_refusals *refusals)
{
    uint32_t index = text[0] ? name_get(c->class_names, text) : UINT32_MAX;
    struct namesakes two;
    if (index == UINT32_MAX && namesakes_class(c, text, &two))
        entry_refuse(refusals, ENTRY_KEY_CLASS, -ENOENT,
                     "several classes are called '%s', such as '%s' and '%s' (allowed: "
                     "the id)",
                     text, two.first, two.second);
    else if (index == UINT32_MAX && sheet_is_date(text))
        entry_refuse(
            refusals, ENTRY_KEY_CLASS, -ENOENT,
            "'%.80s' is a date that the spreadsheet made of a class (allowed: id "
            "or title of a class; make the column a text column and write it "
            "anew)",
            text);
    else if (index == UINT32_MAX && text[0])
        entry_refuse(refusals, ENTRY_KEY_CLASS, -ENOENT,
                     "there is no class '%.80s' (allowed: id or title of a class)", text);
    return index != UINT32_MAX ? &c->classes[index] : NULL;
}

/* judge_leave - no more are on leave than the class has.  More may be present: that is
 * for the rules to tell. */
static void judge_leave(const struct desk *d)
{
    const struct campus_entry *e = d->entry;
    if (e->kind == ENTRY_LEAVE && d->class && is_good(d, ENTRY_KEY_COUNT) && !e->is_undo
        && e->count > d->class->enrolled)
        entry_refuse(d->refusals, ENTRY_KEY_COUNT, -EINVAL,
                     "class '%s' has %u enrolled (allowed: 0 .. %u)", d->class->id,
                     (unsigned)d->class->enrolled, (unsigned)d->class->enrolled);
}

/* judge_presence - leave is asked for before, who is present is counted on the day. */
static void judge_presence(const struct desk *d, int64_t day)
{
    if (d->entry->kind != ENTRY_ATTENDANCE || d->entry->is_undo || day <= d->today)
        return;
    const struct civil_date date = civil_date(day);
    const struct civil_date today = civil_date(d->today);
    entry_refuse(d->refusals, ENTRY_KEY_DAY, -EINVAL,
                 "%04d-%02d-%02d is still to come: nobody knows who is present (allowed: "
                 "%04d-%02d-%02d or before)",
                 date.year, date.month, date.day, today.year, today.month, today.day);
}

static int enter_count(struct desk *d)
{
    const struct campus_entry *e = d->entry;
    int64_t day = 0;
    if (day_of(d, ENTRY_KEY_DAY, e->day, &day))
        judge_presence(d, day);
    judge_leave(d);
    if (!is_clean(d))
        return 0;
    struct gw_class_day what = day_book_class(d->book, day, d->class->id);
    double *field = e->kind == ENTRY_LEAVE ? &what.leave : &what.entered;
    *field = e->is_undo ? (double)NAN : e->count;
    note_day(d, day);
    return book_failed(d, day_book_set_class(d->book, day, d->class->id, what));
}

/* has_lesson - the bells of @day have that many. */
static bool has_lesson(struct desk *d, enum entry_key key, int64_t day, uint32_t number)
{
    if (!d->class || !is_good(d, key))
        return false;
    uint32_t last = bells_lessons(school_bells(d->c, d->class->stage, day));
    if (number > last)
        entry_refuse(d->refusals, key, -EINVAL,
                     "there is no lesson %u (allowed: 1 .. %u)", (unsigned)number,
                     (unsigned)last);
    return number <= last;
}

/* set_lesson - writes what lesson @number of @day is; what the week has anyway needs no
 * note. */
static int set_lesson(struct desk *d, int64_t day, uint32_t number,
                      const struct day_change *change)
{
    struct day_change week;
    bool is_week = lessons_of_week(d->c, d->class->id, day, number, &week)
                   && strcmp(week.subject, change->subject) == 0
                   && strcmp(week.place, change->place) == 0;
    note_day(d, day);
    return book_failed(d, day_book_set_change(d->book, day, d->class->id, number,
                                              is_week ? NULL : change));
}

static bool known(struct desk *d, enum entry_key key, int64_t day, uint32_t number,
                  struct day_change *ret)
{
    if (day_book_change(d->book, day, d->class->id, number, ret)
        || lessons_of_week(d->c, d->class->id, day, number, ret))
        return true;
    entry_refuse(d->refusals, key, -EINVAL,
                 "nobody knows what class '%s' is taught then (allowed: a subject; a "
                 "swap needs a timetable)",
                 d->class->id);
    return false;
}

/* judge_exchange - two lessons, one of which is taught: of a day without any only a slip
 * of the date would exchange some. */
static void judge_exchange(const struct desk *d, int64_t day, int64_t with_day,
                           const struct day_change *first,
                           const struct day_change *second)
{
    const struct campus_entry *e = d->entry;
    if (day == with_day && e->lesson == e->with)
        entry_refuse(d->refusals, ENTRY_KEY_WITH, -EINVAL,
                     "lesson %u would be exchanged with itself (allowed: another lesson, "
                     "or with_day)",
                     (unsigned)e->lesson);
    else if (!first->subject[0] && !second->subject[0])
        entry_refuse(d->refusals, ENTRY_KEY_LESSON, -EINVAL,
                     "class '%s' is taught nothing in lesson %u and nothing in what it "
                     "is exchanged with (allowed: lessons of which one is taught)",
                     d->class->id, (unsigned)e->lesson);
}

/* exchange - @has_day: there are lessons on @day; @has_first: that of the entry, too. */
static int exchange(struct desk *d, int64_t day, bool has_day, bool has_first)
{
    const struct campus_entry *e = d->entry;
    struct day_change first;
    struct day_change second;
    int64_t with_day = day;
    bool has_second = e->with_day == ENTRY_TODAY
                          ? has_day && is_good(d, ENTRY_KEY_WITH_DAY)
                          : lesson_day(d, ENTRY_KEY_WITH_DAY, e->with_day, &with_day);
    has_second = has_second && has_lesson(d, ENTRY_KEY_WITH, with_day, e->with);
    if (has_first)
        has_first = known(d, ENTRY_KEY_LESSON, day, e->lesson, &first);
    if (has_second)
        has_second = known(d, ENTRY_KEY_WITH, with_day, e->with, &second);
    if (has_first && has_second)
        judge_exchange(d, day, with_day, &first, &second);
    if (!is_clean(d))
        return 0;
    int r = set_lesson(d, day, e->lesson, &second);
    return r == 0 ? set_lesson(d, with_day, e->with, &first) : r;
}

static int substitute(struct desk *d, int64_t day)
{
    const struct campus_entry *e = d->entry;
    struct day_change change = {.origin = {day, e->lesson}};
    bool is_free = strcmp(e->subject, "-") == 0;
    uint32_t subject = name_get(d->c->subjects.names, e->subject);
    uint32_t place = e->place[0] ? name_get(d->c->place_names, e->place) : UINT32_MAX;
    if (e->subject[0] && subject == UINT32_MAX && strchr(e->subject, '@'))
        entry_refuse(d->refusals, ENTRY_KEY_SUBJECT, -ENOENT,
                     "'%.80s' has its room in it (allowed: the subject alone, and the "
                     "room under place)",
                     e->subject);
    else if (e->subject[0] && subject == UINT32_MAX && !is_free)
        entry_refuse(d->refusals, ENTRY_KEY_SUBJECT, -ENOENT,
                     "there is no subject '%.80s' (allowed: id or title of a subject, - "
                     "= nothing is taught)",
                     e->subject);
    struct namesakes two;
    if (e->place[0] && place == UINT32_MAX && namesakes_place(d->c, e->place, &two))
        entry_refuse(d->refusals, ENTRY_KEY_PLACE, -ENOENT,
                     "several places are called '%s', such as '%s' and '%s' (allowed: "
                     "the id)",
                     e->place, two.first, two.second);
    else if (e->place[0] && place == UINT32_MAX)
        entry_refuse(d->refusals, ENTRY_KEY_PLACE, -ENOENT,
                     "there is no place '%.80s' (allowed: id or title of a place)",
                     e->place);
    if (!is_clean(d))
        return 0;
    if (!is_free)
        text_copy(change.subject, GW_ID_MAX, d->c->subjects.items[subject].id);
    if (place != UINT32_MAX)
        text_copy(change.place, GW_ID_MAX, d->c->places[place].id);
    return set_lesson(d, day, e->lesson, &change);
}

static int take_back(struct desk *d, int64_t day)
{
    struct swap swap;
    const struct day_lesson lesson = {day, d->entry->lesson};
    int r = swap_take_back(d->book, d->class->id, lesson, &swap);
    for (size_t i = 0; r == 0 && i < swap.count; i++)
        note_day(d, swap.lessons[i].day);
    return book_failed(d, r);
}

static int enter_lesson(struct desk *d)
{
    const struct campus_entry *e = d->entry;
    int64_t day = 0;
    bool has_day = lesson_day(d, ENTRY_KEY_DAY, e->day, &day);
    bool is_there = has_day && has_lesson(d, ENTRY_KEY_LESSON, day, e->lesson);
    if (e->with > 0)
        return exchange(d, day, has_day, is_there);
    if (!e->is_undo)
        return substitute(d, day);
    return is_clean(d) ? take_back(d, day) : 0;
}

/* An exemption that is ended today ends now unless it is said when; one that begins today
 * without a time begins now.  What is measured goes on beside it. */
static int enter_exempt(struct desk *d)
{
    const struct campus_entry *e = d->entry;
    int64_t day = 0;
    (void)day_of(d, ENTRY_KEY_DAY, e->day, &day);
    int32_t from_s = e->from_s >= 0 ? e->from_s : day == d->today ? d->now_s : 0;
    int32_t until_s = e->until_s >= 0 ? e->until_s : CIVIL_DAY_S;
    if (is_clean(d) && !e->is_undo && until_s <= from_s)
        entry_refuse(d->refusals, ENTRY_KEY_UNTIL, -EINVAL,
                     "until %02d:%02d (allowed: after from, %02d:%02d)",
                     (int)until_s / 3600, (int)until_s / 60 % 60, (int)from_s / 3600,
                     (int)from_s / 60 % 60);
    if (!is_clean(d))
        return 0;
    note_day(d, day);
    if (e->is_undo)
        return book_failed(d, day_book_refuse_exemption(d->book, day, e->bits, from_s));
    int r = day_book_end_exemption(d->book, day, e->bits, from_s, "");
    if (r == 0)
        r = day_book_add_exemption(d->book, day,
                                   &(struct day_exemption){e->bits, from_s, until_s, ""});
    return book_failed(d, r);
}

/* enter_unknown - nobody knows what is entered; the day can be judged. */
static int enter_unknown(struct desk *d)
{
    int64_t day = 0;
    (void)day_of(d, ENTRY_KEY_DAY, d->entry->day, &day);
    return 0;
}

static struct desk desk_of(const struct gw_campus *c, struct day_book *book,
                           const struct campus_entry *entry, int64_t time_us,
                           struct entry_refusals *refusals)
{
    struct desk d = {.c = c, .book = book, .entry = entry, .refusals = refusals};
    d.today = school_second(c, time_us, &d.now_s);
    refusals->is_chinese = entry->is_chinese;
    return d;
}

int entry_judge(const struct gw_campus *c, struct day_book *book,
                const struct campus_entry *entry, int64_t time_us, struct entry_days *ret,
                struct entry_refusals *refusals, struct gw_error *err)
{
    static int (*const enter[])(struct desk * d) = {
        [ENTRY_LEAVE] = enter_count,   [ENTRY_ATTENDANCE] = enter_count,
        [ENTRY_SWAP] = enter_lesson,   [ENTRY_EXEMPT] = enter_exempt,
        [ENTRY_KINDS] = enter_unknown,
    };
    struct desk d = desk_of(c, book, entry, time_us, refusals);
    d.err = err;
    d.class = entry_judge_class(c, entry->class_id, refusals);
    int r = enter[entry->kind](&d);
    if (r == 0)
        *ret = d.changed;
    return r;
}

void entry_judge_sum(const struct gw_campus *c, struct day_book *book,
                     const struct campus_entry *entry, int64_t time_us,
                     struct entry_refusals *refusals)
{
    struct desk d = desk_of(c, book, entry, time_us, refusals);
    uint32_t index = name_get(c->class_names, entry->class_id);
    bool is_count = entry->kind == ENTRY_LEAVE || entry->kind == ENTRY_ATTENDANCE;
    if (!is_count || index == UINT32_MAX)
        return;
    const struct gw_class *class = &c->classes[index];
    int64_t day = entry->day == ENTRY_TODAY ? d.today : entry->day;
    const struct gw_class_day what = day_book_class(book, day, class->id);
    if (what.leave + what.entered > class->enrolled) /* not where one of them is NAN */
        entry_refuse(refusals, ENTRY_KEY_COUNT, -EINVAL,
                     "leave %u and present %u are more than class '%s' has enrolled, "
                     "%u (allowed: together 0 .. %u)",
                     (unsigned)what.leave, (unsigned)what.entered, class->id,
                     (unsigned)class->enrolled, (unsigned)class->enrolled);
}

/* Into a copy first: leave and attendance are judged together, when both are there. */
int campus_enter(const struct gw_campus *c, const struct campus_entry *entry,
                 int64_t time_us, struct entry_days *ret, struct gw_error *err)
{
    struct entry_refusals refusals = {0};
    struct day_book *book = NULL;
    struct entry_days days = {0};
    int r = day_book_new(&book);
    if (r == 0)
        r = day_book_take_over(book, c->book);
    r = r < 0 ? gw_fail(err, r, "out of memory")
              : entry_judge(c, book, entry, time_us, &days, &refusals, err);
    if (r == 0 && refusals.count == 0)
        entry_judge_sum(c, book, entry, time_us, &refusals);
    if (r == 0)
        r = entry_refused(&refusals, err);
    if (r == 0 && day_book_take_over(c->book, book) < 0)
        r = gw_fail(err, -ENOMEM, "out of memory");
    if (r == 0)
        *ret = days;
    day_book_free(book);
    return r;
}
