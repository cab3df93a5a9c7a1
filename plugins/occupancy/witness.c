#include "witness.h"

#include "standstill.h"

enum { LESSONS_MAX = 24 };

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
