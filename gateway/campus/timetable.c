#include "campus/timetable.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "campus/names.h"
#include "campus/timetable_read.h"

size_t timetable_index(size_t class, int weekday, uint32_t number, bool is_even_week)
{
    size_t day = class * TIMETABLE_WEEKDAYS + (size_t)weekday - 1;
    return (day * TIMETABLE_LESSONS_MAX + number - 1) * 2 + is_even_week;
}

struct lesson_cell timetable_cell(const struct timetable *t, size_t class, int weekday,
                                  uint32_t number, bool is_even_week)
{
    if (!t->cells || number < 1 || number > TIMETABLE_LESSONS_MAX)
        return (struct lesson_cell){0};
    return t->cells[timetable_index(class, weekday, number, is_even_week)];
}

bool timetable_has(const struct timetable *t, size_t classes, int weekday)
{
    for (size_t class = 0; t->cells && class < classes; class ++)
        for (uint32_t number = 1; number <= TIMETABLE_LESSONS_MAX; number++)
            if (timetable_cell(t, class, weekday, number, false).subject > 0
                || timetable_cell(t, class, weekday, number, true).subject > 0)
                return true;
    return false;
}

/* --- a row a class, a column a lesson --------------------------------------------- */

/* is_used - a class is taught, or is not, in the lesson of @column. */
static bool is_used(const struct week_reader *w, size_t column)
{
    for (size_t i = 1; i < w->csv->count; i++)
        if (csv_cell_at(&w->csv->rows[i], column).text[0])
            return true;
    return false;
}

/* tell_short - @row ends before the lessons do that others have: a file that was cut off,
 * or a cell that was deleted and took the rest along. */
static void tell_short(const struct week_reader *w, const struct csv_row *row,
                       const struct week_heading *columns, size_t count)
{
    size_t missing = 0;
    for (size_t i = row->count; i < count; i++)
        missing += columns[i].weekday > 0 && is_used(w, i);
    if (missing > 0)
        week_warning(w, row, row->count - 1,
                     "the row ends here, %zu lessons before the heading does (wanted: a "
                     "cell below each lesson; - = nothing is taught)",
                     missing);
}

/* tell_idle - a class whose row is left empty is not taught at all: hardly meant.
 * returns false: it is taught */
static bool tell_idle(const struct week_reader *w, const struct csv_row *row,
                      const char *class_id)
{
    for (size_t i = 1; i < row->count; i++)
        if (row->cells[i].text[0])
            return false;
    week_warning(w, row, 0,
                 "class '%s' has a row without a lesson (wanted: subjects; as it stands "
                 "it has none all week)",
                 class_id);
    return true;
}

/* is_unheaded - the heading has nothing in a column that most rows have something in. */
static bool is_unheaded(const struct week_reader *w, size_t column)
{
    size_t used = 0;
    for (size_t i = 1; i < w->csv->count; i++)
        used += csv_cell_at(&w->csv->rows[i], column).text[0] != '\0';
    return 2 * used > w->csv->count && column + 1 < w->csv->rows[0].count
           && !csv_cell_at(&w->csv->rows[0], column).text[0];
}

/* What stands under no heading may be the names of teachers: told once a column, and not
 * what it is. */
static void tell_headless(const struct week_reader *w, const struct csv_row *row,
                          size_t column, struct week_heading *columns, size_t count)
{
    if (is_unheaded(w, column))
        week_fault(w, &w->csv->rows[0], column,
                   "no weekday and lesson stand here, and subjects below (allowed: such "
                   "as 周一1 or Mon 1)");
    else
        week_fault(w, row, column,
                   "no lesson stands above this cell (allowed: a heading)");
    if (column < count)
        columns[column].is_faulty = true;
}

/* lone_class - the only one that no row names; SIZE_MAX = there are several, or none. */
static size_t lone_class(const struct week_reader *w)
{
    size_t ret = SIZE_MAX;
    for (size_t class = 0; class < w->c->class_count; class ++) {
        bool is_named = false;
        for (size_t i = 1; i < w->csv->count; i++)
            is_named |=
                name_get(w->c->class_names, w->csv->rows[i].cells[0].text) == class;
        if (!is_named && ret != SIZE_MAX)
            return SIZE_MAX;
        ret = is_named ? ret : class;
    }
    return ret;
}

/* tell_again - @row is a second one of @class. */
static void tell_again(const struct week_reader *w, const struct csv_row *row,
                       size_t class)
{
    const char *id = w->c->classes[class].id;
    const size_t other = lone_class(w);
    const struct csv_row *above = &w->csv->rows[1];
    while (above < row && name_get(w->c->class_names, above->cells[0].text) != class)
        above++;
    if (other != SIZE_MAX)
        week_fault(w, row, 0,
                   "class '%s' has row %u above, and '%s' has none (allowed: one a "
                   "class)",
                   id, (unsigned)above->number, w->c->classes[other].id);
    else
        week_fault(w, row, 0, "class '%s' has row %u above (allowed: one a class)", id,
                   (unsigned)above->number);
}

static void sheet_row(struct week_reader *w, const struct csv_row *row,
                      struct week_heading *columns, size_t count)
{
    uint32_t class = week_class(w, row, 0);
    if (class == UINT32_MAX)
        return;
    if (w->has_rows[class]) {
        tell_again(w, row, class);
        return;
    }
    w->has_rows[class] = true;
    if (!tell_idle(w, row, w->c->classes[class].id))
        tell_short(w, row, columns, count);
    for (size_t i = 1; i < row->count; i++) {
        if (!row->cells[i].text[0] || (i < count && columns[i].is_faulty))
            continue;
        if (i >= count || columns[i].weekday == 0) {
            tell_headless(w, row, i, columns, count);
            continue;
        }
        const struct week_lesson lesson = {.class = class,
                                           .weekday = columns[i].weekday,
                                           .number = (uint32_t)columns[i].number,
                                           .subject = i,
                                           .place = SIZE_MAX};
        week_lesson(w, row, &lesson);
    }
}

/* is_shifted - nothing stands in the first column, and the classes in the next one. */
static bool is_shifted(const struct week_reader *w)
{
    bool has_class = false;
    for (size_t i = 0; i < w->csv->count; i++) {
        if (w->csv->rows[i].cells[0].text[0])
            return false;
        has_class |= name_get(w->c->class_names, csv_cell_at(&w->csv->rows[i], 1).text)
                     != UINT32_MAX;
    }
    return has_class;
}

void week_sheet(struct week_reader *w)
{
    if (is_shifted(w)) {
        week_fault(w, &w->csv->rows[0], 0,
                   "the first column is empty (allowed: the classes in it)");
        return;
    }
    struct week_heading columns[CSV_COLUMNS_MAX + 1] = {0};
    size_t count = w->csv->rows[0].count;
    if (w->csv->count > 1 && w->csv->rows[1].count > count)
        count = w->csv->rows[1].count;
    size_t first = week_headings(w, columns, count);
    bool has_lessons = false;
    for (size_t i = 1; i < count; i++)
        has_lessons |= columns[i].weekday > 0;
    if (has_lessons && first == w->csv->count)
        week_fault(
            w, &w->csv->rows[first - 1], 0,
            "no class stands below the heading (allowed: a row a class; or no such "
            "file)");
    for (size_t i = first; has_lessons && i < w->csv->count; i++)
        sheet_row(w, &w->csv->rows[i], columns, count);
}

/* --- the whole -------------------------------------------------------------------- */

/* read_table - a heading that names a subject's column makes it a list. */
static void read_table(struct week_reader *w)
{
    size_t columns[WEEK_COLUMNS];
    for (size_t i = 0; i < WEEK_COLUMNS; i++)
        columns[i] = SIZE_MAX;
    if (w->csv->count == 0) {
        config_fault(w->src->faults, (struct config_mark){w->csv->file, 1, 1},
                     w->csv->name,
                     "the table is empty (allowed: a heading and a row a "
                     "class; or no such file)");
        return;
    }
    const struct csv_row *heading = &w->csv->rows[0];
    for (size_t i = heading->count; i-- > 0;)
        columns[week_column(heading->cells[i].text)] = i;
    if (columns[WEEK_SUBJECT] != SIZE_MAX)
        week_list(w, columns);
    else
        week_sheet(w);
}

int timetable_load(struct gw_campus *c, struct config_source *src,
                   const struct config *config)
{
    size_t count = c->class_count * TIMETABLE_WEEKDAYS * TIMETABLE_LESSONS_MAX * 2;
    struct week_reader w = {.c = c,
                            .config = config,
                            .src = src,
                            .csv = config->timetable,
                            .warnings = config_faults_warnings(src->faults),
                            .is_weekly = true};
    if (!w.csv)
        return 0;
    w.cells = arena_alloc(src->arena, (count + 1) * sizeof(*w.cells));
    w.has_rows = arena_alloc(src->arena, (c->class_count + 1) * sizeof(*w.has_rows));
    w.marks = calloc(count + 1, sizeof(*w.marks));
    if (!w.cells || !w.has_rows || !w.marks) {
        free(w.marks);
        return -ENOMEM;
    }
    size_t errors = config_faults_errors(src->faults);
    read_table(&w);
    week_repeated(&w);
    c->timetable = (struct timetable){w.cells, w.has_rows, w.is_weekly};
    const char *ignored = NULL;
    for (int i = 0; i < GW_STAGES; i++)
        w.last[i] = week_last(&w, (enum gw_stage)i, &ignored);
    if (config_faults_errors(src->faults) == errors)
        timetable_check(&w);
    free(w.marks);
    return 0;
}
