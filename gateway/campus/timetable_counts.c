/* timetable_counts.c - how many lessons of each subject a class has in its week: where
 * all others of its grade have the same numbers, one that has others mistyped a cell. */
#include <string.h>

#include "base/arena.h"
#include "base/strbuf.h"
#include "campus/names.h"
#include "campus/timetable_read.h"
#include "config/node.h"

/* Of odd and even weeks a lesson counts half; of so many lessons more or fewer a class is
 * hardly mistyped, but taught otherwise. */
enum { WHOLE = 2, SLIPS_MAX = 2 * WHOLE };

/* counts - of all classes.
 * halves  half lessons a week, by class and subject
 * grades  1 .. 12; 0 = unknown, or its week is hardly written yet */
struct counts {
    const struct week_reader *w;
    uint16_t *halves;
    int *grades;
};

static uint16_t *halves_of(const struct counts *c, size_t class)
{
    return &c->halves[class * c->w->c->subjects.count];
}

static void count(const struct counts *c, size_t class)
{
    if (week_lessons(c->w, class) >= WEEK_LESSONS_MIN)
        c->grades[class] = name_grade(c->w->c->classes[class].title.zh);
    for (int weekday = 1; weekday <= TIMETABLE_WEEKDAYS; weekday++)
        for (uint32_t number = 1; number <= TIMETABLE_LESSONS_MAX; number++)
            for (int parity = 0; parity <= 1; parity++) {
                const struct week_at at = {weekday, number, parity};
                const struct lesson_cell cell = week_cell(c->w, class, at);
                if (cell.subject > 0)
                    halves_of(c, class)[cell.subject - 1]++;
            }
}

static bool are_sisters(const struct counts *c, size_t a, size_t b)
{
    const struct gw_class *classes = c->w->c->classes;
    return a != b && c->grades[a] > 0 && c->grades[a] == c->grades[b]
           && classes[a].stage == classes[b].stage;
}

static bool are_equal(const struct counts *c, size_t a, size_t b)
{
    const size_t size = c->w->c->subjects.count * sizeof(*c->halves);
    return memcmp(halves_of(c, a), halves_of(c, b), size) == 0;
}

/* sisters - the other classes of a grade.
 * first     one of them
 * are_even  their numbers are the same */
struct sisters {
    size_t count;
    size_t first;
    bool are_even;
};

static struct sisters sisters_of(const struct counts *c, size_t class)
{
    struct sisters ret = {.are_even = true};
    for (size_t i = 0; i < c->w->c->class_count; i++) {
        if (!are_sisters(c, class, i))
            continue;
        ret.first = ret.count++ == 0 ? i : ret.first;
        ret.are_even &= are_equal(c, ret.first, i);
    }
    return ret;
}

/* is_by_plan - in all other grades, more than a few, the numbers are the same: so this
 * school counts them, and of two that differ one is mistyped. */
static bool is_by_plan(const struct counts *c, size_t class)
{
    enum { CLASSES_MIN = 6 };
    size_t even = 0;
    for (size_t i = 0; i < c->w->c->class_count; i++) {
        const struct sisters sisters = sisters_of(c, i);
        if (i == class || are_sisters(c, class, i) || sisters.count == 0)
            continue;
        if (!sisters.are_even || !are_equal(c, i, sisters.first))
            return false;
        even++;
    }
    return even >= CLASSES_MIN;
}

/* is_slip - the numbers of @class and @other differ, and by few whole lessons: that two
 * subjects take turns in one class alone is meant. */
static bool is_slip(const struct counts *c, size_t class, size_t other)
{
    int more = 0;
    int fewer = 0;
    for (size_t i = 0; i < c->w->c->subjects.count; i++) {
        int by = halves_of(c, class)[i] - halves_of(c, other)[i];
        if (by % WHOLE != 0)
            return false;
        more += by > 0 ? by : 0;
        fewer += by < 0 ? -by : 0;
    }
    return more + fewer > 0 && more <= SLIPS_MAX && fewer <= SLIPS_MAX;
}

/* is_odd - @class has @subject (plus one; 0 = nothing) at @at, and not all of its
 * sisters: nothing, and they all have something. */
static bool is_odd(const struct counts *c, size_t class, struct week_at at,
                   uint32_t subject)
{
    size_t sisters = 0;
    size_t alike = 0;
    size_t taught = 0;
    if (c->w->marks[week_index(class, at)].row == 0
        || week_cell(c->w, class, at).subject != subject)
        return false;
    for (size_t i = 0; i < c->w->c->class_count; i++) {
        const uint32_t its = week_cell(c->w, i, at).subject;
        if (!are_sisters(c, class, i))
            continue;
        sisters++;
        alike += its == subject;
        taught += its > 0;
    }
    return subject > 0 ? alike < sisters : taught == sisters;
}

/* odd_cells - how many, the last one, and their names as the spreadsheet has them. */
static size_t odd_cells(const struct counts *c, size_t class, uint32_t subject,
                        struct week_at *ret, struct strbuf *names)
{
    const struct week_reader *w = c->w;
    bool is_chinese = config_faults_is_chinese(w->src->faults);
    size_t cells = 0;
    for (int weekday = 1; weekday <= TIMETABLE_WEEKDAYS; weekday++)
        for (uint32_t number = 1; number <= TIMETABLE_LESSONS_MAX; number++) {
            const struct week_at at = {weekday, number, false};
            size_t column = 0;
            if (!is_odd(c, class, at, subject))
                continue;
            const struct csv_row *row = week_written(w, class, at, &column);
            const char *path = csv_path(w->src, w->csv, row, column);
            strbuf_format(names, "%s%s",
                          cells == 0   ? ""
                          : is_chinese ? "、"
                                       : ", ",
                          path + strlen(w->csv->name) + 1);
            *ret = at;
            cells++;
        }
    return cells;
}

/* cell_of - the only cell where @class has what @other has less often, or nothing where
 * it has too few lessons.  returns false: there are several, or none */
static bool cell_of(const struct counts *c, size_t class, size_t other,
                    struct week_at *ret)
{
    struct strbuf ignored = {0};
    size_t cells = 0;
    bool has_more = false;
    for (uint32_t i = 0; i < c->w->c->subjects.count; i++) {
        if (halves_of(c, class)[i] <= halves_of(c, other)[i])
            continue;
        cells += odd_cells(c, class, i + 1, ret, &ignored);
        has_more = true;
    }
    if (!has_more)
        cells = odd_cells(c, class, 0, ret, &ignored);
    strbuf_free(&ignored);
    return cells == 1;
}

/* add_number - "2 (C3, S3)": how often @class has @subject (an index), and where, if it
 * is more often than @other has it. */
static void add_number(const struct counts *c, struct strbuf *to, uint32_t subject,
                       size_t class, size_t other)
{
    enum { CELLS_MAX = 4 };
    bool is_chinese = config_faults_is_chinese(c->w->src->faults);
    const uint16_t halves = halves_of(c, class)[subject];
    struct strbuf names = {0};
    struct week_at ignored;
    size_t cells = halves > halves_of(c, other)[subject]
                       ? odd_cells(c, class, subject + 1, &ignored, &names)
                       : 0;
    strbuf_format(to, is_chinese ? "%g 节" : "%g", (double)halves / WHOLE);
    if (cells > 0 && cells <= CELLS_MAX)
        strbuf_format(to, is_chinese ? "（%s）" : " (%s)", names.text ? names.text : "");
    strbuf_free(&names);
}

/* add_subject - "music 1, the others 2"; of a grade of two it is @other that has 2. */
static void add_subject(const struct counts *c, struct strbuf *to, uint32_t subject,
                        size_t class, struct sisters sisters)
{
    bool is_chinese = config_faults_is_chinese(c->w->src->faults);
    const struct gw_text *title = &c->w->c->subjects.items[subject].title;
    const char *id = c->w->c->classes[sisters.first].id;
    if (to->used > 0)
        strbuf_add(to, is_chinese ? "；" : "; ");
    strbuf_format(to, "%s ", is_chinese ? title->zh : title->en);
    add_number(c, to, subject, class, sisters.first);
    if (sisters.count == 1)
        strbuf_format(to, is_chinese ? "，“%s” " : ", '%s' ", id);
    else
        strbuf_add(to, is_chinese ? "，别的班 " : ", the others ");
    add_number(c, to, subject, sisters.first, sisters.count == 1 ? class : sisters.first);
}

static void tell(const struct counts *c, size_t class, struct sisters sisters)
{
    const struct week_reader *w = c->w;
    struct strbuf subjects = {0};
    struct week_at at;
    size_t column = 0;
    const struct csv_row *row = week_row(w, class);
    for (uint32_t i = 0; i < w->c->subjects.count; i++)
        if (halves_of(c, class)[i] != halves_of(c, sisters.first)[i])
            add_subject(c, &subjects, i, class, sisters);
    if (cell_of(c, class, sisters.first, &at))
        row = week_written(w, class, at, &column);
    else if (sisters.count == 1 && cell_of(c, sisters.first, class, &at))
        row = week_written(w, sisters.first, at, &column);
    if (subjects.text && sisters.count == 1)
        week_warning(w, row, column,
                     "class '%s' has other numbers of lessons a week than '%s', and in "
                     "each other grade they are the same: %s (wanted: the same; leave it "
                     "where that is meant)",
                     w->c->classes[class].id, w->c->classes[sisters.first].id,
                     subjects.text);
    else if (subjects.text)
        week_warning(w, row, column,
                     "class '%s' has other numbers of lessons a week than all others of "
                     "its grade: %s (wanted: the same; leave it where that is meant)",
                     w->c->classes[class].id, subjects.text);
    strbuf_free(&subjects);
}

static void check_class(const struct counts *c, size_t class)
{
    const struct sisters sisters = sisters_of(c, class);
    if (sisters.count == 0 || !sisters.are_even || !is_slip(c, class, sisters.first))
        return;
    bool is_second = sisters.count == 1 && sisters.first < class;
    if (sisters.count > 1 || (!is_second && is_by_plan(c, class)))
        tell(c, class, sisters);
}

void timetable_counts(const struct week_reader *w)
{
    const size_t classes = w->c->class_count;
    struct arena *arena = node_passing(w->src);
    struct counts c = {.w = w};
    c.halves =
        arena_alloc(arena, (classes * w->c->subjects.count + 1) * sizeof(*c.halves));
    c.grades = arena_alloc(arena, (classes + 1) * sizeof(*c.grades));
    if (!c.halves || !c.grades)
        return;
    for (size_t class = 0; class < classes; class ++)
        count(&c, class);
    for (size_t class = 0; class < classes; class ++)
        check_class(&c, class);
}
