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

/* is_back - the two were exchanged with one another before. */
static bool is_back(const struct doubt *d, int64_t with_day)
{
    const struct campus_entry *e = d->entry;
    struct day_change first;
    struct day_change second;
    return day_book_change(d->c->book, d->day, d->class->id, e->lesson, &first)
           && day_book_change(d->c->book, with_day, d->class->id, e->with, &second)
           && first.origin.day == with_day && first.origin.number == e->with
           && second.origin.day == d->day && second.origin.number == e->lesson;
}

/* room_of - where a class of the stage is taught @subject, if all lessons of it that are
 * written have a room; NULL = some have none. */
static const struct gw_place *room_of(const struct doubt *d, uint32_t subject)
{
    const struct gw_campus *c = d->c;
    const struct gw_place *room = NULL;
    for (size_t i = 0; c->timetable.cells && i < c->class_count; i++)
        for (int weekday = 1; weekday <= TIMETABLE_WEEKDAYS; weekday++)
            for (uint32_t number = 1; number <= TIMETABLE_LESSONS_MAX; number++) {
                const struct lesson_cell cell =
                    timetable_cell(&c->timetable, i, weekday, number, false);
                if (c->classes[i].stage != d->class->stage || cell.subject != subject + 1)
                    continue;
                if (cell.place == 0)
                    return NULL;
                room = room ? room : &c->places[cell.place - 1];
            }
    return room;
}

/* doubt_room - the class would have it in its own room, and all others elsewhere. */
static void doubt_room(const struct doubt *d)
{
    uint32_t subject = name_get(d->c->subjects.names, d->entry->subject);
    const struct gw_place *room = subject < d->c->subjects.count
                                          && !d->c->subjects.items[subject].place
                                          && !d->entry->place[0]
                                      ? room_of(d, subject)
                                      : NULL;
    if (room)
        entry_refuse(d->told, ENTRY_KEY_SUBJECT, 0,
                     "lessons of '%.80s' have a room in the timetable, such as '%s', and "
                     "this one none (wanted: its place; leave it where it is in the "
                     "class's own room)",
                     d->entry->subject, room->id);
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
    else {
        doubt_subject(d);
        doubt_room(d);
    }
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

/* is_open - some stage has a phase of the school day between the two. */
static bool is_open(const struct doubt *d, int32_t from_s, int32_t until_s)
{
    for (int stage = 0; stage < GW_STAGES; stage++) {
        const struct bells *b = school_bells(d->c, (enum gw_stage)stage, d->day);
        for (size_t i = 0; b && i < b->count; i++) {
            const struct bell *bell = &b->items[i];
            bool is_day =
                bell->kind != GW_PHASE_CLOSED && bell->kind != GW_PHASE_BOARDING_NIGHT;
            if (is_day && bell->start_s < until_s && bell->end_s > from_s)
                return true;
        }
    }
    return false;
}

/* doubt_hours - nobody is at school then: mostly 2:00 is two in the afternoon. */
static void doubt_hours(const struct doubt *d)
{
    int32_t from_s = d->entry->from_s >= 0 ? d->entry->from_s : 0;
    int32_t until_s = d->entry->until_s >= 0 ? d->entry->until_s : CIVIL_DAY_S;
    if (from_s < until_s && !is_open(d, from_s, until_s))
        entry_refuse(
            d->told, ENTRY_KEY_FROM, 0,
            "the school is closed from %02d:%02d to %02d:%02d (wanted: a time of "
            "the school day; two in the afternoon is 14:00)",
            (int)from_s / 3600, (int)from_s / 60 % 60, (int)until_s / 3600,
            (int)until_s / 60 % 60);
}

static struct doubt doubt_of(const struct gw_campus *c, const struct campus_entry *entry,
                             int64_t time_us, struct entry_refusals *told)
{
    uint32_t class = name_get(c->class_names, entry->class_id);
    return (struct doubt){
        .c = c,
        .entry = entry,
        .class = entry->class_id[0] && class != UINT32_MAX ? &c->classes[class] : NULL,
        .day = entry->day == ENTRY_TODAY ? school_day(c, time_us) : entry->day,
        .told = told,
    };
}

void entry_doubt_again(const struct gw_campus *c, const struct campus_entry *entry,
                       int64_t time_us, struct entry_refusals *ret)
{
    struct doubt d = doubt_of(c, entry, time_us, ret);
    int64_t with_day = entry->with_day == ENTRY_TODAY ? d.day : entry->with_day;
    if (!entry->faulty && d.class && entry->kind == ENTRY_SWAP && !entry->is_undo
        && entry->with > 0 && is_back(&d, with_day))
        entry_refuse(ret, ENTRY_KEY_WITH, 0,
                     "lessons %u and %u of class '%s' were exchanged already and are now "
                     "as before (wanted: once; enter it again if they are to be "
                     "exchanged)",
                     (unsigned)entry->lesson, (unsigned)entry->with, d.class->id);
}

void entry_doubts(const struct gw_campus *c, const struct config *config,
                  const struct campus_entry *entry, int64_t time_us,
                  struct entry_refusals *ret)
{
    struct doubt d = doubt_of(c, entry, time_us, ret);
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
    else if (entry->kind == ENTRY_EXEMPT)
        doubt_hours(&d);
    if (entry->kind == ENTRY_SWAP && !entry->is_undo)
        doubt_place(&d, config);
}
