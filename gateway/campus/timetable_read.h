/* timetable_read.h - the words of a timetable's table.  For timetable*.c only. */
#ifndef CAMPUS_TIMETABLE_READ_H
#define CAMPUS_TIMETABLE_READ_H

#include "campus/school.h"

/* week_word - a word that is unknown: how often, and the cell where it is told no more.
 */
enum { WEEK_WORDS_MAX = 64, WEEK_TOLD_MAX = 3 };
struct week_word {
    const char *text;
    size_t count;
    const struct csv_row *row;
    size_t column;
};

/* week_reader - one reading of one table.
 * marks       by timetable_index(): where each cell was written first
 * columns     of the sheet, by weekday and lesson; 0 = it has none, or is a list
 * last        of each stage, as week_last()
 * warnings    how many there were before it */
struct week_reader {
    const struct gw_campus *c;
    const struct config *config;
    struct config_source *src;
    const struct csv *csv;
    struct lesson_cell *cells;
    bool *has_rows;
    bool is_weekly;
    bool are_weeks_told; /* that odd and even ones are not known */
    struct timetable_mark *marks;
    uint16_t columns[TIMETABLE_WEEKDAYS + 1][TIMETABLE_LESSONS_MAX + 1];
    uint32_t last[GW_STAGES];
    size_t warnings;
    struct week_word words[WEEK_WORDS_MAX];
    size_t word_count;
    size_t lost_titles; /* unknown classes that were taken for those */
};

/* week_fault, week_warning - at the cell of @row and @column. */
void week_fault(const struct week_reader *w, const struct csv_row *row, size_t column,
                const char *format, ...) __attribute__((format(printf, 4, 5)));
void week_warning(const struct week_reader *w, const struct csv_row *row, size_t column,
                  const char *format, ...) __attribute__((format(printf, 4, 5)));

/* week_suggest - both forms of @title. */
struct suggest;
void week_suggest(struct suggest *near, const struct gw_text *title);

/* week_is_news - a word that is unknown is told at its first cells; a slip that stands in
 * every class is told at three of them, and week_repeated() counts the others. */
bool week_is_news(struct week_reader *w, const struct csv_row *row, size_t column,
                  const char *text);

/* week_class - the index of the class in @row's @column, UINT32_MAX = a fault. */
uint32_t week_class(struct week_reader *w, const struct csv_row *row, size_t column);

/* week_lesson - one written lesson: which, and the columns that say what and where.
 * weeks       'o' odd, 'e' even ones, 0 = both, or as the cell says
 * place       column of the room, SIZE_MAX = none: "music@room" may say it */
struct week_lesson {
    uint32_t class;
    int weekday;
    uint32_t number;
    char weeks;
    size_t subject;
    size_t place;
};

void week_lesson(struct week_reader *w, const struct csv_row *row,
                 const struct week_lesson *lesson);

/* week_repeated - of unknown words that stand in many cells: where else. */
void week_repeated(const struct week_reader *w);

/* week_column - a header's word. */
enum week_column {
    WEEK_NONE,
    WEEK_CLASS,
    WEEK_WEEKDAY,
    WEEK_LESSON,
    WEEK_SUBJECT,
    WEEK_PLACE,
    WEEK_WEEKS,
    WEEK_COLUMNS
};
enum week_column week_column(const char *text);

/* week_heading - which lesson of which weekday; weekday 0 = the column is no lesson.
 * is_faulty   that was told, and is not told of each of its cells again */
struct week_heading {
    int weekday;
    int number;
    bool is_faulty;
};

/* week_headings - of one row ("周一1", "Mon 2"), or two: weekdays, and below them
 * lessons. columns  @count of them, the first is that of the classes returns  how many
 * rows it took; faults are added */
size_t week_headings(struct week_reader *w, struct week_heading *columns, size_t count);

/* week_sheet, week_list - the two forms. */
void week_sheet(struct week_reader *w);
void week_list(struct week_reader *w, const size_t columns[WEEK_COLUMNS]);

/* week_at - one lesson of the week. */
struct week_at {
    int weekday;
    uint32_t number;
    bool is_even;
};

/* week_index, week_cell - of class @class. */
static inline size_t week_index(size_t class, struct week_at at)
{
    return timetable_index(class, at.weekday, at.number, at.is_even);
}

static inline struct lesson_cell week_cell(const struct week_reader *w, size_t class,
                                           struct week_at at)
{
    return w->cells[week_index(class, at)];
}

/* week_written - the row and column of a cell that is written. */
const struct csv_row *week_written(const struct week_reader *w, size_t class,
                                   struct week_at at, size_t *ret_column);

/* week_row - a row that is written for @class, or NULL. */
const struct csv_row *week_row(const struct week_reader *w, size_t class);

/* week_lessons - how many are taught in the week of @class; one with fewer than
 * WEEK_LESSONS_MIN is hardly written yet. */
enum { WEEK_LESSONS_MIN = 10 };
size_t week_lessons(const struct week_reader *w, size_t class);

/* week_has_day - something is taught to @class that day, or it is said that nothing is.
 */
bool week_has_day(const struct week_reader *w, size_t class, int weekday);

/* week_is_made_up - a make-up day of the calendar is taught by @weekday. */
bool week_is_made_up(const struct week_reader *w, int weekday);

/* week_room - the index of the room that only one class has at a time, UINT32_MAX = none:
 * a sports ground takes several, and so does a subject that is taught out of doors. */
uint32_t week_room(const struct week_reader *w, size_t class, struct week_at at);

/* week_last - how many lessons a day of @class can be taught all the time; of bells with
 * a fault nobody knows how many.
 * ret_season  the one that has no more, NULL = the ordinary bells */
uint32_t week_last(const struct week_reader *w, enum gw_stage stage,
                   const char **ret_season);

/* timetable_gaps - of one lesson of the week: empty cells that are hardly meant.
 * timetable_doubts - what is possible, and hardly meant, of whole days, weeks and places.
 * timetable_places - lessons in a place where the others of the subject are not.
 * timetable_kinds - rooms whose kind is not that of what is taught in them.
 * timetable_subjects - a day of one subject, a subject of another grade.
 * timetable_columns - a lesson of the week in which all classes have one subject.
 * timetable_missing - a subject that a class has not, and all others of its grade
 * and the grades beside have.
 * timetable_counts - other numbers of lessons a week than all others of the grade have.
 */
void timetable_gaps(const struct week_reader *w, struct week_at at);
void timetable_doubts(const struct week_reader *w);
void timetable_places(const struct week_reader *w);
void timetable_kinds(const struct week_reader *w);
void timetable_subjects(const struct week_reader *w);
void timetable_columns(const struct week_reader *w);
void timetable_missing(const struct week_reader *w);
void timetable_counts(const struct week_reader *w);

/* timetable_check - what can be told from the whole: lessons outside any bell, gaps,
 * rooms taught twice, classes without a timetable or a room; faults and warnings are
 * added. */
void timetable_check(const struct week_reader *w);

#endif
