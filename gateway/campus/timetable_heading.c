/* timetable_heading.c - which lesson of the week each column of the sheet is. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "campus/names.h"
#include "campus/timetable_read.h"

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

/* tell_same - column @i is the lesson that column @k is: in two rows, where the next ones
 * are the same too, because the weekday of the columns before goes on, which is told at
 * the first of them. */
static void tell_same(const struct week_reader *w, size_t rows,
                      const struct week_heading *columns, size_t i, size_t k)
{
    const struct csv_row *top = &w->csv->rows[0];
    const struct csv_row *row = &w->csv->rows[rows - 1];
    bool is_next = columns[i + 1].number == columns[k + 1].number && k + 1 < i;
    bool goes_on = rows == 2 && !csv_cell_at(top, i).text[0]
                   && (is_next || columns[i - 1].is_faulty);
    bool is_chinese = config_faults_is_chinese(w->src->faults);
    if (!goes_on)
        week_fault(w, row, i, "'%s' is the heading of column %zu too (allowed: once)",
                   csv_cell_at(row, i).text, k + 1);
    else if (!columns[i - 1].is_faulty)
        week_fault(w, top, i,
                   "no weekday stands above '%s', and %s to the left has that lesson "
                   "already (allowed: each weekday above its first lesson)",
                   csv_cell_at(row, i).text,
                   name_of_weekday(columns[i].weekday, is_chinese));
}

/* tell_twice - a lesson of the week that an earlier column is, too: told once, and not at
 * each of its cells. */
static void tell_twice(const struct week_reader *w, size_t rows,
                       struct week_heading *columns, size_t count)
{
    for (size_t i = 2; i < count; i++)
        for (size_t k = 1; k < i && columns[i].weekday > 0; k++) {
            if (columns[k].weekday != columns[i].weekday
                || columns[k].number != columns[i].number)
                continue;
            tell_same(w, rows, columns, i, k);
            columns[i] = (struct week_heading){.is_faulty = true};
        }
}

/* tell_day - of two rows, what stands above @column, whose lesson can be read, is no
 * weekday: told at its first column.  returns false: it is not so */
static bool tell_day(const struct week_reader *w, size_t rows, size_t column)
{
    char folded[NAME_MAX_BYTES];
    const struct csv_row *top = &w->csv->rows[0];
    const char *ignored = NULL;
    size_t first = column;
    text_fold(csv_cell_at(&w->csv->rows[rows - 1], column).text, folded, sizeof(folded));
    while (first > 1 && !csv_cell_at(top, first).text[0])
        first--;
    if (rows < 2 || name_number(folded) == 0 || heading_day(top, first, &ignored) > 0)
        return false;
    const char *text = csv_cell_at(top, first).text;
    if (first == column && text[0])
        week_fault(w, top, first,
                   "'%s' is no weekday (allowed: 周一 .. 周日 or monday .. sunday, above "
                   "its first lesson)",
                   text);
    else if (first == column)
        week_fault(w, top, first,
                   "no weekday stands here (allowed: 周一 .. 周日 or monday .. sunday, "
                   "above its first lesson)");
    return true;
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
        if (columns[i].is_faulty && !tell_day(w, rows, i))
            week_fault(w, row, i,
                       "'%s' is no lesson of a weekday (allowed: 周一1 or Mon 1; or two "
                       "rows, the weekdays and below them 1 .. %d)",
                       csv_cell_at(row, i).text, TIMETABLE_LESSONS_MAX);
    }
}

enum { LESSON_WORD_MAX = 32 };

/* heads - the columns that are lessons, in their order.
 * by  each as a number that grows in that order */
struct heads {
    size_t columns[CSV_COLUMNS_MAX];
    int by[CSV_COLUMNS_MAX];
    size_t count;
};

static int by_order(const void *a, const void *b)
{
    int left = *(const int *)a;
    int right = *(const int *)b;
    return (left > right) - (left < right);
}

/* misplaced - how many of @by[0 .. @count) are not where they were in order.
 * ret_a, ret_b  the first and the last of them */
static size_t misplaced(const int *by, size_t count, size_t *ret_a, size_t *ret_b)
{
    int sorted[CSV_COLUMNS_MAX];
    size_t odd = 0;
    memcpy(sorted, by, count * sizeof(*by));
    qsort(sorted, count, sizeof(*sorted), by_order);
    for (size_t i = 0; i < count; i++)
        if (by[i] != sorted[i]) {
            *ret_a = odd == 0 ? i : *ret_a;
            *ret_b = i;
            odd++;
        }
    return odd;
}

static void tell_order(const struct week_reader *w, const struct csv_row *row,
                       size_t column, const char *left, const char *right)
{
    week_warning(w, row, column,
                 "'%s' and '%s' are the other way round, and all other columns in order "
                 "(wanted: each above its subjects; leave it where it is meant)",
                 left, right);
}

/* lesson_word - 周一2, "Monday 2". */
static const char *lesson_word(const struct week_reader *w,
                               const struct week_heading *heading,
                               char ret[LESSON_WORD_MAX])
{
    bool is_chinese = config_faults_is_chinese(w->src->faults);
    (void)snprintf(ret, LESSON_WORD_MAX, is_chinese ? "%s%d" : "%s %d",
                   name_of_weekday(heading->weekday, is_chinese), heading->number);
    return ret;
}

/* order - by day and lesson, or by lesson and day. */
static int order(const struct week_heading *of, bool is_by_day)
{
    enum { BY = 100 };
    return is_by_day ? of->weekday * BY + of->number : of->number * BY + of->weekday;
}

/* other_way - @at, or the other one of @a and @b where it is one of them. */
static int other_way(int at, int a, int b)
{
    return at == a ? b : at == b ? a : at;
}

/* is_order - the columns are in order, once day @a is @b in all of them or, unless
 * @are_days, lesson @a is lesson @b. */
static bool is_order(const struct week_heading *columns, const struct heads *heads,
                     bool are_days, int a, int b)
{
    bool is_good[] = {true, true};
    int before[] = {0, 0};
    for (size_t i = 0; i < heads->count; i++) {
        struct week_heading of = columns[heads->columns[i]];
        of.weekday = are_days ? other_way(of.weekday, a, b) : of.weekday;
        of.number = are_days ? of.number : other_way(of.number, a, b);
        for (int is_by_day = 0; is_by_day <= 1; is_by_day++) {
            const int now = order(&of, is_by_day);
            is_good[is_by_day] &= now > before[is_by_day];
            before[is_by_day] = now;
        }
    }
    return is_good[0] || is_good[1];
}

/* first_of - the column of the first heading of day or lesson @at; 0 = none. */
static size_t first_of(const struct week_heading *columns, const struct heads *heads,
                       bool are_days, int at)
{
    for (size_t i = 0; i < heads->count; i++) {
        const struct week_heading *of = &columns[heads->columns[i]];
        if ((are_days ? of->weekday : of->number) == at)
            return heads->columns[i];
    }
    return 0;
}

/* group_word - 周二, "Tuesday"; 第 5 节, "lesson 5". */
static const char *group_word(const struct week_reader *w, bool are_days, int at,
                              char ret[LESSON_WORD_MAX])
{
    bool is_chinese = config_faults_is_chinese(w->src->faults);
    if (are_days)
        return name_of_weekday(at, is_chinese);
    (void)snprintf(ret, LESSON_WORD_MAX, is_chinese ? "第 %d 节" : "lesson %d", at);
    return ret;
}

/* check_groups - two days that were exchanged in all their headings, or two lessons in
 * those of all days; GROUPS_MIN: of fewer, any other order is such an exchange. */
static void check_groups(const struct week_reader *w, const struct csv_row *row,
                         const struct week_heading *columns, const struct heads *heads,
                         bool are_days)
{
    enum { GROUPS_MIN = 3 };
    const int last = are_days ? TIMETABLE_WEEKDAYS : TIMETABLE_LESSONS_MAX;
    int groups = 0;
    for (int at = 1; at <= last; at++)
        groups += first_of(columns, heads, are_days, at) > 0;
    for (int a = 1; a < last && groups >= GROUPS_MIN; a++)
        for (int b = a + 1; b <= last; b++) {
            const size_t left = first_of(columns, heads, are_days, b);
            char words[2][LESSON_WORD_MAX];
            if (left == 0 || first_of(columns, heads, are_days, a) == 0
                || !is_order(columns, heads, are_days, a, b))
                continue;
            tell_order(w, row, left, group_word(w, are_days, b, words[0]),
                       group_word(w, are_days, a, words[1]));
            return;
        }
}

/* check_order - of columns in the order of the week, or of its lessons, two that are not:
 * their headings were exchanged. */
static void check_order(const struct week_reader *w, const struct csv_row *row,
                        const struct week_heading *columns, size_t count)
{
    enum { COLUMNS_MIN = 4 };
    struct heads heads = {.count = 0};
    for (size_t i = 1; i < count; i++)
        if (columns[i].weekday > 0)
            heads.columns[heads.count++] = i;
    for (int is_by_day = 0; is_by_day <= 1 && heads.count >= COLUMNS_MIN; is_by_day++) {
        size_t a = 0;
        size_t b = 0;
        for (size_t i = 0; i < heads.count; i++)
            heads.by[i] = order(&columns[heads.columns[i]], is_by_day);
        size_t odd = misplaced(heads.by, heads.count, &a, &b);
        if (odd == 0)
            return;
        if (odd > 2)
            continue;
        char left[LESSON_WORD_MAX];
        char right[LESSON_WORD_MAX];
        tell_order(w, row, heads.columns[a],
                   lesson_word(w, &columns[heads.columns[a]], left),
                   lesson_word(w, &columns[heads.columns[b]], right));
        return;
    }
    check_groups(w, row, columns, &heads, true);
    check_groups(w, row, columns, &heads, false);
}

size_t week_headings(struct week_reader *w, struct week_heading *columns, size_t count)
{
    assert(w->csv->rows);
    const size_t rows = read_heading(w, columns, count);
    const struct csv_row *row = &w->csv->rows[rows - 1];
    for (size_t i = 1; i < count; i++)
        if (columns[i].weekday > 0)
            w->columns[columns[i].weekday][columns[i].number] = (uint16_t)i;
    const size_t errors = config_faults_errors(w->src->faults);
    tell_heading(w, rows, columns, count);
    tell_twice(w, rows, columns, count);
    if (config_faults_errors(w->src->faults) == errors)
        check_order(w, row, columns, count);
    return rows;
}
