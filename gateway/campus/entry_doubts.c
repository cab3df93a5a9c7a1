#include "campus/entry_doubts.h"

#include <math.h>
#include <string.h>

#include "campus/civil.h"
#include "campus/names.h"
#include "campus/school.h"

/* doubt - one entry being read before it is entered.
 * class  NULL = of no class, or of none that there is
 * day    its local day */
struct doubt {
    const struct gw_campus *c;
    const struct campus_entry *entry;
    const struct gw_class *class;
    int64_t day;
    struct entry_refusals *told;
};

/* lesson_at - what class @d is taught in lesson @number of @day; false: nothing, or
 * nobody knows what. */
static bool lesson_at(const struct doubt *d, int64_t day, uint32_t number,
                      struct gw_lesson *ret)
{
    struct gw_lesson lessons[TIMETABLE_LESSONS_MAX];
    size_t count =
        gw_campus_lessons(d->c, d->class->id, school_time(d->c, day, CIVIL_DAY_S / 2),
                          lessons, TIMETABLE_LESSONS_MAX);
    for (size_t i = 0; i < count && i < TIMETABLE_LESSONS_MAX; i++)
        if (lessons[i].number == number) {
            *ret = lessons[i];
            return ret->subject != NULL;
        }
    return false;
}

static bool is_same_text(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

/* was_changed - something was entered of lesson @number before. */
static bool was_changed(const struct doubt *d, uint32_t number)
{
    struct day_change ignored;
    return day_book_change(d->c->book, d->day, d->class->id, number, &ignored);
}

/* is_as_written - the week has that subject there already.  Without a place it is taught
 * where it always is: the week must name none. */
static bool is_as_written(const struct doubt *d)
{
    const struct campus_entry *e = d->entry;
    struct day_change week;
    struct gw_lesson lesson;
    if (!lessons_of_week(d->c, d->class->id, d->day, e->lesson, &week))
        return false;
    if (strcmp(e->subject, "-") == 0)
        return week.subject[0] == '\0';
    uint32_t subject = name_get(d->c->subjects.names, e->subject);
    if (subject == UINT32_MAX || !lesson_at(d, d->day, e->lesson, &lesson)
        || strcmp(d->c->subjects.items[subject].id, lesson.subject) != 0)
        return false;
    if (!e->place[0])
        return week.place[0] == '\0';
    uint32_t place = name_get(d->c->place_names, e->place);
    return place != UINT32_MAX && is_same_text(d->c->places[place].id, lesson.place_id);
}

static void doubt_exchange(const struct doubt *d)
{
    const struct campus_entry *e = d->entry;
    int64_t with_day = e->with_day == ENTRY_TODAY ? d->day : e->with_day;
    struct gw_lesson first;
    struct gw_lesson second;
    if (with_day == d->day && e->with == e->lesson)
        return; /* is refused */
    if (lesson_at(d, d->day, e->lesson, &first)
        && lesson_at(d, with_day, e->with, &second)
        && strcmp(first.subject, second.subject) == 0
        && is_same_text(first.place_id, second.place_id))
        entry_refuse(d->told, ENTRY_KEY_WITH, 0,
                     "lessons %u and %u of class '%s' are the same subject, nothing "
                     "changes (wanted: two that differ)",
                     (unsigned)e->lesson, (unsigned)e->with, d->class->id);
}

/* doubt_subject - what no class of the grade is taught, but another grade is.  A subject
 * that nobody has in the week is for such days. */
static void doubt_subject(const struct doubt *d)
{
    const struct gw_campus *c = d->c;
    const size_t class = (size_t)(d->class - c->classes);
    uint32_t subject = name_get(c->subjects.names, d->entry->subject);
    bool is_elsewhere = false;
    if (subject >= c->subjects.count || name_grade(d->class->title.zh) == 0
        || !c->timetable.cells || !c->timetable.has_rows[class]
        || subject_is_taught(c, class, subject) || subject_is_near(c, class, subject, 0))
        return;
    for (size_t i = 0; i < c->class_count; i++)
        is_elsewhere |= subject_is_taught(c, i, subject);
    if (is_elsewhere)
        entry_refuse(d->told, ENTRY_KEY_SUBJECT, 0,
                     "no class of the grade of '%s' has '%.80s' in the timetable, others "
                     "have (wanted: a subject of the grade)",
                     d->class->id, d->entry->subject);
}

static void doubt_substitute(const struct doubt *d)
{
    if (!was_changed(d, d->entry->lesson) && is_as_written(d))
        entry_refuse(d->told, ENTRY_KEY_SUBJECT, 0,
                     "class '%s' has that in lesson %u anyway, nothing changes (wanted: "
                     "another subject or place)",
                     d->class->id, (unsigned)d->entry->lesson);
    else
        doubt_subject(d);
}

/* doubt_count - more are present than the class has: rules tell it, too.  Where leave is
 * known it is refused. */
static void doubt_count(const struct doubt *d)
{
    bool has_leave = !isnan(day_book_class(d->c->book, d->day, d->class->id).leave);
    if (d->entry->count > d->class->enrolled && !has_leave)
        entry_refuse(d->told, ENTRY_KEY_COUNT, 0,
                     "%u present, and class '%s' has %u enrolled (wanted: a number that "
                     "is right, here or in the class)",
                     (unsigned)d->entry->count, d->class->id,
                     (unsigned)d->class->enrolled);
}

/* doubt_seats - a room, not the class's own, that is too small for it. */
static void doubt_seats(const struct doubt *d, const struct config *config,
                        const struct gw_place *room)
{
    uint32_t subject = name_get(d->c->subjects.names, d->entry->subject);
    if (subject >= d->c->subjects.count
        || !place_is_single(config, room, d->c->subjects.items[subject].kind))
        return;
    bool is_own = d->class->place_id && strcmp(d->class->place_id, room->id) == 0;
    if (room->capacity > 0 && d->class->enrolled > room->capacity && !is_own)
        entry_refuse(d->told, ENTRY_KEY_PLACE, 0, ROOM_TOO_SMALL, room->id,
                     (unsigned)room->capacity, d->class->id,
                     (unsigned)d->class->enrolled);
}

/* doubt_place - a lesson in a canteen or at a gate, in a room that is too small, or none
 * and a place. */
static void doubt_place(const struct doubt *d, const struct config *config)
{
    const char *name = d->entry->place;
    uint32_t index = name[0] ? name_get(d->c->place_names, name) : UINT32_MAX;
    const struct gw_place *place = index < UINT32_MAX ? &d->c->places[index] : NULL;
    if (!place)
        return;
    if (strcmp(d->entry->subject, "-") == 0) {
        entry_refuse(d->told, ENTRY_KEY_PLACE, 0,
                     "'%s' stands here, and nothing is taught (wanted: a subject, or no "
                     "place)",
                     place->id);
        return;
    }
    if (place_has_lessons(config, place)) {
        doubt_seats(d, config, place);
        return;
    }
    const struct config_kind *kind = config_kind(config, place->kind, NULL);
    entry_refuse(d->told, ENTRY_KEY_PLACE, 0, PLACE_WITHOUT_LESSONS, place->id,
                 d->told->is_chinese ? kind->title.zh : kind->name);
}

/* has_undone - there is something that the undo takes back. */
static bool has_undone(const struct doubt *d)
{
    struct day_exemption exemptions[16];
    enum { EXEMPTIONS_MAX = sizeof(exemptions) / sizeof(exemptions[0]) };
    if (d->entry->kind == ENTRY_SWAP)
        return was_changed(d, d->entry->lesson);
    if (d->entry->kind != ENTRY_EXEMPT) {
        struct gw_class_day what = day_book_class(d->c->book, d->day, d->class->id);
        return !isnan(d->entry->kind == ENTRY_LEAVE ? what.leave : what.entered);
    }
    size_t count = day_book_exemptions(d->c->book, d->day, exemptions, EXEMPTIONS_MAX);
    for (size_t i = 0; i < count && i < EXEMPTIONS_MAX; i++)
        if (exemptions[i].bits & d->entry->bits)
            return true;
    return count > EXEMPTIONS_MAX;
}

/* doubt_undo - it is taken all the same: while the store is away nobody knows what was
 * entered, and the undo of an exemption also forbids one that is measured later. */
static void doubt_undo(const struct doubt *d)
{
    if (!has_undone(d))
        entry_refuse(d->told, ENTRY_KEY_UNDO, 0,
                     "nothing of it is known to be entered (wanted: what is to be taken "
                     "back, with its day)");
}

void entry_doubts(const struct gw_campus *c, const struct config *config,
                  const struct campus_entry *entry, int64_t time_us,
                  struct entry_refusals *ret)
{
    uint32_t class = name_get(c->class_names, entry->class_id);
    struct doubt d = {
        .c = c,
        .entry = entry,
        .class = entry->class_id[0] && class != UINT32_MAX ? &c->classes[class] : NULL,
        .day = entry->day == ENTRY_TODAY ? school_day(c, time_us) : entry->day,
        .told = ret,
    };
    if (entry->faulty || (!d.class && entry->kind != ENTRY_EXEMPT))
        return;
    if (entry->is_undo)
        doubt_undo(&d);
    else if (entry->kind == ENTRY_SWAP && entry->with > 0)
        doubt_exchange(&d);
    else if (entry->kind == ENTRY_SWAP)
        doubt_substitute(&d);
    else if (entry->kind == ENTRY_ATTENDANCE)
        doubt_count(&d);
    if (entry->kind == ENTRY_SWAP && !entry->is_undo)
        doubt_place(&d, config);
}
