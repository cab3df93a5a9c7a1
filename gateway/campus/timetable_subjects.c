/* timetable_subjects.c - subjects that a class has, or lacks, and hardly should. */
#include "campus/names.h"
#include "campus/timetable_read.h"

/* check_subject - of a cell that was filled to the right, told once a class: no day has
 * one subject alone. */
static void check_subject(const struct week_reader *w, size_t class)
{
    enum { OF_A_DAY_MIN = 5 };
    for (int weekday = 1; weekday <= TIMETABLE_WEEKDAYS; weekday++) {
        uint32_t count = 0;
        struct week_at last = {weekday, 1, false};
        bool is_one = true;
        for (uint32_t number = 1; number <= TIMETABLE_LESSONS_MAX; number++) {
            const struct week_at at = {weekday, number, false};
            uint32_t subject = week_cell(w, class, at).subject;
            if (subject == 0)
                continue;
            is_one &= count == 0 || subject == week_cell(w, class, last).subject;
            last = at;
            count++;
        }
        if (!is_one || count < OF_A_DAY_MIN)
            continue;
        size_t column = 0;
        const struct csv_row *row = week_written(w, class, last, &column);
        bool is_chinese = config_faults_is_chinese(w->src->faults);
        week_warning(w, row, column,
                     "class '%s' is taught nothing else on %s (wanted: several "
                     "subjects)",
                     w->c->classes[class].id, name_of_weekday(weekday, is_chinese));
        return;
    }
}

/* count_of - how often @subject is in the week of @class, and where last. */
static size_t count_of(const struct week_reader *w, size_t class, uint32_t subject,
                       struct week_at *ret)
{
    size_t count = 0;
    for (int weekday = 1; weekday <= TIMETABLE_WEEKDAYS; weekday++)
        for (uint32_t number = 1; number <= TIMETABLE_LESSONS_MAX; number++) {
            struct week_at at = {weekday, number, false};
            if (week_cell(w, class, at).subject != subject + 1)
                at.is_even = true;
            if (week_cell(w, class, at).subject != subject + 1)
                continue;
            *ret = at;
            count++;
        }
    return count;
}

/* has_other - another class of the grade of @class has more than a few lessons. */
static bool has_other(const struct week_reader *w, size_t class)
{
    const int grade = name_grade(w->c->classes[class].title.zh);
    for (size_t i = 0; i < w->c->class_count; i++)
        if (i != class && name_grade(w->c->classes[i].title.zh) == grade
            && week_lessons(w, i) >= WEEK_LESSONS_MIN)
            return true;
    return false;
}

/* check_lone - a subject once in the week of @class that no class of its grade and the
 * grades beside in its stage has: physics in the first year. */
static void check_lone(const struct week_reader *w, size_t class, uint32_t subject)
{
    struct week_at at;
    size_t column = 0;
    if (name_grade(w->c->classes[class].title.zh) == 0
        || count_of(w, class, subject, &at) != 1 || !has_other(w, class)
        || subject_is_near(w->c, class, subject, 1))
        return;
    const struct csv_row *row = week_written(w, class, at, &column);
    week_warning(
        w, row, column,
        "no class of the grade of '%s' or the grades beside in its stage has this "
        "subject (wanted: another subject; leave it where that is meant)",
        w->c->classes[class].id);
}

void timetable_subjects(const struct week_reader *w)
{
    for (size_t class = 0; class < w->c->class_count; class ++)
        check_subject(w, class);
    for (uint32_t subject = 0; subject < w->c->subjects.count; subject++)
        for (size_t class = 0; class < w->c->class_count; class ++)
            check_lone(w, class, subject);
}

/* check_missing - @subject, of which class @class has nothing all week, and all others of
 * its grade and the grades beside have a lesson. */
static void check_missing(const struct week_reader *w, size_t class, uint32_t subject)
{
    enum { OTHERS_MIN = 5, BESIDE = 1 };
    const struct gw_class *own = &w->c->classes[class];
    const struct gw_text *title = &w->c->subjects.items[subject].title;
    const int grade = name_grade(own->title.zh);
    size_t others = 0;
    for (size_t i = 0; i < w->c->class_count; i++) {
        const struct gw_class *other = &w->c->classes[i];
        const int its = name_grade(other->title.zh);
        if (i == class || other->stage != own->stage || its - grade > BESIDE
            || grade - its > BESIDE)
            continue;
        if (!subject_is_taught(w->c, i, subject))
            return;
        others++;
    }
    if (others >= OTHERS_MIN)
        week_warning(w, week_row(w, class), 0,
                     "class '%s' has no lesson of '%s', which all others of its grade "
                     "and the grades beside have (wanted: a lesson of it; leave it "
                     "where that is meant)",
                     own->id,
                     config_faults_is_chinese(w->src->faults) ? title->zh : title->en);
}

void timetable_missing(const struct week_reader *w)
{
    for (size_t class = 0; class < w->c->class_count; class ++) {
        if (name_grade(w->c->classes[class].title.zh) == 0
            || week_lessons(w, class) < WEEK_LESSONS_MIN)
            continue;
        for (uint32_t subject = 0; subject < w->c->subjects.count; subject++)
            if (!subject_is_taught(w->c, class, subject))
                check_missing(w, class, subject);
    }
}
