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

/* week_heading - which lesson of which weekday; weekday 0 = the column is no lesson.
 * is_faulty   that was told, and is not told of each of its cells again */
struct week_heading {
    int weekday;
    int number;
    bool is_faulty;
};

/* Spreadsheets leave merged cells empty but the first: a weekday goes on to the right. */
static int heading_day(const struct csv_row *heading, size_t column,
                       const char **ret_rest)
{
    char folded[NAME_MAX_BYTES];
    static const char nothing[] = "";
    *ret_rest = nothing;
    for (size_t i = column + 1; i-- > 1;) {
        const struct csv_cell cell = csv_cell_at(heading, i);
        if (!cell.text[0] || i >= heading->count)
            continue;
        const char *rest = NULL;
        text_fold(cell.text, folded, sizeof(folded));
        int day = name_weekday(folded, &rest);
        if (day > 0 && i == column && *rest)
            *ret_rest = cell.text;
        return day;
    }
    return 0;
}

/* is_second - @row goes on with the heading: its first cell is empty or heads a column,
 * or it has numbers of lessons and nothing else. */
static bool is_second(const struct csv_row *row)
{
    enum week_column first = week_column(row->cells[0].text);
    size_t numbers = 0;
    size_t others = 0;
    for (size_t i = 1; i < row->count; i++) {
        char folded[NAME_MAX_BYTES];
        text_fold(row->cells[i].text, folded, sizeof(folded));
        numbers += folded[0] && name_number(folded) > 0;
        others += folded[0] && name_number(folded) == 0;
    }
    bool is_head = !row->cells[0].text[0] || first == WEEK_CLASS || first == WEEK_WEEKDAY
                   || first == WEEK_LESSON;
    return numbers > 0 && (is_head || others == 0);
}

/* heading_row - of two rows the one that says what column @column is: the lower, unless
 * nothing stands there and the upper is no weekday that goes on. */
static const struct csv_row *heading_row(const struct week_reader *w, size_t rows,
                                         size_t column)
{
    const struct csv_row *top = &w->csv->rows[0];
    const struct csv_row *below = &w->csv->rows[rows - 1];
    const char *ignored = NULL;
    bool is_above = rows == 2 && !csv_cell_at(below, column).text[0]
                    && csv_cell_at(top, column).text[0]
                    && heading_day(top, column, &ignored) == 0;
    return is_above ? top : below;
}

/* read_heading - one row ("周一1", "Mon 2"), or two: weekdays, and below them lessons.
 * returns how many rows it took */
static size_t read_heading(struct week_reader *w, struct week_heading *columns,
                           size_t count)
{
    const struct csv_row *top = &w->csv->rows[0];
    const struct csv_row *below = w->csv->count > 1 ? &w->csv->rows[1] : NULL;
    bool has_two = below && is_second(below);
    for (size_t i = 1; i < count; i++) {
        const char *word = "";
        char folded[NAME_MAX_BYTES];
        const char *rest = NULL;
        columns[i].weekday = heading_day(top, i, &word);
        if (has_two) {
            text_fold(csv_cell_at(below, i).text, folded, sizeof(folded));
            rest = folded;
        } else {
            text_fold(word, folded, sizeof(folded));
            (void)name_weekday(folded, &rest);
        }
        columns[i].number = name_number(rest);
        bool is_lesson = columns[i].number >= 1
                         && columns[i].number <= TIMETABLE_LESSONS_MAX
                         && columns[i].weekday > 0;
        const struct csv_row *row = heading_row(w, has_two ? 2 : 1, i);
        const char *cell = csv_cell_at(row, i).text;
        bool is_empty = !cell[0] || i >= row->count || csv_is_comment(cell);
        columns[i].is_faulty = !is_lesson && !is_empty;
        if (!is_lesson)
            columns[i].weekday = 0;
    }
    return has_two ? 2 : 1;
}

/* tell_twice - a lesson of the week that an earlier column is, too: told once, and not at
 * each of its cells. */
static void tell_twice(const struct week_reader *w, const struct csv_row *row,
                       struct week_heading *columns, size_t count)
{
    for (size_t i = 2; i < count; i++)
        for (size_t k = 1; k < i && columns[i].weekday > 0; k++) {
            if (columns[k].weekday != columns[i].weekday
                || columns[k].number != columns[i].number)
                continue;
            week_fault(w, row, i, "'%s' is the heading of column %zu too (allowed: once)",
                       csv_cell_at(row, i).text, k + 1);
            columns[i] = (struct week_heading){.is_faulty = true};
        }
}

/* tell_heading - each cell that heads no lesson; where none of them does, so once. */
static void tell_heading(const struct week_reader *w, size_t rows,
                         const struct week_heading *columns, size_t count)
{
    size_t lessons = 0;
    size_t faulty = 0;
    for (size_t i = 1; i < count; i++) {
        lessons += columns[i].weekday > 0;
        faulty += columns[i].is_faulty;
    }
    bool is_none = lessons == 0 && faulty != 1;
    if (is_none)
        week_fault(
            w, &w->csv->rows[0], 0,
            "the heading names no lesson (allowed: 班级, 周一1, 周一2, …; or 班级, "
            "星期, 节次, 科目)");
    for (size_t i = 1; !is_none && i < count; i++) {
        const struct csv_row *row = heading_row(w, rows, i);
        if (columns[i].is_faulty)
            week_fault(w, row, i,
                       "'%s' is no lesson of a weekday (allowed: 周一1 or Mon 1; or two "
                       "rows, the weekdays and below them 1 .. %d)",
                       csv_cell_at(row, i).text, TIMETABLE_LESSONS_MAX);
    }
}

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

static void sheet_row(struct week_reader *w, const struct csv_row *row,
                      struct week_heading *columns, size_t count)
{
    uint32_t class = week_class(w, row, 0);
    if (class == UINT32_MAX)
        return;
    if (w->has_rows[class]) {
        week_fault(w, row, 0, "class '%s' has a row above (allowed: one a class)",
                   w->c->classes[class].id);
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

void week_sheet(struct week_reader *w)
{
    struct week_heading columns[CSV_COLUMNS_MAX] = {0};
    size_t count = w->csv->rows[0].count;
    if (w->csv->count > 1 && w->csv->rows[1].count > count)
        count = w->csv->rows[1].count;
    size_t first = read_heading(w, columns, count);
    bool has_lessons = false;
    for (size_t i = 1; i < count; i++)
        has_lessons |= columns[i].weekday > 0;
    for (size_t i = 1; i < count; i++)
        if (columns[i].weekday > 0)
            w->columns[columns[i].weekday][columns[i].number] = (uint16_t)i;
    tell_heading(w, first, columns, count);
    tell_twice(w, &w->csv->rows[first - 1], columns, count);
    if (has_lessons && first == w->csv->count)
        week_fault(
            w, &w->csv->rows[first - 1], 0,
            "no class stands below the heading (allowed: a row a class; or no such "
            "file)");
    for (size_t i = first; has_lessons && i < w->csv->count; i++)
        sheet_row(w, &w->csv->rows[i], columns, count);
}

/* --- a row a lesson --------------------------------------------------------------- */

static char list_weeks(const struct week_reader *w, const struct csv_row *row,
                       size_t column)
{
    static const struct {
        const char *word;
        char weeks;
    } words[] = {{"", 0},       {"单", 'o'},   {"单周", 'o'}, {"odd", 'o'}, {"双", 'e'},
                 {"双周", 'e'}, {"even", 'e'}, {"每周", 0},   {"every", 0}, {"all", 0}};
    char folded[NAME_MAX_BYTES] = "";
    if (column != SIZE_MAX)
        text_fold(csv_cell_at(row, column).text, folded, sizeof(folded));
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (strcmp(words[i].word, folded) == 0)
            return words[i].weeks;
    week_fault(w, row, column,
               "'%s' are no weeks (allowed: 单, 双, 每周; odd, even, every)",
               csv_cell_at(row, column).text);
    return '?';
}

static void list_row(struct week_reader *w, const struct csv_row *row,
                     const size_t columns[WEEK_COLUMNS])
{
    char folded[NAME_MAX_BYTES];
    const char *rest = "";
    struct week_lesson lesson = {.class = week_class(w, row, columns[WEEK_CLASS]),
                                 .subject = columns[WEEK_SUBJECT],
                                 .place = columns[WEEK_PLACE]};
    const char *day = csv_cell_at(row, columns[WEEK_WEEKDAY]).text;
    text_fold(day, folded, sizeof(folded));
    lesson.weekday = name_weekday(folded, &rest);
    if (lesson.weekday == 0 && folded[0] >= '1' && folded[0] <= '7') {
        lesson.weekday = folded[0] - '0';
        rest = folded + 1;
    }
    bool is_good = lesson.class != UINT32_MAX && lesson.weekday > 0 && !*rest;
    if (!day[0])
        week_fault(
            w, row, columns[WEEK_WEEKDAY],
            "no weekday stands here (allowed: 周一 .. 周日, monday .. sunday, 1 .. "
            "7; of merged cells only the first keeps its text)");
    else if (lesson.weekday == 0 || *rest)
        week_fault(w, row, columns[WEEK_WEEKDAY],
                   "'%s' is no weekday (allowed: 周一 .. 周日, monday .. sunday, 1 .. 7)",
                   day);
    const char *number = csv_cell_at(row, columns[WEEK_LESSON]).text;
    text_fold(number, folded, sizeof(folded));
    lesson.number = (uint32_t)name_number(folded);
    bool is_lesson = lesson.number >= 1 && lesson.number <= TIMETABLE_LESSONS_MAX;
    is_good &= is_lesson;
    if (!number[0])
        week_fault(w, row, columns[WEEK_LESSON],
                   "no lesson stands here (allowed: 1 .. %d)", TIMETABLE_LESSONS_MAX);
    else if (!is_lesson)
        week_fault(w, row, columns[WEEK_LESSON], "'%s' is no lesson (allowed: 1 .. %d)",
                   number, TIMETABLE_LESSONS_MAX);
    lesson.weeks = list_weeks(w, row, columns[WEEK_WEEKS]);
    if (!csv_cell_at(row, lesson.subject).text[0]) {
        week_fault(w, row, lesson.subject,
                   "no subject stands here (allowed: a subject; - = nothing is taught)");
        is_good = false;
    }
    if (!is_good || lesson.weeks == '?')
        return;
    w->has_rows[lesson.class] = true;
    week_lesson(w, row, &lesson);
}

static const char list_columns[] = "班级, 星期, 节次, 科目, 教室, 单双周";

/* No column is passed over: it may hold names of people, or be the room's, misspelt. */
static bool is_list_head(const struct week_reader *w, const size_t columns[WEEK_COLUMNS])
{
    const struct csv_row *heading = &w->csv->rows[0];
    bool is_good = true;
    for (size_t i = 0; i < heading->count; i++) {
        const char *text = heading->cells[i].text;
        enum week_column column = week_column(text);
        if (!text[0] || csv_is_comment(text)
            || (column != WEEK_NONE && columns[column] == i))
            continue;
        is_good = false;
        if (column == WEEK_NONE)
            week_fault(w, heading, i,
                       "'%s' heads no column of this table (allowed: %s; no names of "
                       "people; a column headed # is not read)",
                       text, list_columns);
        else
            week_fault(w, heading, i,
                       "'%s' is the heading of column %zu too (allowed: once)", text,
                       columns[column] + 1);
    }
    return is_good;
}

static void check_width(const struct week_reader *w, const struct csv_row *row)
{
    const struct csv_row *heading = &w->csv->rows[0];
    for (size_t i = 0; i < row->count; i++)
        if (row->cells[i].text[0] && !csv_cell_at(heading, i).text[0])
            week_fault(w, row, i,
                       "'%s' stands under no heading (allowed: below a heading; a comma "
                       "inside a cell wants quotes)",
                       row->cells[i].text);
}

void week_list(struct week_reader *w, const size_t columns[WEEK_COLUMNS])
{
    static const struct {
        enum week_column column;
        const char *word;
        const char *words;
    } needed[] = {{WEEK_CLASS, "班级", "班级 or class"},
                  {WEEK_WEEKDAY, "星期", "星期 or weekday"},
                  {WEEK_LESSON, "节次", "节次 or lesson"}};
    bool is_chinese = config_faults_is_chinese(w->src->faults);
    bool is_good = is_list_head(w, columns);
    for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++)
        if (columns[needed[i].column] == SIZE_MAX) {
            week_fault(w, &w->csv->rows[0], 0,
                       "no column is headed %s (allowed: 班级, "
                       "星期, 节次, 科目, 教室, 单双周)",
                       is_chinese ? needed[i].word : needed[i].words);
            is_good = false;
        }
    if (is_good && w->csv->count == 1)
        week_fault(w, &w->csv->rows[0], 0,
                   "no lesson stands below the heading (allowed: a row a lesson; or no "
                   "such file)");
    for (size_t i = 1; is_good && i < w->csv->count; i++) {
        check_width(w, &w->csv->rows[i]);
        list_row(w, &w->csv->rows[i], columns);
    }
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
