/* timetable.h - the week: what each class is taught in which lesson, and where.
 *
 * From timetable.csv, in one of two forms: the school's sheet (a row a class, a column a
 * lesson of a weekday) or a list (a row a lesson).  Immutable once loaded.  Thread: any.
 */
#ifndef CAMPUS_TIMETABLE_H
#define CAMPUS_TIMETABLE_H

#include "config/config.h"
#include "gw/campus.h"

enum { TIMETABLE_LESSONS_MAX = 16, TIMETABLE_WEEKDAYS = 7 };

/* lesson_cell - indices into subjects and places, plus one; 0 = none.
 * is_free     nothing is taught, and that is meant so */
struct lesson_cell {
    uint16_t subject;
    uint16_t place : 15;
    uint16_t is_free : 1;
};

/* timetable - cells: by class, weekday, lesson, and odd or even week; NULL = no table.
 * has_rows    by class: it has a timetable
 * is_weekly   no cell is for odd or even weeks only */
struct timetable {
    struct lesson_cell *cells;
    bool *has_rows;
    bool is_weekly;
};

/* timetable_cell - of class @class (an index), @weekday 1..7, lesson @number 1.. */
struct lesson_cell timetable_cell(const struct timetable *t, size_t class, int weekday,
                                  uint32_t number, bool is_even_week);

/* timetable_has - one of the first @classes has a lesson on @weekday. */
bool timetable_has(const struct timetable *t, size_t classes, int weekday);

/* timetable_load - of @config, if it has one; faults are added.  After classes, places,
 * subjects and bells of @c.  returns 0 or -ENOMEM */
int timetable_load(struct gw_campus *c, struct config_source *src,
                   const struct config *config);

/* timetable_mark - where a cell is written in the table: its row's index plus one (0 = it
 * is not) and its column. */
struct timetable_mark {
    uint16_t row;
    uint16_t column;
};

size_t timetable_index(size_t class, int weekday, uint32_t number, bool is_even_week);

#endif
