/* lessons_model.h - what is behind struct lessons; for lessons.c, lesson.c,
 * lessons_clock.c, school_day.c, witness.c and homecoming.c. */
#ifndef OCCUPANCY_LESSONS_MODEL_H
#define OCCUPANCY_LESSONS_MODEL_H

#include "adherence.h"
#include "class_book.h"
#include "lessons.h"
#include "room_use.h"

/* lessons - is_restored: the first minute after a start is still to come. */
struct lessons {
    struct gw_host *host;
    const struct gw_campus *campus;
    const struct occupancy_options *options;
    const struct rooms *rooms;
    struct class_book *books;
    size_t count;
    struct adherence_week week;
    struct room_uses *uses;
    bool is_restored;
};

/* lessons_monday - the midnight at which the week of @time_us began. */
int64_t lessons_monday(const struct lessons *ls, int64_t time_us);

/* lesson_is_at_home - it is to be in the class's own room. */
bool lesson_is_at_home(const struct class_book *book, const struct gw_lesson *lesson);

/* lesson_minute - what the minute that ends at @time_us was to @book's class: part of a
 * lesson or of a recess.  Judges a lesson whose middle is over. */
void lesson_minute(struct lessons *ls, struct class_book *book, int64_t time_us);

/* school_day_minute - what has its own time in the day: attendance, who sat there early,
 * the day's figures. */
void school_day_minute(struct lessons *ls, struct class_book *book, int64_t time_us);

/* school_day_tell - the school's attendance as a fact, when the day's figures are due. */
void school_day_tell(struct lessons *ls, int64_t time_us);

/* school_day_due - day_at is past in @time_us's day. */
bool school_day_due(const struct lessons *ls, int64_t time_us);

#endif
