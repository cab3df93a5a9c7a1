/* lessons_clock.c - what a clock that is set means to the classes' days. */
#include <string.h>

#include "lessons_model.h"
#include "today.h"

static bool have_same_phases(const struct gw_campus *campus, const char *class_id,
                             int64_t before_us, int64_t after_us)
{
    struct gw_phase was[DAY_PHASES_MAX];
    struct gw_phase is[DAY_PHASES_MAX];
    size_t count = gw_campus_phases(campus, class_id, before_us, was, DAY_PHASES_MAX);
    if (gw_campus_phases(campus, class_id, after_us, is, DAY_PHASES_MAX) != count
        || count > DAY_PHASES_MAX)
        return false;
    for (size_t i = 0; i < count; i++)
        if (is[i].kind != was[i].kind
            || is[i].start_us != was[i].start_us + (after_us - before_us)
            || is[i].end_us != was[i].end_us + (after_us - before_us))
            return false;
    return true;
}

static bool is_same_text(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool have_same_lessons(const struct gw_campus *campus, const char *class_id,
                              int64_t before_us, int64_t after_us)
{
    struct gw_lesson was[DAY_LESSONS_MAX];
    struct gw_lesson is[DAY_LESSONS_MAX];
    size_t count = gw_campus_lessons(campus, class_id, before_us, was, DAY_LESSONS_MAX);
    if (gw_campus_lessons(campus, class_id, after_us, is, DAY_LESSONS_MAX) != count
        || count > DAY_LESSONS_MAX)
        return false;
    for (size_t i = 0; i < count; i++)
        if (!is_same_text(is[i].subject, was[i].subject)
            || !is_same_text(is[i].place_id, was[i].place_id)
            || is[i].start_us != was[i].start_us + (after_us - before_us)
            || is[i].end_us != was[i].end_us + (after_us - before_us))
            return false;
    return true;
}

static void move(int64_t *time_us, int64_t delta_us)
{
    *time_us += *time_us != 0 ? delta_us : 0;
}

/* The same day under its right name. */
static void book_rename(struct class_book *book, struct gw_host *host,
                        int64_t midnight_us, int64_t delta_us)
{
    book->day.midnight_us = midnight_us;
    move(&book->day.first_end_us, delta_us);
    move(&book->run.lesson_us, delta_us);
    move(&book->run.left_us, delta_us);
    move(&book->run.recess.start_us, delta_us);
    class_book_save_day(book, host);
    class_book_save_run(book, host);
}

/* A day whose figures are told has told them. */
static void book_begin_anew(struct class_book *book, struct gw_host *host,
                            int64_t midnight_us, int64_t time_us)
{
    uint8_t is_told =
        book->day.midnight_us == midnight_us ? book->day.is_told : (uint8_t)0;
    class_book_new_day(book, host, midnight_us, time_us);
    book->day.is_told = is_told;
    class_book_save_day(book, host);
}

static void book_step(struct lessons *ls, struct class_book *book, int64_t delta_us,
                      int64_t time_us)
{
    const char *id = book->class->id;
    int64_t before_us = time_us - delta_us - 1; /* at midnight it is the old day's */
    int64_t midnight_us = gw_campus_midnight(ls->campus, time_us - 1);
    if (!day_has_begun(book->day.midnight_us, gw_campus_midnight(ls->campus, before_us)))
        return; /* yesterday's, which the next minute closes */
    if (have_same_phases(ls->campus, id, before_us, time_us - 1)
        && have_same_lessons(ls->campus, id, before_us, time_us - 1)) {
        book_rename(book, ls->host, midnight_us, delta_us);
        homecoming_step(ls, book, delta_us);
    } else {
        homecoming_drop(ls, book);
        book_begin_anew(book, ls->host, midnight_us, time_us);
    }
}

void lessons_clock_step(struct lessons *ls, int64_t delta_us, int64_t time_us)
{
    int64_t before_us = time_us - delta_us;
    if (step_is_slight(delta_us)
        || gw_campus_crosses_midnight(ls->campus, before_us, time_us))
        return;
    for (size_t i = 0; i < ls->count; i++)
        book_step(ls, &ls->books[i], delta_us, time_us);
    room_uses_rename(ls->uses, gw_campus_midnight(ls->campus, before_us - 1),
                     gw_campus_midnight(ls->campus, time_us - 1));
    if (ls->week.start_us != lessons_monday(ls, before_us))
        return;
    ls->week.start_us = lessons_monday(ls, time_us);
    adherence_save(&ls->week, ls->host);
}
