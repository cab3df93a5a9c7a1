/* lessons.c - what is taught on a day: the week's timetable, and what the day changes. */
#include <string.h>

#include "base/text.h"
#include "campus/campus.h"
#include "campus/civil.h"
#include "campus/names.h"
#include "campus/school.h"

/* class_day - one class on one local day.
 * weekday     whose timetable is taught, 0 = nobody knows */
struct class_day {
    const struct gw_campus *c;
    const struct gw_class *class;
    uint32_t index;
    int64_t day;
    int weekday;
    bool is_even_week;
};

static bool class_day(const struct gw_campus *c, const char *class_id, int64_t day,
                      struct class_day *ret)
{
    uint32_t index = campus_class_index(c, class_id);
    if (index == UINT32_MAX)
        return false;
    *ret = (struct class_day){
        .c = c,
        .class = &c->classes[index],
        .index = index,
        .day = day,
        .weekday = calendar_taught(&c->calendar, day),
        .is_even_week = calendar_week(&c->calendar, day) % 2 == 0,
    };
    return true;
}

/* written - what the week's timetable says; false = nothing is taught, or nobody knows.
 */
static bool written(const struct class_day *d, uint32_t number, struct lesson_cell *ret)
{
    const struct timetable *t = &d->c->timetable;
    *ret = (struct lesson_cell){0};
    if (d->weekday == 0)
        return false;
    if (!t->cells || !t->has_rows[d->index])
        return true;
    *ret = timetable_cell(t, d->index, d->weekday, number, d->is_even_week);
    return ret->subject > 0;
}

/* entered - what the day book says instead; false = nothing of it, or nothing that the
 * school knows any more. */
static bool entered(const struct class_day *d, uint32_t number, struct lesson_cell *ret)
{
    struct day_change change;
    if (!day_book_change(d->c->book, d->day, d->class->id, number, &change))
        return false;
    *ret = (struct lesson_cell){.is_free = change.subject[0] == '\0'};
    if (ret->is_free)
        return true;
    uint32_t subject = text_map_get(d->c->subjects.names, change.subject);
    uint32_t place = text_map_get(d->c->place_ids, change.place);
    if (subject == UINT32_MAX)
        return false;
    ret->subject = (uint16_t)(subject + 1);
    ret->place = (place == UINT32_MAX ? 0 : place + 1) & 0x7fff;
    return true;
}

static const char *place_of(const struct class_day *d, struct lesson_cell cell)
{
    const struct subject *subject =
        cell.subject > 0 ? &d->c->subjects.items[cell.subject - 1] : NULL;
    if (cell.place > 0)
        return d->c->places[cell.place - 1].id;
    if (subject && subject->place)
        return subject->place;
    return !subject || subject->kind == GW_SUBJECT_ROOM ? d->class->place_id : NULL;
}

/* lesson_of - the lesson that rings with @bell; false = none. */
static bool lesson_of(const struct class_day *d, const struct bell *bell,
                      struct gw_lesson *ret)
{
    struct lesson_cell cell;
    bool is_taught = written(d, bell->lesson, &cell);
    bool is_changed = entered(d, bell->lesson, &cell);
    if (is_changed ? cell.is_free : !is_taught)
        return false;
    const struct subject *subject =
        cell.subject > 0 ? &d->c->subjects.items[cell.subject - 1] : NULL;
    *ret = (struct gw_lesson){
        .class_id = d->class->id,
        .subject = subject ? subject->id : NULL,
        .subject_kind = subject ? subject->kind : GW_SUBJECT_ROOM,
        .place_id = place_of(d, cell),
        .number = bell->lesson,
        .start_us = school_time(d->c, d->day, bell->start_s),
        .end_us = school_time(d->c, d->day, bell->end_s),
        .is_changed = is_changed,
    };
    return true;
}

bool lessons_of_week(const struct gw_campus *c, const char *class_id, int64_t day,
                     uint32_t number, struct day_change *ret)
{
    struct class_day d;
    struct lesson_cell cell;
    const struct timetable *t = &c->timetable;
    if (!class_day(c, class_id, day, &d) || d.weekday == 0 || !t->cells
        || !t->has_rows[d.index])
        return false;
    (void)written(&d, number, &cell);
    *ret = (struct day_change){.origin = {day, number}};
    if (cell.subject > 0)
        text_copy(ret->subject, GW_ID_MAX, c->subjects.items[cell.subject - 1].id);
    if (cell.place > 0)
        text_copy(ret->place, GW_ID_MAX, c->places[cell.place - 1].id);
    return true;
}

bool campus_day(const struct gw_campus *c, const char *date, int64_t time_us,
                struct campus_day *ret)
{
    int64_t day = school_day(c, time_us);
    if (date && civil_read(date, &day) < 0)
        return false;
    *ret = (struct campus_day){
        .day = day,
        .start_us = school_time(c, day, 0),
        .noon_us = school_time(c, day, CIVIL_DAY_S / 2),
        .end_us = school_time(c, day + 1, 0),
        .week = calendar_week(&c->calendar, day),
        .season = school_season(c, day),
    };
    return true;
}

const struct gw_text *campus_subject_title(const struct gw_campus *c, const char *id)
{
    uint32_t index = name_get(c->subjects.names, id);
    return index == UINT32_MAX ? NULL : &c->subjects.items[index].title;
}

size_t gw_campus_lessons(const struct gw_campus *campus, const char *class_id,
                         int64_t time_us, struct gw_lesson *ret, size_t max)
{
    struct class_day d;
    size_t count = 0;
    if (!class_day(campus, class_id, school_day(campus, time_us), &d))
        return 0;
    const struct bells *bells = school_bells(campus, d.class->stage, d.day);
    for (size_t i = 0; bells && i < bells->count; i++) {
        struct gw_lesson lesson;
        if (bells->items[i].kind != GW_PHASE_LESSON
            || !lesson_of(&d, &bells->items[i], &lesson))
            continue;
        if (count < max)
            ret[count] = lesson;
        count++;
    }
    return count;
}

static bool lesson_now(const struct gw_campus *c, const char *class_id, int64_t day,
                       int32_t second_s, struct gw_lesson *ret)
{
    struct class_day d;
    if (!class_day(c, class_id, day, &d))
        return false;
    const struct bells *bells = school_bells(c, d.class->stage, day);
    const struct bell *bell = bells ? bells_at(bells, second_s) : NULL;
    return bell && bell->kind == GW_PHASE_LESSON && lesson_of(&d, bell, ret);
}

bool gw_campus_lesson(const struct gw_campus *campus, const char *class_id,
                      int64_t time_us, struct gw_lesson *ret)
{
    int32_t second_s = 0;
    int64_t day = school_second(campus, time_us, &second_s);
    return lesson_now(campus, class_id, day, second_s, ret);
}

bool gw_campus_taught(const struct gw_campus *campus, const char *place_id,
                      int64_t time_us, struct gw_lesson *ret)
{
    const struct gw_place *place = gw_campus_place(campus, place_id);
    int32_t second_s = 0;
    int64_t day = school_second(campus, time_us, &second_s);
    struct gw_lesson lesson;
    if (!place)
        return false;
    bool is_home =
        place->class_id && lesson_now(campus, place->class_id, day, second_s, &lesson);
    bool is_taught = is_home && lesson.place_id && strcmp(lesson.place_id, place_id) == 0;
    for (size_t i = 0; !is_taught && i < campus->class_count; i++)
        is_taught = lesson_now(campus, campus->classes[i].id, day, second_s, &lesson)
                    && lesson.place_id && strcmp(lesson.place_id, place_id) == 0;
    if (is_taught)
        *ret = lesson;
    return is_taught;
}
