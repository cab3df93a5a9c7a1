#include "witness.h"

#include <string.h>

#include "standstill.h"

enum { LESSONS_MAX = 24, PHASES_MAX = 96 };

bool witness_came(const struct lessons *ls, const struct class_book *book,
                  const struct gw_lesson *lesson)
{
    return room_moved(book->home, lesson->start_us - ls->options->slice_start_us);
}

/* The end of the last lesson before @lesson in the class's own room, or midnight. */
static int64_t last_at_home(const struct lessons *ls, const struct class_book *book,
                            const struct gw_lesson *lesson)
{
    struct gw_lesson lessons[LESSONS_MAX];
    int64_t end_us = book->day.midnight_us;
    size_t count = gw_campus_lessons(ls->campus, book->class->id, lesson->start_us,
                                     lessons, LESSONS_MAX);
    for (size_t i = 0; i < count && i < LESSONS_MAX; i++)
        if (lessons[i].start_us < lesson->start_us
            && lesson_is_at_home(book, &lessons[i]))
            end_us = lessons[i].end_us - ls->options->slice_end_us;
    return end_us;
}

bool witness_left(const struct lessons *ls, const struct class_book *book,
                  const struct gw_lesson *lesson)
{
    return room_moved(book->home, last_at_home(ls, book, lesson));
}

/* A double lesson is one: its class may well stay there. */
bool witness_guest(const struct lessons *ls, const struct class_book *book,
                   const struct room *room, const struct gw_lesson *lesson)
{
    struct gw_lesson lessons[LESSONS_MAX];
    int64_t start_us = lesson->start_us;
    bool is_there = false;
    size_t count = gw_campus_lessons(ls->campus, book->class->id, lesson->start_us,
                                     lessons, LESSONS_MAX);
    for (size_t i = 0; i < count && i < LESSONS_MAX; i++) {
        if (lessons[i].start_us > lesson->start_us)
            break;
        bool was_there = is_there;
        is_there = lessons[i].place_id && strcmp(lessons[i].place_id, room->place) == 0;
        if (is_there && !was_there)
            start_us = lessons[i].start_us;
    }
    return room_moved(room, start_us - ls->options->slice_start_us);
}

/* In rain they stay where they are.  An empty room that the class is to be in: it came
 * and went, or is elsewhere. */
bool witness_pupils(const struct lessons *ls, const struct class_book *book,
                    const struct gw_lesson *lesson, double pupils)
{
    if (pupils <= ls->options->away_people * book->class->enrolled)
        return witness_came(ls, book, lesson);
    return witness_left(ls, book, lesson)
           || standstill_is_exempt(ls->campus, last_at_home(ls, book, lesson),
                                   lesson->start_us);
}

/* When the class was last to come into its own room today; GW_TIME_NONE: not at all. */
static int64_t last_coming(const struct lessons *ls, const struct class_book *book)
{
    struct gw_lesson lessons[LESSONS_MAX];
    int64_t start_us = GW_TIME_NONE;
    size_t count = gw_campus_lessons(ls->campus, book->class->id, book->day.midnight_us,
                                     lessons, LESSONS_MAX);
    for (size_t i = 0; i < count && i < LESSONS_MAX; i++)
        if (lesson_is_at_home(book, &lessons[i]))
            start_us = lessons[i].start_us - ls->options->slice_start_us;
    return start_us;
}

/* The end of today's last lesson out of doors or long recess; midnight without one. */
static int64_t last_exercise(const struct lessons *ls, const struct class_book *book)
{
    struct gw_lesson lessons[LESSONS_MAX];
    struct gw_phase phases[PHASES_MAX];
    const char *id = book->class->id;
    int64_t end_us = book->day.midnight_us;
    size_t count = gw_campus_lessons(ls->campus, id, end_us, lessons, LESSONS_MAX);
    for (size_t i = 0; i < count && i < LESSONS_MAX; i++)
        if (lessons[i].subject && lessons[i].subject_kind == GW_SUBJECT_OUTDOOR)
            end_us = lessons[i].end_us;
    count = gw_campus_phases(ls->campus, id, book->day.midnight_us, phases, PHASES_MAX);
    for (size_t i = 0; i < count && i < PHASES_MAX; i++)
        if (phases[i].kind == GW_PHASE_LONG_RECESS && phases[i].end_us > end_us)
            end_us = phases[i].end_us;
    return end_us;
}

bool witness_exercise(const struct lessons *ls, const struct class_book *book)
{
    int64_t coming_us = last_coming(ls, book);
    return coming_us == GW_TIME_NONE || room_moved(book->home, coming_us)
           || room_moved(book->home, last_exercise(ls, book));
}

static bool is_recess(const struct gw_phase *phase)
{
    return phase->kind == GW_PHASE_RECESS || phase->kind == GW_PHASE_LONG_RECESS;
}

enum attendance_word witness_attendance(const struct lessons *ls,
                                        const struct class_book *book, int64_t time_us)
{
    int64_t end_us = book->day.first_end_us;
    struct gw_phase after = gw_campus_phase(ls->campus, book->class->id, end_us);
    if (!is_recess(&after) || room_moved(book->home, end_us - ls->options->slice_end_us))
        return ATTENDANCE_KNOWN;
    return time_us < after.end_us ? ATTENDANCE_WAITS : ATTENDANCE_UNKNOWN;
}
