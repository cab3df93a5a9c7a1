/* class_doubts.h - columns of classes.csv that can be so, and hardly are meant.
 * Thread: one while it loads.
 */
#ifndef CONFIG_CLASS_DOUBTS_H
#define CONFIG_CLASS_DOUBTS_H

#include "config/roster.h"

enum class_column {
    CLASS_ID,
    CLASS_TITLE,
    CLASS_STAGE,
    CLASS_GRADE,
    CLASS_ROOM,
    CLASS_ENROLLED,
    CLASS_STAFF,
    CLASS_LIMIT,
    CLASS_COLUMNS
};

/* class_is_year - the @named year of its stage is @grade: 一(1)班 of 初一 or 高一. */
bool class_is_year(int named, int grade);

/* class_grade - by its column or its title, 0 = unknown, also where they disagree. */
int class_grade(const struct sheet *s, const struct csv_row *row);

/* class_is_odd - @id is one by the year of entry but for its signs, 2026_P_01, for a
 * zero, 2026-P-1, or for a digit, 026-P-01, and others of the table are right. */
bool class_is_odd(const struct sheet *s, const char *id);

/* class_doubts_exchanged - true, and one fault: two headings were exchanged.
 * places  where classes may be at home */
bool class_doubts_exchanged(const struct load *l, const struct sheet *s,
                            const struct node_list *places);

/* class_doubts_columns - warns of grades that some rows lack, of a limit that is not that
 * of all others of the stage, of far more adults than all others have and of a number of
 * pupils that lost a digit. */
void class_doubts_columns(const struct sheet *s);

/* class_doubts_numbers - of a table in which nothing else is odd: the number within the
 * grade is the same in id and title. */
void class_doubts_numbers(const struct sheet *s);

#endif
