#include "campus/entry_judge.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "campus/civil.h"
#include "campus/names.h"
#include "campus/school.h"

/* desk - one entry being judged.
 * today, now_s  the local day and its second
 * key           of the entry, that a refusal is about */
struct desk {
    const struct gw_campus *c;
    struct day_book *book;
    const struct campus_entry *entry;
    const struct gw_class *class;
    int64_t today;
    int32_t now_s;
    const char *key;
    struct entry_days changed;
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
    if (d->changed.count == 0 || d->changed.days[0] != day)
        d->changed.days[d->changed.count++] = day;
}

static int day_of(struct desk *d, const char *key, int64_t said, int64_t *ret)
{
    d->key = key;
    int64_t day = said == ENTRY_TODAY ? d->today : said;
    struct civil_date date = civil_date(day);
    if (day < d->today - DAY_BOOK_KEPT_DAYS || day > d->today + DAY_BOOK_AHEAD_DAYS)
        return gw_fail(d->err, -EINVAL,
                       "day %04d-%02d-%02d is too far away (allowed: %d days back, %d "
                       "ahead)",
                       date.year, date.month, date.day, DAY_BOOK_KEPT_DAYS,
                       DAY_BOOK_AHEAD_DAYS);
    enum gw_stage stage = d->class ? d->class->stage : d->c->stage;
    if (!school_bells(d->c, stage, day))
        return gw_fail(d->err, -EINVAL,
                       "%04d-%02d-%02d is no school day (allowed: a day with bells)",
                       date.year, date.month, date.day);
    *ret = day;
    return 0;
}

static int find_class(struct desk *d)
{
    d->key = "class";
    const char *text = d->entry->class_id;
    uint32_t index = text[0] ? name_get(d->c->class_names, text) : UINT32_MAX;
    if (index == UINT32_MAX && text[0])
        return gw_fail(d->err, -ENOENT,
                       "there is no class '%.80s' (allowed: id or title of a class)",
                       text);
    d->class = text[0] ? &d->c->classes[index] : NULL;
    return 0;
}

static int enter_count(struct desk *d)
{
    const struct campus_entry *e = d->entry;
    int64_t day = 0;
    int r = day_of(d, "day", e->day, &day);
    if (r < 0)
        return r;
    d->key = "count";
    if (e->kind == ENTRY_LEAVE && e->count > d->class->enrolled)
        return gw_fail(d->err, -EINVAL, "class '%s' has %u enrolled (allowed: 0 .. %u)",
                       d->class->id, (unsigned)d->class->enrolled,
                       (unsigned)d->class->enrolled);
    struct gw_class_day what = day_book_class(d->book, day, d->class->id);
    double *field = e->kind == ENTRY_LEAVE ? &what.leave : &what.entered;
    *field = e->is_undo ? (double)NAN : e->count;
    note_day(d, day);
    return book_failed(d, day_book_set_class(d->book, day, d->class->id, what));
}

/* has_lesson - the bells of @day have that many. */
static int has_lesson(struct desk *d, const char *key, int64_t day, uint32_t number)
{
    d->key = key;
    const struct bells *bells = school_bells(d->c, d->class->stage, day);
    uint32_t last = bells_lessons(bells);
    if (number <= last)
        return 0;
    return gw_fail(d->err, -EINVAL, "there is no lesson %u (allowed: 1 .. %u)",
                   (unsigned)number, (unsigned)last);
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

static int known(struct desk *d, const char *key, int64_t day, uint32_t number,
                 struct day_change *ret)
{
    d->key = key;
    if (day_book_change(d->book, day, d->class->id, number, ret)
        || lessons_of_week(d->c, d->class->id, day, number, ret))
        return 0;
    return gw_fail(d->err, -EINVAL,
                   "nobody knows what class '%s' is taught then (allowed: a subject; a "
                   "swap needs a timetable)",
                   d->class->id);
}

static int exchange(struct desk *d, int64_t day)
{
    const struct campus_entry *e = d->entry;
    struct day_change first;
    struct day_change second;
    int64_t with_day = day;
    int r =
        e->with_day == ENTRY_TODAY ? 0 : day_of(d, "with_day", e->with_day, &with_day);
    if (r == 0)
        r = has_lesson(d, "with", with_day, e->with);
    if (r == 0)
        r = known(d, "lesson", day, e->lesson, &first);
    if (r == 0)
        r = known(d, "with", with_day, e->with, &second);
    if (r == 0)
        r = set_lesson(d, day, e->lesson, &second);
    if (r == 0)
        r = set_lesson(d, with_day, e->with, &first);
    return r;
}

static int substitute(struct desk *d, int64_t day)
{
    const struct campus_entry *e = d->entry;
    struct day_change change = {{0}, {0}};
    bool is_free = strcmp(e->subject, "-") == 0;
    uint32_t subject = name_get(d->c->subjects.names, e->subject);
    uint32_t place = e->place[0] ? name_get(d->c->place_names, e->place) : UINT32_MAX;
    d->key = "subject";
    if (subject == UINT32_MAX && !is_free)
        return gw_fail(
            d->err, -ENOENT,
            "there is no subject '%.80s' (allowed: id or title of a subject, - "
            "= nothing is taught)",
            e->subject);
    d->key = "place";
    if (e->place[0] && place == UINT32_MAX)
        return gw_fail(d->err, -ENOENT,
                       "there is no place '%.80s' (allowed: id or title of a place)",
                       e->place);
    if (!is_free)
        text_copy(change.subject, GW_ID_MAX, d->c->subjects.items[subject].id);
    if (place != UINT32_MAX)
        text_copy(change.place, GW_ID_MAX, d->c->places[place].id);
    return set_lesson(d, day, e->lesson, &change);
}

static int enter_lesson(struct desk *d)
{
    const struct campus_entry *e = d->entry;
    int64_t day = 0;
    int r = day_of(d, "day", e->day, &day);
    if (r == 0)
        r = has_lesson(d, "lesson", day, e->lesson);
    if (r < 0)
        return r;
    if (e->with > 0)
        return exchange(d, day);
    if (!e->is_undo)
        return substitute(d, day);
    note_day(d, day);
    return book_failed(d,
                       day_book_set_change(d->book, day, d->class->id, e->lesson, NULL));
}

/* An exemption that is ended today ends now unless it is said when; one that begins today
 * without a time begins now.  What is measured goes on beside it. */
static int enter_exempt(struct desk *d)
{
    const struct campus_entry *e = d->entry;
    int64_t day = 0;
    int r = day_of(d, "day", e->day, &day);
    if (r < 0)
        return r;
    int32_t from_s = e->from_s >= 0 ? e->from_s : day == d->today ? d->now_s : 0;
    int32_t until_s = e->until_s >= 0 ? e->until_s : CIVIL_DAY_S;
    d->key = "until";
    if (!e->is_undo && until_s <= from_s)
        return gw_fail(d->err, -EINVAL, "until (allowed: after from; after now)");
    note_day(d, day);
    if (e->is_undo)
        return book_failed(d, day_book_refuse_exemption(d->book, day, e->bits, from_s));
    r = day_book_end_exemption(d->book, day, e->bits, from_s, "");
    if (r == 0)
        r = day_book_add_exemption(d->book, day,
                                   &(struct day_exemption){e->bits, from_s, until_s, ""});
    return book_failed(d, r);
}

int entry_judge(const struct gw_campus *c, struct day_book *book,
                const struct campus_entry *entry, int64_t time_us, struct entry_days *ret,
                const char **ret_key, struct gw_error *err)
{
    static int (*const enter[])(struct desk * d) = {
        [ENTRY_LEAVE] = enter_count,
        [ENTRY_ATTENDANCE] = enter_count,
        [ENTRY_SWAP] = enter_lesson,
        [ENTRY_EXEMPT] = enter_exempt,
    };
    struct desk d = {.c = c, .book = book, .entry = entry, .err = err};
    d.today = school_second(c, time_us, &d.now_s);
    int r = find_class(&d);
    if (r == 0)
        r = enter[entry->kind](&d);
    if (r == 0)
        *ret = d.changed;
    *ret_key = d.key;
    return r;
}

int campus_enter(const struct gw_campus *c, const struct campus_entry *entry,
                 int64_t time_us, struct entry_days *ret, struct gw_error *err)
{
    const char *ignored = NULL;
    return entry_judge(c, c->book, entry, time_us, ret, &ignored, err);
}
