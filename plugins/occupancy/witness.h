/* witness.h - may the counter of a class's own room be heard on a lesson?
 *
 * A counter that froze repeats what it said last, and whoever believes it accuses a class
 * of what it did not do.  So of each thing that is said there must be a trace: who came,
 * went or stayed over a change of lessons moved the counter then, or somebody else did.
 * Without one, nothing is known.  Thread: the pipeline's. */
#ifndef OCCUPANCY_WITNESS_H
#define OCCUPANCY_WITNESS_H

#include "lessons_model.h"

/* witness_came - the counter moved around the start of @lesson or in it. */
bool witness_came(const struct lessons *ls, const struct class_book *book,
                  const struct gw_lesson *lesson);

/* witness_left - it moved since the class was last to be in its room, or since midnight.
 */
bool witness_left(const struct lessons *ls, const struct class_book *book,
                  const struct gw_lesson *lesson);

/* witness_guest - the counter of @room, where @lesson is taught, moved since the class
 * was first to be there without a break. */
bool witness_guest(const struct lessons *ls, const struct class_book *book,
                   const struct room *room, const struct gw_lesson *lesson);

/* witness_pupils - so many @pupils in a lesson there may be believed. */
bool witness_pupils(const struct lessons *ls, const struct class_book *book,
                    const struct gw_lesson *lesson, double pupils);

/* witness_exercise - in the evening: an empty room may be believed to have been empty.
 * false: nobody passed its door since the class was out of doors, nor when it was to come
 * back. */
bool witness_exercise(const struct lessons *ls, const struct class_book *book);

/* What is to become of lesson 1's pupils at @time_us. */
enum attendance_word { ATTENDANCE_KNOWN, ATTENDANCE_WAITS, ATTENDANCE_UNKNOWN };

/* witness_attendance - the recess after lesson 1 tells: known once the counter moves in
 * it, unknown when it is over. */
enum attendance_word witness_attendance(const struct lessons *ls,
                                        const struct class_book *book, int64_t time_us);

#endif
