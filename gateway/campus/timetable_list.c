/* timetable_list.c - the week as a row a lesson. */
#include <string.h>

#include "base/text.h"
#include "campus/names.h"
#include "campus/timetable_read.h"
#include "config/exchange.h"

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

static bool fits_class(const void *ctx, const char *text)
{
    const struct week_reader *w = ctx;
    return w->config->has_lost_classes || name_get(w->c->class_names, text) != UINT32_MAX;
}

static bool fits_weekday(const void *ctx, const char *text)
{
    char folded[NAME_MAX_BYTES];
    const char *rest = "";
    (void)ctx;
    text_fold(text, folded, sizeof(folded));
    return (name_weekday(folded, &rest) > 0 && !*rest)
           || (folded[0] >= '1' && folded[0] <= '7' && !folded[1]);
}

static bool fits_lesson(const void *ctx, const char *text)
{
    char folded[NAME_MAX_BYTES];
    (void)ctx;
    text_fold(text, folded, sizeof(folded));
    return name_number(folded) > 0;
}

static bool fits_subject(const void *ctx, const char *text)
{
    const struct week_reader *w = ctx;
    return name_get(w->c->subjects.names, text) != UINT32_MAX;
}

static bool fits_place(const void *ctx, const char *text)
{
    const struct week_reader *w = ctx;
    return w->config->has_lost_rooms || name_get(w->c->place_names, text) != UINT32_MAX;
}

/* are_exchanged - true, and one fault: two headings stand above what belongs to the
 * other. */
static bool are_exchanged(const struct week_reader *w, const size_t columns[WEEK_COLUMNS])
{
    static const struct column_trait traits[WEEK_COLUMNS] = {
        [WEEK_CLASS] = {.fits = fits_class},   [WEEK_WEEKDAY] = {.fits = fits_weekday},
        [WEEK_LESSON] = {.fits = fits_lesson}, [WEEK_SUBJECT] = {.fits = fits_subject},
        [WEEK_PLACE] = {.fits = fits_place},
    };
    const struct exchange e = {w->csv, columns, traits, WEEK_WEEKS, w};
    const struct csv_row *heading = &w->csv->rows[0];
    size_t a = 0;
    size_t b = 0;
    if (!exchange_find(&e, &a, &b))
        return false;
    week_fault(w, heading, columns[a],
               "what belongs below '%s' stands below '%s', and the other way round "
               "(allowed: each below its heading)",
               csv_cell_at(heading, columns[a]).text,
               csv_cell_at(heading, columns[b]).text);
    return true;
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
    is_good = is_good && !are_exchanged(w, columns);
    for (size_t i = 1; is_good && i < w->csv->count; i++) {
        check_width(w, &w->csv->rows[i]);
        list_row(w, &w->csv->rows[i], columns);
    }
}
