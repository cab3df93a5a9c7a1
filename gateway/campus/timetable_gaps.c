/* timetable_gaps.c - cells of a timetable that are empty, and hardly meant so. */
#include "campus/names.h"
#include "campus/timetable_read.h"

enum { FRIDAY = 5 };

static bool is_empty(const struct week_reader *w, size_t class, struct week_at at)
{
    return w->marks[week_index(class, at)].row == 0;
}

/* lesson_behind - the next one of that day that is taught, 0 = none. */
static uint32_t lesson_behind(const struct week_reader *w, size_t class,
                              struct week_at at)
{
    const uint32_t last = w->last[w->c->classes[class].stage];
    for (at.number++; at.number <= last; at.number++)
        if (week_cell(w, class, at).subject > 0)
            return at.number;
    return 0;
}

/* weeks_of - of what is so in those weeks alone; @is_both: the same text, told once. */
static const char *weeks_of(const struct week_reader *w, struct week_at at, bool is_both)
{
    static const char *const weeks[2][2] = {{" of odd weeks", " of even weeks"},
                                            {"单周", "双周"}};
    return w->is_weekly || is_both
               ? ""
               : weeks[config_faults_is_chinese(w->src->faults)][at.is_even];
}

static struct week_at other_weeks(struct week_at at)
{
    at.is_even = !at.is_even;
    return at;
}

static const char *weekday_of(const struct week_reader *w, struct week_at at)
{
    return name_of_weekday(at.weekday, config_faults_is_chinese(w->src->faults));
}

/* place_of - the cell of lesson @at in the class's row, of a sheet; else what is written
 * for the class at @behind. */
static const struct csv_row *place_of(const struct week_reader *w, size_t class,
                                      struct week_at at, uint32_t behind,
                                      size_t *ret_column)
{
    const struct csv_row *row = week_row(w, class);
    *ret_column = w->columns[at.weekday][at.number];
    if (*ret_column > 0)
        return row;
    at.number = behind;
    return behind > 0 ? week_written(w, class, at, ret_column) : row;
}

static void tell_gap(const struct week_reader *w, size_t class, struct week_at at,
                     uint32_t behind)
{
    size_t column = 0;
    const struct csv_row *row = place_of(w, class, at, behind, &column);
    const struct week_at other = other_weeks(at);
    bool is_both = is_empty(w, class, other) && lesson_behind(w, class, other) > 0;
    week_warning(w, row, column,
                 "class '%s' has nothing in lesson %u on %s%s, and a lesson behind it "
                 "(wanted: a subject; - = nothing is taught)",
                 w->c->classes[class].id, (unsigned)at.number, weekday_of(w, at),
                 weeks_of(w, at, is_both));
}

/* is_column - classes have something behind the lesson, and nobody has anything in it. */
static bool is_column(const struct week_reader *w, struct week_at at)
{
    enum { COLUMN_MIN = 3 }; /* classes */
    size_t days = 0;
    size_t gaps = 0;
    for (size_t class = 0; class < w->c->class_count; class ++)
        if (lesson_behind(w, class, at) > 0) {
            days++;
            gaps += is_empty(w, class, at);
        }
    return gaps == days && gaps >= COLUMN_MIN;
}

/* tell_column - nobody has anything in it: its column is empty or missing. */
static void tell_column(const struct week_reader *w, struct week_at at)
{
    size_t column = w->columns[at.weekday][at.number];
    const struct csv_row *row = &w->csv->rows[0];
    week_warning(w, row, column,
                 "no class has anything in lesson %u on %s%s, and lessons are behind it "
                 "(wanted: a column of it, and subjects; - = nothing is taught)",
                 (unsigned)at.number, weekday_of(w, at),
                 weeks_of(w, at, is_column(w, other_weeks(at))));
}

static bool is_taught_before(const struct week_reader *w, size_t class, struct week_at at)
{
    while (--at.number > 0)
        if (week_cell(w, class, at).subject > 0)
            return true;
    return false;
}

/* check_end - a day that ends a lesson before that of every other class of the grade. */
static void check_end(const struct week_reader *w, size_t class, struct week_at at)
{
    const struct csv_row *row = week_row(w, class);
    const int grade = name_grade(w->c->classes[class].title.zh);
    size_t others = 0;
    if (grade == 0 || at.number > w->last[w->c->classes[class].stage]
        || !is_taught_before(w, class, at) || row->count < w->csv->rows[0].count)
        return;
    for (size_t i = 0; i < w->c->class_count; i++) {
        if (i == class || name_grade(w->c->classes[i].title.zh) != grade)
            continue;
        if (week_cell(w, i, at).subject == 0)
            return;
        others++;
    }
    size_t column = 0;
    row = place_of(w, class, at, 0, &column);
    if (others > 0)
        week_warning(w, row, column,
                     "class '%s' has nothing in lesson %u on %s%s, where the others of "
                     "its grade have (wanted: a subject; - = nothing is taught)",
                     w->c->classes[class].id, (unsigned)at.number, weekday_of(w, at),
                     weeks_of(w, at, is_empty(w, class, other_weeks(at))));
}

void timetable_gaps(const struct week_reader *w, struct week_at at)
{
    if (is_column(w, at)) {
        if (at.weekday <= FRIDAY || week_is_made_up(w, at.weekday))
            tell_column(w, at);
        return;
    }
    for (size_t class = 0; class < w->c->class_count; class ++) {
        uint32_t behind = lesson_behind(w, class, at);
        if (is_empty(w, class, at) && behind > 0)
            tell_gap(w, class, at, behind);
        else if (is_empty(w, class, at))
            check_end(w, class, at);
    }
}
